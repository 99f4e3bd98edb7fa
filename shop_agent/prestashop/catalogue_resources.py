"""The catalogue's resources: what we write in each field, and what we read back.

Rules: a field that we may write is here with the form PrestaShop wants; one that is not here is
not written (PrestaShop ignores unknown fields in silence). `required` says more than PrestaShop's
schema: what a creation leaves out is stored as 0, so the page would be dead.

    CATALOGUE[0].name                       # "products"
    CATALOGUE[0].fields["name"].limit       # 128
"""

from collections.abc import Mapping

from shop_agent.prestashop.resource_types import Field, Resource, names

_NAME = "<>;=#{}"
_GENERIC = "<>={}"
_REFERENCE = "<>;={}"


_META: Mapping[str, Field] = {
    "meta_title": Field(limit=255, forbidden=_GENERIC, languages=True),
    "meta_description": Field(limit=512, forbidden=_GENERIC, languages=True),
    "meta_keywords": Field(limit=255, forbidden=_GENERIC, languages=True),
}
_HTML = Field("html", languages=True)
_CODES: Mapping[str, Field] = {
    "reference": Field(limit=64, forbidden=_REFERENCE),
    "supplier_reference": Field(limit=64, forbidden=_REFERENCE),
    "ean13": Field("digits", limit=13),
    "upc": Field("digits", limit=12),
    "isbn": Field(limit=32, forbidden=_GENERIC),
    "mpn": Field(limit=40, forbidden=_GENERIC),
}
_WHOLE = Field("whole")
_NEEDED_WHOLE = Field("whole", required=True)
_FLAG = Field("flag")
_NEEDED_FLAG = Field("flag", required=True)
_PRICE = Field("decimal")
_NEEDED_DATE = Field("date", required=True)

