"""`reconcile`: every article of the till compared with the shop, and each difference explained.

A dry full pass plans; its actions are told apart. Nothing is written, unless a person asks to heal:
then a full pass follows, which writes what it would have written anyway.

    show_reconcile(settings, wiring, output, heal=False)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, or_, select

from protocol.errors import Text
from protocol.program.command import literal
from protocol.program.console import Output, RunReport
from protocol.program.engine import reading
from protocol.program.locked import locked_pass
from shop_agent.actions import AddPhoto, Refuse, SetStock, Subject, Update
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.errors import (
    AmbiguousMatchError,
    CodesDisagreeError,
    SimpleAtTillError,
    TwoArticlesError,
    VariantsAtTillError,
)
from shop_agent.pass_ import Agent, Options, run_pass
from shop_agent.planning import languages_of, name_of
from shop_agent.reconcile.brakes import is_single
from shop_agent.reconcile.differences import Difference, Known, differences
from shop_agent.reconcile.rows import LISTS
from shop_agent.reconcile.wanted import RESOURCES
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.state import STATE
from shop_agent.sync import MOST_LINES, SyncOptions, known_secrets, sync
from shop_agent.wiring import Wiring, paths_of, wire

#: Codes of the questions which product an article is.
_AMBIGUOUS = frozenset(
    one.code
    for one in (
        AmbiguousMatchError, CodesDisagreeError, SimpleAtTillError, TwoArticlesError,
        VariantsAtTillError,
    )
)  # fmt: skip
_CLASSES = {
    "in-flight": Text("En route", "In flight"),
    "explained": Text("Expliqué", "Explained"),
    "edited": Text("Modifié sur le site, gardé", "Edited on the site, kept"),
    "drift": Text("Dérive", "Drift"),
}


@dataclass(frozen=True)
class Comparison:
    """Till against site.

    Args:
        found: Every difference.
        names: What people call the facts of it.
        languages: ISO code by language id.
        only_site: Products that are no article's: (id, reference).
        ambiguous: Articles whose product a person must name, with the code of the question.
        photos_missing: Photos of the till that the site does not have.
        compared: Live articles.
    """

    found: Sequence[Difference]
    names: Mapping[Subject, str]
    languages: Mapping[int, str]
    only_site: Sequence[tuple[int, str]]
    ambiguous: Sequence[tuple[Subject, str]]
    photos_missing: Sequence[Subject]
    compared: int

    def counts(self) -> dict[str, int]:
        """Return how many differences there are by class."""
        counts = dict.fromkeys(_CLASSES, 0)
        for one in self.found:
            counts[one.why] += 1
        return counts


def show_reconcile(
    settings: AgentSettings, wiring: Wiring, output: Output, *, heal: bool = False
) -> int:
    """Tell how till and site differ, and with `heal` run a full pass afterwards.

    Raises:
        LockHeldError: When another run is at work.
    """
    code = locked_pass(
        paths_of(settings),
        f"{PROGRAM} reconcile",
        output,
        lambda: _compare(settings, wiring, output),
        clock=wiring.clock,
        secrets=known_secrets(settings),
    )
    if not heal or code not in (0, 3, 6):  # another end means that nothing could be compared
        return code
    return sync(settings, wiring, output, SyncOptions(full=True))


def _compare(settings: AgentSettings, wiring: Wiring, output: Output) -> RunReport:
    with wire(settings, wiring) as agent:
        report = run_pass(agent, Options(full=True, dry_run=True))
        comparison = compare(agent, report)
    _tell(comparison, output)
    counts = comparison.counts()
    fields = {
        "compared": comparison.compared,
        "counts": counts,
        "only_site": len(comparison.only_site),
        "ambiguous": len(comparison.ambiguous),
        "photos_missing": len(comparison.photos_missing),
    }
    return RunReport(
        said=_SAID,
        fields={**fields, **{name.replace("-", "_"): count for name, count in counts.items()}},
        set_aside=counts["drift"] + len(report.refused),
        needs_person=any(not is_single(key) for key in report.classes),
    )


def compare(agent: Agent, report: Report) -> Comparison:
    """Return what a dry full pass found, told apart, and what only the shop has."""
    with agent.open_shop() as shop:
        products = list(shop.iter_all("products", display=("id", "reference")))
    with reading(agent.engine).connect() as connection:
        replica = Replica(connection)
        known = _known(connection, report)
        found = [*differences(report.actions, report.figures, known), *_outside(replica, report)]
        links = replica.links()
        return Comparison(
            found=found,
            names={one.subject: name_of(replica, one.subject) for one in found},
            languages=languages_of(replica),
            only_site=[
                (one.id, one.text("reference"))
                for one in products
                if links.key_of("article", one.id) is None
            ],
            ambiguous=[
                (one.subject, one.problem.code)
                for one in report.actions
                if isinstance(one, Refuse) and one.problem.code in _AMBIGUOUS
            ],
            photos_missing=sorted(
                {one.subject for one in report.actions if isinstance(one, AddPhoto)}
            ),
            compared=replica.count("article"),
        )


def _known(connection: Connection, report: Report) -> Known:
    replica = Replica(connection)
    ids: dict[str, list[int]] = {}
    for action in report.actions:
        if isinstance(action, Update) and action.write.id:
            ids.setdefault(action.resource, []).append(action.write.id)
    written = {
        (resource, ps_id): memory.last
        for resource, some in ids.items()
        for ps_id, memory in replica.journal.memories(resource, sorted(set(some))).items()
    }
    links = replica.links()
    subjects = {action.subject for action in report.actions}
    return Known(
        written=written,
        linked=frozenset(one for one in subjects if links(one.kind, one.key) is not None),
        moving=frozenset(
            action.subject
            for action in report.actions
            if isinstance(action, SetStock) and _is_dirty(replica, action.subject)
        ),
        edits=tuple(_edits(connection)),
        mode=report.mode,
    )


def _is_dirty(replica: Replica, subject: Subject) -> bool:
    fact = replica.find(subject.kind, subject.key)
    return fact is None or fact.dirty


def _edits(connection: Connection) -> Iterator[tuple[Subject, str, int, str, int]]:
    """Yield people's work that is kept since an earlier pass."""
    written, links = STATE.written, Replica(connection).links()
    kinds = {resource: kind for kind, resource in RESOURCES.items()}
    is_list = written.c.field.in_(sorted(LISTS)) & (written.c.lang == 1) & (written.c.sent != "")
    query = select(written).where(or_(written.c.edited.is_(True), is_list))
    for row in connection.execute(query.order_by(written.c.resource, written.c.ps_id)).all():
        kind = kinds.get(row.resource)
        key = links.key_of(kind, row.ps_id) if kind else None
        if kind is not None and key is not None:
            lang = 0 if row.field in LISTS else row.lang
            yield Subject(kind, key), row.resource, row.ps_id, row.field, lang


