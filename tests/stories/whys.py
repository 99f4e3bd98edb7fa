"""The story of "why is it not online?": many articles, each kept from visitors by something else.

The answer of the page is compared with what a visitor of the shop sees.

    class TestWhys(WhysStory): ...            # in a suite that has a `front`
    class TestShown(ShownStory): ...
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest

from demo.stage import Stage
from demo.till import (
    build_small_till,
    change_price,
    discontinue,
    move_family,
    switch_internet,
)
from pos_exporter.approvals import SHRUNKEN
from protocol.channel.port import Channel, ChannelFullError, Side
from protocol.keys import RandomBytes
from protocol.program.settings import ChannelSettings, open_channel
from tests.stories.page import open_page
from tests.stories.play import Play
from tests.stories.story import Story

#: Links that decide, as the page names them.
_DECIDE = ("till", "choice", "queued", "received", "site")


@dataclass(frozen=True)
class Told:
    """What the page answered: whether it is online, and the link of the chain that decides."""

    online: bool | None
    link: str
    mark: str
    code: str


def _told(answer: Mapping[str, Any]) -> Told:
    steps: Sequence[Mapping[str, Any]] = answer["steps"]
    for mark in ("no", "wait"):
        for step in steps:
            if step["mark"] == mark and step["name"] in _DECIDE:
                return Told(answer["online"], step["name"], mark, step["code"])
    return Told(answer["online"], "", "ok" if steps else "", "")


def _answers(play: Play, articles: Mapping[int, str]) -> dict[int, Told]:
    """Return the page's answers; the page in words says the same sentence."""
    found = {}
    with open_page(play) as page:
        for article, reference in articles.items():
            answer = page.why(reference)
            assert answer["verdict"]["fr"] in page.text(f"/why?ref={reference}")
            found[article] = _told(answer)
    return found


def _references(play: Play) -> dict[int, str]:
    with play.till() as till:
        return dict(till.execute("SELECT ID_ART, REF FROM ARTICLE").fetchall())


def _seen(play: Play, reference: str) -> bool:
    """Return whether a visitor finds an article in its category, and gets its page."""
    found = play.front.products([reference])
    return any(
        play.front.has_page(one.id) and play.front.lists(one.default_category, one.id)
        for one in found
    )


# --- from the till to the site ---------------------------------------------------------------

(ONLINE, BAD_ROW, OTHER_CATEGORY, NO_PHOTO, SOLD_OUT, UNFLAGGED, STOPPED, GONE, NO_TAX, NO_COVER,
 NOT_FETCHED, NOT_SENT) = range(1001, 1013)  # fmt: skip
_LATER = (NO_TAX, NO_COVER, NOT_FETCHED, NOT_SENT)

#: What keeps each from visitors.
WHYS = {
    ONLINE: Told(True, "", "ok", ""),
    BAD_ROW: Told(False, "till", "no", "E-ROW-002"),
    OTHER_CATEGORY: Told(False, "choice", "no", "filter.categories"),
    NO_PHOTO: Told(False, "choice", "no", "filter.with_photo"),
    SOLD_OUT: Told(False, "choice", "no", "filter.in_stock"),
    UNFLAGGED: Told(False, "choice", "no", "unflagged"),
    STOPPED: Told(False, "choice", "no", "discontinued"),
    GONE: Told(None, "", "", ""),
    NO_TAX: Told(False, "site", "no", "E-AGT-002"),
    NO_COVER: Told(None, "site", "wait", "E-AGT-001"),
    NOT_FETCHED: Told(None, "received", "wait", ""),
    NOT_SENT: Told(None, "queued", "wait", ""),
}


class _Full(Channel):
    """A place that has no room left: it can be read, nothing can be put there."""

    def __init__(self, place: Channel) -> None:
        self._place = place

    def names(self, side: Side) -> Sequence[str]:
        return self._place.names(side)

    def size(self, side: Side, name: str) -> int | None:
        return self._place.size(side, name)

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        return self._place.get(side, name, limit)

    def put(self, side: Side, name: str, content: bytes) -> None:
        raise ChannelFullError(reason="quota")

    def delete(self, side: Side, name: str) -> bool:
        return self._place.delete(side, name)

    def close(self) -> None:
        self._place.close()


def _without_room(stage: Stage) -> Stage:
    def full(settings: ChannelSettings, own: Side | None, random_bytes: RandomBytes) -> Channel:
        return _Full(open_channel(settings, own, random_bytes))

    return replace(stage, exporter_wiring=replace(stage.exporter_wiring, open_channel=full))


