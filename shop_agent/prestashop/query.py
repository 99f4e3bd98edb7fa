"""Filters in the webservice's notation, and addresses that stay short.

Rules: values go into addresses by encoding only; a value that holds one of the notation's own
signs stands alone, without brackets; a list of values is cut so that no address grows over
`ADDRESS_LIMIT` bytes (web servers refuse at about 8,000).

    one_of([1, 2, 3])               # "[1|2|3]"
    above(41)                       # ">[41]"
    between("2026-11-24 03:17:00", "2026-11-25 00:00:00")
    encode([("filter[id]", "[1|2]")])
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, urlencode

#: The most bytes of one address, query included.
ADDRESS_LIMIT = 6_000

_NOTATION = frozenset("[]|,%")

#: One parameter of an address.
Pair = tuple[str, str]


def one_of(values: Iterable[int | str]) -> str:
    """Return the filter that lets these values pass."""
    return "[" + "|".join(str(value) for value in values) + "]"


def above(value: int | str) -> str:
    """Return the filter for what is greater, the value itself left out."""
    return f">[{value}]"


def between(first: int | str, last: int | str) -> str:
    """Return the filter for an interval, both ends included."""
    return f"[{first},{last}]"


def encode(query: Iterable[Pair]) -> str:
    """Return parameters as they stand in an address."""
    return urlencode(list(query), quote_via=quote, safe="[],")


def value_filters(values: Sequence[int | str], room: int) -> Iterator[str]:
    """Yield the filters that together let all these values pass, each within `room` bytes.

    Args:
        values: The values; doubles and empty ones are left out.
        room: The bytes that one filter may take once encoded.
    """
    together: list[str] = []
    taken = 2
    for value in dict.fromkeys(str(value) for value in values if str(value)):
        if _NOTATION & set(value):
            yield value
            continue
        size = len(quote(value)) + len("%7C")
        if together and taken + size > room:
            yield one_of(together)
            together, taken = [], 2
        together.append(value)
        taken += size
    if together:
        yield one_of(together)
