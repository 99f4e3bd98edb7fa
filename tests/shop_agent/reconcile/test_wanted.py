"""What facts mean in the shop's terms, field by field; no shop is asked."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.records import (
    Article,
    Feature,
    FeatureValue,
    Policy,
    Price,
    Record,
    Supplier,
    Variant,
)
from shop_agent.errors import EcotaxAbovePriceError, ParentMissingError
from shop_agent.reconcile.wanted import DEFAULT_OWNERS, SHOP_FIELDS, Context, Wanted, want
from shop_agent.reconcile.wanted.offers import offers, rule_of_stock
from shop_agent.reconcile.wanted.prices import base_price, ecotax_field, impact
from tests.shop_agent.reconcile.test_plan import PROFILE, RATE, article

DOCS = Path(__file__).parents[3] / "docs" / "integrator.md"
LINKS = {
    ("category", "F"): 12, ("article", "1042"): 7, ("variant", "v"): 40, ("axis_value", "38"): 31,
    ("supplier", "s"): 3, ("feature", "m"): 5, ("feature_value", "cuir"): 50,
}  # fmt: skip


def context(
    *facts: Record,
    links: Mapping[tuple[str, str], int] = LINKS,
    ecotax: Decimal | None = None,
    **choices: object,
) -> Context:
    known = {(fact.kind, fact.key): fact for fact in (RATE, *facts)}
    return Context(
        lambda kind, key: links.get((kind, key)),
        lambda kind, key: known.get((kind, key)),
        replace(PROFILE, ecotax_rate=ecotax),
        Policy.model_validate({"version": 1, "owners": {}, **choices}),
    )


def plain_fields(wanted: Wanted) -> dict[str, str]:
    return {one.name: one.texts[0] for one in wanted.fields if 0 in one.texts}


def test_what_a_record_does_not_say_is_not_wanted() -> None:
    assert set(plain_fields(want(article(), context()))) == {
        "reference", "price", "id_tax_rules_group", "id_category_default",
    }  # fmt: skip
    assert set(want(article(), context()).lists) == {"categories"}


@pytest.mark.parametrize(
    ("said", "field", "full", "cleared"),
    [
        ({"ean": "3760000000017"}, "ean13", "3760000000017", ""),
        ({"upc": "123456789012"}, "upc", "123456789012", ""),
        ({"isbn": "2070368228"}, "isbn", "2070368228", ""),
        ({"mpn": "M-1"}, "mpn", "M-1", ""),
        ({"weight_grams": 1250}, "weight", "1.25", "0"),
        ({"width_mm": 335}, "width", "33.5", "0"),
        ({"height_mm": 7}, "height", "0.7", "0"),
        ({"depth_mm": 100}, "depth", "10", "0"),
        ({"purchase_price": "12.5"}, "wholesale_price", "12.5", "0"),
        ({"suppliers": ({"supplier": "s"},)}, "id_supplier", "3", "0"),
    ],
)
def test_null_clears(said: dict[str, object], field: str, full: str, cleared: str) -> None:
    assert plain_fields(want(article(**said), context()))[field] == full
    nothing = dict.fromkeys(said)
    assert plain_fields(want(article(**nothing), context()))[field] == cleared


def test_a_condition_that_is_null_is_the_shops() -> None:
    assert "condition" not in plain_fields(want(article(condition=None), context()))
    assert plain_fields(want(article(condition="used"), context()))["condition"] == "used"


@pytest.mark.parametrize(("unit", "shown"), [("kg", "1.25"), ("g", "1250"), ("lb", "2.755778")])
def test_a_weight_is_in_the_shops_unit(unit: str, shown: str) -> None:
    here = context()
    profile = replace(here.profile, settings={"PS_WEIGHT_UNIT": unit})
    wanted = want(article(weight_grams=1250), replace(here, profile=profile))
    assert plain_fields(wanted)["weight"] == shown


def test_features_name_their_value_and_wait_for_it() -> None:
    facts = (Feature(key="m", name={"fr": "Matière"}),
             FeatureValue(key="cuir", feature="m", name={"fr": "Cuir"}))  # fmt: skip
    wanted = want(article(features=("cuir", "cuir")), context(*facts))
    assert wanted.lists["product_features"].rows == ({"id": "5", "id_feature_value": "50"},)
    assert want(article(features=None), context()).lists["product_features"].rows == ()
    with pytest.raises(ParentMissingError):
        want(article(features=("daim",)), context(*facts))


def test_a_pack_names_its_parts_and_waits_for_them() -> None:
    size = Variant(key="v", article="1042", values=("38",))
    parts = ({"variant": "v", "quantity": 2},)
    pack = article(key="box", nature="pack", parts=parts)
    assert want(pack, context(size)).lists["product_bundle"].rows == (
        {"id": "7", "id_product_attribute": "40", "quantity": "2"},
    )
    with pytest.raises(ParentMissingError):
        want(pack, context())
    lost = article(key="box", nature="pack", parts=({"article": "9", "quantity": 1},))
    with pytest.raises(ParentMissingError):
        want(lost, context(size))


def test_offers_are_rows_of_product_combination_and_supplier() -> None:
    said = ({"supplier": "s", "reference": "T-1", "purchase_price": "12.5"},)
    known = context(article(), Supplier(key="s", name="Tannerie"))
    [row] = offers(article(suppliers=said), known) or ()
    assert (row.subject.key, plain_fields(row)) == (
        "7:0:3",
        {"product_supplier_reference": "T-1", "product_supplier_price_te": "12.5"},
    )
    size = Variant.model_validate(
        {"key": "v", "article": "1042", "values": ("38",), "suppliers": said}
    )
    [row] = offers(size, known) or ()
    assert row.subject.key == "7:40:3"
    foreign = ({"supplier": "s", "purchase_price": "12.5", "currency": "USD"},)
    [row] = offers(article(suppliers=foreign), known) or ()
    assert "product_supplier_price_te" not in plain_fields(row)
    assert offers(article(), known) is None
    assert offers(article(suppliers=None), known) == ()
    assert offers(article(suppliers=said), context(owners={"article.suppliers": "site"})) is None


def test_whether_it_may_be_ordered_at_0_is_said_or_left_to_the_site() -> None:
    rules = {
        said: rule_of_stock(article(when_out_of_stock=said), context())
        for said in ("deny", "allow", "default", None)
    }
    shown = {said: plain_fields(rule)["out_of_stock"] for said, rule in rules.items() if rule}
    assert shown == {"deny": "0", "allow": "1", "default": "2"}


@pytest.mark.parametrize(
    ("own", "usual", "shown"),
    [(1200, 1000, "0.2"), (850, 1000, "-0.15"), (None, 1000, "0"), (500, None, "0.5")],
)
def test_a_variants_weight_is_what_it_adds(own: int | None, usual: int | None, shown: str) -> None:
    fact = Variant(key="v", article="1042", values=("38",), weight_grams=own)
    wanted = want(fact, context(article(weight_grams=usual)))
    assert plain_fields(wanted)["weight"] == shown


def test_a_variant_says_no_weight_beside_one_that_is_the_sites() -> None:
    fact = Variant(key="v", article="1042", values=("38",), weight_grams=500)
    known = context(article(), owners={"article.weight_grams": "site"})
    assert "weight" not in plain_fields(want(fact, known))


RATES = st.sampled_from([Decimal(x) for x in ("20", "10", "5.5", "2.1", "0")])
CENTS = st.integers(0, 10_000_000).map(lambda n: Decimal(n) / 100)


@given(CENTS, CENTS, CENTS, RATES)
def test_a_visitor_pays_the_tills_price_to_the_cent_with_the_ecotax_in_it(
    price: Decimal, own: Decimal, ecotax: Decimal, rate: Decimal
) -> None:
    fact = article(price=Price(amount=price), ecotax=ecotax)
    size = Variant(key="v", article="1042", values=("38",), price=Price(amount=own))
    known = context(fact, ecotax=rate)
    if ecotax > min(price, own):
        with pytest.raises(EcotaxAbovePriceError):
            impact(size, fact, known)
        return
    base, vat = base_price(fact, known)
    field = ecotax_field(fact, known)
    assert field is not None
    assert paid(base, vat, Decimal(field.texts[0]), rate) == price
    assert paid(base + impact(size, fact, known), vat, Decimal(field.texts[0]), rate) == own


def paid(base: Decimal, vat: Decimal, ecotax: Decimal, rate: Decimal) -> Decimal:
    """Return what PrestaShop shows: both with their taxes, rounded once."""
    total = base * (1 + vat / 100) + ecotax * (1 + rate / 100)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_where_the_shop_adds_no_ecotax_or_owns_it_the_price_contains_it() -> None:
    fact = article(ecotax="0.30")
    assert ecotax_field(fact, context()) is None
    assert base_price(fact, context())[0] == Decimal("41.583333")
    theirs = context(ecotax=Decimal(20), owners={"article.ecotax": "site"})
    assert base_price(fact, theirs)[0] == Decimal("41.583333")
    assert base_price(fact, context(ecotax=Decimal(20)))[0] == Decimal("41.333333")


def test_owners_speak_of_fields_that_records_have() -> None:
    # What the record names otherwise, or does not name because it follows from another field.
    derived = {"article.default_category"}
    for name in DEFAULT_OWNERS.keys() - derived:
        kind, field = name.split(".")
        models: dict[str, type[Record]] = {"article": Article, "variant": Variant}
        if kind in models:
            assert field in models[kind].model_fields, name
    assert DEFAULT_OWNERS.keys() == SHOP_FIELDS.keys()


def test_the_integrators_table_is_the_agents() -> None:
    listed = {
        name.strip("` "): owner.strip("` ")
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") and line.count("|") == 4
        for name, owner in [line.split("|")[1:3]]
        if "." in name
    }
    assert listed == DEFAULT_OWNERS
