"""Which articles a merchant's choices keep at the till, and what goes with them."""

from decimal import Decimal

import pytest

from pos_exporter.assembled import Assembled, SetAside
from pos_exporter.belonging import below, names_of, owners_of, up
from pos_exporter.choices import FilterSettings, PolicySettings, unknown_keys
from pos_exporter.filters import filtered
from pos_exporter.mapping.photo_errors import PhotoMissingError
from protocol.records import (
    Article,
    Brand,
    Category,
    ListPrice,
    Photo,
    Price,
    Promotion,
    Record,
    Stock,
    SupplierOffer,
    Variant,
)


def article(key: str, **fields: object) -> Article:
    told = {"categories": ("F1",), "brand": "B1", **fields}
    price = Price(amount=Decimal("9.90"))
    return Article.model_validate(
        {"key": key, "reference": f"R{key}", "name": {"fr": f"Derby {key}"}, "price": price,
         "tax_rate": "N", "ean": None, **told}
    )  # fmt: skip


def photo(key: str, owner: str) -> Photo:
    return Photo(key=key, article=owner, sha256="0" * 64, size=9, position=1)


#: Article 1 is whole; article 2 is another's, has nothing in stock and no photo.
FACTS: tuple[Record, ...] = (
    Category(key="F", name={"fr": "Femme"}, parent=None),
    Category(key="F1", name={"fr": "Bottes"}, parent="F"),
    Category(key="H", name={"fr": "Homme"}, parent=None),
    Brand(key="B1", name="Zoé"),
    article("1", suppliers=(SupplierOffer(supplier="S1"),)),
    article("2", categories=("H",), brand="B2", suppliers=(SupplierOffer(supplier="S2"),)),
    Variant(key="11", article="1", values=("size|38",), reference="R1-38"),
    Variant(key="21", article="2", values=("size|38",), reference="R2-38"),
    Stock(key="v:11", quantity=2),
    Stock(key="v:21", quantity=0),
    photo("p1", "1"),
    Promotion(key="x1", article="1", percent=Decimal(10)),
    Promotion(key="x2", variant="21", percent=Decimal(10)),
    Promotion(key="x3", category="H", percent=Decimal(10)),
    ListPrice(
        key="l2", price_list="pro", variant="21", amount=Decimal(5), basis="tax_excluded"
    ),
)  # fmt: skip
OF_2 = {
    ("article", "2"), ("variant", "21"), ("stock", "v:21"), ("promotion", "x2"),
    ("list_price", "l2"),
}  # fmt: skip


def whole(*records: Record, withheld: tuple[SetAside, ...] = ()) -> Assembled:
    return Assembled((*FACTS, *records), withheld, (), {})


def out(assembled: Assembled, **choices: object) -> dict[tuple[str, str], tuple[str, str]]:
    policy = PolicySettings.model_validate(choices).record()
    chosen = filtered(assembled, policy)
    kept = {(record.kind, record.key) for record in chosen.records}
    left: dict[tuple[str, str], tuple[str, str]] = {
        (item.kind, item.key): (item.cause, item.by) for item in chosen.left_out
    }
    assert not kept & left.keys()
    assert kept | left.keys() >= {(r.kind, r.key) for r in assembled.records}
    return left


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("categories", ["F"]),
        ("categories", ["F1", "nowhere"]),
        ("brands", ["B1"]),
        ("suppliers", ["S1"]),
        ("in_stock", True),
        ("with_photo", True),
    ],
)
def test_a_filter_leaves_out_an_article_with_all_that_is_its_own(name: str, value: object) -> None:
    assert out(whole()) == {}
    why = ("filtered", f"filter.{name}")
    assert out(whole(), filter={name: value}) == dict.fromkeys(OF_2, why)


def test_what_is_not_flagged_stays_out_unless_all_may_go() -> None:
    hidden = whole(article("3", online=False), photo("p3", "3"))
    assert out(hidden) == dict.fromkeys(
        {("article", "3"), ("photo", "p3")}, ("unflagged", "only_flagged")
    )
    assert out(hidden, only_flagged=False) == {}


@pytest.mark.parametrize(("kind", "name"), [("stock", "in_stock"), ("photo", "with_photo")])
def test_what_cannot_be_read_may_be_what_is_asked_for(kind: str, name: str) -> None:
    item = SetAside(kind, "v:22", "", PhotoMissingError().problem(), owner="2")
    assert out(whole(withheld=(item,)), filter={name: True}) == {}


def test_an_article_whose_suppliers_are_not_said_stays() -> None:
    left = out(whole(article("9")), filter={"suppliers": ["S1"]})
    assert left == dict.fromkeys(OF_2, ("filtered", "filter.suppliers"))


def test_the_faults_of_an_article_that_stays_out_bother_nobody() -> None:
    item = SetAside("variant", "22", "R2-39", PhotoMissingError().problem(), owner="2")
    policy = PolicySettings(filter=FilterSettings(brands=("B1",))).record()
    chosen = filtered(whole(withheld=(item,)), policy)
    assert chosen.withheld == ()
    assert ("variant", "22") in {(one.kind, one.key) for one in chosen.left_out}


def test_what_stays_out_can_be_found_by_its_codes() -> None:
    seen = whole(article("4", brand="B9", ean="3760123456787"))
    policy = PolicySettings(filter=FilterSettings(brands=("B1",))).record()
    left = {one.key: one for one in filtered(seen, policy).left_out if one.kind == "article"}
    assert left["4"].codes == ("R4", "3760123456787")
    assert (left["4"].owner, left["4"].label) == ("4", "R4 Derby 4")


def test_choices_that_name_nothing_are_told() -> None:
    choices = {
        "filter": {"categories": ["F", "F9"], "brands": ["B9"]},
        "pilot": {"articles": ["1", "99"]}, "buffers": {"F1": 1, "F8": 2},
    }  # fmt: skip
    policy = PolicySettings.model_validate(choices).record()
    assert unknown_keys(policy, whole()) == (
        ("filter.categories", "F9"), ("filter.brands", "B9"), ("pilot.articles", "99"),
        ("buffers", "F8"),
    )  # fmt: skip


def test_a_key_that_is_set_aside_is_known() -> None:
    item = SetAside("category", "F9", "", PhotoMissingError().problem())
    policy = PolicySettings(filter=FilterSettings(categories=("F9",))).record()
    assert unknown_keys(policy, whole(withheld=(item,))) == ()


def test_everything_of_an_article_has_its_owner() -> None:
    owners = owners_of(FACTS)
    assert {thing for thing, owner in owners.items() if owner == "2"} == OF_2
    assert ("promotion", "x3") not in owners
    assert ("brand", "B1") not in owners


def test_a_tree_with_a_loop_ends() -> None:
    parents: dict[str, str | None] = {"A": "B", "B": "A", "C": None}
    assert up(parents, "A") == ("A", "B")
    assert below(parents, {"A"}) == {"A", "B"}
    assert below(parents, {"C"}) == {"C"}


def test_an_article_names_its_lists() -> None:
    assert set(names_of(FACTS[4])) == {
        ("tax_rate", "N"), ("category", "F1"), ("supplier", "S1"), ("brand", "B1"),
    }  # fmt: skip
