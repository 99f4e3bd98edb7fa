"""A state database with a shop's ordinary and less ordinary day in it, for the page's tests."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Table, insert, make_url

from pos_exporter.changes import Changes
from pos_exporter.exporter import ExportReport
from pos_exporter.orders_outcome import OrdersDone
from pos_exporter.state import LINK, METADATA, STATE
from protocol.errors import Problem, Text
from protocol.link.notices import Notices, problem_json
from protocol.program.engine import make_engine
from protocol.records import Stock, Tombstone
from protocol.values import format_time

NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
HOSTILE = "<script>alert('x')</script>"
BAD_EAN = Problem(
    code="E-MAP-120",
    place="article A-1042, ean",
    value="3760123",
    what=Text("Code-barres invalide : {digits} chiffres", "Invalid barcode: {digits} digits"),
    remedy=Text("Corriger la fiche dans la caisse", "Correct the entry at the till"),
    facts={"digits": "7"},
)
NO_TAX = {
    "code": "E-SHOP-031",
    "place": "article 77, tax_rate",
    "value": "8.5",
    "what": {"fr": "Aucune taxe à 8,5 % sur le site", "en": "No tax at 8.5 % at the shop"},
    "remedy": {"fr": "Créer la taxe dans PrestaShop", "en": "Create the tax in PrestaShop"},
}


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def at(**before: float) -> str:
    """Return a time before now, as the state keeps it."""
    return format_time(NOW - timedelta(**before))


@contextmanager
def empty_state(url: str = "sqlite://") -> Iterator[Engine]:
    """Give a state database that has every table and no row."""
    engine = make_engine(make_url(url))
    METADATA.create_all(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def add(engine: Engine, table: Table, *rows: Mapping[str, object]) -> None:
    """Insert rows; a required column without a default that a row does not name is empty."""
    empty = {
        column.name: column.type.python_type()
        for column in table.c
        if not column.nullable and column.default is None and column.autoincrement is not True
    }
    with engine.begin() as connection:
        connection.execute(insert(table), [{**empty, **row} for row in rows])


def add_run(
    engine: Engine,
    exit_code: int | None = 0,
    *,
    minutes_ago: float = 3,
    report: ExportReport | None = None,
    problem: Problem | None = None,
) -> None:
    """Insert a pass of ten seconds, or one that is not over."""
    ended = None if exit_code is None else at(minutes=minutes_ago, seconds=-10)
    account = {"problem": asdict(problem)} if problem else (report or ExportReport()).summary()
    add(engine, STATE.run, {"started_at": at(minutes=minutes_ago), "finished_at": ended,
                            "exit_code": exit_code, "summary": json.dumps(account)})  # fmt: skip


def add_said(engine: Engine, *facts: tuple[str, str, str]) -> None:
    """Insert facts last said: kind, key, label."""
    add(engine, STATE.said, *({"kind": k, "key": n, "label": t} for k, n, t in facts))


def add_fate(engine: Engine, kind: str, key: str, state: str, reason: object = None) -> None:
    """Insert what became of a fact two hours ago."""
    text = None if reason is None else json.dumps(reason)
    add(engine, STATE.fate, {"kind": kind, "key": key, "of_hash": "0" * 64, "state": state,
                             "reason": text, "at": at(hours=2)})  # fmt: skip


def add_withheld(engine: Engine, key: str, label: str, problem: Problem = BAD_EAN) -> None:
    """Insert an article set aside at the till since yesterday."""
    row = {"kind": "article", "key": key, "label": label, "problem": problem_json(problem)}
    add(engine, STATE.withheld, {**row, "since": at(days=1)})


def add_order(engine: Engine, number: int, *, role: str = "paid", state: str = "new",
              problem: str | None = None) -> None:  # fmt: skip
    """Insert a web order; a higher number is a later one."""
    add(engine, STATE.web_order, {
        "uid": f"clara/{number}", "reference": f"XKBK{number:05}", "role": role,
        "total": "1249.90 EUR", "placed_at": f"2026-11-24 09:{number:02}:00",
        "received_at": at(minutes=10), "state": state, "problem": problem,
        "till_key": f"W{number}" if state == "imported" else None,
    })  # fmt: skip


def add_site(engine: Engine, *, last_minutes_ago: float, next_in_minutes: float,
             stopped: str | None = None) -> None:  # fmt: skip
    """Insert what the site's program last said and promised."""
    add(engine, LINK.in_stream, {
        "stream": "answers", "epoch": 1, "seq": 9, "stopped": stopped,
        "last_at": at(minutes=last_minutes_ago), "next_by": at(minutes=-next_in_minutes),
    })  # fmt: skip


def add_packet(engine: Engine, seq: int, records: int, *, acknowledged: bool) -> None:
    """Insert an uploaded packet of the catalogue."""
    add(engine, LINK.packet, {
        "stream": "catalogue", "epoch": 1, "seq": seq, "records": records, "uploaded": True,
        "acknowledged": acknowledged,
    })  # fmt: skip


def add_notice(engine: Engine, problem: Problem, **before: float) -> None:
    """Insert a notice of the link."""
    with engine.begin() as connection:
        Notices(LINK).tell(connection, problem, NOW - timedelta(**before))


@dataclass(frozen=True)
class Day:
    """What `ordinary_day` inserted, for tests to compare with."""

    articles: int = 3
    stocks: int = 4
    withheld: int = 2
    references: tuple[str, ...] = ("XKBK00005", "XKBK00004", "XKBK00003", "XKBK00002", "XKBK00001")
    imported: int = 1


def ordinary_day(engine: Engine) -> Day:
    """Fill a state: one good pass, rows set aside at both ends, orders in every state."""
    day = Day()
    add_said(
        engine,
        ("article", "77", "Mocassin Léo"), ("article", "78", "Derby Paul"),
        ("article", "79", "Sandale Inès"), ("stock", "a:77", "Mocassin Léo 41"),
        ("stock", "a:78", "Derby Paul 42"), ("stock", "a:79", "Sandale Inès 38"),
        ("stock", "v:80", "Sandale Inès 39"),
    )  # fmt: skip
    add_fate(engine, "article", "77", "refused", NO_TAX)
    add_fate(engine, "article", "78", "edited_on_site")
    add_fate(engine, "article", "79", "applied")
    add_fate(engine, "stock", "a:78", "applied")
    add_fate(engine, "stock", "a:79", "superseded")
    add_withheld(engine, "1042", "A-1042 Botte cuir")
    add_withheld(engine, "1043", HOSTILE, replace(BAD_EAN, value=HOSTILE))
    add_order(engine, 1, state="imported", role="shipped")
    add_order(engine, 2, state="waiting", role="awaiting_payment")
    refused = replace(BAD_EAN, code="E-INT-007", value="")
    add_order(engine, 3, state="refused", problem=problem_json(refused))
    add_order(engine, 4, state="closed", role="cancelled")
    add_order(engine, 5)
    add_site(engine, last_minutes_ago=12, next_in_minutes=48)
    add_packet(engine, 1, 40, acknowledged=True)
    add_packet(engine, 2, 2, acknowledged=False)
    add(engine, LINK.queue, {"stream": "catalogue", "kind": "stock", "key": "v:80"})
    stocks = tuple(Stock(key=f"a:{n}", quantity=n) for n in range(11))
    gone = Tombstone(kind="article", key="70", gone="vanished")
    report = ExportReport(
        changes=Changes((*stocks, gone), {}, frozenset({("article", "70")}), 0),
        faults=day.withheld,
        refused_by_site=1,
        orders=OrdersDone(imported=day.imported, refused=1),
    )
    add_run(engine, 3, report=report)
    return day
