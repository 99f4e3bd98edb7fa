"""What the till is told: an order as one whole document, a customer, the shop itself. Pure.

Rules: figures, words and local times are the shop's, to the letter; nothing is corrected, a sum
that does not add up is shown as it is (`totals_gap`). Nobody's password, secure key or birthday is
read, let alone sent. The same order read twice gives the same document, and so the same revision.

    document = order_document(bundle, profile, replica.stock_key)
    revision(document)         # 64 hex
    totals_gap(document)       # Decimal("0.00")
"""

import re
from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal

from pydantic import ValidationError

from protocol.errors import RefusedItemError, Text
from protocol.money import CENT
from protocol.records import (
    Customer,
    Discount,
    Order,
    OrderLine,
    OrderState,
    Payment,
    ShopProfile,
    StateChange,
    TaxGroup,
    Totals,
    content_hash,
)
from shop_agent.orders.bundles import CustomerBundle, OrderBundle, row_number
from shop_agent.orders.pieces import (
    StockKeyOf,
    address,
    amount,
    amount_if,
    line,
    moment,
    order_line,
    refund,
    tax_rate,
)
from shop_agent.orders.roles import role_of
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile

_LONGEST_PROSE = 500_000
_CURRENCY = re.compile(r"[A-Z]{3}")


class OrderUnreadableError(RefusedItemError):
    """The shop holds an order or customer that cannot be told to a till; its stock stays kept."""

    code = "E-ORD-002"
    what = Text(
        "Fiche de la boutique inutilisable ({reason})", "Unusable entry of the shop ({reason})"
    )
    remedy = Text(
        "L'ouvrir dans PrestaShop et corriger ; pour une commande, la saisir à la main à la caisse "
        "si elle presse",
        "Open it in PrestaShop and correct it; an urgent order can be entered at the till by hand",
    )


def order_document(
    bundle: OrderBundle, profile: Profile, stock_key_of: StockKeyOf, dead: Collection[int] = ()
) -> Order:
    """Return an order as it travels.

    Args:
        bundle: All that was read of it.
        profile: The shop.
        stock_key_of: The till's stock key of a product and combination, or None.
        dead: States that the merchant counts as never to be served.

    Raises:
        OrderUnreadableError: something in it has no place in the protocol.
    """
    order = bundle.order
    try:
        return Order(
            key=bundle.light.uid,
            shop_id=order.id,
            reference=line(order, "reference"),
            placed_at=order.text("date_add"),
            timezone=profile.timezone,
            currency=_currency(bundle),
            state=order_state(order.whole("current_state"), profile, dead),
            history=tuple(_changes(bundle.histories)),
            customer=_customer_of(bundle, profile),
            delivery=address(bundle.delivery, bundle.countries),
            invoice=address(bundle.invoice, bundle.countries),
            carrier=bundle.carrier,
            payment_module=line(order, "module"),
            payment_method=line(order, "payment"),
            payments=tuple(_payment(payment) for payment in _by_id(bundle.payments)),
            lines=tuple(_lines(bundle, profile, stock_key_of)),
            discounts=tuple(_discounts(bundle.cart_rules)),
            totals=_totals(order, profile),
            note=_note(bundle),
            gift_message=_prose(order, "gift_message"),
            refunds=tuple(refund(slip) for slip in _by_id(bundle.slips)) or None,
            cart=int(amount_if(order, "id_cart")) or None,
            conversion_rate=_conversion(bundle, profile),
        )
    except ValidationError as error:
        raise _unreadable(order, error) from error


def customer_document(bundle: CustomerBundle, profile: Profile) -> Customer:
    """Return a customer as they travel.

    Raises:
        OrderUnreadableError: something in it has no place in the protocol.
    """
    try:
        found = _customer(bundle.customer, profile, bundle.person)
    except ValidationError as error:
        raise _unreadable(bundle.customer, error) from error
    if bundle.address is None:
        return found
    return found.model_copy(update={"address": address(bundle.address, bundle.countries)})


def shop_profile_record(profile: Profile, dead: Collection[int] = ()) -> ShopProfile:
    """Return what the till's side needs to know of the shop."""
    return ShopProfile(
        version=profile.version,
        instance=profile.instance,
        url=profile.url,
        name=profile.name,
        timezone=profile.timezone,
        currency=profile.currency,
        languages=tuple(profile.languages.values()),
        tax_groups=tuple(
            TaxGroup(id=group, name=profile.tax_names.get(group, ""), rate=rate)
            for rate, group in sorted(profile.tax_groups.items())
        ),
        states=tuple(order_state(state, profile, dead) for state in sorted(profile.states)),
    )


def order_state(state: int, profile: Profile, dead: Collection[int] = ()) -> OrderState:
    """Return an order state with what it means here."""
    flags = profile.states.get(state)
    name = flags.name[:1000] if flags else ""
    return OrderState(id=state, role=role_of(state, profile, dead), name=name)


def revision(order: Order) -> str:
    """Return the SHA-256 that names this very content of an order, 64 hex."""
    return content_hash(order)


def totals_gap(order: Order) -> Decimal:
    """Return lines + shipping + wrapping − discounts − what is to be paid, with tax, in cents.

    0 for an order that adds up; what it is otherwise, a person should know.
    """
    totals = order.totals
    lines = sum((one.total_tax_included for one in order.lines), Decimal(0))
    extras = totals.shipping_tax_included + totals.wrapping_tax_included
    gap = lines + extras - totals.discounts_tax_included - totals.paid_tax_included
    return gap.quantize(CENT, rounding=ROUND_HALF_UP)


