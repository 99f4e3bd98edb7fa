"""Steps: filters, order, limit, languages, what is shown, JSON; over the batch's three products."""

from urllib.parse import quote

from tests.contracts.shop.model import Step

# The warnings of PHP that follow an error in the question.
_PHP = (3, 3, 3, 3)
_MINE = "filter[id]=[{p1}|{p2}|{p3}]"


def _read(name: str, query: str, status: int = 200, *codes: int, field: str = "") -> Step:
    return Step(f"read: {name}", "GET", f"products?{query}", status, codes=codes, field=field)


def _found(name: str, condition: str) -> Step:
    return _read(f"filter {name}", f"{condition}&{_MINE}&display=[id,reference]")


_REFERENCE = "filter[reference]="
FILTERS = (
    _found("exact", f"{_REFERENCE}SCRA1"),
    _found("in brackets", f"{_REFERENCE}[SCRA1]"),
    _found("other case", f"{_REFERENCE}scra1"),
    _found("accented", f"{_REFERENCE}" + quote("sçrÀ1")),
    _found("of two", f"{_REFERENCE}[SCRA1|SCRA3|nope]"),
    _found("begins with", f"{_REFERENCE}[SCRA]%25"),
    _found("ends with", f"{_REFERENCE}%25[3]"),
    _found("contains", f"{_REFERENCE}%25[CRA]%25"),
    _found("wildcard inside", f"{_REFERENCE}[S_RA]%25"),
    _found("wildcard without percent", f"{_REFERENCE}[S_RA1]"),
    _found("differs", f"{_REFERENCE}![SCRA1]"),
    _found("differs from two", f"{_REFERENCE}![SCRA1|SCRA2]"),
    _found("greater text", f"{_REFERENCE}>[SCRA1]"),
    _found("lesser text", f"{_REFERENCE}<[SCRA3]"),
    _found("empty brackets", f"{_REFERENCE}[]"),
    _found("interval of texts", f"{_REFERENCE}[SCRA1,SCRA2]"),
    _found("price interval", "filter[price]=[4,6]"),
    _found("price interval, reversed", "filter[price]=[6,4]"),
    _found("price greater", "filter[price]=>[5]"),
    _found("price lesser", "filter[price]=<[7]"),
    _found("price equal", "filter[price]=[5]"),
    _found("price equal, decimals", "filter[price]=5.000000"),
    _found("price no number", "filter[price]=[abc]"),
    _found("bool", "filter[active]=1"),
    _found("bool off", "filter[active]=[0]"),
    _found("greater than nothing", "filter[id]=>[0]"),
    _found("name", "filter[name]=[SCRA]%25"),
    _found("name in a language", "filter[name][1]=[a]"),
    _found("two conditions", f"{_REFERENCE}[SCRA]%25&filter[active]=0"),
    _read("ids by interval", "filter[id]=[{p1},{p3}]&display=[id]"),
    _read("ids by list", f"{_MINE}&display=[id]"),
    _read("ids by list with text", "filter[id]=[{p1}|abc]&display=[id]"),
    _read("one id", "filter[id]={p1}&display=[id]"),
    _read("greater id", "filter[id]=>[{p1}]&filter[reference]=[SCRA]%25&display=[id]"),
    _read("nothing found", f"{_REFERENCE}nope&display=full"),
    _read("nothing found, ids", f"{_REFERENCE}nope"),
    _read("nothing found, JSON", f"{_REFERENCE}nope&output_format=JSON"),
    _read("date without date=1", "filter[date_upd]=>[2020-01-01]", 500, 32, *_PHP),
    _read("date with date=1", f"filter[date_upd]=>[2020-01-01]&date=1&{_MINE}&display=[id]"),
    _read("date interval",
          f"filter[date_add]=[2020-01-01,2090-01-01 10:00:00]&date=1&{_MINE}&display=[id]"),
    _read("date in the future", f"filter[date_upd]=>[2090-01-01]&date=1&{_MINE}&display=[id]"),
    _read("unknown filter", "filter[bogus]=1", 500, 32, *_PHP),
    _read("unknown filter, JSON", "filter[bogus]=1&output_format=JSON", 500),
    _read("empty filter", "filter[reference]=", 500),
    _read("computed filter", "filter[manufacturer_name]=[Acme]", 500),
    _read("quantity filter", "filter[quantity]=[1]", 500),
    _read("type filter", "filter[type]=[simple]", 500),
    _read("filter of an association", "filter[categories]=[1]&filter[id]={p1}&display=[id]", 500),
    _read("id= is ignored", f"id=[1]&{_MINE}&display=[id]"),
)  # fmt: skip