class WhysStory(Story):
    """Twelve articles: one is online, the others stopped each at another place of the road."""

    policy: ClassVar[Mapping[str, Any]] = {
        "filter": {"categories": ["F01", "L01"], "with_photo": True, "in_stock": True}
    }

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=12, photos=12, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till, till:
            till.execute("UPDATE ARTICLE SET PX_TTC = '4O,90' WHERE ID_ART = ?", (BAD_ROW,))
            till.execute("UPDATE ARTICLE SET COD_FAM = 'H03' WHERE ID_ART = ?", (OTHER_CATEGORY,))
            till.execute("DELETE FROM PHOTO WHERE ID_ART = ?", (NO_PHOTO,))
            till.execute("UPDATE ARTICLE SET QTE_STK = 0 WHERE ID_ART = ?", (SOLD_OUT,))
            till.execute("INSERT INTO TVA VALUES (9, '13,37', 'Taux d''ailleurs')")
            till.execute("UPDATE ARTICLE SET COD_TVA = 9 WHERE ID_ART = ?", (NO_TAX,))
            for article in _LATER:
                till.execute("UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = ?", (article,))

    def test_each_is_kept_from_visitors_by_what_the_page_names(self, play: Play) -> None:
        references = _references(play)
        assert sorted(references) == sorted(WHYS)
        assert {a for a in WHYS if _seen(play, references[a])} == {ONLINE, UNFLAGGED, STOPPED, GONE}
        self._leave(play)
        self._come(play)
        assert _answers(play, references) == WHYS
        seen = {article for article, reference in references.items() if _seen(play, reference)}
        assert seen == {ONLINE}

    def test_what_comes_late_is_online_in_the_end(self, play: Play) -> None:
        references = _references(play)
        for _ in range(3):
            play.both()
        play.stage.sync_till()
        late = {article: references[article] for article in (NO_COVER, NOT_FETCHED, NOT_SENT)}
        assert _answers(play, late) == dict.fromkeys(late, WHYS[ONLINE])
        assert [article for article in late if not _seen(play, late[article])] == []

    def _leave(self, play: Play) -> None:
        """Three articles leave; the site takes them off and says so."""
        gone = _references(play)[GONE]
        with play.till() as till:
            switch_internet(till, UNFLAGGED, on=False)
            discontinue(till, STOPPED, date(2026, 9, 1))
            with till:
                for table in ("ARTICLE", "DECLINAISON", "PHOTO"):
                    till.execute(f"DELETE FROM {table} WHERE ID_ART = ?", (GONE,))  # noqa: S608 - ours
        play.stage.sync_till(accept=(SHRUNKEN,))
        for article in (UNFLAGGED, STOPPED):
            reference = _references(play)[article]
            assert _answers(play, {article: reference})[article].online is True
            assert _seen(play, reference)
        play.stage.sync_shop()
        play.stage.sync_till()
        assert not _seen(play, gone)

    def _come(self, play: Play) -> None:
        """Four articles come, each as far as it can."""
        with play.till() as till:
            switch_internet(till, NO_TAX, on=True)
            switch_internet(till, NO_COVER, on=True)
        play.both()
        play.stage.sync_till()
        with play.till() as till:
            switch_internet(till, NOT_FETCHED, on=True)
        play.stage.sync_till()
        with play.till() as till:
            switch_internet(till, NOT_SENT, on=True)
        with pytest.raises(ChannelFullError):
            _without_room(play.stage).sync_till()


# --- at the site -----------------------------------------------------------------------------

(SHOWN, OLD_PRICE, SWITCHED_OFF, SHELF_OFF, NOWHERE, NO_PRICE, DRAFT, OUTSIDE) = range(1001, 1009)
SHOWN_WHYS = {
    SHOWN: Told(True, "", "ok", ""),
    OLD_PRICE: Told(True, "site", "no", "E-HLD-003"),
    SWITCHED_OFF: Told(False, "site", "no", "E-SEE-002"),
    SHELF_OFF: Told(False, "site", "no", "E-SEE-003"),
    NOWHERE: Told(False, "site", "no", "E-SEE-004"),
    NO_PRICE: Told(False, "till", "no", "E-ROW-031"),
    DRAFT: Told(False, "site", "no", "E-SEE-001"),
    OUTSIDE: Told(False, "site", "no", "E-HLD-002"),
}
_SHELF = "H05"


class ShownStory(Story):
    """Eight articles in the shop or before its door: the web team, the brakes and a trial."""

    policy: ClassVar[Mapping[str, Any]] = {
        "pilot": {"articles": [str(article) for article in SHOWN_WHYS if article != OUTSIDE]}
    }

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=8, photos=0, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till:
            move_family(till, SHELF_OFF, _SHELF)
            for article in (NO_PRICE, DRAFT):
                switch_internet(till, article, on=False)
            change_price(till, NO_PRICE, Decimal("0.00"))

    def test_each_is_kept_from_visitors_by_what_the_page_names(self, play: Play) -> None:
        references = _references(play)
        before = {SHOWN, OLD_PRICE, SWITCHED_OFF, SHELF_OFF, NOWHERE}
        assert {a for a, reference in references.items() if _seen(play, reference)} == before
        shelf = play.product(SHELF_OFF).default_category
        self._change(play)
        play.front.switch_category(shelf, on=False)
        try:
            play.both(full=True)
            play.stage.sync_till()
            assert _answers(play, references) == SHOWN_WHYS
            seen = {article for article, one in references.items() if _seen(play, one)}
            assert seen == {SHOWN, OLD_PRICE}
        finally:
            play.front.switch_category(shelf, on=True)

    def test_what_the_web_team_shows_again_is_told_to_be_online(self, play: Play) -> None:
        references = _references(play)
        for article in (SWITCHED_OFF, DRAFT):
            play.front.switch_product(play.product(article).id, on=True)
        play.both(full=True)
        play.stage.sync_till()
        back = {article: references[article] for article in (SWITCHED_OFF, SHELF_OFF, DRAFT)}
        assert _answers(play, back) == dict.fromkeys(back, SHOWN_WHYS[SHOWN])
        assert [article for article in back if not _seen(play, back[article])] == []

    def _change(self, play: Play) -> None:
        """A draft comes, and a price of nothing; then the web team goes through the shop."""
        play.choose(new_articles="draft")
        with play.till() as till:
            switch_internet(till, DRAFT, on=True)
            switch_internet(till, NO_PRICE, on=True)
            change_price(till, OLD_PRICE, Decimal("4.20"))
        play.both()
        play.choose(owners={"article.online": "site"})
        play.front.switch_product(play.product(SWITCHED_OFF).id, on=False)
        play.front.show_nowhere(play.product(NOWHERE).id)
