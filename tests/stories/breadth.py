"""The story of all else that the till knows: it reaches the site, and leaves it, as it should.

Figures are by hand, read back from the shop's own database; prices as the shop computes them.

    class TestBreadth(BreadthStory): ...      # in a suite that has a `front`
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, ClassVar

from demo.till import (
    Promotion,
    build_small_till,
    change_price,
    move_shelf,
    promote,
    rename_article,
    rename_family,
    sell,
    switch_internet,
    withdraw_promotion,
)
from tests.stories.play import Play
from tests.stories.shopfront import SeenReduction
from tests.stories.story import Story

#: With variants; simple; with variants; simple; a pack of two 1002 and one 100301; a service.
SHOE, WAX, BOOT, CREAM, PACK, SERVICE = 1001, 1002, 1003, 1005, 1006, 1007
_CENT = Decimal("0.01")
_OPEN = "0000-00-00 00:00:00"
TODAY = date.today()  # noqa: DTZ011 - the till's day is the shop's


class BreadthStory(Story):
    """A small till that says all it can of five articles, a pack and a service."""

    policy: ClassVar[Mapping[str, Any]] = {"buffer": 0}

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=2, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till, till:
            till.executescript(_MORE)

    @classmethod
    def begin(cls, play: Play) -> None:
        mapping = play.stage.folder / "mapping.yaml"
        text = mapping.read_text(encoding="utf-8")
        opted_in = text.replace("send_purchase_price: false", "send_purchase_price: true")
        assert opted_in != text
        mapping.write_text(opted_in, encoding="utf-8")
        play.first_load()

    def test_texts_codes_weights_features_and_suppliers_are_the_tills(self, play: Play) -> None:
        shoe = play.product(SHOE)
        seen = play.front.details(shoe.id)
        assert seen.short["fr"] == "<p>Une bottine souple.</p>"
        assert seen.meta_titles == dict.fromkeys(("fr", "en"), "Bottine Adèle en cuir")
        assert seen.meta_descriptions["fr"] == "La bottine d'automne"
        assert seen.weight == Decimal("0.85")
        assert seen.features == {("Matière", "Cuir lisse ciré"), ("Saison", "Automne-hiver")}
        assert seen.supplier == "Tanneries de l'Isère"
        assert seen.suppliers == {
            (0, "Tanneries de l'Isère", "TI-1001", Decimal("20.5")),
            (0, "Cuirs du Midi", "CM-77", Decimal("21.25")),
        }
        assert seen.bought == Decimal("20.5")
        assert (seen.condition, seen.visibility, seen.virtual) == ("new", "both", False)
        assert play.front.details(play.product(WAX).id).codes["upc"] == "012345678905"
        shelves = play.front.categories()
        assert {shelves[one].names["fr"] for one in shoe.categories} == {
            "Bottes & bottines", "Boots homme",
        }  # fmt: skip
        assert shelves[shoe.default_category].names["fr"] == "Bottes & bottines"

    def test_a_pack_and_a_service_are_there_as_what_they_are(self, play: Play) -> None:
        pack, service = play.product(PACK), play.product(SERVICE)
        boot = next(v for v in play.product(BOOT).variants if v.reference.endswith("38-NOI"))
        assert play.front.details(pack.id).parts == {
            (play.product(WAX).id, 0, 2),
            (play.product(BOOT).id, boot.id, 1),
        }
        assert (pack.active, service.active) == (True, True)
        assert play.front.details(service.id).virtual

    def test_a_price_list_is_a_price_of_its_group(self, play: Play) -> None:
        cream = play.product(CREAM)
        [row] = [one for one in play.front.details(cream.id).reductions if one.group]
        assert (row.combination, row.from_quantity, row.kind) == (0, 3, "amount")
        assert (row.price, row.reduction) == (Decimal("30.5"), Decimal(0))
        assert (row.starts, row.ends) == (_OPEN, _OPEN)

    def test_a_promotion_lowers_the_price_until_it_is_withdrawn(self, play: Play) -> None:
        shoe = play.product(SHOE)
        sizes = [variant.id for variant in shoe.variants]
        with play.till() as till:
            number = promote(till, _promotion(article_id=SHOE, percent=Decimal(20)))
        done = play.both()
        assert [write.resource for write in done.writes] == ["specific_prices"]
        [row] = play.front.details(shoe.id).reductions
        assert (row.kind, row.reduction, row.combination) == ("percentage", Decimal("0.2"), 0)
        assert row.starts[:10] == str(TODAY - timedelta(days=3))
        assert row.ends[:10] == str(TODAY + timedelta(days=10))
        assert _paid(play, shoe.id, sizes) == dict.fromkeys(sizes, Decimal("33.52"))
        assert play.both(full=True).writes == ()

        with play.till() as till:
            withdraw_promotion(till, number)
        play.both()
        assert play.front.details(shoe.id).reductions == ()
        assert _paid(play, shoe.id, sizes) == dict.fromkeys(sizes, Decimal("41.90"))
        assert play.both(full=True).writes == ()

    def test_of_overlapping_promotions_the_lowest_price_counts(self, play: Play) -> None:
        boot, cream = play.product(BOOT), play.product(CREAM)
        first, second = (variant.id for variant in boot.variants)
        others = _group_rows(play, cream.id)
        with play.till() as till:
            numbers = [
                promote(till, _promotion(family="F01", percent=Decimal(10))),
                promote(till, _promotion(family="F01", percent=Decimal(10))),
                promote(till, _promotion(variant_id=100302, price=Decimal("29.90"))),
                promote(till, _promotion(article_id=CREAM, amount=Decimal("5.40"))),
                promote(till, _promotion(article_id=CREAM, percent=Decimal(5))),
                promote(till, _ended(article_id=WAX, percent=Decimal(50))),
            ]
        play.both()
        assert _paid(play, boot.id, [first, second]) == {
            first: Decimal("39.51"),
            second: Decimal("29.90"),
        }
        assert _paid(play, cream.id, [0]) == {0: Decimal("40.50")}
        wax = play.product(WAX)
        assert _paid(play, wax.id, [0]) == {0: Decimal("42.90")}
        assert play.front.details(wax.id).reductions == ()
        assert play.both(full=True).writes == ()

        with play.till() as till:
            for number in numbers:
                withdraw_promotion(till, number)
        play.both()
        assert play.front.details(boot.id).reductions == ()
        assert _group_rows(play, cream.id) == others
        assert play.both(full=True).writes == ()

    def test_a_branch_that_moves_and_a_shelf_that_is_renamed_stay_the_same_ones(
        self, play: Play
    ) -> None:
        before = {one.names["fr"]: one for one in play.front.categories().values()}
        boots = before["Bottes & bottines"]
        with play.till() as till:
            move_shelf(till, "F01", "H")
            rename_family(till, "F01", "Bottes et bottines")
        done = play.both()
        assert [(write.resource, write.id) for write in done.writes] == [("categories", boots.id)]
        after = play.front.categories()[boots.id]
        assert after.parent == before["Homme"].id
        assert after.names["fr"] == "Bottes et bottines"
        assert play.both(full=True).writes == ()

    def test_another_name_is_no_other_address(self, play: Play) -> None:
        before = play.product(CREAM)
        with play.till() as till:
            rename_article(till, CREAM, "Crème de soin")
        play.both()
        after = play.product(CREAM)
        assert after.names["fr"] == "Crème de soin"
        assert (after.id, after.slugs) == (before.id, before.slugs)
        titles = play.front.details(after.id).meta_titles
        with play.till() as till, till:
            till.execute("UPDATE ARTICLE SET META_TITRE = 'Autre titre' WHERE ID_ART = ?", (CREAM,))
        play.both(full=True)
        assert play.front.details(after.id).meta_titles == titles

    def test_what_is_no_longer_flagged_leaves_the_site_and_its_stock_goes_on(
        self, play: Play
    ) -> None:
        wax = play.product(WAX)
        with play.till() as till:
            switch_internet(till, WAX, on=False)
            sell(till, CREAM, 1)
            change_price(till, CREAM, Decimal("46.90"))
        play.both()
        assert not play.product(WAX).active
        assert play.product(WAX).id == wax.id
        assert len(set(play.figures(CREAM))) == 1
        assert _paid(play, play.product(CREAM).id, [0]) == {0: Decimal("46.90")}

    def test_in_the_end_nothing_is_left_to_do(self, play: Play) -> None:
        for full in (False, True):
            assert play.both(full=full).writes == ()
        assert play.fates("refused") == play.fates("waiting") == play.fates("held") == []


def _promotion(**said: Any) -> Promotion:
    first, last = TODAY - timedelta(days=3), TODAY + timedelta(days=10)
    return Promotion("Semaine du cuir", first, last, **said)


def _ended(**said: Any) -> Promotion:
    first, last = TODAY - timedelta(days=30), TODAY - timedelta(days=10)
    return Promotion("Déjà finie", first, last, **said)


def _paid(play: Play, product: int, combinations: list[int]) -> dict[int, Decimal]:
    prices = play.front.prices(product, combinations)
    return {one: price.quantize(_CENT, ROUND_HALF_UP) for one, price in prices.items()}


def _group_rows(play: Play, product: int) -> list[SeenReduction]:
    return [one for one in play.front.details(product).reductions if one.group]


_MORE = """
INSERT INTO FOURN VALUES (41, 'Tanneries de l''Isère'), (42, 'Cuirs du Midi');
INSERT INTO SAISON VALUES ('AH26', 'Automne-hiver', 'Autumn-winter');
UPDATE ARTICLE SET RESUME = '<p>Une bottine souple.</p>', META_TITRE = 'Bottine Adèle en cuir',
  META_DESC = 'La bottine d''automne', MATIERE = 'Cuir lisse ciré', COD_SAI = 'AH26', COD_FRN = 41,
  REF_FRN = 'TI-1001' WHERE ID_ART = 1001;
