"""The story of who is who: what the till changes about an article never makes another product."""

from uuid import uuid4

from demo.till import rename_reference, sell, switch_internet
from tests.equipment.counting_proxy import SeenWrite
from tests.stories.play import Play
from tests.stories.story import Story


class IdentityStory(Story):
    """A small till; each test has an article of its own."""

    def test_a_renamed_reference_is_one_update_of_the_same_product(self, play: Play) -> None:
        before = play.product(1003)
        # A shop may have seen this story before: no two products shall share the new reference.
        reference = f"NEUVE-{uuid4().hex[:12]}"
        with play.till() as till:
            rename_reference(till, 1003, reference)
        done = play.both()
        assert done.writes == (SeenWrite("PATCH", "products", before.id, {"reference": reference}),)
        after = play.product(1003)
        assert (after.id, after.reference) == (before.id, reference)
        assert (after.slugs, after.variants) == (before.slugs, before.variants)
        assert play.front.products([before.reference]) == []
        assert play.both(full=True).writes == ()

    def test_an_article_switched_off_and_on_keeps_its_id_url_and_photos(self, play: Play) -> None:
        before = play.product(1001)
        assert before.active
        assert len(before.images) == 1
        with play.till() as till:
            switch_internet(till, 1001, on=False)
        off = play.both()
        assert off.writes == (SeenWrite("PATCH", "products", before.id, {"active": "0"}),)
        assert not play.product(1001).active
        assert play.both(full=True).writes == ()

        with play.till() as till:
            switch_internet(till, 1001, on=True)
        on = play.both()
        assert on.writes == (SeenWrite("PATCH", "products", before.id, {"active": "1"}),)
        for _ in range(2):
            later = play.both(full=True)
            assert (later.writes, later.exported.photos) == ((), 0)
        assert play.product(1001) == before
        assert play.fates("waiting") == []

    def test_what_was_sold_meanwhile_is_right_before_anybody_sees_the_article(
        self, play: Play
    ) -> None:
        before = play.product(1004)
        with play.till() as till:
            switch_internet(till, 1004, on=False)
        play.both()
        with play.till() as till:
            sell(till, 100402, 2)
        assert play.both().writes == ()
        with play.till() as till:
            switch_internet(till, 1004, on=True)
        size = before.variants[1]
        assert play.both().writes == (
            SeenWrite(
                "PATCH", "stock_availables", size.stock_row, {"quantity": str(size.stock - 2)}
            ),
            SeenWrite("PATCH", "products", before.id, {"active": "1"}),
        )
        assert play.figures(100402) == (size.stock - 2, size.stock - 2)
