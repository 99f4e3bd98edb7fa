"""The editor's story: what the web team makes stays, while price and stock go on.

class TestEditor(EditorStory): ...      # in a suite that has a `front`
"""

from collections import Counter
from decimal import Decimal
from io import BytesIO

from PIL import Image

from demo.till import change_price, sell
from tests.stories.play import Play
from tests.stories.story import Story
from tests.stories.till_reading import with_tax

#: An article with variants, and one of them.
ARTICLE, VARIANT = 1001, 100102
NAME = "Derby choisi par l'équipe web"


class EditorStory(Story):
    """A small till; the web team works on its first article."""

    def test_the_web_teams_work_survives_three_passes_while_price_and_stock_go_on(
        self, play: Play
    ) -> None:
        front, before = play.front, play.product(ARTICLE)
        shelf = next(
            one.id
            for one in front.categories().values()
            if one.parent == front.home() and one.id not in before.categories
        )
        front.change_name(before.id, "fr", NAME)
        photo = front.add_photo(before.id, _photo())
        front.put_in_category(before.id, shelf)
        extra = front.add_combination(before.id, "Lacets rouges")
        front.change_stock(before.id, extra, 3)
        front.allow_orders_at_zero(before.id)

        reported: Counter[str] = Counter()
        for number in range(3):
            price = Decimal("61.90") + number
            with play.till() as till:
                change_price(till, ARTICLE, price)
                sell(till, VARIANT, 1)
            done = play.both(full=number != 1)
            reported += Counter(str(subject) for subject, _ in done.applied.edited)
            shown = play.product(ARTICLE)
            assert with_tax(shown) == price
            assert len(set(play.figures(VARIANT))) == 1

        assert shown.id == before.id
        assert shown.names == {**before.names, "fr": NAME}
        assert set(shown.images) == {*before.images, photo}
        assert shown.cover == before.cover
        assert shown.categories == before.categories | {shelf}
        assert {one.id for one in shown.variants} == {*(v.id for v in before.variants), extra}
        assert {one.id: one.stock for one in shown.variants}[extra] == 3
        assert shown.stock == sum(one.stock for one in shown.variants)
        assert shown.out_of_stock == 1
        assert (shown.slugs, shown.descriptions) == (before.slugs, before.descriptions)
        assert reported == Counter({f"article {ARTICLE}": 1})
        assert play.both(full=True).writes == ()
        assert play.fates("edited_on_site") == [("article", str(ARTICLE))]

    def test_what_the_web_team_took_away_is_not_put_back(self, play: Play) -> None:
        """A photo of ours that people deleted stays deleted."""
        before = play.product(ARTICLE)
        ours = before.images[0]
        play.front.delete_photo(before.id, ours)
        for full in (True, False, True):
            play.both(full=full)
            assert ours not in play.product(ARTICLE).images
            assert len(play.product(ARTICLE).images) == len(before.images) - 1


def _photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (320, 240), (30, 120, 60)).save(kept, "JPEG")
    return kept.getvalue()
