"""The story of the merchant's choices: what the site shows follows them, and nothing is lost.

Read back from the shop's own database and from the pages that a visitor gets.

    class TestChoices(ChoicesStory): ...      # in a suite that has a `front`
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from demo.till import (
    build_small_till,
    change_price,
    discontinue,
    sell,
    stock_of,
    switch_internet,
)
from pos_exporter.approvals import SHRUNKEN
from tests.stories.play import Done, Play
from tests.stories.story import Story

#: With variants in sizes 38 and 39, two colours; simple; new in the midst of the story; simple.
SHOE, WAX, NEW, CREAM = 1001, 1002, 1004, 1005
_LARGE = (100102, 100104)
_SOLD_AGAIN = "UPDATE ARTICLE SET ARRETE = 'N', DAT_ARRET = NULL WHERE ID_ART = ?"


class ChoicesStory(Story):
    """A small till whose merchant tries every choice."""

    policy: ClassVar[Mapping[str, Any]] = {"buffer": 0, "new_articles": "draft"}

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=1, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till:
            switch_internet(till, NEW, on=False)

    @classmethod
    def begin(cls, play: Play) -> None:
        play.choose(new_articles="live")
        play.first_load()

    def test_an_article_leaves_as_was_chosen_and_comes_back_just_so(self, play: Play) -> None:
        wax = play.product(WAX)
        shelf, stock = wax.default_category, wax.stock
        assert play.front.has_page(wax.id)
        assert play.front.lists(shelf, wax.id)
        for fate, active, visibility, shown in (
            ("inactive", False, "both", stock),
            ("hidden", True, "none", stock),
            ("out_of_stock", True, "both", 0),
            ("leave", True, "both", stock),
        ):
            play.choose(gone={"unflagged": fate})
            _flag(play, WAX, on=False)
            seen = play.product(WAX)
            found = (seen.active, play.front.details(wax.id).visibility, seen.stock)
            assert found == (active, visibility, shown), fate
            assert play.front.lists(shelf, wax.id) == (fate in ("out_of_stock", "leave")), fate
            if fate == "inactive":
                assert not play.front.has_page(wax.id)
            assert _both(play, full=True).writes == (), fate

            _flag(play, WAX, on=True)
            back = play.product(WAX)
            assert (back.id, back.active, back.stock, back.slugs, back.images) == (
                wax.id, True, stock, wax.slugs, wax.images,
            ), fate  # fmt: skip
            assert play.front.details(wax.id).visibility == "both"
            assert play.front.lists(shelf, wax.id)
            assert _both(play, full=True).writes == (), fate

    def test_each_cause_has_its_own_fate(self, play: Play) -> None:
        wax, cream, shoe = (play.product(one) for one in (WAX, CREAM, SHOE))
        with play.till() as till:
            [family] = till.execute(
                "SELECT COD_FAM FROM ARTICLE WHERE ID_ART = ?", (SHOE,)
            ).fetchone()
        fates = {"unflagged": "inactive", "discontinued": "hidden", "filtered": "out_of_stock"}
        play.choose(gone=fates, filter={"categories": ["L01"]})
        assert family != "L01"
        with play.till() as till:
            discontinue(till, CREAM, date(2026, 3, 2))
            switch_internet(till, WAX, on=False)
        _both(play)
        assert not play.product(WAX).active
        assert play.front.details(cream.id).visibility == "none"
        sold_out = play.product(SHOE)
        assert sold_out.active
        assert {one.stock for one in sold_out.variants} == {0}
        with play.till() as till:
            switch_internet(till, WAX, on=True)
            with till:
                till.execute(_SOLD_AGAIN, (CREAM,))
        play.choose(gone={}, filter={})
        _both(play)
        assert (play.product(WAX), play.product(CREAM), play.product(SHOE)) == (wax, cream, shoe)
        assert _both(play, full=True).writes == ()

    def test_sizes_without_stock_are_hidden_and_shown(self, play: Play) -> None:
        shoe = play.product(SHOE)
        assert {"38", "39"} <= play.front.offered(shoe.id)
        with play.till() as till:
            for key in _LARGE:
                sell(till, key, stock_of(till, key))
        play.choose(empty_combinations="hide")
        _both(play)
        assert {one.stock for one in play.product(SHOE).variants if "39" in one.values} == {0}
        assert play.front.offered(shoe.id) & {"38", "39"} == {"38"}
        assert ("stock", f"v:{_LARGE[0]}") in play.fates("applied")
        play.choose(empty_combinations="show")
        _both(play)
        assert play.front.offered(shoe.id) & {"38", "39"} == {"38", "39"}
        assert _both(play, full=True).writes == ()

    def test_a_new_article_waits_for_the_web_team_and_follows_the_till_then(
        self, play: Play
    ) -> None:
        play.choose(new_articles="draft", gone={"unflagged": "inactive"})
        _flag(play, NEW, on=True)
        _both(play)
        draft = play.product(NEW)
        assert not draft.active
        assert not play.front.has_page(draft.id)
        assert len(draft.variants) == 2
        play.front.switch_product(draft.id, on=True)
        assert _both(play, full=True).writes == ()
        assert play.front.has_page(draft.id)
        _flag(play, NEW, on=False)
        assert not play.product(NEW).active
        _flag(play, NEW, on=True)
        assert play.product(NEW).active
        assert play.product(NEW).id == draft.id

    def test_a_pilot_leaves_the_others_alone_until_it_ends(self, play: Play) -> None:
        wax, cream = play.product(WAX), play.product(CREAM)
        play.choose(pilot={"articles": [str(WAX)]})
        with play.till() as till:
            for article in (WAX, CREAM):
                change_price(till, article, Decimal("43.50"))
            for key in (WAX, CREAM):
                sell(till, key)
        done = _both(play)
        assert {one.id for one in done.writes if one.resource == "products"} == {wax.id}
        assert play.product(WAX).stock == wax.stock - 1
        assert play.product(CREAM) == cream
        play.choose(pilot=None)
        done = _both(play)
        assert {one.id for one in done.writes if one.resource == "products"} == {cream.id}
        assert play.product(CREAM).stock == cream.stock - 1
        assert _both(play, full=True).writes == ()

    def test_the_mode_stock_writes_stock_alone_and_the_rest_later(self, play: Play) -> None:
        cream = play.product(CREAM)
        play.choose(mode="stock")
        with play.till() as till:
            change_price(till, CREAM, Decimal("44.50"))
            sell(till, CREAM)
        assert {one.resource for one in _both(play).writes} == {"stock_availables"}
        seen = play.product(CREAM)
        assert (seen.stock, seen.price) == (cream.stock - 1, cream.price)
        play.choose(mode="all")
        assert [one.resource for one in _both(play).writes] == ["products"]
        assert play.product(CREAM).price != cream.price
        assert _both(play, full=True).writes == ()
        assert play.fates("held") == []


def _flag(play: Play, article: int, *, on: bool) -> None:
    with play.till() as till:
        switch_internet(till, article, on=on)
    _both(play)


def _both(play: Play, *, full: bool = False) -> Done:
    """Run both programs, and the till's once more for the answers; so small a till shrinks much."""
    exported = play.stage.sync_till(accept=(SHRUNKEN,))
    play.proxy.clear()
    applied = play.stage.sync_shop(full=full)
    done = Done(exported, applied, play.proxy.writes(), len(play.proxy.requests()))
    play.stage.sync_till()
    return done
