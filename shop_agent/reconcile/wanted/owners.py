"""Who owns which field where the policy says nothing, and what the fields are called in the shop.

Rules: every field of a record that reaches the shop is here, under the name that the policy uses;
docs/integrator.md shows the same table (a test compares them).

    DEFAULT_OWNERS["article.price"]          # "till"
    SHOP_FIELDS["article.short_description"] # "description_short"
"""

from collections.abc import Mapping

from protocol.records import Owner

#: The webservice's list of each kind.
RESOURCES: Mapping[str, str] = {
    "category": "categories",
    "brand": "manufacturers",
    "supplier": "suppliers",
    "feature": "product_features",
    "feature_value": "product_feature_values",
    "axis": "product_options",
    "axis_value": "product_option_values",
    "article": "products",
    "variant": "combinations",
}

_EDITED: Owner = "till-until-edited"

#: Record field → (PrestaShop's name for it, its owner).
_FIELDS: Mapping[str, tuple[str, Owner]] = {
    "category.name": ("name", "till"),
    "category.parent": ("id_parent", "till"),
    "brand.name": ("name", "till"),
    "supplier.name": ("name", "till"),
    "feature.name": ("name", _EDITED),
    "feature_value.name": ("value", _EDITED),
    "axis.name": ("name", _EDITED),
    "axis_value.name": ("name", _EDITED),
    "article.name": ("name", _EDITED),
    "article.description": ("description", _EDITED),
    "article.short_description": ("description_short", _EDITED),
    "article.slug": ("link_rewrite", "site"),
    "article.meta_title": ("meta_title", "site"),
    "article.meta_description": ("meta_description", "site"),
    "article.reference": ("reference", "till"),
    "article.ean": ("ean13", "till"),
    "article.upc": ("upc", "till"),
    "article.isbn": ("isbn", "till"),
    "article.mpn": ("mpn", "till"),
    "article.price": ("price", "till"),
    "article.ecotax": ("ecotax", "till"),
    "article.tax_rate": ("id_tax_rules_group", "till"),
    "article.purchase_price": ("wholesale_price", "till"),
    "article.brand": ("id_manufacturer", "till"),
    "article.suppliers": ("id_supplier", "till"),
    "article.default_category": ("id_category_default", _EDITED),
    "article.categories": ("categories", "union"),
    "article.features": ("product_features", "union"),
    "article.weight_grams": ("weight", "till"),
    "article.width_mm": ("width", "till"),
    "article.height_mm": ("height", "till"),
    "article.depth_mm": ("depth", "till"),
    "article.condition": ("condition", "till"),
    "article.when_out_of_stock": ("out_of_stock", "till"),
    "article.nature": ("product_type", "till"),
    "article.parts": ("product_bundle", "till"),
    "article.online": ("active", "till"),
    "variant.reference": ("reference", "till"),
    "variant.ean": ("ean13", "till"),
    "variant.upc": ("upc", "till"),
    "variant.isbn": ("isbn", "till"),
    "variant.mpn": ("mpn", "till"),
    "variant.price": ("price", "till"),
    "variant.purchase_price": ("wholesale_price", "till"),
    "variant.weight_grams": ("weight", "till"),
    "variant.suppliers": ("product_supplier_reference", "till"),
    "photo.position": ("id_default_image", "site"),
    "photo.variants": ("images", "union"),
}
#: SPEC §6.3: owners where the policy says nothing.
DEFAULT_OWNERS: Mapping[str, Owner] = {name: owner for name, (_, owner) in _FIELDS.items()}
#: What a record's field is called in the shop.
SHOP_FIELDS: Mapping[str, str] = {name: shown for name, (shown, _) in _FIELDS.items()}
