"""Whether a product is simple, a pack or virtual, and what it is told to be.

A product with items is a pack, as is one that is said to be one in a shop that has packs. A shop
that has packs asks this of a product once in a request, so that an answer may tell of what was.

    kind_of(core, record)              # "pack"
    set_kind(core, record, "simple")   # its items go; `product_type` follows
"""

from demo.prestashop.core import Core
from demo.prestashop.families.lists import empty_bundle
from demo.prestashop.record import Record

# Kept with a product while a request lasts; no field of its own.
_WAS_PACK = "was_pack"
KINDS = frozenset({"simple", "pack", "virtual"})


def _has_packs(core: Core) -> bool:
    return bool(core.database.number("SELECT EXISTS (SELECT 1 FROM pack_items)"))


def _is_pack(core: Core, product: int) -> bool:
    if core.database.number("SELECT COUNT(*) FROM pack_items WHERE id_pack = ?", product):
        return True
    sql = "SELECT product_type FROM products WHERE id = ?"
    return _has_packs(core) and core.database.find_text(sql, product) == "pack"


def remember_pack(core: Core, record: Record) -> None:
    """Note whether a product is a pack, for the rest of the request."""
    if _has_packs(core):
        record.values[_WAS_PACK] = "1" if _is_pack(core, record.id) else "0"


def kind_of(core: Core, record: Record) -> str:
    """Return "simple", "pack" or "virtual"."""
    was = record.values.get(_WAS_PACK)
    known = _is_pack(core, record.id) if was is None else was == "1"
    if known and _has_packs(core):
        return "pack"
    return "virtual" if record.text("is_virtual") == "1" else "simple"


def set_kind(core: Core, record: Record, kind: str) -> None:
    """Make a product of another kind, on the record; what is not, its items go at once.

    One that was a pack keeps its `product_type` where the shop has other packs.
    """
    if record.id:
        remember_pack(core, record)
    if kind != "pack":
        empty_bundle(core.database, record.id)
    record.values["cache_is_pack"] = "1" if kind == "pack" else ""
    record.values["is_virtual"] = "1" if kind == "virtual" else ""
    told = kind_of(core, record)
    sql = "SELECT COUNT(*) FROM combinations WHERE id_product = ?"
    if told == "simple":
        told = "combinations" if core.database.number(sql, record.id) else "standard"
    record.values["product_type"] = "virtual" if kind == "virtual" else told


def mark_virtual(record: Record) -> bool:
    """Return whether a new product is virtual, and have its `product_type` say so."""
    virtual = record.text("is_virtual") == "1"
    if virtual and "product_type" in record.resource.by_name:
        record.values["product_type"] = "virtual"
    return virtual
