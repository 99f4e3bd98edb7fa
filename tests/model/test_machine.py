"""The same rules as a state machine: hypothesis looks for a counterexample and makes it short."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.model.play import begun_with
from tests.model.ports import Moment, Script
from tests.model.promise import BrokenPromiseError
from tests.model.rest import rest
from tests.model.rig import Rig
from tests.model.steps import Setting, Step
from tests.model.world import ModelWorld

_NUMBER = st.integers(0, 5)
_GOOD = st.sampled_from((0, 1, 2, 3))
_UNITS = st.integers(1, 2)
_MORE = st.integers(0, 2)
_STATE = st.sampled_from(range(14))
_SIDE = st.integers(0, 1)


def _step(name: str, *numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Step]:
    return st.tuples(*numbers).map(lambda args: Step(name, args))


_PLACE = _step("place", _GOOD, _UNITS, _GOOD, _MORE, _STATE)
_BEGIN = _step("begin", _GOOD, _UNITS, _GOOD, _MORE, _STATE, _MORE)
_FINISH = _step("finish", _NUMBER)
_CHANGE = _step("state", _NUMBER, _STATE)
_EDIT = _step("edit", _NUMBER, _MORE, _GOOD, st.integers(0, 3))
_SELL = _step("sell", _GOOD, _UNITS)
_RECEIVE = _step("receive", _GOOD, st.integers(1, 5))
_COUNT = _step("count", _NUMBER, st.integers(-1, 3))
_UNCOUNT = _step("uncount", _NUMBER)
_SHOP = st.one_of(_PLACE, _BEGIN, _FINISH, _CHANGE, _EDIT)
_TILL = st.one_of(_SELL, _RECEIVE, _COUNT, _UNCOUNT, _step("follow", _NUMBER))
_ROAD = st.one_of(
    _step("lose", _SIDE, _NUMBER), _step("hide", _SIDE, _NUMBER), _step("show", _NUMBER),
    _step("double", _SIDE, _NUMBER),
)  # fmt: skip
_LOSS = st.one_of(
    _step("backup", st.integers(0, 3)), _step("restore", st.integers(0, 3)),
    _step("forget", _SIDE), _step("accept"), _step("click"),
)  # fmt: skip


def _script(points: tuple[str, ...], steps: st.SearchStrategy[Step]) -> st.SearchStrategy[Script]:
    moment = st.builds(
        Moment, point=st.sampled_from(points), nth=st.integers(1, 4), after=st.booleans(),
        step=steps,
    )  # fmt: skip
    return st.builds(
        Script, inside=st.lists(moment, max_size=2).map(tuple),
        dies=st.sampled_from((0, 0, 0, 5, 12, 25)), fails=st.sampled_from((0, 0, 0, 4, 9, 20)),
        late=st.booleans(),
    )  # fmt: skip


_IN_AGENT = _script(("orders_read", "stock_availables", "write"), _SHOP)
_IN_EXPORTER = _script(("till_counted", "till_stock", "till_write"), _TILL)
_SETTING = st.builds(
    Setting, quantity=st.integers(0, 5), buffer=st.integers(0, 2), at_import=st.booleans(),
    takes_changes=st.booleans(), one_snapshot=st.booleans(), pack_stock=st.integers(0, 2),
    edits_move=st.booleans(), tick=st.sampled_from((20, 400)),
    old=st.lists(st.tuples(_GOOD, _UNITS, _STATE, st.booleans()), max_size=2).map(tuple),
)  # fmt: skip


class StockMachine(RuleBasedStateMachine):
    """A world of which hypothesis chooses what happens."""

    rig: Rig
    world: ModelWorld

    @initialize(setting=_SETTING)
    def begin(self, setting: Setting) -> None:
        self.broken = False
        self.world = ModelWorld(self.rig, setting, 0, begun_with(self.rig))

    @rule(step=_SHOP)
    def the_shop(self, step: Step) -> None:
        self._happen(step)

    @rule(step=_TILL)
    def the_till(self, step: Step) -> None:
        self._happen(step)

    @rule(kind=st.integers(0, 2), script=_IN_AGENT)
    def the_agent(self, kind: int, script: Script) -> None:
        self._happen(Step("agent", (kind,), script))

    @rule(kind=st.integers(0, 2), script=_IN_EXPORTER)
    def the_exporter(self, kind: int, script: Script) -> None:
        self._happen(Step("export", (kind,), script))

    @rule(step=st.one_of(_ROAD, _LOSS))
    def what_no_day_should_bring(self, step: Step) -> None:
        self._happen(step)

    @rule(seconds=st.sampled_from((1, 60, 3600, 50_000)))
    def time(self, seconds: int) -> None:
        self._happen(Step("wait", (seconds,)))

    def _happen(self, step: Step) -> None:
        try:
            self.world.happen(step)
        except BrokenPromiseError:
            self.broken = True
            raise

    def teardown(self) -> None:
        if hasattr(self, "world") and not self.broken:
            rest(self.world)


def test_nothing_that_can_happen_breaks_the_promise() -> None:
    StockMachine.rig = Rig()
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, derandomize=True,
            database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
