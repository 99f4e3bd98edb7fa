"""What the webservice key may do, and what the shop's clock says: for `doctor`.

`GET /api/` lists each resource that the key may use, with one attribute per verb. PrestaShop 1.6
and 1.7 have no PATCH there.

    rights = read_rights(shop)
    missing(rights)       # (("orders", "GET"), …): the boxes to tick
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from shop_agent.prestashop.answers import Verb
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.xml import ANSWER_LIMIT, parse_document

Rights = Mapping[str, frozenset[Verb]]

_VERBS: tuple[Verb, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_READ: tuple[Verb, ...] = ("GET",)
_WRITE: tuple[Verb, ...] = ("GET", "POST", "PATCH")
#: What the agent does with each resource, as the boxes of PrestaShop's key page.
NEEDED: Mapping[str, tuple[Verb, ...]] = {
    "addresses": _READ,
    "carriers": _READ,
    "categories": _WRITE,
    "combinations": _WRITE,
    "configurations": _READ,
    "countries": _READ,
    "currencies": _READ,
    "customers": _READ,
    "images": ("GET", "POST", "DELETE"),
    "languages": _READ,
    "manufacturers": _WRITE,
    "messages": _READ,
    "order_cart_rules": _READ,
    "order_details": _READ,
    "order_histories": _READ,
    "order_payments": _READ,
    "order_slip": _READ,
    "order_states": _READ,
    "orders": _READ,
    "product_option_values": _WRITE,
    "product_options": _WRITE,
    "products": _WRITE,
    "shops": _READ,
    "stock_availables": ("GET", "PATCH"),
    "tax_rule_groups": _READ,
    "tax_rules": _READ,
    "taxes": _READ,
}


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


def missing(rights: Rights) -> tuple[tuple[str, Verb], ...]:
    """Return the boxes that are still to be ticked, as (resource, verb), in order of resource."""
    return tuple(
        (resource, verb)
        for resource, verbs in sorted(NEEDED.items())
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
