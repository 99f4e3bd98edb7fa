"""What a till's engine says of a statement that it refused, without what it quotes of a customer.

Engines repeat the value that they refuse ("Duplicate entry 'zoe@example.com' for key 'MAIL'"), and
a refusal is kept, shown on every page and sent to the site. Pure.

    refusal_of(error)          # "1062 Duplicate entry '…' for key 'MAIL'"
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.exc import DBAPIError

_HIDDEN = "…"
#: A shorter value tells nothing, and would be found inside other words.
_LEAST = 3


def refusal_of(error: DBAPIError) -> str:
    """Return the engine's own words; each value of the statement is hidden in them."""
    args = error.orig.args if error.orig is not None else ()
    said = " ".join(filter(None, map(_first_line, args))) or type(error.orig).__name__
    values = {value for value in _texts(error.params) if len(value) >= _LEAST}
    for value in sorted(values, key=len, reverse=True):
        said = said.replace(value, _HIDDEN)
    return said


def _first_line(said: object) -> str:
    """Return one line; PostgreSQL has the values in those that follow."""
    text = str(said.get("M", "")) if isinstance(said, Mapping) else str(said)
    return next(iter(text.splitlines()), "").strip()


def _texts(params: object) -> Iterator[str]:
    if isinstance(params, str):
        yield params
    elif isinstance(params, Mapping):
        yield from _texts(list(params.values()))
    elif isinstance(params, Sequence):
        for one in params:
            yield from _texts(one)
