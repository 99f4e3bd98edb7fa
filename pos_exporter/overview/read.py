"""Read an overview from the exporter's state database: one transaction, one snapshot.

A row that cannot be read is shown as it is written, never a reason for no page at all.

    view = overview(engine, clock, OverviewSettings())
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from pos_exporter.approvals import held_classes
from pos_exporter.cases import site_cases
from pos_exporter.ignored import count_ignored_faults, ignored_fates, is_ignored, marks
from pos_exporter.lost import lost_orders
from pos_exporter.orders_answers import answers_to, mark_of
from pos_exporter.overview.judge import Evidence, judge, last_finished
from pos_exporter.overview.robot import latest_start, next_run, read_setting
from pos_exporter.overview.values import (
    Counters,
    Group,
    OrderLine,
    Overview,
    OverviewSettings,
    RunSummary,
    RunView,
    SetAside,
    Site,
)
from pos_exporter.problems import read_problem as read_problem
from pos_exporter.state import LINK, STATE
from pos_exporter.stock_pause import paused_until
from protocol.errors import Text
from protocol.link.errors import StateOldError
from protocol.link.notices import Notices
from protocol.program.engine import reading
from protocol.program.runs import Run, newest
from protocol.records import Reason
from protocol.values import format_time

#: How many passes are looked at.
_RUNS = 12
#: Fates that are listed, in the order of the page.
_LISTED: tuple[Group, ...] = ("refused", "edited_on_site", "waiting", "held")
#: Where nothing was told.
_UNTOLD: dict[Group, tuple[Text, Text]] = {
    "refused": (
        Text("Refusé par le site", "Refused by the site"),
        Text("Voir le journal du site", "See the site's log"),
    ),
    "held": (
        Text("Retenu jusqu'à votre accord", "Held until you agree"),
        Text("Vérifier puis approuver", "Check, then approve"),
    ),
    "edited_on_site": (
        Text("Modifié à la main sur le site", "Edited by hand on the site"),
        Text("Rien à faire : le texte du site est gardé", "Nothing: the site's text is kept"),
    ),
    "waiting": (
        Text("Le site attend un autre élément", "The site waits for something else"),
        Text("Rien à faire pour le moment", "Nothing to do for now"),
    ),
    "note": (Text("À savoir", "To know"), Text("Rien à faire", "Nothing to do")),
    "withheld": (
        Text("Mis de côté à la caisse", "Set aside at the till"),
        Text("Corriger la fiche dans la caisse", "Correct the entry at the till"),
    ),
}


def overview(
    engine: Engine,
    clock: Callable[[], datetime],
    settings: OverviewSettings,
    *,
    running: bool = False,
) -> Overview:
    """Return how the synchronisation stands.

    Args:
        engine: The exporter's state.
        clock: UTC now.
        settings: What the database does not know.
        running: Whether a pass is under way in this process.
    """
    now = clock()
    with reading(engine).connect() as connection:
        evidence = _evidence(connection, now, settings, running)
        started = latest_start(connection)
        return Overview(
            now=now,
            settings=settings,
            state=judge(evidence),
            last_run=last_finished(evidence.runs),
            next_run=next_run(evidence.robot, started, now, settings.zone),
            counters=_counters(connection),
            set_aside=_set_aside(connection, settings.most_lines),
            notes=_notes(connection, settings.most_lines),
            held=held_classes(connection, now),
            cases=site_cases(connection),
            orders=_orders(connection, settings.most_lines),
            lost=lost_orders(connection),
            notices=Notices(LINK).all(connection),
            robot=evidence.robot,
            site=evidence.site,
            paused_until=evidence.paused_until,
            stock_paused_until=paused_until(connection, now),
        )


def _evidence(
    connection: Connection, now: datetime, settings: OverviewSettings, running: bool
) -> Evidence:
    runs = tuple(_run_view(run) for run in newest(connection, STATE.run, _RUNS))
    last, streams = last_finished(runs), LINK.in_stream
    since = format_time(last.started_at) if last else ""
    old = select(func.count()).where(
        LINK.notice.c.code == StateOldError.code, LINK.notice.c.last_at >= since
    )
    stopped = select(func.count()).where(streams.c.stopped.is_not(None))
    heard = connection.execute(select(func.max(streams.c.last_at), func.max(streams.c.next_by)))
    last_at, next_by = heard.one()
    paused = select(STATE.meta.c.value).where(STATE.meta.c.name == "paused_until")
    return Evidence(
        now=now,
        runs=runs,
        robot=read_setting(connection),
        zone=settings.zone,
        site=Site(_moment(last_at), _moment(next_by)),
        stopped=bool(connection.scalar(stopped)),
        recovering=bool(last and connection.scalar(old)),
        paused_until=_moment(connection.scalar(paused)),
        running=running,
        lost=bool(lost_orders(connection)),
        held=any(one.approved_until is None for one in held_classes(connection, now)),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _run_view(run: Run) -> RunView:
    return RunView(run.id, run.started_at, run.finished_at, run.exit_code, summary_of(run.summary))


def summary_of(kept: Mapping[str, Any]) -> RunSummary:
    """Return what a run's account says; what is not understood is left out."""
    orders, problem = _part(kept, "orders"), _part(kept, "problem")
    aside = (_number(kept, "faults"), _number(kept, "refused_by_site"), _number(orders, "refused"))
    changes = _part(kept, "changes")
    return RunSummary(
        changes={kind: _number(changes, kind) for kind in changes},
        gone=_number(kept, "gone"),
        photos=_number(kept, "photos"),
        imported=_number(orders, "imported"),
        set_aside=sum(aside),
        dry_run=kept.get("dry_run") is True,
        problem=read_problem(json.dumps(problem)) if problem else None,
    )


