"""Steps: which of many specific prices the shop takes, and what it makes of a price.

Every discount is put on a product of its own, and the prices that follow from it are read.
"""

from tests.contracts.shop.bodies import Value, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.prices import discount, shown
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_EXACT = "price[{0}][use_tax]={1}&price[{0}][decimals]=6"
_TTC, _HT = _EXACT.format("ttc", 1), _EXACT.format("ht", 0)
_ALL = "&".join(
    (
        _TTC,
        _HT,
        _EXACT.format("before", 1) + "&price[before][use_reduction]=0",
        _EXACT.format("cut", 1) + "&price[cut][only_reduction]=1",
        _EXACT.format("cutht", 0) + "&price[cutht][only_reduction]=1",
        "price[two][use_tax]=1&price[two][decimals]=2",
    )
)


def every_price(what: str) -> str:
    """Return the reading of an entity's computed prices, with and without tax and discount."""
    return f"{what}?{shown(_ALL, 'id', 'price')}"


_DEAR = every_price("products/{dear}")


def _put(name: str, handle: str, changes: dict[str, Value], *again: str) -> Step:
    body = discount({"id_product": "{dear}", **changes})
    return Step(f"choice: {name}", "POST", "specific_prices", 201, body=body, makes=(handle,),
                again=again or (_DEAR,))  # fmt: skip


def _gone(*handles: str, again: tuple[str, ...] = (_DEAR,)) -> Step:
    listed = ",".join(f"{{{handle}}}" for handle in handles)
    return Step(f"choice: without {', '.join(handles)}", "DELETE", f"specific_prices?id=[{listed}]",
                200, again=again)  # fmt: skip


def _asked(name: str, query: str, what: str = "products/{dear}") -> Step:
    return Step(f"choice: asked {name}", "GET", f"{what}?{shown(query, 'id')}", 200)


def _both_taxes(option: str) -> str:
    return f"{_TTC}&price[ttc]{option}&{_HT}&price[ht]{option}"


WHOM = (
    Step("choice: a product", "POST", "products", 201, makes=("dear",),
         body=product("NEW-DEAR", {"price": "100"}), again=(_DEAR,)),
    _put("everybody", "call", {"reduction": "0.1"}),
    _put("a shop", "cshop", {"reduction": "0.15", "id_shop": "1"}),
    _put("a country", "ccountry", {"reduction": "0.2", "id_country": "8"}),
    _put("a currency", "ccurrency", {"reduction": "0.25", "id_currency": "1"}),
    _put("all three", "cthree", {"reduction": "0.3", "id_shop": "1", "id_country": "8",
                                 "id_currency": "1"}),
    _put("the customers' group", "cgroup", {"reduction": "0.35", "id_group": "3"}),
    _put("another group", "cother", {"reduction": "0.4", "id_group": "2"}),
    _asked("for another group", _both_taxes("[group]=2")),
    _asked("for the visitors", _both_taxes("[group]=1")),
    _asked("for an unknown group", _both_taxes("[group]=999999")),
    _asked("for a country without tax", _both_taxes("[country]=21")),
    _asked("in the currency", _both_taxes("[currency]=1")),
    _asked("for three", _both_taxes("[quantity]=3")),
    _gone("cgroup"),
    _gone("cthree"),
    _gone("ccurrency"),
    _gone("ccountry"),
    _put("a customer", "ccustomer", {"reduction": "0.45", "id_customer": "999999"}),
    _put("a cart", "ccart", {"reduction": "0.5", "id_cart": "999999"}),
    _gone("cshop", "cother", "ccustomer", "ccart"),
)  # fmt: skip

WHEN = (
    _put("from five", "cfive", {"reduction": "0.5", "from_quantity": "5"}),
    _asked("for five", _both_taxes("[quantity]=5")),
    _asked("for four", _both_taxes("[quantity]=4")),
    _put("from none", "cnone", {"reduction": "0.6", "from_quantity": "0"}),
    _gone("call"),
    _gone("cfive", "cnone"),
    _put("over", "cover", {"from": "2001-01-01 00:00:00", "to": "2002-01-01 00:00:00"}),
    _put("to come", "ccome", {"from": "2090-01-01 00:00:00", "to": "2091-01-01 00:00:00"}),
    _put("going on", "con", {"reduction": "0.3", "from": "2001-01-01 00:00:00",
                             "to": "2090-01-01 00:00:00"}),
    _put("without end", "cendless", {"reduction": "0.4", "from": "2001-01-01 00:00:00"}),
    _put("ends later", "clater", {"reduction": "0.5", "from": "2001-01-01 00:00:00",
                                  "to": "2091-01-01 00:00:00"}),
    _put("began later", "cbegan", {"reduction": "0.6", "from": "2003-01-01 00:00:00",
                                   "to": "2091-01-01 00:00:00"}),
    _put("began never", "cever", {"reduction": "0.7", "to": "2091-01-01 00:00:00"}),
    _gone("con", "cendless", "clater", "cbegan", "cever"),
    _put("ended yesterday's century", "cpast", {"to": "1999-12-31 23:59:59"}),
    _gone("cover", "ccome", "cpast"),
)  # fmt: skip

