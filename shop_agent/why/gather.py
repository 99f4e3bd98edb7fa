"""What the state knows of one article, in one snapshot, for the judge.

evidence = gather(connection, "1042", choices)
evidence.told.state, evidence.linked.at
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, or_, select, tuple_

from protocol.errors import Problem
from protocol.link.notices import problem_from
from shop_agent.actions import Subject
from shop_agent.cases import open_cases
from shop_agent.history import History
from shop_agent.planning import languages_of, name_of
from shop_agent.reconcile.policy import Choices
from shop_agent.reconcile.rows import LISTS
from shop_agent.replica import Fact, Replica
from shop_agent.state import STATE
from shop_agent.why.values import Edit, Evidence, Told

#: Newest changes that are told.
CHANGES = 10
_PRODUCTS = "products"


def gather(connection: Connection, key: str, choices: Choices) -> Evidence:
    """Return what this side knows of an article; nothing is asked of the shop."""
    replica, subject = Replica(connection), Subject("article", key)
    fact = replica.find("article", key)
    links = replica.links()
    variants = replica.by_article("variant").get(key, [])
    photos = replica.by_article("photo").get(key, [])
    things = [one for one in _things(key, variants, photos) if one != subject]
    ps_id, gone = links("article", key), fact.gone if fact else None
    history = History(connection)
    return Evidence(
        key=key,
        label=name_of(replica, subject),
        packet=fact.packet if fact else None,
        packed_at=fact.packed_at if fact else None,
        gone=gone,
        fate=choices.fate(gone) if gone else None,
        dirty=fact.dirty if fact else False,
        told=next(_told(connection, replica, [subject]), None),
        parts=tuple(_aside(connection, replica, key, things)),
        labels=_labels(replica, key, variants),
        ps_id=ps_id,
        linked=history.linked(subject),
        variants={one.record.key: links("variant", one.record.key) for one in variants},
        photos=(sum(links("photo", p.record.key) is not None for p in photos), len(photos)),
        edits=tuple(edits_of(connection, subject, ps_id)) if ps_id else (),
        cases=tuple(_cases(connection, things)),
        history=history.last([(one.kind, one.key) for one in (subject, *things)], CHANGES),
    )


def _things(key: str, variants: Iterable[Fact], photos: Iterable[Fact]) -> Iterator[Subject]:
    yield Subject("article", key)
    yield Subject("stock", f"a:{key}")
    for one in variants:
        yield one.subject
        yield Subject("stock", f"v:{one.record.key}")
    yield from (one.subject for one in photos)


def _cases(connection: Connection, things: Iterable[Subject]) -> Iterator[Problem]:
    """Yield what is open for a person and names a figure of the article."""
    keys = {one.key for one in things if one.kind == "stock"}
    for case in open_cases(connection):
        if keys & set(case.wanted.stock_keys):
            yield case.wanted.problem


def _labels(replica: Replica, key: str, variants: Iterable[Fact]) -> dict[str, str]:
    subjects = [Subject("article", key), *(one.subject for one in variants)]
    return {f"{one.kind[0]}:{one.key}": name_of(replica, one) for one in subjects}


def _told(connection: Connection, replica: Replica, subjects: Iterable[Subject]) -> Iterator[Told]:
    told, keys = STATE.told, [(one.kind, one.key) for one in subjects]
    query = select(told).where(tuple_(told.c.kind, told.c.key).in_(keys))
    for row in connection.execute(query.order_by(told.c.kind, told.c.key)).all():
        problem = problem_from(row.reason) if row.reason else None
        name = name_of(replica, Subject(row.kind, row.key))
        yield Told(row.kind, row.key, name, row.state, problem, row.at)


def _aside(
    connection: Connection, replica: Replica, key: str, things: Iterable[Subject]
) -> Iterator[Told]:
    """Yield what hangs on the article and is not simply applied, its promotions too."""
    cover = STATE.price_cover
    rows = connection.execute(select(cover.c.kind, cover.c.key).where(cover.c.article == key)).all()
    terms = [Subject(row.kind, row.key) for row in rows]
    for one in _told(connection, replica, [*things, *terms]):
        if one.state != "applied" or one.problem is not None:
            yield one


def edits_of(connection: Connection, subject: Subject, ps_id: int) -> Iterator[Edit]:
    """Yield the work of people that is kept on an article's product."""
    written, languages = STATE.written, languages_of(Replica(connection))
    is_list = written.c.field.in_(sorted(LISTS)) & (written.c.lang == 1) & (written.c.sent != "")
    query = select(written).where(
        written.c.resource == _PRODUCTS,
        written.c.ps_id == ps_id,
        or_(written.c.edited.is_(True), is_list),
    )
    for row in connection.execute(query.order_by(written.c.field, written.c.lang)).all():
        lang = 0 if row.field in LISTS else row.lang
        seen = _seen(connection, subject, row.field, row.lang)
        since, value = seen or (None, None)
        yield Edit(row.field, languages.get(lang, str(lang)) if lang else "", since, value)


def _seen(
    connection: Connection, subject: Subject, field: str, lang: int
) -> tuple[str, str | None] | None:
    table = STATE.history
    query = select(table.c.at, table.c.after).where(
        table.c.kind == subject.kind, table.c.key == subject.key, table.c.field == field,
        table.c.lang == lang, table.c.who == "site",
    )  # fmt: skip
    row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return (row.at, row.after) if row else None
