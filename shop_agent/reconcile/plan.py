"""From what is wanted and what the shop shows to typed actions; nothing is read or written here.

plan_entity(wanted, site, memory)
# (Update(article 1042, products, price 16.58 → 19.90), Settle(article 1042))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from protocol.errors import Problem
from protocol.records import Owner
from shop_agent.actions import (
    Action,
    Create,
    FieldKey,
    KeepEdit,
    Last,
    Remember,
    Settle,
    Update,
)
from shop_agent.errors import EditedOnSiteError
from shop_agent.prestashop.entities import Entity, FieldValue, Row, Write
from shop_agent.profile import Profile
from shop_agent.reconcile.ownership import Choice, decide
from shop_agent.reconcile.rows import (
    CATEGORIES,
    Items,
    items,
    joined,
    parse_items,
    rows_of,
    text_of,
)
from shop_agent.reconcile.wanted import Wanted, WantedField, WantedList, normal

__all__ = ["CATEGORIES", "TAKEN_BACK", "VALUES", "Memory", "changed_fields", "plan_creation",
           "plan_entity"]  # fmt: skip

#: Under this name `written` remembers the sizes and colours of a combination, as last sent. Under
#: a list's name it remembers which of its rows are ours, and (language 1) which ones people took
#: out.
VALUES = "product_option_values"
#: Stands for a value that was sent, when a person gave a field back to the till.
TAKEN_BACK = "\ue000"
#: What a creation says beside its wanted fields and the till may say otherwise later.
_FIRST_WORDS = ("name", "value", "description", "description_short", "active")


@dataclass(frozen=True)
class Memory:
    """What we know of one entity from before.

    Args:
        last: Per field and language.
        pending: Values of writes whose outcome was never learnt: whatever the shop shows for
            these fields is ours.
    """

    last: Mapping[FieldKey, Last] = field(default_factory=dict)
    pending: Mapping[FieldKey, str] = field(default_factory=dict)


def plan_creation(wanted: Wanted) -> Create:
    """Return the creation of an entity that is not in the shop."""
    fields: dict[str, FieldValue] = dict(wanted.on_create)
    for one in wanted.fields:
        if 0 in one.texts:
            fields[one.name] = one.texts[0]
    sent = {**_first_words(wanted), **wanted.sent()}
    if VALUES in wanted.rows:
        sent[VALUES, 0] = _ids(_row_ids(wanted.rows[VALUES]))
    rows = {name: one.rows for name, one in wanted.lists.items() if one.rows}
    sent |= {(name, 0): text_of(items(name, one)) for name, one in rows.items()}
    return Create(
        wanted.subject, wanted.resource, Write(None, fields, {**wanted.rows, **rows}), sent
    )


def plan_entity(wanted: Wanted, site: Entity, memory: Memory, profile: Profile) -> list[Action]:
    """Return what makes one entity of the shop as wanted, people's work excepted."""
    decisions = _Decisions(wanted, site, memory, profile)
    for one in wanted.fields:
        decisions.take(one)
    for name, listed in wanted.lists.items():
        decisions.take_list(name, listed)
    if VALUES in wanted.rows:
        decisions.take_values(wanted.rows[VALUES])
    decisions.take_first_words()
    return decisions.actions()


def changed_fields(actions: Sequence[Action]) -> list[str]:
    """Return the names of the fields that a plan writes, for reports."""
    return sorted({name for a in actions if isinstance(a, Update) for name, _ in a.sent})


