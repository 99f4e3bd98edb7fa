"""Which products of a shop that sells already are which articles of the till: all at once, purely.

Rules: a reference that stands once on each side decides, to the letter or, where none is, without
regard to case (as PrestaShop itself looks for one); where the shop has none of it, a barcode does,
of the product or of one of its combinations. Reference and barcode may not name different
products, nor two articles the same one; an article with variants and a product without
combinations, or the reverse, are not the same thing. Each of these is a person's question, asked
with the candidates by name: nothing is written or created for it, and once it is mended on either
side the article finds its product.

    connection = connect([Claim("1042", "BOT-1", frozenset({"376…"}), has_variants=True)], seen)
    connection.products        # {"1042": 7}
    connection.problems        # {"1043": Problem(E-AGT-003…)}
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from protocol.errors import Problem, RefusedItemError
from shop_agent.errors import (
    AmbiguousMatchError,
    CodesDisagreeError,
    SimpleAtTillError,
    TwoArticlesError,
    VariantsAtTillError,
)

_SHOWN = 5


@dataclass(frozen=True)
class Claim:
    """An article that looks for its product.

    Args:
        key: The till's.
        reference: The article's.
        eans: Its own barcode and its variants'.
        has_variants: Whether it is sold by size or colour.
    """

    key: str
    reference: str
    eans: frozenset[str]
    has_variants: bool


@dataclass(frozen=True)
class Seen:
    """A product that no article has.

    Args:
        id: PrestaShop's.
        reference: The product's.
        eans: Its own barcode and its combinations'.
        has_combinations: Whether it has some.
    """

    id: int
    reference: str
    eans: frozenset[str]
    has_combinations: bool

    def __str__(self) -> str:
        return f"products {self.id}" + (f" « {self.reference} »" if self.reference else "")


@dataclass(frozen=True)
class Connection:
    """What became of the articles that had no product.

    Args:
        products: The product of each article that found one.
        problems: Why an article did not, when a person must look.
        spoken_for: The products that these problems name.
        looked: All the articles that looked for theirs.
    """

    products: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    spoken_for: frozenset[int] = frozenset()
    looked: frozenset[str] = frozenset()


def connect(claims: Sequence[Claim], seen: Iterable[Seen]) -> Connection:
    """Return which product is which article, and what only a person can say."""
    search = _Search(seen, frozenset(claim.reference for claim in claims))
    for claim in claims:
        search.look_for(claim)
    return search.result({claim.key: claim for claim in claims})


class _Search:
    """The products by their codes, and what was found so far."""

    def __init__(self, seen: Iterable[Seen], references: Collection[str]) -> None:
        self._by_reference: dict[str, list[Seen]] = {}
        self._by_folded: dict[str, list[Seen]] = {}
        self._by_ean: dict[str, list[Seen]] = {}
        for product in seen:
            self._by_reference.setdefault(product.reference, []).append(product)
            if product.reference not in references:  # else it is that article's, to the letter
                self._by_folded.setdefault(_folded(product.reference), []).append(product)
            for ean in product.eans:
                self._by_ean.setdefault(ean, []).append(product)
        self._chosen: dict[int, list[str]] = {}
        self._products: dict[int, Seen] = {}
        self._problems: dict[str, Problem] = {}
        self._spoken_for: set[int] = set()

    def look_for(self, claim: Claim) -> None:
        """Find an article's product, or note why it cannot be told."""
        named = self._by_reference.get(claim.reference) or self._by_folded.get(
            _folded(claim.reference), []
        )
        found = {one.id: one for ean in claim.eans for one in self._by_ean.get(ean, ())}
        barred = [found[number] for number in sorted(found)]
        candidates = named or barred
        if len(candidates) > 1:
            shown = _shown(candidates)
            self._refuse(claim, AmbiguousMatchError(place=_place(claim), found=shown), candidates)
        elif candidates and found and candidates[0].id not in found:
            error = CodesDisagreeError(
                place=_place(claim), by_reference=_shown(named), by_ean=_shown(barred)
            )
            self._refuse(claim, error, [*named, *barred])
        elif candidates:
            self._products[candidates[0].id] = candidates[0]
            self._chosen.setdefault(candidates[0].id, []).append(claim.key)

    def result(self, claims: Mapping[str, Claim]) -> Connection:
        """Return what was found, once all have looked."""
        products: dict[str, int] = {}
        for number, keys in self._chosen.items():
            product = self._products[number]
            for key in keys:
                error = _unlike(claims[key], product) if len(keys) == 1 else None
                if len(keys) > 1:
                    articles = ", ".join(claims[other].reference for other in keys[:_SHOWN])
                    error = TwoArticlesError(
                        place=_place(claims[key]), articles=articles, found=str(product)
                    )
                if error is None:
                    products[key] = number
                else:
                    self._refuse(claims[key], error, [product])
        looked = frozenset(claims)
        return Connection(products, self._problems, frozenset(self._spoken_for), looked)

    def _refuse(self, claim: Claim, error: RefusedItemError, named: Iterable[Seen]) -> None:
        self._problems[claim.key] = error.problem()
        self._spoken_for |= {product.id for product in named}


def _unlike(claim: Claim, product: Seen) -> RefusedItemError | None:
    if claim.has_variants == product.has_combinations:
        return None
    kind = VariantsAtTillError if claim.has_variants else SimpleAtTillError
    return kind(place=_place(claim), found=str(product))


def _folded(reference: str) -> str:
    return reference.strip().casefold()


def _place(claim: Claim) -> str:
    return f"article {claim.key}"


def _shown(products: Sequence[Seen]) -> str:
    shown = ", ".join(str(product) for product in products[:_SHOWN])
    return shown if len(products) <= _SHOWN else f"{shown}, …"
