"""Steps: specific prices, and the prices that the shop works out from them."""

import re

from tests.contracts.shop.bodies import Value, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import product

_OPEN = "0000-00-00 00:00:00"
_EVERYBODY: dict[str, Value] = {
    "id_shop": "0", "id_cart": "0", "id_product": "{shoe}", "id_product_attribute": "0",
    "id_currency": "0", "id_country": "0", "id_group": "0", "id_customer": "0", "price": "-1",
    "from_quantity": "1", "reduction": "0.2", "reduction_tax": "1",
    "reduction_type": "percentage", "from": _OPEN, "to": _OPEN,
}  # fmt: skip
_LIST = "specific_prices?filter[id_product]=[{shoe}]&display=full&sort=[id_ASC]"


def discount(changes: dict[str, Value], without: str = "") -> str:
    """Return a specific price of the script's shoe for everybody, with some fields changed."""
    values = {name: one for name, one in (_EVERYBODY | changes).items() if name != without}
    return one("specific_price", values)


def _post(name: str, handle: str, changes: dict[str, Value]) -> Step:
    return Step(f"discount: {name}", "POST", "specific_prices", 201, body=discount(changes),
                makes=(handle,), again=(f"specific_prices/{{{handle}}}", _LIST))  # fmt: skip


def _refused(
    name: str, changes: dict[str, Value], code: int, field: str, without: str = ""
) -> Step:
    return Step(f"discount: {name}", "POST", "specific_prices", 400, codes=(code,), field=field,
                body=discount(changes, without), again=(_LIST,))  # fmt: skip


def shown(query: str, *fields: str) -> str:
    """Return a query with a `display` that shows the prices it asks for, and these fields."""
    names = dict.fromkeys(re.findall(r"(?:^|&)price\[(\w+)\]", query))
    return f"display=[{','.join([*fields, *names])}]&{query}"


def _price(name: str, query: str, what: str = "products/{shoe}") -> Step:
    return Step(f"price: {name}", "GET", f"{what}?{shown(query, 'id', 'price')}", 200)


_TTC = "price[ttc][use_tax]=1&price[ttc][decimals]=6"
COMPUTED = (
    _price("tax included", _TTC),
    _price("tax excluded", "price[ht][use_tax]=0&price[ht][decimals]=6"),
    _price("without decimals", "price[ttc][use_tax]=1"),
    _price("before the discount", f"{_TTC}&price[ttc][use_reduction]=0"),
    _price("the discount only", f"{_TTC}&price[ttc][only_reduction]=1"),
    _price("two at once", f"{_TTC}&price[ht][use_tax]=0&price[ht][decimals]=2"),
    _price("two decimals", "price[ttc][use_tax]=1&price[ttc][decimals]=2"),
    Step("price: no options", "GET", "products/{shoe}?display=[id,price]&price[x]=1", 500),
    _price("of a combination", f"{_TTC}&price[ttc][product_attribute]={{s42}}",
           "products/{sneaker}"),
    _price("asked on the combination", _TTC, "combinations/{s41}"),
    _price("on a list", f"{_TTC}&filter[id]=[{{shoe}}|{{sneaker}}|{{lost}}]", "products"),
    Step("price: its own name shown", "GET",
         f"products?filter[id]=[{{shoe}}]&display=[id,ttc]&{_TTC}", 200),
    Step("price: in full", "GET", f"combinations/{{s41}}?{_TTC}", 200),
)  # fmt: skip

