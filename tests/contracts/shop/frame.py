"""Steps: categories, brands, options with their values, features, suppliers."""

from tests.contracts.shop.bodies import Value, both, entity, many, one
from tests.contracts.shop.model import Step

_SHOES: dict[str, Value] = {
    "id_parent": "2",
    "active": "1",
    "name": both("Script shoes", "Chaussures du script"),
    "link_rewrite": both("script-shoes", "chaussures-du-script"),
    "description": both("<p>All <b>shoes</b></p>", "<p>Toutes</p>"),
    "is_root_category": "0",
}
_FOUND = ("categories?filter[name]=[Refused]%25&display=[id,name]",)


def _category(name: str, changes: dict[str, Value]) -> str:
    kept = {field: value for field, value in (_SHOES | changes).items() if value != "-"}
    return one("category", kept | ({"name": both(name)} if name else {}))


def _refused(
    name: str, changes: dict[str, Value], status: int, *codes: int, field: str = ""
) -> Step:
    return Step(
        f"category: {name}",
        "POST",
        "categories",
        status,
        body=_category("Refused" if "name" not in changes else "", changes),
        codes=codes,
        field=field,
        again=_FOUND,
    )


CATEGORIES = (
    Step(
        "category", "POST", "categories", 201, body=one("category", _SHOES), makes=("shoes",),
        again=("categories/{shoes}", "categories/{shoes}?language=2&display=[id,name]"),
    ),
    Step(
        "category below it", "POST", "categories", 201, makes=("boots",),
        body=_category("Boots", {"id_parent": "{shoes}"}),
        again=("categories/{boots}", "categories/{shoes}"),
    ),
    Step(
        "second category below it", "POST", "categories", 201, makes=("sandals",),
        body=_category("Sandals", {"id_parent": "{shoes}", "active": "0"}),
        again=("categories/{sandals}",),
    ),
    _refused("no link_rewrite", {"link_rewrite": "-"}, 500),
    _refused("no name", {"name": "-"}, 500),
    _refused("no active", {"active": "-"}, 400, 41, field="active"),
    _refused("name with <", {"name": both("Refused < 2")}, 400, 84, field="name"),
    _refused("name with { in French", {"name": both("Refused", "Refused {")}, 400, 84,
             field="name"),
    _refused("name too long", {"name": both("Refused" + "é" * 122)}, 400, 84, field="name"),
    _refused("name without languages", {"name": "Refused"}, 500),
    _refused("active is no bool", {"active": "yes"}, 400, 85, field="active"),
    _refused("level_depth", {"level_depth": "3"}, 400, 93, field="level_depth"),
    _refused("unknown parent", {"id_parent": "999999"}, 500),
    _refused("script in the text", {"description": both("<script>1</script>")}, 400, 84),
    Step(
        "category: 128 accented signs", "POST", "categories", 201, makes=("long",),
        body=_category("é" * 128, {}), again=("categories/{long}?display=[id,name,link_rewrite]",),
    ),
    Step(
        "category: link_rewrite made clean", "POST", "categories", 201, makes=("clean",),
        body=_category("Clean", {"link_rewrite": both("Pas Bon é/", "")}),
        again=("categories/{clean}",),
    ),
    Step(
        "category: one language", "POST", "categories", 201, makes=("english_category",),
        body=_category("", {"name": {1: "English"}, "link_rewrite": {1: "english"}}),
        again=("categories/{english_category}",),
    ),
    Step(
        "category: PATCH one language", "PATCH", "categories", 200,
        body=one("category", {"id": "{boots}", "name": {1: "Boots 2"}}),
        again=("categories/{boots}",),
    ),
    Step(
        "category: PATCH a text that is not required in one language", "PATCH", "categories", 200,
        body=one("category", {"id": "{boots}", "description": {1: "<p>Only English</p>"}}),
        again=("categories/{boots}",),
    ),
    Step(
        "category: PUT", "PUT", "categories", 200,
        body=one(
            "category",
            {"id": "{boots}", "active": "1", "id_parent": "{shoes}", "name": both("Boots 3"),
             "link_rewrite": both("boots-3")},
        ),
        again=("categories/{boots}",),
    ),
    Step(
        "category: PUT without active", "PUT", "categories", 400, codes=(41,), field="active",
        body=one("category", {"id": "{boots}", "name": both("B"), "link_rewrite": both("b")}),
        again=("categories/{boots}",),
    ),
    Step(
        "category: moved", "PATCH", "categories", 200,
        body=one("category", {"id": "{sandals}", "id_parent": "{boots}"}),
        again=("categories/{sandals}", "categories/{boots}", "categories/{shoes}"),
    ),
    Step(
        "category: unknown association", "PATCH", "categories", 400, codes=(86,),
        body=one("category", {"id": "{boots}"}, {"bogus": [("bogus", {"id": "1"})]}),
        again=("categories/{boots}?display=[id]",),
    ),
    Step("category: DELETE", "DELETE", "categories/{clean}", 200, again=("categories/{clean}",)),
    Step("category: DELETE again", "DELETE", "categories/{clean}", 404, codes=(87,)),
    Step(
        "category: DELETE two, one unknown", "DELETE",
        "categories?id=[{english_category},999999]", 404,
        codes=(87,), again=("categories/{english_category}?display=[id]",),
    ),
)  # fmt: skip

