"""Which promotions and list prices bear on which articles, and whose prices are to be done again.

Every method works inside the caller's transaction. An article is *queued* when anything that its
special prices depend on changes (its price, a category, a link, a promotion), and stays so until
its rows are as wanted; so a quick pass reads those articles and no others.

    book = PriceBook(connection)
    book.queue(["1042"])
    book.finish("1042", {Subject("promotion", "P1"): Standing()})
    book.standings([Subject("promotion", "P1")])   # empty while one of its articles is queued
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, exists, insert, select

from protocol.errors import Problem
from protocol.link.notices import problem_from, problem_json
from shop_agent.actions import Subject
from shop_agent.state import STATE

_KEYS_PER_QUERY = 500
State = Literal["applied", "waiting", "refused"]
_STATES: Mapping[str | None, State] = {"waiting": "waiting", "refused": "refused"}


@dataclass(frozen=True)
class Standing:
    """What became of a promotion or list price, on one article or at all.

    Args:
        state: Applied, or why not.
        problem: Why not; of an applied one, why nobody sees it.
    """

    state: State = "applied"
    problem: Problem | None = None


class PriceBook:
    """The two tables, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, articles: Iterable[str]) -> None:
        """Have the special prices of some articles done again."""
        table = STATE.repricing
        for some in _batches(articles):
            rows = self._connection.execute(select(table).where(table.c.article.in_(some))).all()
            known = {row.article for row in rows}
            new = [{"article": article} for article in some if article not in known]
            if new:
                self._connection.execute(insert(table), new)

    def queue_covered(self) -> None:
        """Have the special prices of every article done again that any term bears on."""
        cover = STATE.price_cover
        rows = self._connection.execute(select(cover.c.article).distinct()).all()
        self.queue(row.article for row in rows)

    def queued(self) -> list[str]:
        """Return the articles to be done again, in order of key."""
        table = STATE.repricing
        rows = self._connection.execute(select(table).order_by(table.c.article)).all()
        return [row.article for row in rows]

    def forget_queue(self) -> None:
        """Note that nothing is to be done: the till has no special prices and had none."""
        self._connection.execute(delete(STATE.repricing))

    def is_empty(self) -> bool:
        """Return whether no term bears on any article."""
        return self._connection.execute(select(STATE.price_cover).limit(1)).first() is None

    def cover(self, terms: Mapping[Subject, Collection[str]]) -> frozenset[Subject]:
        """Note which articles some terms bear on, and queue them and those that they leave.

        Returns:
            The terms that bear on nothing now and did not before.
        """
        known = self.articles_of(terms)
        self._insert(
            (subject, article, Standing())
            for subject, articles in terms.items()
            for article in sorted(set(articles) - known[subject])
        )
        self.queue(a for subject, some in terms.items() for a in {*some, *known[subject]})
        return frozenset(one for one, some in terms.items() if not some and not known[one])

    def articles_of(self, subjects: Iterable[Subject]) -> dict[Subject, set[str]]:
        """Return the articles that terms bear on, or did when they were last done."""
        cover = STATE.price_cover
        found: dict[Subject, set[str]] = {subject: set() for subject in subjects}
        query = select(cover.c.kind, cover.c.key, cover.c.article)
        for some in _batches(subject.key for subject in found):
            for row in self._connection.execute(query.where(cover.c.key.in_(some))).all():
                if Subject(row.kind, row.key) in found:
                    found[Subject(row.kind, row.key)].add(row.article)
        return found

    def terms_of(self, articles: Iterable[str]) -> dict[str, set[Subject]]:
        """Return the terms that bear on some articles, or did when they were last done."""
        cover = STATE.price_cover
        found: dict[str, set[Subject]] = {article: set() for article in articles}
        query = select(cover.c.kind, cover.c.key, cover.c.article)
        for some in _batches(found):
            for row in self._connection.execute(query.where(cover.c.article.in_(some))).all():
                found[row.article].add(Subject(row.kind, row.key))
        return found

    def finish(self, article: str, standings: Mapping[Subject, Standing]) -> None:
        """Note that an article's rows are done, and what its terms came to."""
        cover, queue = STATE.price_cover, STATE.repricing
        self._connection.execute(delete(cover).where(cover.c.article == article))
        self._connection.execute(delete(queue).where(queue.c.article == article))
        self._insert((subject, article, standing) for subject, standing in standings.items())

    def standings(self, subjects: Iterable[Subject]) -> dict[Subject, Standing]:
        """Return what became of terms on all their articles; none while one of them is queued.

        What is refused comes before what waits; that nobody sees it is said when it is so of all.
        """
        cover, queue = STATE.price_cover, STATE.repricing
        left = set(subjects)
        pending = (
            select(cover.c.kind, cover.c.key)
            .where(exists().where(queue.c.article == cover.c.article))
            .distinct()
        )
        for some in _batches(subject.key for subject in left):
            rows = self._connection.execute(pending.where(cover.c.key.in_(some))).all()
            left -= {Subject(row.kind, row.key) for row in rows}
        notes: dict[Subject, list[tuple[str | None, str | None]]] = {one: [] for one in left}
        query = select(cover).order_by(cover.c.article)
        for some in _batches(subject.key for subject in left):
            for row in self._connection.execute(query.where(cover.c.key.in_(some))).all():
                if Subject(row.kind, row.key) in notes:
                    notes[Subject(row.kind, row.key)].append((row.state, row.reason))
        return {subject: _worst(some) for subject, some in notes.items()}

    def _insert(self, rows: Iterable[tuple[Subject, str, Standing]]) -> None:
        values = [
            {
                "kind": subject.kind,
                "key": subject.key,
                "article": article,
                "state": standing.state,
                "reason": problem_json(standing.problem) if standing.problem else None,
            }
            for subject, article, standing in rows
        ]
        if values:
            self._connection.execute(insert(STATE.price_cover), values)


def _worst(notes: Sequence[tuple[str | None, str | None]]) -> Standing:
    """Return what is said of a term by what is noted of it on each article."""
    for wanted in ("refused", "waiting"):
        for state, reason in notes:
            if state == wanted and reason is not None:
                return Standing(_STATES[wanted], problem_from(reason))
    first = notes[0][1] if notes else None
    if first is not None and all(reason is not None for _, reason in notes):
        return Standing("applied", problem_from(first))
    return Standing()


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    every = sorted(set(keys))
    for start in range(0, len(every), _KEYS_PER_QUERY):
        yield every[start : start + _KEYS_PER_QUERY]