AMOUNTS = (
    _put("a fixed price", "f80", {"price": "80", "reduction": "0"}),
    _gone("f80"),
    _put("a fixed price, less a part", "f90", {"price": "90", "reduction": "0.1"}),
    _gone("f90"),
    _put("a fixed price, less an amount", "f70",
         {"price": "70", "reduction": "6", "reduction_type": "amount"}),
    _gone("f70"),
    _put("a fixed price of 0", "f0", {"price": "0", "reduction": "0"}),
    _gone("f0"),
    _put("a fixed price below 0", "fneg", {"price": "-0.5", "reduction": "0.5"}),
    _gone("fneg"),
    _put("an amount, tax included", "a12", {"reduction": "12", "reduction_type": "amount"}),
    _gone("a12"),
    _put("an amount, tax excluded", "a12x", {"reduction": "12", "reduction_type": "amount",
                                             "reduction_tax": "0"}),
    _gone("a12x"),
    _put("an amount of more than all", "amore", {"reduction": "500", "reduction_type": "amount"}),
    _gone("amore"),
    _put("a part of all", "p1", {"reduction": "1"}),
    _gone("p1"),
    _put("a part of more than all", "p12", {"reduction": "1.2"}),
    _gone("p12"),
    _put("a third", "third", {"reduction": "0.333333"}),
    Step("choice: a third of an odd price", "PATCH", "products", 200,
         body=one("product", {"id": "{dear}", "price": "41.583333"}), again=(_DEAR,)),
    _asked("without decimals", "price[none][use_tax]=1&price[zero][use_tax]=1"
           "&price[zero][decimals]=0&price[one][use_tax]=1&price[one][decimals]=1"),
    _asked("with words for yes and no", "price[yes][use_tax]=yes&price[yes][decimals]=6"
           "&price[no][use_tax]=&price[no][decimals]=6&price[usual][decimals]=6"),
    _gone("third"),
)  # fmt: skip

_SIZES = (every_price("products/{cut}"), every_price("combinations/{cut40}"),
          every_price("combinations/{cut41}"))  # fmt: skip


def _size(name: str, handle: str, changes: dict[str, Value]) -> Step:
    return _put(name, handle, {"id_product": "{cut}", **changes}, *_SIZES)


VARIANTS = (
    Step("choice: a product with sizes", "POST", "products", 201, makes=("cut",),
         body=product("NEW-CUT", {"price": "50"})),
    Step("choice: the first size, no default", "POST", "combinations", 201, makes=("cut40",),
         body=combination(("{size40}",), {"price": "5"}, owner="{cut}"),
         again=(every_price("products/{cut}"), every_price("combinations/{cut40}"))),
    Step("choice: the second size, the default", "POST", "combinations", 201, makes=("cut41",),
         body=combination(("{size41}",), {"price": "-10", "default_on": "1"}, owner="{cut}"),
         again=_SIZES),
    _size("all sizes", "vall", {"reduction": "0.1"}),
    _size("one size", "v40", {"reduction": "0.2", "id_product_attribute": "{cut40}"}),
    _asked("for a size", f"{_TTC}&price[ttc][product_attribute]={{cut40}}", "products/{cut}"),
    _asked("for a size of another product", f"{_TTC}&price[ttc][product_attribute]={{cut40}}"),
    _asked("for an unknown size", f"{_TTC}&price[ttc][product_attribute]=999999"
           f"&{_EXACT.format('cut', 1)}&price[cut][only_reduction]=1"
           "&price[cut][product_attribute]=999999", "products/{cut}"),
    _asked("for sizes in a list", f"{_TTC}&filter[id_product]=[{{cut}}]&sort=[id_ASC]",
           "combinations"),
    _size("all sizes, for a group", "vgroup", {"reduction": "0.5", "id_group": "3"}),
    _size("one size, from two", "vtwo", {"reduction": "0.6", "id_product_attribute": "{cut40}",
                                         "from_quantity": "2"}),
    _gone("v40", again=_SIZES),
    _gone("vall", "vgroup", "vtwo", again=_SIZES),
    _size("one size at a fixed price", "vfix", {"price": "40", "reduction": "0",
                                                "id_product_attribute": "{cut40}"}),
    _size("the others at a fixed price", "vfixall", {"price": "45", "reduction": "0"}),
    Step("choice: a size's fixed price given up", "PATCH", "specific_prices", 200,
         body=one("specific_price", {"id": "{vfix}", "price": "-1", "reduction": "0.5"}),
         again=_SIZES),
    _gone("vfix", "vfixall", again=_SIZES),
    _put("every product", "vshop", {"id_product": "0", "reduction": "0.9"}, _DEAR, *_SIZES),
    _put("every product, and one of them", "vsure",
         {"id_product": "{cut}", "reduction": "0.1", "id_group": "3"}, _DEAR, *_SIZES),
    _gone("vshop", "vsure", again=(_DEAR, *_SIZES)),
)  # fmt: skip

_DATED = ("products/{dear}?display=[id,date_add,date_upd]",)
DATES = (
    Step("choice: the product's date", "GET", "products/{dear}?display=[id,reference]", 200,
         again=_DATED),
    Step("choice: does not move the product's date", "POST", "specific_prices", 201, pause=True,
         body=discount({"id_product": "{dear}"}), makes=("cdate",), again=_DATED),
    Step("choice: changed, does not move the product's date", "PATCH", "specific_prices", 200,
         pause=True, body=one("specific_price", {"id": "{cdate}", "reduction": "0.5"}),
         again=(*_DATED, _DEAR)),
    Step("choice: deleted, does not move the product's date", "DELETE", "specific_prices/{cdate}",
         200, pause=True, again=_DATED),
    Step("choice: products gone", "DELETE", "products?id=[{dear},{cut}]", 200,
         again=("combinations/{cut40}",)),
)  # fmt: skip

STEPS = (*WHOM, *WHEN, *AMOUNTS, *VARIANTS, *DATES)
