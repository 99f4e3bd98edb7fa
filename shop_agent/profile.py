"""What the agent must know of a shop before it can plan: languages, taxes, states, home.

Read with about ten requests, then kept as text until the next full pass. Only the settings that we
use are asked for, by name: a shop's configuration also holds passwords. A shop's own value of a
setting wins over its group's, and that over the common one.

    profile = read_profile(webservice, "https://shop.example")
    profile.tax_groups[Decimal("5.5")]      # a tax rules group's id
    kept = dump(profile)                    # load(kept) == profile
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from protocol.errors import NeedsPersonError, Text
from protocol.money import format_decimal
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.query import one_of

#: The settings that say what an order state means.
STATE_SETTINGS = (
    "PS_OS_BANKWIRE", "PS_OS_CANCELED", "PS_OS_CHEQUE", "PS_OS_COD_VALIDATION", "PS_OS_DELIVERED",
    "PS_OS_ERROR", "PS_OS_OUTOFSTOCK", "PS_OS_OUTOFSTOCK_PAID", "PS_OS_OUTOFSTOCK_UNPAID",
    "PS_OS_PAYMENT", "PS_OS_PAYPAL", "PS_OS_PREPARATION", "PS_OS_REFUND", "PS_OS_SHIPPING",
    "PS_OS_WS_PAYMENT",
)  # fmt: skip
#: The other settings that are read; `Profile.settings` holds those that the shop has.
SETTINGS = (
    *STATE_SETTINGS,
    "PS_COUNTRY_DEFAULT", "PS_CURRENCY_DEFAULT", "PS_DIMENSION_UNIT", "PS_DISP_UNAVAILABLE_ATTR",
    "PS_ECOTAX_TAX_RULES_GROUP_ID", "PS_HOME_CATEGORY", "PS_LANG_DEFAULT",
    "PS_LIMIT_UPLOAD_IMAGE_VALUE", "PS_ORDER_OUT_OF_STOCK", "PS_PACK_STOCK_TYPE",
    "PS_PRICE_ROUND_MODE", "PS_PRODUCT_SHORT_DESC_LIMIT", "PS_ROUND_TYPE", "PS_SHOP_DEFAULT",
    "PS_SHOP_DOMAIN", "PS_SHOP_NAME", "PS_STOCK_MANAGEMENT", "PS_TAX", "PS_TIMEZONE",
    "PS_USE_ECOTAX", "PS_VERSION_DB", "PS_WEIGHT_UNIT",
)  # fmt: skip


class ShopIncompleteError(NeedsPersonError):
    """The shop does not say something that nothing can be planned without."""

    code = "E-ORD-003"
    what = Text("La boutique ne dit pas : {missing}", "The shop does not say: {missing}")
    remedy = Text(
        "Dans PrestaShop, régler {missing}, et vérifier que la clé du webservice peut lire "
        "« {resource} »",
        "In PrestaShop, set {missing}, and check that the webservice key may read {resource}",
    )


@dataclass(frozen=True)
class StateFlags:
    """One order state of the shop.

    Args:
        id: Its id.
        name: In the shop's default language.
        paid: Counts as paid.
        shipped: Counts as shipped.
        delivery: Shows a delivery slip (preparing).
        logable: Counts as a sale.
        deleted: No longer offered.
        module_name: The module that brought it, or empty.
    """

    id: int
    name: str
    paid: bool
    shipped: bool
    delivery: bool
    logable: bool
    deleted: bool
    module_name: str


@dataclass(frozen=True)
class Profile:
    """A shop, as far as planning needs it.

    Args:
        version: PrestaShop's, e.g. `8.2.1`.
        instance: Names this shop in order uids: host, path and shop id.
        url: Where it is.
        name: Its name.
        timezone: E.g. `Europe/Paris`.
        currency: ISO code of the default currency.
        languages: ISO code by language id, active ones, the default first.
        home_category: The category that the till's rayons go under.
        country: ISO code of the default country.
        tax_groups: Tax rules group id by rate in percent, for the default country.
        tax_names: Group id to its name.
        states: Order states by id.
        settings: `PS_…` configuration values by name.
        shop_id: `id_shop`.
        group_id: `id_shop_group` of its stock rows.
        ecotax_rate: Percent of tax on the ecotax; None when the shop does not add the ecotax.
        groups: Names of the customer groups in every language, by id.
    """

    version: str
    instance: str
    url: str
    name: str
    timezone: str
    currency: str
    languages: Mapping[int, str]
    home_category: int
    country: str
    tax_groups: Mapping[Decimal, int]
    tax_names: Mapping[int, str]
    states: Mapping[int, StateFlags]
    settings: Mapping[str, str]
    shop_id: int = 1
    group_id: int = 0
    ecotax_rate: Decimal | None = None
    groups: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


_ADAPTER = TypeAdapter(Profile)


def dump(profile: Profile) -> str:
    """Return a profile as JSON text, to be kept between passes."""
    return _ADAPTER.dump_json(profile).decode()


def load(text: str) -> Profile | None:
    """Return the profile that `dump` wrote; None when another version of the agent did."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError:
        return None


