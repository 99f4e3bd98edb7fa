"""The passes that are killed, and the one plot in which they follow each other.

The plot: a till with one article is paired with an empty shop. The *first* exporter pass and the
first agent pass bring it there. A customer registers, another orders; somebody enters a product in
the shop by hand; the till gets four more articles (one of them that product, at another price) with
their families, brands and sizes, a new price and a sale. Then the exporter's *great* pass carries
it all: order and customers into the till, a whole snapshot of five articles, the photo that is
wanted. Another order comes, and the agent's great pass applies it all and sends that order.

    for story in STORIES: story.lead(theatre); theatre.save(story.name)
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from demo.till import build_small_till, change_price, open_till, rename_article, sell
from shop_agent.prestashop.entities import Write
from shop_agent.reconcile.brakes import FIRST_LOAD
from shop_agent.wiring import open_shop
from tests.kills.referee import Program
from tests.kills.theatre import Theatre

FIRST_ARTICLE = 1001
#: What the first till keeps of each table; the rest comes later, from a whole till.
_KEPT = {
    "ARTICLE": "ID_ART = 1001",
    "DECLINAISON": "ID_ART = 1001",
    "STOCK": "ID_DECL / 100 = 1001",
    "FAMILLE": "COD_FAM IN (SELECT COD_FAM FROM ARTICLE)",
    "RAYON": "COD_RAY IN (SELECT COD_RAY FROM FAMILLE)",
    "MARQUE": "COD_MRQ IN (SELECT COD_MRQ FROM ARTICLE)",
    "POINTURE": "COD_PT IN (SELECT COD_PT FROM DECLINAISON)",
    "COULEUR": "COD_COUL IN (SELECT COD_COUL FROM DECLINAISON)",
}


@dataclass(frozen=True)
class Story:
    """One pass that is killed everywhere.

    Args:
        name: Of the copy that every kill starts from.
        program: Which program passes.
        options: Of its `sync`.
        lead: Brings the theatre from the story before to this one.
    """

    name: str
    program: Program
    options: tuple[str, ...]
    lead: Callable[[Theatre], None]


def _build(theatre: Theatre) -> None:
    theatre.build()
    with open_till(theatre.stage.till_path) as till, till:
        for table, kept in _KEPT.items():
            till.execute(f"DELETE FROM {table} WHERE NOT ({kept})")  # noqa: S608 - our own tables


def _first_snapshot_sent(theatre: Theatre) -> None:
    theatre.stage.sync_till()


def _a_day_goes_by(theatre: Theatre) -> None:
    stage, shop = theatre.stage, theatre.shop
    stage.sync_shop(accept=(FIRST_LOAD,))
    shop.register_customer("claire@example.com", firstname="Claire", lastname="Petit")
    _order(theatre, variant=0)
    stage.sync_shop()
    _enter_by_hand(theatre)
    _grow(stage.till_path)
    with open_till(stage.till_path) as till:
        change_price(till, FIRST_ARTICLE, Decimal("59.90"))
        rename_article(till, FIRST_ARTICLE, "Derby Anouk, édition d'hiver")
        sell(till, FIRST_ARTICLE * 100 + 3)


def _another_order(theatre: Theatre) -> None:
    theatre.stage.sync_till(full=True)
    _order(theatre, variant=1)


STORIES = (
    Story("first export", "pos", (), _build),
    Story("first pass", "shop", ("--accept", FIRST_LOAD), _first_snapshot_sent),
    Story("great export", "pos", ("--full",), _a_day_goes_by),
    Story("great pass", "shop", (), _another_order),
)


def _order(theatre: Theatre, *, variant: int) -> None:
    """Order one pair of a variant of the only product that is in the shop."""
    sql = "SELECT id, id_product FROM combinations ORDER BY id LIMIT 1 OFFSET ?"
    row = theatre.shop.query(sql, variant)[0]
    line = (int(row["id_product"] or 0), int(row["id"] or 0), 1)
    theatre.shop.place_order("zoe@example.com", [line])


def _enter_by_hand(theatre: Theatre) -> None:
    """Put the simple article that the till will bring into the shop, with other values."""
    fields: dict[str, str | dict[int, str]] = {
        "reference": "L01-1002", "price": "30.000000", "active": "1", "state": "1",
        "id_category_default": "2", "id_tax_rules_group": "1", "available_for_order": "1",
        "show_price": "1",
    }  # fmt: skip
    languages = [int(row["id"] or 0) for row in theatre.shop.query("SELECT id FROM languages")]
    fields["name"] = dict.fromkeys(languages, "Graisse à chaussures")
    fields["link_rewrite"] = dict.fromkeys(languages, "graisse")
    stage = theatre.stage
    with open_shop(stage.agent(), stage.agent_wiring) as shop:
        shop.write("POST", "products", [Write(None, fields, {"categories": [{"id": "2"}]})])


def _grow(till_path: Path) -> None:
    """Give the till what it did not have at first."""
    folder = till_path.parent / "whole"
    whole = build_small_till(folder / "till.sqlite", photo_folder=folder / "photos").path
    with closing(sqlite3.connect(till_path)) as till:
        till.execute("ATTACH ? AS whole", (str(whole),))
        with till:
            for table in _KEPT:
                till.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM whole.{table}")  # noqa: S608 - ours
    shutil.rmtree(folder)
