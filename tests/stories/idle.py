"""The idle story: what a minute costs in which nothing happens, counted at all four ends.

The agent runs its quick pass, the exporter its fast stock run; both have done so before.
"""

from demo.till import sell
from tests.equipment.counting_ftp import counting_handler, listings, logins
from tests.equipment.counting_till import counted_statements
from tests.stories.play import Play
from tests.stories.story import Story

#: A sellable of the small till.
_VARIANT = 100101
_MOST_REQUESTS = 3
#: Counted orders and stock, each of variants and of simple articles.
_NARROW = 4
_QUIET_PASSES = 3


class IdleStory(Story):
    """A small till, in step with the shop."""

    handler = counting_handler()

    @classmethod
    def begin(cls, play: Play) -> None:
        play.first_load()
        for _ in range(_QUIET_PASSES):
            play.stage.sync_till(only=("stock",))
            play.stage.sync_shop()

    def test_an_idle_pass_of_the_agent_logs_in_once_lists_once_and_asks_thrice_at_most(
        self, play: Play
    ) -> None:
        for _ in range(_QUIET_PASSES):
            self.handler.commands.clear()
            play.proxy.clear()
            play.stage.sync_shop()
            assert (logins(self.handler.commands), listings(self.handler.commands)) == (1, 1)
            assert {"STOR", "RETR", "DELE"} & set(self.handler.commands) == set()
            asked = [one.target for one in play.proxy.requests()]
            assert 1 <= len(asked) <= _MOST_REQUESTS, asked

    def test_an_idle_fast_run_of_the_exporter_reads_stock_and_counted_orders_alone(
        self, play: Play
    ) -> None:
        for _ in range(_QUIET_PASSES):
            self.handler.commands.clear()
            with counted_statements(play.stage.till_path.name) as asked:
                done = play.stage.sync_till(only=("stock",))
            read = [one for one in asked if one.startswith("SELECT")]
            assert len(read) == _NARROW, read
            assert done.sent.built == 0
            assert logins(self.handler.commands) == 1
            assert {"STOR", "RETR", "DELE"} & set(self.handler.commands) == set()

    def test_a_sale_goes_through_by_fast_runs_alone(self, play: Play) -> None:
        before = play.figures(_VARIANT)
        with play.till() as till:
            sell(till, _VARIANT, 1)
        play.stage.sync_till(only=("stock",))
        play.stage.sync_shop(only_stock=True)
        assert play.figures(_VARIANT) == (before[0] - 1, before[1] - 1)
