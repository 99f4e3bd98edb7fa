"""The webservice of the model shop: what the agent asks, answered in memory, call by call.

Each call is a *port call*: it may be where the program dies, and other things happen before and
after it. Lists, ids, filters and dates are as PrestaShop's; the XML between is left out.

    with ModelWebservice(shop, ports) as webservice:
        list(webservice.iter_all("orders", {"date_upd": above("2026-11-24 10:00:00")}))
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from shop_agent.prestashop.client import Deed, Display, Webservice
from shop_agent.prestashop.entities import Entity, Row, Write
from shop_agent.prestashop.rewriting import RewriteTimes, Sending
from shop_agent.prestashop.versions import NEWEST, Capabilities, ShopVersion
from tests.model.goods import HOLDS, PACK, PRODUCTS
from tests.model.profile import SETTINGS
from tests.model.shop import ModelShop, WebOrder

_ABOVE = re.compile(r">\[(.*)\]")


class Ports(Protocol):
    """Told of every port call, before it has an effect and after it had."""

    def before(self, point: str) -> None:
        """Something else may happen now; or the program dies."""
        ...

    def after(self, point: str) -> None:
        """Likewise, the call having had its effect."""
        ...


class ModelWebservice(Webservice):
    """Questions to the model shop."""

    def __init__(self, shop: ModelShop, ports: Ports) -> None:
        self._shop = shop
        self._ports = ports
        self.version = ShopVersion((8, 2, 1))
        self.rewrites = RewriteTimes()
        self._guard: Callable[[], None] = lambda: None
        self._kept: dict[str, tuple[int, Entity]] = {}

    def __exit__(self, *details: object) -> None:
        """Nothing is open."""

    def guard(self, before_write: Callable[[], None]) -> None:
        """Have this called before each write."""
        self._guard = before_write

    @property
    def requests_sent(self) -> int:
        """Not counted here."""
        return 0

    def able(self) -> Capabilities:
        """Return what the newest version can do."""
        return NEWEST

    def get(self, resource: str, entity_id: int) -> Entity | None:
        """Return one entity."""
        found = self.find_any(resource, "id", [entity_id])
        return found[0] if found else None

    def exists(self, resource: str, entity_id: int) -> bool:
        """Say whether an entity exists."""
        return self.get(resource, entity_id) is not None

    def find(
        self,
        resource: str,
        filters: Mapping[str, str] | None = None,
        *,
        display: Display = None,
        sort: Sequence[str] = (),
        limit: int | None = None,
    ) -> tuple[Entity, ...]:
        """Return what passes, ordered."""
        found = self._read(resource, filters or {})
        for one in reversed(sort):
            field, _, direction = one.rpartition("_")
            found.sort(key=lambda entity: _sortable(entity, field), reverse=direction == "DESC")
        return tuple(found[:limit])

    def find_any(
        self,
        resource: str,
        field: str,
        values: Sequence[int | str],
        *,
        filters: Mapping[str, str] | None = None,
        display: Display = None,
    ) -> tuple[Entity, ...]:
        """Return what has one of these values."""
        wanted = {str(value) for value in values}
        found = self._read(resource, filters or {})
        return tuple(one for one in found if _value(one, field) in wanted)

    def iter_all(
        self,
        resource: str,
        filters: Mapping[str, str] | None = None,
        *,
        display: Display = None,
        after: int = 0,
        page: int = 200,
    ) -> Iterator[Entity]:
        """Yield what passes, by rising id."""
        passing = filters or {}
        point = "orders_read" if resource == "orders" else resource
        whole = "date_upd" in passing or not after
        yield from [one for one in self._read(resource, passing, point, whole) if one.id > after]

    def prepare(self, deed: Deed, resource: str, writes: Sequence[Write]) -> Sending:
        """Return the writes as they are."""
        return Sending("POST" if deed == "POST" else "PATCH", resource, tuple(writes), b"")

    def send(self, sending: Sending, *, send_email: bool = False) -> tuple[Entity, ...]:
        """Write stock rows."""
        if sending.resource != "stock_availables":
            raise AssertionError(sending.resource)
        self._guard()
        self._ports.before("write")
        rows = self._shop.rows()
        for write in sending.writes:
            if write.id in rows:
                self._shop.write(write.id or 0, int(str(write.fields["quantity"])))
                self._ports.after(f"wrote {rows[write.id or 0][0]}")
        self._ports.after("write")
        return tuple(self._row(one.id or 0) for one in sending.writes)

    # --- rows ----------------------------------------------------------------------------------

    def _read(
        self, resource: str, filters: Mapping[str, str], point: str = "", whole: bool = False
    ) -> list[Entity]:
        self._ports.before(point or resource)
        found = [one for one in self._all(resource) if _passes(one, filters)]
        self._ports.after(f"{point or resource}{' whole' if whole else ''}")
        return found

    def _all(self, resource: str) -> list[Entity]:
        shop = self._shop
        if resource == "orders":
            return [self._order(order) for _, order in sorted(shop.orders.items())]
        if resource == "order_details":
            return [e for _, o in sorted(shop.orders.items()) for e in _details(o)]
        if resource == "order_histories":
            return [e for _, o in sorted(shop.orders.items()) for e in _histories(o)]
        if resource == "order_slip":
            return [_slip(order) for order in shop.orders.values() if order.credited]
        if resource == "stock_availables":
            return [self._row(row) for row in sorted(shop.rows())]
        if resource == "products":
            return [_product(key, shop.combinations) for key in PRODUCTS if key[0] == "a"]
        return SETTINGS.get(resource, [])

    def _order(self, order: WebOrder) -> Entity:
        """Return an order; made once per version."""
        kept = self._kept.get(order.reference)
        if kept is not None and kept[0] == order.version:
            return kept[1]
        made = _order(order)
        self._kept[order.reference] = (order.version, made)
        return made

    def _row(self, row: int) -> Entity:
        key, product, combination = self._shop.rows().get(row, ("", 0, 0))
        fields = {
            "id_product": str(product), "id_product_attribute": str(combination),
            "id_shop": "1", "id_shop_group": "0", "out_of_stock": "2",
            "quantity": str(self._shop.shelf.get(key, 0)), "depends_on_stock": "0",
        }  # fmt: skip
        return Entity("stock_availables", row, fields)


_ZERO = (
    "id_address_delivery", "id_address_invoice", "id_carrier", "total_products",
    "total_products_wt", "total_shipping_tax_excl", "total_shipping_tax_incl", "carrier_tax_rate",
    "total_wrapping_tax_excl", "total_wrapping_tax_incl", "total_discounts_tax_excl",
    "total_discounts_tax_incl", "total_paid_tax_excl", "total_paid_tax_incl", "total_paid_real",
)  # fmt: skip
_PLAIN_ORDER = {
    **dict.fromkeys(_ZERO, "0"), "id_customer": "7", "id_currency": "1",
    "module": "ps_checkpayment", "payment": "Cheque", "note": "", "gift_message": "",
    "id_shop": "1",
}  # fmt: skip


def _order(order: WebOrder) -> Entity:
    fields = {
        **_PLAIN_ORDER, "reference": order.reference, "current_state": str(order.state),
        "date_add": order.added, "date_upd": order.changed,
    }  # fmt: skip
    rows: list[Row] = [
        {
            "id": str(line.id), "product_id": str(line.product),
            "product_attribute_id": str(line.combination), "product_quantity": str(line.quantity),
        }
        for line in order.lines
    ]  # fmt: skip
    return Entity("orders", order.id, fields, {"order_rows": tuple(rows)})


def _details(order: WebOrder) -> list[Entity]:
    return [
        Entity(
            "order_details",
            line.id,
            {
                "id_order": str(order.id), "product_id": str(line.product),
                "product_attribute_id": str(line.combination), "product_reference": "",
                "product_ean13": "", "product_name": line.key,
                "product_quantity": str(line.quantity), "product_quantity_refunded": "0",
                "unit_price_tax_excl": "0", "unit_price_tax_incl": "0",
                "total_price_tax_excl": "0", "total_price_tax_incl": "0",
            },
        )
        for line in order.lines
    ]  # fmt: skip


def _histories(order: WebOrder) -> list[Entity]:
    return [
        Entity(
            "order_histories",
            order.id * 100 + number,
            {"id_order": str(order.id), "id_order_state": str(state), "date_add": at},
        )
        for number, (state, at) in enumerate(order.states, 1)
    ]


def _slip(order: WebOrder) -> Entity:
    details: list[Row] = [
        {"id": str(line.id), "id_order_detail": str(line.id), "product_quantity": "1"}
        for line in order.lines[:1]
    ]
    fields = {"id_order": str(order.id)}
    return Entity("order_slip", order.id, fields, {"order_slip_details": tuple(details)})


def _product(key: str, combinations: Mapping[str, int]) -> Entity:
    parts: list[Row] = [
        {
            "id": str(PRODUCTS[part]),
            "id_product_attribute": str(combinations.get(part, 0)),
            "quantity": str(units),
        }
        for part, units in (HOLDS.items() if key == PACK else ())
    ]
    return Entity("products", PRODUCTS[key], {"reference": key}, {"product_bundle": tuple(parts)})


def _passes(entity: Entity, filters: Mapping[str, str]) -> bool:
    return all(_fits(_value(entity, field), one) for field, one in filters.items())


def _fits(value: str, passing: str) -> bool:
    beyond = _ABOVE.fullmatch(passing)
    if beyond is not None:
        bound = beyond[1]
        return int(value) > int(bound) if bound.isdigit() else value > bound
    return value in passing.strip("[]").split("|")


def _value(entity: Entity, field: str) -> str:
    return str(entity.id) if field == "id" else entity.text(field)


def _sortable(entity: Entity, field: str) -> int | str:
    value = _value(entity, field)
    return int(value) if value.isdigit() else value
