"""The demo till through its mapping: every right row is a fact, every wrong row one fault."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo.till import (
    SPARE_WRONG_ROWS,
    WRONG_ROWS,
    TillFacts,
    WrongRow,
    build_small_till,
    build_till,
    cancel_web_order,
    discontinue,
    open_till,
    sell,
    sellable_keys,
    stock_of,
    switch_internet,
    web_orders,
    withdraw_promotion,
)
from pos_exporter.assembled import Assembled
from pos_exporter.intake.port import LineRefusedError
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.check import check_mapping
from pos_exporter.mapping.model import TillMapping, load_mapping
from pos_exporter.photos import PhotoFacts, PhotoStamp
from pos_exporter.reading import photo_bytes, read_till
from pos_exporter.source.sql import SqlSource
from protocol.records import (
    Article,
    AxisValue,
    Category,
    Counted,
    Photo,
    Promotion,
    Stock,
    Variant,
)
from tests.contracts.till_writer import AskedTillContract
from tests.pos_exporter.intake.orders import customer, line, order

MAPPING = Path(__file__).parents[3] / "demo" / "till" / "mapping.yaml"
ALL = WRONG_ROWS + SPARE_WRONG_ROWS
#: A script in a text is taken out on the way, with a note: nothing is held back for it.
CLEANED = next(row for row in ALL if row.name == "text_with_script")
HELD = tuple(row for row in ALL if row != CLEANED)
CODES = {
    "price_not_a_number": "E-ROW-002",
    "price_negative": "E-ROW-030",
    "vat_unknown": "E-ROW-040",
    "ean_check_digit": "E-ROW-026",
    "name_empty": "E-ROW-020",
    "name_forbidden_signs": "E-ROW-022",
    "name_too_long": "E-ROW-021",
    "reference_too_long": "E-ROW-024",
    "variant_twice": "E-ROW-046",
    "size_unknown": "E-ROW-044",
    "stock_not_a_number": "E-ROW-050",
    "photo_missing": "E-ROW-060",
    "family_unknown": "E-ROW-041",
    "flag_unknown": "E-ROW-003",
    "bytes_cp1252": "E-ROW-001",
}
Cache = dict[PhotoStamp, PhotoFacts]


def mapping_for(till: TillFacts) -> TillMapping:
    return load_mapping(MAPPING, {"TILL_PHOTOS": str(till.photo_folder)})


def read(path: Path, till: TillFacts, cache: Cache | None = None) -> Assembled:
    known: Cache = {} if cache is None else cache
    return read_till(SqlSource(f"sqlite:///{path}"), mapping_for(till), known)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> TillFacts:
    """Return a till with every wrong row; tests that mend it copy it."""
    path = tmp_path_factory.mktemp("wrong") / "caisse.db"
    return build_till(path, models=len(ALL) + 24, wrong=ALL)


@pytest.fixture(scope="module")
def cache() -> Cache:
    return {}


@pytest.fixture
def small(tmp_path: Path) -> TillFacts:
    """Return a till of five right articles, 1001 to 1005; 1002 and 1005 are simple."""
    return build_small_till(tmp_path / "caisse.db")


def test_the_mapping_fits_the_till(small: TillFacts) -> None:
    assert check_mapping(mapping_for(small), SqlSource(f"sqlite:///{small.path}")) == ()


def test_a_till_without_fault_is_all_facts(tmp_path: Path) -> None:
    till = build_till(tmp_path / "c.db", models=40, wrong=())
    assembled = read(till.path, till)
    assert assembled.withheld == ()
    sent = Counter(record.kind for record in assembled.records)
    out = Counter(item.kind for item in assembled.left_out)
    assert sent["article"] + out["article"] == till.articles
    assert sent["variant"] + out["variant"] == till.variants
    assert sent["photo"] + out["photo"] == till.photos
    with open_till(till.path) as connection:
        live = {str(key) for key in sellable_keys(connection, online=True)}
        stock = {key: stock_of(connection, int(key)) for key in live}
    found = {r.key[2:]: r.quantity for r in assembled.records if isinstance(r, Stock)}
    assert found == stock


def test_every_wrong_row_is_one_fault_of_its_own(wrong: TillFacts, cache: Cache) -> None:
    faults = read(wrong.path, wrong, cache).faults
    expected = {(CODES[row.name], row.place, row.value[:200]) for row in HELD if row.value}
    found = {(f.problem.code, f.problem.place.rsplit(", ", 1)[0], f.problem.value) for f in faults}
    assert len(faults) == len(HELD) == len({fault.problem.code for fault in faults})
    assert expected <= found
    for row in HELD:
        fault = next(f for f in faults if f.problem.code == CODES[row.name])
        assert fault.label.startswith(row.reference)
        assert fault.line("fr") != fault.line("en")


def test_a_script_in_a_text_is_taken_out_and_told(wrong: TillFacts, cache: Cache) -> None:
    assembled = read(wrong.path, wrong, cache)
    key = str(CLEANED.article_id)
    record = next(r for r in assembled.records if isinstance(r, Article) and r.key == key)
    assert record.description == {"fr": "<p>Jolie paire</p>"}
    (note,) = (note for note in assembled.notes if note.key == key)
    assert (note.problem.code, note.problem.place) == (
        "E-ROW-101", f"{CLEANED.place}, article {key}",
    )  # fmt: skip
    assert note.problem.value == CLEANED.value


def test_what_is_held_back_is_what_belongs_to_the_wrong_row(wrong: TillFacts, cache: Cache) -> None:
    assembled = read(wrong.path, wrong, cache)
    sent = {(record.kind, record.key) for record in assembled.records}
    withheld = {(item.kind, item.key) for item in assembled.withheld}
    assert not sent & withheld
    for row in HELD:
        number = row.article_id
        variants = {f"{v.variant_id}" for v in row.article.variants}
        held = {key for kind, key in withheld if kind == "variant" and key.startswith(str(number))}
        if row.name == "variant_twice":  # the second of the two is held back
            assert held == {f"{number}91"}
        elif row.holds == "article":
            assert ("article", str(number)) in withheld
            assert held == variants
        else:
            assert ("article", str(number)) in sent
            assert len(held) == (row.holds == "variant")
        assert {f"v:{key}" for key in held} == {
            key for kind, key in withheld if kind == "stock" and key.startswith(f"v:{number}")
        }


@pytest.mark.parametrize("row", HELD, ids=lambda row: str(row.name))
def test_a_mended_row_is_gone_and_the_others_stay(
    wrong: TillFacts, cache: Cache, tmp_path: Path, row: WrongRow
) -> None:
    path = tmp_path / "copy.db"
    shutil.copy(wrong.path, path)
    with open_till(path) as connection:
        row.mend(connection)
    codes = {fault.problem.code for fault in read(path, wrong, cache).faults}
    assert codes == set(CODES.values()) - {CODES[row.name]}


def test_when_all_is_mended_nothing_is_withheld(
    wrong: TillFacts, cache: Cache, tmp_path: Path
) -> None:
    path = tmp_path / "copy.db"
    shutil.copy(wrong.path, path)
    with open_till(path) as connection:
        for row in ALL:
            row.mend(connection)
    assembled = read(path, wrong, cache)
    assert assembled.withheld == ()
    assert {note.problem.code for note in assembled.notes} <= {"E-ROW-105"}  # gift cards


def test_what_the_facts_say(small: TillFacts) -> None:
    records = {(r.kind, r.key): r for r in read(small.path, small).records}
    article, variant = records["article", "1001"], records["variant", "100102"]
    assert isinstance(article, Article)
    assert isinstance(variant, Variant)
    assert article.categories == ("F01",)
    assert article.price.amount == Decimal("41.90")
    assert article.tax_rate == "1"
    assert article.purchase_price is None
    assert variant.values == ("size|39", "color|NOI")
    assert variant.price is None
    family, black = records["category", "F01"], records["axis_value", "color|NOI"]
    assert isinstance(family, Category)
    assert isinstance(black, AxisValue)
    assert (family.parent, family.name["en"]) == ("F", "Boots & ankle boots")
    assert (black.name["fr"], black.color is not None) == ("noir", True)


def test_how_the_shop_trades(tmp_path: Path) -> None:
    till = build_till(tmp_path / "c.db", models=120, wrong=())
    assembled = read(till.path, till)
    assert assembled.withheld == ()
    articles = {r.key: r for r in assembled.records if isinstance(r, Article)}
    natures = Counter(article.nature for article in articles.values())
    assert (natures["pack"], natures["virtual"]) == (1, 1)
    pack = next(article for article in articles.values() if article.nature == "pack")
    assert [part.quantity for part in pack.parts or ()] == [2, 1]
    (card,) = assembled.notes
    assert (card.problem.code, card.key in articles) == ("E-ROW-105", False)
    assert ("article", card.key, "filtered") in {
        (item.kind, item.key, item.cause) for item in assembled.left_out
    }
    assert any(article.ecotax == Decimal("0.06") for article in articles.values())
    assert any(article.upc for article in articles.values())
    assert any(article.isbn for article in articles.values())
    assert any(len(article.categories) == 2 for article in articles.values())
    assert any(len(article.suppliers or ()) == 2 for article in articles.values())
    assert all(article.short_description for article in articles.values())
    kinds = Counter(record.kind for record in assembled.records)
    assert (kinds["feature"], kinds["supplier"], kinds["price_list"]) == (2, 3, 1)
    assert kinds["list_price"] >= 5
    bottes = next(a for a in articles.values() if a.categories[0] == "F01")
    assert "saison|AH26" in (bottes.features or ())


def test_promotions_of_each_kind(tmp_path: Path) -> None:
    till = build_till(tmp_path / "c.db", models=120, wrong=())
    assembled = read(till.path, till)
    found = [r for r in assembled.records if isinstance(r, Promotion)]
    by_name = {promotion.name: promotion for promotion in found}
    summer, coupon, series = (
        by_name[name] for name in ("Fin d'été", "Offre de rentrée", "Fin de série")
    )
    assert (summer.category, summer.percent) == ("F04", Decimal(20))
    assert (summer.starts_at, summer.ends_at) == ("2026-08-22 00:00:00", "2026-09-21 23:59:59")
    assert (coupon.amount_off, sum(p.name == coupon.name for p in found)) == (Decimal(10), 2)
    assert series.variant is not None
    assert series.price is not None
    assert "Braderie" not in by_name  # switched off at the till
    with open_till(till.path) as connection:
        withdraw_promotion(connection, int(summer.key))
    again = read(till.path, till)
    assert ("promotion", summer.key, "unflagged") in {
        (item.kind, item.key, item.cause) for item in again.left_out
    }


def test_nothing_of_trade_goes_with_the_small_till(small: TillFacts) -> None:
    kinds = {record.kind for record in read(small.path, small).records}
    assert kinds.isdisjoint({"supplier", "feature", "feature_value", "promotion", "price_list"})


def test_a_photo_of_one_colour_shows_its_variants(small: TillFacts) -> None:
    with open_till(small.path) as connection, connection:
        connection.execute("UPDATE PHOTO SET COD_COUL = 'COG' WHERE ID_ART = 1001")
    (photo,) = (r for r in read(small.path, small).records if isinstance(r, Photo))
    assert photo.variants == ("100103", "100104")


def test_photos_are_sent_as_announced(small: TillFacts) -> None:
    (photo,) = (r for r in read(small.path, small).records if isinstance(r, Photo))
    source = SqlSource(f"sqlite:///{small.path}")
    assert len(photo_bytes(source, mapping_for(small), photo)) == photo.size


def test_flags_at_the_till_take_articles_off(small: TillFacts) -> None:
    with open_till(small.path) as connection:
        switch_internet(connection, 1001, on=False)
        discontinue(connection, 1002, date(2026, 9, 1))
    causes = {(i.kind, i.key): i.cause for i in read(small.path, small).left_out}
    assert causes["article", "1001"] == causes["variant", "100101"] == "unflagged"
    assert causes["article", "1002"] == causes["stock", "a:1002"] == "discontinued"


@contextmanager
def writer_of(till: TillFacts) -> Iterator[SqlTillWriter]:
    rules = mapping_for(till).write_back
    assert rules is not None
    url = f"sqlite:///{till.path}"
    with SqlTillWriter(url, rules, till_timezone="Europe/Paris") as writer:
        yield writer


def stock_record(till: TillFacts, key: str) -> Stock:
    return next(r for r in read(till.path, till).records if isinstance(r, Stock) and r.key == key)


@pytest.mark.parametrize(("stock_key", "sellable"), [("v:100101", 100101), ("a:1002", 1002)])
def test_a_web_order_lowers_the_figure_and_is_counted_in_it(
    small: TillFacts, stock_key: str, sellable: int
) -> None:
    before = stock_record(small, stock_key)
    with writer_of(small) as writer:
        writer.enter_order(order("U1", line(1, stock_key, 2)))
    after = stock_record(small, stock_key)
    assert after.quantity == before.quantity - 2
    assert (before.counted, after.counted) == ((), (Counted(order="U1", quantity=2),))
    with open_till(small.path) as connection:
        sell(connection, sellable, 1)
        cancel_web_order(connection, web_orders(connection)[0].order_id)
    last = stock_record(small, stock_key)
    assert (last.quantity, last.counted) == (before.quantity - 1, ())


def test_a_web_order_as_the_shopkeeper_sees_it(small: TillFacts) -> None:
    with writer_of(small) as writer:
        entered = writer.enter_order(order("U1", line(1, "v:100101", 2), line(2, "a:1002")))
    with open_till(small.path) as connection:
        (found,) = web_orders(connection)
        day, total, name, city = connection.execute(
            "SELECT DAT_CDE, TOT_TTC, LIV_NOM, LIV_VILLE FROM COMMANDE_WEB"
        ).fetchone()
    assert str(found.order_id) == entered.key
    assert (found.order_uid, found.reference, found.state) == ("U1", "REFU1", "A PREPARER")
    assert found.customer_mail == "zoe@example.com"
    assert [(entry.key, entry.quantity, entry.unit_price) for entry in found.lines] == [
        (100101, 2, "49,90"),
        (1002, 1, "49,90"),
    ]
    assert (day, total) == ("24/11/2026 09:30", "149,70")
    assert (name, city) == ("Zoé O'Hara; DROP TABLE CLIENT", "Romans")


def test_an_order_of_a_deleted_article_waits_and_then_enters(small: TillFacts) -> None:
    with writer_of(small) as writer:
        with pytest.raises(LineRefusedError):
            writer.enter_order(order("U1", line(1, "a:1002"), line(2, "v:555")))
        with open_till(small.path) as connection:
            assert web_orders(connection) == ()
            assert stock_of(connection, 1002) == 10
        writer.enter_order(order("U1", line(1, "a:1002"), line(2, "v:100101")))


class _DemoTill:
    def __init__(self, till: TillFacts, writer: SqlTillWriter) -> None:
        self.writer = writer
        self._path = till.path

    def work(self) -> None:
        """Nothing lies about."""

    def cancelled(self) -> set[str]:
        with open_till(self._path) as connection:
            return {one.order_uid for one in web_orders(connection) if one.state == "ANNULEE"}

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        with open_till(self._path) as connection:
            held = web_orders(connection)
        return {
            o.order_uid: [
                (f"{'v' if (e.key or 0) > 9999 else 'a'}:{e.key}", e.quantity) for e in o.lines
            ]
            for o in held
        }

    def customers(self) -> list[int]:
        with open_till(self._path) as connection:
            rows = connection.execute("SELECT REF_WEB FROM CLIENT WHERE REF_WEB IS NOT NULL")
            return [int(shop_id) for (shop_id,) in rows]

    def go_away(self) -> None:
        self._path.rename(self._path.with_suffix(".gone"))


class TestDemoTillWriter(AskedTillContract):
    """The contract, on the demo till through its mapping."""

    @pytest.fixture
    def till(self, small: TillFacts) -> Iterator[_DemoTill]:
        with writer_of(small) as writer:
            yield _DemoTill(small, writer)


def test_a_customer_who_never_ordered_is_in_the_till(small: TillFacts) -> None:
    with writer_of(small) as writer:
        known = writer.enter_customer(customer(9, address={"city": "Valence"}))
        writer.enter_order(order("U1", line(1, "a:1002"), customer=customer(9)))
    with open_till(small.path) as connection:
        rows = connection.execute(
            "SELECT C.ID_CLI, C.VILLE, C.REF_WEB, O.ID_CLI FROM CLIENT C "
            "JOIN COMMANDE_WEB O ON O.ID_CLI = C.ID_CLI"
        ).fetchall()
    assert rows == [(int(known.key), "Valence", "9", int(known.key))]
