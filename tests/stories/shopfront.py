"""A shop as a story sees it, whatever stands behind: what it holds, and acts behind its back.

What it holds is read from its own database, not through the code under test; the price that a
visitor pays is asked of the webservice, which computes it as the front does.

    [shoe] = front.products(["F01-1001"])
    shoe.names["fr"], shoe.variants[0].stock
    front.change_price(shoe.id, Decimal("1.000000"))     # as SQL by a stranger would
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import cast

import requests
from lxml import etree

TIMEOUT = 60
_PRODUCT_LINK = re.compile(r"/(\d+)-[^\"/]*\.html|[?&;]id_product=(\d+)")


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
        out_of_stock: Whether it may be ordered at 0: 0 no, 1 yes, 2 as the shop says.
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
    out_of_stock: int
    variants: tuple[SeenVariant, ...]


@dataclass(frozen=True)
class SeenReduction:
    """One specific price as the shop holds it; a fixed price is without tax, -1 for none."""

    combination: int
    group: int
    from_quantity: int
    price: Decimal
    reduction: Decimal
    kind: str
    starts: str
    ends: str


@dataclass(frozen=True)
class SeenDetails:
    """What else a shop holds of a product; texts by ISO code, names in French.

    Args:
        short, meta_titles, meta_descriptions: Texts.
        codes: upc, isbn, mpn, as far as the version has them; empty ones left out.
        weight: In the shop's unit.
        sizes: Width, height, depth, in the shop's unit.
        condition, visibility: As PrestaShop names them.
        virtual: Whether nothing is shipped.
        ecotax, bought: Without tax.
        supplier: Name of the default one, empty for none.
        suppliers: (combination, supplier, its reference, price without tax).
        features: (feature, value).
        reductions: Specific prices, by combination, group and beginning.
        legends: By image.
        shown: Images of each combination.
        parts: (product, combination, units) of a pack.
    """

    short: Mapping[str, str]
    meta_titles: Mapping[str, str]
    meta_descriptions: Mapping[str, str]
    codes: Mapping[str, str]
    weight: Decimal
    sizes: tuple[Decimal, Decimal, Decimal]
    condition: str
    visibility: str
    virtual: bool
    ecotax: Decimal
    bought: Decimal
    supplier: str
    suppliers: frozenset[tuple[int, str, str, Decimal]]
    features: frozenset[tuple[str, str]]
    reductions: tuple[SeenReduction, ...]
    legends: Mapping[int, Mapping[str, str]]
    shown: Mapping[int, frozenset[int]]
    parts: frozenset[tuple[int, int, int]]


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
    def details(self, product_id: int) -> SeenDetails:
        """Return what else the shop holds of one product."""

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

    @abstractmethod
    def checksums(self) -> Mapping[str, str]:
        """Return what stands in every table, as a checksum per table.

        Left out are the tables that a mere reading fills: logs, connections, statistics, sessions.
        """

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

    @abstractmethod
    def change_name(self, product_id: int, iso: str, name: str) -> None:
        """Set a product's name in one language by SQL."""

    @abstractmethod
    def put_in_category(self, product_id: int, category_id: int) -> None:
        """Put a product into one more category by SQL."""

    @abstractmethod
    def allow_orders_at_zero(self, product_id: int) -> None:
        """Let a product be ordered when it is out of stock, by SQL."""

    @abstractmethod
    def switch_product(self, product_id: int, *, on: bool) -> None:
        """Switch a product on or off by SQL, as the web team does in the back office."""

    @abstractmethod
    def switch_category(self, category_id: int, *, on: bool) -> None:
        """Switch a category on or off by SQL."""

    @abstractmethod
    def show_nowhere(self, product_id: int) -> None:
        """Set a product's visibility to "nowhere" by SQL."""

    # --- what its back office does -----------------------------------------------------------

    @abstractmethod
    def names(self) -> Mapping[str, str]:
        """Return what this shop's database calls the tables and columns of `office`."""

    @abstractmethod
    def look(self, sql: str) -> list[Mapping[str, object]]:
        """Return the rows of a query of its database."""

    @abstractmethod
    def act(self, sql: str) -> None:
        """Carry out one statement in its database."""

    # --- what a visitor sees -----------------------------------------------------------------

    def has_page(self, product_id: int) -> bool:
        """Return whether a visitor who asks for a product's page gets it."""
        return self._visit(controller="product", id_product=product_id) is not None

    def lists(self, category_id: int, product_id: int) -> bool:
        """Return whether a category shows a product to a visitor; a closed one shows none.

        Page by page, as a visitor turns them: not every version gives as many as are asked for.
        """
        known: set[str] = set()
        for page in count(1):
            found = self._visit(controller="category", id_category=category_id, page=page, p=page)
            there = {one for pair in _PRODUCT_LINK.findall(found or "") for one in pair if one}
            if str(product_id) in there:
                return True
            if there <= known:  # the last page again, or none
                return False
            known |= there
        raise AssertionError

    def offered(self, product_id: int) -> frozenset[str]:
        """Return the values of combinations that a product's page offers, as it names them."""
        page = self._visit(controller="product", id_product=product_id)
        tree = etree.fromstring((page or "<html/>").encode(), etree.HTMLParser(encoding="utf-8"))
        # Two themes of PrestaShop, and the simulated front.
        places = (
            "//*[contains(@class, 'product-variants') or @id='attributes']//@title",
            "//*[@id='attributes']//label[input[@type='radio']]/text()",
            "//tr[@data-combination]/td[1]/text()",
        )
        found = (str(one) for place in places for one in cast("list[str]", tree.xpath(place)))
        return frozenset(
            value.rpartition(" : ")[2].strip() for one in found for value in one.split(", ")
        )

    def _visit(self, **asked: str | int) -> str | None:
        """Return a page of the front, or None when it says that there is none."""
        answer = requests.get(f"{self.url}/index.php", params=asked, timeout=TIMEOUT)
        if answer.status_code in {404, 403, 410}:
            return None
        answer.raise_for_status()
        return answer.text

    # --- what else the web team does ---------------------------------------------------------

    def add_photo(self, product_id: int, photo: bytes) -> int:
        """Upload a photo as the web team would; return the image's id."""
        answer = requests.post(
            f"{self.url}/api/images/products/{product_id}",
            files={"image": ("equipe-web.jpg", photo, "image/jpeg")},
            auth=(self.key, ""),
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        # The answer may have two roots: its id stands at the beginning.
        found = re.search(rb"<id>(?:<!\[CDATA\[)?(\d+)", answer.content)
        assert found is not None
        return int(found[1])

    def delete_photo(self, product_id: int, image_id: int) -> None:
        """Delete a photo as the web team would; 9.0 answers an error although it did."""
        requests.delete(
            f"{self.url}/api/images/products/{product_id}/{image_id}",
            auth=(self.key, ""),
            timeout=TIMEOUT,
        )

    def add_combination(self, product_id: int, name: str) -> int:
        """Add a combination of an option that the till does not know; return its id."""
        texts = "".join(f'<language id="{one}">{name}</language>' for one in self._lang_ids())
        group = self._created(
            "product_options",
            f"<product_option><group_type>select</group_type><name>{texts}</name>"
            f"<public_name>{texts}</public_name></product_option>",
        )
        value = self._created(
            "product_option_values",
            f"<product_option_value><id_attribute_group>{group}</id_attribute_group>"
            f"<name>{texts}</name></product_option_value>",
        )
        return self._created(
            "combinations",
            f"<combination><id_product>{product_id}</id_product>"
            "<minimal_quantity>1</minimal_quantity><associations><product_option_values>"
            f"<product_option_value><id>{value}</id></product_option_value>"
            "</product_option_values></associations></combination>",
        )

    def _lang_ids(self) -> list[int]:
        return sorted(self.languages().values())

    def _created(self, resource: str, entity: str) -> int:
        root = self.ask("POST", resource, f"<prestashop>{entity}</prestashop>")
        return int(root.findtext(".//id") or 0)

    # --- for whoever buys --------------------------------------------------------------------

    @abstractmethod
    def carrier(self) -> int:
        """Return the id of a carrier that takes money."""

    @abstractmethod
    def payment(self) -> tuple[str, int]:
        """Return a payment module that is installed, and the state that the webservice gives."""

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
        root = self.ask("GET", f"products?filter[id]={product_id}&display=[id,{names}]{wishes}")
        texts = {one: root.findtext(f".//p{one}") or "" for one in combinations}
        return {one: Decimal(text) for one, text in texts.items()}
