"""When a person is asked, and what is taken out of a plan meanwhile."""

from decimal import Decimal

import pytest

from protocol.errors import Problem, Text
from protocol.records import Brakes
from shop_agent.actions import (
    Action,
    Adopt,
    Create,
    Hold,
    KeepEdit,
    Last,
    Remember,
    Settle,
    Subject,
    Update,
)
from shop_agent.prestashop.entities import FieldValue, Write
from shop_agent.reconcile.brakes import (
    Move,
    hold_edits,
    hold_prices,
    is_mass,
    is_rewriting,
    is_single,
    price_class,
    verdict,
)

BRAKES = Brakes()
ARTICLE, OTHER = Subject("article", "1"), Subject("article", "2")
WHY = Problem("E-HLD-003", "", "", Text("", ""), Text("", ""))


@pytest.mark.parametrize(
    ("count", "of", "held"),
    [(21, 100, True), (20, 100, False), (20, 10, False), (21, 105, False), (21, 104, True)],
)
def test_a_mass_is_more_than_the_share_and_more_than_the_number(
    count: int, of: int, held: bool
) -> None:
    assert is_mass(count, of=of, brakes=BRAKES) is held


def test_every_figure_is_a_setting() -> None:
    assert is_mass(2, of=100, brakes=Brakes(mass_percent=1, mass_count=1))
    assert not is_mass(90, of=100, brakes=Brakes(mass_percent=90))
    assert is_rewriting(21, of=400, brakes=BRAKES)
    assert not is_rewriting(21, of=420, brakes=BRAKES)
    assert is_rewriting(21, of=420, brakes=Brakes(edited_percent=4))


@pytest.mark.parametrize(
    ("before", "after", "wild"),
    [
        ("49.90", "0.49", True),
        ("49.90", "24.95", False),  # by half, not more
        ("49.90", "24.94", True),
        ("49.90", "74.85", False),
        ("49.90", "74.86", True),
        ("49.90", "0", True),
        ("0", "49.90", False),  # it has a price at last
        ("0", "0", False),
        (None, "0", True),
        (None, "49.90", False),
    ],
)
def test_one_price_is_set_aside_at_0_or_when_it_leaps(
    before: str | None, after: str, wild: bool
) -> None:
    shown = None if before is None else Decimal(before)
    assert Move(ARTICLE, shown, Decimal(after)).is_wild(50) is wild


def test_a_price_that_we_wrote_before_goes_back_without_asking() -> None:
    # A stranger put the price at 1.00: the till has not moved.
    assert not Move(ARTICLE, Decimal(1), Decimal("49.90"), is_healing=True).is_wild(50)
    assert Move(ARTICLE, Decimal(1), Decimal(0), is_healing=True).is_wild(50)


def test_a_move_is_told_as_people_write_prices() -> None:
    assert Move(ARTICLE, Decimal("49.9"), Decimal("0.49")).shown() == "49,90 → 0,49"


def test_the_class_of_a_price_fits_a_key() -> None:
    assert price_class(ARTICLE) == "price/article/1"
    long, longer = Subject("variant", "x" * 189), Subject("variant", "x" * 190)
    assert len(price_class(long)) == len(price_class(longer)) == 190
    assert price_class(long) != price_class(longer)
    assert is_single(price_class(longer))
    assert not is_single("prices")


@pytest.mark.parametrize(
    ("count", "too_much", "up_to", "said"),
    [
        (57, True, None, "held"),
        (57, True, 57, "approved"),
        (57, True, 56, "held"),
        (57, False, None, "free"),
    ],
)
def test_a_yes_goes_as_far_as_what_was_shown(
    count: int, too_much: bool, up_to: int | None, said: str
) -> None:
    assert verdict(count, is_too_much=too_much, up_to=up_to) == said


def _update(subject: Subject = ARTICLE) -> Update:
    fields = {"price": "0.408333", "id_tax_rules_group": "3", "reference": "R2"}
    sent = {(name, 0): value for name, value in fields.items()}
    was = {("price", 0): "41.583333", ("id_tax_rules_group", 0): "1", ("reference", 0): "R1"}
    return Update(subject, "products", Write(7, fields), sent, was)


def test_a_held_price_leaves_the_rest_of_its_change_free() -> None:
    plan: list[Action] = [
        Adopt(ARTICLE, "products", 7), _update(), Settle(ARTICLE), _update(OTHER),
    ]  # fmt: skip
    adopted, change, other, held = hold_prices(plan, {ARTICLE: Hold(ARTICLE, WHY)}, {})
    assert adopted == plan[0]
    assert isinstance(change, Update)
    assert dict(change.write.fields) == {"reference": "R2"}
    assert dict(change.sent) == {("reference", 0): "R2"}
    assert dict(change.was) == {("reference", 0): "R1"}
    assert (other, held) == (plan[3], Hold(ARTICLE, WHY))


def test_a_variant_keeps_its_price_while_its_articles_moves() -> None:
    [change, held] = hold_prices(
        [_update(), Settle(ARTICLE)], {ARTICLE: Hold(ARTICLE, WHY)}, {ARTICLE: "12.5"}
    )
    assert isinstance(change, Update)
    assert (change.write.fields["price"], change.sent["price", 0]) == ("12.5", "12.5")
    assert held == Hold(ARTICLE, WHY)


def test_a_creation_without_its_price_waits_whole() -> None:
    plan: list[Action] = [Create(ARTICLE, "products", Write(None, {"price": "0"}), {})]
    assert hold_prices(plan, {ARTICLE: Hold(ARTICLE, WHY)}, {}) == [Hold(ARTICLE, WHY)]


def test_held_texts_are_neither_told_nor_overwritten() -> None:
    fields: dict[str, FieldValue] = {"description": {1: "ours"}, "reference": "R2"}
    sent = {("description", 1): "ours", ("reference", 0): "R2"}
    notes = {("name", 1): Last("n", "n", edited=True), ("ean13", 0): Last("3", "3")}
    plan: list[Action] = [
        KeepEdit(ARTICLE, "products", 7, "name", 1, "theirs", WHY),
        Remember(ARTICLE, "products", 7, notes),
        Update(ARTICLE, "products", Write(7, fields), sent, {("description", 1): "rewritten"}),
        Settle(ARTICLE, edited=WHY),
    ]
    rewritten = {ARTICLE: frozenset({"description"})}
    remember, change, held = hold_edits(plan, {ARTICLE: Hold(ARTICLE, WHY)}, rewritten)
    assert isinstance(remember, Remember)
    assert dict(remember.last) == {("ean13", 0): Last("3", "3")}
    assert isinstance(change, Update)
    assert dict(change.write.fields) == {"reference": "R2"}
    assert held == Hold(ARTICLE, WHY)
    assert hold_edits(plan, {}, rewritten) == plan
