"""What one specific price of PrestaShop makes of a price, to the cent. Pure.

PrestaShop takes the product's price without tax (or the specific price's own), adds the
combination's impact unless the row is that combination's own, adds tax and ecotax, takes the
reduction off, never goes under 0, and rounds half up at the very end. A promotion is worth what
the till says of a price of two places; where the halves of cents fall otherwise in the shop, the
fraction is moved by a millionth (0.499999 is shown as -50 %), or an amount says it.

    offer = Offer(percent=Decimal(50))
    worth(offer, Sellable("", 0, Decimal("49.99"), Decimal("41.658333")), product)      # 25.00
    cut_of(offer, [sellable], product, own=False)              # Cut(None, 0.499999, percentage)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from protocol.money import CENT, MICRO, excluding_tax, round_cents

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Sellable:
    """What a customer buys: a variant, or an article without any.

    Args:
        variant: Its till key; empty for an article without variants.
        combination: Its PrestaShop id, 0 for an article without variants; None when the shop does
            not have it yet.
        price: Tax included, 2 places, as the till asks it.
        net: What the shop stores for it, impact included: without tax or ecotax, 6 places.
    """

    variant: str
    combination: int | None
    price: Decimal
    net: Decimal


@dataclass(frozen=True)
class Product:
    """An article as far as its prices go.

    Args:
        article: Its till key.
        product_id: Its PrestaShop id; None when the shop does not have it yet.
        net: Price without tax or ecotax, 6 places.
        rate: Of its tax, in percent.
        ecotax: What the shop adds beside it, tax included; 0 where it adds none.
        sellables: Its live variants, or itself.
        shelves: Keys of its categories and of all above them.
    """

    article: str
    product_id: int | None
    net: Decimal
    rate: Decimal
    ecotax: Decimal
    sellables: tuple[Sellable, ...]
    shelves: frozenset[str]

    def net_of(self, tax_included: Decimal) -> Decimal:
        """Return what stands for a price with tax in the shop: without tax or ecotax."""
        return excluding_tax(max(_ZERO, tax_included - self.ecotax), self.rate)

    @property
    def ecotax_net(self) -> Decimal:
        """The ecotax without tax, at the article's own rate."""
        return self.ecotax * _HUNDRED / (_HUNDRED + self.rate)

    def gross_of(self, net: Decimal) -> Decimal:
        """Return the price with tax and ecotax, not rounded."""
        return net * (_HUNDRED + self.rate) / _HUNDRED + self.ecotax


@dataclass(frozen=True)
class Offer:
    """What a promotion or a price list says of a price.

    Args:
        net: The price it sets, without tax or ecotax, 6 places; None: each one's own.
        percent: Taken off that.
        amount: Taken off that, tax included.
    """

    net: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal = _ZERO


@dataclass(frozen=True)
class Cut:
    """What a row of PrestaShop does.

    Args:
        price: The row's price without tax; None (-1 in the shop): each one's own.
        reduction: A fraction above 0 and at most 1, or an amount with tax.
        percentage: Which of the two.
    """

    price: Decimal | None = None
    reduction: Decimal = _ZERO
    percentage: bool = False


def worth(offer: Offer, sellable: Sellable, product: Product) -> Decimal:
    """Return what a customer pays by an offer: tax included, 2 places, never under 0."""
    start = sellable.price if offer.net is None else round_cents(product.gross_of(offer.net))
    if offer.percent is not None:
        return round_cents(start * (_HUNDRED - offer.percent) / _HUNDRED)
    return max(_ZERO, start - offer.amount).quantize(CENT)


def shown(cut: Cut, sellable: Sellable, product: Product, *, own: bool) -> Decimal:
    """Return what PrestaShop asks with a row: tax included, 2 places.

    Args:
        cut: What the row does.
        sellable: What is bought.
        product: Its article.
        own: The row is of this very combination, not of the whole product.
    """
    net = sellable.net
    if cut.price is not None:
        net = cut.price if own else cut.price + sellable.net - product.net
    gross = product.gross_of(net)
    taken = gross * cut.reduction if cut.percentage else cut.reduction
    return round_cents(max(_ZERO, gross - taken))


def cut_of(
    offer: Offer, sellables: Sequence[Sellable], product: Product, *, own: bool
) -> Cut | None:
    """Return the row that gives every one of these its offer to the cent, or None."""
    for cut in _cuts(offer):
        if all(
            shown(cut, one, product, own=own) == worth(offer, one, product) for one in sellables
        ):
            return cut
    return None


def exact_cut(offer: Offer, sellable: Sellable, product: Product) -> Cut:
    """Return the row of one sellable alone that gives it its offer to the cent."""
    found = cut_of(offer, [sellable], product, own=True)
    if found is not None:
        return found
    price = worth(offer, sellable, product)
    if offer.net is not None:
        return Cut(product.net_of(price))
    return Cut(reduction=sellable.price - price)


def _cuts(offer: Offer) -> Iterator[Cut]:
    if offer.percent is None:
        yield Cut(offer.net, offer.amount)
        return
    fraction = (offer.percent / _HUNDRED).quantize(MICRO)
    for near in (fraction, fraction - MICRO, fraction + MICRO):
        if 0 < near <= 1:
            yield Cut(offer.net, near, percentage=True)