def _part(kept: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = kept.get(name)
    return part if isinstance(part, dict) else {}


def _number(kept: Mapping[str, Any], name: str) -> int:
    number = kept.get(name)
    return number if isinstance(number, int) else 0


# --- counts ----------------------------------------------------------------------------------


def _counters(connection: Connection) -> Counters:
    said, fate, queue, packet = STATE.said, STATE.fate, LINK.queue, LINK.packet
    same = (said.c.kind == fate.c.kind) & (said.c.key == fate.c.key)
    # A fate that was overtaken speaks of an older fact.
    unknown = fate.c.state.is_(None) | (fate.c.state == "superseded")
    unanswered = select(func.count()).select_from(said.outerjoin(fate, same)).where(unknown)
    to_send = select(func.count()).where(queue.c.stream == "catalogue")
    on_the_way = select(func.coalesce(func.sum(packet.c.records), 0)).where(
        packet.c.stream == "catalogue", packet.c.acknowledged.is_(False)
    )
    levels, fates = (
        _count_by(connection, STATE.withheld.c.level),
        _count_by(connection, fate.c.state),
    )
    hidden, ignored_faults = ignored_fates(connection), count_ignored_faults(connection)
    kept_out = STATE.left_out
    by_choice = select(func.count()).where(kept_out.c.kind == "article", kept_out.c.by != "")
    return Counters(
        said=_count_by(connection, said.c.kind),
        fates={state: count - hidden.get(state, 0) for state, count in fates.items()},
        withheld=levels.get("fault", 0) - ignored_faults,
        ignored=ignored_faults + sum(hidden.values()),
        notes=levels.get("note", 0),
        left_out=connection.scalar(by_choice.where(kept_out.c.by != "only_new")) or 0,
        orders=_count_by(connection, STATE.web_order.c.state),
        unanswered=connection.scalar(unanswered) or 0,
        to_send=connection.scalar(to_send) or 0,
        on_the_way=int(connection.scalar(on_the_way) or 0),
    )


def _count_by(connection: Connection, column: ColumnElement[str]) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).group_by(column).order_by(column))
    return {row[0]: row[1] for row in rows}


