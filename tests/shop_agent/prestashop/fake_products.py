"""A shop of products that fails as PrestaShop does: at the first error, without saying where.

Rules: an item's fate is written in its `mpn`: `refused`, `crash` (nothing written, empty 500),
`crash_after` (written, then the empty 500), `warn` (written, and the whole answer is lost in PHP
warnings), `hang` and `hang_after` (the connection ends without a word). Anything else is written.

    fake = FakeProducts({1: {"price": "1"}})
    with StubShop(fake) as stub, stub.open() as shop: ...
    fake.rows[1]["price"]
"""

import re
from collections.abc import Callable, Mapping

from lxml import etree

from tests.shop_agent.prestashop.stub_shop import (
    HTML_HEADERS,
    Reply,
    Seen,
    entities,
    errors,
)

Fields = dict[str, str]
_CRASH = Reply(500, "", HTML_HEADERS)
_HANG = Reply(hang_up=True)


class FakeProducts:
    """The products, by id, and how often each request came.

    Args:
        rows: The products at the start.
        rewrite: What the shop makes of an item before it stores it.
        most: The most entities of one body; more is a 413.
        blind: The readings that fail.
    """

    def __init__(
        self,
        rows: Mapping[int, Fields],
        rewrite: Callable[[Fields], Fields] = dict,
        most: int = 500,
        blind: bool = False,
    ) -> None:
        self.rows = {key: dict(fields) for key, fields in rows.items()}
        self.batches: list[int] = []
        self._rewrite = rewrite
        self._most = most
        self._blind = blind

    def __call__(self, seen: Seen) -> Reply:
        if seen.verb == "GET":
            return Reply(500, errors(3)) if self._blind else self._list(seen.query)
        sent = [_fields(node) for node in etree.fromstring(seen.body)]
        self.batches.append(len(sent))
        if len(sent) > self._most:
            return Reply(413, "<html>too large", HTML_HEADERS)
        return self._write(sent)

    def _list(self, query: Mapping[str, str]) -> Reply:
        found = self.rows
        for name, passing in query.items():
            field = re.fullmatch(r"filter\[(\w+)\]", name)
            if field:
                wanted = passing.strip("[]").split("|")
                found = {
                    key: row
                    for key, row in found.items()
                    if (str(key) if field[1] == "id" else row.get(field[1], "")) in wanted
                }
        return Reply(200, entities(f"<products>{_nodes(found)}</products>"))

    def _write(self, sent: list[Fields]) -> Reply:
        done: dict[int, Fields] = {}
        warned = False
        for fields in sent:
            fate = fields.get("mpn", "")
            given = fields.pop("id", None)
            if given is not None and int(given) not in self.rows:
                return Reply(404, errors(92))
            if fate == "refused":
                return Reply(400, errors(85, message="Property Product-&gt;mpn is not valid"))
            if fate in ("crash", "hang"):
                return _CRASH if fate == "crash" else _HANG
            key = int(given) if given else max(self.rows, default=0) + 1
            self.rows[key] = {**self.rows.get(key, {}), **self._rewrite(fields)}
            done[key] = self.rows[key]
            warned = warned or fate == "warn"
            if fate in ("crash_after", "hang_after"):
                return _CRASH if fate == "crash_after" else _HANG
        return Reply(500, errors(11, 11)) if warned else Reply(200, entities(_nodes(done)))


def _fields(node: etree._Element) -> Fields:
    return {str(child.tag): child.text or "" for child in node}


def _nodes(rows: Mapping[int, Fields]) -> str:
    root = etree.Element("products")
    for key, fields in rows.items():
        node = etree.SubElement(root, "product")
        for name, value in {"id": str(key), **fields}.items():
            etree.SubElement(node, name).text = value
    return "".join(etree.tostring(node, encoding="unicode") for node in root)
