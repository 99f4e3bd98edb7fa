"""The names by which a mapping's `write_back` reaches what an order or a customer says.

`intake.binds` gives each of them a value; a test holds the two together. SQL takes them as `:name`,
the columns and elements of a drop folder by their names alone.

    check_names(["order_uid", "quantity"], ORDER_BINDS | LINE_BINDS)
"""

from collections.abc import Iterable

from pos_exporter.mapping.errors import SqlParametersError

_ADDRESS = (
    "company", "first_name", "last_name", "name", "address1", "address2", "postcode", "city",
    "country", "phone", "mobile", "vat_number", "note",
)  # fmt: skip
#: Of a customer, alone or in an order; the address is the customer's, else the invoice's.
CUSTOMER_BINDS = frozenset(
    f"customer_{name}" for name in ("uid", "shop_id", "email", "guest", "language", *_ADDRESS)
)
_TOTALS = ("total", "total_products", "total_shipping", "total_wrapping", "total_discounts")
#: Of an order.
ORDER_BINDS = CUSTOMER_BINDS | {
    "order_uid", "order_revision", "order_shop_id", "order_reference", "placed_at", "currency",
    "state_role", "state_name", "carrier", "payment_module", "payment_method", "note",
    "gift_message", "shipping_tax_rate", "shipping_tax_code", "total_paid", "lines_json",
    *(f"{name}_tax_{side}" for name in _TOTALS for side in ("included", "excluded")),
    *(f"{whose}_{name}" for whose in ("delivery", "invoice") for name in _ADDRESS),
}  # fmt: skip
#: How many columns a composite key may have in `:key_1`, `:key_2`…
MOST_KEY_PARTS = 6
#: Of one line: in statements, rows and elements with `foreach: lines`.
LINE_BINDS = frozenset({
    "line_number", "line_id", "stock_key", "sellable_key", "article_key", "variant_key",
    "reference", "ean", "name", "quantity", "refunded", "tax_rate", "tax_code",
    "unit_price_tax_included", "unit_price_tax_excluded",
    "line_total_tax_included", "line_total_tax_excluded",
    *(f"key_{number}" for number in range(1, MOST_KEY_PARTS + 1)),
})  # fmt: skip
#: Of a file of a drop folder: `order`, `order_changed` or `order_cancelled`.
EVENT_BIND = "event"


def check_names(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a name that has no value.

    Raises:
        SqlParametersError: For the first of them.
    """
    given = set(known)
    for name in sorted(set(names) - given):
        raise SqlParametersError(
            name=name, fault_fr="sans valeur", fault_en="has no value",
            known=", ".join(sorted(given)),
        )  # fmt: skip
