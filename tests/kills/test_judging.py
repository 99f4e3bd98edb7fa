"""What the kill tests judge by: pictures in which nothing doubled, lost or broken goes unseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.prestashop import Shop
from demo.till import build_small_till, open_till, sell
from tests.kills.pictures import Picture, differences, picture_of_world


class World:
    """A till and a shop with one product of two combinations and a photo."""

    def __init__(self, folder: Path, shop: Shop) -> None:
        self.till = build_small_till(folder / "till.sqlite", articles=1).path
        self.shop = shop

    def picture(self) -> Picture:
        return picture_of_world(self.till, self.shop)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Shop(None, key="K" * 32, fixtures=True) as shop:
        shop.execute(
            "INSERT INTO product_images (id_product, position, cover, mime, content) "
            "SELECT MIN(id), 1, 1, 'image/jpeg', x'ffd8' FROM products"
        )
        yield World(tmp_path, shop)


def tables(lines: list[str]) -> set[str]:
    return {line.partition(":")[0] for line in lines}


def test_a_world_left_alone_does_not_differ_from_itself(world: World) -> None:
    assert differences(world.picture(), world.picture()) == []


def test_a_sale_at_the_till_shows(world: World) -> None:
    before = world.picture()
    with open_till(world.till) as till:
        sell(till, 100101)
    assert tables(differences(before, world.picture())) == {"till.STOCK"}


@pytest.mark.parametrize(
    ("act", "table"),
    [
        ("UPDATE products SET price = '1.000000' WHERE id = 1", "shop.products"),
        ("UPDATE products_lang SET name = 'x' WHERE id = 1 AND id_lang = 1", "shop.products_lang"),
        (
            "UPDATE stock_availables SET quantity = quantity + 1 WHERE id = 1",
            "shop.stock_availables",
        ),
        ("UPDATE product_images SET content = x'00'", "shop.product_images"),
        ("UPDATE product_images SET content = NULL", "shop.product_images"),
        ("DELETE FROM combination_values WHERE id_combination = 1", "shop.combination_values"),
        ("DELETE FROM combinations WHERE id = 1", "shop.combinations"),
        (
            "INSERT INTO category_product SELECT MAX(id), 1, 9 FROM categories",
            "shop.category_product",
        ),
        (
            "INSERT INTO stock_availables (id_product, id_product_attribute, id_shop, "
            "id_shop_group, quantity) VALUES (999, 0, 1, 0, 3)",
            "shop.stock_availables",
        ),
    ],
)
def test_one_row_in_the_shop_shows(world: World, act: str, table: str) -> None:
    before = world.picture()
    world.shop.execute(act)
    assert table in tables(differences(before, world.picture()))


@pytest.mark.parametrize(
    "table", ["manufacturers", "product_options", "product_option_values", "product_images"]
)
def test_what_is_there_twice_shows(world: World, table: str) -> None:
    before = world.picture()
    columns = [row["name"] for row in world.shop.query(f"PRAGMA table_info({table})")]
    others = ", ".join(f'"{one}"' for one in columns if one != "id")
    world.shop.execute(
        f"INSERT INTO {table} ({others}) SELECT {others} FROM {table} "  # noqa: S608 - our tables
        f"WHERE id = (SELECT MAX(id) FROM {table})"
    )
    found = differences(before, world.picture())
    assert tables(found) >= {f"shop.{table}"}
    assert all(": + " in line for line in found)


def test_other_ids_for_the_same_things_do_not_show(world: World) -> None:
    before = world.picture()
    world.shop.execute("UPDATE product_images SET id = id + 1000")
    world.shop.execute("UPDATE combination_images SET id_image = id_image + 1000")
    assert differences(before, world.picture()) == []
