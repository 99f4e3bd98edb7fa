"""The part of an address made from a name.

Accents are dropped, ligatures spelt out, everything else that is no letter or digit becomes a dash
or nothing.

    slug("Été: crème & brûlée 100%")     # "ete-creme-brulee-100"
    slug("Pas Bon é/")                   # "pas-bon-e-"
"""

import re
import unicodedata

# Signs that no decomposition brings to ASCII, as the transliteration of PHP's intl has them.
_LETTERS = str.maketrans(
    {
        **{"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o"},
        **{"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th"},
        **{"ı": "i", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl"},
        **dict.fromkeys("‐‑‒–—―−±÷→\u00a0\u00ad", "-"),
        **dict.fromkeys("‘’‛′", "'"),
        **{"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8"},
    }
)
# These become letters only after all others were made small.
_CAPITALS = str.maketrans({"©": "C", "®": "R", "№": "No"})


def slug(name: str, old: bool = False) -> str:
    """Return a name in lower case letters, digits and dashes; other signs are dropped.

    Args:
        name: As in one language.
        old: As before 8: only letters are spelt out, other signs outside ASCII are dropped.
    """
    text = name.strip()
    if old:
        text = "".join(one for one in text if one.isascii() or one.isalpha())
    apart = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    kept = re.sub(r"[^a-zA-Z0-9\s'\:/\[\]\-]", "", letters.translate(_CAPITALS))
    spaced = re.sub(r"[\s'\:/\[\]\-]+", " ", kept)
    return re.sub(r"[ /]", "-", spaced)


def is_slug(text: str) -> bool:
    """Whether PrestaShop accepts a text as the end of an address."""
    return re.fullmatch(r"[_a-zA-Z0-9\-]*", text) is not None