def _outside(replica: Replica, report: Report) -> Iterator[Difference]:
    """Yield what the plan did not look at: what is held outside a pilot."""
    planned = {action.subject for action in report.actions}
    for told in replica.told.all_told():
        subject = Subject(told.of_kind, told.of_key)
        if told.state == "held" and told.reason is not None and subject not in planned:
            yield Difference(subject, "", None, "", 0, None, None, "explained", told.reason.code)


# --- telling ---------------------------------------------------------------------------------


def _tell(comparison: Comparison, output: Output) -> None:
    for one in comparison.found:
        output.emit("difference", **_values(one, comparison))
    for ps_id, reference in comparison.only_site:
        output.emit("only_site", id=ps_id, reference=reference)
    for subject, code in comparison.ambiguous:
        output.emit("ambiguous", kind=subject.kind, key=subject.key, code=code)
    for subject in comparison.photos_missing:
        output.emit("photo_missing", kind=subject.kind, key=subject.key)
    if not output.as_json:
        for line in _lines(comparison, output.lang == "fr"):
            output.say(literal(line))


def _lines(comparison: Comparison, french: bool) -> Iterator[str]:
    for name, count in comparison.counts().items():
        word = _CLASSES[name]
        yield f"{word.fr} : {count}" if french else f"{word.en}: {count}"
        some = (one for one in comparison.found if one.why == name)
        yield from (f"  {_line(one, comparison)}" for one in islice(some, MOST_LINES))
    only = comparison.only_site
    yield f"Seulement sur le site : {len(only)}" if french else f"Only on the site: {len(only)}"
    yield from (f"  {ps_id} {reference}" for ps_id, reference in only[:MOST_LINES])
    yield from _named(
        "À rapprocher à la main" if french else "To be matched by hand",
        [f"{subject} {code}" for subject, code in comparison.ambiguous], french,
    )  # fmt: skip
    yield from _named(
        "Photos absentes" if french else "Photos missing",
        [str(subject) for subject in comparison.photos_missing], french,
    )  # fmt: skip


def _named(title: str, lines: Sequence[str], french: bool) -> Iterable[str]:
    head = f"{title} : {len(lines)}" if french else f"{title}: {len(lines)}"
    return (head, *(f"  {line}" for line in lines[:MOST_LINES]))


def _line(one: Difference, comparison: Comparison) -> str:
    iso = comparison.languages.get(one.lang, "") if one.lang else ""
    name = f"{one.field} ({iso})" if iso else one.field or one.resource
    is_said = one.site is not None or one.till is not None
    sides = f" {_side(one.site)} | {_side(one.till)}" if is_said else ""
    reason = f" [{one.reason}]" if one.reason else ""
    return f"{comparison.names[one.subject]} — {name}{sides}{reason}".rstrip(" —")


def _side(text: str | None) -> str:
    return "—" if text is None else text if len(text) <= 60 else f"{text[:59]}…"


def _values(one: Difference, comparison: Comparison) -> dict[str, object]:
    return {
        "kind": one.subject.kind,
        "key": one.subject.key,
        "label": comparison.names[one.subject],
        "resource": one.resource,
        "id": one.id,
        "field": one.field,
        "lang": comparison.languages.get(one.lang, "") if one.lang else "",
        "site": one.site,
        "till": one.till,
        "class": one.why,
        "reason": one.reason,
    }


_SAID = Text(
    "{compared} article(s) comparés : {drift} dérive(s), {edited} texte(s) gardé(s), {in_flight} "
    "en route, {explained} expliqué(s) ; {only_site} produit(s) seulement sur le site",
    "{compared} article(s) compared: {drift} drifted, {edited} text(s) kept, {in_flight} in "
    "flight, {explained} explained; {only_site} product(s) only on the site",
)
