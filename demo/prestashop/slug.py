"""The part of an address made from a name.

Accents are dropped, ligatures spelt out, everything else that is no letter or digit becomes a dash
or nothing.

    slug("Été: crème & brûlée 100%")     # "ete-creme-brulee-100"
    slug("Pas Bon é/")                   # "pas-bon-e-"
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"}
)


def slug(name: str) -> str:
    """Return a name in lower case letters, digits and dashes; other signs are dropped."""
    apart = unicodedata.normalize("NFD", name.translate(_LETTERS).lower().strip())
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    kept = re.sub(r"[^a-z0-9\s'\:/\[\]\-]", "", letters)
    spaced = re.sub(r"[\s'\:/\[\]\-]+", " ", kept)
    return re.sub(r"[ /]", "-", spaced)


def is_slug(text: str) -> bool:
    """Whether PrestaShop accepts a text as the end of an address."""
    return re.fullmatch(r"[_a-zA-Z0-9\-]*", text) is not None