UPDATE ARTICLE SET UPC = '012345678905' WHERE ID_ART = 1002;
INSERT INTO ARTICLE_FAMILLE VALUES (1001, 'H03');
INSERT INTO ARTICLE_FOURN (ID_ART, COD_FRN, REF_FRN, PX_ACH) VALUES (1001, 42, 'CM-77', '21,25');
INSERT INTO ARTICLE (ID_ART, REF, LIB, COD_FAM, COD_TVA, PX_TTC, QTE_STK, POIDS, INTERNET, NATURE)
  VALUES (1006, 'L01-1006', 'Coffret d''hiver', 'L01', 1, '99,00', 5, '1,000', 'O', 'L'),
         (1007, 'L01-1007', 'Ressemelage', 'L01', 1, '45,00', 99, '0,000', 'O', 'V');
INSERT INTO LOT (ID_ART, ID_ART_ELT, ID_DECL_ELT, QTE)
  VALUES (1006, 1002, NULL, 2), (1006, NULL, 100301, 1);
INSERT INTO TARIF VALUES ('PRO', 'Tarif pro', 'Customer');
INSERT INTO TARIF_LIGNE (COD_TARIF, ID_ART, QTE_MIN, PX_HT) VALUES ('PRO', 1005, 3, '30,50');
"""
