"""Steps: suppliers, and who supplies a product or a combination under which reference."""

from tests.contracts.shop.bodies import Value, both, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_ROWS = ("product_suppliers?filter[id_product]=[{slipper}]&display=full&sort=[id_ASC]",)


def _bad(name: str, changes: dict[str, Value], code: int, field: str) -> Step:
    values: dict[str, Value] = {"name": "Script bad", "active": "1"}
    kept = {key: value for key, value in (values | changes).items() if value != "-"}
    return Step(f"supplier: {name}", "POST", "suppliers", 400, codes=(code,), field=field,
                body=one("supplier", kept),
                again=("suppliers?filter[name]=[Script bad]%25&display=[id]",))  # fmt: skip


SUPPLIERS = (
    Step("supplier: whole", "POST", "suppliers", 201, makes=("tannery",),
         body=one("supplier", {"name": "Script tannery & sons", "active": "1",
                               "description": both("<p>Old</p>", "<p>Vieille</p>"),
                               "meta_title": both("Tannery", "Tannerie")}),
         again=("suppliers/{tannery}",)),
    Step("supplier: the same name, switched off", "POST", "suppliers", 201, makes=("tannery2",),
         body=one("supplier", {"name": "Script tannery & sons"}),
         again=("suppliers/{tannery2}",)),
    Step("supplier: an address sent", "PUT", "suppliers", 200,
         body=one("supplier", {"id": "{tannery2}", "name": "Script tanner",
                               "link_rewrite": "mine"}),
         again=("suppliers/{tannery2}",)),
    _bad("no name", {"name": "-"}, 41, "name"),
    _bad("65 signs", {"name": "n" * 65}, 85, "name"),
    _bad("name with =", {"name": "a=b"}, 85, "name"),
    _bad("a script in its text", {"description": both("<script>1</script>")}, 84, "description"),
    Step("supplier: PATCH", "PATCH", "suppliers", 200,
         body=one("supplier", {"id": "{tannery2}", "active": "1"}),
         again=("suppliers/{tannery2}",)),
    Step("supplier: PUT resets", "PUT", "suppliers", 200,
         body=one("supplier", {"id": "{tannery2}", "name": "Script tanner"}),
         again=("suppliers/{tannery2}",)),
    Step("supplier: by name", "GET", "suppliers?filter[name]=[Script tan]%25&display=[id,name]"
         "&sort=[id_ASC]", 200),
)  # fmt: skip


def _row(changes: dict[str, Value], without: str = "") -> str:
    usual: dict[str, Value] = {
        "id_product": "{slipper}", "id_product_attribute": "0", "id_supplier": "{tannery}",
        "id_currency": "1", "product_supplier_reference": "T-1",
        "product_supplier_price_te": "3.25",
    }  # fmt: skip
    values = {name: value for name, value in (usual | changes).items() if name != without}
    return one("product_supplier", values)


def _post(name: str, handle: str, changes: dict[str, Value], without: str = "") -> Step:
    return Step(f"supplying: {name}", "POST", "product_suppliers", 201, makes=(handle,),
                body=_row(changes, without),
                again=(f"product_suppliers/{{{handle}}}", *_ROWS))  # fmt: skip


def _refused(
    name: str, changes: dict[str, Value], code: int, field: str, without: str = ""
) -> Step:
    return Step(f"supplying: {name}", "POST", "product_suppliers", 400, codes=(code,),
                field=field, body=_row(changes, without), again=_ROWS)  # fmt: skip


ROWS = (
    Step("supplying: a product", "POST", "products", 201, makes=("slipper",),
         body=product("NEW-SLIPPER", {"id_supplier": "{tannery}"}), again=_ROWS),
    *(
        Step(f"supplying: size {size}", "POST", "combinations", 201, makes=(f"slip{size}",),
             body=combination((f"{{size{size}}}",), {}, owner="{slipper}"))
        for size in ("40", "41")
    ),
    _post("the product", "sp0", {}),
    _post("a size", "sp40", {"id_product_attribute": "{slip40}",
                             "product_supplier_reference": "T-1-40"}),
    _post("a size by another", "sp40b", {"id_product_attribute": "{slip40}",
                                         "id_supplier": "{tannery2}"}),
    _post("without currency, reference, price", "sp41",
          {"id_product_attribute": "{slip41}", "product_supplier_reference": "",
           "product_supplier_price_te": "0"}, without="id_currency"),
    _post("an unknown product", "splost", {"id_product": "999999", "id_supplier": "999999"}),
    Step("supplying: the same again", "POST", "product_suppliers", 500, body=_row({}),
         again=_ROWS),
    Step("supplying: PATCH into another", "PATCH", "product_suppliers", 500,
         body=one("product_supplier", {"id": "{sp41}", "id_product_attribute": "{slip40}"}),
         again=_ROWS),
    _refused("no product", {}, 41, "id_product", without="id_product"),
    _refused("no size", {}, 41, "id_product_attribute", without="id_product_attribute"),
    _refused("no supplier", {}, 41, "id_supplier", without="id_supplier"),
    _refused("price below 0", {"product_supplier_price_te": "-1"}, 85,
             "product_supplier_price_te"),
    _refused("reference with <", {"product_supplier_reference": "a<b"}, 85,
             "product_supplier_reference"),
    _refused("reference of 65 signs", {"product_supplier_reference": "r" * 65}, 85,
             "product_supplier_reference"),
    Step("supplying: PATCH", "PATCH", "product_suppliers", 200,
         body=one("product_supplier", {"id": "{sp40}", "product_supplier_price_te": "2.1234567"}),
         again=("product_suppliers/{sp40}",)),
    Step("supplying: PUT resets", "PUT", "product_suppliers", 200,
         body=one("product_supplier", {"id": "{sp40}", "id_product": "{slipper}",
                                       "id_product_attribute": "{slip40}",
                                       "id_supplier": "{tannery}"}),
         again=("product_suppliers/{sp40}",)),
    Step("supplying: the product's date", "GET", "products/{slipper}?display=[id]", 200,
         again=("products/{slipper}?display=[id,date_upd]",)),
    Step("supplying: does not move the product's date", "PATCH", "product_suppliers", 200,
         pause=True,
         body=one("product_supplier", {"id": "{sp0}", "product_supplier_reference": "T-2"}),
         again=("products/{slipper}?display=[id,date_upd,id_supplier,supplier_reference]",)),
)  # fmt: skip

GONE = (
    Step("supplying: gone with its size", "DELETE", "combinations/{slip41}", 200,
         again=("product_suppliers/{sp41}", *_ROWS)),
    Step("supplier: DELETE", "DELETE", "suppliers/{tannery}", 200,
         again=("suppliers/{tannery}", "products/{slipper}?display=[id,id_supplier]", *_ROWS)),
    Step("supplying: gone with its product", "DELETE", "products/{slipper}", 200,
         again=("product_suppliers/{sp40b}", *_ROWS)),
    Step("supplying: of nothing, gone", "DELETE", "product_suppliers/{splost}", 200),
    Step("supplier: the other gone", "DELETE", "suppliers/{tannery2}", 200),
)  # fmt: skip

STEPS = (*SUPPLIERS, *ROWS, *GONE)
