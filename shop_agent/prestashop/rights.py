"""What the webservice key may do, and what the shop's clock says: for `doctor`.

`GET /api/` lists each resource that the key may use, with one attribute per verb. Before PrestaShop
8 there is no PATCH there: what is changed needs PUT instead; and no box of a resource that the
version lacks is asked for.

    rights = read_rights(shop)
    missing(rights, shop.version)       # (("orders", "GET"), …): the boxes to tick
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import requests

from shop_agent.prestashop.answers import Verb
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.versions import NEWEST, ShopVersion, capabilities
from shop_agent.prestashop.xml import ANSWER_LIMIT, parse_document

Rights = Mapping[str, frozenset[Verb]]
#: A box to be ticked; CHANGE is PATCH or PUT, as the version knows it.
_Need = Literal["GET", "POST", "PUT", "CHANGE", "DELETE"]

_VERBS: tuple[Verb, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_READ: tuple[_Need, ...] = ("GET",)
_WRITE: tuple[_Need, ...] = ("GET", "POST", "CHANGE")
_OWN: tuple[_Need, ...] = ("GET", "POST", "CHANGE", "DELETE")
#: What the agent does with each resource.
_NEEDS: Mapping[str, tuple[_Need, ...]] = {
    "addresses": _READ,
    "carriers": _READ,
    "categories": _WRITE,
    "combinations": _WRITE,
    "configurations": ("GET", "PUT"),
    "countries": _READ,
    "currencies": _READ,
    "customers": _READ,
    "groups": _READ,
    "images": ("GET", "POST", "PUT", "DELETE"),
    "languages": _READ,
    "manufacturers": _WRITE,
    "messages": _READ,
    "order_carriers": ("GET", "CHANGE"),
    "order_cart_rules": _READ,
    "order_details": _READ,
    "order_discounts": _READ,
    "order_histories": ("GET", "POST"),
    "order_payments": _READ,
    "order_slip": _READ,
    "order_states": _READ,
    "orders": _READ,
    "product_feature_values": _WRITE,
    "product_features": _WRITE,
    "product_option_values": _WRITE,
    "product_options": _WRITE,
    "product_suppliers": _OWN,
    "products": _WRITE,
    "shops": _READ,
    "specific_prices": _OWN,
    "stock_availables": ("GET", "CHANGE"),
    "suppliers": _WRITE,
    "tax_rule_groups": _READ,
    "tax_rules": _READ,
    "taxes": _READ,
}


def needed(version: ShopVersion | None) -> Mapping[str, tuple[Verb, ...]]:
    """Return what the key must allow on this version, as the boxes of PrestaShop's key page."""
    able = NEWEST if version is None else capabilities(version)
    return {
        resource: tuple(
            need if need != "CHANGE" else "PUT" if able.rewrites(resource) else "PATCH"
            for need in needs
        )
        for resource, needs in _NEEDS.items()
        if "id" not in able.lacks(resource)
    }


#: What the newest version asks for.
NEEDED = needed(None)


def read_rights(shop: Webservice) -> Rights:
    """Return the verbs that the key may use, by resource.

    Raises:
        ComptoirError: As every question to the shop; the shop's version is known afterwards.
    """
    answer = shop.ask("GET", "", "", place="/api/")
    root = parse_document(answer.body, "/api/", ANSWER_LIMIT)
    return {
        str(node.tag): frozenset(verb for verb in _VERBS if node.get(verb.lower()) == "true")
        for api in root.iter("api")
        for node in api
    }


def missing(rights: Rights, version: ShopVersion | None = None) -> tuple[tuple[str, Verb], ...]:
    """Return the boxes that are still to be ticked, as (resource, verb), in order of resource."""
    return tuple(
        (resource, verb)
        for resource, verbs in sorted(needed(version).items())
        for verb in verbs
        if verb not in rights.get(resource, frozenset())
    )


def read_clock(session: requests.Session, url: str, timeout: float) -> datetime | None:
    """Return the time that the shop's web server tells, UTC, or None; no key is sent."""
    try:
        with session.get(
            url, timeout=timeout, allow_redirects=False, stream=True, auth=_no_auth
        ) as answer:
            told = answer.headers.get("Date")
        return parsedate_to_datetime(told).astimezone(UTC) if told else None
    except (requests.RequestException, ValueError):
        return None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send nothing found in a .netrc file."""
    return request
