"""Steps: who may ask, for what, and in which form; nothing is written here but one brand."""

from tests.contracts.shop.bodies import entity, one
from tests.contracts.shop.model import Step

_WRONG_KEY = "WRONGKEY000000000000000000000001"
_JSON = (("Io-Format", "JSON"),)
_BRAND = one("manufacturer", {"name": "Script Brand", "active": "1"})
_BARE = entity("manufacturer", {"name": "x"})

KEYS = (
    Step("no key", "GET", "languages?display=[id]", 401, key=""),
    Step("no key, writing", "POST", "manufacturers", 401, body=_BRAND, key=""),
    Step("wrong key", "GET", "languages", 401, codes=(20, 21), key=_WRONG_KEY),
    Step("disabled key", "GET", "languages", 401, codes=(20, 21), key="disabled"),
    Step("short key", "GET", "languages", 401, codes=(18,), key="SHORT"),
    Step("wrong key, JSON", "GET", "languages?output_format=JSON", 401, key=_WRONG_KEY),
    Step("key in the address", "GET", "languages?ws_key={full key}&display=[id]", 200, key=""),
    Step("wrong key in the address", "GET", "languages?ws_key=SHORT", 401, codes=(18,), key=""),
    Step(
        "the header wins over the address",
        "GET",
        "languages?ws_key=SHORT&display=[id]",
        200,
    ),
    Step("restricted: granted", "GET", "languages?display=[id,iso_code]", 200, key="restricted"),
    Step("restricted: other resource", "GET", "customers", 401, codes=(26,), key="restricted"),
    Step(
        "restricted: other verb",
        "PUT",
        "manufacturers",
        405,
        body=_BRAND,
        codes=(25,),
        key="restricted",
    ),
    Step(
        "restricted: no PATCH",
        "PATCH",
        "manufacturers",
        405,
        body=_BRAND,
        codes=(25,),
        key="restricted",
    ),
    Step("restricted: HEAD", "HEAD", "languages", 405, key="restricted"),
    Step("restricted: root", "GET", "", 200, key="restricted"),
)

ADDRESSES = (
    Step("root", "GET", "", 200),
    Step("root, JSON", "GET", "?output_format=JSON", 500),
    Step("unknown resource", "GET", "nonsense", 400, codes=(27,)),
    Step("unknown resource, JSON", "GET", "nonsense?output_format=JSON", 400),
    Step("unknown resource, writing", "POST", "nonsense", 400, body=_BRAND, codes=(27,)),
    Step("unknown verb", "OPTIONS", "languages", 405, codes=(23,)),
    Step("invented verb", "BREW", "languages", 405, codes=(23,)),
    Step("unknown id", "GET", "products/999999", 404),
    Step("unknown id, JSON", "GET", "products/999999?output_format=JSON", 404),
    Step("id that is no number", "GET", "products/abc", 404),
    Step("id 0", "GET", "products/0", 404),
    Step("negative id", "GET", "products/-1", 404),
    Step("HEAD of an unknown id", "HEAD", "products/999999", 404),
    Step("HEAD of a list", "HEAD", "languages", 200),
    Step("HEAD of one", "HEAD", "languages/1", 200),
    Step("one language", "GET", "languages/1", 200),
    Step("one language, more segments", "GET", "languages/1/2/3", 200),
    Step("DELETE of an unknown id", "DELETE", "products/999999", 404, codes=(87,)),
    Step("DELETE without an id", "DELETE", "products", 404),
    Step(
        "PUT of an unknown id",
        "PUT",
        "manufacturers",
        404,
        body=one("manufacturer", {"id": "999999", "name": "x"}),
        codes=(92,),
    ),
    Step(
        "PATCH of an unknown id",
        "PATCH",
        "manufacturers",
        404,
        body=one("manufacturer", {"id": "999999", "name": "x"}),
        codes=(92,),
    ),
    Step(
        "PUT without id, id in the address",
        "PUT",
        "manufacturers/1",
        400,
        body=one("manufacturer", {"name": "x"}),
        codes=(90,),
    ),
    Step(
        "POST with an id",
        "POST",
        "manufacturers",
        400,
        body=one("manufacturer", {"id": "5", "name": "x"}),
        codes=(91,),
    ),
    Step("search without a question", "GET", "search", 400, codes=(100,)),
    Step("POST stock", "POST", "stock_availables", 405, body=_BRAND, codes=(101,)),
    Step("DELETE stock", "DELETE", "stock_availables/1", 405, codes=(101,)),
)

BODIES = (
    Step("empty body", "POST", "manufacturers", 500),
    Step("no XML", "POST", "manufacturers", 500, body='{"manufacturer": {"name": "x"}}'),
    Step("broken XML", "POST", "manufacturers", 500, body="<prestashop><manufacturer>"),
    Step("no entity", "POST", "manufacturers", 201, body="<prestashop></prestashop>"),
    Step(
        "entity without the root",
        "POST",
        "manufacturers",
        400,
        body="<manufacturer><name>Rootless</name></manufacturer>",
        codes=(41,),
        again=("manufacturers?filter[name]=Rootless&display=[name]",),
    ),
    Step(
        "brands in their plural",
        "PATCH",
        "manufacturers",
        400,
        body="<prestashop><manufacturers><manufacturer><id>1</id></manufacturer></manufacturers>"
        "</prestashop>",
        codes=(90,),
    ),
    Step(
        "another element's name",
        "POST",
        "manufacturers",
        201,
        body=one("supplier", {"name": "Script Brand", "active": "1"}),
        makes=("brand",),
        again=("manufacturers/{brand}", "manufacturers/{brand}?output_format=JSON"),
    ),
    Step(
        "body behind xml=",
        "PUT",
        "manufacturers",
        200,
        body="xml=" + one("manufacturer", {"id": "{brand}", "name": "Brand 2", "active": "1"}),
        again=("manufacturers/{brand}",),
    ),
    Step(
        "POST as PATCH",
        "POST",
        "manufacturers?ps_method=PATCH",
        200,
        body=one("manufacturer", {"id": "{brand}", "name": "Brand 3"}),
        again=("manufacturers/{brand}",),
    ),
    Step(
        "GET as DELETE", "GET", "manufacturers/{brand}?ps_method=DELETE", 200,
        again=("manufacturers/{brand}",),
    ),
    Step("JSON by header", "GET", "languages?display=[id,name]", 200, headers=_JSON),
    Step(
        "JSON by the other header",
        "GET",
        "languages?display=[id]",
        200,
        headers=(("Output-Format", "JSON"),),
    ),
    Step(
        "Accept is ignored",
        "GET",
        "languages?display=[id]",
        200,
        headers=(("Accept", "application/json"),),
    ),
    Step("unknown output format", "GET", "languages?output_format=YAML&display=[id]", 200),
)  # fmt: skip

_SHOWN = (
    "products", "combinations", "stock_availables", "categories", "manufacturers",
    "product_options", "product_option_values", "specific_prices", "customers", "addresses",
    "carts", "orders", "order_histories", "order_carriers", "order_details", "order_payments",
    "order_states", "configurations", "messages", "tax_rule_groups", "languages", "carriers",
)  # fmt: skip
SCHEMAS = (
    *(Step(f"synopsis of {name}", "GET", f"{name}?schema=synopsis", 200) for name in _SHOWN),
    *(
        Step(f"blank {name}", "GET", f"{name}?schema=blank", 200)
        for name in ("products", "customers", "orders", "stock_availables")
    ),
    Step("unknown schema", "GET", "products?schema=nonsense", 500),
)

STEPS = (*KEYS, *ADDRESSES, *BODIES, *SCHEMAS)
