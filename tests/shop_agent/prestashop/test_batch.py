"""Batches: each item's own outcome, whatever its neighbours do, and nothing done twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop_agent.prestashop.batch import (
    BatchResult,
    NotAttempted,
    Outcome,
    Refused,
    Unknown,
    Written,
    write_batch,
)
from shop_agent.prestashop.entities import Write
from shop_agent.prestashop.errors import (
    EntityGoneError,
    IllegalCharacterError,
    PermissionMissingError,
    RequestTooLargeError,
    ShopFailedError,
    ShopRefusedError,
    ShopUnreachableError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.identify import Identity
from tests.shop_agent.prestashop.fake_products import FakeProducts, Fields
from tests.shop_agent.prestashop.stub_shop import HTML_HEADERS, Reply, StubShop, errors

REFERENCE = Identity("reference")


def changes(*fates: str) -> list[Write]:
    """Return a price change for the products 1, 2, 3…, each with its fate."""
    return [Write(n, {"price": f"{n}.50", "mpn": fate}) for n, fate in enumerate(fates, start=1)]


def creations(*fates: str) -> list[Write]:
    return [
        Write(None, {"reference": f"R{n}", "price": "1", "mpn": fate})
        for n, fate in enumerate(fates, start=1)
    ]


def change(fake: FakeProducts, writes: list[Write], limit: int = 100) -> BatchResult:
    with StubShop(fake) as stub, stub.open() as shop:
        return write_batch(shop, "CHANGE", "products", writes, limit=limit)


def create(
    fake: FakeProducts,
    writes: list[Write],
    identity: Identity | None = REFERENCE,
    limit: int = 100,
) -> BatchResult:
    with StubShop(fake) as stub, stub.open() as shop:
        return write_batch(shop, "POST", "products", writes, identity=identity, limit=limit)


def stocked(count: int) -> dict[int, Fields]:
    return {n: {"price": "0.000000", "mpn": ""} for n in range(1, count + 1)}


def kinds(result: BatchResult) -> list[type[Outcome]]:
    return [type(outcome) for outcome in result.outcomes]


def reason(outcome: Outcome) -> type[Exception]:
    assert isinstance(outcome, Refused | Unknown)
    return type(outcome.error)


def test_a_good_batch_is_one_request_and_its_answer_is_the_outcome() -> None:
    fake = FakeProducts(stocked(3))
    result = change(fake, changes("", "", ""))
    assert [(type(o), o.seen) for o in result.outcomes if isinstance(o, Written)] == [
        (Written, False)
    ] * 3
    assert (result.requests, result.stopped, fake.batches) == (1, None, [3])


def test_a_poisoned_third_change_stops_nobody_else() -> None:
    fake = FakeProducts(stocked(5))
    result = change(fake, changes("", "", "refused", "", ""))
    assert kinds(result) == [Written, Written, Refused, Written, Written]
    assert reason(result.outcomes[2]) is ShopRefusedError
    assert [row["price"] for row in fake.rows.values()] == [
        "1.50",
        "2.50",
        "0.000000",
        "4.50",
        "5.50",
    ]
    assert result.requests == 4
    assert fake.batches == [5, 1, 2]


def test_a_poisoned_third_creation_stops_nobody_else_and_doubles_nothing() -> None:
    fake = FakeProducts({})
    result = create(fake, creations("", "", "refused", "", ""))
    assert kinds(result) == [Written, Written, Refused, Written, Written]
    assert sorted(row["reference"] for row in fake.rows.values()) == ["R1", "R2", "R4", "R5"]
    assert result.requests == 4


def test_an_entity_that_is_gone_is_told_so() -> None:
    fake = FakeProducts(stocked(3))
    del fake.rows[2]
    result = change(fake, changes("", "", ""))
    assert kinds(result) == [Written, Refused, Written]
    assert reason(result.outcomes[1]) is EntityGoneError


@pytest.mark.parametrize("fate", ["warn", "crash_after", "hang_after"])
def test_an_unclear_answer_after_the_write_is_settled_by_looking(fate: str) -> None:
    fake = FakeProducts(stocked(2))
    result = change(fake, changes("", fate))
    assert [o.seen for o in result.outcomes if isinstance(o, Written)] == [True, True]
    assert result.requests == 2
    created = FakeProducts({})
    assert kinds(create(created, creations("", fate))) == [Written, Written]
    assert len(created.rows) == 2


def test_a_change_that_crashes_without_effect_stays_unknown() -> None:
    fake = FakeProducts(stocked(3))
    result = change(fake, changes("", "crash", ""))
    assert kinds(result) == [Written, Unknown, Written]
    assert reason(result.outcomes[1]) is WriteOutcomeUnknownError


def test_a_creation_that_crashes_without_effect_is_refused_since_it_was_looked_up() -> None:
    fake = FakeProducts({})
    result = create(fake, creations("", "crash", ""))
    assert kinds(result) == [Written, Refused, Written]
    assert reason(result.outcomes[1]) is ShopFailedError


def test_a_hanging_change_costs_its_neighbours_nothing() -> None:
    fake = FakeProducts(stocked(4))
    result = change(fake, changes("", "hang", "", ""))
    assert kinds(result) == [Written, Unknown, Written, Written]
    assert result.stopped is None


def test_a_hanging_creation_is_never_repeated_nor_what_follows_it_in_its_request() -> None:
    fake = FakeProducts({})
    result = create(fake, creations("", "hang", "", "", ""), limit=3)
    assert kinds(result) == [Written, Unknown, Unknown, Written, Written]
    assert fake.batches == [3, 2]


def test_a_shop_that_keeps_silent_ends_the_batch() -> None:
    fake = FakeProducts(stocked(12))
    result = change(fake, changes(*["hang"] * 12), limit=1)
    assert kinds(result) == [Unknown] * 5 + [NotAttempted] * 7
    assert isinstance(result.stopped, WriteOutcomeUnknownError)
    assert fake.batches == [1] * 5


def test_what_the_shop_rewrites_is_found_out_by_halves() -> None:
    def rewrite(fields: Fields) -> Fields:
        return {**fields, "location": fields["location"].upper()}

    fake = FakeProducts(stocked(40), rewrite)
    writes = [
        Write(n, {"location": f"shelf {n}", "mpn": "refused" if n == 23 else ""})
        for n in range(1, 41)
    ]
    result = change(fake, writes)
    assert kinds(result) == [Refused if n == 23 else Written for n in range(1, 41)]
    assert result.requests < 30


def test_a_creation_that_cannot_be_recognised_is_not_made_twice() -> None:
    def rewrite(fields: Fields) -> Fields:
        return {**fields, "reference": fields["reference"].replace("R1", "changed")}

    fake = FakeProducts({}, rewrite)
    result = create(fake, creations("", "", "refused", ""))
    assert kinds(result) == [Unknown, Written, Refused, Written]
    assert sorted(row["reference"] for row in fake.rows.values()) == ["R2", "R4", "changed"]


def test_when_looking_fails_everything_sent_is_unknown_and_the_rest_waits() -> None:
    fake = FakeProducts(stocked(4), blind=True)
    result = change(fake, changes("", "refused", "", ""), limit=2)
    assert kinds(result) == [Unknown, Unknown, NotAttempted, NotAttempted]
    assert isinstance(result.stopped, UnreadableAnswerError)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(405, errors(25)), PermissionMissingError),
        (Reply(429, "", HTML_HEADERS), ShopUnreachableError),
    ],
)
def test_what_concerns_every_item_ends_the_batch_before_anything_is_written(
    reply: Reply, expected: type[Exception]
) -> None:
    with StubShop(lambda seen: reply) as stub, stub.open() as shop:
        result = write_batch(shop, "CHANGE", "products", changes("", "", ""), limit=2)
    assert kinds(result) == [NotAttempted] * 3
    assert type(result.stopped) is expected
    assert result.requests == 1


def test_a_body_too_large_for_the_host_is_halved() -> None:
    fake = FakeProducts(stocked(7), most=2)
    result = change(fake, changes(*[""] * 7))
    assert kinds(result) == [Written] * 7
    assert max(fake.batches[3:]) <= 4
    none = change(FakeProducts(stocked(2), most=0), changes("", ""))
    assert [reason(outcome) for outcome in none.outcomes] == [RequestTooLargeError] * 2


def test_the_same_id_twice_is_written_in_order_by_two_requests() -> None:
    fake = FakeProducts(stocked(2))
    writes = [Write(1, {"price": "1"}), Write(2, {"price": "2"}), Write(1, {"price": "3"})]
    result = change(fake, writes)
    assert kinds(result) == [Written] * 3
    assert (fake.batches, fake.rows[1]["price"]) == ([2, 1], "3")


def test_what_xml_cannot_carry_is_not_sent_and_spoils_nothing() -> None:
    fake = FakeProducts(stocked(3))
    result = change(fake, changes("", "\x01", ""))
    assert kinds(result) == [Written, Refused, Written]
    assert reason(result.outcomes[1]) is IllegalCharacterError
    assert fake.batches == [2]


def test_without_a_key_creations_go_one_by_one() -> None:
    fake = FakeProducts({})
    result = create(fake, creations("", "refused", "crash", ""), identity=None)
    assert kinds(result) == [Written, Refused, Unknown, Written]
    assert fake.batches == [1, 1, 1, 1]
    mixed = FakeProducts({})
    nameless = Write(None, {"reference": "", "price": "1"})
    one, two, three = creations("", "", "")
    assert kinds(create(mixed, [one, nameless, two, three])) == [Written] * 4
    assert mixed.batches == [1, 1, 2]


def test_an_older_entity_of_the_same_key_is_not_taken_for_the_new_one() -> None:
    fake = FakeProducts({5: {"reference": "R1"}})
    result = create(fake, creations("", "crash_after"))
    assert [o.entity.id for o in result.outcomes if isinstance(o, Written)] == [6, 7]


def test_twice_the_same_key_is_two_entities() -> None:
    fake = FakeProducts({})
    twin = Write(None, {"reference": "T", "mpn": ""})
    result = create(fake, [twin, twin, Write(None, {"reference": "U", "mpn": "refused"})])
    assert [o.entity.id for o in result.outcomes if isinstance(o, Written)] == [1, 2]
    assert len(fake.rows) == 2


def test_nothing_to_write_asks_nothing() -> None:
    assert change(FakeProducts({}), []) == BatchResult((), None, 0)


FATES = ["", "", "", "refused", "crash", "crash_after", "warn"]
EXPECTED: dict[str, type[Outcome]] = {
    "": Written,
    "warn": Written,
    "crash_after": Written,
    "refused": Refused,
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FATES), max_size=12), st.integers(1, 7))
def test_every_mixture_of_changes_ends_well(fates: list[str], limit: int) -> None:
    fake = FakeProducts(stocked(len(fates)))
    result = change(fake, changes(*fates), limit)
    assert kinds(result) == [EXPECTED.get(fate, Unknown) for fate in fates]
    for outcome, (key, row) in zip(result.outcomes, fake.rows.items(), strict=True):
        written = isinstance(outcome, Written)
        assert row["price"] == (f"{key}.50" if written else "0.000000")
    assert result.stopped is None
    assert result.requests <= 4 * len(fates)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FATES), max_size=12), st.integers(1, 7))
def test_every_mixture_of_creations_ends_well(fates: list[str], limit: int) -> None:
    fake = FakeProducts({})
    result = create(fake, creations(*fates), limit=limit)
    assert kinds(result) == [EXPECTED.get(fate, Refused) for fate in fates]
    created = {
        outcome.entity.id: f"R{n}"
        for n, outcome in enumerate(result.outcomes, start=1)
        if isinstance(outcome, Written)
    }
    assert created == {key: row["reference"] for key, row in fake.rows.items()}
    assert result.requests <= 4 * len(fates)
