"""What the agent asks for, in the words of one version: the script asks for no more and no less.

A step says `orders?display=[{order_fields}]`; what this version lacks is left out of it, as the
agent leaves it out.

    words("1.6.1.24")["vouchers"]          # "order_discounts"
"""

from collections.abc import Mapping, Sequence

from shop_agent.orders import gather
from shop_agent.prestashop.fitting import fit_display
from shop_agent.prestashop.versions import ShopVersion, capabilities
from shop_agent.progress import look

#: What is asked of a resource, by the handle that stands for it.
_ASKED: Mapping[str, tuple[str, Sequence[str]]] = {
    "light_fields": ("orders", gather.LIGHT),
    "order_fields": ("orders", (*gather.ORDER, "id_shop")),
    "detail_fields": ("order_details", gather.DETAIL),
    "payment_fields": ("order_payments", gather.PAYMENT),
    "voucher_fields": ("order_cart_rules", gather.CART_RULE),
    "history_fields": ("order_histories", gather.HISTORY),
    "message_fields": ("messages", gather.MESSAGE),
    "slip_fields": ("order_slip", gather.SLIP),
    "customer_fields": ("customers", gather.CUSTOMER),
    "address_fields": ("addresses", gather.ADDRESS),
    "parcel_fields": ("order_carriers", look.ROW),
    "line_fields": ("order_histories", look.LINE),
}


def words(version: str) -> Mapping[str, str]:
    """Return the handles that a version's words are known by, with what they stand for."""
    parsed = ShopVersion.parse(version)
    if parsed is None:
        raise ValueError(version)
    able = capabilities(parsed)
    lacks_vouchers = "id" in able.lacks("order_cart_rules")
    vouchers = "order_discounts" if lacks_vouchers else "order_cart_rules"
    # The same resource under its older name.
    renamed = {"order_cart_rules": vouchers}
    fields = {
        handle: ",".join(fit_display(renamed.get(resource, resource), display, able))
        for handle, (resource, display) in _ASKED.items()
    }
    old = version.startswith("1.6.")
    return {**fields, "vouchers": vouchers, "wire": "bankwire" if old else "ps_wirepayment"}