_PRODUCTS = Resource(
    "products",
    "product",
    fields={
        **_CODES,
        **_META,
        "name": Field(limit=128, forbidden=_NAME, languages=True, required=True),
        "link_rewrite": Field("link", limit=128, languages=True, required=True),
        "description": _HTML,
        "description_short": _HTML,  # its limit is a setting of the shop: left to the shop
        "available_now": Field(limit=255, forbidden=_GENERIC, languages=True),
        "available_later": Field(limit=255, forbidden=_GENERIC, languages=True),
        "price": Field("decimal", required=True),
        "wholesale_price": _PRICE,
        "ecotax": _PRICE,
        "unity": Field(limit=255),
        "unit_price": _PRICE,
        "additional_shipping_cost": _PRICE,
        "weight": Field("decimal"),
        "width": Field("decimal"),
        "height": Field("decimal"),
        "depth": Field("decimal"),
        "active": _NEEDED_FLAG,
        "state": _NEEDED_FLAG,
        "available_for_order": _NEEDED_FLAG,
        "show_price": _NEEDED_FLAG,
        "on_sale": _FLAG,
        "online_only": _FLAG,
        "is_virtual": _FLAG,
        "minimal_quantity": Field("whole", required=True),
        "low_stock_threshold": _WHOLE,
        "id_manufacturer": _WHOLE,
        "id_supplier": _WHOLE,
        "id_category_default": _NEEDED_WHOLE,
        "id_tax_rules_group": _NEEDED_WHOLE,
        "id_shop_default": _WHOLE,
        "id_default_image": _WHOLE,
        "id_default_combination": _WHOLE,
        "visibility": Field(required=True, choices=("both", "catalog", "search", "none")),
        "condition": Field(choices=("new", "used", "refurbished")),
        "product_type": Field(choices=("", "standard", "pack", "virtual", "combinations")),
        "redirect_type": Field(limit=255),
        "id_type_redirected": _WHOLE,
        "available_date": Field("date"),
    },
    associations={
        "categories": "category",
        "images": "image",
        "product_features": "product_feature",
        "tags": "tag",
        "accessories": "product",
        "product_bundle": "product",
    },
    required_associations=frozenset({"categories"}),
    display=names(
        "id reference supplier_reference ean13 upc isbn mpn price wholesale_price ecotax weight "
        "width height depth active state available_for_order show_price minimal_quantity "
        "visibility condition product_type is_virtual id_manufacturer id_supplier "
        "id_category_default id_tax_rules_group id_default_image id_default_combination date_add "
        "date_upd name link_rewrite description description_short meta_title meta_description "
        "categories[id] images[id] combinations[id] product_features[id,id_feature_value] "
        "product_bundle[id,id_product_attribute,quantity] stock_availables[id,id_product_attribute]"
    ),
)
_COMBINATIONS = Resource(
    "combinations",
    "combination",
    fields={
        **_CODES,
        "id_product": _NEEDED_WHOLE,
        "minimal_quantity": Field("whole", required=True),
        "price": Field("signed"),  # an impact on the product's price, tax excluded
        "wholesale_price": _PRICE,
        "ecotax": _PRICE,
        "weight": Field("signed"),
        "unit_price_impact": Field("signed"),
        "low_stock_threshold": _WHOLE,
        "default_on": _FLAG,
        "available_date": Field("date"),
    },
    associations={"product_option_values": "product_option_value", "images": "image"},
    required_associations=frozenset({"product_option_values"}),
    display=names(
        "id id_product reference supplier_reference ean13 upc isbn mpn price wholesale_price "
        "ecotax weight minimal_quantity default_on product_option_values[id] images[id]"
    ),
)
#: Products and what hangs on them.
CATALOGUE: tuple[Resource, ...] = (
    _PRODUCTS,
    _COMBINATIONS,
    Resource(
        "categories",
        "category",
        fields={
            "name": Field(limit=128, forbidden=_NAME, languages=True, required=True),
            "link_rewrite": Field("link", limit=128, languages=True, required=True),
            "active": _NEEDED_FLAG,
            "id_parent": _NEEDED_WHOLE,
            "description": _HTML,
            "additional_description": _HTML,
            **_META,
        },
        display=names(
            "id id_parent active is_root_category position level_depth date_upd name link_rewrite "
            "description"
        ),
    ),
    Resource(
        "manufacturers",
        "manufacturer",
        fields={
            "name": Field(limit=64, forbidden=_NAME, required=True),
            "active": _NEEDED_FLAG,
            "description": _HTML,
            "short_description": _HTML,
            **_META,
        },
        display=names("id name active date_upd"),
    ),
    Resource(
        "suppliers",
        "supplier",
        fields={
            "name": Field(limit=64, forbidden=_NAME, required=True),
            "active": _NEEDED_FLAG,
            "description": _HTML,
            **_META,
        },
        display=names("id name active date_upd"),
    ),
    Resource(
        "product_suppliers",
        "product_supplier",
        fields={
            "id_product": _NEEDED_WHOLE,
            "id_product_attribute": _NEEDED_WHOLE,  # 0 for the product itself
            "id_supplier": _NEEDED_WHOLE,
            "id_currency": _WHOLE,
            "product_supplier_reference": Field(limit=64, forbidden=_REFERENCE),
            "product_supplier_price_te": _PRICE,
        },
        display=names(
            "id id_product id_product_attribute id_supplier id_currency "
            "product_supplier_reference product_supplier_price_te"
        ),
    ),
    Resource(
        "product_features",
        "product_feature",
        fields={
            "name": Field(limit=128, forbidden=_GENERIC, languages=True, required=True),
            "position": _WHOLE,
        },
        display=names("id position name"),
    ),
    Resource(
        "product_feature_values",
        "product_feature_value",
        fields={
            "id_feature": _NEEDED_WHOLE,
            "custom": _FLAG,  # 1: written for one product, offered to no other
            "value": Field(limit=255, forbidden=_GENERIC, languages=True, required=True),
        },
        display=names("id id_feature custom value"),
    ),
    Resource(
        "product_options",
        "product_option",
        fields={
            "name": Field(limit=128, forbidden=_GENERIC, languages=True, required=True),
            "public_name": Field(limit=64, forbidden=_GENERIC, languages=True, required=True),
            "group_type": Field(required=True, choices=("select", "radio", "color")),
            "is_color_group": _FLAG,
            "position": _WHOLE,
        },
        display=names("id group_type is_color_group position name public_name"),
    ),
    Resource(
        "product_option_values",
        "product_option_value",
        fields={
            "name": Field(limit=128, forbidden=_GENERIC, languages=True, required=True),
            "id_attribute_group": _NEEDED_WHOLE,
            "color": Field(limit=32),
            "position": _WHOLE,
        },
        display=names("id id_attribute_group color position name"),
    ),
    Resource(
        "stock_availables",
        "stock_available",
        fields={
            "quantity": Field("whole", required=True),
            "id_product": _NEEDED_WHOLE,
            "id_product_attribute": _NEEDED_WHOLE,
            "id_shop": _NEEDED_WHOLE,  # left out of a PUT, the row leaves the shop
            "id_shop_group": _NEEDED_WHOLE,
            "depends_on_stock": _NEEDED_FLAG,
            "out_of_stock": Field(required=True, choices=("0", "1", "2")),
            "location": Field(limit=255),
        },
        display=names(
            "id id_product id_product_attribute id_shop id_shop_group quantity depends_on_stock "
            "out_of_stock"
        ),
    ),
    Resource(
        "specific_prices",
        "specific_price",
        fields={
            "id_shop": _NEEDED_WHOLE,
            "id_shop_group": _WHOLE,
            "id_cart": _NEEDED_WHOLE,
            "id_product": _NEEDED_WHOLE,
            "id_product_attribute": _WHOLE,
            "id_currency": _NEEDED_WHOLE,
            "id_country": _NEEDED_WHOLE,
            "id_group": _NEEDED_WHOLE,
            "id_customer": _NEEDED_WHOLE,
            "price": Field("signed", required=True),
            "from_quantity": _NEEDED_WHOLE,
            "reduction": Field("decimal", required=True),
            "reduction_tax": _NEEDED_FLAG,
            "reduction_type": Field(required=True, choices=("percentage", "amount")),
            "from": _NEEDED_DATE,
            "to": _NEEDED_DATE,
        },
        display=names(
            "id id_shop id_shop_group id_cart id_product id_product_attribute id_currency "
            "id_country id_group id_customer id_specific_price_rule price from_quantity reduction "
            "reduction_tax reduction_type from to"
        ),
    ),
)
