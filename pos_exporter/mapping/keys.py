r"""Keys: several columns as one text, and back, without two keys ever meeting.

The parts of a composite key are joined with `|`; inside a part, `|` is written `\|` and `\` is
written `\\`. A key of one column is escaped alike, so a key says by itself where its parts end.

    join_key(["1042", "38"])        # '1042|38'
    join_key(["A|B"])               # 'A\\|B'
    split_key("1042|38")            # ('1042', '38')
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from pos_exporter.mapping.formats import Value, plain_number
from pos_exporter.mapping.row_errors import KeyEmptyError, KeyUnfitError

SEPARATOR = "|"
#: Room for the `a:` or `v:` of a stock key within the protocol's 192 characters.
LONGEST = 190
_CONTROL = re.compile(r"[\x00-\x1f]")
_PART = re.compile(r"(?:[^\\|]|\\.)*", re.DOTALL)


def join_key(parts: Iterable[str]) -> str:
    """Return the key of its parts, in order."""
    return SEPARATOR.join([part.replace("\\", "\\\\").replace("|", "\\|") for part in parts])


def split_key(key: str) -> tuple[str, ...]:
    """Return the parts of a key that `join_key` made."""
    parts, start = [], 0
    while True:
        found = _PART.match(key, start)
        end = found.end() if found else start
        parts.append(re.sub(r"\\(.)", r"\1", key[start:end], flags=re.DOTALL))
        if end >= len(key):
            return tuple(parts)
        start = end + 1


def key_part(value: Value) -> str:
    """Return a cell as a part of a key: `1042`, `1042.0` and `1042 ` are one and the same.

    Raises:
        KeyEmptyError: When there is nothing.
    """
    text = plain_number(value) if isinstance(value, Decimal) else str(value or "").strip()
    if not text:
        raise KeyEmptyError()
    return text


def fit_key(key: str) -> str:
    """Return a key that may travel.

    Raises:
        KeyUnfitError: When it is too long or holds control characters.
    """
    if len(key) > LONGEST or _CONTROL.search(key):
        raise KeyUnfitError(value=key)
    return key
