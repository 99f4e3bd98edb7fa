"""Steps: products made, refused, changed and reset."""

from tests.contracts.shop.bodies import Rows, Value, both, entity, ids, many, one
from tests.contracts.shop.model import Step

USABLE: dict[str, Value] = {
    "price": "10",
    "active": "1",
    "state": "1",
    "available_for_order": "1",
    "show_price": "1",
    "minimal_quantity": "1",
    "visibility": "both",
    "id_category_default": "{shoes}",
    "id_tax_rules_group": "1",
}


def product(
    reference: str,
    changes: dict[str, Value] | None = None,
    lists: dict[str, Rows] | None = None,
) -> str:
    """Return a complete product of the script's category, with some fields changed."""
    values = {
        "reference": reference,
        "name": both(f"Shoe {reference}", f"Chaussure {reference}"),
        **USABLE,
        **(changes or {}),
    }
    return one("product", values, lists or {"categories": ids("category", "2", "{shoes}")})


def _again(reference: str) -> tuple[str, ...]:
    return (f"products?filter[reference]={reference}&display=[id,reference]",)


def refused(
    name: str, changes: dict[str, Value], *codes: int, status: int = 400, field: str | None = None
) -> Step:
    """Return a POST that is refused, after which no product bears its reference.

    Args:
        name: Of the step.
        changes: Against a usable product; the first is the bad one.
        codes: Of the errors.
        status: Of the answer.
        field: That the error names, when it is another one; empty for none.
    """
    return Step(
        f"product: {name}",
        "POST",
        "products",
        status,
        body=product("SCR-BAD", changes),
        codes=codes,
        field=next(iter(changes)) if field is None else field,
        again=_again("SCR-BAD"),
    )


def accepted(name: str, handle: str, changes: dict[str, Value]) -> Step:
    """Return a POST that is accepted, after which the product is read."""
    return Step(
        f"product: {name}",
        "POST",
        "products",
        201,
        body=product(f"SCR-{handle}", changes),
        makes=(handle,),
        again=(f"products/{{{handle}}}",),
    )


MADE = (
    Step(
        "product", "POST", "products", 201, body=product("SCR-SHOE"), makes=("shoe",),
        again=("products/{shoe}", "stock_availables?filter[id_product]=[{shoe}]&display=full"),
    ),
    Step("product: price only", "POST", "products", 500, body=one("product", {"price": "10"})),
    Step(
        "product: name without languages", "POST", "products", 500,
        body=one("product", {"price": "10", "name": "SCR plain", "reference": "SCR-PLAIN"}),
        again=_again("SCR-PLAIN"),
    ),
    Step(
        "product: price and name only", "POST", "products", 201, makes=("bare",),
        body=one("product", {"price": "10", "name": both("Bare", "Nu")}),
        again=("products/{bare}", "stock_availables?filter[id_product]=[{bare}]&display=full"),
    ),
    Step(
        "product: no price", "POST", "products", 400, codes=(41,), field="price",
        body=one("product", {"name": both("x"), "reference": "SCR-BAD"}), again=_again("SCR-BAD"),
    ),
    accepted("name in English only", "english", {"name": {1: "Only: English & more"}}),
    accepted("name in French only", "french", {"name": {2: "Été: crème & brûlée 100%"}}),
    accepted("empty name", "nameless", {"name": both("")}),
    accepted("unknown language", "klingon", {"name": {1: "Known", 2: "Connu", 77: "Qapla"}}),
    accepted("odd signs in the name", "odd",
             {"name": both("a & b \"c\" 'd' / \\ % € $ * | ~ ^ ? ! @ 😀",
                           "tab\tline\nnbsp\u00a0end")}),
    accepted("128 accented signs", "wide", {"name": both("é" * 128)}),
    accepted("slug cleaned", "slug", {"link_rewrite": both("Pas Bon é/", "déjà_vu--x")}),
    accepted("slug of ligatures and capitals", "ligature",
             {"name": both("Œuf À la Coque N°5 ½", "Straße – ÇA_va")}),
    accepted("slug for English only", "halfslug", {"link_rewrite": {1: "only-english"}}),
    accepted("same reference again", "SHOE",
             {"ean13": "3700000000001", "upc": "123456789012", "mpn": "MPN",
              "isbn": "978-2-07-036822-8"}),
    accepted("reference with every sign", "signs", {"reference": "é /(+&#.,-_:*%\"'\\[]|~^?!@$€"}),
    accepted("8 digits of code", "ean8", {"ean13": "12345678"}),
    accepted("unknown ids", "lost",
             {"id_tax_rules_group": "999999", "id_category_default": "999999",
              "id_manufacturer": "999999", "id_supplier": "999999"}),
    accepted("unknown element", "bogus", {"bogus": "1", "price_ttc": "5"}),
    accepted("brand, weights, sizes", "full", {
        "id_manufacturer": "{acme}", "id_supplier": "{factory}", "weight": "1.2345678",
        "width": "10.5",
        "height": "2", "depth": "3", "wholesale_price": "4.5", "ecotax": "0", "unity": "pair",
        "unit_price_ratio": "2",
        "additional_shipping_cost": "1.5", "condition": "used", "on_sale": "1", "online_only": "1",
        "meta_title": both("Title", "Titre"), "meta_description": both("Said", "Dit"),
        "available_now": both("Now", "Là"), "available_later": both("Later", "Plus tard"),
        "available_date": "2030-01-31", "supplier_reference": "SUP-1", "location": "A3",
        "redirect_type": "301-category", "additional_delivery_times": "2",
        "delivery_in_stock": both("2 days", "2 jours"), "low_stock_threshold": "3",
        "show_condition": "1",
    }),
    accepted("unit price", "unit", {"unit_price": "4", "unit_price_ratio": "7", "unity": "kg"}),
    accepted("slug of French signs", "frenchslug",
             {"name": both("L’été – 50 °C « œuvre » ½", "Société n° 3 — 100 % ©2026 & co…")}),
    accepted("product_type and is_virtual", "virtual",
             {"product_type": "virtual", "is_virtual": "1"}),
    accepted("type pack by the computed field", "pack", {"type": "pack"}),
    Step(
        "product: without any association", "POST", "products", 201, makes=("alone",),
        body=one("product", {"reference": "SCR-ALONE", "name": both("Alone"), **USABLE}),
        again=("products/{alone}", "categories/{shoes}"),
    ),
    Step(
        "product: features, tags, accessories, unknown category", "POST", "products", 201,
        makes=("rich",),
        body=product("SCR-RICH", {}, {
            "categories": ids("category", "{shoes}", "999999", "{boots}"),
            "product_features": [("product_feature",
                                  {"id": "{sole}", "id_feature_value": "{rubber}"})],
            "tags": ids("tag", "{tag1}"),
            "accessories": ids("product", "{shoe}"),
        }),
        again=("products/{rich}", "categories/{boots}"),
    ),
    Step(
        "product: unknown association", "POST", "products", 400, codes=(86,), field="bogus",
        body=product("SCR-ASSOC", {}, {"bogus": ids("bogus", "1")}),
        again=("products?filter[reference]=SCR-ASSOC&display=[id,reference]",),
    ),
)  # fmt: skip