# --- lists -----------------------------------------------------------------------------------


def _set_aside(connection: Connection, most: int) -> tuple[SetAside, ...]:
    withheld, fate, said = STATE.withheld, STATE.fate, STATE.said
    known = marks(connection)
    faults = select(withheld).where(withheld.c.level == "fault")
    latest = faults.order_by(withheld.c.since.desc(), withheld.c.label).limit(most + len(known))
    lines = [
        _withheld(row)
        for row in connection.execute(latest)
        if not is_ignored(known, row.kind, row.key, row.problem)
    ][:most]
    same = (said.c.kind == fate.c.kind) & (said.c.key == fate.c.key)
    rank = case({state: place for place, state in enumerate(_LISTED)}, value=fate.c.state)
    listed = (
        select(fate, said.c.label)
        .select_from(fate.outerjoin(said, same))
        .where(fate.c.state.in_(_LISTED))
        .order_by(rank, fate.c.at.desc(), fate.c.key)
        .limit(most - len(lines) + len(known))
    )
    fates = (
        _fate(row)
        for row in connection.execute(listed)
        if not is_ignored(known, row.kind, row.key, row.reason)
    )
    return (*lines, *fates)[:most]


def _notes(connection: Connection, most: int) -> tuple[SetAside, ...]:
    table = STATE.withheld
    notes = select(table).where(table.c.level == "note").order_by(table.c.label, table.c.code)
    return tuple(_withheld(row, "note") for row in connection.execute(notes.limit(most)))


def _withheld(row: Row[Any], group: Group = "withheld") -> SetAside:
    problem = read_problem(row.problem)
    return SetAside(
        group=group,
        kind=row.kind,
        key=row.key,
        label=row.label,
        code=problem.code,
        place=problem.place,
        value=problem.value,
        what=_worded(problem.what, problem.facts),
        remedy=_worded(problem.remedy, problem.facts),
        since=datetime.fromisoformat(row.since),
    )


def _worded(text: Text, facts: dict[str, str]) -> Text:
    return Text(text.in_lang("fr", facts), text.in_lang("en", facts))


def _fate(row: Row[Any]) -> SetAside:
    reason = read_reason(row.reason)
    what, remedy = _UNTOLD[row.state]
    return SetAside(
        group=row.state,
        kind=row.kind,
        key=row.key,
        label=row.label or row.key,
        code=reason.code if reason else "",
        place=reason.place if reason else "",
        value=reason.value if reason else "",
        what=Text(reason.what.fr, reason.what.en) if reason else what,
        remedy=Text(reason.remedy.fr, reason.remedy.en) if reason else remedy,
        since=datetime.fromisoformat(row.at),
    )


def read_reason(text: str | None) -> Reason | None:
    """Return the reason that a fate's column holds, None when there is none to read."""
    try:
        return Reason.model_validate_json(text) if text else None
    except ValidationError:
        return None


def _orders(connection: Connection, most: int) -> tuple[OrderLine, ...]:
    order = STATE.web_order
    shown: list[ColumnElement[Any]] = [column for column in order.c if column.name != "body"]
    shown.append((func.length(order.c.body) > 0).label("body"))  # whether it is there
    latest = select(*shown).order_by(order.c.placed_at.desc(), order.c.uid).limit(most)
    return tuple(
        OrderLine(
            uid=row.uid,
            reference=row.reference,
            placed_at=row.placed_at,
            received_at=datetime.fromisoformat(row.received_at),
            total=row.total,
            role=row.role,
            state=row.state,
            till_key=row.till_key,
            problem=read_problem(row.problem) if row.problem else None,
            answers=answers_to(row),
            mark=mark_of(row),
        )
        for row in connection.execute(latest)
    )
