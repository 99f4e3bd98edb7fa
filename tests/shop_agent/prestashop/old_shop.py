"""A shop before PrestaShop 8: no PATCH, and a PUT empties whatever it leaves out.

Rules: entities are kept as XML, so that fields nobody knows of survive or are lost as they would
be; a batch stops at its first error and keeps what it wrote; a save moves `date_upd`; associations
that are absent are kept. A price with a comma is refused (85), `manufacturer_name`, `quantity` and
`position_in_category` of a product too (93, 135).

    old = OldShop("products", {7: "<price>1</price><ean13>376</ean13>"})
    with StubShop(old) as stub, stub.open(version="1.7.8.11") as shop: ...
    old.text(7, "price")
"""

from collections.abc import Callable, Mapping

from lxml import etree

from shop_agent.prestashop.resources import get_resource
from tests.shop_agent.prestashop.stub_shop import HTML_HEADERS, Reply, Seen, entities, errors

_REFUSED = {
    "manufacturer_name": (400, 93),
    "quantity": (400, 93),
    "position_in_category": (500, 135),
}


class OldShop:
    """One resource's entities.

    Args:
        resource: Its name.
        rows: Their content as XML, by id, without the id.
        version: What it says it is.
        between: Done after each reading, before anything else: what others do meanwhile.
        unreadable: Ids that no reading may hold.
    """

    def __init__(
        self,
        resource: str,
        rows: Mapping[int, str],
        *,
        version: str = "1.7.8.11",
        between: Callable[["OldShop"], None] = lambda shop: None,
        unreadable: frozenset[int] = frozenset(),
    ) -> None:
        self.batches: list[int] = []
        self.bodies: list[bytes] = []
        self.verbs: list[str] = []
        self._kind = get_resource(resource)
        self._headers = {"Content-Type": "text/xml;charset=utf-8", "PSWS-Version": version}
        self._between = between
        self._unreadable = unreadable
        self.rows = {
            key: etree.fromstring(f"<{self._kind.node}><id>{key}</id>{inside}</{self._kind.node}>")
            for key, inside in rows.items()
        }

    def text(self, key: int, path: str) -> str:
        """Return the text at a path in one entity, empty when it is not there."""
        return self.rows[key].findtext(path) or ""

    def set(self, key: int, path: str, text: str) -> None:
        """Change one text, as a person does in the back office."""
        node = self.rows[key].find(path)
        assert node is not None
        node.text = text

    def __call__(self, seen: Seen) -> Reply:
        self.verbs.append(seen.verb)
        if seen.verb == "GET":
            reply = self._list(seen)
            self._between(self)
            return reply
        if seen.verb != "PUT":
            return self._say(405, errors(23))
        self.bodies.append(seen.body)
        sent = list(etree.fromstring(seen.body))
        self.batches.append(len(sent))
        return self._put(sent, mails=seen.query.get("sendemail") == "1")

    def _list(self, seen: Seen) -> Reply:
        wanted = {int(one) for one in seen.query["filter[id]"].strip("[]").split("|")}
        if wanted & self._unreadable:
            return self._say(500, errors(3))
        found = "".join(
            etree.tostring(row, encoding="unicode")
            for key, row in self.rows.items()
            if key in wanted
        )
        return self._say(200, entities(f"<{self._kind.plural}>{found}</{self._kind.plural}>"))

    def _put(self, sent: list[etree._Element], *, mails: bool) -> Reply:
        done = []
        for node in sent:
            key = int(node.findtext("id") or 0)
            if key not in self.rows:
                return self._say(404, errors(92))
            for name, (status, code) in _REFUSED.items():
                if self._kind.name == "products" and node.find(name) is not None:
                    return self._say(status, errors(code, message=f'parameter "{name}"'))
            if "," in (node.findtext("price") or ""):
                return self._say(400, errors(85, message="Property Product->price is not valid"))
            if node.findtext("reference") == "crash":
                return Reply(500, "", HTML_HEADERS)
            kept = self.rows[key].find("associations")
            if node.find("associations") is None and kept is not None:
                node.append(kept)
            if node.find("date_upd") is not None:
                node.find("date_upd").text = "2026-11-24 12:00:00"  # type: ignore[union-attr] # just found
            self.rows[key] = node
            done.append(etree.tostring(node, encoding="unicode"))
        self.mails = mails
        return self._say(200, entities("".join(done)))

    def _say(self, status: int, body: str) -> Reply:
        return Reply(status, body, self._headers)
