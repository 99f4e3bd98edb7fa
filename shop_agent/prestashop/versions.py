"""PrestaShop's versions, and what each can do, as data.

Rules: a version decides nothing elsewhere; the rest of the room asks `capabilities` and reads a
value. What is listed under a version holds from it on, until the next one listed. Measured on
1.6.1.24, 1.7.6.9, 1.7.8.11, 8.0.5, 8.2.1 and 9.0.0; a field that came between two of them counts
as lacking until the later one: what is not asked for cannot fail.

    version = ShopVersion.parse("1.7.8.11")
    able = capabilities(version)
    able.rewrites("products"), able.limits[("products", "reference")]   # True, 64
    able.lacks("products")                                              # {"unit_price"}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

_NUMBERS = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, order=True)
class ShopVersion:
    """A PrestaShop version, ordered as versions are."""

    parts: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the version in a `PSWS-Version` header (`8.2.1`), or None when it tells none.

        PrestaShop says `0` before it knows the key; a suffix such as `-beta.1` is left out.
        """
        found = _NUMBERS.match(text.strip())
        return cls(tuple(int(part) for part in found[0].split("."))) if found else None

    def __str__(self) -> str:
        return ".".join(str(part) for part in self.parts)


#: Longest text by resource and field, in characters.
Limits = Mapping[tuple[str, str], int]
#: Fields by resource; `id` means the whole resource, `rows[column]` one column of an association.
Fields = Mapping[str, frozenset[str]]


def _fields(**listed: str) -> Fields:
    return {resource: frozenset(names.split()) for resource, names in listed.items()}


#: What a PUT of an entity just read is refused for (93, 134, 135), in every version.
_REFUSED_RAW = _fields(
    products="manufacturer_name quantity position_in_category",
    categories="level_depth nb_products_recursive",
    manufacturers="link_rewrite",
)
#: What a PUT keeps when it is left out and sets again when it is sent: left to the web team.
_KEPT_RAW = _fields(products="id_default_image id_default_combination")
#: Stored as none, given as empty: sent so, 0 is stored; left out, none again.
_NONE_RAW = _fields(
    products="low_stock_threshold",
    combinations="low_stock_threshold",
)
#: Entities of one PUT: a product re-read, merged and sent whole is heavy, and open to others'
#: changes for as long as its request lasts.
_REWRITE_BATCH: Mapping[str, int] = {"products": 10}
#: PATCH fails on them in every version: their stored date is none (85).
_NEVER_PATCHED = frozenset({"configurations"})
#: A PUT empties or doubles something of theirs: keys, passwords, lines of history.
_NEVER_PUT = frozenset({"carts", "customers", "orders"})


@dataclass(frozen=True)
class Capabilities:
    """What one version of the webservice can do.

    Args:
        has_patch: Whether it knows the verb PATCH.
        image_types: Media types it takes for a photo.
        limits: Lengths that differ between versions; the others are in `resources`.
        gone: Fields that it no longer has, by resource.
        new: Fields that it does not have yet, by resource.
        refuses_raw: Fields that it gives and does not take back, by resource.
        rewrite_batch: The most entities of one rewriting, by resource.
        undated: Resources whose `date_upd` moves when a neighbour is written: it tells nothing.
        mails_numbers: Whether it writes to the customer, when asked, as a parcel gets its number.
    """

    has_patch: bool
    image_types: frozenset[str]
    limits: Limits
    gone: Fields = field(default_factory=dict)
    new: Fields = field(default_factory=dict)
    refuses_raw: Fields = field(default_factory=lambda: _REFUSED_RAW)
    rewrite_batch: Mapping[str, int] = field(default_factory=lambda: _REWRITE_BATCH)
    undated: frozenset[str] = _NONE
    mails_numbers: bool = True

    def lacks(self, resource: str) -> frozenset[str]:
        """Return what it does not have of a resource; `id` when it has not even that."""
        return self.gone.get(resource, _NONE) | self.new.get(resource, _NONE)

    def rewrites(self, resource: str) -> bool:
        """Say whether a change is made by reading and putting back the whole entity."""
        return not self.has_patch or resource in _NEVER_PATCHED

    def may_put(self, resource: str) -> bool:
        """Say whether an entity may be put back at all."""
        return resource not in _NEVER_PUT

    def left_out(self, resource: str) -> frozenset[str]:
        """Return the fields of an entity just read that are not put back."""
        return self.refuses_raw.get(resource, _NONE) | _KEPT_RAW.get(resource, _NONE)

    def left_out_empty(self, resource: str) -> frozenset[str]:
        """Return the fields of an entity just read that are not put back when they are empty."""
        return _NONE_RAW.get(resource, _NONE)


