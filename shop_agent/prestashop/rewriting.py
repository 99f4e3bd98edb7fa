"""Changes as whole entities, for versions without PATCH: what was just read, with what is wanted.

A PUT empties every field that it leaves out. So the entity is read raw, only the wanted fields are
replaced in it, and it goes back whole: fields we know nothing of, every language, ends of lines.

Rules: pure; what a PUT refuses is left out; so are associations, which the shop keeps when they
are absent, except those that are written; an entity that changed since the plan was made, or that
is gone, is not sent and does not keep the others.

    raws = parse_raw(answer.body, "products")                    # {7: <product>…}
    sending = rewritten("products", writes, raws, able, read_at=12.5)
    sending.body, sending.set_aside                              # b"<prestashop>…", {8: error}
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from protocol.errors import ComptoirError
from shop_agent.prestashop.entities import FieldValue, Write
from shop_agent.prestashop.errors import ChangedMeanwhileError, EntityGoneError
from shop_agent.prestashop.resources import get_resource
from shop_agent.prestashop.versions import Capabilities
from shop_agent.prestashop.xml import render_associations, render_text

#: Stands in for a date that PrestaShop stores as none and then refuses (85).
_SOME_DATE = "2000-01-01 00:00:00"
_NO_DATE = "0000-00-00"


@dataclass(frozen=True)
class Sending:
    """One request that writes, ready to go.

    Args:
        verb: As PrestaShop gets it.
        resource: What is written.
        writes: What it carries, in order.
        body: Its XML.
        set_aside: By id, why an entity is not in it: gone, or changed since it was planned.
        read_at: For a rewriting, when the re-reading was asked: seconds of the client's clock.
    """

    verb: Literal["POST", "PUT", "PATCH"]
    resource: str
    writes: tuple[Write, ...]
    body: bytes
    set_aside: Mapping[int, ComptoirError] = field(default_factory=dict)
    read_at: float | None = None


@dataclass
class RewriteTimes:
    """How long rewritings were open to others' changes: from asking to the PUT's answer, seconds.

    What a person saves in the shop in between, in the same entity, is lost.
    """

    count: int = 0
    total_seconds: float = 0.0
    longest_seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Count one rewriting."""
        self.count += 1
        self.total_seconds += seconds
        self.longest_seconds = max(self.longest_seconds, seconds)


def rewritten(
    resource: str,
    writes: Sequence[Write],
    raws: Mapping[int, etree._Element],
    able: Capabilities,
    read_at: float,
) -> Sending:
    """Return the PUT that makes these changes to entities just read.

    Args:
        resource: What is written.
        writes: Changes, each with its id; no id twice.
        raws: The entities as read, by id.
        able: What the shop's version can do.
        read_at: When they were asked for.
    """
    root = etree.Element("prestashop")
    sent: list[Write] = []
    set_aside: dict[int, ComptoirError] = {}
    for write in writes:
        raw = raws.get(write.id or 0)
        problem = _problem(resource, write, raw, able)
        if problem is not None:
            set_aside[write.id or 0] = problem
        elif raw is not None:
            root.append(merge(resource, raw, write, able))
            sent.append(write)
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return Sending("PUT", resource, tuple(sent), body, set_aside, read_at)


def merge(resource: str, raw: etree._Element, write: Write, able: Capabilities) -> etree._Element:
    """Return an entity as just read, with the wanted fields and associations in their place."""
    kind, place = get_resource(resource), write.place(resource)
    node = deepcopy(raw)
    node.tail = None
    unwanted = able.left_out(resource) - set(write.fields) | {"associations"}
    unless_filled = able.left_out_empty(resource) - set(write.fields)
    for child in list(node):
        if child.tag in unwanted or (child.tag in unless_filled and not child.text):
            node.remove(child)
    for name, value in write.fields.items():
        _replace(node, name, value, place)
    if resource == "configurations":
        _give_dates(node)
    if write.associations:
        render_associations(etree.SubElement(node, "associations"), kind, write, place)
    return node


def _problem(
    resource: str, write: Write, raw: etree._Element | None, able: Capabilities
) -> ComptoirError | None:
    if raw is None:
        return EntityGoneError(place=write.place(resource), reason="not in the list")
    found = raw.findtext("date_upd") or ""
    dated = bool(found) and resource not in able.undated
    if write.planned_on and dated and found != write.planned_on:
        return ChangedMeanwhileError(
            place=write.place(resource), planned=write.planned_on, found=found
        )
    return None


def _replace(node: etree._Element, name: str, value: FieldValue, place: str) -> None:
    """Put a value in; languages that are not named stay as they were read."""
    child = node.find(name)
    if child is None:
        child = etree.SubElement(node, name)
    if isinstance(value, str):
        for inner in list(child):
            child.remove(inner)
        render_text(child, value, place, name)
        return
    there = {lang.get("id"): lang for lang in child.iter("language")}
    child.text = None
    for lang, text in value.items():
        part = there.get(str(lang))
        if part is None:
            part = etree.SubElement(child, "language", id=str(lang))
        render_text(part, text, place, name)


def _give_dates(node: etree._Element) -> None:
    """Replace dates that are none: PrestaShop refuses those it stored itself."""
    for name in ("date_add", "date_upd"):
        if (node.findtext(name) or _NO_DATE).startswith(_NO_DATE):
            _replace(node, name, _SOME_DATE, "configurations")
