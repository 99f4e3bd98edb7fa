"""One history's world: the shop, the till and the place between, and the real programs in it.

What happens are steps: of people, of the road, of losses, and here of the programs. After each run
of the agent the judge is asked whether the promise holds.

    world = ModelWorld(rig, setting)
    world.happen(Step("place", (0, 1)))
    rest(world)                           # everything is said; BrokenPromiseError when it is wrong
"""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from pos_exporter.exporter import Options as ExportOptions
from protocol.errors import ComptoirError
from protocol.link.staging import Delivery
from protocol.records import Record, Stock
from shop_agent.pass_ import Options
from tests.model.goods import KEYS
from tests.model.ground import Ground
from tests.model.losses import Losses
from tests.model.moments import Watch
from tests.model.pairing import pair
from tests.model.people import Customers, TillPeople
from tests.model.ports import Death, Script, ScriptedPorts
from tests.model.promise import BrokenPromiseError, Judge
from tests.model.rig import Rig
from tests.model.road import Road
from tests.model.steps import QUIETLY, Setting, Step


class ModelWorld(Ground):
    """The world.

    Args:
        rig: The programs.
        setting: How it is made.
        seed: Of the bytes that the programs draw.
        begun: What the agent has heard where the rig begins; None: nothing, for they first meet.
    """

    def __init__(
        self, rig: Rig, setting: Setting, seed: int = 0, begun: Mapping[str, Stock] | None = None
    ) -> None:
        super().__init__(rig, setting)
        self._random = random.Random(seed)
        self.buffer = setting.buffer
        self.one_snapshot = setting.one_snapshot
        self.ports = ScriptedPorts(self._meanwhile, self._seen, self._tick)
        self.watch = Watch(self)
        self.judge = Judge(self)
        self.customers = Customers(self, self.watch)
        self.till_people = TillPeople(self)
        self.road = Road(self.place)
        self.losses = Losses(self)
        rig.begin(self)
        if begun is None:
            self._meet()
            return
        self.oracle.heard = dict(begun)
        for key in KEYS:
            self.till.stock[key] = setting.quantity
        pair(self)
        self.losses.begin()

    def _meet(self) -> None:
        """Have the programs meet: the agent knows the till's articles, and adopts the shop's."""
        self.do_export(0)
        self._run("shop", QUIETLY, lambda: self.rig.agent_pass(Options(only_stock=True)))
        self.adopt()
        self.rig.start_from(self)

    # --- what the rig asks ---------------------------------------------------------------------

    def _tick(self) -> None:
        self.now += timedelta(milliseconds=self.setting.tick)

    def draw(self, size: int) -> bytes:
        """Return bytes for a nonce or a name."""
        return self._random.randbytes(size)

    def delivered(self, delivery: Delivery) -> None:
        """Note what the agent has just taken from the till."""
        self.judge.delivered(delivery)

    def queued(self, record: Record) -> None:
        """Note what a program puts into its outbox; its transaction may yet fail."""
        self.judge.queued(record)

    def _seen(self, point: str) -> None:
        if point.startswith("wrote "):
            self.judge.wrote(point.removeprefix("wrote "))
        self.watch.at(point)
        if point == "orders_read whole":
            self.judge.orders_read()
        if point == "channel_put":
            self.road.keep_copies()

    # --- steps ---------------------------------------------------------------------------------

    def happen(self, step: Step) -> None:
        """Let one thing happen.

        Raises:
            BrokenPromiseError: It shows that the promise does not hold.
        """
        self.trace.append(f"{self.now:%H:%M:%S} {step}")
        method = self._act(step.name)
        if step.name in ("export", "agent"):
            method(*step.args, script=step.script)
        else:
            method(*step.args)

    def _act(self, name: str) -> Callable[..., None]:
        parts = (self, self.customers, self.till_people, self.road, self.losses)
        for part in parts:
            act: Callable[..., None] | None = getattr(part, f"do_{name}", None)
            if act is not None:
                return act
        raise BrokenPromiseError(f"nothing is called {name}")

    def _meanwhile(self, step: object) -> None:
        if isinstance(step, Step):
            running = self.running
            self.trace.append(f"    meanwhile {step}")
            self._act(step.name)(*step.args)
            self.running = running

    def do_export(self, kind: int, script: Script = QUIETLY) -> None:
        """The exporter runs: wholly, stock alone, or everything again."""
        options = (
            ExportOptions(), ExportOptions(only=frozenset({"stock"})), ExportOptions(full=True)
        )[kind % 3]  # fmt: skip
        self._run("pos", script, lambda: self.rig.export(options))

    def do_agent(self, kind: int, script: Script = QUIETLY) -> None:
        """The agent runs: as ever, over everything, or with little time."""
        self.adopt()
        deadline = self.now + timedelta(milliseconds=self.setting.tick * 12) if kind == 2 else None
        options = Options(full=kind == 1, only_stock=True, deadline=deadline)
        self._agent(options, script)

    def do_accept(self) -> None:
        """A person says that the shop was restored, and that it may be written again."""
        self.adopt()
        self._agent(Options(only_stock=True, accept=("restored",)), QUIETLY)

    def _agent(self, options: Options, script: Script) -> None:
        self.watch.begin_pass()
        self.judge.begin_pass()
        is_whole = self._run("shop", script, lambda: self.rig.agent_pass(options).more_to_do)
        if is_whole is False and self.adopt():  # the catalogue's pass writes the stock of the new
            is_whole = self._run(
                "shop", QUIETLY, lambda: self.rig.agent_pass(Options(only_stock=True)).more_to_do
            )
        # Nothing tells at once that a shop was restored; the nightly pass heals its figures.
        heals = bool(options.full or options.accept)
        self.judge.end_pass(is_whole=is_whole is False, heals=heals)

    def _run(self, side: str, script: Script, run: Callable[[], object]) -> object:
        """Return what a run answers; None when it was stopped."""
        self.running, self.stopped = side, ""
        self.till_people.begin_run()
        self.ports.begin(script)
        try:
            return run()
        except Death:
            self.trace.append("    killed")
        except ComptoirError as error:
            self.trace.append(f"    stopped: {error.code}")
            self.stopped = error.code
        finally:
            self.running = ""
            self.ports.begin(QUIETLY)
        return None

    def do_wait(self, seconds: int) -> None:
        """Time passes."""
        self.pass_time(seconds)
