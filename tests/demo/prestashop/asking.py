"""Asks a simulated shop without a socket, and reads its answers.

ask = Asker(shop)
answer = ask("PATCH", "products", "<product><id>1</id><price>9</price></product>")
answer.status, answer.codes, answer.value("product/price")
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from demo.prestashop import Shop
from demo.prestashop.answers import Request, parse_target

KEY = "SIMULATEDSHOPKEY0000000000000001"
ENVELOPE = '<?xml version="1.0" encoding="UTF-8"?><prestashop>{}</prestashop>'


def login(key: str) -> dict[str, str]:
    """Return the header that bears a key."""
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


@dataclass(frozen=True)
class Answered:
    """An answer with ways to look into it."""

    status: int
    content_type: str | None
    body: bytes
    headers: Mapping[str, str]

    @property
    def tree(self) -> etree._Element:
        """The XML's root."""
        return etree.fromstring(self.body)

    @property
    def codes(self) -> list[int]:
        """The codes of the errors, in order."""
        if not self.body:
            return []
        return [int(code.text or "0") for code in self.tree.iterfind("errors/error/code")]

    @property
    def message(self) -> str:
        """The text of the first error."""
        return self.tree.findtext("errors/error/message") or ""

    def value(self, path: str) -> str:
        """Return the text of the first node at a path, below the root."""
        found = self.tree.find(path)
        assert found is not None, path
        return found.text or ""

    def values(self, path: str) -> list[str]:
        """Return the texts of all nodes at a path."""
        return [node.text or "" for node in self.tree.iterfind(path)]

    @property
    def json(self) -> Any:
        """The answer read as JSON."""
        return json.loads(self.body)


class Asker:
    """Sends requests to a shop in this process.

    Args:
        shop: The shop.
        key: The key to bear; empty for none.
    """

    def __init__(self, shop: Shop, key: str = KEY) -> None:
        self._shop = shop
        self._headers = login(key) if key else {}

    def __call__(
        self,
        method: str,
        path: str,
        body: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send one request; a text body is put into the usual envelope."""
        data = body if isinstance(body, bytes) else ENVELOPE.format(body).encode()
        where, pairs = parse_target(f"/api/{path}")
        wanted = dict(pairs).get("ps_method") or method
        sent = {**self._headers, **(headers or {})}
        request = Request(wanted, where, pairs, sent, data, "http://shop.test/api/", method)
        answer = self._shop.handle(request)
        return Answered(answer.status, answer.content_type, answer.body, dict(answer.headers))

    def get(self, path: str) -> Answered:
        """Send a GET."""
        return self("GET", path)

    def new_id(self, resource: str, body: str) -> int:
        """Add one entity and return its id."""
        answer = self("POST", resource, body)
        assert answer.status == 201, answer.body
        return int(answer.value("*/id"))


def texts(text: str, french: str | None = None) -> str:
    """Return language nodes: one text in both languages, or one each."""
    second = text if french is None else french
    return f'<language id="1">{text}</language><language id="2">{second}</language>'


def product_xml(reference: str = "SHOE", price: str = "10", more: str = "") -> str:
    """Return a complete product in the category Home."""
    return (
        f"<product><reference>{reference}</reference><price>{price}</price><active>1</active>"
        "<state>1</state><available_for_order>1</available_for_order><show_price>1</show_price>"
        "<minimal_quantity>1</minimal_quantity><id_category_default>2</id_category_default>"
        f"<id_tax_rules_group>1</id_tax_rules_group><name>{texts('Shoe', 'Chaussure')}</name>{more}"
        "<associations><categories><category><id>2</id></category></categories></associations>"
        "</product>"
    )


def combination_xml(product: int, reference: str = "", more: str = "") -> str:
    """Return a combination of a product."""
    return (
        f"<combination><id_product>{product}</id_product><reference>{reference}</reference>"
        f"<minimal_quantity>1</minimal_quantity>{more}</combination>"
    )
