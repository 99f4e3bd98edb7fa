"""Steps: features with usual and free values, and the products that have them."""

from collections.abc import Mapping

from tests.contracts.shop.bodies import Rows, Value, both, entity, many, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import product

_READ = ("products/{boot}?display=[id,product_features[id,id_feature_value]]",)


def _pairs(*pairs: tuple[str, str]) -> Rows:
    rows: list[tuple[str, Mapping[str, str]]] = []
    for feature, value in pairs:
        rows.append(("product_feature", {"id": feature, "id_feature_value": value}))
    return rows


def _value(changes: dict[str, Value]) -> str:
    usual: dict[str, Value] = {"id_feature": "{lining}", "custom": "0", "value": both("Wool")}
    return one("product_feature_value", usual | changes)


def _refused(name: str, changes: dict[str, Value], code: int, field: str) -> Step:
    return Step(f"feature value: {name}", "POST", "product_feature_values", 400, codes=(code,),
                field=field, body=_value(changes),
                again=("product_feature_values?filter[id_feature]=[{lining}]&display=[id]",
                       ))  # fmt: skip


def _linked(name: str, rows: Rows, status: int = 200, method: str = "PATCH") -> Step:
    return Step(f"product's features: {name}", method, "products", status,
                body=one("product", {"id": "{boot}"}, {"product_features": rows}),
                again=_READ)  # fmt: skip


MADE = (
    Step("features", "POST", "product_features", 201, makes=("lining", "season"),
         body=many(entity("product_feature", {"name": both("Script lining", "Doublure")}),
                   entity("product_feature", {"name": both("Script season", "Saison"),
                                              "position": "7"})),
         again=("product_features/{lining}", "product_features/{season}")),
    Step("feature: same name again", "POST", "product_features", 201, makes=("lining2",),
         body=one("product_feature", {"name": both("Script lining", "Doublure")}),
         again=("product_features/{lining2}",)),
    Step("feature: no name", "POST", "product_features", 400, codes=(84,), field="name",
         body=one("product_feature", {"position": "1"})),
    Step("feature: name with <", "POST", "product_features", 400, codes=(84,), field="name",
         body=one("product_feature", {"name": both("a<b")})),
    Step("feature: name of 129 signs", "POST", "product_features", 400, codes=(84,), field="name",
         body=one("product_feature", {"name": both("n" * 129)})),
    Step("feature: PATCH one language", "PATCH", "product_features", 200,
         body=one("product_feature", {"id": "{season}", "name": {2: "Saisons"}}),
         again=("product_features/{season}",)),
    Step("feature: one language", "PUT", "product_features", 200,
         body=one("product_feature", {"id": "{season}", "name": {1: "Seasons"}}),
         again=("product_features/{season}",)),
    Step("feature value: usual", "POST", "product_feature_values", 201, makes=("wool",),
         body=_value({}), again=("product_feature_values/{wool}",)),
    Step("feature value: free", "POST", "product_feature_values", 201, makes=("felt",),
         body=_value({"custom": "1", "value": both("Felt, 3 mm", "Feutre, 3 mm")}),
         again=("product_feature_values/{felt}",)),
    Step("feature value: same text again", "POST", "product_feature_values", 201,
         makes=("wool2",), body=_value({}), again=("product_feature_values/{wool2}",)),
    Step("feature value: of an unknown feature", "POST", "product_feature_values", 201,
         makes=("nowhere",), body=_value({"id_feature": "999999"}),
         again=("product_feature_values/{nowhere}",)),
    Step("feature value: one language", "POST", "product_feature_values", 201, makes=("winter",),
         body=one("product_feature_value", {"id_feature": "{season}", "value": {1: "Winter"}}),
         again=("product_feature_values/{winter}",)),
    _refused("no feature", {"id_feature": ""}, 85, "id_feature"),
    _refused("256 signs", {"value": both("v" * 256)}, 84, "value"),
    _refused("a text with <", {"value": both("a<b")}, 84, "value"),
    _refused("custom is no bool", {"custom": "yes"}, 85, "custom"),
    Step("feature value: made free", "PATCH", "product_feature_values", 200,
         body=one("product_feature_value", {"id": "{wool2}", "custom": "1"}),
         again=("product_feature_values/{wool2}",)),
    Step("feature value: PUT", "PUT", "product_feature_values", 200,
         body=one("product_feature_value", {"id": "{wool2}", "id_feature": "{lining}",
                                            "value": both("Fleece", "Polaire")}),
         again=("product_feature_values/{wool2}",)),
    Step("feature values: by feature and kind", "GET",
         "product_feature_values?filter[id_feature]=[{lining}]&filter[custom]=[1]"
         "&display=[id,value]", 200),
)  # fmt: skip

LINKED = (
    Step("product's features: made with", "POST", "products", 201, makes=("boot",),
         body=product("NEW-BOOT", {}, {"product_features": _pairs(("{lining}", "{wool}"),
                                                                  ("{season}", "{winter}"))}),
         again=_READ),
    _linked("a free value", _pairs(("{lining}", "{felt}"))),
    _linked("two values of one feature", _pairs(("{lining}", "{felt}"), ("{lining}", "{wool}"))),
    _linked("a value of another feature", _pairs(("{season}", "{wool}"))),
    _linked("unknown ids", _pairs(("999999", "999999"), ("{lining}", "999999"))),
    _linked("the same twice", _pairs(("{season}", "{winter}"), ("{lining}", "{wool}"),
                                     ("{lining}", "{wool}"), ("{lining}", "{felt}")), 500),
    _linked("no value", [("product_feature", {"id": "{lining}"})], 500),
    _linked("a value of 0", _pairs(("{lining}", "0"))),
    _linked("none", ()),
    _linked("back", _pairs(("{lining}", "{wool}"), ("{season}", "{winter}"))),
    Step("product's features: kept by a PATCH of another field", "PATCH", "products", 200,
         body=one("product", {"id": "{boot}", "price": "11"}), again=_READ),
    Step("product's features: kept by a PATCH of another list", "PATCH", "products", 200,
         body=one("product", {"id": "{boot}"}, {"tags": ()}), again=_READ),
    Step("product's features: kept by a PUT without them", "PUT", "products", 200,
         body=product("NEW-BOOT", {"id": "{boot}"}, {"categories": [("category", {"id": "2"})]}),
         again=_READ),
    Step("feature value: DELETE", "DELETE", "product_feature_values/{winter}", 200, again=_READ),
    Step("feature: DELETE", "DELETE", "product_features/{lining}", 200,
         again=("product_feature_values/{wool}", "product_feature_values/{felt}", *_READ)),
    Step("features: the rest gone", "DELETE", "product_features?id=[{lining2},{season}]", 200),
    Step("feature value: of no feature, gone", "DELETE", "product_feature_values/{nowhere}", 200),
    Step("product's features: product gone", "DELETE", "products/{boot}", 200),
)  # fmt: skip

STEPS = (*MADE, *LINKED)
