"""Which id of one shop stands for what, so that two shops can be compared.

A handle is given by a step (`shoe`). An id that no step named is counted while that step lasts
(`order_details#2`): the same id again is the same, and one row too many disturbs no later step.
Ids that are alike in every fresh shop (states, languages, the category Home) keep their number,
and so does an id that the script invented to be unknown.

    handles = Handles()
    handles.learn("products", "42", "shoe")
    handles.fill("products/{shoe}")         # "products/42"
    handles.name("products", "42")          # "{shoe}"
"""

import re

UNKNOWN = 900_000
NOWHERE = "987654321"
_HANDLE = re.compile(r"\{(\w+)\}")
# Resources of which a shop's own rows differ, with the ids that are the same everywhere.
_OWN: dict[str, frozenset[str]] = {
    "categories": frozenset({"1", "2"}),
    "groups": frozenset({"1", "2", "3"}),
    **dict.fromkeys(
        (
            "addresses", "attachments", "carts", "cart_rules", "combinations", "configurations",
            "customer_messages", "customer_threads", "customers", "images", "manufacturers",
            "messages", "order_carriers", "order_cart_rules", "order_details",
            "order_histories", "order_invoices", "order_payments", "order_slip", "orders",
            "product_feature_values", "product_features", "product_option_values",
            "product_options", "product_suppliers", "products", "specific_price_rules",
            "specific_prices", "stock_availables", "suppliers", "tags",
        ),
        frozenset[str](),
    ),
}  # fmt: skip


class Handles:
    """The names of one shop's ids."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._counted: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def forget_counted(self) -> None:
        """Begin to count anew: a step ends."""
        self._counted.clear()
        self._counts.clear()

    def learn(self, resource: str, identifier: str, handle: str) -> None:
        """Note that a step made an entity."""
        self._ids[handle] = identifier
        self._names[resource, identifier] = handle

    def fill(self, text: str) -> str:
        """Return a text with its handles replaced; one that is not known becomes a wild id."""
        return _HANDLE.sub(lambda found: self._ids.get(found[1], NOWHERE), text)

    def name(self, resource: str, identifier: str) -> str:
        """Return the handle of an id, in braces, or the id itself where it is the same anywhere."""
        same = _OWN.get(resource)
        if same is None or not identifier.isdigit() or identifier in same:
            return identifier
        if identifier == "0" or int(identifier) >= UNKNOWN:
            return identifier
        key = (resource, identifier)
        known = self._names.get(key) or self._counted.get(key)
        if known is None:
            self._counts[resource] = self._counts.get(resource, 0) + 1
            known = self._counted[key] = f"{resource}#{self._counts[resource]}"
        return f"{{{known}}}"
