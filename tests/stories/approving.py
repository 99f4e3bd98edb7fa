"""The story of a person's yes: what is too much waits, is shown, and is done once it is approved.

class TestApproving(ApprovingStory): ...      # in a suite that has a `front`
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from demo.till import (
    build_small_till,
    change_price,
    sell,
    sellable_keys,
    stock_of,
    switch_internet,
)
from pos_exporter.approvals import SHRUNKEN
from tests.stories.page import open_page
from tests.stories.play import Play
from tests.stories.story import Story

#: A quarter of the shop, and more than the twenty that nobody is asked about.
ARTICLES, LEAVING, SOLD, EXAMPLES = 84, 22, 30, 10
#: Simple articles, which stay: one price that is meant, and one slip of the finger.
MEANT, SLIP = 1072, 1077
_CENT = Decimal("0.01")


class ApprovingStory(Story):
    """A till of 84 articles, a quarter of which leaves at once."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=ARTICLES, photos=0, photo_folder=path.parent / "photos")

    def test_a_quarter_of_the_shop_waits_while_the_sales_go_on(self, play: Play) -> None:
        leaving = _leaving(play)
        with play.till() as till:
            for article in leaving:
                switch_internet(till, article, on=False)
            keys = sellable_keys(till, online=True)[-SOLD:]
            after = {key: stock_of(till, key) - 1 for key in keys}
            for key in keys:
                sell(till, key)
        # Before it is sent, the till's own brake asks too.
        play.stage.sync_till(accept=(SHRUNKEN,))
        play.stage.sync_shop()
        play.stage.sync_till()
        assert {key: play.place(key)[2] for key in keys} == after
        assert _active(play, leaving) == len(leaving)
        with open_page(play) as page:
            assert set(page.held()) == {"deactivations"}
            assert page.held()["deactivations"]["count"] == str(LEAVING)
            home = page.text()
            shown = [name for name in _names(play, leaving) if name in home]
            assert len(shown) == EXAMPLES
            waits = page.why(leaving[min(leaving)])
            assert (waits["online"], waits["steps"][-1]["mark"]) == (True, "wait")

    def test_approved_on_the_page_the_next_pass_does_it(self, play: Play) -> None:
        leaving = _leaving(play)
        with open_page(play) as page:
            page.approve("deactivations")
            assert page.held() == {}
            play.stage.sync_shop()
            play.stage.sync_till()
            assert _active(play, leaving) == 0
            assert page.why(leaving[min(leaving)])["online"] is False
            assert page.held() == {}
        assert play.both(full=True).writes == ()

    def test_the_yes_counts_once(self, play: Play) -> None:
        leaving = _leaving(play)
        with play.till() as till:
            for article in leaving:
                switch_internet(till, article, on=True)
        play.both(full=True)
        assert _active(play, leaving) == len(leaving)
        with play.till() as till:
            for article in leaving:
                switch_internet(till, article, on=False)
        play.stage.sync_till(accept=(SHRUNKEN,))
        play.stage.sync_shop()
        play.stage.sync_till()
        assert _active(play, leaving) == len(leaving)
        with open_page(play) as page:
            assert page.held()["deactivations"]["count"] == str(LEAVING)
            # Taken back at the till, nothing waits any more, and nobody said anything.
            with play.till() as till:
                for article in leaving:
                    switch_internet(till, article, on=True)
            play.both()
            play.both(full=True)
            play.stage.sync_till()
            assert page.held() == {}
        assert _active(play, leaving) == len(leaving)

    def test_a_price_divided_by_a_hundred_is_set_aside_alone(self, play: Play) -> None:
        old = {article: _paid(play, article) for article in (MEANT, SLIP, SLIP + 5)}
        with play.till() as till:
            change_price(till, MEANT, (old[MEANT] / 100).quantize(_CENT))
            change_price(till, SLIP, (old[SLIP] / 100).quantize(_CENT))
            change_price(till, SLIP + 5, old[SLIP + 5] + 1)
        done = play.both()
        assert [write.resource for write in done.writes] == ["products"]
        play.stage.sync_till()
        assert (_paid(play, MEANT), _paid(play, SLIP)) == (old[MEANT], old[SLIP])
        assert _paid(play, SLIP + 5) == old[SLIP + 5] + 1
        classes = {f"price/article/{article}" for article in (MEANT, SLIP)}
        with open_page(play) as page:
            assert set(page.held()) == classes
            assert {form["count"] for form in page.held().values()} == {"1"}
            reference = _reference(play, SLIP)
            assert reference in page.text()
            assert page.why(reference)["online"] is True
            assert {"E-HLD-003"} == {
                step["code"] for step in page.why(reference)["steps"] if step["mark"] == "no"
            }
            # One is meant; the other is mended at the till.
            page.approve(f"price/article/{MEANT}")
            with play.till() as till:
                change_price(till, SLIP, old[SLIP])
            play.both()
            play.stage.sync_till()
            assert _paid(play, MEANT) == (old[MEANT] / 100).quantize(_CENT)
            assert _paid(play, SLIP) == old[SLIP]
            assert page.held() == {}
        assert play.both(full=True).writes == ()


def _leaving(play: Play) -> dict[int, str]:
    """Return the references of the articles that leave, by key."""
    with play.till() as till:
        sql = "SELECT ID_ART, REF FROM ARTICLE ORDER BY ID_ART LIMIT ?"
        return dict(till.execute(sql, (LEAVING,)).fetchall())


def _names(play: Play, articles: dict[int, str]) -> list[str]:
    """Return what the shopkeeper calls some articles."""
    with play.till() as till:
        rows = till.execute("SELECT ID_ART, REF || ' ' || LIB FROM ARTICLE").fetchall()
    return [name for key, name in rows if key in articles]


def _active(play: Play, articles: dict[int, str]) -> int:
    return sum(one.active for one in play.front.products(list(articles.values())))


def _reference(play: Play, article: int) -> str:
    with play.till() as till:
        [reference] = till.execute(
            "SELECT REF FROM ARTICLE WHERE ID_ART = ?", (article,)
        ).fetchone()
    return str(reference)


def _paid(play: Play, article: int) -> Decimal:
    prices = play.front.prices(play.product(article).id, [0])
    return prices[0].quantize(_CENT, ROUND_HALF_UP)
