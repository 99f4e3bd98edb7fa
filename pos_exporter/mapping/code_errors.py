"""What can be wrong with a bar code, an ISBN or a colour of the till (E-ROW).

A code with a wrong check digit names another article, or none: it is never mended by guessing.

    raise BadEanError(place="ARTICLE.EAN, article 1042", value="3401234567890")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text


class BadEanError(RowError):
    """A bar code is no EAN: wrong length, signs or check digit."""

    code = "E-ROW-026"
    what = Text("Code-barres faux (longueur ou clé)", "Wrong bar code (length or check digit)")
    remedy = Text(
        "Scanner l'article à nouveau, ou vider le code-barres à la caisse",
        "Scan the article again, or empty its bar code at the till",
    )


class BadUpcError(RowError):
    """A UPC has another length than 12 digits, or a wrong check digit."""

    code = "E-ROW-036"
    what = Text("Code UPC faux (12 chiffres, clé comprise)", "Wrong UPC (12 digits, check digit)")
    remedy = Text(
        "Scanner l'article à nouveau, ou vider ce code à la caisse",
        "Scan the article again, or empty this code at the till",
    )


class BadIsbnError(RowError):
    """An ISBN has a wrong length or check digit."""

    code = "E-ROW-037"
    what = Text("ISBN faux (longueur ou clé)", "Wrong ISBN (length or check digit)")
    remedy = Text(
        "Recopier l'ISBN du livre, ou le vider à la caisse",
        "Copy the book's ISBN again, or empty it at the till",
    )


class LongEanError(RowError):
    """A bar code of 14 digits is right, but the site takes 13 at most."""

    code = "E-ROW-038"
    what = Text(
        "Code-barres de carton (14 chiffres) : ce site en prend 13 au plus",
        "A case's bar code (14 digits): this site takes 13 at most",
    )
    remedy = Text("Saisir le code-barres de l'unité", "Enter the bar code of the unit")


class BadColorError(RowError):
    """A colour is not written as #rrggbb."""

    code = "E-ROW-028"
    what = Text("Couleur illisible", "Unreadable colour")
    remedy = Text("Écrire la couleur comme #aa3300", "Write the colour like #aa3300")
