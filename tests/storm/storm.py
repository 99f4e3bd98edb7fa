"""One storm, and one time in which the exporter is stopped.

storm = Storm(play, shop, Inside(play), size, after=baseline)
storm.blow()                         # until all orders are placed and all units sold
storm.calm()                         # passes until nothing moves
storm.judge.wrong_figures()          # []
storm.silence(selling=False)         # the exporter is stopped: the shop's side alone
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from random import Random
from typing import Any

from demo.till import receive_goods
from tests.stories.play import Play
from tests.storm.judge import Judge, Units
from tests.storm.ledger import Gate, Ledger, Quota
from tests.storm.people import Clerk, Counter, WebWorker, open_patient
from tests.storm.programs import Killable, Programs, Ran
from tests.storm.shop import StormShop
from tests.storm.size import Size

#: Rounds of both programs until nothing moves any more.
_ROUNDS_TO_CALM = 12
#: A kill comes between these parts of the time that a whole pass took.
_EARLIEST, _LATEST = 0.0, 1.0


@dataclass
class Figures:
    """What the programs did, counted."""

    exports: int = 0
    passes: int = 0
    kills: int = 0
    later: int = 0
    asked: int = 0
    exposures: int = 0
    exposure_seconds: float = 0.0
    longest_exposure: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add_export(self, ran: Ran) -> None:
        """Count one run of the exporter."""
        with self._lock:
            self.exports += 1
            self.later += not ran.summary
            self.asked += ran.asked

    def add_pass(self, ran: Ran) -> None:
        """Count one pass of the agent that came to its end."""
        with self._lock:
            self.passes += 1
            self.later += not ran.summary
            self.exposures += ran.exposures
            self.exposure_seconds += ran.exposure_seconds
            self.longest_exposure = max(self.longest_exposure, ran.longest_exposure)

    def counts(self) -> dict[str, Any]:
        """Return all counts by name."""
        return {
            "runs of the exporter": self.exports,
            "passes of the agent": self.passes,
            "kills": self.kills,
            "runs to be tried later": self.later,
            "readings that a person said yes to": self.asked,
            "exposures": self.exposures,
            "seconds of exposure": round(self.exposure_seconds, 3),
            "seconds of the longest exposure": round(self.longest_exposure, 3),
        }


@dataclass
class Silent:
    """What was seen while the exporter was stopped.

    Args:
        too_high: Sellables that stood above the bound after a pass, one line each.
        too_low: Those that stood lower than any order asks for.
        exposed: Sellables above the bound at the end of a pass during which people acted.
        rounds: Passes after which it was looked.
    """

    too_high: list[str] = field(default_factory=list)
    too_low: list[str] = field(default_factory=list)
    exposed: int = 0
    rounds: int = 0


class Storm:
    """A stage that is loaded, with everybody on it.

    Args:
        play: The stage; the till's catalogue is on the site.
        shop: The shop behind it.
        programs: How both programs run.
        size: How much is done.
        after: The highest order id of before the first storm on this stage.
    """

    def __init__(
        self, play: Play, shop: StormShop, programs: Programs, size: Size, *, after: int
    ) -> None:
        self.play = play
        self.shop = shop
        self.size = size
        self.ledger = Ledger()
        self.figures = Figures()
        with play.till() as till:
            keys = [key for (key,) in till.execute("SELECT CLE FROM VENDABLE ORDER BY CLE")]
        places = {key: play.place(key)[:2] for key in keys}
        self.judge = Judge(play, shop, places, after=after)
        self._programs = programs
        self._gate = Gate()
        self._clerk = Clerk(play, self.ledger)
        self._random = Random(size.seed)
        self._last = 1.0  # seconds of the last whole pass
        self._oversold_before = 0

    # --- the storm ---------------------------------------------------------------------------

    def blow(self, *, kills: int = 0) -> None:
        """Let everybody act until all orders are placed, all units sold, all kills done.

        Args:
            kills: How often the agent is killed; the programs must be `Killable`.
        """
        self._oversold_before = self.judge.oversold()
        stop, over = threading.Event(), threading.Event()
        quota = Quota(self.size.orders, stop)

        def agent() -> None:
            left = kills
            while not over.is_set() or left:
                left -= self._run_agent(may_die=left > 0)
                over.wait(self.size.pause)

        def exporter() -> None:
            while not over.is_set():
                self._run_exporter()
                over.wait(self.size.pause)

        with ThreadPoolExecutor(self.size.workers + 3) as pool:
            people = [*self._start_workers(pool, quota), self._start_counter(pool, quota)]
            programs = [pool.submit(agent), pool.submit(exporter)]
            try:
                _join(people, programs, stop)
            finally:
                over.set()
        for one in programs:
            one.result()

    def calm(self) -> None:
        """Run both programs in turn, and the clerk, until nothing moves any more."""
        for _ in range(_ROUNDS_TO_CALM):
            followed = self._clerk.follow()
            exported = self._run_exporter()
            ran = self._programs.run_agent()
            self.figures.add_pass(ran)
            if not followed and exported.is_idle and ran.is_idle:
                return
        raise AssertionError(f"still moving: {exported.summary}, {ran.summary}")

    def _run_agent(self, *, may_die: bool = False) -> int:
        """Run the agent, or kill it at its work; return how many kills there were."""
        if may_die and isinstance(self._programs, Killable) and self._random.random() < 0.75:
            after = self._last * self._random.uniform(_EARLIEST, _LATEST)
            killed = self._programs.kill_agent(after=after)
            self.figures.kills += killed
            return int(killed)
        ran = self._programs.run_agent()
        self._last = ran.seconds
        self.figures.add_pass(ran)
        return 0

    def _run_exporter(self) -> Ran:
        ran = self._programs.run_exporter()
        self.figures.add_export(ran)
        self._clerk.follow()
        return ran

    def _start_workers(
        self, pool: ThreadPoolExecutor, quota: Quota, noted: Callable[[], None] = lambda: None
    ) -> "list[Future[None]]":
        places = list(self.judge.places.values())
        return [
            pool.submit(
                WebWorker(
                    self.shop, places, self.ledger, self._gate, quota,
                    Random(f"{self.size.seed}/{number}"), self.size.rest, noted,
                ).work
            )
            for number in range(self.size.workers)
        ]  # fmt: skip

    def _start_counter(self, pool: ThreadPoolExecutor, quota: Quota) -> "Future[None]":
        random = Random(f"{self.size.seed}/till")
        counter = Counter(self.play, list(self.judge.places), self.ledger, quota, random)
        return pool.submit(counter.sell_units, self.size.sales)

    @property
    def oversold(self) -> int:
        """How many units were sold since the beginning, here or there, that were not there."""
        return self.judge.oversold() - self._oversold_before

    def deliver(self, units: int) -> None:
        """Bring so many units of everything to the till."""
        with open_patient(self.play) as till:
            for key in self.judge.places:
                receive_goods(till, key, units)

    # --- the exporter is stopped -------------------------------------------------------------

    def silence(self, *, selling: bool) -> Silent:
        """Let the web go on while the exporter is stopped, and look after each pass.

        Args:
            selling: Whether the counter goes on selling.
        """
        self._oversold_before = self.judge.oversold()
        seen = Silent()
        bounds = _Bounds(self.judge)
        stop = threading.Event()
        quota = Quota(self.size.orders, stop)
        with ThreadPoolExecutor(self.size.workers + 2) as pool:
            people = self._start_workers(pool, quota, bounds.note)
            if selling:
                people.append(self._start_counter(pool, quota))
            looking = pool.submit(self._look, bounds, seen, stop)
            _join(people, [looking], stop)
        looking.result()
        return seen

    def _look(self, bounds: "_Bounds", seen: Silent, stop: threading.Event) -> None:
        while seen.rounds < self.size.rounds and not stop.is_set():
            stop.wait(self.size.pause)
            self._run_agent()  # while people act
            with self._gate.closed():
                seen.exposed += len(bounds.too_high())
                self._run_agent()  # while nobody does
                bounds.offered()
                seen.too_high += bounds.too_high()
                seen.too_low += bounds.too_low()
                seen.rounds += 1
        stop.set()


class _Bounds:
    """How high the site may stand while the till is silent, and how low it must not.

    The till's last word is what it held when the exporter was stopped. An order keeps, at the
    least, the most that it did at the end of any pass since; at the most, the most that was ever
    seen of it.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._figures = judge.till_figures()
        self._lock = threading.Lock()
        self._least: dict[str, dict[int, int]] = {}
        self._most: dict[str, dict[int, int]] = {}
        self.note()
        self.offered()

    def note(self) -> None:
        """Note what orders keep now; by several threads."""
        orders = self._judge.orders().values()
        with self._lock:
            for order in orders:
                _raise(self._most.setdefault(order.reference, {}), self._judge.kept(order))

    def offered(self) -> None:
        """Note what orders keep at the end of a pass: this the till was offered."""
        for order in self._judge.orders().values():
            _raise(self._least.setdefault(order.reference, {}), self._judge.kept(order))

    def too_high(self) -> list[str]:
        """Return the sellables that the site shows above the bound."""
        return self._beyond(self._least, lambda shown, bound: shown > bound)

    def too_low(self) -> list[str]:
        """Return the sellables that the site shows lower than any order asks for."""
        return self._beyond(self._most, lambda shown, bound: shown < bound)

    def _beyond(self, kept: Mapping[str, Units], is_wrong: Callable[[int, int], bool]) -> list[str]:
        uncounted, shown = self._judge.uncounted(kept), self._judge.shown()
        bounds = {key: self._figures[key] - uncounted[key] for key in shown}
        return [
            f"{key}: {shown[key]} shown, {bounds[key]} is the bound"
            for key in shown
            if is_wrong(shown[key], bounds[key])
        ]


def _raise(most: dict[int, int], units: Units) -> None:
    for key, number in units.items():
        most[key] = max(most.get(key, 0), number)


def _join(
    people: "list[Future[None]]", others: "list[Future[None]]", stop: threading.Event
) -> None:
    """Wait for all people; when anybody fails, have the others end and raise."""
    waiting: set[Future[None]] = set(people)
    while waiting:
        done, _ = wait([*waiting, *others], timeout=0.2, return_when=FIRST_EXCEPTION)
        failed = [one for one in done if one.done() and one.exception() is not None]
        if failed:
            stop.set()
            failed[0].result()
        waiting = {one for one in waiting if not one.done()}
