"""Steps: price rules, and what goes with a rule, a combination, a product, a value that goes."""

from tests.contracts.shop.bodies import Value, entity, ids, many, one
from tests.contracts.shop.choosing import every_price
from tests.contracts.shop.model import Step
from tests.contracts.shop.prices import discount
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_RULE: dict[str, Value] = {
    "id_shop": "1", "id_country": "0", "id_currency": "0", "id_group": "0", "name": "Script rule",
    "from_quantity": "1", "price": "-1", "reduction": "10", "reduction_tax": "1",
    "reduction_type": "percentage",
}  # fmt: skip
_READ = every_price("products/{whole}")


def _rule(changes: dict[str, Value], without: str = "") -> str:
    values = {name: value for name, value in (_RULE | changes).items() if name != without}
    return one("specific_price_rule", values)


RULES = (
    Step("rule: a product", "POST", "products", 201, makes=("whole",),
         body=product("NEW-WHOLE", {"price": "30"})),
    Step("rule: has no effect", "POST", "specific_price_rules", 201, makes=("rule",),
         body=_rule({}), again=("specific_price_rules/{rule}",
                                "specific_prices?filter[id_product]=[{whole}]", _READ)),
    Step("rule: the same again", "POST", "specific_price_rules", 201, makes=("rule2",),
         body=_rule({"from": "2026-01-01 00:00:00", "to": "2026-02-01 00:00:00"}),
         again=("specific_price_rules/{rule2}",)),
    *(
        Step(f"rule: no {name}", "POST", "specific_price_rules", 400, codes=(41,), field=name,
             body=_rule({}, without=name))
        for name in ("id_shop", "name", "price", "reduction", "reduction_type")
    ),
    Step("rule: unknown kind", "POST", "specific_price_rules", 400, codes=(85,),
         field="reduction_type", body=_rule({"reduction_type": "gift"})),
    Step("rule: PATCH", "PATCH", "specific_price_rules", 200,
         body=one("specific_price_rule", {"id": "{rule}", "reduction": "20"}),
         again=("specific_price_rules/{rule}", _READ)),
    Step("rule: a discount of the rule", "POST", "specific_prices", 201, makes=("druled",),
         body=discount({"id_product": "{whole}", "id_specific_price_rule": "{rule}"}),
         again=("specific_prices/{druled}", _READ)),
    Step("rule: a discount beside it is stronger", "POST", "specific_prices", 201,
         makes=("dbeside",), body=discount({"id_product": "{whole}", "reduction": "0.05"}),
         again=(_READ,)),
    Step("rule: DELETE", "DELETE", "specific_price_rules?id=[{rule},{rule2}]", 200,
         again=("specific_prices?filter[id_product]=[{whole}]&display=[id]", _READ)),
    Step("rule: discount beside it gone", "DELETE", "specific_prices/{dbeside}", 200),
)  # fmt: skip

_ROWS = tuple(
    f"{name}?filter[id_product]=[{{whole}}]&display=full&sort=[id_ASC]"
    for name in ("specific_prices", "product_suppliers", "stock_availables")
)


def _each(resource: str, *bodies: dict[str, Value]) -> str:
    return many(*(entity(resource, body) for body in bodies))


_SUPPLIED: dict[str, Value] = {"id_product": "{whole}", "id_supplier": "{factory}",
                               "id_currency": "1"}  # fmt: skip

