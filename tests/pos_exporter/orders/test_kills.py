"""A run that ends at any of its commits, before or after: the next ones bring every order in once.

What happens at the till lies between two commits of the state (what was begun; what came of it), so
that ending at each of them ends before the write, after the write, and after the write before its
note. Orders change and are cancelled on the way too. Each way into the till is swept.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy.engine import URL

from pos_exporter.intake.folder import FolderTillWriter
from pos_exporter.intake.http import HttpTillWriter
from pos_exporter.intake.port import TillWriter
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import WriteBack
from protocol.records import OrderState
from tests.contracts.till_writer import Killed
from tests.equipment.folder_till import RULES as FOLDER_RULES
from tests.equipment.folder_till import FolderTill
from tests.equipment.hook import TillHook
from tests.equipment.mariadb import mariadb, require_mariadb
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.intake.test_http import rules as hook_rules
from tests.pos_exporter.intake.test_procedure import CALLS, _MariaTill
from tests.pos_exporter.intake.test_sql import RULES as SQL_RULES
from tests.pos_exporter.intake.test_sql import TABLES
from tests.pos_exporter.mapping.samples import mapping_of
from tests.pos_exporter.orders.desk import Desk

SIMPLE, VARIANT = "a:1002", "v:100101"
OVER = OrderState(id=6, role="cancelled", name="Annulé")
#: What comes from the site before each run.
COMING = (
    (order("U1", line(1, SIMPLE, 2), shop_id=1), order("U2", line(1, VARIANT), shop_id=2)),
    (order("U1", line(1, SIMPLE), shop_id=1),),
    (order("U2", line(1, VARIANT), shop_id=2, state=OVER),),
)
#: Runs until everything has come to rest, each twenty minutes after the other.
_ROUNDS = 5


class Place(Protocol):
    """A till to sweep: a new writer for each run, and what it holds in the end."""

    def writer(self) -> TillWriter: ...

    def work(self) -> None: ...

    def held(self) -> tuple[dict[str, list[tuple[str, int]]], set[str], list[str]]:
        """Return lines by order, what is cancelled, and each entry of an order."""
        ...


class _Sqlite:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "caisse.db"
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(TABLES)

    def writer(self) -> TillWriter:
        return SqlTillWriter(
            f"sqlite:///{self.path}", found(SQL_RULES), till_timezone="Europe/Paris", wait=0.05
        )

    def work(self) -> None:
        """Nothing lies about."""

    def held(self) -> tuple[dict[str, list[tuple[str, int]]], set[str], list[str]]:
        with closing(sqlite3.connect(self.path)) as connection:
            entries = [uid for (uid,) in connection.execute("SELECT UID FROM CDE ORDER BY ID")]
            over = {u for (u,) in connection.execute("SELECT UID FROM CDE WHERE ETAT <> ''")}
            sql = "SELECT UID, CLE, QTE FROM CDE JOIN LIG ON CDE = ID ORDER BY ID, NO"
            lines: dict[str, list[tuple[str, int]]] = {}
            for uid, key, units in connection.execute(sql):
                lines.setdefault(uid, []).append((key, units))
        return lines, over, entries


class _Maria:
    def __init__(self, url: URL) -> None:
        self.till = _MariaTill(url, CALLS)

    def writer(self) -> TillWriter:
        return self.till.writer

    def work(self) -> None:
        """Nothing lies about."""

    def held(self) -> tuple[dict[str, list[tuple[str, int]]], set[str], list[str]]:
        entries = [str(uid) for (uid,) in self.till.rows("SELECT UID FROM CDE ORDER BY ID")]
        return self.till.orders(), self.till.cancelled(), entries


class _Folder:
    def __init__(self, folder: Path, told: str) -> None:
        self.folder = folder / "import"
        self.folder.mkdir()
        self.till = FolderTill(self.folder, {SIMPLE, VARIANT})
        self.told = told

    def writer(self) -> TillWriter:
        return FolderTillWriter(self.folder, found(self.told), till_timezone="Europe/Paris")

    def work(self) -> None:
        self.till.work()

    def held(self) -> tuple[dict[str, list[tuple[str, int]]], set[str], list[str]]:
        return self.till.orders, self.till.cancelled, self.till.entries


class _Hook:
    def __init__(self, hook: TillHook) -> None:
        self.hook = hook

    def writer(self) -> TillWriter:
        return HttpTillWriter(self.hook.url, "s", hook_rules(), lambda: Desk.now)

    def work(self) -> None:
        """It works at once."""

    def held(self) -> tuple[dict[str, list[tuple[str, int]]], set[str], list[str]]:
        orders = self.hook.orders
        lines = {
            uid: [(one["stock_key"], int(one["quantity"])) for one in told["lines"]]
            for uid, told in orders.items()
        }
        over = {uid for uid, told in orders.items() if told["state"]["role"] == "cancelled"}
        return lines, over, list(self.hook.orders)


def found(told: str) -> WriteBack:
    rules = mapping_of(told).write_back
    assert rules is not None
    return rules


def per(what: str) -> str:
    return FOLDER_RULES.replace("    changes: true\n", f"    changes: true\n    {what}\n")


@pytest.fixture(params=["sql", "procedure", "folder", "folder per run", "fixed name", "http"])
def make(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], Place]]:
    if request.param == "procedure":
        require_mariadb()
        with mariadb(tmp_path_factory.mktemp("server")) as url:
            yield lambda folder: _Maria(url)
        return
    fixed = per("name: WEB.CSV").replace("    ok_suffix: .ok\n    error_suffix: .err\n", "")
    ways: dict[str, Callable[[Path], Place]] = {
        "sql": _Sqlite,
        "folder": lambda folder: _Folder(folder, FOLDER_RULES),
        "folder per run": lambda folder: _Folder(folder, per("per: run")),
        "fixed name": lambda folder: _Folder(folder, fixed),
    }
    if request.param in ways:
        yield ways[request.param]
        return
    hooks: list[TillHook] = []

    def hooked(folder: Path) -> Place:
        hooks.append(TillHook(b"s", {"1002", "100101"}).__enter__())
        return _Hook(hooks[-1])

    yield hooked
    for hook in hooks:
        hook.close()


class _Killer:
    """Ends a run at one of its commits."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, word: str) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise Killed(word)


