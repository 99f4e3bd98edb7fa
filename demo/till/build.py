"""Builds a till's database and its photos, whole or small, from a seed.

The promise: a new file each time, never written over an old one; the same arguments give the same
rows and the same pictures. Three hundred models with photos take about a second.

    till = build_till(Path("caisse.db"), seed=7, models=300)
    till.sellable                       # 2054: variants and simple articles
    build_till(Path("big.db"), models=10_000, photos=0, wrong=())
    build_small_till(Path("small.db"), articles=20)
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from demo.till.catalogue import Catalogue, small_catalogue
from demo.till.draw import draw_catalogue
from demo.till.photos import write_photos
from demo.till.schema import create_tables, write_catalogue
from demo.till.trade import Trade, trade_of, with_special_articles
from demo.till.wrong_rows import WRONG_ROWS, WrongRow
from protocol.errors import Text, UsageError

# Beyond, an article's key could be taken for another one's variant key.
MOST_MODELS = 80_000


class TillSizeError(UsageError):
    """More or fewer models asked for than the till's keys can number."""

    code = "E-DEMO-101"
    what = Text("Nombre de modèles impossible", "Impossible number of models")
    remedy = Text("Choisir entre {least} et {most}", "Choose from {least} to {most}")


class TillExistsError(UsageError):
    """A file stands where the till should be built."""

    code = "E-DEMO-102"
    what = Text("Une caisse existe déjà à cet endroit", "There is a till in this place already")
    remedy = Text("Choisir un autre fichier", "Choose another file")


@dataclass(frozen=True)
class TillFacts:
    """What was built: where, and how many of each.

    sellable counts variants and articles without any, before the wrong rows were spoiled.
    """

    path: Path
    photo_folder: Path
    articles: int
    variants: int
    sellable: int
    photos: int
    wrong: tuple[WrongRow, ...]


def build_till(
    path: Path,
    *,
    seed: int = 1789,
    models: int = 300,
    photos: int | None = None,
    wrong: tuple[WrongRow, ...] = WRONG_ROWS,
    today: date = date(2026, 9, 1),
    photo_folder: Path | None = None,
) -> TillFacts:
    """Write the till of Les Semelles de Clara and return what it holds.

    Args:
        path: The SQLite file; it must not exist.
        seed: Chooses the whole catalogue.
        models: Articles in all, those of the wrong rows included.
        photos: At most so many photos (rows and files), None: all, about one per model. The
            wrong row about a photo has its own beside.
        wrong: The wrong rows to put in; an empty tuple gives a till without fault.
        today: The shop's day, around which promotions lie.
        photo_folder: Where photos go; `photos` beside the till when not said.

    Raises:
        TillSizeError: When models is less than the wrong rows, or more than keys can number.
        TillExistsError: When the file exists.
    """
    if not len(wrong) <= models <= MOST_MODELS:
        raise TillSizeError(value=models, least=len(wrong), most=MOST_MODELS)
    drawn = draw_catalogue(Random(seed), models=models - len(wrong), today=today)
    right = with_special_articles(drawn.with_photos(photos).articles)
    goods = {article.article_id for article in right if article.nature == "S"}
    kept = tuple(p for p in drawn.promotions if p.article_id in goods)
    catalogue = Catalogue((*(row.article for row in wrong), *right), kept)
    trade = trade_of(right, today)
    return _build(path, catalogue, trade=trade, wrong=wrong, photo_folder=photo_folder)


def build_small_till(
    path: Path, *, articles: int = 5, photos: int = 1, photo_folder: Path | None = None
) -> TillFacts:
    """Write a tiny till without fault, for tests that count every act; return what it holds.

    Its articles (1001 and up) are all for the site, in turn: four variants, simple, two variants,
    two variants, simple. The first `photos` of them have a photo.

    Raises:
        TillExistsError: When the file exists.
    """
    catalogue = small_catalogue(articles, photos=photos)
    return _build(path, catalogue, trade=None, wrong=(), photo_folder=photo_folder)


def _build(
    path: Path,
    catalogue: Catalogue,
    *,
    trade: Trade | None,
    wrong: tuple[WrongRow, ...],
    photo_folder: Path | None,
) -> TillFacts:
    if path.exists():
        raise TillExistsError(place=path)
    folder = photo_folder or path.parent / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        create_tables(connection)
        write_catalogue(connection, catalogue, trade)
        for row in wrong:
            row.spoil(connection)
    variants = sum(len(a.variants) for a in catalogue.articles)
    return TillFacts(
        path=path,
        photo_folder=folder,
        articles=len(catalogue.articles),
        variants=variants,
        sellable=variants + sum(not a.variants for a in catalogue.articles),
        photos=write_photos(catalogue, folder),
        wrong=wrong,
    )
