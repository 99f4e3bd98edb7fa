"""A shop as a story sees it, whatever stands behind: what it holds, and acts behind its back.

What it holds is read from its own database, not through the code under test; the price that a
visitor pays is asked of the webservice, which computes it as the front does.

    [shoe] = front.products(["F01-1001"])
    shoe.names["fr"], shoe.variants[0].stock
    front.change_price(shoe.id, Decimal("1.000000"))     # as SQL by a stranger would
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import requests
from lxml import etree

TIMEOUT = 60


@dataclass(frozen=True)
class SeenVariant:
    """One combination as the shop holds it; `impact` is without tax, `values` in French.

    stock_row is the id of the row of stock_availables that holds its stock.
    """

    id: int
    reference: str
    ean: str
    impact: Decimal
    values: frozenset[str]
    stock: int
    stock_row: int


@dataclass(frozen=True)
class SeenProduct:
    """One product as the shop holds it.

    Args:
        id: PrestaShop's.
        reference: The article's.
        ean: Empty for none.
        active: Whether a visitor sees it.
        names, descriptions, slugs: By the language's ISO code.
        price: Without tax.
        tax_rate: Percent, in the shop's country.
        brand: Name of the manufacturer, None for none.
        default_category: Id of the category.
        categories: Ids of all its categories.
        images: Ids, in order of position.
        cover: Id of the cover image, None for none.
        stock: Of the product's own row: for one with variants, their sum.
        stock_row: Id of that row.
        variants: By id.
    """

    id: int
    reference: str
    ean: str
    active: bool
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    slugs: Mapping[str, str]
    price: Decimal
    tax_rate: Decimal
    brand: str | None
    default_category: int
    categories: frozenset[int]
    images: tuple[int, ...]
    cover: int | None
    stock: int
    stock_row: int
    variants: tuple[SeenVariant, ...]


@dataclass(frozen=True)
class SeenCategory:
    """One category: its parent's id and its names by ISO code."""

    id: int
    parent: int
    names: Mapping[str, str]


@dataclass(frozen=True)
class SeenOrder:
    """An order as the shop holds it; amounts with tax but for one."""

    id: int
    reference: str
    state: int
    paid: Decimal
    paid_without_tax: Decimal
    shipping: Decimal
    carrier: str


class Shopfront(ABC):
    """One shop that a story may do anything to.

    Args:
        url: Its address.
        key: A webservice key with every permission.
    """

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    # --- what it holds -----------------------------------------------------------------------

    @abstractmethod
    def products(self, references: Collection[str]) -> list[SeenProduct]:
        """Return every product that has one of these references, by id."""

    @abstractmethod
    def categories(self) -> dict[int, SeenCategory]:
        """Return all categories by id."""

    @abstractmethod
    def languages(self) -> Mapping[str, int]:
        """Return the ids of the languages by ISO code."""

    @abstractmethod
    def home(self) -> int:
        """Return the id of the category under which the shop's own begin."""

    @abstractmethod
    def order(self, order_id: int) -> SeenOrder:
        """Return one order."""

    # --- what strangers do -------------------------------------------------------------------

    @abstractmethod
    def change_price(self, product_id: int, price: Decimal) -> None:
        """Set a product's price without tax by SQL."""

    @abstractmethod
    def change_stock(self, product_id: int, combination_id: int, quantity: int) -> None:
        """Set one stock row by SQL."""

    @abstractmethod
    def change_description(self, product_id: int, iso: str, html: str) -> None:
        """Set a product's description in one language by SQL."""

    @abstractmethod
    def rename_category(self, category_id: int, iso: str, name: str) -> None:
        """Set a category's name in one language by SQL."""

    # --- for whoever buys --------------------------------------------------------------------

    @abstractmethod
    def carrier(self) -> int:
        """Return the id of a carrier that takes money."""

    @abstractmethod
    def shipping(self) -> Decimal:
        """Return what that carrier costs, with tax, as far as the shop adds it to a cart itself."""

    @abstractmethod
    def placed(self, order_id: int) -> None:
        """Do to a new order what the shop would and does not: see the simulated one."""

    @abstractmethod
    def clear_away(self, references: Collection[str]) -> None:
        """Delete what an earlier run left in the shop: the products of these references."""

    # --- the webservice ----------------------------------------------------------------------

    def ask(self, method: str, path: str, body: str = "") -> "etree._Element":
        """Send one request past the proxy; return the answer's root.

        Raises:
            requests.HTTPError: the shop did not do it.
        """
        answer = requests.request(
            method, f"{self.url}/api/{path}", data=body.encode(), auth=(self.key, ""),
            timeout=TIMEOUT,
        )  # fmt: skip
        answer.raise_for_status()
        return etree.fromstring(answer.content or b"<prestashop/>")

    def version(self) -> str:
        """Return the version that the webservice names."""
        url = f"{self.url}/api/languages?display=[id]"
        answer = requests.get(url, auth=(self.key, ""), timeout=TIMEOUT)
        return answer.headers["PSWS-Version"]

    def prices(self, product_id: int, combinations: Sequence[int]) -> dict[int, Decimal]:
        """Return what a visitor pays, with tax, as the webservice computes it, 6 places.

        Args:
            product_id: The product.
            combinations: Their ids; 0 for the product itself.
        """
        wishes = "".join(
            f"&price[p{one}][use_tax]=1&price[p{one}][decimals]=6"
            f"&price[p{one}][product_attribute]={one}"
            for one in combinations
        )
        names = ",".join(f"p{one}" for one in combinations)
        root = self.ask("GET", f"products/{product_id}?display=[id,{names}]{wishes}")
        texts = {one: root.findtext(f".//p{one}") or "" for one in combinations}
        return {one: Decimal(text) for one, text in texts.items()}
