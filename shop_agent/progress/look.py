"""What the shop shows of some orders: state, history, numbers, and if their carrier is followed.

Four questions for any number of orders. An order under another name than the till's is not it: a
restored shop gives ids a second time.

    sites = look(shop, profile, rules, {"shop.example/1/12/XKBK…": (12, "shipped")})
"""

from collections.abc import Iterable, Mapping

from protocol.records import Stage, order_uid
from shop_agent.orders.roles import role_of
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.progress.plan import Site
from shop_agent.progress.rules import Rules


def look(
    shop: Webservice, profile: Profile, rules: Rules, asked: Mapping[str, tuple[int, Stage | None]]
) -> dict[str, Site]:
    """Return what the shop shows of orders, by uid; those that it does not have are absent.

    Args:
        shop: Its webservice.
        profile: The shop's.
        rules: Which state stands for which stage.
        asked: Per uid, the shop's id and the stage that the till says.
    """
    ids = sorted({number for number, _ in asked.values()})
    found = shop.find_any(
        "orders", "id", ids, display=("id", "reference", "date_add", "current_state")
    )
    orders = {_uid(one, profile): one for one in found}
    rows = _newest(shop.find_any("order_carriers", "id_order", ids, display=ROW))
    followed = _followed(shop, rows.values())
    lines: dict[int, list[tuple[int, int]]] = {}
    for one in shop.find_any("order_histories", "id_order", ids, display=LINE):
        line = (one.id, one.whole("id_order_state"))
        lines.setdefault(one.whole("id_order"), []).append(line)
    return {
        uid: _site(order, rows.get(order.id), followed, lines, profile, rules, asked[uid][1])
        for uid, order in orders.items()
        if uid in asked
    }


ROW = ("id", "id_order", "id_carrier", "tracking_number")
LINE = ("id", "id_order", "id_order_state")


def _uid(order: Entity, profile: Profile) -> str:
    return order_uid(profile.instance, order.id, order.text("reference"), order.text("date_add"))


def _newest(rows: Iterable[Entity]) -> dict[int, Entity]:
    """Return the row of each order that PrestaShop itself reads its number from."""
    return {row.whole("id_order"): row for row in sorted(rows, key=lambda one: one.id)}


def _followed(shop: Webservice, rows: Iterable[Entity]) -> frozenset[int]:
    """Return the carriers of which the shop writes to the customer when it gets a number."""
    ids = sorted({row.whole("id_carrier") for row in rows} - {0})
    if not ids or not shop.able().mails_numbers:
        return frozenset()
    found = shop.find_any("carriers", "id", ids, display=("id", "url"))
    return frozenset(one.id for one in found if one.text("url").strip())


def _site(
    order: Entity, row: Entity | None, followed: frozenset[int],
    lines: Mapping[int, list[tuple[int, int]]], profile: Profile, rules: Rules,
    stage: Stage | None,
) -> Site:  # fmt: skip
    state = order.whole("current_state")
    flags = profile.states.get(state)
    return Site(
        order=order.id,
        state=state,
        role=role_of(state, profile, rules.dead),
        name=flags.name if flags is not None else str(state),
        row=row.id if row is not None else None,
        tracking=row.text("tracking_number").strip() if row is not None else "",
        mails_numbers=row is not None and row.whole("id_carrier") in followed,
        history=tuple(lines.get(order.id, ())),
        target=rules.state_of(stage, profile) if stage is not None else None,
    )