SHOWN = (
    _read("ids and links", _MINE),
    _read("full", f"{_MINE}&display=full"),
    _read("some fields in any order", f"{_MINE}&display=[price,id,reference]"),
    _read("fields without id", f"{_MINE}&display=[price]"),
    _read("a name", f"{_MINE}&display=[id,name]"),
    _read("computed fields", f"{_MINE}&display=[id,quantity,type,id_default_image,"
          "id_default_combination,manufacturer_name,position_in_category]"),
    _read("unknown field", f"{_MINE}&display=[id,bogus]", 500, 35, *_PHP),
    _read("display without brackets", f"{_MINE}&display=id", 500, 36, *_PHP),
    _read("one association", f"{_MINE}&display=[id,stock_availables[id]]"),
    _read("an association with two cells",
          f"{_MINE}&display=[id,stock_availables[id,id_product_attribute]]"),
    _read("an association without its cells", f"{_MINE}&display=[id,stock_availables]", 500, 35,
          *_PHP),
    _read("associations as a field", f"{_MINE}&display=[id,associations]", 500, 35, *_PHP),
    _read("unknown cell", f"{_MINE}&display=[id,stock_availables[bogus]]", 500, 35, *_PHP),
    _read("unknown association", f"{_MINE}&display=[id,bogus[id]]", 500, 35, *_PHP),
    _read("categories", "filter[id]=[{shoe}]&display=[id,categories[id],images[id]]"),
    _read("option values of a product",
          "filter[id]=[{sneaker}]&display=[id,product_option_values[id],combinations[id]]"),
    Step("read: products of a category", "GET",
         "categories?filter[id]=[{shoes}]&display=[id,categories[id],products[id]]", 200),
    Step("read: values of an option by name", "GET",
         "product_options?filter[id]=[{size}]&display=[id,product_option_values[id]]", 200),
    _read("one with display", "filter[id]=[{shoe}]&display=[id,price,name]"),
    Step("read: one entity with display", "GET", "products/{shoe}?display=[id,price]", 200),
    Step("read: one entity full", "GET", "products/{shoe}?display=full", 200),
    Step("read: one entity, unknown field", "GET", "products/{shoe}?display=[bogus]", 400,
         codes=(35,)),
    Step("read: one entity, one language", "GET", "products/{shoe}?language=2", 200),
    Step("read: one entity, a filter beside", "GET", "products/{shoe}?filter[bogus]=1", 200),
    _read("two languages, one unknown", f"{_MINE}&display=[id,name]&language=[1|9]"),
    _read("one language in brackets", f"{_MINE}&display=[id,name]&language=[2]"),
    _read("language", f"{_MINE}&display=[id,name]&language=2"),
    _read("two languages", f"{_MINE}&display=[id,name]&language=[1|2]"),
    _read("an interval of languages", f"{_MINE}&display=[id,name]&language=[1,2]"),
    _read("unknown language", f"{_MINE}&display=[id,name]&language=9", 400, 81),
    _read("language by its code", f"{_MINE}&display=[id,name]&language=fr", 400, 79, 81),
)  # fmt: skip

ORDER = (
    _read("sort", f"{_MINE}&display=[id,reference]&sort=[reference_DESC]"),
    _read("sort by two", f"{_MINE}&display=[id,price]&sort=[price_ASC,id_DESC]"),
    _read("sort without brackets", f"{_MINE}&display=[id]&sort=id_DESC"),
    _read("sort by a name", f"{_MINE}&display=[id]&sort=[name_DESC]"),
    _read("sort in small letters", f"{_MINE}&display=[id]&sort=[id_desc]"),
    _read("sort by date without date=1", f"{_MINE}&display=[id]&sort=[date_add_ASC,id_ASC]", 500,
          38, *_PHP),
    _read("sort by date",
          "filter[id]=[{p3}|{full}]&display=[id]&date=1&sort=[date_add_DESC,id_ASC]"),
    _read("unknown sort", f"{_MINE}&sort=[bogus_ASC]", 500, 38, *_PHP),
    _read("sort without direction", f"{_MINE}&sort=[id]", 500, 37, *_PHP),
    _read("limit", f"{_MINE}&display=[id]&limit=2&sort=[id_ASC]"),
    _read("limit with offset", f"{_MINE}&display=[id]&limit=1,2&sort=[id_ASC]"),
    _read("limit past the end", f"{_MINE}&display=[id]&limit=5,2"),
    _read("limit 0", f"{_MINE}&display=[id]&limit=0"),
    _read("limit of text", f"{_MINE}&display=[id]&limit=abc"),
)  # fmt: skip

