"""What an answer says: frozen values, texts in both languages.

answer.steps[0].mark          # "ok", "no", "wait" or "note"
answer.sellables[0].buffer    # units kept from the site
"""

from dataclasses import dataclass
from typing import Literal

from pos_exporter.history import Change
from protocol.errors import Text

Mark = Literal["ok", "no", "wait", "note"]


NOTHING = Text("", "")


@dataclass(frozen=True)
class Step:
    """One link of the chain.

    Args:
        name: Which one: till, choice, complete, queued, received, site, stock, promotion, case,
            note.
        mark: `ok`; `no` stops the chain; `wait` settles by itself; `note` is to be known.
        text: What is so.
        remedy: What to do; empty: nothing.
        code: Of the problem, or of the merchant's choice, if one was told.
    """

    name: str
    mark: Mark
    text: Text
    remedy: Text = NOTHING
    code: str = ""


@dataclass(frozen=True)
class OrderUnits:
    """Units of one web order that a figure contains.

    Args:
        reference: The shop's, or the order uid where it is not known here.
        counted: Said with the figure: the site takes them off no second time.
        settled: Counted no more: both ends have done with them.
    """

    reference: str
    counted: int = 0
    settled: int = 0


@dataclass(frozen=True)
class Sellable:
    """The stock of one thing that can be sold, as it was sent.

    Args:
        key: Stock key.
        label: Reference of the variant or the article.
        quantity: The till's figure.
        counted: Units of web orders that the figure already contains.
        buffer: Units kept from the site.
        state: What became of it at the site; None: not told.
        orders: Web orders that the figure contains.
    """

    key: str
    label: str
    quantity: int
    counted: int
    buffer: int
    state: str | None
    orders: tuple[OrderUnits, ...] = ()


@dataclass(frozen=True)
class Match:
    """One article that a person may mean."""

    key: str
    label: str


@dataclass(frozen=True)
class Answer:
    """The whole chain.

    Args:
        asked: What the person typed.
        online: Whether visitors see it, be it as it was before; None: nobody knows yet.
        verdict: One sentence.
        article: Whose chain it is; None: nothing or several fit.
        matches: What fits, when it is not one article.
        steps: In the order of the road from till to site.
        sellables: Stock as sent.
        history: The newest changes, newest first.
    """

    asked: str
    online: bool | None
    verdict: Text
    article: Match | None = None
    matches: tuple[Match, ...] = ()
    steps: tuple[Step, ...] = ()
    sellables: tuple[Sellable, ...] = ()
    history: tuple[Change, ...] = ()
