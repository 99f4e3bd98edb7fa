"""The model shop moves stock as PrestaShop does: what was measured on a real one."""

import pytest

from tests.model.goods import PACK, PLAIN, SMALL
from tests.model.shop import (
    CANCELLED,
    DELIVERED,
    ERROR,
    ON_DELIVERY,
    PAID,
    PREPARING,
    REFUNDED,
    SHIPPED,
    ModelShop,
)


def shop_of(pack_stock: int = 2, *, edits_move: bool = True) -> ModelShop:
    made = ModelShop(lambda: "2026-11-24 10:00:00", pack_stock, edits_move)
    for key in made.shelf:
        made.shelf[key] = 300
    return made


@pytest.mark.parametrize(
    ("states", "left"),
    [
        ((ON_DELIVERY,), 298),
        ((ERROR,), 300),
        ((ERROR, PAID), 298),
        ((PAID, PREPARING, PREPARING), 298),
        ((PAID, SHIPPED, DELIVERED), 298),
        ((PAID, SHIPPED, DELIVERED, REFUNDED), 298),
        ((PAID, CANCELLED), 300),
        ((PAID, CANCELLED, PAID), 298),
        ((PAID, ERROR), 300),
    ],
)
def test_states_give_and_take(states: tuple[int, ...], left: int) -> None:
    shop = shop_of()
    order = shop.place([(PLAIN, 2)], states[0])
    for state in states[1:]:
        shop.set_state(order, state)
    assert shop.shelf[PLAIN] == left


def test_stock_is_taken_before_the_order_has_a_state() -> None:
    shop = shop_of()
    order = shop.begin([(PLAIN, 2), (SMALL, 1)], PAID, shown=1)
    assert (order.state, shop.shelf[PLAIN], shop.shelf[SMALL]) == (0, 298, 300)
    shop.finish(order)
    assert (order.state, shop.shelf[PLAIN], shop.shelf[SMALL]) == (PAID, 298, 299)


def test_a_credit_slip_moves_neither_stock_nor_date() -> None:
    shop = shop_of()
    order = shop.place([(PLAIN, 2)], PAID)
    changed = order.changed
    shop.credit(order)
    assert (shop.shelf[PLAIN], order.changed) == (298, changed)


@pytest.mark.parametrize(
    ("pack_stock", "pack", "small", "plain"), [(0, 299, 300, 300), (1, 300, 299, 298),
                                               (2, 299, 299, 298)],
)  # fmt: skip
def test_a_pack_moves_what_its_stock_type_says(
    pack_stock: int, pack: int, small: int, plain: int
) -> None:
    shop = shop_of(pack_stock)
    shop.place([(PACK, 1)], PAID)
    assert (shop.shelf[PACK], shop.shelf[SMALL], shop.shelf[PLAIN]) == (pack, small, plain)


@pytest.mark.parametrize(("edits_move", "left"), [(True, 297), (False, 298)])
def test_an_edit_moves_stock_where_the_back_office_does(edits_move: bool, left: int) -> None:
    shop = shop_of(edits_move=edits_move)
    order = shop.place([(PLAIN, 2)], PAID)
    shop.edit(order, 0, PLAIN, 3)
    assert shop.shelf[PLAIN] == left


def test_a_restored_shop_gives_its_ids_again() -> None:
    shop = shop_of()
    kept = shop.saved()
    first = shop.place([(PLAIN, 1)], PAID)
    shop.restore(kept)
    second = shop.place([(PLAIN, 1)], PAID)
    assert (first.id, first.reference != second.reference) == (second.id, True)
    assert shop.shelf[PLAIN] == 299
