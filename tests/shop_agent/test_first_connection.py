"""A shop that sells already: 300 products, and a till of 270 articles that was never near it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import pytest

from protocol.records import Article, Axis, AxisValue, Variant
from shop_agent.actions import Subject
from shop_agent.connection import only_in_shop
from shop_agent.prestashop.entities import FieldValue, Write
from shop_agent.replica import Replica
from tests.shop_agent.shop_floor import EN, FR, Floor, an_article, open_floor

SIZES = ("38", "39")
AXIS = (
    Axis(key="p", name={"fr": "Pointure"}),
    *(AxisValue(key=size, axis="p", name={"fr": size}) for size in SIZES),
)
_EANS = count(3760000000000)


class Shelves:
    """Fills the shop as its people did, and the till beside it.

    Args:
        floor: Where both are.
    """

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.articles: list[Article] = []
        self.variants: list[Variant] = []
        self._products: list[Write] = []
        self._sizes: list[tuple[int, tuple[Write, ...]]] = []
        group = {EN: "Pointure", FR: "Pointure"}
        options: dict[str, FieldValue] = {
            "name": group,
            "public_name": group,
            "group_type": "select",
        }
        axis = floor.webservice.create("product_options", Write(None, options)).id
        self._values = [
            floor.webservice.create(
                "product_option_values",
                Write(None, {"name": {EN: size, FR: size}, "id_attribute_group": str(axis)}),
            ).id
            for size in (*SIZES, "38 EU", "39 EU")
        ]

    def product(
        self, reference: str, *, ean: str = "", sizes: Sequence[tuple[int, str, str]] = ()
    ) -> None:
        """Put a product into the shop; sizes are (value, reference, ean)."""
        web = f"Web {len(self._products)}"
        fields: dict[str, FieldValue] = {
            "reference": reference, "ean13": ean, "price": "41.583333", "id_tax_rules_group": "1",
            "name": {EN: web, FR: web}, "link_rewrite": {EN: "web", FR: "web"}, "state": "1",
            "active": "1", "available_for_order": "1", "show_price": "1", "minimal_quantity": "1",
            "id_category_default": "2", "visibility": "both",
        }  # fmt: skip
        self._products.append(Write(None, fields, {"categories": ({"id": "2"},)}))
        writes = tuple(
            Write(
                None,
                {"reference": code, "ean13": barcode, "minimal_quantity": "1"},
                {"product_option_values": ({"id": str(self._values[value])},)},
            )
            for value, code, barcode in sizes
        )
        self._sizes.append((len(self._products), writes))

    def article(
        self,
        reference: str,
        *,
        ean: str | None = None,
        sizes: Sequence[tuple[str, str, str | None]] = (),
    ) -> str:
        """Have the till sell an article; sizes are (size, reference, ean). Return its key."""
        key = str(1000 + len(self.articles))
        self.articles.append(an_article(key, reference=reference, ean=ean))
        for size, code, barcode in sizes:
            self.variants.append(
                Variant(
                    key=f"{key}-{size}", article=key, values=(size,), reference=code, ean=barcode
                )
            )
        return key

    def fill(self) -> None:
        """Bring all of it to both sides."""
        shop = self.floor.webservice
        made = [
            one.id
            for start in range(0, len(self._products), 50)
            for one in shop.write("POST", "products", self._products[start : start + 50])
        ]
        sizes = [
            replace(write, fields={**write.fields, "id_product": str(made[number - 1])})
            for number, writes in self._sizes
            for write in writes
        ]
        if sizes:
            shop.write("POST", "combinations", sizes)
        self.floor.say(*AXIS, *self.articles, *self.variants)


def ean() -> str:
    return str(next(_EANS))


def fill_both(shelves: Shelves) -> None:
    """Put 300 products and 270 articles on both sides: see the comments."""
    for n in range(150):  # the same reference
        shelves.product(f"SAME-{n}", ean=ean())
        shelves.article(f"SAME-{n}")
    for n in range(60):  # the same barcode
        code = ean()
        shelves.product(f"WEB-{n}", ean=code)
        shelves.article(f"TILL-{n}", ean=code)
    for n in range(20):  # the same reference, sizes by what they are
        shelves.product(f"SIZED-{n}", sizes=[(0, "", ""), (1, "", "")])
        shelves.article(f"SIZED-{n}", sizes=[("38", "", None), ("39", "", None)])
    for n in range(10):  # a size's barcode, sizes by their barcodes
        code, other = ean(), ean()
        shelves.product(f"EU-{n}", sizes=[(2, "", code), (3, "", other)])
        shelves.article(f"FR-{n}", sizes=[("38", "", code), ("39", "", other)])
    for n in range(10):  # the same reference, sizes by their references
        shelves.product(f"CODED-{n}", sizes=[(2, f"C{n}-38", ""), (3, f"C{n}-39", "")])
        shelves.article(f"CODED-{n}", sizes=[("38", f"C{n}-38", None), ("39", f"C{n}-39", None)])
    for n in range(2):  # two products of that reference
        shelves.product(f"TWICE-{n}")
        shelves.product(f"TWICE-{n}")
        shelves.article(f"TWICE-{n}")
    for n in range(4):  # two articles for one product: by reference, and by barcode
        code = ean()
        shelves.product(f"ONE-{n}", ean=code)
        shelves.article(f"ONE-{n}")
        shelves.article(f"OTHER-{n}", ean=code)
    for n in range(2):  # the reference says one, the barcode another
        code = ean()
        shelves.product(f"CROSS-{n}")
        shelves.product(f"CROSSED-{n}", ean=code)
        shelves.article(f"CROSS-{n}", ean=code)
    for n in range(4):  # simple at the till alone, simple in the shop alone
        shelves.product(f"BOX-{n}", sizes=[(0, "", "")])
        shelves.article(f"BOX-{n}")
        shelves.product(f"BAG-{n}")
        shelves.article(f"BAG-{n}", sizes=[("38", "", None)])
    for n in range(30):  # only there
        shelves.product(f"ALONE-{n}", ean=ean())
    shelves.fill()


@pytest.fixture(scope="module")
def floor() -> Iterator[Floor]:
    with open_floor() as floor:
        fill_both(Shelves(floor))
        yield floor


def names(floor: Floor) -> Counter[str]:
    return Counter(product.texts("name")[FR] for product in floor.all("products"))


def test_each_article_finds_its_product_or_asks_and_nothing_is_doubled(floor: Floor) -> None:
    before, sizes = names(floor), len(floor.all("combinations"))
    assert (len(floor.all("products")), sum(before.values())) == (300, 300)
    figures = {"ambiguous": 20, "created": 0, "only_in_shop": 30}
    first = floor.run()
    assert first.connection == {**figures, "adopted": 250}
    again = [floor.run(full=True), floor.run(full=True)]
    assert [report.connection for report in again] == [{**figures, "adopted": 0}] * 2
    assert [report.counts for report in again] == [{}, {}]
    assert len(floor.all("products")) == 300
    assert len(floor.all("combinations")) == sizes
    assert names(floor) == before
    assert not any(product.texts("description")[FR] for product in floor.all("products"))


def test_why_is_told_to_the_till_with_the_candidates(floor: Floor) -> None:
    fates = floor.fates()
    articles = {one.key: fate for one, fate in fates.items() if one.kind == "article"}
    assert Counter(code for state, code in articles.values() if state == "refused") == {
        "E-AGT-003": 2, "E-AGT-005": 8, "E-AGT-006": 2, "E-AGT-007": 4, "E-AGT-008": 4,
    }  # fmt: skip
    assert Counter(state for state, _ in articles.values()) == {"refused": 20, "applied": 250}
    report = floor.run(full=True)
    twins = [problem for _, problem in report.refused if problem.code == "E-AGT-003"]
    doubled = floor.webservice.find_any("products", "reference", ["TWICE-0"])
    assert len(doubled) == 2
    assert all(f"products {one.id}" in twins[0].facts["found"] for one in doubled)
    # Their variants wait for them.
    assert {fate for one, fate in fates.items() if one.kind == "variant"} == {
        ("applied", None), ("waiting", "E-AGT-001"),
    }  # fmt: skip


def test_what_is_only_in_the_shop_can_be_listed(floor: Floor) -> None:
    with floor.engine.connect() as connection:
        links = Replica(connection).links()
    alone = {one.text("reference") for one in only_in_shop(floor.webservice, links)}
    assert {f"ALONE-{n}" for n in range(30)} < alone
    assert "SAME-1" not in alone
    assert "TWICE-0" in alone  # nobody has it yet either


def test_sizes_found_their_combinations_by_what_they_are_or_bear(floor: Floor) -> None:
    with floor.engine.connect() as connection:
        links = Replica(connection).links()
    sold = [one for one in floor.all("products") if links.key_of("article", one.id)]
    for product in sold:
        for one in floor.combinations(product.id):
            key = links.key_of("variant", one.id)
            assert key is not None
            assert key.startswith(f"{links.key_of('article', product.id)}-")


def test_mended_on_either_side_it_is_adopted(floor: Floor) -> None:
    first, second = floor.webservice.find_any("products", "reference", ["TWICE-0"])
    floor.shop.execute("UPDATE products SET reference = 'OLD' WHERE id = ?", second.id)
    two = {article: key for key, article in _articles(floor).items()}
    floor.say(an_article(two["OTHER-1"], reference="OTHER-1", ean=None))
    report = floor.run(full=True)
    assert report.connection["adopted"] == 2
    assert report.connection["created"] == 1  # the one that was none of the shop's
    assert report.connection["ambiguous"] == 17
    assert floor.fates()[Subject("article", two["TWICE-0"])] == ("applied", None)
    with floor.engine.connect() as connection:
        assert Replica(connection).links()("article", two["TWICE-0"]) == first.id


def _articles(floor: Floor) -> dict[str, str]:
    with floor.engine.connect() as connection:
        facts = Replica(connection).facts("article", dirty_only=False)
    return {
        fact.record.key: fact.record.reference for fact in facts if isinstance(fact.record, Article)
    }
