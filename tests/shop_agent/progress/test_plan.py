"""What is decided for one order: the number, then the state, and who is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from protocol.records import Role
from protocol.records.progress import Stage
from shop_agent.progress.plan import (
    PATIENCE,
    MoveState,
    Parcel,
    SetTracking,
    Site,
    Wishes,
    outcome_of,
    plan_parcels,
    plan_state,
)
from shop_agent.progress.rules import FROM, Rules
from shop_agent.progress.steps import ORDER, Step

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
P1, P2 = Parcel("P-1", "6A1", NOW), Parcel("P-2", "6A2", NOW)
WISHES = Wishes("shop/12/REF/2026", "REF", "shipped", NOW, (P1,))
SITE = Site(12, 2, "paid", "Payé", row=6, mails_numbers=True, history=((40, 2),), target=4)
RULES = Rules()


def told(*keys: str, number: str = "6A1") -> dict[str, Step]:
    return {"tracking": Step("tracking", number, told=frozenset(keys), status="done")}


# --- numbers ---------------------------------------------------------------------------------


def test_the_number_is_written_with_its_mail() -> None:
    decision = plan_parcels(WISHES, SITE, {}, RULES, NOW)
    assert decision.act == SetTracking(6, "6A1", "", ("P-1",))
    assert decision.of == {"P-1": None}


def test_without_an_address_to_follow_the_number_is_written_in_silence() -> None:
    decision = plan_parcels(WISHES, replace(SITE, mails_numbers=False), {}, RULES, NOW)
    assert decision.act == SetTracking(6, "6A1", "")


def test_a_second_parcel_is_joined_and_alone_is_told() -> None:
    wishes, site = replace(WISHES, parcels=(P1, P2)), replace(SITE, tracking="6A1")
    decision = plan_parcels(wishes, site, told("P-1"), RULES, NOW)
    assert decision.act == SetTracking(6, "6A1, 6A2", "6A1", ("P-2",))
    silent = plan_parcels(wishes, site, told("P-1"), Rules(mails_each_parcel=False), NOW)
    assert silent.act == SetTracking(6, "6A1, 6A2", "6A1")


def test_a_number_mended_at_the_till_is_written_and_not_told_again() -> None:
    wishes = replace(WISHES, parcels=(replace(P1, tracking="6A9"),))
    decision = plan_parcels(wishes, replace(SITE, tracking="6A1"), told("P-1"), RULES, NOW)
    assert decision.act == SetTracking(6, "6A9", "6A1")


def test_numbers_that_do_not_fit_are_told_and_the_others_written() -> None:
    parcels = tuple(Parcel(f"P-{n}", f"{n}" * 21, NOW) for n in range(1, 5))
    decision = plan_parcels(replace(WISHES, parcels=parcels), SITE, {}, RULES, NOW)
    assert isinstance(decision.act, SetTracking)
    assert decision.act.number == f"{'1' * 21}, {'2' * 21}"
    assert len(decision.act.number) <= 64
    codes = [problem and problem.code for problem in decision.of.values()]
    assert codes == [None, None, "E-PRG-007", "E-PRG-007"]


def test_what_the_site_has_already_is_taken_for_ours_without_a_mail() -> None:
    decision = plan_parcels(WISHES, replace(SITE, tracking="6A1"), {}, RULES, NOW)
    assert decision.act is None
    assert decision.known is not None
    assert (decision.known.status, [*decision.known.told]) == ("done", ["P-1"])


@pytest.mark.parametrize(("site", "steps"), [("MAIN-1", {}), ("", told("P-1"))])
def test_a_persons_number_or_its_removal_is_left_alone(site: str, steps: dict[str, Step]) -> None:
    decision = plan_parcels(WISHES, replace(SITE, tracking=site), steps, RULES, NOW)
    assert decision.act is None
    problem = decision.of["P-1"]
    assert problem is not None
    assert problem.code == "E-PRG-004"


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("cancelled", "E-PRG-003"), ("refunded", "E-PRG-003"), ("dead", "E-PRG-003"),
        ("awaiting_payment", "E-PRG-002"), ("unset", "E-PRG-002"), ("unknown", "E-PRG-002"),
    ],
)  # fmt: skip
def test_an_order_in_no_state_to_be_sent_gets_no_number(role: Role, code: str) -> None:
    decision = plan_parcels(WISHES, replace(SITE, role=role), {}, RULES, NOW)
    problem = decision.of["P-1"]
    assert decision.act is None
    assert problem is not None
    assert problem.code == code


def test_what_left_long_ago_is_written_in_silence() -> None:
    old = replace(P1, shipped_at=NOW - timedelta(days=8))
    decision = plan_parcels(replace(WISHES, parcels=(old,)), SITE, {}, RULES, NOW)
    assert decision.act == SetTracking(6, "6A1", "")


# --- the state -------------------------------------------------------------------------------


def test_the_state_is_moved_in_silence_when_its_parcel_was_told() -> None:
    site = replace(SITE, tracking="6A1")
    decision = plan_state(WISHES, site, told("P-1"), RULES, NOW)
    assert decision.act == MoveState(12, "shipped", 4, 40)


def test_the_state_tells_where_the_number_could_not() -> None:
    site = replace(SITE, tracking="6A1", mails_numbers=False)
    decision = plan_state(WISHES, site, told(), RULES, NOW)
    assert decision.act == MoveState(12, "shipped", 4, 40, (ORDER, "P-1"))


def test_the_state_tells_nothing_beside_a_number_of_a_person() -> None:
    decision = plan_state(WISHES, replace(SITE, tracking="MAIN-1"), {}, RULES, NOW)
    assert decision.act == MoveState(12, "shipped", 4, 40)


@pytest.mark.parametrize("stage", ["prepared", "shipped", "delivered"])
def test_an_order_is_moved_from_the_listed_roles_alone(stage: Stage) -> None:
    roles: tuple[Role, ...] = (
        "unset", "awaiting_payment", "paid", "payable_on_delivery", "preparing", "shipped",
        "delivered", "backorder_paid", "backorder_unpaid", "payment_error", "cancelled",
        "refunded", "dead", "unknown",
    )  # fmt: skip
    wishes = replace(WISHES, stage=stage)
    moved = {
        role
        for role in roles
        if plan_state(wishes, replace(SITE, role=role), {}, RULES, NOW).act is not None
    }
    assert moved == FROM[stage]


def test_the_settings_widen_and_narrow_the_roles() -> None:
    rules = Rules(from_roles={"shipped": frozenset({"awaiting_payment"})})
    unpaid = replace(SITE, role="awaiting_payment")
    assert plan_state(WISHES, unpaid, {}, rules, NOW).act is not None
    assert plan_state(WISHES, SITE, {}, rules, NOW).act is None


def test_one_further_is_left_alone_and_as_good() -> None:
    decision = plan_state(WISHES, replace(SITE, state=5, role="delivered"), {}, RULES, NOW)
    assert (decision.act, decision.of) == (None, {WISHES.uid: None})


def test_one_that_people_moved_back_stays() -> None:
    steps = {"shipped": Step("shipped", "4", status="done")}
    problem = plan_state(WISHES, SITE, steps, RULES, NOW).of[WISHES.uid]
    assert problem is not None
    assert problem.code == "E-PRG-010"


@pytest.mark.parametrize(("cancels", "target"), [(False, None), (True, 6)])
def test_cancelled_at_the_till_moves_only_where_the_merchant_said_so(
    cancels: bool, target: int | None
) -> None:
    wishes = replace(WISHES, stage="cancelled")
    decision = plan_state(wishes, replace(SITE, target=6), {}, Rules(cancels=cancels), NOW)
    assert (decision.act.state if isinstance(decision.act, MoveState) else None) == target
    assert plan_parcels(wishes, SITE, {}, RULES, NOW).act is None


def test_a_shop_without_the_state_waits() -> None:
    problem = plan_state(WISHES, replace(SITE, target=None), {}, RULES, NOW).of[WISHES.uid]
    assert problem is not None
    assert problem.code == "E-PRG-006"


# --- what became of a write ------------------------------------------------------------------


def a_step(**changes: object) -> Step:
    fields: dict[str, object] = {"what": "tracking", "value": "6A1", "at": NOW, "asking": ("P-1",)}
    return Step(**{**fields, **changes})  # type: ignore[arg-type]  # as given


def test_a_number_that_is_there_was_written() -> None:
    assert outcome_of(a_step(), replace(SITE, tracking="6A1"), NOW) == "happened"
    # Another one is a person's; ours may have been there before.
    assert outcome_of(a_step(), replace(SITE, tracking="MAIN"), NOW) == "happened"


def test_one_that_is_not_there_was_not_once_the_shop_is_no_longer_at_it() -> None:
    assert outcome_of(a_step(answered=True), SITE, NOW) == "not"
    assert outcome_of(a_step(), SITE, NOW + PATIENCE / 2) == "too_soon"
    assert outcome_of(a_step(), SITE, NOW + PATIENCE) == "not"


def test_a_state_is_seen_in_a_new_line_of_the_history() -> None:
    step = a_step(what="shipped", value="4", before="40", answered=True)
    assert outcome_of(step, SITE, NOW) == "not"
    assert outcome_of(step, replace(SITE, history=((40, 4),)), NOW) == "not"
    assert outcome_of(step, replace(SITE, history=((40, 2), (41, 4))), NOW) == "happened"


def test_a_repeat_that_a_person_asked_for_shows_nothing() -> None:
    step = a_step(before="6A1", told=frozenset({"P-1"}), answered=True)
    assert outcome_of(step, replace(SITE, tracking="6A1"), NOW) == "happened"


def test_a_write_that_did_not_happen_leaves_what_was_before() -> None:
    assert a_step().undone() is None
    second = a_step(before="6A1", value="6A1, 6A2", told=frozenset({"P-1"}), asking=("P-2",))
    left = second.undone()
    assert left is not None
    assert (left.value, [*left.told], left.status) == ("6A1", ["P-1"], "done")
    assert a_step(what="shipped", value="4", before="40", asking=(ORDER,)).undone() is None


def test_a_write_that_did_not_happen_leaves_whom_was_told_before() -> None:
    """The merchant has chosen another state since; the customer had their e-mail with the first."""
    told_once = {"shipped": Step("shipped", "4", told=frozenset({ORDER}), status="done")}
    site = replace(SITE, target=22)
    decision = plan_state(WISHES, site, told_once, RULES, NOW)
    assert decision.act == MoveState(12, "shipped", 22, 40)
    tried = a_step(what="shipped", value="22", before="40", told=frozenset({ORDER}), asking=())
    left = tried.undone()
    assert left is not None
    again = plan_state(WISHES, site, {"shipped": left}, RULES, NOW)
    assert again.act == decision.act


# --- several numbers in one column -----------------------------------------------------------


@pytest.mark.parametrize("number", ["6A1, 6A2", "6A1,6A2", " 6A1 , 6A2 "])
@pytest.mark.parametrize("steps", [told("P-1", number="6A1, 6A2"), {}])
def test_numbers_that_the_till_has_joined_itself_are_there_once_they_are_written(
    number: str, steps: dict[str, Step]
) -> None:
    wishes = replace(WISHES, parcels=(replace(P1, tracking=number),))
    first = plan_parcels(wishes, SITE, {}, RULES, NOW).act
    assert isinstance(first, SetTracking)
    assert first.number == "6A1, 6A2"
    decision = plan_parcels(wishes, replace(SITE, tracking=first.number), steps, RULES, NOW)
    assert (decision.act, decision.of) == (None, {"P-1": None})
