"""Where things stand in the shop, as far as the till says: rayon and famille of each sellable.

places(connection, {"v:104201"})      # {"v:104201": "Femme › Bottes"}
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection

from pos_exporter.belonging import FactKey
from pos_exporter.said import SaidBook
from protocol.records import Article, Category, Record, Variant, parse_record

#: Deeper trees are circles.
_DEEPEST = 20


def places(connection: Connection, stock_keys: Collection[str]) -> dict[str, str]:
    """Return the path of the first category of each; what is in none is left out."""
    book = SaidBook(connection)
    own = {key: key[2:] for key in stock_keys if key.startswith("a:")}
    variants = _records(book, {("variant", key[2:]) for key in stock_keys if key.startswith("v:")})
    for (_, key), record in variants.items():
        if isinstance(record, Variant):
            own[f"v:{key}"] = record.article
    articles = _records(book, {("article", key) for key in own.values()})
    tree: dict[str, Category] = {}
    found = {}
    for stock_key, key in own.items():
        article = articles.get(("article", key))
        if isinstance(article, Article) and article.categories:
            found[stock_key] = " › ".join(reversed([*_path(book, tree, article.categories[0])]))
    return {key: path for key, path in found.items() if path}


def _path(book: SaidBook, tree: dict[str, Category], key: str | None) -> Iterator[str]:
    """Yield a category's name, then its parent's, up to the top."""
    for _ in range(_DEEPEST):
        if key is None:
            return
        if key not in tree:
            record = _records(book, {("category", key)}).get(("category", key))
            if not isinstance(record, Category):
                return
            tree[key] = record
        names = tree[key].name
        yield names.get("fr") or next(iter(names.values()), key)
        key = tree[key].parent


def _records(book: SaidBook, things: Collection[FactKey]) -> Mapping[FactKey, Record]:
    lines = book.lines(things)
    return {
        thing: parse_record(line, place=f"{thing[0]} {thing[1]}") for thing, line in lines.items()
    }