def _unreadable(entity: Entity, error: ValidationError) -> OrderUnreadableError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return OrderUnreadableError(place=entity.place, reason=f"{where}: {first['msg']}")


def _currency(bundle: OrderBundle) -> str:
    if not _CURRENCY.fullmatch(bundle.currency):
        raise OrderUnreadableError(
            place=bundle.order.place, value=bundle.order.text("id_currency"), reason="id_currency"
        )
    return bundle.currency


def _conversion(bundle: OrderBundle, profile: Profile) -> Decimal | None:
    if bundle.currency == profile.currency:
        return None
    return amount_if(bundle.order, "conversion_rate") or None


def _by_id(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: entity.id)


def _changes(histories: Iterable[Entity]) -> Iterable[StateChange]:
    for history in _by_id(histories):
        at = moment(history, "date_add")
        if at is not None:
            yield StateChange(state=history.whole("id_order_state"), at=at)


def _customer_of(bundle: OrderBundle, profile: Profile) -> Customer:
    """Return an order's customer; of one that the shop has lost, what its address says."""
    if bundle.customer is not None:
        return _customer(bundle.customer, profile, bundle.person)
    shop_id = bundle.order.whole("id_customer")
    known = bundle.invoice or bundle.delivery
    return Customer(
        key=_customer_key(profile, shop_id),
        shop_id=shop_id,
        email="",
        first_name=line(known, "firstname") if known else "",
        last_name=line(known, "lastname") if known else "",
        company=line(known, "company") if known else "",
    )


def _customer(entity: Entity, profile: Profile, person: int) -> Customer:
    number = person or entity.id
    return Customer(
        key=_customer_key(profile, number),
        shop_id=number,
        email=line(entity, "email"),
        first_name=line(entity, "firstname"),
        last_name=line(entity, "lastname"),
        company=line(entity, "company"),
        guest=entity.flag("is_guest"),
        language=profile.languages.get(entity.whole("id_lang")),
        created_at=moment(entity, "date_add"),
    )


def _customer_key(profile: Profile, shop_id: int) -> str:
    return f"{profile.instance[:160]}/customer/{shop_id}"


def _payment(entity: Entity) -> Payment:
    return Payment(
        method=line(entity, "payment_method"),
        amount=amount(entity, "amount"),
        transaction=line(entity, "transaction_id"),
        paid_at=moment(entity, "date_add"),
    )


def _lines(bundle: OrderBundle, profile: Profile, stock_key_of: StockKeyOf) -> Iterable[OrderLine]:
    credited = _credited(bundle.slips)
    for detail in _by_id(bundle.details):
        yield order_line(
            detail,
            credited=credited.get(detail.id, 0),
            stock_key_of=stock_key_of,
            tax_rates=bundle.tax_rates,
            known_rates=profile.tax_groups,
        )


def _credited(slips: Iterable[Entity]) -> dict[int, int]:
    """Return the units on credit slips, by order_detail id."""
    units: dict[int, int] = {}
    for slip in slips:
        for row in slip.associations.get("order_slip_details", ()):
            detail = row_number(row, "id_order_detail", slip)
            units[detail] = units.get(detail, 0) + row_number(row, "product_quantity", slip)
    return units


def _discounts(cart_rules: Iterable[Entity]) -> Iterable[Discount]:
    for rule in _by_id(cart_rules):
        if line(rule, "deleted") not in ("", "0"):
            continue
        yield Discount(
            name=line(rule, "name"),
            amount_tax_included=amount(rule, "value"),
            amount_tax_excluded=amount(rule, "value_tax_excl"),
            free_shipping=rule.flag("free_shipping"),
        )


def _totals(order: Entity, profile: Profile) -> Totals:
    return Totals(
        products_tax_excluded=amount(order, "total_products"),
        products_tax_included=amount(order, "total_products_wt"),
        shipping_tax_excluded=amount(order, "total_shipping_tax_excl"),
        shipping_tax_included=amount(order, "total_shipping_tax_incl"),
        shipping_tax_rate=_shipping_rate(order, profile),
        wrapping_tax_excluded=amount(order, "total_wrapping_tax_excl"),
        wrapping_tax_included=amount(order, "total_wrapping_tax_incl"),
        discounts_tax_excluded=amount(order, "total_discounts_tax_excl"),
        discounts_tax_included=amount(order, "total_discounts_tax_incl"),
        paid_tax_excluded=amount(order, "total_paid_tax_excl"),
        paid_tax_included=amount(order, "total_paid_tax_incl"),
        paid_real=amount(order, "total_paid_real"),
        wrapping_tax_rate=tax_rate(
            order.number("total_wrapping_tax_excl"),
            order.number("total_wrapping_tax_incl"),
            profile.tax_groups,
        ),
    )


def _shipping_rate(order: Entity, profile: Profile) -> Decimal:
    """Return the carrier's tax rate; PrestaShop may say 0 beside amounts that differ."""
    said = amount(order, "carrier_tax_rate")
    if said:
        return said
    excluded = order.number("total_shipping_tax_excl")
    included = order.number("total_shipping_tax_incl")
    return tax_rate(excluded, included, profile.tax_groups) or Decimal(0)


def _note(bundle: OrderBundle) -> str:
    """Return what the customer wrote, then what the shop's staff noted, with a line between."""
    words = [
        _prose(message, "message")
        for message in _by_id(bundle.messages)
        if not message.flag("private")
    ]
    words.append(_prose(bundle.order, "note"))
    return "\n\n".join(word for word in words if word)[:_LONGEST_PROSE]


def _prose(entity: Entity, name: str) -> str:
    value = entity.fields.get(name, "")
    return value.strip()[:_LONGEST_PROSE] if isinstance(value, str) else ""
