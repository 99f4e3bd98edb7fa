"""What can be wrong with a name, a reference or a long text of the till (E-ROW).

PrestaShop takes only so many signs, and not every sign: what it would refuse is named at the till.

    raise NameTooLongError(place="ARTICLE.LIBELLE, article 1042", length="140", limit="128")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text


class NameEmptyError(RowError):
    """A name is empty."""

    code = "E-ROW-020"
    what = Text("Le nom est vide", "The name is empty")
    remedy = Text("Saisir le nom à la caisse", "Enter the name at the till")


class NameTooLongError(RowError):
    """A name is longer than PrestaShop takes."""

    code = "E-ROW-021"
    what = Text(
        "Nom trop long : {length} caractères, {limit} au plus",
        "Name too long: {length} characters, at most {limit}",
    )
    remedy = Text("Raccourcir le nom à la caisse", "Shorten the name at the till")


class NameSignsError(RowError):
    """A name holds signs that PrestaShop refuses."""

    code = "E-ROW-022"
    what = Text("Le site refuse « {signs} » dans un nom", "The site refuses « {signs} » in a name")
    remedy = Text("Enlever ces signes à la caisse", "Remove these signs at the till")


class ReferenceEmptyError(RowError):
    """An article has no reference."""

    code = "E-ROW-023"
    what = Text("La référence est vide", "The reference is empty")
    remedy = Text("Saisir une référence à la caisse", "Enter a reference at the till")


class ReferenceTooLongError(RowError):
    """A reference is longer than PrestaShop takes."""

    code = "E-ROW-024"
    what = Text(
        "Référence trop longue : {length} caractères, {limit} au plus",
        "Reference too long: {length} characters, at most {limit}",
    )
    remedy = Text("Raccourcir la référence à la caisse", "Shorten the reference at the till")


class ReferenceSignsError(RowError):
    """A reference holds signs that PrestaShop refuses."""

    code = "E-ROW-025"
    what = Text(
        "Le site refuse « {signs} » dans une référence",
        "The site refuses « {signs} » in a reference",
    )
    remedy = Text("Enlever ces signes à la caisse", "Remove these signs at the till")


class ActiveHtmlError(RowError):
    """A text in HTML still holds a script, an event or a form after cleaning: it is refused."""

    code = "E-ROW-027"
    what = Text(
        "Le texte contient « {part} », que le site refuse",
        "The text holds « {part} », which the site refuses",
    )
    remedy = Text(
        "Enlever ce code du texte (coller en texte simple)",
        "Remove this code from the text (paste as plain text)",
    )