BRANDS = (
    Step(
        "brand", "POST", "manufacturers", 201, makes=("acme",),
        body=one("manufacturer", {"name": "Acmé & Co", "active": "1",
                                  "description": both("<p>Old</p>", "<p>Vieux</p>")}),
        again=("manufacturers/{acme}",),
    ),
    Step("brand: no name", "POST", "manufacturers", 400, codes=(41,), field="name",
         body=one("manufacturer", {"active": "1"})),
    Step("brand: 65 signs", "POST", "manufacturers", 400, codes=(85,), field="name",
         body=one("manufacturer", {"name": "n" * 65})),
    Step("brand: name with =", "POST", "manufacturers", 400, codes=(85,), field="name",
         body=one("manufacturer", {"name": "a=b"})),
    Step("brand: same name again", "POST", "manufacturers", 201, makes=("acme2",),
         body=one("manufacturer", {"name": "Acmé & Co", "active": "1"}),
         again=("manufacturers/{acme2}",)),
    Step("brand: PUT resets", "PUT", "manufacturers", 200,
         body=one("manufacturer", {"id": "{acme}", "name": "Acme"}),
         again=("manufacturers/{acme}",)),
    Step("brand: PATCH", "PATCH", "manufacturers", 200,
         body=one("manufacturer", {"id": "{acme}", "active": "1"}),
         again=("manufacturers/{acme}",)),
    Step("brand: PUT of link_rewrite", "PUT", "manufacturers", 400, codes=(93,),
         field="link_rewrite",
         body=one("manufacturer", {"id": "{acme}", "name": "Acme", "link_rewrite": "acme"})),
    Step("brand: DELETE two", "DELETE", "manufacturers?id=[{acme2},{acme2}]", 200,
         again=("manufacturers/{acme2}",)),
)  # fmt: skip


def _value(text: str, option: str = "{size}", more: dict[str, Value] | None = None) -> str:
    return one(
        "product_option_value",
        {"id_attribute_group": option, "name": both(text), **(more or {})},
    )


