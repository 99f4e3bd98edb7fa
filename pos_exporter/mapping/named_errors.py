"""What can be wrong with what a row of the till names: VAT, family, brand, size, colour (E-ROW).

What is named must be in the till's own lists, and tell a variant from its neighbours.

    raise UnknownBrandError(place="ARTICLE.MARQUE, article 1042", value="KIKERS")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text


class UnknownTaxRateError(RowError):
    """An article's VAT code is not in the till's list."""

    code = "E-ROW-040"
    what = Text("Ce code TVA n'existe pas à la caisse", "The till has no such VAT code")
    remedy = Text("Choisir le bon taux de TVA sur la fiche", "Choose the right VAT rate there")


class UnknownCategoryError(RowError):
    """A family or rayon is not in the till's list."""

    code = "E-ROW-041"
    what = Text("Cette famille n'existe pas à la caisse", "The till has no such family")
    remedy = Text("Choisir une famille existante sur la fiche", "Choose a family that exists")


class UnknownBrandError(RowError):
    """A brand is not in the till's list."""

    code = "E-ROW-042"
    what = Text("Cette marque n'existe pas à la caisse", "The till has no such brand")
    remedy = Text("Choisir une marque existante sur la fiche", "Choose a brand that exists")


class UnknownAxisError(RowError):
    """A size or colour belongs to an axis that the mapping does not name."""

    code = "E-ROW-043"
    what = Text("Cet axe de déclinaison est inconnu", "Unknown kind of variant")
    remedy = Text("L'ajouter à « axes » dans le fichier", "Add it to « axes » in the file")


class UnknownAxisValueError(RowError):
    """A size or colour is not in the till's list, or has no label."""

    code = "E-ROW-044"
    what = Text(
        "Cette pointure, taille ou couleur n'existe pas à la caisse",
        "The till has no such size or colour",
    )
    remedy = Text("Choisir une valeur existante sur la fiche", "Choose a value that exists")


class CategoryLoopError(RowError):
    """Categories are each other's parents."""

    code = "E-ROW-045"
    what = Text("Cette famille est rangée dans elle-même", "This family is filed under itself")
    remedy = Text("Corriger son rayon à la caisse", "Correct its rayon at the till")


class VariantTwiceError(RowError):
    """Two variants of one article have the same size and colour; the second is set aside."""

    code = "E-ROW-046"
    what = Text(
        "La même pointure et la même couleur deux fois (déjà : {first})",
        "The same size and colour twice (already: {first})",
    )
    remedy = Text("Supprimer ou corriger l'une des deux", "Delete or correct one of the two")


class VariantPlainError(RowError):
    """A variant has no size or colour at all."""

    code = "E-ROW-047"
    what = Text("Déclinaison sans pointure ni couleur", "A variant without size or colour")
    remedy = Text("Les saisir à la caisse", "Enter them at the till")