DISCOUNTS = (
    _post("20 percent", "d20", {}),
    Step("discount: the same again", "POST", "specific_prices", 500, body=discount({}),
         again=(_LIST,)),
    *COMPUTED,
    _post("an amount, dated", "damount",
          {"reduction": "3", "reduction_type": "amount", "from": "2020-01-01 00:00:00",
           "to": "2020-02-01 00:00:00"}),
    _price("a discount of the past", _TTC),
    _post("for a group", "dgroup", {"id_group": "3", "reduction": "0.5"}),
    _price("with a group's discount", _TTC),
    _post("from three", "dthree", {"from_quantity": "3", "reduction": "0.3"}),
    _post("a fixed price", "dfixed", {"price": "8", "reduction": "0", "id_shop": "1"}),
    _price("with a fixed price", _TTC),
    _post("date without time", "dday", {"from": "2090-01-01", "to": "2091-01-01"}),
    _post("ends before it begins", "dback",
          {"from": "2095-01-01 00:00:00", "to": "2094-01-01 00:00:00"}),
    _post("more than all", "dhuge", {"id_country": "8", "reduction": "20"}),
    _price("with more than all", _TTC),
    _refused("empty from", {"from": ""}, 85, "from"),
    _refused("no to", {}, 41, "to", without="to"),
    _refused("French date", {"to": "31/12/2026"}, 85, "to"),
    _refused("unknown kind", {"reduction_type": "gift"}, 85, "reduction_type"),
    _refused("reduction 20 %", {"reduction": "20 %"}, 85, "reduction"),
    _refused("no product", {}, 41, "id_product", without="id_product"),
    _refused("negative reduction", {"reduction": "-0.2"}, 85, "reduction"),
    Step("discount: of an unknown product", "POST", "specific_prices", 201, makes=("dlost",),
         body=discount({"id_product": "999999"}), again=("specific_prices/{dlost}",)),
    Step("discount: PATCH", "PATCH", "specific_prices", 200,
         body=one("specific_price", {"id": "{d20}", "reduction": "0.1"}), again=(_LIST,)),
    Step("discount: PATCH into another", "PATCH", "specific_prices", 500,
         body=one("specific_price", {"id": "{dthree}", "from_quantity": "1"}), again=(_LIST,)),
    Step("discount: PUT", "PUT", "specific_prices", 200,
         body=discount({"id": "{dthree}", "from_quantity": "4"}), again=(_LIST,)),
    *(
        Step(f"discount: DELETE {handle}", "DELETE", f"specific_prices/{{{handle}}}", 200)
        for handle in ("dhuge", "dfixed", "dgroup", "dday", "dback", "damount", "dthree")
    ),
    Step("discount: DELETE", "DELETE", "specific_prices/{d20}", 200, again=(_LIST,)),
    _price("without any discount", _TTC),
)  # fmt: skip

_CENTS = ("8.325", "8.333333", "41.583333", "16.625", "0.008333", "1028.8")
CENTS = tuple(
    step
    for text in _CENTS
    for step in (
        Step(f"price {text}: written", "PATCH", "products", 200,
             body=one("product", {"id": "{bare}", "id_tax_rules_group": "1", "price": text})),
        Step(f"price {text}: with tax", "GET",
             "products/{bare}?"
             + shown(f"{_TTC}&price[two][use_tax]=1&price[two][decimals]=2", "id", "price"), 200),
    )
)  # fmt: skip

_SUPPLY: dict[str, Value] = {
    "id_product": "{bare}", "id_product_attribute": "0", "id_supplier": "{factory}",
    "id_currency": "1", "product_supplier_reference": "FAC-1", "product_supplier_price_te": "4.2",
}  # fmt: skip
SUPPLIED = (
    Step("supplied", "POST", "product_suppliers", 201, makes=("supply",),
         body=one("product_supplier", _SUPPLY),
         again=("product_suppliers/{supply}", "products/{bare}")),
    Step("supplied: again", "POST", "product_suppliers", 500,
         body=one("product_supplier", _SUPPLY),
         again=("product_suppliers?filter[id_product]=[{bare}]&display=full",)),
    Step("supplied: PATCH", "PATCH", "product_suppliers", 200,
         body=one("product_supplier", {"id": "{supply}", "product_supplier_price_te": "4.3"}),
         again=("product_suppliers/{supply}",)),
    Step("supplied: DELETE", "DELETE", "product_suppliers/{supply}", 200,
         again=("product_suppliers/{supply}",)),
)  # fmt: skip

DISCOUNTED_NEW = (
    Step("discount: gone with its product, product", "POST", "products", 201, makes=("brief",),
         body=product("SCR-BRIEF")),
    Step("discount: gone with its product, discount", "POST", "specific_prices", 201,
         makes=("dbrief",), body=discount({"id_product": "{brief}"})),
    Step("discount: gone with its product", "DELETE", "products/{brief}", 200,
         again=("specific_prices/{dbrief}",)),
)  # fmt: skip

STEPS = (*DISCOUNTS, *CENTS, *SUPPLIED, *DISCOUNTED_NEW)
