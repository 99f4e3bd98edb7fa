"""What is wanted of one entity of the shop, as values; and what a fact is read against.

Rules: a field has an owner and one text per language (language 0: none); a list is a whole list of
rows with an owner; what is said at creation only has no owner. Numbers are compared without their
tails of zeros.

    context.owner("article.price")                 # "till"
    context.parent("brand", "12", "BOT-1")         # 4; raises ParentMissingError
    Wanted(subject, "products", (WantedField("price", "till", {0: "16.58"}),))
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from protocol.money import format_decimal
from protocol.records import Owner, Policy, Record
from shop_agent.actions import FieldKey, Subject
from shop_agent.errors import ParentMissingError
from shop_agent.prestashop.entities import FieldValue, Row
from shop_agent.prestashop.resource_types import NUMERIC
from shop_agent.prestashop.resources import get_resource
from shop_agent.profile import Profile
from shop_agent.reconcile.wanted.owners import DEFAULT_OWNERS

#: Till key → PrestaShop id, or None when it is not in the shop (yet).
Links = Callable[[str, str], int | None]
#: A fact of the replica by kind and key, or None.
Facts = Callable[[str, str], Record | None]


@dataclass(frozen=True)
class Context:
    """What a fact is read against."""

    links: Links
    facts: Facts
    profile: Profile
    policy: Policy

    def owner(self, name: str) -> Owner:
        """Return who owns a record's field."""
        return self.policy.owners.get(name, DEFAULT_OWNERS[name])

    def parent(self, kind: str, key: str, shown: str = "") -> int:
        """Return the PrestaShop id of a fact that another one hangs on.

        Raises:
            ParentMissingError: when it is not in the shop.
        """
        found = self.links(kind, key)
        if found is None:
            raise ParentMissingError(place=shown, value=key, parent=f"{kind} {key}")
        return found


@dataclass(frozen=True)
class WantedField:
    """One field of one entity.

    Args:
        name: PrestaShop's name for it.
        owner: Whose word counts.
        texts: Value per language id; language 0 for a field without languages.
        over: The only values of the shop that it may replace; None for any.
    """

    name: str
    owner: Owner
    texts: Mapping[int, str]
    over: frozenset[str] | None = None


@dataclass(frozen=True)
class WantedList:
    """One list of one entity: categories, features, the parts of a pack.

    Args:
        owner: `till`: exactly these rows; `site`: at creation only; else a union, in which people's
            rows stay and what they took out is not put back.
        rows: In the webservice's columns.
    """

    owner: Owner
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Wanted:
    """One entity as the till wants it.

    Args:
        subject: The fact.
        resource: Of the webservice.
        fields: What is compared at every look.
        on_create: What is said at creation only.
        rows: What a combination is made of, at creation and when it changes.
        lists: Lists by association.
    """

    subject: Subject
    resource: str
    fields: tuple[WantedField, ...]
    on_create: Mapping[str, FieldValue] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    lists: Mapping[str, WantedList] = field(default_factory=dict)

    def sent(self) -> dict[FieldKey, str]:
        """Return every owned value by field and language."""
        return {
            (wanted.name, lang): text
            for wanted in self.fields
            for lang, text in wanted.texts.items()
        }


def without_lacking(wanted: Wanted, lacks: Collection[str]) -> Wanted:
    """Return what is wanted without what the shop's version lacks: it can never be as wanted.

    Args:
        wanted: One entity.
        lacks: Names of fields and lists, and columns as `list[column]`.
    """
    if not lacks:
        return wanted
    fields = tuple(one for one in wanted.fields if one.name not in lacks)
    lists = {
        name: replace(listed, rows=tuple(_without(name, row, lacks) for row in listed.rows))
        for name, listed in wanted.lists.items()
        if name not in lacks
    }
    return replace(wanted, fields=fields, lists=lists)


def _without(name: str, row: Row, lacks: Collection[str]) -> Row:
    return {column: text for column, text in row.items() if f"{name}[{column}]" not in lacks}


def subject_of(fact: Record) -> Subject:
    """Return a fact's kind and key."""
    return Subject(fact.kind, fact.key)


def says(fact: Record, name: str) -> bool:
    """Return whether a fact says something of a field: null says « none », absent says nothing."""
    return name in fact.model_fields_set


def plain(name: str, owner: Owner, value: object) -> WantedField:
    """Return a field without languages."""
    return WantedField(name, owner, {0: str(value)})


def normal(resource: str, name: str, text: str) -> str:
    """Return a field's value in the form in which it is compared: numbers without tails."""
    rule = get_resource(resource).fields.get(name)
    if rule is None or rule.kind not in NUMERIC:
        return text.replace("\r\n", "\n")
    try:
        return format_decimal(Decimal(text or "0"))
    except ArithmeticError:
        return text