REFUSED = (
    *(refused(f"name with {sign}", {"name": both(f"Shoe {sign}")}, 84) for sign in "<>;=#{}"),
    refused("French name with <", {"name": both("Shoe", "Chaussure <")}, 84),
    refused("name of 129 signs", {"name": both("é" * 129), "link_rewrite": both("x")}, 84),
    refused("French name of 129 signs",
            {"name": both("x", "é" * 129), "link_rewrite": both("x")}, 84),
    refused("name of 129 signs without its slug", {"name": both("é" * 129)}, 84,
            field="link_rewrite"),
    *(refused(f"reference with {sign}", {"reference": f"SCR{sign}"}, 85) for sign in ";=<>{}"),
    refused("reference of 65 signs", {"reference": "r" * 65}, 85),
    refused("code with letters", {"ean13": "abc"}, 85),
    refused("code of 14 digits", {"ean13": "12345678901234"}, 85),
    refused("code with a space", {"ean13": "370000000000 "}, 85),
    refused("upc of 13 digits", {"upc": "1234567890123"}, 85),
    *(
        refused(f"price {text!r}", {"price": text}, 85)
        for text in ("1,5", "-1", "abc", "1e2", "1.0123456789", "12345678901", "", " 1")
    ),
    refused("wholesale_price below 0", {"wholesale_price": "-1"}, 85),
    refused("weight 1,5", {"weight": "1,5"}, 85),
    refused("weight below 0", {"weight": "-1"}, 85),
    refused("active yes", {"active": "yes"}, 85),
    refused("active 2", {"active": "2"}, 85),
    refused("condition", {"condition": "broken"}, 85),
    refused("visibility", {"visibility": "somewhere"}, 85),
    refused("product_type", {"product_type": "magic"}, 85),
    refused("available_date", {"available_date": "24/11/2026"}, 85),
    refused("minimal_quantity", {"minimal_quantity": "many"}, 85),
    refused("brand that is no number", {"id_manufacturer": "Acme"}, 85),
    refused("brand below 0", {"id_manufacturer": "-1"}, 85),
    refused("meta_title of 256 signs", {"meta_title": both("m" * 256)}, 84),
    refused("meta_description with {}", {"meta_description": both("a{b")}, 84),
    refused("available_now with <", {"available_now": both("<")}, 84),
    refused("two faults: the text first", {"name": both("a<b"), "price": "-1"}, 84),
    refused("two faults: the first field", {"price": "-1", "ean13": "x"}, 85, field="ean13"),
    refused("position 0", {"position_in_category": "0"}, 134, status=500, field=""),
    refused("position too big", {"position_in_category": "999"}, 135, status=500, field=""),
    *(
        refused(f"written {name}", {name: "1"}, 93)
        for name in ("quantity", "manufacturer_name")
    ),
)  # fmt: skip


