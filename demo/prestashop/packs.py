"""Whose stock an order of a pack moves: the pack's, its components', or both, by its own setting.

move(core, product=12, combination=0, by=-2)
"""

from demo.prestashop import stock
from demo.prestashop.core import Core

_PACK_ONLY, _COMPONENTS_ONLY, _BOTH, _AS_THE_SHOP = range(4)


def move(core: Core, product: int, combination: int, by: int) -> None:
    """Add to what can be sold of a product; of a pack, where `pack_stock_type` says."""
    items = core.database.rows(
        "SELECT id_product, id_combination, quantity FROM pack_items WHERE id_pack = ?", product
    )
    kind = _stock_type(core, product) if items else _PACK_ONLY
    if kind != _COMPONENTS_ONLY:
        stock.change(core, product, combination, by)
    for item in items if kind != _PACK_ONLY else ():
        part, of = int(item["id_product"] or 0), int(item["id_combination"] or 0)
        stock.change(core, part, of, by * int(item["quantity"] or 1))


def _stock_type(core: Core, product: int) -> int:
    kind = core.database.number("SELECT pack_stock_type FROM products WHERE id = ?", product)
    return core.setting_number("PS_PACK_STOCK_TYPE") if kind == _AS_THE_SHOP else kind
