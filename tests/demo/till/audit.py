"""Looks over a whole till and names every fault in it, by article.

Independent of the product: it knows what a till should hold and what PrestaShop refuses, nothing
of how the exporter reads. It proves that a till's faults are the wrong rows, and those only.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from stdnum import ean

Fault = tuple[int, str]

_PRICE = re.compile(r"\d+,\d{2}")
_REFUSED_SIGNS = set("<>={}#;")


def find_faults(till: sqlite3.Connection, photo_folder: Path) -> set[Fault]:
    """Return each fault of the till as (article id, kind); empty when all is right."""
    till.text_factory = bytes
    try:
        return {*_articles(till), *_variants(till), *_photos(till, photo_folder)}
    finally:
        till.text_factory = str


def _text(stored: object) -> str:
    return stored.decode("utf-8") if isinstance(stored, bytes) else str(stored)


def _codes(till: sqlite3.Connection, sql: str) -> set[str]:
    return {_text(code) for (code,) in till.execute(sql)}


def _articles(till: sqlite3.Connection) -> Iterator[Fault]:
    rates = _codes(till, "SELECT COD_TVA FROM TVA")
    families = _codes(till, "SELECT COD_FAM FROM FAMILLE JOIN RAYON USING (COD_RAY)")
    simple = _codes(till, "SELECT ID_ART FROM VENDABLE WHERE ID_DECL IS NULL")
    rows = till.execute(
        "SELECT ID_ART, LIB, REF, PX_TTC, COD_TVA, COD_FAM, DESC_FR, INTERNET, QTE_STK, EAN "
        "FROM ARTICLE"
    )
    for key, name, reference, price, rate, family, html, flag, stock, barcode in rows:
        yield from ((key, kind) for kind in _name_faults(name))
        yield from ((key, kind) for kind in _price_faults(_text(price)))
        if len(_text(reference)) > 64:
            yield key, "reference_too_long"
        if _text(rate) not in rates:
            yield key, "vat_unknown"
        if _text(family) not in families:
            yield key, "family_unknown"
        if "<script" in _text(html):
            yield key, "text_with_script"
        if flag not in (b"O", b"N"):
            yield key, "flag_unknown"
        if (str(key) in simple) != isinstance(stock, int):
            yield key, "stock_not_a_number"
        if str(key) in simple and not ean.is_valid(_text(barcode)):
            yield key, "ean_check_digit"


def _name_faults(stored: bytes) -> Iterator[str]:
    try:
        name = stored.decode("utf-8")
    except UnicodeDecodeError:
        yield "bytes_cp1252"
        return
    if not name.strip():
        yield "name_empty"
    if _REFUSED_SIGNS & set(name):
        yield "name_forbidden_signs"
    if len(name) > 128:
        yield "name_too_long"


def _price_faults(price: str) -> Iterator[str]:
    if price.startswith("-"):
        yield "price_negative"
    elif not _PRICE.fullmatch(price):
        yield "price_not_a_number"


def _variants(till: sqlite3.Connection) -> Iterator[Fault]:
    articles = _codes(till, "SELECT ID_ART FROM ARTICLE")
    sizes = _codes(till, "SELECT COD_PT FROM POINTURE")
    colours = _codes(till, "SELECT COD_COUL FROM COULEUR")
    seen: Counter[tuple[int, str, str]] = Counter()
    rows = till.execute("SELECT ID_ART, COD_PT, COD_COUL, EAN, PX_TTC FROM DECLINAISON")
    for key, size, colour, barcode, price in rows:
        seen[key, _text(size), _text(colour)] += 1
        if str(key) not in articles:
            yield key, "article_unknown"
        if _text(size) not in sizes:
            yield key, "size_unknown"
        if _text(colour) not in colours:
            yield key, "colour_unknown"
        if barcode is not None and not ean.is_valid(_text(barcode)):
            yield key, "ean_check_digit"
        if price is not None and not _PRICE.fullmatch(_text(price)):
            yield key, "price_not_a_number"
    yield from ((key, "variant_twice") for (key, _, _), times in seen.items() if times > 1)


def _photos(till: sqlite3.Connection, folder: Path) -> Iterator[Fault]:
    for key, file in till.execute("SELECT ID_ART, FICHIER FROM PHOTO"):
        if not (folder / _text(file)).is_file():
            yield key, "photo_missing"
