"""Steps: combinations with their stock rows, and what becomes of a simple product that gets one."""

from tests.contracts.shop.bodies import Rows, Value, both, entity, ids, many, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import product

_STOCK = "stock_availables?filter[id_product]=[{{{}}}]&display=full"
SNEAKER = ("products/{sneaker}", _STOCK.format("sneaker"))


def combination(
    sizes: tuple[str, ...],
    changes: dict[str, Value] | None = None,
    lists: dict[str, Rows] | None = None,
    owner: str = "{sneaker}",
) -> str:
    """Return a combination of the script's sneaker."""
    values: dict[str, Value] = {"id_product": owner, "minimal_quantity": "1", **(changes or {})}
    more = {"product_option_values": ids("product_option_value", *sizes)} if sizes else {}
    return one("combination", values, {**more, **(lists or {})} or None)


def _post(name: str, handle: str, body: str, again: tuple[str, ...] = SNEAKER) -> Step:
    reread = (f"combinations/{{{handle}}}", *again)
    return Step(
        f"combination: {name}",
        "POST",
        "combinations",
        201,
        body=body,
        makes=(handle,),
        again=reread,
    )


def _patch(name: str, values: dict[str, Value], lists: dict[str, Rows] | None = None) -> Step:
    handle = str(values["id"])
    return Step(
        f"combination: {name}", "PATCH", "combinations", 200,
        body=one("combination", values, lists), again=(f"combinations/{handle}", *SNEAKER),
    )  # fmt: skip


MADE = (
    Step("sneaker", "POST", "products", 201, makes=("sneaker",),
         body=product("SCR-SNEAKER", {"price": "50", "product_type": "combinations"}),
         again=SNEAKER),
    _post("first", "s40", combination(("{size40}", "{red}"), {"reference": "SN-40"})),
    _post("second", "s41", combination(("{size41}",), {"reference": "SN-41", "price": "-3.5",
                                                       "ean13": "3700000000041"})),
    _post("a later default", "slater", combination(("{size42}",), {"default_on": "1"})),
    Step("combination: POST second default", "POST", "combinations", 500,
         body=combination(("{size42}",), {"default_on": "1"}), again=SNEAKER),
    _post("third", "s42", combination(("{size42}",), {"default_on": "0", "weight": "0.25",
                                                      "wholesale_price": "20"})),
    _post("same value again", "s42b", combination(("{size42}",))),
    _post("no value", "s0", combination(())),
    _post("unknown value", "swild", combination(("999999",))),
    _post("two values of one option", "stwo", combination(("{size40}", "{size41}"))),
    _post("of an unknown product", "sorphan", combination(("{size40}",), owner="999999"),
          ("stock_availables?filter[id_product]=[999999]&display=full",)),
    _post("odd reference, negative cost", "sodd",
          combination((), {"reference": "a;b<c>", "wholesale_price": "-2"})),
    Step("combination: no product", "POST", "combinations", 400, codes=(41,), field="id_product",
         body=one("combination", {"minimal_quantity": "1"})),
    Step("combination: no minimal_quantity", "POST", "combinations", 400, codes=(41,),
         field="minimal_quantity", body=one("combination", {"id_product": "{sneaker}"})),
    *(
        Step(f"combination: bad {name}", "POST", "combinations", 400, codes=(85,), field=name,
             body=combination(("{size40}",), {name: text}), again=(_STOCK.format("sneaker"),))
        for name, text in (
            ("ean13", "x"), ("upc", "x"), ("price", "1,5"), ("minimal_quantity", "-1"),
            ("default_on", "maybe"), ("wholesale_price", "x"), ("available_date", "soon"),
        )
    ),
)  # fmt: skip

