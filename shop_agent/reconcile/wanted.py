"""What each fact of the till means in PrestaShop's terms, before anyone looks at the shop.

Pure: a fact, the links (till key → PrestaShop id), the shop's profile and the merchant's policy
give a `Wanted`. Its fields have owners and normal forms; `on_create` is said once and never again
(a URL, what a creation would zero).

    wanted = want(article, Context(links, profile, policy))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from slugify import slugify

from protocol.money import MICRO, excluding_tax, format_decimal
from protocol.records import (
    Article,
    Axis,
    AxisValue,
    Brand,
    Category,
    Owner,
    Policy,
    Record,
    Variant,
)
from shop_agent.actions import FieldKey, Subject
from shop_agent.errors import NoTaxGroupError, ParentMissingError
from shop_agent.prestashop.entities import FieldValue, Row
from shop_agent.prestashop.resource_types import NUMERIC
from shop_agent.prestashop.resources import get_resource
from shop_agent.profile import Profile

#: Till key → PrestaShop id, or None when it is not in the shop (yet).
Links = Callable[[str, str], int | None]
#: A fact of the replica by kind and key, or None.
Facts = Callable[[str, str], Record | None]

RESOURCES: Mapping[str, str] = {
    "category": "categories",
    "brand": "manufacturers",
    "axis": "product_options",
    "axis_value": "product_option_values",
    "article": "products",
    "variant": "combinations",
}
#: SPEC §6.3: owners where the policy says nothing.
DEFAULT_OWNERS: Mapping[str, Owner] = {
    "category.name": "till",
    "category.parent": "till",
    "brand.name": "till",
    "axis.name": "till-until-edited",
    "axis_value.name": "till-until-edited",
    "article.name": "till-until-edited",
    "article.description": "till-until-edited",
    "article.reference": "till",
    "article.ean": "till",
    "article.price": "till",
    "article.tax_rate": "till",
    "article.brand": "till",
    "article.default_category": "till-until-edited",
    "article.categories": "union",
    "article.purchase_price": "till",
    "article.online": "till",
    "variant.reference": "till",
    "variant.ean": "till",
    "variant.price": "till",
}


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
    """

    name: str
    owner: Owner
    texts: Mapping[int, str]


@dataclass(frozen=True)
class Wanted:
    """One entity as the till wants it.

    Args:
        subject: The fact.
        resource: Of the webservice.
        fields: What is compared at every look.
        on_create: What is said at creation only.
        rows: Associations at creation.
        categories: PrestaShop ids that the till wants in the categories list, or None.
    """

    subject: Subject
    resource: str
    fields: tuple[WantedField, ...]
    on_create: Mapping[str, FieldValue] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    categories: tuple[int, ...] | None = None

    def sent(self) -> dict[FieldKey, str]:
        """Return every owned value by field and language."""
        return {
            (wanted.name, lang): text
            for wanted in self.fields
            for lang, text in wanted.texts.items()
        }


def want(fact: Record, context: Context) -> Wanted:
    """Return what a fact means in the shop.

    Raises:
        ParentMissingError, NoTaxGroupError, PriceNotRepresentableError: the fact must wait or be
            set aside.
    """
    if isinstance(fact, Category):
        return _category(fact, context)
    if isinstance(fact, Brand):
        return _brand(fact, context)
    if isinstance(fact, Axis):
        return _axis(fact, context)
    if isinstance(fact, AxisValue):
        return _axis_value(fact, context)
    if isinstance(fact, Article):
        return _article(fact, context)
    if isinstance(fact, Variant):
        return _variant(fact, context)
    raise TypeError(f"no entity of the shop for {fact.kind}")


def normal(resource: str, name: str, text: str) -> str:
    """Return a field's value in the form in which it is compared: numbers without tails."""
    rule = get_resource(resource).fields.get(name)
    if rule is None or rule.kind not in NUMERIC:
        return text.replace("\r\n", "\n")
    try:
        return format_decimal(Decimal(text or "0"))
    except ArithmeticError:
        return text


def base_price(article: Article, context: Context) -> tuple[Decimal, Decimal]:
    """Return an article's (price without tax, rate in percent)."""
    rate = tax_rate(article, context)
    return excluding_tax(article.price.amount, rate), rate


def tax_rate(article: Article, context: Context) -> Decimal:
    """Return an article's rate in percent, by its tax_rate record."""
    fact = context.facts("tax_rate", article.tax_rate)
    if fact is None:
        raise ParentMissingError(place=str(article.key), parent=f"tax_rate {article.tax_rate}")
    return Decimal(str(getattr(fact, "rate")))  # noqa: B009 - Record has no rate; TaxRate has


def slug(text: str) -> str:
    """Return a link_rewrite for a text: lower-case ASCII words, at most 128 signs."""
    return slugify(text, max_length=128, word_boundary=True) or "article"


def _texts(said: Mapping[str, str], context: Context) -> dict[int, str]:
    """Return the till's texts by the shop's language ids; languages it does not have are left."""
    return {lang: said[iso] for lang, iso in context.profile.languages.items() if said.get(iso)}


def _filled(said: Mapping[str, str], context: Context) -> dict[int, str]:
    """Return a text for every language of the shop, as a creation needs it."""
    fallback = said.get(context.policy.default_language) or next(iter(said.values()), "")
    return {lang: said.get(iso) or fallback for lang, iso in context.profile.languages.items()}


