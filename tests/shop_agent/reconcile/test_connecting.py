"""Which product is which article: each rule with the case that it decides."""

from collections.abc import Sequence

import pytest

from shop_agent.reconcile.connecting import Claim, Seen, connect


def claim(key: str, reference: str, *eans: str, variants: bool = False) -> Claim:
    return Claim(key, reference, frozenset(eans), variants)


def seen(number: int, reference: str, *eans: str, combinations: bool = False) -> Seen:
    return Seen(number, reference, frozenset(eans), combinations)


#: (articles, products, product by article, code by article)
CASES: list[tuple[Sequence[Claim], Sequence[Seen], dict[str, int], dict[str, str]]] = [
    # the reference, to the letter
    ([claim("a", "R")], [seen(7, "R")], {"a": 7}, {}),
    # else without regard to case, as PrestaShop looks for one
    ([claim("a", "R")], [seen(7, "r")], {"a": 7}, {}),
    ([claim("a", "R")], [seen(7, "r"), seen(8, "R")], {"a": 8}, {}),
    ([claim("a", "R"), claim("b", "r")], [seen(7, "r")], {"b": 7}, {}),
    ([claim("a", "Rx")], [seen(7, "rx"), seen(8, "RX")], {}, {"a": "E-AGT-003"}),
    # else the barcode, of the product or of a combination
    ([claim("a", "R", "1")], [seen(7, "X", "1")], {"a": 7}, {}),
    ([claim("a", "R", "1", "2", variants=True)], [seen(7, "X", "2", combinations=True)],
     {"a": 7}, {}),
    # a barcode that the shop does not have is no contradiction
    ([claim("a", "R", "1")], [seen(7, "R", "9")], {"a": 7}, {}),
    # a barcode that two products share does not outweigh the reference
    ([claim("a", "R", "1")], [seen(7, "R", "1"), seen(8, "X", "1")], {"a": 7}, {}),
    # ambiguous in the shop
    ([claim("a", "R")], [seen(7, "R"), seen(8, "R")], {}, {"a": "E-AGT-003"}),
    ([claim("a", "R", "1")], [seen(7, "X", "1"), seen(8, "Y", "1")], {}, {"a": "E-AGT-003"}),
    ([claim("a", "R", "1", "2")], [seen(7, "X", "1"), seen(8, "Y", "2")], {},
     {"a": "E-AGT-003"}),
    # ambiguous at the till
    ([claim("a", "R"), claim("b", "R")], [seen(7, "R")], {},
     {"a": "E-AGT-005", "b": "E-AGT-005"}),
    ([claim("a", "R"), claim("b", "S", "1")], [seen(7, "R", "1")], {},
     {"a": "E-AGT-005", "b": "E-AGT-005"}),
    # two of the till alone are none of the shop's business
    ([claim("a", "R"), claim("b", "R")], [], {}, {}),
    # they disagree
    ([claim("a", "R", "1")], [seen(7, "R"), seen(8, "X", "1")], {}, {"a": "E-AGT-006"}),
    # another shape
    ([claim("a", "R")], [seen(7, "R", combinations=True)], {}, {"a": "E-AGT-007"}),
    ([claim("a", "R", variants=True)], [seen(7, "R")], {}, {"a": "E-AGT-008"}),
    # one that cannot be told does not keep the others
    ([claim("a", "R"), claim("b", "S")], [seen(7, "R"), seen(8, "R"), seen(9, "S")], {"b": 9},
     {"a": "E-AGT-003"}),
]  # fmt: skip


@pytest.mark.parametrize(("claims", "products", "found", "codes"), CASES)
def test_the_rules(
    claims: Sequence[Claim],
    products: Sequence[Seen],
    found: dict[str, int],
    codes: dict[str, str],
) -> None:
    connection = connect(claims, products)
    assert connection.products == found
    assert {key: problem.code for key, problem in connection.problems.items()} == codes
    assert connection.looked == {one.key for one in claims}


@pytest.mark.parametrize(("claims", "products", "found", "codes"), CASES)
def test_the_order_of_neither_side_matters(
    claims: Sequence[Claim],
    products: Sequence[Seen],
    found: dict[str, int],
    codes: dict[str, str],
) -> None:
    connection = connect(list(reversed(claims)), list(reversed(products)))
    assert connection.products == found
    assert {key: problem.code for key, problem in connection.problems.items()} == codes


def test_the_candidates_are_named_and_spoken_for() -> None:
    products = [seen(7, "R"), seen(8, "R"), seen(9, "S"), seen(10, "T", "1"), seen(11, "U")]
    connection = connect([claim("a", "R"), claim("b", "S", "1")], products)
    assert connection.spoken_for == {7, 8, 9, 10}
    assert connection.problems["a"].facts["found"] == "products 7 « R », products 8 « R »"
    disagree = connection.problems["b"].facts
    assert (disagree["by_reference"], disagree["by_ean"]) == (
        "products 9 « S »", "products 10 « T »",
    )  # fmt: skip
