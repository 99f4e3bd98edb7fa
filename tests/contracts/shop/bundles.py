"""Steps: packs, accessories and tags of a product, replaced as wholes, kept by other writes."""

from tests.contracts.shop.bodies import Rows, entity, ids, many, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_READ = (
    "products/{box}?display=[id,type,product_type,cache_is_pack,"
    "product_bundle[id,id_product_attribute,quantity],accessories[id],tags[id]]",
)


def _item(product_id: str, quantity: str, **more: str) -> tuple[str, dict[str, str]]:
    return "product", {"id": product_id, **more, "quantity": quantity}


def _set(name: str, lists: dict[str, Rows], status: int = 200, *codes: int) -> Step:
    return Step(f"pack: {name}", "PATCH", "products", status, codes=codes,
                body=one("product", {"id": "{box}"}, lists), again=_READ)  # fmt: skip


PACKS = (
    Step("pack: what goes in", "POST", "products", 201, makes=("sock", "lace", "cap"),
         body=many(*(entity("product", {"reference": f"NEW-{name}", "price": "1", "state": "1",
                                        "name": {1: name, 2: name}})
                     for name in ("SOCK", "LACE", "CAP")))),
    *(
        Step(f"pack: size {size} of the sock", "POST", "combinations", 201,
             makes=(f"sock{size}",), body=combination((f"{{size{size}}}",), {}, owner="{sock}"))
        for size in ("40", "41")
    ),
    Step("pack: made", "POST", "products", 201, makes=("box",),
         body=product("NEW-BOX", {"product_type": "pack"},
                      {"product_bundle": [_item("{lace}", "2"), _item("{cap}", "1")]}),
         again=_READ),
    Step("pack: another", "POST", "products", 201, makes=("kit",),
         body=product("NEW-KIT", {}, {"product_bundle": [_item("{lace}", "1")]}),
         again=("products/{kit}",)),
    Step("pack: by the computed field, empty", "PATCH", "products", 200,
         body=one("product", {"id": "{cap}", "type": "pack"}), again=("products/{cap}",)),
    Step("pack: by the computed field, of sizes", "PATCH", "products", 200,
         body=one("product", {"id": "{sock}", "type": "pack"}), again=("products/{sock}",)),
    _set("a size", {"product_bundle": [_item("{sock}", "3", id_product_attribute="{sock41}")]}),
    _set("a size by the name that is read",
         {"product_bundle": [_item("{sock}", "3", product_attribute_id="{sock41}")]}),
    _set("two sizes", {"product_bundle": [
        _item("{sock}", "1", product_attribute_id="{sock40}"),
        _item("{sock}", "2", product_attribute_id="{sock41}")]}),
    _set("the same twice", {"product_bundle": [_item("{lace}", "1"), _item("{lace}", "2")]}, 500),
    _set("unknown product, no number, id 0",
         {"product_bundle": [_item("999999", "1"), _item("{cap}", "many"), _item("0", "1")]}),
    _set("no quantity", {"product_bundle": [("product", {"id": "{lace}"})]}, 500),
    _set("none", {"product_bundle": ()}),
    Step("pack: none, no pack any more", "PATCH", "products", 200,
         body=one("product", {"id": "{box}", "product_type": "standard"}, {"product_bundle": ()}),
         again=_READ),
    _set("filled again", {"product_bundle": [
        _item("{lace}", "2"), _item("{sock}", "1", product_attribute_id="{sock40}"),
        _item("{cap}", "1")]}),
    Step("pack: made a simple product", "PATCH", "products", 200,
         body=one("product", {"id": "{box}", "type": "simple"}), again=_READ),
    _set("filled once more", {"product_bundle": [
        _item("{lace}", "2"), _item("{sock}", "1", product_attribute_id="{sock40}"),
        _item("{cap}", "1")]}),
    Step("pack: of a virtual product", "POST", "products", 500, codes=(85,), field="",
         body=product("NEW-VIRTUAL", {"is_virtual": "1"},
                      {"product_bundle": [_item("{lace}", "2")]}),
         again=("products?filter[reference]=NEW-VIRTUAL&display=[id,is_virtual,product_type,"
                "product_bundle[id]]",)),
    Step("pack: kept by a PATCH", "PATCH", "products", 200,
         body=one("product", {"id": "{box}", "price": "12"}), again=_READ),
    Step("pack: an item deleted", "DELETE", "products/{cap}", 200, again=_READ),
    Step("pack: a size deleted", "DELETE", "combinations/{sock40}", 200, again=_READ),
)  # fmt: skip

BESIDE = (
    Step("beside: tags", "POST", "tags", 201, makes=("warm", "chaud"),
         body=many(entity("tag", {"id_lang": "1", "name": "script warm"}),
                   entity("tag", {"id_lang": "2", "name": "script chaud"}))),
    _set("accessories and tags", {"accessories": ids("product", "{lace}", "{sock}"),
                                  "tags": ids("tag", "{warm}", "{chaud}")}),
    _set("accessories twice and unknown", {"accessories": ids("product", "{lace}", "{lace}",
                                                              "999999", "{box}")}),
    _set("accessories, none", {"accessories": ()}),
    _set("accessories in another order", {"accessories": ids("product", "{sock}", "{lace}")}),
    _set("tags twice", {"tags": ids("tag", "{warm}", "{warm}")}, 500),
    _set("tags, unknown", {"tags": ids("tag", "999999", "{chaud}")}),
    Step("beside: a tag given again", "POST", "tags", 201, makes=("warm2",),
         body=one("tag", {"id_lang": "1", "name": "script warm"}), again=("tags/{warm2}",)),
    Step("beside: kept by a PUT without lists", "PUT", "products", 200,
         body=product("NEW-BOX", {"id": "{box}"}, {"categories": ids("category", "2")}),
         again=_READ),
    Step("beside: an accessory deleted", "DELETE", "products/{lace}", 200, again=_READ),
    Step("beside: a tag deleted", "DELETE", "tags/{chaud}", 200, again=_READ),
    Step("beside: what was virtual", "GET", "products?filter[reference]=NEW-VIRTUAL&display=[id]",
         200, makes=("cloud",),
         again=("stock_availables?filter[id_product]=[{cloud}]&display=full",)),
    Step("beside: virtual no more", "PATCH", "products", 200,
         body=one("product", {"id": "{cloud}", "is_virtual": "0"}),
         again=("products/{cloud}?display=[id,type,is_virtual,product_type]",)),
    Step("beside: virtual again", "PATCH", "products", 200,
         body=one("product", {"id": "{cloud}", "is_virtual": "1", "product_type": "standard"}),
         again=("products/{cloud}?display=[id,type,is_virtual,product_type]",
                "stock_availables?filter[id_product]=[{cloud}]&display=full")),
    Step("beside: products gone", "DELETE", "products?id=[{box},{sock},{cloud},{kit}]", 200),
)  # fmt: skip

STEPS = (*PACKS, *BESIDE)