def _slugs(said: Mapping[str, str], context: Context) -> dict[int, str]:
    return {lang: slug(text) for lang, text in _filled(said, context).items()}


def _plain(name: str, owner: Owner, value: object) -> WantedField:
    return WantedField(name, owner, {0: str(value)})


def _subject(fact: Record) -> Subject:
    return Subject(fact.kind, fact.key)


def _category(fact: Category, context: Context) -> Wanted:
    home = context.profile.home_category
    parent = home if fact.parent is None else context.parent("category", fact.parent, fact.key)
    return Wanted(
        _subject(fact),
        "categories",
        (
            WantedField("name", context.owner("category.name"), _texts(fact.name, context)),
            _plain("id_parent", context.owner("category.parent"), parent),
        ),
        on_create={
            "name": _filled(fact.name, context),
            "link_rewrite": _slugs(fact.name, context),
            "active": "1",
        },
    )


def _brand(fact: Brand, context: Context) -> Wanted:
    name = _plain("name", context.owner("brand.name"), fact.name)
    return Wanted(_subject(fact), "manufacturers", (name,), on_create={"active": "1"})


def _axis(fact: Axis, context: Context) -> Wanted:
    names = WantedField("name", context.owner("axis.name"), _texts(fact.name, context))
    filled = _filled(fact.name, context)
    return Wanted(
        _subject(fact),
        "product_options",
        (names,),
        on_create={
            "name": filled,
            "public_name": {lang: text[:64] for lang, text in filled.items()},
            "group_type": fact.style,
            "is_color_group": "1" if fact.style == "color" else "0",
        },
    )


def _axis_value(fact: AxisValue, context: Context) -> Wanted:
    group = context.parent("axis", fact.axis, fact.key)
    names = WantedField("name", context.owner("axis_value.name"), _texts(fact.name, context))
    on_create: dict[str, FieldValue] = {
        "name": _filled(fact.name, context),
        "id_attribute_group": str(group),
    }
    if fact.color:
        on_create["color"] = fact.color
    return Wanted(_subject(fact), "product_option_values", (names,), on_create=on_create)


def _article(fact: Article, context: Context) -> Wanted:
    price, rate = base_price(fact, context)
    group = context.profile.tax_groups.get(rate)
    if group is None:
        raise NoTaxGroupError(place=str(_subject(fact)), value=rate, rate=format_decimal(rate))
    brand = 0 if fact.brand is None else context.parent("brand", fact.brand, fact.reference)
    shelves = tuple(context.parent("category", key, fact.reference) for key in fact.categories)
    shelves = shelves or (context.profile.home_category,)
    described = fact.description or {}
    fields = [
        WantedField("name", context.owner("article.name"), _texts(fact.name, context)),
        _plain("reference", context.owner("article.reference"), fact.reference),
        _plain("ean13", context.owner("article.ean"), fact.ean or ""),
        _plain("price", context.owner("article.price"), format_decimal(price)),
        _plain("id_tax_rules_group", context.owner("article.tax_rate"), group),
        _plain("id_manufacturer", context.owner("article.brand"), brand),
        _plain("id_category_default", context.owner("article.default_category"), shelves[0]),
    ]
    if "description" in fact.model_fields_set:
        # Null clears it, in every language; a language that is not said stays as it is.
        cleared = dict.fromkeys(context.profile.languages, "")
        texts = cleared if fact.description is None else _texts(described, context)
        fields.append(WantedField("description", context.owner("article.description"), texts))
    if fact.purchase_price is not None:
        bought = format_decimal(fact.purchase_price)
        fields.append(_plain("wholesale_price", context.owner("article.purchase_price"), bought))
    return Wanted(
        _subject(fact),
        "products",
        tuple(fields),
        on_create={
            "name": _filled(fact.name, context),
            "link_rewrite": _slugs(fact.name, context),
            "description": _filled(described, context),
            "active": "0",
            "state": "1",
            "available_for_order": "1",
            "show_price": "1",
            "minimal_quantity": "1",
            "visibility": "both",
        },
        rows={"categories": tuple({"id": str(shelf)} for shelf in dict.fromkeys(shelves))},
        categories=shelves,
    )


def _variant(fact: Variant, context: Context) -> Wanted:
    article = context.facts("article", fact.article)
    if not isinstance(article, Article):
        raise ParentMissingError(place=fact.reference, parent=f"article {fact.article}")
    product = context.parent("article", fact.article, article.reference)
    base, rate = base_price(article, context)
    own = base if fact.price is None else excluding_tax(fact.price.amount, rate)
    impact = format_decimal((own - base).quantize(MICRO))
    values = [context.parent("axis_value", key, fact.reference) for key in fact.values]
    return Wanted(
        _subject(fact),
        "combinations",
        (
            _plain("reference", context.owner("variant.reference"), fact.reference),
            _plain("ean13", context.owner("variant.ean"), fact.ean or ""),
            _plain("price", context.owner("variant.price"), impact),
        ),
        on_create={"id_product": str(product), "minimal_quantity": "1"},
        rows={"product_option_values": tuple({"id": str(value)} for value in values)},
    )
