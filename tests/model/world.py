"""One history's world: the shop, the till and the place between, and the real programs in it.

Steps are its methods; after each run of the agent it is asked whether the promise holds. What is
seen on the way (`seen`) tells which kinds of moments the history had.

    world = ModelWorld(rig, setting)
    world.happen(Step("place", (0, 1)))
    world.rest()                          # everything is said; BrokenPromiseError when it is wrong
"""

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TypeVar, cast

from sqlalchemy import select

from pos_exporter.export import Options as ExportOptions
from pos_exporter.orders_lost import enter_lost
from protocol.channel.memory import MemoryPlace
from protocol.channel.port import Side
from protocol.errors import ComptoirError
from protocol.link.staging import Delivery
from protocol.records import Fate, Order, Policy, Record, Settlement, Stock, content_hash
from shop_agent.actions import Subject
from shop_agent.baseline import _Present, _set_all  # what the command does once it has read
from shop_agent.config import AgentSettings
from shop_agent.orders.bundles import light_order
from shop_agent.orders.collect import read_newest
from shop_agent.pass_ import Options, profile_of
from shop_agent.replica import Replica
from shop_agent.state import STATE
from tests.model.goods import ARTICLES, BOUGHT, KEYS, LARGE, PRODUCTS, SMALL
from tests.model.oracle import NOTHING, Oracle, Units, kept_by, uid_of
from tests.model.ports import Death, Script, ScriptedPorts
from tests.model.rig import Copy, Rig
from tests.model.shop import STATES, ModelShop, WebOrder
from tests.model.steps import QUIETLY, Setting, Step
from tests.model.till import ModelTill

T = TypeVar("T")

_START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
#: Rounds of both programs after which everything must have been said.
ROUNDS = 40
#: Rounds in which nothing moves any more.
PATIENCE = 8
#: Kinds of moments that a history may have: an order comes …
MOMENTS = ("between reading and writing", "between writing and looking back", "in state 0",
           "inside the look-back")  # fmt: skip


@dataclass(frozen=True)
class Exposure:
    """The site showed more than the formula: an order came between a reading and a write.

    Args:
        seconds: How long.
        in_one_pass: Mended by the pass that made it; otherwise that one was stopped, and the next
            whole one mended it.
    """

    seconds: float
    in_one_pass: bool


@dataclass(eq=False)
class _Offered:
    """A document on its way into the outbox.

    Args:
        document: It.
        digest: Its content hash.
        is_late: It was read once stock was written.
        is_kept: Its transaction was kept.
    """

    document: Order
    digest: str
    is_late: bool
    is_kept: bool = False


class BrokenPromiseError(AssertionError):
    """The promise does not hold."""


