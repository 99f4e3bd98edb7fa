"""What a read asks for: fields, filters, order, rows, languages, computed prices.

The query string is parsed once, here; what PrestaShop would refuse is refused with its codes.

    pairs = [("display", "[id,price]"), ("limit", "5,3")]
    query = parse_query(RESOURCES["products"], pairs, languages=(1, 2))
    query.fields, query.offset, query.rows      # ('id', 'price'), 5, 3
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from demo.prestashop.record import leading_int
from demo.prestashop.refusals import RefusedError, broken_query, closest, quoted
from demo.prestashop.tables import Field, Resource

Pairs = Sequence[tuple[str, str]]

_NO_LANGUAGE = (81, "language is not available")
_KEY = re.compile(r"(\w+)((?:\[[^\]]*\])+)")


@dataclass(frozen=True)
class Filter:
    """One condition: a field (`id` has no Field) and the text given for it."""

    name: str
    text: str
    field: Field | None = None
    lang: int = 0


@dataclass(frozen=True)
class PriceWish:
    """One computed price that was asked for under a name; without options PHP dies of it."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Query:
    """A read, parsed and accepted.

    Args:
        fields: Names asked for; empty means all of them when `full`, else ids only.
        lists: Association name → names of its fields asked for.
        sort: Field name and whether it goes down.
        rows: How many at most; None for all.
    """

    languages: tuple[int, ...]
    full: bool = False
    fields: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    offset: int = 0
    rows: int | None = None
    prices: tuple[PriceWish, ...] = ()

    @property
    def ids_only(self) -> bool:
        """Whether a list shows nothing but ids and links."""
        return not (self.full or self.fields or self.lists)


def parse_query(resource: Resource, pairs: Pairs, languages: tuple[int, ...]) -> Query:
    """Return the query of a list; RefusedError where PrestaShop would answer with an error."""
    single = dict(pairs)
    prices = tuple(_parse_prices(pairs))
    extra = [wish.name for wish in prices]
    full, fields, lists = _parse_display(resource, single.get("display", ""), extra)
    offset, rows = _parse_limit(single.get("limit"))
    return Query(
        languages=_parse_languages(single.get("language"), languages),
        full=full,
        fields=fields,
        lists=lists,
        filters=tuple(_parse_filters(resource, pairs, single.get("date") == "1")),
        sort=tuple(_parse_sort(resource, single.get("sort", ""), single.get("date") == "1")),
        offset=offset,
        rows=rows,
        prices=prices,
    )


def _parse_languages(text: str | None, installed: tuple[int, ...]) -> tuple[int, ...]:
    if text is None:
        return installed
    if not text.isdigit() and not re.fullmatch(r"\[.*\]", text):
        raise RefusedError(400, (79, "language value is wrong"), _NO_LANGUAGE)
    inside = text.strip("[]")
    if "," in inside:
        low, high = (leading_int(part) for part in inside.split(",", 1))
        wanted = tuple(one for one in installed if low <= one <= high)
    else:
        asked = [leading_int(part) for part in inside.split("|")]
        wanted = tuple(one for one in asked if one in installed)
    if not wanted:
        raise RefusedError(400, _NO_LANGUAGE)
    return wanted


def _names(resource: Resource) -> list[str]:
    return ["id", *(one.name for one in resource.fields)]


def _parse_display(
    resource: Resource, text: str, extra: Sequence[str]
) -> tuple[bool, tuple[str, ...], dict[str, tuple[str, ...]]]:
    if text in {"", "full"}:
        return text == "full", (), {}
    known = ", ".join(_names(resource))
    if not re.fullmatch(r"\[.*\]", text):
        raise broken_query((36, _display_help(known)))
    fields: list[str] = []
    lists: dict[str, tuple[str, ...]] = {}
    for name, inner in re.findall(r"([^,\[\]]+)(?:\[([^\]]*)\])?", text[1:-1]):
        if inner:
            lists[name] = _parse_list_display(resource, name, inner.split(","), known)
        elif name in _names(resource) or name in extra:
            fields.append(name)
        else:
            raise broken_query((35, _cannot_display(name, known)))
    return False, tuple(fields), lists


