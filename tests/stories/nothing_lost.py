"""The story of what is not said: a snapshot without a row, or without a kind, takes nothing away.

class TestNothingLost(NothingLostStory): ...      # in a suite that has a `front`
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from demo.till import Promotion, build_small_till, promote
from tests.stories.play import Play
from tests.stories.shopfront import SeenDetails, SeenProduct
from tests.stories.story import Story

SHOE, WAX, BOOT = 1001, 1002, 1003
#: What the shop holds of each article.
Seen = dict[int, tuple[SeenProduct, SeenDetails]]
TODAY = date.today()  # noqa: DTZ011 - the till's day is the shop's
_STEPS = {
    "an article": ("UPDATE ARTICLE SET PX_TTC = ? WHERE ID_ART = 1002", "4O,90"),
    "a variant": ("UPDATE DECLINAISON SET EAN = ? WHERE ID_DECL = 100301", "3760009040019"),
    "a stock figure": (
        "UPDATE STOCK SET QTE = ? WHERE ID_DECL = 100102 AND COD_DEP = 'MAG'",
        "douze",
    ),
    "a promotion": ("UPDATE PROMO SET REMISE = ? WHERE ID_ART = 1001", "vingt"),
    "a photo": ("UPDATE PHOTO SET FICHIER = ? WHERE ID_ART = 1001", "F01/nowhere.jpg"),
}


class NothingLostStory(Story):
    """Five articles with photos and two promotions, all in the shop."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=2, photo_folder=path.parent / "photos")

    @classmethod
    def begin(cls, play: Play) -> None:
        with play.till() as till:
            promote(till, _promotion(article_id=SHOE, percent=Decimal(20)))
            promote(till, _promotion(article_id=BOOT, amount=Decimal(5)))
        play.first_load()

    def test_a_snapshot_with_bad_rows_leaves_the_shop_as_it_is(self, play: Play) -> None:
        before = _shop(play)
        assert [len(details.reductions) for _, details in before.values()] == [1, 0, 1, 0, 0]
        with play.till() as till, till:
            old = [_swap(till, sql, wrong) for sql, wrong in _STEPS.values()]
        assert play.stage.sync_till(full=True).snapshot
        assert len(play.withheld()) == len(_STEPS)
        for full in (False, True):
            assert play.both(full=full).writes == ()
        assert _differences(before, _shop(play)) == {}
        with play.till() as till, till:
            for (sql, _), value in zip(_STEPS.values(), old, strict=True):
                till.execute(sql, (value,))
        play.both()
        assert play.withheld() == []
        assert play.both(full=True).writes == ()
        assert _differences(before, _shop(play)) == {}

    def test_a_snapshot_of_a_mapping_that_lost_a_kind_leaves_the_shop_as_it_is(
        self, play: Play
    ) -> None:
        before = _shop(play)
        mapping = play.stage.folder / "mapping.yaml"
        whole = mapping.read_text(encoding="utf-8")
        for lost in ("promotion", "photo", "supplier"):
            said = yaml.safe_load(whole)
            said["entities"] = _without(said["entities"], lost)
            mapping.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
            for full in (False, True):
                play.stage.sync_till(full=full)
                play.proxy.clear()
                play.stage.sync_shop(full=full)
                assert play.proxy.writes() == ()
                assert _differences(before, _shop(play)) == {}
        mapping.write_text(whole, encoding="utf-8")
        for full in (True, False):
            play.stage.sync_till(full=full)
            play.both(full=True)
            assert _differences(before, _shop(play)) == {}


def _shop(play: Play) -> Seen:
    """Return all that the shop holds of the till's articles; sets of things in one order."""
    with play.till() as till:
        keys = [key for (key,) in till.execute("SELECT ID_ART FROM ARTICLE ORDER BY ID_ART")]
    products = {key: play.product(key) for key in keys}
    return {
        key: (replace(one, images=tuple(sorted(one.images))), play.front.details(one.id))
        for key, one in products.items()
    }


def _differences(before: Seen, after: Seen) -> dict[str, tuple[object, object]]:
    """Return what differs, by article and field: (before, after)."""
    assert list(before) == list(after)
    return {
        f"{article}.{name}": (value, vars(now)[name])
        for article in before
        for was, now in zip(before[article], after[article], strict=True)
        for name, value in vars(was).items()
        if vars(now)[name] != value
    }


def _swap(till: Any, sql: str, wrong: str) -> Any:
    """Write a wrong value; return what stood there."""
    table, column, where = sql.split()[1], sql.split()[3], sql.partition(" WHERE ")[2]
    [value] = till.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()  # noqa: S608 - ours
    till.execute(sql, (wrong,))
    return value


def _without(entities: dict[str, Any], lost: str) -> dict[str, Any]:
    kept = {name: entity for name, entity in entities.items() if name != lost}
    if lost == "supplier":  # what names it goes with it
        kept.pop("article_supplier")
        kept["article"]["fields"].pop("supplier")
    return kept


def _promotion(**said: Any) -> Promotion:
    first, last = TODAY - timedelta(days=3), TODAY + timedelta(days=10)
    return Promotion("Semaine du cuir", first, last, **said)
