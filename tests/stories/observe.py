"""The story of looking only: a dry run of either side, and the mode `observe`, change nothing.

class TestObserve(ObserveStory): ...      # in a suite that has a `front`
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from demo.till import change_price, sell
from tests.stories.play import Play
from tests.stories.story import Story

ARTICLE, SIMPLE = 1001, 1002


class DryRunStory(Story):
    """A small till that is in the shop already, and changes."""

    def test_a_dry_run_says_what_would_be_done_and_does_nothing(self, play: Play) -> None:
        with play.till() as till:
            change_price(till, ARTICLE, Decimal("47.90"))
            sell(till, SIMPLE, 1)
        planned = play.stage.sync_till(dry_run=True)
        assert planned.changes is not None
        # Nothing was queued: the site has nothing to plan yet.
        held, packets = play.front.checksums(), sorted(play.ftp_root.rglob("*"))
        assert play.stage.sync_till(dry_run=True).changes == planned.changes
        assert sorted(play.ftp_root.rglob("*")) == packets

        play.stage.sync_till()
        play.proxy.clear()
        before = sorted(play.ftp_root.rglob("*"))
        report = play.stage.sync_shop(dry_run=True, full=True)
        assert report.summary()["written"] == {
            "products": {"changed": 1},
            "stock_availables": {"changed": 1},
        }
        assert play.proxy.write_requests() == ()
        assert play.front.checksums() == held
        assert sorted(play.ftp_root.rglob("*")) == before

        assert {write.resource for write in play.both().writes} == {"products", "stock_availables"}
        assert play.front.checksums() != held


class ObserveStory(Story):
    """A small till whose owner only wants to look."""

    policy: ClassVar[Mapping[str, Any]] = {"mode": "observe"}

    @classmethod
    def begin(cls, play: Play) -> None:
        """Leave the shop as it is."""

    def test_everything_is_planned_and_nothing_is_written(self, play: Play) -> None:
        held = play.front.checksums()
        play.proxy.clear()
        for _ in range(2):
            play.stage.sync_till()
            report = play.stage.sync_shop(full=True)
        assert play.proxy.requests()
        assert play.proxy.write_requests() == ()
        assert play.front.checksums() == held
        assert report.summary()["mode"] == "observe"
        assert report.summary()["planned"]["products"]["created"] == 5
        assert report.summary()["written"] == {}
        play.stage.sync_till()
        assert {("article", str(ARTICLE)), ("article", str(SIMPLE))} <= set(play.fates("held"))
