"""Twelve wrong rows of twelve kinds, each on an article of its own, as real tills hold them.

The promise: each can be seen from the till alone (its database and its photo folder), touches one
article only, and is repaired by its `mend`, as the shopkeeper would at the till. The articles are
right but for that one row, are to be sold on the site, and keep their keys whatever the seed.

`SPARE_WRONG_ROWS` are four more, of which the exporter makes one sendable (it takes the script out
of a text and says so): put them in by `build_till(..., wrong=WRONG_ROWS + SPARE_WRONG_ROWS)`.

    row = WRONG_ROWS[0]
    row.name, row.article_id, row.place     # 'price_not_a_number', 901, 'ARTICLE.PX_TTC'
    row.spoil(connection)                   # done by the builder
    row.mend(connection)                    # done by the shopkeeper
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Literal

from demo.till import words
from demo.till.catalogue import Article, Axes, plain_article
from protocol.errors import Text

Step = tuple[str, tuple[object, ...]]

_TWO: Axes = ((40, 41), ("NOI",))
LONG_NAME = "Derby Augustin de cérémonie à bout golf perforé main " + "très très confortable " * 5


@dataclass(frozen=True)
class WrongRow:
    """One wrong row of the till.

    Args:
        name: Stable name of the kind.
        article_id: The key of the only article it touches.
        reference: That article's reference, before anything is spoiled.
        place: Table and column.
        value: What stands there, as a person sees it.
        holds: What must not reach the site: the whole article, one variant, its stock, or a photo.
        what: What is wrong, in both languages.
        article: The right article; `spoil_steps` make it wrong and `mend_steps` right again.
    """

    name: str
    article_id: int
    reference: str
    place: str
    value: str
    holds: Literal["article", "variant", "stock", "photo"]
    what: Text
    article: Article
    spoil_steps: tuple[Step, ...]
    mend_steps: tuple[Step, ...]

    def spoil(self, connection: sqlite3.Connection) -> None:
        """Make the row wrong; the article must be in the till."""
        _run(connection, self.spoil_steps)

    def mend(self, connection: sqlite3.Connection) -> None:
        """Repair the row at the till, as its keeper would."""
        _run(connection, self.mend_steps)


def _run(connection: sqlite3.Connection, steps: tuple[Step, ...]) -> None:
    with connection:
        for sql, values in steps:
            connection.execute(sql, values)


_SET_ARTICLE = {
    "REF": "UPDATE ARTICLE SET REF = ? WHERE ID_ART = ?",
    "LIB": "UPDATE ARTICLE SET LIB = ? WHERE ID_ART = ?",
    "DESC_FR": "UPDATE ARTICLE SET DESC_FR = ? WHERE ID_ART = ?",
    "COD_FAM": "UPDATE ARTICLE SET COD_FAM = ? WHERE ID_ART = ?",
    "COD_TVA": "UPDATE ARTICLE SET COD_TVA = ? WHERE ID_ART = ?",
    "PX_TTC": "UPDATE ARTICLE SET PX_TTC = ? WHERE ID_ART = ?",
    "QTE_STK": "UPDATE ARTICLE SET QTE_STK = ? WHERE ID_ART = ?",
    "INTERNET": "UPDATE ARTICLE SET INTERNET = ? WHERE ID_ART = ?",
}


def _article(article_id: int, first: str, *, simple: bool = False, photo: bool = False) -> Article:
    family = words.FAMILY["L01" if simple else "H01"]
    article = plain_article(article_id, family, first, axes=None if simple else _TWO)
    return article if photo else replace(article, photos=())


def _wrong_column(
    name: str, article: Article, column: str, wrong: object, right: object, what: Text
) -> WrongRow:
    """Return the wrong row of one column of ARTICLE."""
    sql = _SET_ARTICLE[column]
    return WrongRow(
        name=name,
        article_id=article.article_id,
        reference=article.reference,
        place=f"ARTICLE.{column}",
        value=str(wrong),
        holds="stock" if column == "QTE_STK" else "article",
        what=what,
        article=article,
        spoil_steps=((sql, (wrong, article.article_id)),),
        mend_steps=((sql, (right, article.article_id)),),
    )


def _wrong_ean(article: Article) -> WrongRow:
    variant = article.variants[0]
    wrong = variant.ean[:-1] + str((int(variant.ean[-1]) + 5) % 10)
    sql = "UPDATE DECLINAISON SET EAN = ? WHERE ID_DECL = ?"
    return WrongRow(
        name="ean_check_digit",
        article_id=article.article_id,
        reference=article.reference,
        place="DECLINAISON.EAN",
        value=wrong,
        holds="variant",
        what=Text("La clé du code-barres est fausse", "The bar code's check digit is wrong"),
        article=article,
        spoil_steps=((sql, (wrong, variant.variant_id)),),
        mend_steps=((sql, (variant.ean, variant.variant_id)),),
    )


def _variant_twice(article: Article) -> WrongRow:
    first, twin = article.variants[0], article.variants[0].variant_id + 90
    return WrongRow(
        name="variant_twice",
        article_id=article.article_id,
        reference=article.reference,
        place="DECLINAISON.COD_PT, COD_COUL",
        value=f"{first.size} {first.colour}",
        holds="article",
        what=Text(
            "La même pointure et la même couleur deux fois", "The same size and colour twice"
        ),
        article=article,
        spoil_steps=(
            (
                "INSERT INTO DECLINAISON SELECT ?, ID_ART, COD_PT, COD_COUL, REF_DECL || '-B', "
                "NULL, PX_TTC FROM DECLINAISON WHERE ID_DECL = ?",
                (twin, first.variant_id),
            ),
            ("INSERT INTO STOCK VALUES (?, 'MAG', 1)", (twin,)),
        ),
        mend_steps=(
            ("DELETE FROM STOCK WHERE ID_DECL = ?", (twin,)),
            ("DELETE FROM DECLINAISON WHERE ID_DECL = ?", (twin,)),
        ),
    )


def _size_unknown(article: Article) -> WrongRow:
    variant = article.variants[1]
    sql = "UPDATE DECLINAISON SET COD_PT = ? WHERE ID_DECL = ?"
    return WrongRow(
        name="size_unknown",
        article_id=article.article_id,
        reference=article.reference,
        place="DECLINAISON.COD_PT",
        value="99",
        holds="variant",
        what=Text(
            "La pointure n'est pas dans la table des pointures",
            "The size is not in the list of sizes",
        ),
        article=article,
        spoil_steps=((sql, (99, variant.variant_id)),),
        mend_steps=((sql, (variant.size, variant.variant_id)),),
    )


def _photo_missing(article: Article) -> WrongRow:
    file = article.photos[0].file
    lost = file.replace("-1.jpg", "-l.jpg")
    sql = "UPDATE PHOTO SET FICHIER = ? WHERE ID_ART = ? AND RANG = 1"
    return WrongRow(
        name="photo_missing",
        article_id=article.article_id,
        reference=article.reference,
        place="PHOTO.FICHIER",
        value=lost,
        holds="photo",
        what=Text("Le fichier de la photo n'existe pas", "The photo's file does not exist"),
        article=article,
        spoil_steps=((sql, (lost, article.article_id)),),
        mend_steps=((sql, (file, article.article_id)),),
    )


def _undecodable(article: Article) -> WrongRow:
    sql = "UPDATE ARTICLE SET LIB = CAST(? AS TEXT) WHERE ID_ART = ?"
    return WrongRow(
        name="bytes_cp1252",
        article_id=article.article_id,
        reference=article.reference,
        place="ARTICLE.LIB",
        value="Derby Z\\xe9lie",
        holds="article",
        what=Text(
            "Le texte n'est pas dans l'encodage de la base",
            "The text is not in the database's encoding",
        ),
        article=article,
        spoil_steps=((sql, ("Derby Zélie".encode("cp1252"), article.article_id)),),
        mend_steps=((sql, ("Derby Zélie", article.article_id)),),
    )


WRONG_ROWS: tuple[WrongRow, ...] = (
    _wrong_column(
        "price_not_a_number",
        _article(901, "Ambroise"),
        "PX_TTC",
        "4O,90",
        "40,90",
        Text("La lettre O au lieu du zéro dans le prix", "The letter O for a zero in the price"),
    ),
    _wrong_column(
        "price_negative",
        _article(902, "Bertille"),
        "PX_TTC",
        "-41,90",
        "41,90",
        Text("Le prix est négatif", "The price is negative"),
    ),
    _wrong_column(
        "vat_unknown",
        _article(903, "Casimir"),
        "COD_TVA",
        7,
        1,
        Text("Le code TVA n'est pas dans la table TVA", "The VAT code is not in the VAT table"),
    ),
    _wrong_ean(_article(904, "Delphine")),
    _wrong_column(
        "name_empty",
        _article(905, "Evariste"),
        "LIB",
        "",
        "Derby Evariste",
        Text("Le libellé est vide", "The name is empty"),
    ),
    _wrong_column(
        "name_forbidden_signs",
        _article(906, "Fulbert"),
        "LIB",
        "Derby Fulbert <NEW> {-20%}",
        "Derby Fulbert",
        Text("PrestaShop refuse les signes < > { } dans un nom", "PrestaShop refuses < > { } here"),
    ),
    _wrong_column(
        "name_too_long",
        _article(907, "Augustin"),
        "LIB",
        LONG_NAME.strip(),
        "Derby Augustin",
        Text("Le libellé dépasse 128 signes", "The name is longer than 128 signs"),
    ),
    _wrong_column(
        "reference_too_long",
        _article(908, "Hildegarde"),
        "REF",
        "H01-908" + "-COUSU-MAIN" * 6,
        "H01-908",
        Text("La référence dépasse 64 signes", "The reference is longer than 64 signs"),
    ),
    _variant_twice(_article(909, "Isidore")),
    _size_unknown(_article(910, "Jocelyne")),
    _wrong_column(
        "stock_not_a_number",
        _article(911, "Kléber", simple=True),
        "QTE_STK",
        "douze",
        12,
        Text("Le stock n'est pas un nombre", "The stock is not a number"),
    ),
    _photo_missing(_article(912, "Lucienne", photo=True)),
)

SPARE_WRONG_ROWS: tuple[WrongRow, ...] = (
    _wrong_column(
        "text_with_script",
        _article(913, "Mélusine"),
        "DESC_FR",
        "<p>Jolie paire</p><script>alert('promo')</script>",
        "<p>Jolie paire</p>",
        Text("Un script dans la description", "A script in the description"),
    ),
    _wrong_column(
        "family_unknown",
        _article(914, "Nestor"),
        "COD_FAM",
        "Z99",
        "H01",
        Text("La famille n'existe pas", "The family does not exist"),
    ),
    _wrong_column(
        "flag_unknown",
        _article(915, "Odilon"),
        "INTERNET",
        "?",
        "O",
        Text("Ni O ni N dans la case internet", "Neither O nor N in the web flag"),
    ),
    _undecodable(_article(916, "Zélie")),
)
