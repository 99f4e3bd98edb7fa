"""Suppliers and packs: what other rows say of an article."""

from decimal import Decimal

from pos_exporter.assembled import Assembled
from protocol.records import Article, PackPart, Supplier, SupplierOffer, Variant, record_line
from tests.pos_exporter.assembling.shop import Shop, article, find, keys, variant, withheld

SUPPLIERS = "\n  supplier: {table: FOURN, key: [C], fields: {name: L}}\n"
ROWS = """
  article_supplier:
    - {table: AF, key: [K], fields: {supplier: F, reference: R, purchase_price: P}}
    - {of: variant, sql: SELECT * FROM VF, key: [K], fields: {supplier: F}}
"""
PACK = "\n  pack_part: {table: LOT, key: [L], fields: {article: A, variant: V, quantity: N}}\n"
PARTS = tuple[dict[str, object], ...]


def shop_of(*, columns: bool = False, more: str = "") -> Shop:
    shop = Shop(
        article=[article(1, F=3, FREF="T-1", FPX="20"), article(2, F=None, FREF=None, FPX=None)]
    )
    mapped = "supplier: {supplier: F, reference: FREF, purchase_price: FPX}" if columns else ""
    shop.text = shop.text.replace(
        "      purchase_price: ACHAT\n", f"      purchase_price: ACHAT\n      {mapped}\n"
    )
    shop.text += SUPPLIERS + more
    shop.more["supplier"] = [{"C": 3, "L": "Tannerie"}, {"C": 4, "L": "Fabre & Noël"}]
    return shop


def an_article(assembled: Assembled, key: str) -> Article:
    found = find(assembled, "article", key)
    assert isinstance(found, Article)
    return found


def test_one_supplier_in_columns() -> None:
    shop = shop_of(columns=True)
    assembled = shop.assembled()
    assert find(assembled, "supplier", "4") == Supplier(key="4", name="Fabre & Noël")
    assert an_article(assembled, "1").suppliers == (SupplierOffer(supplier="3", reference="T-1"),)
    assert b'"suppliers":null' in record_line(find(assembled, "article", "2"))
    shop.text = "send_purchase_price: true\n" + shop.text
    (offer,) = an_article(shop.assembled(), "1").suppliers or ()
    assert (offer.purchase_price, offer.currency) == (Decimal(20), "EUR")


def test_an_unknown_supplier_leaves_its_article_s_unsaid() -> None:
    shop = shop_of(columns=True)
    shop.article[0]["F"] = 9
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("article_supplier", "1", "E-ROW-055")]
    assert assembled.withheld[0].problem.place == "ART.F, article 1"
    assert keys(assembled, "article") == ["1", "2"]
    assert b"suppliers" not in record_line(find(assembled, "article", "1"))


def test_a_supplier_that_is_set_aside_leaves_it_unsaid_too() -> None:
    shop = shop_of(columns=True)
    shop.more["supplier"][0]["L"] = "x" * 65
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("supplier", "3", "E-ROW-021")]
    assert b"suppliers" not in record_line(find(assembled, "article", "1"))


def test_several_suppliers_in_rows_of_articles_and_variants() -> None:
    shop = shop_of(more=ROWS)
    shop.text = shop.text.replace("article_supplier:", "article_supplier: &x")
    mapping = shop.mapping()
    assert [query.of for query in mapping.entities.article_supplier] == ["article", "variant"]
    rows: list[dict[str, object]] = [
        {"K": 1, "F": 4, "R": "B", "P": "7"},
        {"K": 1, "F": 3, "R": "A", "P": "8"},
        {"K": 1, "F": 4, "R": "again", "P": "9"},
        {"K": 21, "F": 3, "R": "V", "P": None},
    ]
    shop.more["article_supplier"] = rows
    assembled = shop.assembled()
    assert an_article(assembled, "1").suppliers == (
        SupplierOffer(supplier="4", reference="B"),
        SupplierOffer(supplier="3", reference="A"),
    )
    assert an_article(assembled, "2").suppliers is None
    sold = find(assembled, "variant", "21")
    assert isinstance(sold, Variant)
    assert sold.suppliers == (SupplierOffer(supplier="3"),)
    assert b'"suppliers":null' in record_line(find(assembled, "variant", "22"))


def test_a_wrong_row_holds_back_itself_alone() -> None:
    shop = shop_of(more=ROWS)
    shop.more["article_supplier"] = [
        {"K": 1, "F": 3, "R": "A<", "P": "8"},
        {"K": 1, "F": 4, "R": "B", "P": "8"},
    ]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("article_supplier", "1", "E-ROW-025")]
    assert keys(assembled, "article") == ["1", "2"]
    assert b"suppliers" not in record_line(find(assembled, "article", "1"))


# --- packs ------------------------------------------------------------------------------------


def pack_of(*parts: dict[str, object], nature: str | None = None, **cells: object) -> Shop:
    shop = Shop(article=[article(1), article(2), article(7, NAT=nature)], variant=[variant(21, 2)])
    for row in shop.article[:2]:
        row["NAT"] = None
    shop.article[2] |= cells
    shop.text = shop.text.replace(
        "      purchase_price: ACHAT\n", "      purchase_price: ACHAT\n      nature: NAT\n"
    )
    shop.text += PACK
    shop.more["pack_part"] = [{"L": 7, "A": None, "V": None, "N": None, **part} for part in parts]
    return shop


def test_a_pack_says_what_it_holds() -> None:
    assembled = pack_of({"A": 1, "N": "2"}, {"V": 21}).assembled()
    assert assembled.withheld == ()
    pack = an_article(assembled, "7")
    assert pack.nature == "pack"
    assert pack.parts == (PackPart(article="1", quantity=2), PackPart(variant="21", quantity=1))
    assert an_article(assembled, "1").parts is None
    assert an_article(assembled, "1").nature == "standard"


def test_a_pack_with_a_wrong_part_is_held_back_whole() -> None:
    wrong: list[tuple[PARTS, str]] = [
        (({"A": 1}, {}), "E-ROW-070"),
        (({"A": 1, "V": 21},), "E-ROW-070"),
        (({"A": 1, "N": "0"},), "E-ROW-077"),
        (({"A": 99},), "E-ROW-080"),
        (({"V": 99},), "E-ROW-080"),
        (({"A": 2},), "E-ROW-080"),  # comes in variants
    ]
    for parts, code in wrong:
        assembled = pack_of(*parts).assembled()
        assert withheld(assembled.faults) == [("article", "7", code)]
        assert ("stock", "a:7") in {(item.kind, item.key) for item in assembled.withheld}
        assert keys(assembled, "article") == ["1", "2"]


def test_a_pack_without_content() -> None:
    assert withheld(pack_of(nature="pack").assembled().faults) == [("article", "7", "E-ROW-081")]


def test_a_part_that_is_not_for_the_site_and_one_that_is_set_aside() -> None:
    shop = pack_of({"A": 1})
    shop.article[0]["WEB"] = "N"
    assert withheld(shop.assembled().faults) == [("article", "7", "E-ROW-080")]
    shop = pack_of({"A": 1})
    shop.article[0]["PX"] = "x"
    # The site may know the part from before.
    assembled = shop.assembled()
    assert withheld(assembled.faults) == [("article", "1", "E-ROW-002")]
    assert "7" in keys(assembled, "article")