def _patch(name: str, values: dict[str, Value], lists: dict[str, Rows] | None = None) -> Step:
    return Step(
        f"product: PATCH {name}",
        "PATCH",
        "products",
        200,
        body=one("product", {"id": "{shoe}", **values}, lists),
        again=("products/{shoe}",),
    )


CHANGED = (
    Step(
        "product: PATCH the price", "PATCH", "products/{shoe}", 200, pause=True,
        body=one("product", {"id": "{shoe}", "price": "12.5"}), again=("products/{shoe}",),
    ),
    _patch("name in English only", {"name": {1: "Only English"}}),
    _patch("both names", {"name": both("Shoe", "Chaussure"),
                          "link_rewrite": both("shoe", "chaussure")}),
    _patch("categories", {}, {"categories": ids("category", "{boots}")}),
    _patch("categories, none", {}, {"categories": []}),
    _patch("categories again", {"id_category_default": "{boots}"},
           {"categories": ids("category", "{shoes}", "{boots}")}),
    _patch("with an empty value", {"ean13": "", "reference": "SCR-SHOE"}),
    _patch("unknown element", {"bogus": "2"}),
    _patch("nothing", {}),
    Step("product: PATCH without id", "PATCH", "products/{shoe}", 400, codes=(90,),
         body=one("product", {"price": "1"}), again=("products/{shoe}?display=[id,price]",)),
    Step("product: id twice", "PATCH", "products", 400, codes=(89,),
         body=many(entity("product", {"id": "{shoe}", "price": "1"}),
                   entity("product", {"id": "{bare}", "price": "1"}),
                   entity("product", {"id": "{shoe}", "price": "2"})),
         again=("products?filter[id]=[{shoe}|{bare}]&display=[id,price]",)),
    Step("product: PATCH with a bad value", "PATCH", "products", 400, codes=(85,), field="price",
         body=one("product", {"id": "{shoe}", "price": "-1", "reference": "SCR-NO"}),
         again=("products/{shoe}",)),
    Step("product: PATCH quantity", "PATCH", "products", 400, codes=(93,), field="quantity",
         body=one("product", {"id": "{shoe}", "price": "1", "quantity": "5"}),
         again=("products/{shoe}",)),
    Step("product: id in the body wins", "PATCH", "products/{bare}", 200,
         body=one("product", {"id": "{shoe}", "price": "13"}),
         again=("products?filter[id]=[{shoe}|{bare}]&display=[id,price]",)),
    Step("product: PUT resets", "PUT", "products", 200,
         body=one("product", {"id": "{english}", "price": "10.5"}),
         again=("products/{english}", "categories/{shoes}")),
    Step("product: PUT without price", "PUT", "products", 400, codes=(41,), field="price",
         body=one("product", {"id": "{french}", "reference": "SCR-NO"}),
         again=("products/{french}",)),
    Step("product: PUT quantity", "PUT", "products", 400, codes=(93,), field="quantity",
         body=one("product", {"id": "{french}", "price": "1", "quantity": "5"}),
         again=("products/{french}",)),
    Step("product: PUT computed fields", "PUT", "products", 200,
         body=one("product", {"id": "{french}", "price": "1", "name": both("F"),
                              "id_default_image": "", "id_default_combination": "0",
                              "type": "simple"}),
         again=("products/{french}",)),
    Step("product: PUT whole", "PUT", "products", 200,
         body=product("SCR-SHOE", {"id": "{shoe}", "price": "10"}), again=("products/{shoe}",)),
    Step("product: DELETE", "DELETE", "products/{nameless}", 200,
         again=("products/{nameless}",
                "stock_availables?filter[id_product]=[{nameless}]&display=full")),
    Step("product: DELETE again", "DELETE", "products/{nameless}", 404, codes=(87,)),
    Step("product: PATCH of the deleted", "PATCH", "products", 404, codes=(92,),
         body=one("product", {"id": "{nameless}", "price": "1"})),
    Step("product: DELETE two", "DELETE", "products?id=[{klingon},{odd}]", 200,
         again=("products?filter[id]=[{klingon}|{odd}]",)),
)  # fmt: skip

STEPS = (*MADE, *REFUSED, *CHANGED)