@contextmanager
def killed_at(desk: Desk, event: int) -> Iterator[_Killer]:
    killer = _Killer(event)
    desk.listener = killer
    with suppress(Killed):
        yield killer
    desk.listener = lambda word: None


def play(folder: Path, make: Callable[[Path], Place], stage: int, event: int) -> bool:
    """Play the story with one run ended at an event; return whether it got that far."""
    folder.mkdir()
    place = make(folder)
    desk, reached = Desk(folder, place.writer()), True
    for number, orders in enumerate(COMING):
        desk.receive(*orders)
        desk.writer = place.writer()
        if number == stage:
            with killed_at(desk, event) as killer:
                desk.run(minutes=20)
            reached = killer.seen >= event
            place.work()
            desk.writer = place.writer()
        for _ in range(_ROUNDS if number == len(COMING) - 1 else 1):
            desk.run(minutes=20)
            place.work()
    lines, over, entries = place.held()
    assert lines == {"U1": [(SIMPLE, 1)], "U2": [(VARIANT, 1)]}, (stage, event)
    assert (over, sorted(entries)) == ({"U2"}, ["U1", "U2"]), (stage, event)
    assert desk.states() == [("U1", "imported"), ("U2", "imported")], (stage, event)
    assert desk.row("U1").attempt is None
    desk.close()
    return reached


def test_wherever_a_run_ends_every_order_is_in_the_till_once(
    tmp_path: Path, make: Callable[[Path], Place]
) -> None:
    swept = 0
    for stage in range(len(COMING)):
        event = 1
        while play(tmp_path / f"{stage}-{event}", make, stage, event):
            event += 1
        swept += event - 1
    assert swept >= 12