CHANGED = (
    _patch("PATCH price", {"id": "{s41}", "price": "2.25"}),
    _patch("PATCH values", {"id": "{stwo}"},
           {"product_option_values": ids("product_option_value", "{size41}", "{red}")}),
    _patch("PATCH values, none", {"id": "{stwo}"}, {"product_option_values": []}),
    Step("combination: PATCH second default", "PATCH", "combinations", 500,
         body=one("combination", {"id": "{s41}", "default_on": "1"}), again=SNEAKER),
    Step("combination: default moved by the product", "PATCH", "products", 200,
         body=one("product", {"id": "{sneaker}", "id_default_combination": "{s41}"}),
         again=("combinations?filter[id_product]=[{sneaker}]&display=[id,default_on]", *SNEAKER)),
    _patch("default given up", {"id": "{s41}", "default_on": "0"}),
    _patch("default taken", {"id": "{s42}", "default_on": "1"}),
    Step("combination: default of another product", "PATCH", "products", 200,
         body=one("product", {"id": "{sneaker}", "id_default_combination": "{sorphan}"}),
         again=("combinations?filter[id_product]=[{sneaker}]&display=[id,default_on]", *SNEAKER)),
    Step("combination: default given back", "PATCH", "products", 200,
         body=one("product", {"id": "{sneaker}", "id_default_combination": "{s40}"}),
         again=("combinations?filter[id_product]=[{sneaker}]&display=[id,default_on]", *SNEAKER)),
    Step("combination: PUT resets", "PUT", "combinations", 200,
         body=one("combination", {"id": "{s42}", "id_product": "{sneaker}",
                                  "minimal_quantity": "2"}),
         again=("combinations/{s42}", *SNEAKER)),
    Step("combination: whole list", "GET",
         "combinations?filter[id_product]=[{sneaker}]&display=[id,reference,price,default_on,"
         "product_option_values[id]]", 200),
    Step("combination: list with full rows", "GET",
         "combinations?filter[id_product]=[{sneaker}]&display=full", 200),
    Step("combination: values only", "GET",
         "combinations?filter[id_product]=[{sneaker}]&display=[product_option_values[id]]", 200),
    Step("combination: values and reference, no id", "GET",
         "combinations?filter[id_product]=[{sneaker}]"
         "&display=[reference,product_option_values[id]]", 200),
    Step("combination: list as JSON", "GET",
         "combinations?filter[id_product]=[{sneaker}]&display=[id,product_option_values[id]]"
         "&output_format=JSON", 200),
)  # fmt: skip

BATCHES = (
    Step("combinations: three at once", "POST", "combinations", 201, makes=("b1", "b2", "b3"),
         body=many(*(entity("combination", {"id_product": "{sneaker}", "minimal_quantity": "1",
                                            "reference": f"SN-B{rank}"},
                            {"product_option_values": ids("product_option_value", "{size40}")})
                     for rank in (1, 2, 3))),
         again=SNEAKER),
    Step("combinations: the third bad", "POST", "combinations", 400, codes=(41,),
         body=many(*(entity("combination", {"id_product": "{sneaker}", "minimal_quantity": "1",
                                            "reference": f"SN-C{rank}"}) for rank in (1, 2)),
                   entity("combination", {"id_product": "{sneaker}"}),
                   entity("combination", {"id_product": "{sneaker}", "minimal_quantity": "1",
                                          "reference": "SN-C4"})),
         again=("combinations?filter[reference]=[SN-C]%25&display=[id,reference]",)),
)  # fmt: skip


def _stock(
    name: str,
    values: dict[str, Value],
    status: int = 200,
    *codes: int,
    field: str = "",
    method: str = "PATCH",
    again: tuple[str, ...] = (SNEAKER[1],),
) -> Step:
    return Step(f"stock: {name}", method, "stock_availables", status, codes=codes, field=field,
                body=one("stock_available", values), again=again)  # fmt: skip


