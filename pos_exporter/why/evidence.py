"""What the state knows of one article, read in one transaction, for the judge.

evidence = gather(connection, "1042", moment)
evidence.said.packet, evidence.fate.state
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from pos_exporter.approvals import held_classes
from pos_exporter.assembled import LeftOut
from pos_exporter.cases import SiteCase, site_cases
from pos_exporter.on_site import is_on_site
from pos_exporter.overview.read import read_problem, read_reason
from pos_exporter.state import LINK, STATE
from pos_exporter.why.prices import promotions_of, sellables_of
from pos_exporter.why.values import Sellable
from protocol.errors import Problem
from protocol.records import (
    Reason,
)


@dataclass(frozen=True)
class Said:
    """When a fact was last queued, and where it is.

    Args:
        at: When; None: an older version did not note it.
        packet: Epoch and sequence; None: it waits here.
        uploaded: The packet is on the server.
        received: The site's program has confirmed the packet.
    """

    at: str | None
    packet: tuple[int, int] | None
    uploaded: bool
    received: bool


@dataclass(frozen=True)
class Fate:
    """What the site's program answered of one fact."""

    kind: str
    key: str
    label: str
    state: str
    reason: Reason | None
    at: str


@dataclass(frozen=True)
class Aside:
    """One thing of the article that is set aside at the till."""

    kind: str
    key: str
    label: str
    level: str
    problem: Problem


@dataclass(frozen=True)
class Evidence:
    """All that is known of one article.

    Args:
        key: Its key.
        read_at: When the till was last read; None: never.
        said: The article as last queued; None: it was not.
        left_out: Why it is not meant for the site; None: it is.
        kept_back: Changed facts of it that `only_new` keeps back.
        aside: What is set aside of it.
        fate: The site's answer to the article.
        on_site: Visitors saw it when the site last told of it.
        removal_held: Removals wait for a person's yes.
        fates: To everything else of it.
        heard_at: When the site's program was last heard of.
        sellables: Its stock.
        promotions: In force or to come: (name, what it gives, whether it has begun).
        things: Everything of it that was said.
        cases: Questions of the site that name it.
    """

    key: str
    read_at: str | None
    said: Said | None = None
    left_out: LeftOut | None = None
    kept_back: int = 0
    aside: tuple[Aside, ...] = ()
    fate: Fate | None = None
    on_site: bool = False
    removal_held: bool = False
    fates: tuple[Fate, ...] = ()
    heard_at: str | None = None
    sellables: tuple[Sellable, ...] = ()
    promotions: tuple[tuple[str, str, bool], ...] = ()
    things: tuple[tuple[str, str], ...] = field(default=())
    cases: tuple[SiteCase, ...] = ()


def gather(connection: Connection, key: str, moment: datetime) -> Evidence:
    """Return what is known of an article.

    Args:
        connection: Of the state database; one snapshot.
        key: The article's.
        moment: UTC: which promotions are in force.
    """
    said = STATE.said
    rows = connection.execute(select(said).where(said.c.owner == key)).all()
    own = {(row.kind, row.key): row for row in rows}
    article = own.get(("article", key))
    fates = _fates(connection, own)
    states = {one.key: one.state for one in fates if one.kind == "stock"}
    left, kept_back = _left_out(connection, key)
    run, stream = STATE.run, LINK.in_stream
    return Evidence(
        key=key,
        read_at=connection.scalar(
            select(run.c.started_at).where(run.c.finished_at.is_not(None)).order_by(run.c.id.desc())
        ),
        said=_said(connection, article) if article else None,
        left_out=left,
        kept_back=kept_back,
        aside=_aside(connection, key),
        fate=next((one for one in fates if (one.kind, one.key) == ("article", key)), None),
        on_site=is_on_site(connection, key),
        removal_held=any(
            one.key == "deactivations" and one.approved_until is None
            for one in held_classes(connection, moment)
        ),
        fates=tuple(one for one in fates if one.kind != "article"),
        heard_at=connection.scalar(select(stream.c.last_at).order_by(stream.c.last_at.desc())),
        sellables=sellables_of(connection, own, states, article),
        promotions=promotions_of(connection, own, article, moment),
        things=tuple(own),
        cases=_cases(connection, own),
    )


def _cases(connection: Connection, own: Mapping[tuple[str, str], Row[Any]]) -> tuple[SiteCase, ...]:
    """Return the site's questions that name a figure of the article."""
    keys = {key for kind, key in own if kind == "stock"}
    return tuple(one for one in site_cases(connection) if keys & set(one.stock_keys))


def _said(connection: Connection, row: Row[Any]) -> Said:
    if row.seq is None:
        return Said(row.at, None, uploaded=False, received=False)
    packet = LINK.packet
    same = (packet.c.stream == "catalogue", packet.c.epoch == row.epoch, packet.c.seq == row.seq)
    found = connection.execute(
        select(packet.c.uploaded, packet.c.acknowledged).where(*same)
    ).first()
    uploaded, received = (found.uploaded, found.acknowledged) if found else (False, False)
    return Said(row.at, (row.epoch, row.seq), uploaded=uploaded or received, received=received)


def _left_out(connection: Connection, key: str) -> tuple[LeftOut | None, int]:
    table = STATE.left_out
    rows = connection.execute(select(table).where(table.c.owner == key)).all()
    kept_back = sum(row.by == "only_new" for row in rows)
    for row in rows:
        if row.kind == "article" and row.by != "only_new":
            return LeftOut(row.kind, row.key, row.cause, row.by, row.label, owner=key), kept_back
    return None, kept_back


def _aside(connection: Connection, key: str) -> tuple[Aside, ...]:
    table = STATE.withheld
    mine = (table.c.owner == key) | and_(table.c.kind == "article", table.c.key == key)
    rows = connection.execute(select(table).where(mine).order_by(table.c.kind, table.c.label))
    return tuple(
        Aside(row.kind, row.key, row.label, row.level, read_problem(row.problem)) for row in rows
    )


def _fates(connection: Connection, own: Mapping[tuple[str, str], Row[Any]]) -> tuple[Fate, ...]:
    fate, said = STATE.fate, STATE.said
    same = (said.c.kind == fate.c.kind) & (said.c.key == fate.c.key)
    owners = {row.owner for row in own.values()}
    rows = connection.execute(
        select(fate, said.c.label).join(said, same).where(said.c.owner.in_(owners))
    )
    return tuple(
        Fate(row.kind, row.key, row.label, row.state, read_reason(row.reason), row.at)
        for row in rows
    )
