"""Recorded answers of real shops of four versions, for comparison; they lie beside the project.

Where they are absent a test that asks for them is skipped, but in CI it fails: there they must be.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

HREF = "{http://www.w3.org/1999/xlink}href"
ROOM = Path(__file__).parents[3].parent / "shared" / "prestashop-recordings"
DEFAULT = "8.2.1"
_RESPONSE = b"######## RESPONSE\r\n"


@dataclass(frozen=True)
class Recording:
    """One request and its recorded answer.

    Args:
        target: Path and query as sent, after `/api/`.
        request: The body that was sent; empty when it was not kept.
        sent: The headers that were sent, by lower-case name, where they were kept.
        headers: The headers of the answer, by lower-case name.
    """

    name: str
    method: str
    target: str
    status: int
    content_type: str | None
    body: bytes
    request: bytes
    sent: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def require(version: str = DEFAULT) -> None:
    """Skip the test when the recordings are absent; fail in CI."""
    if (ROOM / version).is_dir():
        return
    reason = f"no recorded answers at {ROOM / version}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def index(version: str = DEFAULT) -> dict[str, Recording]:
    """Return all recordings of a version by name; empty when they are absent."""
    folder = ROOM / version
    if not folder.is_dir():
        return {}
    entries: Any = json.loads((folder / "index.json").read_text("utf-8"))
    if isinstance(entries, dict):
        return {name: _read_flat(folder, name, entry) for name, entry in entries.items()}
    return {entry["file"]: _read_nested(folder, entry) for entry in entries}


def _read_flat(folder: Path, name: str, entry: Mapping[str, Any]) -> Recording:
    headers = {key.lower(): value for key, value in entry["headers"]}
    raw = (folder / name).read_bytes() if (folder / name).exists() else b""
    if name.endswith(".http"):
        raw = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    stem = name.rsplit(".", 1)[0]
    bodies = [folder / f"{stem}.request.{end}" for end in ("xml", "bin")]
    sent = next((one.read_bytes() for one in bodies if one.exists()), b"")
    return Recording(
        name=name,
        method=str(entry["method"]),
        target=str(entry["url"]).removeprefix("/api/"),
        status=int(entry["status"]),
        content_type=headers.get("content-type"),
        body=raw,
        request=sent,
        headers=headers,
    )


def _read_nested(folder: Path, entry: Mapping[str, Any]) -> Recording:
    """Read a recording of an old version: a body alone, or request and answer in one file."""
    raw = (folder / entry["file"]).read_bytes()
    sent: Mapping[str, str] = {}
    headers: Mapping[str, str] = {
        key.lower(): value for key, value in entry.get("headers", {}).items()
    }
    request, body = b"", raw
    if entry["file"].endswith(".http"):
        asked, _, answered = raw.partition(_RESPONSE)
        head, _, request = asked.partition(b"\r\n\r\n")
        sent, request = _headers(head), request.removesuffix(b"\r\n\r\n")
        head, _, body = answered.partition(b"\r\n\r\n")
        headers = _headers(head)
    return Recording(
        name=entry["file"],
        method=str(entry["method"]),
        target=str(entry["path"]).removeprefix("/api/"),
        status=int(entry["status"]),
        content_type=headers.get("content-type"),
        body=body,
        request=request,
        sent=sent,
        headers=headers,
    )


def _headers(head: bytes) -> Mapping[str, str]:
    lines = head.decode("latin-1").splitlines()[1:]
    pairs = [line.partition(": ") for line in lines]
    return {name.lower(): value for name, _, value in pairs}


def error_codes(body: bytes) -> list[int]:
    """Return the codes of an error answer, PHP's warnings (3 and 11) each once."""
    if not body.lstrip().startswith(b"<?xml"):
        return []
    found = [int(code) for code in re.findall(rb"<code><!\[CDATA\[(\d+)\]\]></code>", body)]
    return [
        code for rank, code in enumerate(found) if code not in {3, 11} or code not in found[:rank]
    ]


def refused_property(body: bytes) -> str:
    """Return what the codes 84 and 85 say of: `Product-&gt;name`, escaped or not; or nothing."""
    found = re.search(rb"property ([\w]+-(?:>|&gt;)\w+)", body, re.IGNORECASE)
    return found[1].decode() if found else ""


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


def same_entity(ours: etree._Element, theirs: etree._Element) -> None:
    """Assert that two entities have the same fields, associations and links."""
    assert ours.tag == theirs.tag
    assert field_names(ours) == field_names(theirs)
    our_lists, their_lists = list_shapes(ours), list_shapes(theirs)
    assert list(our_lists) == list(their_lists)
    for name, (_, attributes, rows) in their_lists.items():
        assert our_lists[name][1] == attributes
        if rows and our_lists[name][2]:
            assert our_lists[name][2] == rows
    for our, their in zip(ours, theirs, strict=True):
        _same_link(our, their)


def _same_link(ours: etree._Element, theirs: etree._Element) -> None:
    """Assert that where both have a value, both link to the same resource or neither links."""
    our, their = ours.get(HREF), theirs.get(HREF)
    if our and their:
        assert our.partition("/api/")[2].split("/")[0] == their.partition("/api/")[2].split("/")[0]
    elif ours.text not in {None, "", "0"} and theirs.text not in {None, "", "0"}:
        assert our == their


def same_rows(ours: etree._Element, theirs: etree._Element) -> None:
    """Assert that two lists of ids hold nodes of the same name and attributes."""
    assert ours.tag == theirs.tag
    for our, their in zip(ours, theirs, strict=False):
        assert (our.tag, list(our.attrib)) == (their.tag, list(their.attrib))


def json_differences(ours: Any, theirs: Any, place: str = "") -> list[str]:
    """Return where two JSON values differ in names or kinds; null goes with any kind.

    Of lists, the first elements are compared, where both have one.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = [f"{place}/{name}" for name in set(ours) ^ set(theirs)]
        for name in set(ours) & set(theirs):
            found += json_differences(ours[name], theirs[name], f"{place}/{name}")
        return sorted(found)
    if isinstance(ours, list) and isinstance(theirs, list):
        return json_differences(ours[0], theirs[0], f"{place}[]") if ours and theirs else []
    if ours is None or theirs is None or type(ours) is type(theirs):
        return []
    return [f"{place}: {type(ours).__name__}, not {type(theirs).__name__}"]