def instance_of(url: str, shop_id: int) -> str:
    """Return the name of a shop in order uids; `http` or `https` makes no difference."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    path = parts.path.rstrip("/").removesuffix("/api")
    return f"{parts.netloc.rpartition('@')[2].lower()}{path}/{shop_id}"


def read_profile(
    shop: Webservice, url: str, *, shop_id: int | None = None, instance: str | None = None
) -> Profile:
    """Return what the shop says of itself.

    Args:
        shop: Its webservice.
        url: Its address, as configured.
        shop_id: Which shop of a multishop; None for its default one.
        instance: The name given at pairing. It must be kept: with another one, every order would
            be another order. None to make it.

    Raises:
        ShopIncompleteError: it has no such shop, default language, currency, country or timezone.
    """
    rows = shop.find_any(
        "configurations", "name", SETTINGS, display=("name", "value", "id_shop_group", "id_shop")
    )
    ours = _our_shop(shop, shop_id or int(_settings(rows, 0, 0).get("PS_SHOP_DEFAULT") or 0))
    settings = _settings(rows, ours.id, ours.whole("id_shop_group"))
    languages = _languages(shop, _setting_id(settings, "PS_LANG_DEFAULT"))
    country_id = _setting_id(settings, "PS_COUNTRY_DEFAULT")
    groups = shop.find("tax_rule_groups", display=("name", "active", "deleted"))
    rates = _group_rates(shop, groups, country_id)
    return Profile(
        version=str(shop.version or settings.get("PS_VERSION_DB", "")),
        instance=instance or instance_of(url, ours.id),
        url=url,
        name=settings.get("PS_SHOP_NAME") or ours.text("name"),
        timezone=_setting(settings, "PS_TIMEZONE"),
        currency=_iso_code(shop, "currencies", _setting_id(settings, "PS_CURRENCY_DEFAULT")),
        languages=languages,
        home_category=ours.whole("id_category") or _setting_id(settings, "PS_HOME_CATEGORY"),
        country=_iso_code(shop, "countries", country_id),
        tax_groups=_tax_groups(groups, rates),
        tax_names={group.id: group.text("name") for group in groups},
        states=_states(shop, next(iter(languages))),
        settings=settings,
        shop_id=ours.id,
        group_id=_stock_group(shop, ours),
        ecotax_rate=_ecotax_rate(settings, rates),
        groups=_customer_groups(shop),
    )


def _our_shop(shop: Webservice, wanted: int) -> Entity:
    shops = shop.find("shops", display=("id_shop_group", "id_category", "name", "deleted"))
    living = [one for one in shops if not one.flag("deleted")]
    chosen = [one for one in living if one.id == wanted] or (living if not wanted else [])
    if not chosen:
        raise ShopIncompleteError(missing=f"shop {wanted}", resource="shops")
    return min(chosen, key=lambda one: one.id)


def _settings(rows: Sequence[Entity], shop_id: int, group_id: int) -> dict[str, str]:
    """Return the values that hold for a shop: its own before its group's before the common one."""
    known: dict[str, tuple[int, str]] = {}
    for row in rows:
        of_shop, of_group = row.whole("id_shop"), row.whole("id_shop_group")
        value = row.fields.get("value", "")
        rank = 2 if of_shop else 1 if of_group else 0
        is_ours = of_shop == shop_id if of_shop else of_group in (0, group_id)
        if not is_ours or not isinstance(value, str):
            continue
        name = row.text("name")
        if name not in known or rank > known[name][0]:
            known[name] = (rank, value)
    return {name: value for name, (_, value) in known.items()}


def _setting(settings: Mapping[str, str], name: str) -> str:
    value = settings.get(name, "").strip()
    if not value:
        raise ShopIncompleteError(missing=name, resource="configurations")
    return value


def _setting_id(settings: Mapping[str, str], name: str) -> int:
    value = _setting(settings, name)
    if not value.isascii() or not value.isdigit():
        raise ShopIncompleteError(value=value, missing=name, resource="configurations")
    return int(value)