OPTIONS = (
    Step(
        "option", "POST", "product_options", 201, makes=("size",),
        body=one("product_option", {"group_type": "select", "name": both("Script size", "Taille"),
                                    "public_name": both("Size", "Taille")}),
        again=("product_options/{size}",),
    ),
    Step(
        "option of colours", "POST", "product_options", 201, makes=("colour",),
        body=one("product_option", {"group_type": "color", "name": both("Script colour"),
                                    "public_name": both("Colour", "Couleur")}),
        again=("product_options/{colour}",),
    ),
    Step("option: no public name", "POST", "product_options", 400, codes=(84,), field="public_name",
         body=one("product_option", {"group_type": "select", "name": both("x")})),
    Step("option: no type", "POST", "product_options", 400, codes=(41,), field="group_type",
         body=one("product_option", {"name": both("x"), "public_name": both("x")})),
    Step("option: unknown type", "POST", "product_options", 201, makes=("wheel",),
         again=("product_options/{wheel}",),
         body=one("product_option", {"group_type": "wheel", "name": both("x"),
                                     "public_name": both("x")})),
    Step("option: public name too long", "POST", "product_options", 400, codes=(84,),
         field="public_name",
         body=one("product_option", {"group_type": "select", "name": both("x"),
                                     "public_name": both("x" * 65)})),
    *(
        Step(f"value {size}", "POST", "product_option_values", 201, makes=(f"size{size}",),
             body=_value(size), again=(f"product_option_values/{{size{size}}}",))
        for size in ("40", "41", "42")
    ),
    Step("value: a colour", "POST", "product_option_values", 201, makes=("red",),
         body=_value("Red", "{colour}", {"color": "#ff0000"}),
         again=("product_option_values/{red}", "product_options/{colour}")),
    Step("value: bad colour", "POST", "product_option_values", 400, codes=(85,), field="color",
         body=_value("Bad", "{colour}", {"color": "reddish>"})),
    Step("value: same text again", "POST", "product_option_values", 201, makes=("size42b",),
         body=_value("42"), again=("product_option_values/{size42b}",)),
    Step("value: no option", "POST", "product_option_values", 400, codes=(41,),
         field="id_attribute_group",
         body=one("product_option_value", {"name": both("x")})),
    Step("value: unknown option", "POST", "product_option_values", 201, makes=("stray",),
         body=_value("Stray", "999999"), again=("product_option_values/{stray}",)),
    Step("value: one language", "POST", "product_option_values", 201, makes=("half",),
         body=one("product_option_value", {"id_attribute_group": "{size}", "name": {1: "Half"}}),
         again=("product_option_values/{half}",)),
    Step("value: no name", "POST", "product_option_values", 400, codes=(84,), field="name",
         body=one("product_option_value", {"id_attribute_group": "{size}"})),
    Step("value: PATCH one language", "PATCH", "product_option_values", 200,
         body=one("product_option_value", {"id": "{half}", "name": {2: "Moitié"}}),
         again=("product_option_values/{half}",)),
    Step("value: DELETE", "DELETE", "product_option_values/{half}", 200,
         again=("product_options/{size}",)),
    Step("values of an option", "GET",
         "product_option_values?filter[id_attribute_group]=[{size}]&display=[id,name]"
         "&sort=[position_ASC]", 200),
)  # fmt: skip

FEATURES = (
    Step("feature", "POST", "product_features", 201, makes=("sole",),
         body=one("product_feature", {"name": both("Script sole", "Semelle")}),
         again=("product_features/{sole}",)),
    Step("feature value", "POST", "product_feature_values", 201, makes=("rubber",),
         body=one("product_feature_value", {"id_feature": "{sole}", "custom": "0",
                                            "value": both("Rubber", "Caoutchouc")}),
         again=("product_feature_values/{rubber}",)),
    Step("feature value: no value", "POST", "product_feature_values", 400, codes=(84,),
         field="value", body=one("product_feature_value", {"id_feature": "{sole}"})),
    Step("supplier", "POST", "suppliers", 201, makes=("factory",),
         body=one("supplier", {"name": "Script factory", "active": "1"}),
         again=("suppliers/{factory}",)),
    Step("tags", "POST", "tags", 201, makes=("tag1", "tag2"),
         body=many(entity("tag", {"id_lang": "1", "name": "scripted"}),
                   entity("tag", {"id_lang": "2", "name": "écrit"})),
         again=("tags/{tag1}", "tags/{tag2}")),
)  # fmt: skip

STEPS = (*CATEGORIES, *BRANDS, *OPTIONS, *FEATURES)
