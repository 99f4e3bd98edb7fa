"""Rows become facts: a whole reading of the till, judged row by row.

Pure: no database and no clock; photos are looked at by a function that is handed in. A wrong row is
set aside with its reason and the rest goes on. What is wrong stays as small as it can: a wrong
variant holds back itself and its stock; a wrong article holds back its variants, stock and photos,
all listed, so that nothing is taken for gone; a wrong row of features, suppliers, promotions or
price lists holds back itself alone. A record may name a family, a brand or a size that is set
aside: the till has it, and the site may know it from before.

    assembled = assemble(rows, mapping, photo_rows, take_photo)
    assembled.records, assembled.faults, assembled.left_out
"""

from collections.abc import Iterable
from dataclasses import replace

from pos_exporter.assembled import Assembled
from pos_exporter.assembling.articles import put_articles
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.lists import put_lists
from pos_exporter.assembling.offers import put_offers
from pos_exporter.assembling.packs import check_packs
from pos_exporter.assembling.photos import TakePhoto, put_photos
from pos_exporter.assembling.progress import put_progress
from pos_exporter.assembling.stock import put_stock
from pos_exporter.assembling.till_rows import Read, TillRows
from pos_exporter.assembling.variants import put_variants
from pos_exporter.mapping.entities import PhotoQuery
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.rows import Frame
from pos_exporter.mapping.shop import ANY_SHOP, KnownShop
from protocol.records import FACT_KINDS


def assemble(
    rows: TillRows,
    mapping: TillMapping,
    photo_rows: Iterable[Read[PhotoQuery]],
    take_photo: TakePhoto,
    *,
    only_flagged: bool = True,
    shop: KnownShop = ANY_SHOP,
) -> Assembled:
    """Return the facts of one reading, and what is not sent and why.

    Args:
        rows: All that was read but photos.
        mapping: What the rows mean.
        photo_rows: Consumed last, one by one: they may hold whole pictures.
        take_photo: Tells what will be sent of a photo; None when there is none.
        only_flagged: Leave out articles that are not flagged for the site.
        shop: What the shop takes, as far as it is known.
    """
    frame, ledger = Frame(mapping, rows.lookups, only_flagged, shop), Ledger()
    put_lists(rows, frame, ledger)
    put_articles(rows, frame, ledger)
    put_variants(rows, frame, ledger)
    check_packs(ledger)
    put_offers(rows, frame, ledger)
    put_stock(rows, frame, ledger)
    put_progress(rows, frame, ledger)
    put_photos(photo_rows, frame, ledger, take_photo)
    unread = frozenset(kind for kind in FACT_KINDS if not mapping.entities.reads(kind))
    return replace(ledger.assembled(), unread=unread)
