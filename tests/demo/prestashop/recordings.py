"""Recorded answers of a real PrestaShop 8.2.1, read for comparison; they lie beside the project.

Where they are absent a test that asks for them is skipped, but in CI it fails: there they must be.
"""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

HREF = "{http://www.w3.org/1999/xlink}href"
FOLDER = Path(__file__).parents[3].parent / "shared" / "prestashop-recordings" / "8.2.1"


@dataclass(frozen=True)
class Recording:
    """One request and its recorded answer.

    Args:
        target: Path and query as sent, after `/api/`.
        request: The body that was sent; empty when it was not kept.
    """

    name: str
    method: str
    target: str
    status: int
    content_type: str | None
    body: bytes
    request: bytes


def require() -> None:
    """Skip the test when the recordings are absent; fail in CI."""
    if FOLDER.is_dir():
        return
    reason = f"no recorded answers at {FOLDER}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def index() -> dict[str, Recording]:
    """Return all recordings by name; empty when they are absent."""
    if not FOLDER.is_dir():
        return {}
    entries = json.loads((FOLDER / "index.json").read_text("utf-8"))
    return {name: _read(name, entry) for name, entry in entries.items()}


def _read(name: str, entry: dict[str, object]) -> Recording:
    headers = entry["headers"]
    assert isinstance(headers, list)
    types = [value for key, value in headers if key.lower() == "content-type"]
    raw = (FOLDER / name).read_bytes() if (FOLDER / name).exists() else b""
    if name.endswith(".http"):
        raw = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    stem = name.rsplit(".", 1)[0]
    bodies = [FOLDER / f"{stem}.request.{end}" for end in ("xml", "bin")]
    sent = next((one.read_bytes() for one in bodies if one.exists()), b"")
    return Recording(
        name=name,
        method=str(entry["method"]),
        target=str(entry["url"]).removeprefix("/api/"),
        status=int(str(entry["status"])),
        content_type=types[0] if types else None,
        body=raw,
        request=sent,
    )


def error_codes(body: bytes) -> list[int]:
    """Return the codes of an error answer, PHP's warnings (3 and 11) each once."""
    if not body.lstrip().startswith(b"<?xml"):
        return []
    found = [int(code) for code in re.findall(rb"<code><!\[CDATA\[(\d+)\]\]></code>", body)]
    return [
        code for rank, code in enumerate(found) if code not in {3, 11} or code not in found[:rank]
    ]


Shape = tuple[str, tuple[tuple[str, str], ...], tuple["Shape", ...]]


def shape(node: etree._Element, links: bool = True) -> Shape:
    """Return the names and attributes of a node and all below, without values.

    Args:
        node: Where to begin.
        links: Whether to keep the addresses, without the server's name.
    """
    attributes = []
    for name, value in node.attrib.items():
        if name != HREF:
            attributes.append((str(name), str(value)))
        elif links:
            attributes.append((str(name), str(value).partition("/api/")[2]))
    children = tuple(shape(child, links) for child in node.iterchildren(tag=etree.Element))
    return str(node.tag), tuple(attributes), children


def field_names(entity: etree._Element) -> list[tuple[str, str]]:
    """Return the names of an entity's fields with what the schema says beside, in order."""
    return [
        (str(node.tag), node.get("notFilterable") or "")
        for node in entity.iterchildren(tag=etree.Element)
    ]


def list_shapes(entity: etree._Element) -> dict[str, Shape]:
    """Return the associations of an entity by name: their attributes and first row."""
    found = {}
    for one in entity.iterfind("associations/*"):
        rows = [shape(row, links=False) for row in one.iterchildren(tag=etree.Element)]
        attributes = tuple((str(name), str(value)) for name, value in one.attrib.items())
        found[str(one.tag)] = (str(one.tag), attributes, tuple(rows[:1]))
    return found