_ROW = "stock_availables?filter[id_product]=[{{{}}}]&filter[id_product_attribute]={}&display=full"
STOCK = (
    Step("stock rows of the sneaker", "GET", _ROW.format("sneaker", "{s40}"), 200,
         makes=("row40",)),
    Step("stock row of 41", "GET", _ROW.format("sneaker", "{s41}"), 200, makes=("row41",)),
    Step("stock row of the whole", "GET", _ROW.format("sneaker", "0"), 200, makes=("row0",)),
    Step("stock row of the shoe", "GET", _ROW.format("shoe", "0"), 200, makes=("shoerow",)),
    _stock("PATCH of 40", {"id": "{row40}", "quantity": "7"}),
    _stock("PATCH of 41", {"id": "{row41}", "quantity": "5"}),
    _stock("PATCH of the sum", {"id": "{row0}", "quantity": "99"}),
    _stock("PATCH of 40 again", {"id": "{row40}", "quantity": "8"}),
    _stock("negative", {"id": "{row41}", "quantity": "-2"}),
    *(
        _stock(f"quantity {text!r}", {"id": "{row41}", "quantity": text}, 400, 85, field="quantity")
        for text in ("2.5", "abc", "", " ", "1 ", "99999999999", "1e3", "+4")
    ),
    _stock("PATCH out_of_stock", {"id": "{row0}", "out_of_stock": "1"}),
    _stock("out_of_stock 7", {"id": "{row0}", "out_of_stock": "7"}),
    _stock("out_of_stock back", {"id": "{row0}", "out_of_stock": "2"}),
    _stock("depends_on_stock 1", {"id": "{row0}", "depends_on_stock": "1"}, 500, 133, 46),
    _stock("depends_on_stock 0", {"id": "{row0}", "depends_on_stock": "0"}),
    _stock("location", {"id": "{row41}", "location": "B7"}),
    _stock("unknown row", {"id": "999999", "quantity": "1"}, 404, 92),
    _stock("without id", {"quantity": "1"}, 400, 90),
    _stock("PUT whole", {"id": "{row41}", "id_product": "{sneaker}",
                         "id_product_attribute": "{s41}", "id_shop": "1", "id_shop_group": "0",
                         "quantity": "4", "depends_on_stock": "0", "out_of_stock": "2"},
           method="PUT"),
    _stock("PUT without quantity", {"id": "{row41}", "id_product": "{sneaker}",
                                    "id_product_attribute": "{s41}"}, 400, 41, field="quantity",
           method="PUT"),
    _stock("PUT of another product", {"id": "{row41}", "id_product": "{shoe}",
                                      "id_product_attribute": "0", "id_shop": "1",
                                      "id_shop_group": "0", "quantity": "4",
                                      "depends_on_stock": "0", "out_of_stock": "2"}, 500,
           method="PUT"),
    _stock("PUT without id_shop", {"id": "{shoerow}", "id_product": "{shoe}",
                                   "id_product_attribute": "0", "quantity": "6",
                                   "depends_on_stock": "0", "out_of_stock": "2"}, method="PUT",
           again=("products/{shoe}", "stock_availables/{shoerow}", _STOCK.format("shoe"))),
    _stock("PUT with id_shop again", {"id": "{shoerow}", "id_product": "{shoe}",
                                      "id_product_attribute": "0", "quantity": "50",
                                      "depends_on_stock": "0", "out_of_stock": "2",
                                      "id_shop": "1", "id_shop_group": "0"}, method="PUT",
           again=("products/{shoe}", "stock_availables/{shoerow}", _STOCK.format("shoe"))),
    Step("stock: batch", "PATCH", "stock_availables", 200,
         body=many(*(entity("stock_available", {"id": f"{{{row}}}", "quantity": number})
                     for row, number in (("row40", "11"), ("row41", "12"), ("shoerow", "13")))),
         again=(SNEAKER[1], _STOCK.format("shoe"))),
    Step("stock: batch, the third bad", "PATCH", "stock_availables", 400, codes=(85,),
         field="quantity",
         body=many(*(entity("stock_available", {"id": f"{{{row}}}", "quantity": number})
                     for row, number in (("row40", "21"), ("row41", "22"), ("row0", "x"),
                                         ("shoerow", "23")))),
         again=(SNEAKER[1], _STOCK.format("shoe"))),
    Step("stock: batch, the third unknown", "PATCH", "stock_availables", 404, codes=(92,),
         body=many(*(entity("stock_available", {"id": row, "quantity": number})
                     for row, number in (("{row40}", "31"), ("{row41}", "32"), ("999999", "1"),
                                         ("{shoerow}", "33")))),
         again=(SNEAKER[1], _STOCK.format("shoe"))),
    Step("stock: rows in their plural", "PATCH", "stock_availables", 400, codes=(90,),
         body="<prestashop><stock_availables><stock_available><id>{row40}</id><quantity>1"
         "</quantity></stock_available></stock_availables></prestashop>"),
    Step("product date after stock", "GET", "products/{sneaker}?display=[id,date_upd]", 200,
         pause=True),
    Step("stock: does not move the product's date", "PATCH", "stock_availables", 200, pause=True,
         body=one("stock_available", {"id": "{row40}", "quantity": "41"}),
         again=("products/{sneaker}?display=[id,date_upd]",)),
    Step("stock: does not move the product's date, read again", "PATCH", "stock_availables", 200,
         pause=True, body=one("stock_available", {"id": "{row40}", "quantity": "42"}),
         again=("products/{sneaker}?display=[id,date_upd]",)),
    Step("stock: list of ids and figures", "GET",
         "stock_availables?filter[id_product]=[{sneaker}|{shoe}]"
         "&display=[id,id_product,id_product_attribute,quantity]&sort=[quantity_DESC,id_ASC]",
         200),
)  # fmt: skip

