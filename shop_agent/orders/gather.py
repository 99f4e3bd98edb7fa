"""All that the documents of some orders are made of, one request per resource for all of them.

Rules: a field or resource that this version of PrestaShop does not have is empty (the room
`prestashop` does not ask for it); codes of the shop's own country and currency are known and not
asked again; an address or carrier that lists leave out (it was changed since) is asked for by its
id.

    bundles = gather(shop, profile, [12, 15])
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop_agent.orders.bundles import OrderBundle, light_order, row_number
from shop_agent.orders.persons import Person, read_persons
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.resource_types import names
from shop_agent.profile import Profile

_ROWS = "order_rows[id,product_id,product_attribute_id,product_quantity]"
#: What `light_order` needs.
LIGHT = (*names("id reference current_state date_add date_upd"), _ROWS)
ORDER = (
    *names(
        "id reference id_address_delivery id_address_invoice id_cart id_currency id_customer "
        "id_carrier conversion_rate current_state module payment date_add date_upd note "
        "gift_message total_products total_products_wt total_shipping_tax_excl "
        "total_shipping_tax_incl carrier_tax_rate "
        "total_wrapping_tax_excl total_wrapping_tax_incl total_discounts_tax_excl "
        "total_discounts_tax_incl total_paid_tax_excl total_paid_tax_incl total_paid_real"
    ),
    _ROWS,
)
DETAIL = names(
    "id id_order product_id product_attribute_id product_reference product_ean13 product_name "
    "product_quantity product_quantity_refunded unit_price_tax_excl unit_price_tax_incl "
    "total_price_tax_excl total_price_tax_incl original_product_price reduction_percent "
    "reduction_amount_tax_excl reduction_amount_tax_incl ecotax taxes[id]"
)
PAYMENT = names("id order_reference amount payment_method transaction_id date_add")
CART_RULE = names("id id_order name value value_tax_excl free_shipping deleted")
HISTORY = names("id id_order id_order_state date_add")
MESSAGE = names("id id_order message private")
SLIP = names(
    "id id_order total_products_tax_excl total_products_tax_incl total_shipping_tax_excl "
    "total_shipping_tax_incl amount shipping_cost_amount date_add "
    "order_slip_details[id,id_order_detail,product_quantity,amount_tax_excl,amount_tax_incl]"
)
#: Never `passwd`, `secure_key` or `birthday`.
CUSTOMER = names(
    "id email firstname lastname company is_guest id_lang active deleted date_add date_upd"
)
ADDRESS = names(
    "id id_customer id_country company firstname lastname address1 address2 postcode city phone "
    "phone_mobile vat_number other"
)

_ByOrder = Mapping[str, tuple[Entity, ...]]


@dataclass(frozen=True)
class _Related:
    """What some orders name, by what they name it with."""

    details: _ByOrder
    payments: _ByOrder
    cart_rules: _ByOrder
    histories: _ByOrder
    messages: _ByOrder
    slips: _ByOrder
    customers: Mapping[int, Entity]
    persons: Mapping[int, Person]
    addresses: Mapping[int, Entity]
    carriers: Mapping[int, Entity]
    currencies: Mapping[int, str]
    countries: Mapping[int, str]
    tax_rates: Mapping[int, Decimal]


def gather(shop: Webservice, profile: Profile, ids: Sequence[int]) -> tuple[OrderBundle, ...]:
    """Return these orders with all that belongs to them, by id; those that are gone are left out.

    Args:
        shop: The webservice.
        profile: The shop; orders of another one of the same installation are left out.
        ids: Order ids, at most about a hundred.
    """
    found = _find(shop, "orders", "id", ids, (*ORDER, "id_shop"))
    orders = [order for order in found if order.whole("id_shop") == profile.shop_id]
    if not orders:
        return ()
    related = _related(shop, profile, orders)
    return tuple(_bundle(order, related, profile) for order in orders)


def _related(shop: Webservice, profile: Profile, orders: Sequence[Entity]) -> _Related:
    ids = [order.id for order in orders]
    references = [order.text("reference") for order in orders]
    details = _by(shop, "order_details", "id_order", ids, DETAIL)
    address_ids = _ids(orders, "id_address_delivery", "id_address_invoice")
    addresses = _known(shop, "addresses", address_ids, ADDRESS)
    customers = _find(shop, "customers", "id", _ids(orders, "id_customer"), CUSTOMER)
    return _Related(
        details=details,
        payments=_by(shop, "order_payments", "order_reference", references, PAYMENT),
        cart_rules=_by(shop, _vouchers(shop), "id_order", ids, CART_RULE),
        histories=_by(shop, "order_histories", "id_order", ids, HISTORY),
        messages=_by(shop, "messages", "id_order", ids, MESSAGE),
        slips=_by(shop, "order_slip", "id_order", ids, SLIP),
        customers={customer.id: customer for customer in customers},
        persons=read_persons(shop, profile, customers),
        addresses=addresses,
        carriers=_known(shop, "carriers", _ids(orders, "id_carrier"), ("id", "name")),
        currencies=_currencies(shop, profile, orders),
        countries=country_codes(shop, profile, addresses.values()),
        tax_rates=_tax_rates(shop, details),
    )


def _vouchers(shop: Webservice) -> str:
    """Return what this version calls the vouchers of an order."""
    return "order_cart_rules" if "id" in shop.lacks("order_discounts") else "order_discounts"


def _bundle(order: Entity, related: _Related, profile: Profile) -> OrderBundle:
    named = str(order.id)
    person = related.persons.get(order.whole("id_customer"))
    carrier = related.carriers.get(order.whole("id_carrier"))
    return OrderBundle(
        light=light_order(order, profile),
        order=order,
        currency=related.currencies.get(order.whole("id_currency"), ""),
        details=related.details.get(named, ()),
        payments=related.payments.get(order.text("reference"), ()),
        cart_rules=related.cart_rules.get(named, ()),
        histories=related.histories.get(named, ()),
        messages=related.messages.get(named, ()),
        slips=related.slips.get(named, ()),
        customer=related.customers.get(order.whole("id_customer")),
        person=person.id if person else 0,
        delivery=related.addresses.get(order.whole("id_address_delivery")),
        invoice=related.addresses.get(order.whole("id_address_invoice")),
        carrier=carrier.text("name") if carrier is not None else "",
        countries=related.countries,
        tax_rates=related.tax_rates,
    )


def country_codes(
    shop: Webservice, profile: Profile, addresses: Iterable[Entity]
) -> dict[int, str]:
    """Return the ISO code of each country that these addresses name, by its id."""
    known = {int(profile.settings["PS_COUNTRY_DEFAULT"]): profile.country}
    return _iso_codes(shop, "countries", _ids(addresses, "id_country"), known)


def _currencies(shop: Webservice, profile: Profile, orders: Sequence[Entity]) -> dict[int, str]:
    known = {int(profile.settings["PS_CURRENCY_DEFAULT"]): profile.currency}
    return _iso_codes(shop, "currencies", _ids(orders, "id_currency"), known)


def _iso_codes(
    shop: Webservice, resource: str, wanted: Collection[int], known: Mapping[int, str]
) -> dict[int, str]:
    asked = _known(shop, resource, sorted(set(wanted) - set(known)), ("id", "iso_code"))
    return {**known, **{one_id: one.text("iso_code").upper() for one_id, one in asked.items()}}


def _tax_rates(shop: Webservice, details: _ByOrder) -> dict[int, Decimal]:
    wanted = {
        row_number(row, "id", detail)
        for group in details.values()
        for detail in group
        for row in detail.associations.get("taxes", ())
    }
    taxes = _find(shop, "taxes", "id", sorted(wanted), ("id", "rate"))
    return {tax.id: tax.number("rate") for tax in taxes}


def _ids(entities: Iterable[Entity], *fields: str) -> list[int]:
    """Return the ids that these fields name, each once, rising, without 0."""
    return sorted({one.whole(name) for one in entities for name in fields} - {0})


def _known(
    shop: Webservice, resource: str, ids: Sequence[int], display: Sequence[str]
) -> dict[int, Entity]:
    """Return these entities by id; one that lists leave out is asked for alone."""
    found = {one.id: one for one in _find(shop, resource, "id", ids, display)}
    for entity_id in ids:
        if entity_id not in found:
            alone = shop.get(resource, entity_id)
            if alone is not None:
                found[entity_id] = alone
    return found


def _by(
    shop: Webservice,
    resource: str,
    field: str,
    values: Sequence[int | str],
    display: Sequence[str],
) -> _ByOrder:
    """Return a resource's entities grouped by the order that they name."""
    groups: dict[str, list[Entity]] = {}
    for entity in _find(shop, resource, field, values, display):
        groups.setdefault(entity.text(field), []).append(entity)
    return {name: tuple(group) for name, group in groups.items()}


def _find(
    shop: Webservice,
    resource: str,
    field: str,
    values: Sequence[int | str],
    display: Sequence[str],
) -> tuple[Entity, ...]:
    """Return the entities that name one of these values; no request without any."""
    return shop.find_any(resource, field, values, display=display) if values else ()