class _Decisions:
    """The choices for one entity, gathered field by field."""

    def __init__(self, wanted: Wanted, site: Entity, memory: Memory, profile: Profile) -> None:
        self._wanted = wanted
        self._site = site
        self._memory = memory
        self._profile = profile
        self._notes: dict[FieldKey, Last] = {}
        self._edits: list[KeepEdit] = []
        self._fields: dict[str, FieldValue] = {}
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._sent: dict[FieldKey, str] = {}
        self._was: dict[FieldKey, str] = {}

    def take(self, one: WantedField) -> None:
        shown = _shown(self._site, one.name)
        written: dict[int, str] = {}
        for lang, text in one.texts.items():
            site = normal(self._wanted.resource, one.name, shown.get(lang, ""))
            wanted = normal(self._wanted.resource, one.name, text)
            key = (one.name, lang)
            last = self._last(key, site, one.owner)
            choice = decide(one.owner, wanted=wanted, last=last, site=site)
            if choice is Choice.WRITE and one.over is not None and site not in one.over:
                continue
            if choice is Choice.WRITE:
                written[lang] = text
                self._sent[key], self._was[key] = wanted, site
            elif choice is Choice.NOTE:
                self._notes[key] = Last(wanted, site)
            elif choice is Choice.AGREED and last is not None:
                self._notes[key] = Last(last.sent, site)
            elif choice is Choice.EDITED:
                self._keep(key, site, last)
        if 0 in written:
            self._fields[one.name] = written[0]
        elif written:
            # A multilingual field is replaced as a whole: ours as wanted, the others as read, also
            # those of languages that the shop has switched off.
            languages = dict.fromkeys((*self._profile.languages, *(lang for lang in shown if lang)))
            self._fields[one.name] = {
                lang: written.get(lang, shown.get(lang, "")) for lang in languages
            }

    def take_list(self, name: str, listed: WantedList) -> None:
        if listed.owner == "site":
            return
        there, wanted = items(name, self._site.rows(name)), items(name, listed.rows)
        last, pending = self._memory.last.get((name, 0)), self._memory.pending.get((name, 0))
        ours = _items(last)
        if pending is not None and pending != TAKEN_BACK:
            ours |= parse_items(pending) & there
        if listed.owner == "till":
            self._take_whole(name, wanted, there, last)
            return
        removed = frozenset() if pending == TAKEN_BACK else _items(self._last_of(name, 1))
        result = joined(name, wanted, ours, there, removed)
        if result.to_be != there:
            self._write_list(name, result.to_be, there, sent=result.ours)
        elif result.ours != ours or last is None:
            self._notes[name, 0] = Last(text_of(result.ours), text_of(result.ours))
        if result.removed != _items(self._last_of(name, 1)):
            self._notes[name, 1] = Last(text_of(result.removed), text_of(result.removed))

    def _take_whole(self, name: str, wanted: Items, there: Items, last: Last | None) -> None:
        """Make a list exactly the till's; one that the shop stored otherwise is left in peace."""
        known = last is not None and (last.sent, last.stored) == (text_of(wanted), text_of(there))
        if known or wanted == there:
            if not known:
                self._notes[name, 0] = Last(text_of(wanted), text_of(there))
            return
        self._write_list(name, wanted, there, sent=wanted)

    def _write_list(self, name: str, to_be: Items, there: Items, *, sent: Items) -> None:
        self._rows[name] = rows_of(name, to_be)
        self._sent[name, 0], self._was[name, 0] = text_of(sent), text_of(there)

    def take_values(self, rows: tuple[Row, ...]) -> None:
        """Give a combination the sizes and colours that the till gives it now."""
        wanted = _ids(_row_ids(rows))
        last = self._memory.last.get((VALUES, 0))
        there = _ids(_row_ids(self._site.rows(VALUES)))
        if last is None or there == wanted:
            if last is None or last.sent != wanted:
                self._notes[VALUES, 0] = Last(wanted, wanted)
        elif last.sent != wanted:
            self._rows[VALUES] = rows
            self._sent[VALUES, 0], self._was[VALUES, 0] = wanted, there

    def take_first_words(self) -> None:
        """Note what a creation without an answer filled in beside what is wanted."""
        known = {**self._memory.last, **self._notes, **self._sent}
        for (name, lang), text in self._memory.pending.items():
            was_read = name in _FIRST_WORDS and name in self._site.fields
            if was_read and (name, lang) not in known:
                resource, shown = self._wanted.resource, _shown(self._site, name).get(lang, "")
                note = Last(normal(resource, name, text), normal(resource, name, shown))
                self._notes[name, lang] = note

    def actions(self) -> list[Action]:
        subject, resource, ps_id = self._wanted.subject, self._wanted.resource, self._site.id
        actions: list[Action] = list(self._edits)
        if self._notes:
            actions.append(Remember(subject, resource, ps_id, self._notes))
        if self._fields or self._rows:
            date = self._site.fields.get("date_upd", "")
            write = Write(ps_id, self._fields, self._rows, date if isinstance(date, str) else "")
            actions.append(Update(subject, resource, write, self._sent, self._was))
        changed = bool(self._fields or self._rows)
        actions.append(Settle(subject, changed=changed, edited=self._edited()))
        return actions

    def _edited(self) -> Problem | None:
        """Return the first text of a person that stands, also one found in an earlier pass."""
        known = {**self._memory.last, **self._notes}
        edited = sorted(key for key, last in known.items() if last.edited and key not in self._sent)
        return self._edit(*edited[0]) if edited else None

    def _edit(self, name: str, lang: int, site: str = "") -> Problem:
        iso = self._profile.languages.get(lang, "")
        place = str(self._wanted.subject)
        return EditedOnSiteError(place=place, value=site, field=name, lang=iso).problem()

    def _last(self, key: FieldKey, site: str, owner: Owner) -> Last | None:
        last, pending = self._memory.last.get(key), self._memory.pending.get(key)
        if pending == TAKEN_BACK:
            return Last(TAKEN_BACK, site)
        if pending is None or (last is not None and site == last.stored):
            return last
        if owner == "till":
            return last  # written again if need be: what a person set meanwhile does not stay
        # Written by us and never read back: what the shop shows is our doing.
        last = Last(normal(self._wanted.resource, key[0], pending), site)
        self._notes[key] = last
        return last

    def _last_of(self, name: str, lang: int) -> Last | None:
        return self._memory.last.get((name, lang))

    def _keep(self, key: FieldKey, site: str, last: Last | None) -> None:
        if last is None or last.edited:
            return
        name, lang = key
        problem = self._edit(name, lang, site)
        subject, resource = self._wanted.subject, self._wanted.resource
        self._edits.append(KeepEdit(subject, resource, self._site.id, name, lang, site, problem))
        self._notes[key] = Last(last.sent, last.stored, edited=True)


def _first_words(wanted: Wanted) -> dict[FieldKey, str]:
    """Return what a creation fills in: without it a later word of the till would seem foreign."""
    said: dict[FieldKey, str] = {}
    for name in _FIRST_WORDS:
        value = wanted.on_create.get(name)
        if isinstance(value, str):
            said[name, 0] = value
        elif value is not None:
            said |= {(name, lang): text for lang, text in value.items()}
    return said


def _shown(site: Entity, name: str) -> Mapping[int, str]:
    value = site.fields.get(name, "")
    return {0: value} if isinstance(value, str) else value


def _ids(ids: frozenset[int]) -> str:
    return " ".join(str(one) for one in sorted(ids))


def _row_ids(rows: Sequence[Row]) -> frozenset[int]:
    return frozenset(int(row["id"]) for row in rows)


def _items(last: Last | None) -> Items:
    return parse_items(last.sent) if last is not None else frozenset()
