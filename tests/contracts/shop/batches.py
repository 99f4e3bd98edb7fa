"""Steps: several entities in one request, with a bad one among them."""

from tests.contracts.shop.bodies import Value, both, entity, many
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import USABLE

_NEW = "products?filter[reference]=[{}]%25&display=[id,reference,price]&sort=[id_ASC]"
_OLD = "products?filter[id]=[{p1}|{p2}|{p3}]&display=[id,reference,price,name]"
_BRANDS = "manufacturers?filter[name]=[{}]%25&display=[id,name]&sort=[id_ASC]"


def _products(prefix: str, *changes: dict[str, Value]) -> str:
    return many(
        *(
            entity(
                "product",
                {"reference": f"{prefix}{rank}", "name": both(f"{prefix} {rank}"), **USABLE, **one},
            )
            for rank, one in enumerate(changes, start=1)
        )
    )


def _brands(prefix: str, *names: str) -> str:
    return many(
        *(
            entity("manufacturer", {"name": prefix + name, "active": "1"} if name else {})
            for name in names
        )
    )


PRODUCTS = (
    Step("batch: three products", "POST", "products", 201, makes=("p1", "p2", "p3"),
         body=_products("SCRA", {}, {}, {}), again=(_NEW.format("SCRA"), "products/{p2}")),
    Step("batch: the third product bad", "POST", "products", 400, codes=(85,), field="price",
         body=_products("SCRB", {}, {}, {"price": "-1"}, {}), again=(_NEW.format("SCRB"),)),
    Step("batch: the third name bad", "POST", "products", 400, codes=(84,), field="name",
         body=_products("SCRC", {}, {}, {"name": both("<")}, {}), again=(_NEW.format("SCRC"),)),
    Step("batch: the third without languages", "POST", "products", 500,
         body=_products("SCRD", {}, {}, {"name": "x"}, {}), again=(_NEW.format("SCRD"),)),
    Step("batch: the third with an id", "POST", "products", 400, codes=(91,),
         body=_products("SCRE", {}, {}, {"id": "5"}, {}), again=(_NEW.format("SCRE"),)),
    Step("batch: PATCH three products", "PATCH", "products", 200,
         body=many(*(entity("product", {"id": f"{{p{n}}}", "price": f"{n}.5"}) for n in (1, 2, 3))),
         again=(_OLD,)),
    Step("batch: PATCH, the third unknown", "PATCH", "products", 404, codes=(92,),
         body=many(*(entity("product", {"id": one, "price": "7"})
                     for one in ("{p1}", "{p2}", "999999", "{p3}"))), again=(_OLD,)),
    Step("batch: PATCH, the third bad", "PATCH", "products", 400, codes=(84,), field="name",
         body=many(entity("product", {"id": "{p1}", "price": "8"}),
                   entity("product", {"id": "{p2}", "price": "8"}),
                   entity("product", {"id": "{p3}", "name": both("a", "b;c")})), again=(_OLD,)),
    Step("batch: PATCH, the third without id", "PATCH", "products", 400, codes=(90,),
         body=many(entity("product", {"id": "{p1}", "price": "9"}),
                   entity("product", {"id": "{p2}", "price": "9"}),
                   entity("product", {"price": "9"})), again=(_OLD,)),
    Step("batch: PUT, the third lacks the price", "PUT", "products", 400, codes=(41,),
         field="price",
         body=many(entity("product", {"id": "{p1}", "price": "6", "name": both("a")}),
                   entity("product", {"id": "{p2}", "price": "6", "name": both("b")}),
                   entity("product", {"id": "{p3}", "name": both("c")})), again=(_OLD,)),
    Step("batch: answer in JSON", "PATCH", "products?output_format=JSON", 200,
         body=many(entity("product", {"id": "{p1}", "price": "5"}),
                   entity("product", {"id": "{p2}", "price": "5"})), again=(_OLD,)),
    Step("batch: an error in JSON", "PATCH", "products?output_format=JSON", 400,
         body=many(entity("product", {"id": "{p1}", "price": "4"}),
                   entity("product", {"id": "{p2}", "price": "x"})), again=(_OLD,)),
)  # fmt: skip

BRANDS = (
    Step("batch: three brands", "POST", "manufacturers", 201, makes=("m1", "m2", "m3"),
         body=_brands("ScriptA", "1", "2", "3"), again=(_BRANDS.format("ScriptA"),)),
    Step("batch: the third brand bad", "POST", "manufacturers", 400, codes=(85,), field="name",
         body=_brands("ScriptB", "1", "2", "=", "4"), again=(_BRANDS.format("ScriptB"),)),
    Step("batch: the third brand without name", "POST", "manufacturers", 400, codes=(41,),
         field="name", body=_brands("ScriptC", "1", "2", "", "4"),
         again=(_BRANDS.format("ScriptC"),)),
    Step("batch: PATCH brands, the third unknown", "PATCH", "manufacturers", 404, codes=(92,),
         body=many(*(entity("manufacturer", {"id": one, "name": "ScriptA changed"})
                     for one in ("{m1}", "{m2}", "999999", "{m3}"))),
         again=(_BRANDS.format("ScriptA"),)),
    Step("batch: PUT brands, the third bad", "PUT", "manufacturers", 400, codes=(85,),
         field="name",
         body=many(*(entity("manufacturer", {"id": one, "name": name})
                     for one, name in (("{m1}", "ScriptA x"), ("{m2}", "ScriptA y"),
                                       ("{m3}", "ScriptA <")))),
         again=(_BRANDS.format("ScriptA"),)),
    Step("batch: DELETE brands, one unknown", "DELETE", "manufacturers?id=[{m1},999999]", 404,
         codes=(87,), again=(_BRANDS.format("ScriptA"),)),
    Step("batch: DELETE brands", "DELETE", "manufacturers?id=[{m1},{m2},{m3}]", 200,
         again=(_BRANDS.format("ScriptA"),)),
)  # fmt: skip

STEPS = (*PRODUCTS, *BRANDS)
