"""Counts in plain words: "12 stocks, 1 nouvel article, 2 commandes".

words = counted([(12, STOCKS), (1, NEW_ARTICLES), (0, ORDERS)])
words.fr  # "12 stocks, 1 nouvel article"
"""

from collections.abc import Iterable
from dataclasses import dataclass

from protocol.errors import Text


@dataclass(frozen=True)
class Noun:
    """What is counted, in both languages and both numbers."""

    fr: str
    fr_many: str
    en: str
    en_many: str


def counted(counts: Iterable[tuple[int, Noun]]) -> Text:
    """Return the counts above 0 in words, separated by commas; empty when there are none."""
    some = [(count, noun) for count, noun in counts if count]
    # French counts 0 and 1 alike; 0 is never told here.
    fr = ", ".join(f"{count} {noun.fr if count == 1 else noun.fr_many}" for count, noun in some)
    en = ", ".join(f"{count} {noun.en if count == 1 else noun.en_many}" for count, noun in some)
    return Text(fr, en)
