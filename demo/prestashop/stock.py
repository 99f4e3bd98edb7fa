"""Stock rows: one per product and per combination, the product's being the sum of the others.

`quantity` is what can still be sold. What is physically there and what orders hold are worked out
again whenever an order changes, as PrestaShop does, and are not shown by the webservice.

    add_row(core, product=5, combination=12)
    change(core, product=5, combination=12, by=-2)
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from demo.prestashop.core import THIS_SHOP, Core

_ROW = "id_product = ? AND id_product_attribute = ? AND id_shop = ?"
SHOP_DEFAULT = 2


def row_of(core: Core, product: int, combination: int) -> int:
    """Return the id of a stock row of this shop; 0 when there is none."""
    sql = f"SELECT id FROM stock_availables WHERE {_ROW}"
    return core.database.number(sql, product, combination, THIS_SHOP)


def add_row(core: Core, product: int, combination: int, quantity: int = 0) -> int:
    """Make the stock row of a product or combination unless there is one; return its id."""
    existing = row_of(core, product, combination)
    if existing:
        return existing
    sql = "SELECT out_of_stock FROM stock_availables WHERE " + _ROW
    inherited = core.database.find_text(sql, product, 0, THIS_SHOP)
    return core.database.run(
        "INSERT INTO stock_availables (id_product, id_product_attribute, id_shop, id_shop_group,"
        " quantity, depends_on_stock, out_of_stock, location) VALUES (?, ?, ?, 0, ?, 0, ?, '')",
        product,
        combination,
        THIS_SHOP,
        quantity,
        int(inherited or "0") if combination else SHOP_DEFAULT,
    )


def set_quantity(core: Core, product: int, combination: int, quantity: int) -> None:
    """Set what can be sold; the row is made when it is missing."""
    row = add_row(core, product, combination)
    core.database.run("UPDATE stock_availables SET quantity = ? WHERE id = ?", quantity, row)
    if combination:
        sum_up(core, product)


def change(core: Core, product: int, combination: int, by: int) -> None:
    """Add to what can be sold (take, when negative), on the combination and on its product."""
    row = add_row(core, product, combination)
    sql = "UPDATE stock_availables SET quantity = quantity + ? WHERE id = ?"
    core.database.run(sql, by, row)
    if combination:
        sum_up(core, product)


def sum_up(core: Core, product: int) -> None:
    """Set the product's row to the sum of its combinations."""
    sql = (
        "SELECT SUM(quantity) FROM stock_availables"
        " WHERE id_product = ? AND id_product_attribute <> 0 AND id_shop = ?"
    )
    total = core.database.number(sql, product, THIS_SHOP)
    row = add_row(core, product, 0)
    core.database.run("UPDATE stock_availables SET quantity = ? WHERE id = ?", total, row)


def remove_rows(core: Core, product: int, combination: int | None = None) -> None:
    """Remove the stock rows of a product, or of one of its combinations."""
    if combination is None:
        core.database.run("DELETE FROM stock_availables WHERE id_product = ?", product)
        return
    sql = "DELETE FROM stock_availables WHERE id_product = ? AND id_product_attribute = ?"
    core.database.run(sql, product, combination)
    sum_up(core, product)


def recount(core: Core, product: int) -> None:
    """Work out again what orders hold and what is physically there, for a product's rows."""
    held = (
        "SELECT COALESCE(SUM(details.product_quantity - details.product_quantity_refunded), 0)"
        " FROM orders JOIN order_details AS details ON details.id_order = orders.id"
        " JOIN order_states ON order_states.id = orders.current_state"
        " WHERE details.product_id = stock_availables.id_product AND order_states.shipped <> 1"
        " AND (stock_availables.id_product_attribute = 0"
        " OR details.product_attribute_id = stock_availables.id_product_attribute)"
        " AND (orders.valid = 1 OR orders.current_state NOT IN (?, ?))"
    )
    error, cancelled = core.setting("PS_OS_ERROR"), core.setting("PS_OS_CANCELED")
    sql = f"UPDATE stock_availables SET reserved_quantity = ({held}) WHERE id_product = ?"
    core.database.run(sql, error, cancelled, product)
    core.database.run(
        "UPDATE stock_availables SET physical_quantity = quantity + reserved_quantity"
        " WHERE id_product = ?",
        product,
    )
