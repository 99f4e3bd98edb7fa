"""The quiet story: what is right is left alone, and what strangers change is put right once.

PrestaShop stores HTML otherwise than it was sent; a program that compares what it sent with what it
reads would write for ever, or take the shop's rewriting for somebody's edit.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from demo.till import build_small_till, rename_article
from tests.equipment.counting_proxy import SeenWrite
from tests.stories.play import Play
from tests.stories.story import Story

#: Style, a link, tags never closed, entities, no-break spaces: the shop rewrites all of it.
TEXT_FR = (
    '<p style="color:red;position:fixed">Cuir&nbsp;: <a href="https://example.com/a?b=1&c=2" '
    'target="_blank">voir</a> <b>souple<br>Prix juste, 40 € & plus\u00a0!</b><ul><li>un<li>deux'
)
TEXT_EN = (
    '<div style="margin-left: 12px">Leather&nbsp;: <a href="https://example.com/en">look</a>'
    "<p>supple <i>and <b>light</i><br>Fair price, 40\u00a0€ & more"
)
EDITED = "<p>Texte de l'équipe web.</p>"


class QuietStory(Story):
    """A small till with difficult texts in both languages."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=2, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till, till:
            till.execute("UPDATE ARTICLE SET DESC_FR = ?, DESC_EN = ?", (TEXT_FR, TEXT_EN))

    def test_the_shop_has_rewritten_every_text(self, play: Play) -> None:
        for article in play.expected():
            stored = play.product(article).descriptions
            assert stored["fr"] != TEXT_FR
            assert stored["en"] != TEXT_EN
            assert "position" not in stored["fr"]
        assert play.compare(play.expected()) == {}

    def test_three_passes_write_nothing_and_report_no_edit(self, play: Play) -> None:
        for full in (False, False, True):
            done = play.both(full=full)
            assert play.proxy.write_requests() == ()
            assert done.applied.edited == []
            assert done.applied.summary()["written"] == {}
            assert done.exported.changes is not None
            assert done.exported.changes.records == ()
            assert done.requests <= 3 or full
        assert play.fates("edited_on_site") == []

    def test_a_full_pass_heals_what_strangers_changed_and_keeps_their_text(
        self, play: Play
    ) -> None:
        front = play.front
        edited, dear, boots = play.product(1001), play.product(1002), play.product(1004)
        shelf = front.categories()[dear.default_category]
        size = boots.variants[0]
        front.change_price(dear.id, Decimal("1.000000"))
        front.change_stock(boots.id, size.id, 77)
        front.change_description(edited.id, "fr", EDITED)
        front.rename_category(shelf.id, "fr", "Soldes")

        quick = play.both()
        assert quick.writes == ()  # a quick pass looks at what changed at the till
        done = play.both(full=True)
        assert done.writes == (
            SeenWrite("PATCH", "stock_availables", size.stock_row, {"quantity": str(size.stock)}),
            SeenWrite("PATCH", "categories", shelf.id, {"name": _by_id(play, shelf.names)}),
            SeenWrite("PATCH", "products", dear.id, {"price": f"{dear.price.normalize():f}"}),
        )
        assert [(str(subject), problem.facts["field"], problem.facts["lang"])
                for subject, problem in done.applied.edited] == [
            ("article 1001", "description", "fr")
        ]  # fmt: skip

        assert (play.product(1002).price, play.product(1004).stock) == (dear.price, boots.stock)
        assert front.categories()[shelf.id] == shelf
        kept = play.product(1001).descriptions
        assert kept == {"fr": EDITED, "en": edited.descriptions["en"]}

        for _ in range(2):
            again = play.both(full=True)
            assert (again.writes, again.applied.edited) == ((), [])
            assert play.fates("edited_on_site") == [("article", "1001")]

    def test_an_edited_text_stays_when_the_till_writes_its_neighbours(self, play: Play) -> None:
        product = play.product(1003)
        play.front.change_description(product.id, "fr", EDITED)
        with play.till() as till:
            rename_article(till, 1003, "Bottine Adèle fourrée")
            sql = "UPDATE ARTICLE SET DESC_EN = ? WHERE ID_ART = 1003"
            with till:
                till.execute(sql, ("<p>Warm lining</p>",))
        done = play.both()
        assert [write.names for write in done.writes] == [
            ("PATCH", "products", product.id, ("description", "name"))
        ]
        shown = play.product(1003)
        assert shown.names["fr"] == "Bottine Adèle fourrée"
        assert shown.descriptions == {"fr": EDITED, "en": "<p>Warm lining</p>"}
        play.both()
        assert ("article", "1003") in play.fates("edited_on_site")
        assert play.both(full=True).writes == ()


def _by_id(play: Play, names: Mapping[str, str]) -> dict[int, str]:
    languages = play.front.languages()
    return {languages[iso]: name for iso, name in names.items()}
