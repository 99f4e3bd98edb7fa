"""Steps: the ecotax in a computed price, and what a group's own reduction does to it."""

from tests.contracts.shop.bodies import one
from tests.contracts.shop.choosing import every_price
from tests.contracts.shop.model import Step
from tests.contracts.shop.prices import discount, shown
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_SETTING = "PS_USE_ECOTAX"
_READ = every_price("products/{lamp}")
_SIZES = (every_price("combinations/{lamp40}"), every_price("combinations/{lamp41}"))
_WITH = shown(
    "&".join(
        f"price[{name}][use_tax]={tax}&price[{name}][use_ecotax]={eco}&price[{name}][decimals]=6"
        for name, tax, eco in (("a", 1, 1), ("b", 1, 0), ("c", 0, 1), ("d", 0, 0))
    ),
    "id",
)


def _switch(name: str, value: str) -> Step:
    values = {"id": "{useeco}", "name": _SETTING, "value": value,
              "date_add": "2026-01-02 03:04:05"}  # fmt: skip
    return Step(f"ecotax: {name}", "PUT", "configurations", 200, body=one("configuration", values),
                again=(_READ, f"products/{{lamp}}?{_WITH}"))  # fmt: skip


def _discounted(name: str, handle: str, **changes: str) -> tuple[Step, Step]:
    return (
        Step(f"ecotax: {name}", "POST", "specific_prices", 201, makes=(handle,),
             body=discount({"id_product": "{lamp}", **changes}), again=(_READ,)),
        Step(f"ecotax: {name}, gone", "DELETE", f"specific_prices/{{{handle}}}", 200),
    )  # fmt: skip


ECOTAX = (
    Step("ecotax: the setting", "GET",
         f"configurations?filter[name]={_SETTING}&display=[id,name,value]", 200,
         makes=("useeco",)),
    Step("ecotax: the setting of its tax", "GET",
         "configurations?filter[name]=PS_ECOTAX_TAX_RULES_GROUP_ID&display=[name,value]", 200),
    Step("ecotax: a product", "POST", "products", 201, makes=("lamp",),
         body=product("NEW-LAMP", {"price": "20", "ecotax": "0.5"}),
         again=("products/{lamp}?display=[id,price,ecotax]", _READ,
                f"products/{{lamp}}?{_WITH}")),
    Step("ecotax: below 0", "PATCH", "products", 400, codes=(85,), field="ecotax",
         body=one("product", {"id": "{lamp}", "ecotax": "-1"})),
    _switch("switched on", "1"),
    Step("ecotax: taxed", "POST", "configurations", 201, makes=("ecogroup",),
         body=one("configuration", {"name": "PS_ECOTAX_TAX_RULES_GROUP_ID", "value": "2"}),
         again=(_READ,)),
    *_discounted("a part of it too", "ecopart", reduction="0.5"),
    *_discounted("a fixed price beside it", "ecofixed", price="10", reduction="0"),
    *_discounted("an amount", "ecoamount", reduction="3", reduction_type="amount"),
    Step("ecotax: a size without its own", "POST", "combinations", 201, makes=("lamp40",),
         body=combination(("{size40}",), {"default_on": "1"}, owner="{lamp}"),
         again=(_READ, _SIZES[0])),
    Step("ecotax: a size with its own", "POST", "combinations", 201, makes=("lamp41",),
         body=combination(("{size41}",), {"ecotax": "0.25", "price": "2"}, owner="{lamp}"),
         again=(_READ, *_SIZES)),
    Step("ecotax: its tax gone", "DELETE", "configurations/{ecogroup}", 200, again=_SIZES),
    _switch("switched off", "0"),
)  # fmt: skip


def _reduced(name: str, reduction: str) -> Step:
    return Step(f"group: {name}", "PATCH", "groups", 200,
                body=one("group", {"id": "3", "reduction": reduction,
                                   "name": {1: "Customer", 2: "Client"}}),
                again=("groups/3?display=[id,reduction,price_display_method,show_prices]",
                       _READ))  # fmt: skip


GROUPS = (
    Step("group: list", "GET", "groups?display=[id,reduction,price_display_method,show_prices]"
         "&sort=[id_ASC]", 200),
    _reduced("its own reduction changes no computed price", "10"),
    _reduced("its reduction back", "0"),
    Step("group: reduction of words", "PATCH", "groups", 400, codes=(85,), field="reduction",
         body=one("group", {"id": "3", "reduction": "ten"})),
    Step("group: a new one", "POST", "groups", 201, makes=("club",),
         body=one("group", {"reduction": "5", "price_display_method": "0", "show_prices": "1",
                            "name": {1: "Script club", 2: "Club du script"}}),
         again=("groups/{club}",)),
    Step("group: no name", "POST", "groups", 400, codes=(84,), field="name",
         body=one("group", {"price_display_method": "0"})),
    Step("group: no way of showing prices", "POST", "groups", 400, codes=(41,),
         field="price_display_method",
         body=one("group", {"name": {1: "x", 2: "y"}})),
    Step("group: unknown way of showing prices", "POST", "groups", 400, codes=(85,),
         field="price_display_method",
         body=one("group", {"name": {1: "x", 2: "y"}, "price_display_method": "7"})),
    Step("group: a discount of the new one", "POST", "specific_prices", 201, makes=("dclub",),
         body=discount({"id_product": "{lamp}", "id_group": "{club}"}),
         again=(f"products/{{lamp}}?{shown('price[club][group]={club}&price[club][decimals]=6')}",
                _READ)),
    Step("group: renamed in one language", "PATCH", "groups", 200,
         body=one("group", {"id": "{club}", "name": {2: "Le club"}}), again=("groups/{club}",)),
    Step("group: the setting of all taxes", "GET",
         "configurations?filter[name]=PS_TAX&display=[id,name,value]", 200, makes=("taxed",)),
    *(
        Step(f"group: taxes {name}", "PUT", "configurations", 200,
             body=one("configuration", {"id": "{taxed}", "name": "PS_TAX", "value": value,
                                        "date_add": "2026-01-02 03:04:05"}),
             again=(_READ, f"products/{{lamp}}?{shown('price[usual][decimals]=6')}"))
        for name, value in (("off", "0"), ("on", "1"))
    ),
    Step("group: the customers' own", "DELETE", "groups/3", 500, codes=(88,)),
    Step("group: DELETE", "DELETE", "groups/{club}", 200,
         again=("groups/{club}", "specific_prices/{dclub}")),
    Step("group: product gone", "DELETE", "products/{lamp}", 200,
         again=("specific_prices?filter[id_product]=[{lamp}]&display=[id]",)),
)  # fmt: skip

STEPS = (*ECOTAX, *GROUPS)