JSON = (
    _read("JSON ids", f"{_MINE}&output_format=JSON"),
    _read("JSON list", f"{_MINE}&display=[id,price,name]&output_format=JSON"),
    _read("JSON full", f"{_MINE}&display=full&output_format=JSON"),
    _read("JSON in one language", f"{_MINE}&display=[id,name]&language=1&output_format=JSON"),
    _read("JSON of one row", "filter[id]=[{p1}]&display=[id,price]&output_format=JSON"),
    Step("read: JSON of one", "GET", "products/{shoe}?output_format=JSON", 200),
    Step("read: JSON of one, shown", "GET",
         "products/{shoe}?display=[id,name]&output_format=JSON", 200),
    Step("read: JSON of one category", "GET", "categories/{boots}?output_format=JSON", 200),
    Step("read: JSON of one stock row", "GET", "stock_availables/{row40}?output_format=JSON", 200),
    Step("read: JSON of one image list", "GET", "images/products/{shoe}?output_format=JSON", 404),
)  # fmt: skip

CONSTANTS = (
    Step("read: languages", "GET", "languages?display=[id,name,iso_code,active]", 200),
    Step("read: order states", "GET", "order_states?display=[id,logable,invoice,paid,shipped,"
         "delivery,send_email,deleted,hidden,module_name]&sort=[id_ASC]", 200),
    Step("read: tax groups", "GET", "tax_rule_groups?display=[id,name,active,deleted]", 200),
    Step("read: France", "GET", "countries?filter[iso_code]=FR&display=[id,iso_code]", 200),
    Step("read: currencies", "GET", "currencies?display=[id,iso_code,conversion_rate]", 200),
    Step("read: tax rules", "GET", "tax_rules?filter[id_country]=8&display=[id_tax_rules_group,"
         "id_country,id_tax]&sort=[id_tax_rules_group_ASC]", 200),
    Step("read: taxes", "GET", "taxes?filter[id]=[1|2|3|4]&display=[id,rate,active]", 200),
    Step("read: carriers", "GET", "carriers?display=[id,id_reference,active,deleted,is_free,"
         "shipping_method]&sort=[id_ASC]&limit=1", 200),
    Step("read: kinds of images", "GET", "image_types?display=[id,name,width,height]"
         "&sort=[id_ASC]", 200),
    Step("read: groups", "GET", "groups?display=[id,price_display_method,show_prices]", 200),
    Step("read: shops", "GET", "shops?display=[id,id_shop_group,active,deleted]", 200),
    Step("read: setting", "GET",
         "configurations?filter[name]=PS_DISP_UNAVAILABLE_ATTR&display=full", 200,
         makes=("setting",)),
    *(
        Step(f"read: setting {name}", "GET",
             f"configurations?filter[name]={name}&display=[name,value]", 200)
        for name in ("PS_STOCK_MANAGEMENT", "PS_ORDER_OUT_OF_STOCK", "PS_LANG_DEFAULT",
                     "PS_CURRENCY_DEFAULT", "PS_TIMEZONE", "PS_OS_ERROR", "PS_OS_CANCELED",
                     "PS_TAX", "PS_PRICE_ROUND_MODE", "PS_LIMIT_UPLOAD_IMAGE_VALUE",
                     "PS_PRODUCT_SHORT_DESC_LIMIT", "PS_NO_SUCH_SETTING")
    ),
)  # fmt: skip

STEPS = (*FILTERS, *SHOWN, *ORDER, *JSON, *CONSTANTS)
