"""The till's price is what a visitor pays, to the cent: alone, with impacts, and in a promotion."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from protocol.records import Article, Policy, Price, Record, TaxRate, Variant
from shop_agent.profile import Profile
from shop_agent.reconcile.discounts import Offer, Product, Sellable, exact_cut
from shop_agent.reconcile.wanted import Context, want

RATES = ("20", "10", "5.5", "2.1", "0")
PROFILE = Profile(
    version="8.2.1", instance="shop", url="http://shop", name="Clara", timezone="Europe/Paris",
    currency="EUR", languages={1: "fr"}, home_category=2, country="FR",
    tax_groups={Decimal(rate): n for n, rate in enumerate(RATES, start=1)}, tax_names={},
    states={}, settings={},
)  # fmt: skip


def visitor_pays(net: str, impact: str, rate: str, *, ecotax: str = "0") -> Decimal:
    """Return PrestaShop's price: what it stores with 6 decimals, taxed, rounded once at the end."""
    six = Decimal("0.000001")
    stored = Decimal(net).quantize(six) + Decimal(impact).quantize(six)
    gross = stored * (1 + Decimal(rate) / 100) + Decimal(ecotax)
    return gross.quantize(Decimal("0.01"), ROUND_HALF_UP)


def till(seed: int, count: int) -> Iterator[tuple[Decimal, Decimal, str]]:
    """Yield (price of an article, price of a variant, rate) as tills have them."""
    dice = random.Random(seed)
    for _ in range(count):
        top = dice.choice((100, 2_000, 10_000, 500_000))
        price, own = (Decimal(dice.randint(1, top)) / 100 for _ in range(2))
        yield price, own, dice.choice(RATES)


def context_of(article: Article, rate: str, profile: Profile = PROFILE) -> Context:
    facts: dict[tuple[str, str], Record] = {
        ("article", article.key): article,
        ("tax_rate", "T"): TaxRate(key="T", rate=Decimal(rate)),
    }
    return Context(
        lambda kind, key: 7,
        lambda kind, key: facts.get((kind, key)),
        profile,
        Policy(version=1, owners={}),
    )


def article_of(price: Decimal, **fields: object) -> Article:
    said = {"key": "1", "reference": "R", "name": {"fr": "R"}, "tax_rate": "T", **fields}
    return Article.model_validate({**said, "price": Price(amount=price)})


def price_field(record: Record, context: Context) -> str:
    return next(field.texts[0] for field in want(record, context).fields if field.name == "price")


@pytest.mark.parametrize("seed", range(4))
def test_articles_and_variants(seed: int) -> None:
    for price, own, rate in till(seed, 2_500):
        article = article_of(price)
        context = context_of(article, rate)
        net = price_field(article, context)
        variant = Variant(key="V", article="1", values=("S",), price=Price(amount=own))
        assert visitor_pays(net, "0", rate) == price
        assert visitor_pays(net, price_field(variant, context), rate) == own


def test_with_ecotax_beside_the_price() -> None:
    for price, own, rate in till(9, 2_000):
        ecotax = min(price, own, Decimal("1.20"))
        article = article_of(price, ecotax=ecotax)
        context = context_of(article, rate, replace(PROFILE, ecotax_rate=Decimal(20)))
        net = price_field(article, context)
        variant = Variant(key="V", article="1", values=("S",), price=Price(amount=own))
        impact = price_field(variant, context)
        assert visitor_pays(net, "0", rate, ecotax=str(ecotax)) == price
        assert visitor_pays(net, impact, rate, ecotax=str(ecotax)) == own


@pytest.mark.parametrize("seed", range(4, 6))
def test_prices_that_a_promotion_sets(seed: int) -> None:
    for price, lower, rate in till(seed, 5_000):
        bare = Product("1", 7, Decimal(0), Decimal(rate), Decimal(0), (), frozenset())
        product = replace(bare, net=bare.net_of(price))
        sellable = Sellable("", 0, price, product.net)
        cut = exact_cut(Offer(product.net_of(lower)), sellable, product)
        assert visitor_pays(str(cut.price), "0", rate) == lower
        assert cut.reduction == 0


@pytest.mark.parametrize("percent", ["5", "12.5", "20", "33.33", "50", "70"])
def test_halves_of_cents_in_percentages(percent: str) -> None:
    for price, _, rate in till(6, 2_000):
        bare = Product("1", 7, Decimal(0), Decimal(rate), Decimal(0), (), frozenset())
        product = replace(bare, net=bare.net_of(price))
        cut = exact_cut(
            Offer(percent=Decimal(percent)), Sellable("", 0, price, product.net), product
        )
        gross = product.net * (1 + Decimal(rate) / 100)
        gross -= gross * cut.reduction if cut.percentage else cut.reduction
        till_says = price * (100 - Decimal(percent)) / 100
        cent = Decimal("0.01")
        assert gross.quantize(cent, ROUND_HALF_UP) == till_says.quantize(cent, ROUND_HALF_UP)