LOST = (
    *(
        Step(f"lost: size {size}", "POST", "combinations", 201, makes=(f"wh{size}",),
             body=combination((f"{{size{size}}}",), {}, owner="{whole}"))
        for size in ("40", "41", "42")
    ),
    Step("lost: supplied", "POST", "product_suppliers", 201, makes=("ws0", "ws40", "ws41"),
         body=_each("product_supplier", _SUPPLIED | {"id_product_attribute": "0"},
                    _SUPPLIED | {"id_product_attribute": "{wh40}"},
                    _SUPPLIED | {"id_product_attribute": "{wh41}"}), again=_ROWS),
    *(
        Step(f"lost: discount of {name}", "POST", "specific_prices", 201, makes=(handle,),
             body=discount({"id_product": "{whole}", **changes}))
        for name, handle, changes in (
            ("all", "wd0", {}),
            ("40", "wd40", {"id_product_attribute": "{wh40}"}),
            ("40 for a cart", "wdcart", {"id_product_attribute": "{wh40}", "id_cart": "999999"}),
            ("41", "wd41", {"id_product_attribute": "{wh41}"}),
            ("42", "wd42", {"id_product_attribute": "{wh42}"}),
            ("40 of no such product", "wdwild", {"id_product": "999999",
                                                 "id_product_attribute": "{wh40}"}),
        )
    ),
    Step("lost: the product's date", "GET", "products/{whole}?display=[id]", 200,
         again=("products/{whole}?display=[id,date_upd]",)),
    Step("lost: a size", "DELETE", "combinations/{wh40}", 200, pause=True,
         again=(*_ROWS, "specific_prices/{wdwild}", "combinations/{wh40}",
                "products/{whole}?display=[id,date_upd,cache_default_attribute,"
                "id_default_combination,product_type,combinations[id]]")),
    Step("lost: a size again", "DELETE", "combinations/{wh40}", 404, codes=(87,)),
    Step("lost: two sizes, one unknown", "DELETE", "combinations?id=[{wh41},999999]", 404,
         codes=(87,), again=("products/{whole}?display=[id,combinations[id]]",)),
    Step("lost: two sizes", "DELETE", "combinations?id=[{wh41},{wh42}]", 200,
         again=(*_ROWS, "products/{whole}?display=[id,cache_default_attribute,"
                "id_default_combination,product_type,combinations[id]]", _READ)),
    Step("lost: discounts, one unknown", "DELETE", "specific_prices?id=[{wd0},999999]", 404,
         codes=(87,), again=_ROWS[:1]),
    Step("lost: a value with its sizes, value", "POST", "product_option_values", 201,
         makes=("size43",),
         body=one("product_option_value", {"id_attribute_group": "{size}",
                                           "name": {1: "43", 2: "43"}})),
    Step("lost: a value with its sizes, size", "POST", "combinations", 201, makes=("wh43",),
         body=combination(("{size43}",), {}, owner="{whole}")),
    Step("lost: a value with its sizes", "DELETE", "product_option_values/{size43}", 200,
         again=("combinations/{wh43}", "products/{whole}?display=[id,combinations[id]]",
                _ROWS[2])),
    Step("lost: a brand, brand", "POST", "manufacturers", 201, makes=("fading",),
         body=one("manufacturer", {"name": "Script fading", "active": "1"})),
    Step("lost: a brand, its product", "PATCH", "products", 200,
         body=one("product", {"id": "{whole}", "id_manufacturer": "{fading}"}),
         again=("products/{whole}?display=[id,id_manufacturer,manufacturer_name]",)),
    Step("lost: a brand", "DELETE", "manufacturers/{fading}", 200,
         again=("products/{whole}?display=[id,id_manufacturer,manufacturer_name]",)),
    Step("lost: a category, category", "POST", "categories", 201, makes=("fall",),
         body=one("category", {"id_parent": "{shoes}", "active": "1",
                               "name": {1: "Fall", 2: "Automne"},
                               "link_rewrite": {1: "fall", 2: "automne"}})),
    Step("lost: a category, its product", "PATCH", "products", 200,
         body=one("product", {"id": "{whole}", "id_category_default": "{fall}"},
                  {"categories": ids("category", "{fall}")}),
         again=("products/{whole}?display=[id,id_category_default,categories[id]]",)),
    Step("lost: a category", "DELETE", "categories/{fall}", 200,
         again=("products/{whole}?display=[id,id_category_default,categories[id]]",)),
    Step("lost: the product", "DELETE", "products/{whole}", 200,
         again=("products/{whole}", *_ROWS)),
    Step("lost: the product again", "DELETE", "products/{whole}", 404, codes=(87,)),
    Step("lost: discount of no such product", "DELETE", "specific_prices/{wdwild}", 200),
)  # fmt: skip

STEPS = (*RULES, *LOST)
