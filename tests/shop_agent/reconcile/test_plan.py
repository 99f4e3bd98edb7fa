"""From what is wanted and what the shop shows to actions."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from protocol.records import (
    Article,
    AxisValue,
    Brand,
    Category,
    Policy,
    Price,
    Record,
    TaxRate,
    Variant,
)
from shop_agent.actions import Action, Create, KeepEdit, Last, Remember, Settle, Subject, Update
from shop_agent.errors import AmbiguousMatchError, NoTaxGroupError, ParentMissingError
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.matching import match
from shop_agent.reconcile.plan import CATEGORIES, Memory, plan_creation, plan_entity
from shop_agent.reconcile.wanted import Context, Wanted, want

PROFILE = Profile(
    version="8.2.1", instance="shop", url="http://shop", name="Clara", timezone="Europe/Paris",
    currency="EUR", languages={1: "en", 2: "fr"}, home_category=2, country="FR",
    tax_groups={Decimal(20): 1, Decimal("5.5"): 3}, tax_names={}, states={}, settings={},
)  # fmt: skip
RATE = TaxRate(key="1", rate=Decimal("20.0"))


def article(**changes: object) -> Article:
    fields: dict[str, object] = {
        "key": "1042", "reference": "BOT-1", "name": {"fr": "Botte d'été"},
        "price": Price(amount=Decimal("49.90")), "tax_rate": "1", "categories": ("F",),
    }  # fmt: skip
    return Article.model_validate({**fields, **changes})


def context(*facts: Record, links: Mapping[tuple[str, str], int] | None = None) -> Context:
    known = {(fact.kind, fact.key): fact for fact in (RATE, *facts)}
    ids = links if links is not None else {("category", "F"): 12}
    return Context(
        lambda kind, key: ids.get((kind, key)),
        lambda kind, key: known.get((kind, key)),
        PROFILE,
        Policy(version=1, owners={}),
    )


def product(**changes: object) -> Entity:
    fields: dict[str, str | dict[int, str]] = {
        "name": {1: "Botte d'été", 2: "Botte d'été"}, "reference": "BOT-1", "ean13": "",
        "price": "41.583333", "id_tax_rules_group": "1", "id_manufacturer": "0",
        "id_category_default": "12",
    }  # fmt: skip
    categories = changes.pop("categories", (12,))
    fields.update(changes)  # type: ignore[arg-type] # the tests hand in texts
    assert isinstance(categories, tuple)
    return Entity("products", 7, fields, {"categories": tuple({"id": str(c)} for c in categories)})


def memory(**last: Last) -> Memory:
    kept = {(name, 2 if name == "name" else 0): value for name, value in last.items()}
    return Memory({("categories", 0): Last("12", "12"), **kept})


KNOWN = memory(
    name=Last("Botte d'été", "Botte d'été"), reference=Last("BOT-1", "BOT-1"), ean13=Last("", ""),
    price=Last("41.583333", "41.583333"), id_tax_rules_group=Last("1", "1"),
    id_manufacturer=Last("0", "0"), id_category_default=Last("12", "12"),
)  # fmt: skip


def plan(fact: Article, site: Entity, known: Memory = KNOWN) -> list[Action]:
    return plan_entity(want(fact, context()), site, known, PROFILE)


def test_a_creation_says_all_that_a_post_would_zero_and_fills_every_language() -> None:
    create = plan_creation(want(article(), context()))
    assert isinstance(create, Create)
    fields = create.write.fields
    assert fields["name"] == {1: "Botte d'été", 2: "Botte d'été"}
    assert fields["link_rewrite"] == {1: "botte-d-ete", 2: "botte-d-ete"}
    assert fields["price"] == "41.583333"
    said = {"state": "1", "available_for_order": "1", "show_price": "1", "active": "0"}
    assert said.items() <= fields.items()
    assert create.write.associations == {"categories": ({"id": "12"},)}
    # What fills English is remembered: a translator's text is kept, a later one of the till comes.
    assert create.sent["name", 1] == create.sent["name", 2] == "Botte d'été"
    assert create.sent["active", 0] == "0"


def test_nothing_to_do_is_nothing_written() -> None:
    assert plan(article(), product()) == [Settle(want(article(), context()).subject)]


def test_the_shops_tails_of_zeros_are_no_difference() -> None:
    assert plan(article(), product(price="41.5833330000")) == plan(article(), product())


def test_a_new_price_is_one_field_of_one_update() -> None:
    update = plan(article(price=Price(amount=Decimal("59.90"))), product())[0]
    assert isinstance(update, Update)
    assert update.write.fields == {"price": "49.916667"}
    assert update.was == {("price", 0): "41.583333"}
    assert update.write.associations == {}


def test_a_renamed_reference_is_an_update_of_the_same_product() -> None:
    update = plan(article(reference="NEW-9"), product())[0]
    assert isinstance(update, Update)
    assert (update.write.id, update.write.fields) == (7, {"reference": "NEW-9"})


def test_a_new_text_carries_the_other_language_as_it_was_just_read() -> None:
    update = plan(
        article(name={"fr": "Bottine"}), product(name={1: "Summer boot", 2: "Botte d'été"})
    )[0]
    assert isinstance(update, Update)
    assert update.write.fields == {"name": {1: "Summer boot", 2: "Bottine"}}


def test_a_persons_text_is_kept_and_said_once() -> None:
    site = product(name={1: "x", 2: "La botte de Clara"})
    first = plan(article(name={"fr": "Bottine"}), site)
    edits = [action for action in first if isinstance(action, KeepEdit)]
    assert [(edit.field, edit.lang) for edit in edits] == [("name", 2)]
    assert not [action for action in first if isinstance(action, Update)]
    (note,) = [action for action in first if isinstance(action, Remember)]
    again = Memory({**KNOWN.last, **note.last})
    (settled,) = plan(article(name={"fr": "Bottine"}), site, again)
    # Not reported a second time, yet the fact's fate stays what it is.
    assert isinstance(settled, Settle)
    assert settled.edited is not None
    assert (settled.edited.code, settled.edited.facts["field"]) == ("E-AGT-010", "name")
    assert settled == first[-1]


def test_a_persons_text_that_is_taken_back_is_no_longer_an_edit() -> None:
    known = Memory({**KNOWN.last, ("name", 2): Last("Bottine", "Bottine", edited=True)})
    actions = plan(article(name={"fr": "Bottine"}), product(name={1: "x", 2: "Bottine"}), known)
    assert actions[-1] == Settle(want(article(), context()).subject)


def test_a_text_that_the_shop_rewrote_is_neither_an_edit_nor_a_reason_to_write() -> None:
    fact = article(description={"fr": "<p><b>x"})
    known = Memory({**KNOWN.last, ("description", 2): Last("<p><b>x", "<p><b>x</b></p>")})
    site = product(description={1: "", 2: "<p><b>x</b></p>"})
    assert plan(fact, site, known) == [Settle(want(fact, context()).subject)]


def test_after_a_write_without_an_answer_what_the_shop_shows_is_ours() -> None:
    fact = article(description={"fr": "<p><b>x"})
    pending = Memory(KNOWN.last, {("description", 2): "<p><b>x"})
    actions = plan(fact, product(description={1: "", 2: "<p><b>x</b></p>"}), pending)
    (note,) = [action for action in actions if isinstance(action, Remember)]
    assert note.last == {("description", 2): Last("<p><b>x", "<p><b>x</b></p>")}
    assert not [a for a in actions if isinstance(a, KeepEdit | Update)]


def test_after_a_creation_without_an_answer_what_it_filled_in_is_ours_too() -> None:
    pending = Memory({}, {("name", 1): "Botte d'été", ("name", 2): "Botte d'été"})
    actions = plan(article(), product(), pending)
    (note,) = [action for action in actions if isinstance(action, Remember)]
    assert note.last["name", 1] == Last("Botte d'été", product().texts("name")[1])


def test_what_was_not_read_is_not_taken_for_empty() -> None:
    unread = replace(product(), fields={"active": "1"})
    gone = Wanted(Subject("article", "1"), "products", ())
    assert plan_entity(gone, unread, Memory({}, {("name", 1): "x"}), PROFILE) == [
        Settle(Subject("article", "1"))
    ]


def test_categories_are_a_union() -> None:
    site = product(categories=(12, 40))  # 40 was added by the web team
    assert plan(article(), site) == [Settle(want(article(), context()).subject)]
    moved = context(links={("category", "F"): 13})
    actions = plan_entity(want(article(), moved), site, KNOWN, PROFILE)
    update = actions[0]
    assert isinstance(update, Update)
    assert update.write.associations == {"categories": ({"id": "13"}, {"id": "40"})}
    assert update.sent[CATEGORIES, 0] == "13"


def test_a_category_taken_off_by_the_web_team_is_not_put_back() -> None:
    actions = plan(article(), product(categories=(40,)))
    assert not [action for action in actions if isinstance(action, Update)]
    (note,) = [action for action in actions if isinstance(action, Remember)]
    assert note.last[CATEGORIES, 1].sent == "12"


def test_a_parent_that_is_not_there_is_waited_for() -> None:
    with pytest.raises(ParentMissingError):
        want(article(), context(links={}))


def test_a_rate_that_the_shop_lacks_is_refused() -> None:
    odd = context(TaxRate(key="9", rate=Decimal("8.5")))
    with pytest.raises(NoTaxGroupError):
        want(article(tax_rate="9"), odd)


def test_a_variants_price_is_an_impact_that_gives_its_own_price_back() -> None:
    links = {("category", "F"): 12, ("article", "1042"): 7, ("axis_value", "38"): 31}
    fact = Variant(key="v", article="1042", values=("38",), price=Price(amount=Decimal("54.90")))
    wanted = want(fact, context(article(), links=links))
    (price,) = [one.texts[0] for one in wanted.fields if one.name == "price"]
    total = (Decimal("41.583333") + Decimal(price)) * Decimal("1.2")
    assert round(total, 2) == Decimal("54.90")


def test_a_match_is_unique_or_a_question() -> None:
    wanted = want(article(), context())
    other = Entity("products", 8, {"reference": "bot-1"})
    assert match(wanted, [product(), other]) == product()
    assert match(wanted, [other]) is None
    twin = Entity("products", 9, {"reference": "BOT-1"})
    with pytest.raises(AmbiguousMatchError):
        match(wanted, [product(), twin])


def test_matching_by_name_folds_case_and_spaces_and_looks_at_the_parent() -> None:
    wanted = want(Category(key="F", name={"fr": "Bottes"}, parent=None), context())
    fields: dict[str, str | dict[int, str]] = {"name": {1: "?", 2: " bottes "}, "id_parent": "2"}
    assert match(wanted, [Entity("categories", 5, fields)]) is not None
    assert match(wanted, [Entity("categories", 5, {**fields, "id_parent": "3"})]) is None
    brand = want(Brand(key="b", name="Le Pas"), context())
    assert match(brand, [Entity("manufacturers", 4, {"name": "le pas"})]) is not None


def test_variants_match_by_their_option_values() -> None:
    links = {
        ("article", "1042"): 7, ("axis_value", "38"): 31, ("axis_value", "noir"): 50,
        ("category", "F"): 12,
    }  # fmt: skip
    fact = Variant(key="v", article="1042", values=("38", "noir"))
    wanted = want(fact, context(article(), links=links))
    rows = {"product_option_values": ({"id": "50"}, {"id": "31"})}
    same = Entity("combinations", 3, {"id_product": "7"}, rows)
    fewer = Entity(
        "combinations",
        4,
        {"id_product": "7"},
        {"product_option_values": rows["product_option_values"][:1]},
    )
    assert match(wanted, [same, fewer]) == same


def test_an_axis_value_waits_for_its_axis() -> None:
    with pytest.raises(ParentMissingError):
        want(AxisValue(key="38", axis="pt", name={"fr": "38"}), context())
