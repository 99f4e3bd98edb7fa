"""What an image was in the shop passes to the one that takes its place: cover, combinations.

pass_on(desk, product, 20, 24, combinations=True)     # {"products": 1, "combinations": 2}
"""

from collections import Counter

from shop_agent.actions import Last
from shop_agent.apply import Desk
from shop_agent.photos.places import OnProduct
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.images import find_cover, set_cover
from shop_agent.reconcile.rows import IMAGES, Items, items, parse_items, rows_of, text_of
from shop_agent.replica import Replica


def pass_on(
    desk: Desk,
    product: OnProduct,
    old: int,
    heir: int,
    *,
    combinations: bool = False,
    cover: bool = True,
) -> Counter[str]:
    """Give an image's place to another one; return how much of each resource was changed.

    Args:
        desk: What the pass's writers share.
        product: Whose images they are; its cover is kept true.
        old: The one that had it.
        heir: The one that gets it.
        combinations: Also in the combinations that show the old one.
        cover: Also as the cover, when it is.

    Raises:
        RefusedItemError: The shop does not take it.
        OutcomeUnknownError: No clear answer.
    """
    changed: Counter[str] = Counter()
    if cover and find_cover(desk.shop, product.id) == old:
        set_cover(desk.shop, product.id, heir)
        product.cover = heir
        changed["products"] += 1
    if combinations:
        display = ("id", "id_product", "images[id]")
        found = desk.shop.find_any("combinations", "id_product", [product.id], display=display)
        for one in found:
            if (old,) in items(IMAGES, one.rows(IMAGES)):
                _hand_over(desk, one, old, heir)
                changed["combinations"] += 1
    return changed


def _hand_over(desk: Desk, combination: Entity, old: int, heir: int) -> None:
    there = items(IMAGES, combination.rows(IMAGES))
    rows = rows_of(IMAGES, _exchanged(there, old, heir))
    desk.shop.change("combinations", Write(combination.id, {}, {IMAGES: rows}))
    with desk.engine.begin() as connection:
        journal = Replica(connection).journal
        last = journal.memories("combinations", [combination.id])[combination.id].last
        ours = parse_items(last[IMAGES, 0].sent) if (IMAGES, 0) in last else frozenset()
        if (old,) in ours:
            text = text_of(_exchanged(ours, old, heir))
            journal.remember("combinations", combination.id, {(IMAGES, 0): Last(text, text)})


def _exchanged(kept: Items, old: int, heir: int) -> Items:
    return kept - {(old,)} | {(heir,)}