class ModelWorld:
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
        self._rig = rig
        self._random = random.Random(seed)
        self._setting = setting
        self.now = _START
        self.buffer = setting.buffer
        self.one_snapshot = setting.one_snapshot
        self.shop = ModelShop(self._local, setting.pack_stock, setting.edits_move)
        self.till = ModelTill("at_import" if setting.at_import else "by_hand",
                              setting.takes_changes)  # fmt: skip
        self.place = MemoryPlace()
        self.ports = ScriptedPorts(self._meanwhile, self._seen, self._tick)
        self.oracle = Oracle(self.till)
        self.seen: set[str] = set()
        self.exposures: list[Exposure] = []
        self.naive_oversold = False
        self._running = ""
        self._stopped = ""  # the code of what stopped the last run
        self._is_stale = False  # the shop was restored, and not healed since
        # Orders as a backup had them: what they kept as last read, and what they keep since.
        self._put_back: dict[str, tuple[Units, Units]] = {}
        self._unread: list[str] = []  # what came since orders were last read
        self._unlooked: list[str] = []  # what came since the last write
        self._written = False
        self._exposed: dict[str, tuple[int, datetime]] = {}  # since which pass, and when
        self._passes = 0
        self._uncounted: set[str] = set()  # while the till is being read
        self._pending: list[_Offered] = []
        self._hidden: dict[tuple[Side, str], bytes] = {}
        self._archive: dict[tuple[Side, str], bytes] = {}
        self._naive_due: set[str] = set()
        self._backups: dict[str, Copy] = {}
        self._memory = NOTHING  # what the agent's backup knows
        self._shop_backup = self.shop.saved()
        self._till_backup = self.till.saved()
        self.trace: list[str] = []
        rig.begin(self)
        if begun is None:
            self._meet()
            return
        self.oracle.heard = dict(begun)
        for key in KEYS:
            self.till.stock[key] = setting.quantity
        self._pair()

    # --- what the rig asks ---------------------------------------------------------------------

    def _local(self) -> str:
        return (self.now + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")

    def _tick(self) -> None:
        self.now += timedelta(milliseconds=self._setting.tick)

    def draw(self, size: int) -> bytes:
        """Return bytes for a nonce or a name."""
        return self._random.randbytes(size)

    def delivered(self, delivery: Delivery) -> None:
        """Note what the agent has just taken from the till."""
        for line in delivery.lines:
            if isinstance(line.record, Policy):
                self.oracle.buffer = line.record.buffer
            elif isinstance(line.record, Stock):
                self.oracle.heard[line.record.key] = line.record
                self._naive_due.add(line.record.key)
            elif isinstance(line.record, Fate) and line.record.of_kind == "order":
                self.oracle.answered(line.record)

    def queued(self, record: Record) -> None:
        """Note what a program puts into its outbox; its transaction may yet fail."""
        if isinstance(record, Stock):
            self._judge_figure(record)
        elif isinstance(record, Order):
            is_late = not _is_inside("_collect", "open_epoch")
            self._pending.append(_Offered(record, content_hash(record), is_late))
        elif isinstance(record, Settlement) and record.void:
            self.oracle.unsettles(record.key)
        elif isinstance(record, Settlement) and self._running == "shop":
            wrong = self.oracle.settles(record)
            if wrong:
                raise BrokenPromiseError(wrong)

    # --- pairing -------------------------------------------------------------------------------

    def _meet(self) -> None:
        """Have the programs meet: the agent knows the till's articles, and adopts the shop's."""
        self.do_export(0)
        self._run("shop", QUIETLY, lambda: self._rig.agent_pass(Options(only_stock=True)))
        self._adopt()
        self._rig.start_from(self)

    def _pair(self) -> None:
        """Have old orders in the shop, fix the baseline, and adopt the shop's products."""
        lacking = []
        for pick, units, state, is_contained in self._setting.old:
            order = self.shop.place([(_pick(BOUGHT, pick), units)], _pick(STATES, state))
            self._pass_time(3600)
            if is_contained:
                self.oracle.contained.add(uid_of(order))
            else:
                lacking.append(order.id)
        self._baseline(lacking)
        self._shop_backup, self._till_backup = self.shop.saved(), self.till.saved()
        self._backups = {"pos": self._rig.pos.saved(), "shop": self._rig.shop.saved()}

    def _baseline(self, lacking: list[int]) -> None:
        agent = self._rig.agent()
        webservice = self._rig.webservice
        profile = profile_of(agent, webservice, fresh=False)
        cursor, newest = read_newest(webservice, profile)
        read = webservice.find_any("orders", "id", lacking) if lacking else ()
        present = _Present(
            profile, cursor, newest or "", (), tuple(light_order(one, profile) for one in read)
        )
        settings = SimpleNamespace(orders=SimpleNamespace(dead_states=agent.dead_states))
        _set_all(agent.engine, cast(AgentSettings, settings), present)

    def _adopt(self) -> bool:
        """Link what the till sells to what the shop has, as the catalogue's pass does.

        Returns:
            Whether anything was linked.
        """
        is_new = False
        with self._rig.shop.engine.begin() as connection:
            replica = Replica(connection)
            links = replica.links()
            for key in KEYS:
                found = [("article", ARTICLES[key], PRODUCTS[key])]
                if key in self.shop.combinations:
                    found.append(("variant", key[2:], self.shop.combinations[key]))
                for kind, name, ps_id in found:
                    if links(kind, name) != ps_id and replica.find(kind, name) is not None:
                        replica.link(Subject(kind, name), ps_id)
                        is_new = True
        return is_new

    # --- steps ---------------------------------------------------------------------------------

    def happen(self, step: Step) -> None:
        """Let one thing happen.

        Raises:
            BrokenPromiseError: It shows that the promise does not hold.
        """
        self.trace.append(f"{self.now:%H:%M:%S} {step}")
        method: Callable[..., None] = getattr(self, f"do_{step.name}")
        if step.name in ("export", "agent"):
            method(*step.args, script=step.script)
        else:
            method(*step.args)

    def _meanwhile(self, step: object) -> None:
        if isinstance(step, Step):
            running = self._running
            self.trace.append(f"    meanwhile {step}")
            getattr(self, f"do_{step.name}")(*step.args)
            self._running = running

    # customers and the back office

    def do_place(self, first: int, units: int, second: int, more: int, state: int) -> None:
        """A customer orders one or two things."""
        self._came(self.shop.place(_cart(first, units, second, more), _pick(STATES, state)))

    def do_begin(
        self, first: int, units: int, second: int, more: int, state: int, shown: int
    ) -> None:
        """A customer's order is being placed: it has no state yet."""
        cart = _cart(first, units, second, more)
        becomes = _pick(STATES, state)
        self._came(self.shop.begin(cart, becomes, shown=shown % (len(cart) + 1)))

    def do_finish(self, which: int) -> None:
        """The shop comes to the end of placing an order."""
        open_ones = [one for one in self.shop.orders.values() if one.state == 0]
        if open_ones:
            self.shop.finish(_pick(open_ones, which))

    def do_state(self, which: int, state: int) -> None:
        """An order gets another state."""
        self._with_order(which, lambda one: self.shop.set_state(one, _pick(STATES, state)))

    def do_edit(self, which: int, line: int, pick: int, units: int) -> None:
        """Somebody edits an order's lines.

        Not so that an order of before the pairing loses one: what it was, only the night tells.
        """

        def edit(order: WebOrder) -> None:
            if units or uid_of(order) not in self.oracle.contained:
                self.shop.edit(order, line % 3, _pick(BOUGHT, pick), units)

        self._with_order(which, edit)

    def do_credit(self, which: int) -> None:
        """Somebody makes a credit slip."""
        self._with_order(which, self.shop.credit)

    def do_remake(self, which: int) -> None:
        """A combination is deleted and made anew, and the agent's catalogue links it."""
        key = _pick((SMALL, LARGE), which)
        if (
            not self._running
            and self._rig.link_of("variant", key[2:]) == self.shop.combinations[key]
        ):
            self.shop.remake(key)
            self._adopt()

    def _with_order(self, which: int, do: Callable[[WebOrder], None]) -> None:
        if self.shop.orders:
            do(_pick([one for _, one in sorted(self.shop.orders.items())], which))

    # the till

    def do_sell(self, key: int, units: int) -> None:
        """The till sells."""
        self.till.sell(_pick(BOUGHT, key), units)

    def do_receive(self, key: int, units: int) -> None:
        """The till takes back, or receives a delivery."""
        self.till.sell(_pick(BOUGHT, key), -units)

    def do_count(self, which: int, part: int) -> None:
        """Somebody deducts a web order at the till, or a part of it.

        Not one that was put back while the till is being read: no three readings tell that.
        """
        if self.till.orders:
            uid = _pick(list(self.till.orders), which)
            if uid in self._uncounted:
                return
            self.till.count(uid, _pick(KEYS, part) if part >= 0 else None)

    def do_uncount(self, which: int) -> None:
        """Somebody puts a web order's units back at the till."""
        if self.till.counted:
            uid = _pick(list(self.till.counted), which)
            self.till.uncount(uid)
            if self._running == "pos":
                self._uncounted.add(uid)

    def do_follow(self, which: int) -> None:
        """Somebody brings a web order to what the shop says now, at a till that cannot be told."""
        if self.till.takes_changes:
            return
        orders = {uid_of(one): one for one in self.shop.orders.values()}
        known = [uid for uid in self.till.orders if uid in orders]
        if known:
            uid = _pick(known, which)
            self.till.follow(uid, kept_by(orders[uid]))

    def do_click(self) -> None:
        """A person has the orders that the till lost enter again."""
        if not self._running:
            with self._rig.pos.engine.begin() as connection:
                enter_lost(connection)

    # the programs

    def do_export(self, kind: int, script: Script = QUIETLY) -> None:
        """The exporter runs: wholly, stock alone, or everything again."""
        options = (
            ExportOptions(), ExportOptions(only=frozenset({"stock"})), ExportOptions(full=True)
        )[kind % 3]  # fmt: skip
        self._run("pos", script, lambda: self._rig.export(options))

    def do_agent(self, kind: int, script: Script = QUIETLY) -> None:
        """The agent runs: as ever, over everything, or with little time."""
        self._adopt()
        deadline = self.now + timedelta(milliseconds=self._setting.tick * 12) if kind == 2 else None
        options = Options(full=kind == 1, only_stock=True, deadline=deadline)
        self._agent(options, script)

    def do_accept(self) -> None:
        """A person says that the shop was restored, and that it may be written again."""
        self._adopt()
        self._agent(Options(only_stock=True, accept=("restored",)), QUIETLY)

    def _agent(self, options: Options, script: Script) -> None:
        self._written, self._unread, self._unlooked = False, [], []
        self._passes += 1
        is_whole = self._run("shop", script, lambda: self._rig.agent_pass(options).more_to_do)
        if is_whole is False and self._adopt():  # the catalogue's pass writes the stock of the new
            is_whole = self._run(
                "shop", QUIETLY, lambda: self._rig.agent_pass(Options(only_stock=True)).more_to_do
            )
        self._keep_offers()
        if is_whole is False:
            # Nothing tells at once that a shop was restored; the nightly pass heals its figures.
            if options.full or options.accept:
                self._is_stale = False
                self._put_back.clear()
            self._judge_naive()
            if not self._is_stale:
                self._judge_pass()
        self._keep_offers(late=True)

    def _run(self, side: str, script: Script, run: Callable[[], object]) -> object:
        """Return what a run answers; None when it was stopped."""
        self._running, self._stopped = side, ""
        self._uncounted.clear()
        self.ports.begin(script)
        try:
            return run()
        except Death:
            self.trace.append("    killed")
        except ComptoirError as error:
            self.trace.append(f"    stopped: {error.code}")
            self._stopped = error.code
        finally:
            self._running = ""
            self.ports.begin(QUIETLY)
        return None

    def do_wait(self, seconds: int) -> None:
        """Time passes."""
        self._pass_time(seconds)

    def _pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # the road

    def do_lose(self, side: int, which: int) -> None:
        """A file vanishes from the place."""
        self._with_file(side, which, lambda where, name: self.place.lose(where, name))

    def do_hide(self, side: int, which: int) -> None:
        """A file is not there for a while: delayed, or behind a later one."""

        def hide(where: Side, name: str) -> None:
            self._hidden[where, name] = self.place.files[where].pop(name)

        self._with_file(side, which, hide)

    def do_show(self, which: int) -> None:
        """A delayed file comes."""
        if self._hidden:
            where, name = _pick(sorted(self._hidden), which)
            self.place.files[where][name] = self._hidden.pop((where, name))

    def do_double(self, side: int, which: int) -> None:
        """An old file comes again."""
        where = _side(side)
        old = sorted(name for one, name in self._archive if one == where)
        if old:
            name = _pick(old, which)
            self.place.files[where][name] = self._archive[where, name]

    def _with_file(self, side: int, which: int, do: Callable[[Side, str], None]) -> None:
        where = _side(side)
        if self.place.files[where]:
            do(where, _pick(sorted(self.place.files[where]), which))

    # loss

    def do_backup(self, what: int) -> None:
        """A backup is made: of a program's state, of the shop, or of the till."""
        kind = what % 4
        if self._running or kind == 0:
            self._shop_backup = self.shop.saved()
        elif kind == 1:
            self._till_backup = self.till.saved()
        else:
            side = _side(kind)
            self._backups[side] = self._rig.base(side).saved()
            if side == "shop":
                self._memory = self.oracle.memory()

    def do_restore(self, what: int) -> None:
        """Something comes back as its last backup has it.

        Not the agent's state while an order names a combination of the past; see `do_forget`.
        """
        if self._running or (what % 4 == 3 and self._names_former()):
            return
        if what % 4 == 0:
            self._restore_shop()
        elif what % 4 == 1:
            self.till.restore(self._till_backup)
        else:
            side = _side(what)
            if side == "shop" or self._rig.knows_baseline("shop"):
                self._rig.base(side).restore(self._backups[side])
            if side == "shop":
                self.oracle.remembers(self._memory)

    def _restore_shop(self) -> None:
        before = {uid_of(one): one.units() for one in self.shop.orders.values()}
        self._is_stale = True
        self.shop.restore(self._shop_backup)
        now = self._present()
        self._put_back = {uid: (self.oracle.orders.get(uid, {}), kept) for uid, kept in now.items()}
        for uid, units in before.items():
            if uid not in now:
                self.oracle.lost[uid] = units  # whatever its state: the till may have it as paid
                self.oracle.orders.pop(uid, None)
        self._adopt()

    def do_forget(self, side: int) -> None:
        """A program's state is lost: an empty database in its place.

        Not while the other one does not know the baseline either: only a person could say it again.
        Nor the agent's while an order names a combination of the past: what that was, only a person
        could say.
        """
        where = _side(side)
        if where == "shop" and self._names_former():
            return
        if not self._running and self._rig.knows_baseline(_side(side + 1)):
            self._rig.base(where).restore(self._rig.base(where).empty)
            if where == "shop":
                self.oracle.remembers(NOTHING)

    def _names_former(self) -> bool:
        present = {0, *self.shop.combinations.values()}
        orders = self.shop.orders.values()
        return any(
            line.combination not in present
            for order in orders
            for line in (*order.lines, *order.to_come)
        )

    # --- what is seen on the way ---------------------------------------------------------------

    def _came(self, order: WebOrder) -> None:
        if self._running == "shop":
            self._unread.append(uid_of(order))
            if self._written:
                self._unlooked.append(uid_of(order))
            if _is_inside("_look_back"):
                self.seen.add(MOMENTS[3])

    def _seen(self, point: str) -> None:
        if point == "before write" and self._unread:
            self.seen.add(MOMENTS[0])
        if point.startswith("wrote "):
            self._judge_write(point.removeprefix("wrote "))
        if point == "write":
            self._written, self._unlooked = True, []
        if point == "orders_read whole":
            if self._unlooked:
                self.seen.add(MOMENTS[1])
            if any(one.state == 0 for one in self.shop.orders.values()):
                self.seen.add(MOMENTS[2])
            self._unread, self._unlooked = [], []
            self._note_reading()
        if point == "channel_put":
            for side, files in self.place.files.items():
                self._archive.update({(side, name): body for name, body in files.items()})

    def _note_reading(self) -> None:
        """Note what the agent now knows; not what it reads for the till once stock is written."""
        if _is_inside("refresh", "_collect", "open_epoch"):
            self.oracle.read(self.shop.orders.values(), self._put_back)
            self.shop.given_back.clear()

    # --- the promise ---------------------------------------------------------------------------

    def _judge_figure(self, stock: Stock) -> None:
        """What the till says of a figure is true of it: it contains no less of each order."""
        quantity, counted = self.till.read[stock.key]
        for one in stock.counted:
            if stock.quantity != quantity or one.quantity > counted.get(one.order, 0):
                raise BrokenPromiseError(
                    f"{stock.key}: {stock.quantity} said to contain {one.quantity} of {one.order}, "
                    f"{quantity} contained {counted.get(one.order, 0)}"
                )

    def _judge_write(self, key: str) -> None:
        """What is written is never above what the orders read last allow."""
        self._keep_offers()
        shown = self.shop.shelf[key]
        limit = self.oracle.limit(key)
        if limit is not None and shown > limit:
            raise BrokenPromiseError(
                f"{key}: {shown} written, {limit} at most by the orders read last"
            )
        now = self.oracle.limit(key, self._present())
        if now is not None and shown > now:
            self._exposed.setdefault(key, (self._passes, self.now))
        else:
            self._end_exposure(key)

    def _end_exposure(self, key: str) -> None:
        since = self._exposed.pop(key, None)
        if since is not None:
            seconds = (self.now - since[1]).total_seconds()
            self.exposures.append(Exposure(seconds, since[0] == self._passes))

    def _judge_pass(self) -> None:
        """After a whole pass the site shows at most what the till's last word and orders allow.

        But for what the shop gave back by itself since its orders were last read.
        """
        present = self._present()
        for key in KEYS:
            limit = self.oracle.limit(key, self.oracle.orders)
            if limit is None:
                continue
            shown = self.shop.shelf[key] - self.shop.given_back.get(key, 0)
            if shown > limit and self.shop.shelf[key] > (self.oracle.limit(key, present) or 0):
                raise BrokenPromiseError(
                    f"{key}: the site shows {shown} after a pass, {limit} at most"
                )
            self._end_exposure(key)

    def _judge_naive(self) -> None:
        """Do what a plain copy of the till's figures would have done in the agent's place."""
        present = self._present()
        for key in self._naive_due:
            self.shop.naive[key] = self.oracle.heard[key].quantity
        self._naive_due.clear()
        for key in KEYS:
            limit = self.oracle.limit(key, present)
            shown = self.shop.naive[key] - self.shop.given_back.get(key, 0)
            if limit is not None and shown > max(limit, 0):
                self.naive_oversold = True

    def _present(self) -> dict[str, dict[str, int]]:
        return {uid_of(one): kept_by(one) for one in self.shop.orders.values()}

    def _keep_offers(self, *, late: bool = False) -> None:
        """Keep the documents whose transaction was kept.

        Args:
            late: Also those that were read once stock was written.
        """
        due = [one for one in self._pending if late or not one.is_late]
        if not due:
            return
        order = STATE.web_order
        with self._rig.shop.engine.connect() as connection:
            rows = connection.execute(select(order.c.uid, order.c.revision)).all()
        newest = {row.uid: row.revision for row in rows}
        kept: set[str] = set()
        for one in reversed(self._pending):  # what came before a kept one was kept too
            if newest.get(one.document.key) == one.digest:
                kept.add(one.document.key)
            one.is_kept = one.document.key in kept
        for one in due:
            if one.is_kept:
                self.oracle.offered(one.document, one.digest)
        self._pending = [one for one in self._pending if one not in due]

    # --- quiet ---------------------------------------------------------------------------------

    def rest(self) -> None:
        """Let everything be said and done, then compare; nothing else happens any more.

        Raises:
            BrokenPromiseError: The site, or the till's orders, are not as they should be.
        """
        for order in list(self.shop.orders.values()):
            if order.state == 0:
                self.shop.finish(order)
        while self._hidden:
            self.do_show(0)
        problem, same = "", 0
        for number in range(ROUNDS):
            self._pass_time(3700 if number else 86400)  # longer than the next promised word
            self.trace.append(f"{self.now:%H:%M:%S} rest {number + 1}")
            self._people()
            if self._is_stopped():
                self.do_accept()
            self.do_export(0)
            # What the figures need comes with any pass; orders may have to wait for the night.
            is_night = self._is_stale or (same >= 1 and not self._wrong_figures())
            self.do_agent(1 if is_night else 0)
            before, problem = problem, self.differences()
            if not problem and number:
                return
            same = same + 1 if problem == before else 0
            if same == PATIENCE:
                break
        raise BrokenPromiseError(f"at rest: {problem}")

    def _people(self) -> None:
        """Let people do at the till what it does not take by itself."""
        self.do_click()
        for one in self.shop.orders.values():
            if uid_of(one) in self.till.orders and not self.till.takes_changes:
                self.till.follow(uid_of(one), kept_by(one))

    def _is_stopped(self) -> bool:
        return self._stopped in ("E-ORD-001", "E-CAS-008")

    def differences(self) -> str:
        """Return what is not as it should be at rest; empty: nothing."""
        return "; ".join([*self._wrong_figures(), *self._wrong_orders()])

    def _wrong_figures(self) -> list[str]:
        wrong = []
        for key in KEYS:
            least, most = self.oracle.exact(key, self.shop.orders.values(), self.buffer)
            if not least <= self.shop.shelf[key] <= most:
                wanted = str(most) if least == most else f"{least} to {most}"
                wrong.append(f"{key}: the site shows {self.shop.shelf[key]}, not {wanted}")
        return wrong

    def _wrong_orders(self) -> list[str]:
        wrong = []
        enters = {2, 3, 4, 5, 9, 13}
        for order in self.shop.orders.values():
            uid = uid_of(order)
            if uid in self.oracle.contained:
                if uid in self.till.orders:
                    wrong.append(f"order {order.id}: in the till twice")
                continue
            has = uid in self.till.orders
            if order.state in enters and order.lines and not has:
                wrong.append(f"order {order.id}: not in the till")
            if has and self.till.takes_changes and self.till.kept(uid) != kept_by(order):
                wrong.append(f"order {order.id}: the till has {self.till.kept(uid)}")
        return wrong

    def account(self) -> str:
        """Return the figures as they stand, for people."""
        lines = [
            f"{key}: site {self.shop.shelf[key]}, till {self.till.stock[key]}, "
            f"wanted {self.oracle.exact(key, self.shop.orders.values(), self.buffer)}"
            for key in KEYS
        ]
        lines += [
            f"order {one.id}: state {one.state}, {kept_by(one)}, "
            f"in the till {uid_of(one) in self.till.orders}, "
            f"counted {self.till.counted.get(uid_of(one), {})}"
            for one in self.shop.orders.values()
        ]
        return "\n".join(lines)


def _pick(among: Sequence[T], number: int) -> T:
    return among[number % len(among)]


def _cart(first: int, units: int, second: int, more: int) -> list[tuple[str, int]]:
    cart = [(_pick(BOUGHT, first), max(1, units))]
    if more > 0 and _pick(BOUGHT, second) != cart[0][0]:
        cart.append((_pick(BOUGHT, second), more))
    return cart


def _side(number: int) -> Side:
    return "pos" if number % 2 == 0 else "shop"


def _is_inside(*functions: str) -> bool:
    """Return whether one of these functions of the running program is under way."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in functions:
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False
