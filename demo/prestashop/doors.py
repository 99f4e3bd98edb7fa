"""The simulator's own door, `POST /_backoffice/...`: no PrestaShop has it.

It lets a demo in another process do what people do in a shop, and plan accidents. Bodies and
answers are JSON; the webservice key is asked for.

    POST /_backoffice/place_order      {"customer_email": "a@b.fr", "lines": [[1, 0, 2]]}
    POST /_backoffice/fail_next        {"kind": "delay", "seconds": 2}
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from demo.prestashop import access
from demo.prestashop.answers import Answer, Request
from demo.prestashop.shop import Shop
from protocol.errors import ComptoirError

DOOR = "/_backoffice/"
Act = Callable[[Shop, Mapping[str, Any]], object]


def _place_order(shop: Shop, said: Mapping[str, Any]) -> object:
    asked = dict(said)
    lines = [(int(one[0]), int(one[1]), int(one[2])) for one in asked.pop("lines")]
    paid = asked.pop("paid", None)
    money = None if paid is None else Decimal(str(paid))
    return {"id_order": shop.place_order(asked.pop("customer_email"), lines, paid=money, **asked)}


def _set_state(shop: Shop, said: Mapping[str, Any]) -> object:
    return {"id_order_history": shop.set_state(int(said["id_order"]), int(said["id_state"]))}


def _register_customer(shop: Shop, said: Mapping[str, Any]) -> object:
    return {"id_customer": shop.register_customer(**said)}


def _set_stock(shop: Shop, said: Mapping[str, Any]) -> object:
    shop.set_stock(
        int(said["id_product"]), int(said["id_product_attribute"]), int(said["quantity"])
    )
    return {}


def _execute(shop: Shop, said: Mapping[str, Any]) -> object:
    return {"id": shop.execute(said["sql"], *said.get("parameters", []))}


def _query(shop: Shop, said: Mapping[str, Any]) -> object:
    return {"rows": shop.query(said["sql"], *said.get("parameters", []))}


def _fail_next(shop: Shop, said: Mapping[str, Any]) -> object:
    shop.fail_next(**said)
    return {}


def _clear_faults(shop: Shop, said: Mapping[str, Any]) -> object:
    shop.faults.clear()
    return {}


def _requests(shop: Shop, said: Mapping[str, Any]) -> object:
    entries = [[one.method, one.path, one.status] for one in shop.requests()]
    if said.get("clear"):
        shop.clear_requests()
    return {"requests": entries}


ACTS: Mapping[str, Act] = {
    "place_order": _place_order,
    "set_state": _set_state,
    "register_customer": _register_customer,
    "set_stock": _set_stock,
    "execute": _execute,
    "query": _query,
    "fail_next": _fail_next,
    "clear_faults": _clear_faults,
    "requests": _requests,
}


def open_door(shop: Shop, request: Request) -> Answer:
    """Carry out an act of the back office that came over HTTP."""
    if access.find_key(request) != shop.key:
        return _json(401, {"error": "key"})
    act = ACTS.get(request.path.removeprefix(DOOR))
    if act is None or request.method != "POST":
        return _json(404, {"error": "unknown act", "acts": sorted(ACTS)})
    try:
        return _json(200, act(shop, json.loads(request.body or b"{}")))
    except ComptoirError as error:
        return _json(400, {"error": error.code, "said": str(error)})
    except (KeyError, TypeError, ValueError, json.JSONDecodeError) as error:
        return _json(400, {"error": "body", "said": repr(error)})


def _json(status: int, tree: object) -> Answer:
    return Answer(status, json.dumps(tree, ensure_ascii=False).encode(), "application/json")