_OLD_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
_IMAGES = _OLD_IMAGES | {"image/webp"}
_LIMITS: Limits = {
    ("products", "reference"): 64,
    ("combinations", "reference"): 64,
    ("products", "ean13"): 13,
    ("products", "meta_title"): 255,
    ("products", "meta_description"): 512,
}
_SHORT_CODES: Limits = {
    ("products", "reference"): 32,
    ("products", "supplier_reference"): 32,
    ("combinations", "reference"): 32,
    ("combinations", "supplier_reference"): 32,
    ("product_suppliers", "product_supplier_reference"): 32,
}
_SHORT_META: Limits = {
    (resource, name): limit
    for resource in ("products", "categories", "manufacturers", "suppliers")
    for name, limit in (("meta_title", 128), ("meta_description", 255))
}
_SINCE_9 = _fields(categories="redirect_type id_type_redirected", product_feature_values="position")
_SINCE_8_1: Fields = {
    **_SINCE_9,
    **_fields(combinations="available_now available_later", order_payments="id_employee"),
}
_SINCE_8: Fields = {
    **_SINCE_8_1,
    **_fields(
        products="unit_price",
        categories="additional_description redirect_type id_type_redirected",
    ),
}
_SINCE_1_7_8: Fields = {
    **_SINCE_8,
    **_fields(
        products="unit_price mpn product_type attachments",
        combinations="available_now available_later mpn",
        orders="note",
        order_details="product_mpn total_refunded_tax_excl total_refunded_tax_incl",
        order_cart_rules="id",
        attachments="id",
        currencies="unofficial modified pattern",
    ),
}
_SINCE_1_7_6: Fields = {
    **_SINCE_1_7_8,
    **_fields(
        products="unit_price mpn product_type attachments low_stock_threshold low_stock_alert "
        "additional_delivery_times delivery_in_stock delivery_out_stock",
        combinations="available_now available_later mpn low_stock_threshold low_stock_alert",
        currencies="unofficial modified pattern names symbol numeric_iso_code precision",
        messages="id",
        order_details="product_mpn total_refunded_tax_excl total_refunded_tax_incl "
        "id_customization product_isbn",
    ),
}
_SINCE_1_7: Fields = {
    **_SINCE_1_7_6,
    **_fields(
        products="unit_price mpn product_type attachments low_stock_threshold low_stock_alert "
        "additional_delivery_times delivery_in_stock delivery_out_stock isbn state "
        "show_condition id_type_redirected product_bundle[id_product_attribute]",
        combinations="available_now available_later mpn low_stock_threshold low_stock_alert isbn",
        stock_availables="location",
        orders="note order_rows[id_customization] order_rows[product_isbn]",
        customers="reset_password_token reset_password_validity",
        languages="locale",
        order_discounts="deleted",
        shops="color theme_name",
    ),
}
#: Vouchers of an order bear another name in 1.6, and none from 1.7.0 to 1.7.7.
_GONE_IN_1_7 = _fields(order_discounts="id")
_GONE_IN_9: Fields = {
    **_GONE_IN_1_7,
    **_fields(
        products="meta_keywords",
        categories="meta_keywords",
        manufacturers="meta_keywords",
        suppliers="meta_keywords",
    ),
}

#: The oldest version that the agent works with.
OLDEST = ShopVersion((1, 6, 1))
#: By the first version that has it, oldest first.
_HISTORY: tuple[tuple[ShopVersion, Capabilities], ...] = (
    (
        ShopVersion((1, 6)),
        Capabilities(
            has_patch=False,
            image_types=_OLD_IMAGES,
            limits={**_LIMITS, **_SHORT_CODES, **_SHORT_META},
            new=_SINCE_1_7,
            undated=frozenset({"categories"}),
            mails_numbers=False,
        ),
    ),
    (
        ShopVersion((1, 7)),
        Capabilities(False, _OLD_IMAGES, _LIMITS, _GONE_IN_1_7, _SINCE_1_7_6),
    ),
    (
        ShopVersion((1, 7, 6)),
        Capabilities(False, _OLD_IMAGES, _LIMITS, _GONE_IN_1_7, _SINCE_1_7_8),
    ),
    (ShopVersion((1, 7, 8)), Capabilities(False, _OLD_IMAGES, _LIMITS, _GONE_IN_1_7, _SINCE_8)),
    (ShopVersion((8,)), Capabilities(True, _IMAGES, _LIMITS, _GONE_IN_1_7, _SINCE_8_1)),
    (ShopVersion((8, 1)), Capabilities(True, _IMAGES, _LIMITS, _GONE_IN_1_7, _SINCE_9)),
    (
        ShopVersion((9,)),
        Capabilities(True, _IMAGES, {**_LIMITS, ("products", "ean13"): 14}, gone=_GONE_IN_9),
    ),
)


def capabilities(version: ShopVersion) -> Capabilities:
    """Return what a version can do; one older than the oldest known counts as the oldest."""
    found = _HISTORY[0][1]
    for since, able in _HISTORY:
        if version >= since:
            found = able
    return found


def lacking_somewhere(resource: str) -> frozenset[str]:
    """Return what of a resource at least one version does not have."""
    return frozenset().union(*(able.lacks(resource) for _, able in _HISTORY))


#: What the newest version can do: assumed of a shop that does not tell its version.
NEWEST = _HISTORY[-1][1]