def _display_help(known: str) -> str:
    return (
        "The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'."
        f" These are available: {known}"
    )


def _cannot_display(name: str, known: str) -> str:
    return f'Unable to display this field "{name}". However, these are available: {known}'


def _parse_list_display(
    resource: Resource, name: str, wanted: list[str], known: str
) -> tuple[str, ...]:
    association = resource.find_association(name)
    columns = {one.name for one in association.fields} if association else set()
    if not columns.issuperset(wanted):
        details = "".join(f"  {rank} => '{one}',\n" for rank, one in enumerate(wanted))
        raise broken_query((35, _cannot_display(f"{name} (details : array (\n{details}))", known)))
    return tuple(wanted)


def _parse_filters(resource: Resource, pairs: Pairs, dated: bool) -> Iterable[Filter]:
    for key, text in pairs:
        found = _KEY.fullmatch(key)
        if found is None or found[1] != "filter":
            continue
        name, *rest = re.findall(r"\[([^\]]*)\]", found[2])
        yield _parse_filter(resource, name, text, leading_int(rest[0]) if rest else 0, dated)


def _parse_filter(resource: Resource, name: str, text: str, lang: int, dated: bool) -> Filter:
    known = resource.by_name.get(name)
    if name != "id" and (known is None or (known.dated and not dated)):
        usable = [one.name for one in resource.fields if not one.lang and (dated or not one.dated)]
        names = ["id", *usable]
        help_text = f'Did you mean: "{closest(name, names)}"? The full list is: {quoted(names)}'
        raise broken_query((32, f"This filter does not exist. {help_text}"))
    if not text:
        raise broken_query((33, f'The filter "{name}" is malformed.'))
    if known is not None and not known.stored:
        dynamic = f'The field "{name}" is dynamic. It is not possible to filter GET query with this'
        raise broken_query((34, f"{dynamic} field."))
    return Filter(name, text, known, lang)


def _parse_sort(resource: Resource, text: str, dated: bool) -> Iterable[tuple[str, bool]]:
    usable = [one for one in resource.fields if dated or not one.dated]
    for part in text.strip("[]").split(",") if text else []:
        name, _, direction = part.rpartition("_")
        if direction.upper() not in {"ASC", "DESC"}:
            raise broken_query((37, _SORT_HELP))
        if name not in ["id", *(one.name for one in usable)]:
            plain = ", ".join(["id", *(one.name for one in usable if not one.lang)])
            texts = ", ".join(one.name for one in usable if one.lang)
            help_text = f"Unable to filter by this field. However, these are available: {plain}"
            raise broken_query((38, f"{help_text}, for i18n fields:{texts}"))
        yield name, direction.upper() == "DESC"


_SORT_HELP = (
    'The "sort" value has to be formed as this example: "field_ASC" or'
    " '[field_1_DESC,field_2_ASC,field_3_ASC,...]' (\"field\" has to be an available field)"
)


def _parse_limit(text: str | None) -> tuple[int, int | None]:
    if text is None:
        return 0, None
    first, comma, second = text.partition(",")
    if comma:
        return max(0, leading_int(first)), max(0, leading_int(second))
    return 0, max(0, leading_int(first))


def _parse_prices(pairs: Pairs) -> Iterable[PriceWish]:
    wishes: dict[str, dict[str, str]] = {}
    for key, text in pairs:
        found = _KEY.fullmatch(key)
        parts = re.findall(r"\[([^\]]*)\]", found[2]) if found and found[1] == "price" else []
        if len(parts) == 2:
            wishes.setdefault(parts[0], {})[parts[1]] = text
        elif len(parts) == 1:
            wishes[parts[0]] = {}
    return [PriceWish(name, options) for name, options in wishes.items()]