GROWN = (
    Step("simple product", "POST", "products", 201, makes=("plain",),
         body=product("SCR-PLAIN2", {"product_type": "standard"}), again=("products/{plain}",)),
    Step("simple product: its row", "GET", _ROW.format("plain", "0"), 200, makes=("plainrow",)),
    _stock("of the simple product", {"id": "{plainrow}", "quantity": "50"},
           again=(_STOCK.format("plain"),)),
    Step("simple product: a combination", "POST", "combinations", 201, makes=("grown",),
         body=combination(("{size40}",), {"reference": "PL-40"}, owner="{plain}"),
         again=("combinations/{grown}", "products/{plain}", _STOCK.format("plain"))),
    Step("simple product: row of its combination", "GET", _ROW.format("plain", "{grown}"), 200,
         makes=("grownrow",)),
    _stock("of the grown combination", {"id": "{grownrow}", "quantity": "3"},
           again=(_STOCK.format("plain"),)),
    Step("simple product: back to standard", "PATCH", "products", 200,
         body=one("product", {"id": "{plain}", "product_type": "standard"}),
         again=("products/{plain}", "combinations/{grown}")),
    Step("simple product: combination gone", "DELETE", "combinations/{grown}", 200,
         again=("products/{plain}", _STOCK.format("plain"))),
)  # fmt: skip

GONE = (
    Step("combination: DELETE", "DELETE", "combinations/{s0}", 200,
         again=("combinations/{s0}", *SNEAKER)),
    Step("combination: DELETE the default", "DELETE", "combinations/{s40}", 200, again=SNEAKER),
    Step("combination: DELETE with stock", "DELETE", "combinations/{s41}", 200, again=SNEAKER),
    Step("combination: emptied by the product", "PATCH", "products", 200,
         body=one("product", {"id": "{sneaker}"}, {"combinations": []}), again=SNEAKER),
    Step("combination: one after all were gone", "POST", "combinations", 201, makes=("late",),
         body=combination(("{size40}",)), again=SNEAKER),
    Step("combination: DELETE the last", "DELETE", "combinations/{late}", 200, again=SNEAKER),
    Step("option: DELETE with its values", "DELETE", "product_options/{colour}", 200,
         again=("product_option_values/{red}",)),
    Step("value: both languages changed", "PATCH", "product_option_values", 200,
         body=one("product_option_value", {"id": "{size40}", "name": both("40 EU")}),
         again=("product_option_values/{size40}",)),
)  # fmt: skip

STEPS = (*MADE, *CHANGED, *BATCHES, *STOCK, *GROWN)