def _languages(shop: Webservice, default: int) -> dict[int, str]:
    found = shop.find("languages", display=("iso_code", "active"))
    codes = {one.id: one.text("iso_code").lower() for one in found if one.flag("active")}
    if default not in codes:
        raise ShopIncompleteError(missing="PS_LANG_DEFAULT", resource="languages")
    return {default: codes.pop(default), **codes}


def _iso_code(shop: Webservice, resource: str, entity_id: int) -> str:
    found = shop.find_any(resource, "id", (entity_id,), display=("id", "iso_code"))
    if not found:
        raise ShopIncompleteError(missing=f"{resource} {entity_id}", resource=resource)
    return found[0].text("iso_code").upper()


def _tax_groups(groups: Sequence[Entity], rates: Mapping[int, Decimal]) -> dict[Decimal, int]:
    """Return the group of each rate; of two that have it, the older. Without tax: 0."""
    usable = sorted(one.id for one in groups if one.flag("active") and not one.flag("deleted"))
    found: dict[Decimal, int] = {}
    for group in usable:
        if group in rates:
            found.setdefault(rates[group], group)
    found.setdefault(Decimal(0), 0)
    return found


def _group_rates(shop: Webservice, groups: Sequence[Entity], country: int) -> dict[int, Decimal]:
    """Return the rate of each group that has exactly one in the country.

    A group counts for what it says of the whole country: its rules for a region or a postcode say
    nothing of other customers.
    """
    display = ("id_tax_rules_group", "id_state", "zipcode_from", "zipcode_to", "id_tax")
    rules = [
        rule
        for rule in shop.iter_all("tax_rules", {"id_country": one_of([country])}, display=display)
        if not rule.whole("id_state") and _is_zero(rule.text("zipcode_from"))
    ]
    taxes = {tax.id: tax.number("rate") for tax in shop.iter_all("taxes", display=("id", "rate"))}
    found: dict[int, Decimal] = {}
    for group in groups:
        own = [r.whole("id_tax") for r in rules if r.whole("id_tax_rules_group") == group.id]
        if len(own) == 1 and own[0] in taxes:
            found[group.id] = _plain(taxes[own[0]])
    return found


def _ecotax_rate(settings: Mapping[str, str], rates: Mapping[int, Decimal]) -> Decimal | None:
    """Return the tax on the ecotax; a shop that adds it and names no group adds it untaxed."""
    if settings.get("PS_USE_ECOTAX", "").strip() not in {"1", "true"}:
        return None
    group = settings.get("PS_ECOTAX_TAX_RULES_GROUP_ID", "").strip()
    is_id = group.isascii() and group.isdigit()
    return rates.get(int(group), Decimal(0)) if is_id else Decimal(0)


def _customer_groups(shop: Webservice) -> dict[int, tuple[str, ...]]:
    found = shop.iter_all("groups", display=("id", "name"))
    return {group.id: tuple(dict.fromkeys(_every_text(group, "name"))) for group in found}


def _every_text(entity: Entity, name: str) -> Sequence[str]:
    value = entity.fields.get(name, "")
    return [value] if isinstance(value, str) else list(value.values())


def _is_zero(text: str) -> bool:
    return not text.strip("0 ")


def _plain(rate: Decimal) -> Decimal:
    return Decimal(format_decimal(rate))


def _states(shop: Webservice, language: int) -> dict[int, StateFlags]:
    display = ("name", "paid", "shipped", "delivery", "logable", "deleted", "module_name")
    found = shop.find("order_states", display=display, sort=("id_ASC",))
    return {state.id: _flags(state, language) for state in found}


def _flags(state: Entity, language: int) -> StateFlags:
    names = state.fields.get("name", "")
    name = names if isinstance(names, str) else names.get(language, "")
    return StateFlags(
        id=state.id,
        name=name,
        paid=state.flag("paid"),
        shipped=state.flag("shipped"),
        delivery=state.flag("delivery"),
        logable=state.flag("logable"),
        deleted=state.flag("deleted"),
        module_name=state.text("module_name"),
    )


def _stock_group(shop: Webservice, ours: Entity) -> int:
    """Return the group that shares its stock, or 0 when each shop has its own.

    Shops that share have stock rows of no shop (0) and of their group.
    """
    shared = shop.find(
        "stock_availables",
        {"id_shop": one_of([0]), "id_shop_group": one_of([ours.whole("id_shop_group")])},
        display=("id",),
        limit=1,
    )
    return ours.whole("id_shop_group") if shared else 0
