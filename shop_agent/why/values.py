"""What is known of one article, and what an answer says of it: frozen values.

evidence.told.state       # "applied"
answer.steps[0].mark      # "ok", "no", "wait" or "note"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from protocol.errors import Problem, Text
from shop_agent.history import Change
from shop_agent.reconcile.showing import Shown
from shop_agent.reconcile.stock import Figure

Mark = Literal["ok", "no", "wait", "note"]
NOTHING = Text("", "")


# --- what is known ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What became of one fact, as the till was told.

    Args:
        kind: Of the fact.
        key: Of the fact.
        label: What people call it.
        state: The fate's word.
        problem: Its reason.
        at: UTC as it travels.
    """

    kind: str
    key: str
    label: str
    state: str
    problem: Problem | None
    at: str


@dataclass(frozen=True)
class Edit:
    """A person's work that is kept.

    Args:
        field: PrestaShop's name for it.
        lang: ISO code; empty for none.
        since: When it was found; None: not known.
        value: As it was found; None: not known.
    """

    field: str
    lang: str
    since: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Special:
    """One specific price in force.

    Args:
        id: PrestaShop's.
        is_ours: Made for the till.
        gives: E.g. `-20 %`.
        combination: Its id, 0 for all.
        group: Customer group id, 0 for all.
        from_quantity: From so many units.
        until: Local time of the shop; empty: for ever.
    """

    id: int
    is_ours: bool
    gives: str
    combination: int = 0
    group: int = 0
    from_quantity: int = 1
    until: str = ""


@dataclass(frozen=True)
class Site:
    """The product as the shop shows it now.

    Args:
        shown: Active, visibility, price without tax, categories.
        off_categories: Those of them that are off.
        price: Tax included, as visitors pay it without reductions.
        prices: Of each combination, by id.
        figures: Its stock rows.
        orders: Reference of each web order, by uid.
        specials: Specific prices in force.
        combinations: Their ids.
        images: How many.
        hides_empty: Sizes without stock are not shown.
    """

    shown: Shown
    off_categories: frozenset[int] = frozenset()
    price: Decimal = Decimal(0)
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    orders: Mapping[str, str] = field(default_factory=dict)
    specials: tuple[Special, ...] = ()
    combinations: frozenset[int] = frozenset()
    images: int = 0
    hides_empty: bool = False


@dataclass(frozen=True)
class Evidence:
    """All that is known of one article.

    Args:
        key: Its key.
        label: What people call it.
        packet: Epoch and sequence of the packet that said it last; None: not known.
        packed_at: When that packet was made.
        gone: Why the till no longer sends it; None: it does.
        fate: What the merchant makes of what is gone so; None: it is there.
        dirty: The next pass looks at it.
        told: What the till was told of it.
        parts: Of its variants, stock, photos, promotions: what is not simply applied.
        labels: Of its variants, by stock key and combination.
        ps_id: The product's id; None: not linked.
        linked: How and when it was linked.
        variants: Combination id of each live variant, by key; None: not in the shop.
        photos: (in the shop, sent by the till).
        edits: People's work that is kept.
        site: What the shop shows; None: nobody could look, or the product is not there.
        is_missing: The shop no longer has the product.
        unreachable: Why nobody could look.
        cases: What is open for a person and names it.
        history: The newest changes, newest first.
    """

    key: str
    label: str
    packet: tuple[int, int] | None = None
    packed_at: str | None = None
    gone: str | None = None
    fate: str | None = None
    dirty: bool = False
    told: Told | None = None
    parts: tuple[Told, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    ps_id: int | None = None
    linked: Change | None = None
    variants: Mapping[str, int | None] = field(default_factory=dict)
    photos: tuple[int, int] = (0, 0)
    edits: tuple[Edit, ...] = ()
    site: Site | None = None
    is_missing: bool = False
    unreachable: Problem | None = None
    cases: tuple[Problem, ...] = ()
    history: tuple[Change, ...] = ()


# --- what is answered ------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One link of the chain.

    Args:
        name: till, gone, waits, refused, held, linked, site, categories, price, special, sizes,
            photos, stock, case, edited, parts.
        mark: `ok`; `no` stops the chain; `wait` settles by itself; `note` is to be known.
        text: What is so.
        remedy: What to do; empty: nothing.
        code: Of the reason, if there is one.
    """

    name: str
    mark: Mark
    text: Text
    remedy: Text = NOTHING
    code: str = ""


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
        online: Whether visitors see it now; None: nobody could look.
        verdict: One sentence.
        article: Whose chain it is; None: nothing or several fit.
        matches: What fits, when it is not one article.
        steps: In the order of the road from till to visitor.
        history: The newest changes, newest first.
    """

    asked: str
    online: bool | None
    verdict: Text
    article: Match | None = None
    matches: tuple[Match, ...] = ()
    steps: tuple[Step, ...] = ()
    history: tuple[Change, ...] = ()
