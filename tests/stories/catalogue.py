"""The catalogue's story: what the till sells is on the site, to the cent, and nothing else is.

class TestCatalogue(CatalogueStory): ...      # in a suite that has a `front`
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from demo.till import WRONG_ROWS, build_till
from tests.stories.play import Play
from tests.stories.story import Story
from tests.stories.till_reading import families

_CENT = Decimal("0.01")
WRONG = frozenset(row.article_id for row in WRONG_ROWS)
#: The wrong rows that leave nothing of their article to be sent.
ABSENT = {901, 902, 903, 905, 906, 907, 908}


class CatalogueStory(Story):
    """The demo's till, loaded once; every test looks."""

    models = 40

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_till(path, models=cls.models, photo_folder=path.parent / "photos")

    def test_every_article_is_on_the_site_as_at_the_till(self, play: Play) -> None:
        articles = play.expected(without=sorted(WRONG))
        assert sum(len(article.variants) for article in articles.values()) > 2 * self.models
        assert sum(article.photos for article in articles.values()) > self.models // 3
        assert {name for article in articles.values() for name in article.names} == {"fr", "en"}
        assert play.compare(articles) == {}

    def test_a_visitor_pays_the_tills_price_to_the_cent(self, play: Play) -> None:
        articles = play.expected(without=sorted(WRONG))
        wanted: dict[str, Decimal] = {}
        paid: dict[str, Decimal] = {}
        for product in play.front.products([one.reference for one in articles.values()]):
            combinations = {variant.id: variant.reference for variant in product.variants}
            prices = play.front.prices(product.id, list(combinations) or [0])
            for number, price in prices.items():
                reference = combinations.get(number, product.reference)
                paid[reference] = price.quantize(_CENT, ROUND_HALF_UP)
        for article in articles.values():
            wanted |= {one.reference: one.price for one in (article.variants or [article])}
        assert len(wanted) > 2 * self.models
        assert paid == wanted

    def test_the_tree_of_categories_is_the_tills(self, play: Play) -> None:
        with play.till() as till:
            tree = families(till)
        names = {family.code: family.names["fr"] for family in tree}
        there = play.front.categories()
        home = play.front.home()
        shown = Counter(
            (
                one.names["fr"],
                one.names["en"],
                None if one.parent == home else there[one.parent].names["fr"],
            )
            for one in there.values()
            if one.parent
        )
        for family in tree:
            parent = None if family.parent is None else names[family.parent]
            assert shown[family.names["fr"], family.names["en"], parent] == 1

    def test_what_is_wrong_at_the_till_is_absent_and_the_rest_of_it_is_there(
        self, play: Play
    ) -> None:
        seen = {
            row.article_id: {p.reference: p for p in play.front.products([row.reference])}
            for row in WRONG_ROWS
        }
        assert {article for article, products in seen.items() if not products} == ABSENT
        there = {a: next(iter(found.values())) for a, found in seen.items() if found}
        assert [v.reference for v in there[904].variants] == ["H01-904-41-NOI"]
        assert [v.reference for v in there[909].variants] == ["H01-909-40-NOI", "H01-909-41-NOI"]
        assert [v.reference for v in there[910].variants] == ["H01-910-40-NOI"]
        assert there[911].stock == 0
        assert there[912].images == ()

    def test_what_is_not_for_the_site_is_not_there(self, play: Play) -> None:
        with play.till() as till:
            rows = till.execute(
                "SELECT REF FROM ARTICLE WHERE INTERNET <> 'O' OR ARRETE = 'O'"
            ).fetchall()
        kept = [reference for (reference,) in rows]
        assert kept
        assert play.front.products(kept) == []

    def test_the_till_knows_that_all_is_applied(self, play: Play) -> None:
        articles = play.expected(without=sorted(WRONG))
        applied = {key for kind, key in play.fates("applied") if kind == "article"}
        assert {str(key) for key in articles} <= applied
        assert play.fates("refused") == play.fates("edited_on_site") == []

    def test_a_pass_after_that_writes_nothing(self, play: Play) -> None:
        quick, full = play.both(), play.both(full=True)
        assert quick.writes == full.writes == ()
        assert quick.requests <= 3
