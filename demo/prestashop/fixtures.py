"""A handful of products, customers and orders, for demos and for comparing shapes.

The ids lie as in a fresh install with demo data: products 1 to 19, combinations 1 to 39, orders 1
to 5. The names and texts are ours.

    fill_fixtures(core)      # once, into a fresh shop
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import json
from importlib import resources
from io import BytesIO

from PIL import Image

from demo.prestashop.core import Core
from demo.prestashop.seed import record_of

_SIDE = 40


def fill_fixtures(core: Core) -> None:
    """Put the demo articles, customers and orders into a fresh shop."""
    data = json.loads((resources.files(__package__) / "fixtures.json").read_text("utf-8"))
    with core.database.transaction():
        for row in data["rows"]:
            core.database.insert(record_of(row, core.now()))
        for table, *values in data["links"]:
            marks = ", ".join("?" * len(values))
            core.database.run(f"INSERT INTO {table} VALUES ({marks})", *values)
        for image, product, position, cover in data["images"]:
            core.database.run(
                "INSERT INTO product_images VALUES (?, ?, ?, ?, 'image/jpeg', ?)",
                image,
                product,
                position,
                cover,
                _picture(image),
            )


def _picture(number: int) -> bytes:
    """Return a small square of one colour as JPEG."""
    out = BytesIO()
    colour = (number * 37 % 256, number * 91 % 256, number * 53 % 256)
    Image.new("RGB", (_SIDE, _SIDE), colour).save(out, "JPEG", quality=90)
    return out.getvalue()
