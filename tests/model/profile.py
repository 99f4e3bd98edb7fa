"""The model shop's settings as its webservice shows them: the states of a fresh shop, one country.

SETTINGS["order_states"]        # entities; every other resource of the model is in `webservice`
"""

from collections.abc import Mapping

from shop_agent.prestashop.entities import Entity
from tests.model import shop as s

URL = "http://model.example"
_NAMED = {
    "PS_OS_CHEQUE": s.CHEQUE, "PS_OS_PAYMENT": s.PAID, "PS_OS_PREPARATION": s.PREPARING,
    "PS_OS_SHIPPING": s.SHIPPED, "PS_OS_DELIVERED": s.DELIVERED, "PS_OS_CANCELED": s.CANCELLED,
    "PS_OS_REFUND": s.REFUNDED, "PS_OS_ERROR": s.ERROR, "PS_OS_OUTOFSTOCK_PAID": s.BACKORDER,
    "PS_OS_OUTOFSTOCK_UNPAID": s.UNPAID_BACKORDER, "PS_OS_BANKWIRE": s.WIRE,
    "PS_OS_COD_VALIDATION": s.ON_DELIVERY, "PS_COUNTRY_DEFAULT": 8, "PS_CURRENCY_DEFAULT": 1,
    "PS_LANG_DEFAULT": 1, "PS_SHOP_DEFAULT": 1, "PS_SHOP_NAME": "Model", "PS_HOME_CATEGORY": 2,
    "PS_TIMEZONE": "Europe/Paris", "PS_PACK_STOCK_TYPE": 2, "PS_ORDER_OUT_OF_STOCK": 0,
    "PS_STOCK_MANAGEMENT": 1, "PS_DISP_UNAVAILABLE_ATTR": 1,
}  # fmt: skip
_FLAGS = ("paid", "shipped", "delivery", "logable", "deleted")


def _entities(resource: str, *rows: Mapping[str, object]) -> list[Entity]:
    return [
        Entity(resource, number, {name: str(value) for name, value in row.items()})
        for number, row in enumerate(rows, 1)
    ]


SETTINGS: Mapping[str, list[Entity]] = {
    "configurations": _entities(
        "configurations",
        *({"name": n, "value": v, "id_shop_group": "", "id_shop": ""} for n, v in _NAMED.items()),
    ),
    "shops": _entities(
        "shops", {"id_shop_group": 1, "id_category": 2, "name": "Model", "deleted": 0}
    ),
    "languages": _entities("languages", {"iso_code": "fr", "active": 1}),
    "currencies": _entities("currencies", {"iso_code": "EUR"}),
    "countries": [Entity("countries", 8, {"iso_code": "FR"})],
    "tax_rule_groups": _entities("tax_rule_groups", {"name": "20 %", "active": 1, "deleted": 0}),
    "tax_rules": _entities(
        "tax_rules",
        {"id_tax_rules_group": 1, "id_country": 8, "id_state": 0, "zipcode_from": 0,
         "zipcode_to": 0, "id_tax": 1},
    ),
    "taxes": _entities("taxes", {"rate": "20"}),
    "groups": [],
    "order_states": [
        Entity(
            "order_states",
            state,
            {"name": f"state {state}", "module_name": "", **dict.fromkeys(_FLAGS, "0")},
        )
        for state in s.STATES
        if state != s.STRANGE
    ],
}  # fmt: skip
