"""What can be wrong with any row of the till (E-ROW), in plain words.

A row error sets that row aside: the shopkeeper mends it at the till, and the rest goes on. Here are
the root of them all, and those of any cell, of keys and of what hangs together; each subject has
its own module beside this one. Every class has its own code.

    raise NotANumberError(place="ARTICLE.PX_TTC, article 1042", value="4O,90")
"""

from typing import Self

from protocol.errors import RefusedItemError, Text

# --- any cell -------------------------------------------------------------------------------------


class RowError(RefusedItemError):
    """One row of the till is not usable; never raised itself."""

    code = "E-ROW-000"

    def at(self, place: str) -> Self:
        """Return the same error with its place."""
        error = type(self)(place=place, value=self.value)
        error.facts = self.facts
        return error


class UndecodableTextError(RowError):
    """A text's bytes are not in the encoding that the mapping names."""

    code = "E-ROW-001"
    what = Text("Texte illisible : lettres abîmées", "Unreadable text: damaged letters")
    remedy = Text(
        "Retaper ce texte à la caisse ; si beaucoup de fiches sont touchées, l'intégrateur "
        "indique l'encodage de la colonne (cp1252)",
        "Type this text again at the till; if many entries are hit, the integrator names the "
        "column's encoding (cp1252)",
    )


class NotANumberError(RowError):
    """A cell should hold a number."""

    code = "E-ROW-002"
    what = Text("Ce n'est pas un nombre", "This is not a number")
    remedy = Text(
        "Saisir par exemple 49,90 (attention à la lettre O pour un zéro)",
        "Enter for example 49,90 (mind the letter O for a zero)",
    )


class UnknownFlagError(RowError):
    """A cell should hold yes or no."""

    code = "E-ROW-003"
    what = Text("Ni oui ni non dans cette case", "Neither yes nor no in this box")
    remedy = Text("Choisir oui ou non à la caisse", "Choose yes or no at the till")


class NotADateError(RowError):
    """A cell should hold a date."""

    code = "E-ROW-004"
    what = Text("Ce n'est pas une date", "This is not a date")
    remedy = Text("Saisir la date comme {example}", "Enter the date like {example}")


class UnknownCodeError(RowError):
    """A code has no meaning in the mapping's `map`, or in its `lookup`."""

    code = "E-ROW-005"
    what = Text("Code inconnu", "Unknown code")
    remedy = Text(
        "Choisir un code de la liste à la caisse, ou ajouter celui-ci à « {list} »",
        "Choose a code of the list at the till, or add this one to « {list} »",
    )


class ExpressionError(RowError):
    """An expression has no value for this row."""

    code = "E-ROW-006"
    what = Text("Calcul impossible ({reason_fr})", "Cannot be computed ({reason_en})")
    remedy = Text(
        "Vérifier ces valeurs à la caisse, ou l'expression « {text} » du fichier",
        "Check these values at the till, or the expression « {text} » of the file",
    )


class TooLongError(RowError):
    """A text is longer than anything the shop takes."""

    code = "E-ROW-007"
    what = Text("Texte trop long ({limit} caractères au plus)", "Text too long (at most {limit})")
    remedy = Text("Raccourcir ce texte à la caisse", "Shorten this text at the till")


# --- keys -----------------------------------------------------------------------------------------


class KeyEmptyError(RowError):
    """A row has no key, so nobody can say what it is."""

    code = "E-ROW-010"
    what = Text("Ligne sans identifiant", "A row without its key")
    remedy = Text("Compléter la fiche à la caisse", "Complete the entry at the till")


class KeyUnfitError(RowError):
    """A key is too long or holds control characters."""

    code = "E-ROW-011"
    what = Text("Identifiant trop long ou illisible", "A key too long or unreadable")
    remedy = Text(
        "Choisir une autre colonne pour « key » dans le fichier",
        "Choose another column for « key » in the file",
    )


class KeyTwiceError(RowError):
    """Two rows have the same key; the second is set aside."""

    code = "E-ROW-012"
    what = Text("Deux lignes ont cet identifiant", "Two rows have this key")
    remedy = Text(
        "Supprimer la fiche en double à la caisse, ou corriger la requête",
        "Delete the double entry at the till, or correct the query",
    )


# --- what follows ---------------------------------------------------------------------------------


class FollowsError(RowError):
    """Nothing is wrong here, but what this belongs to is set aside."""

    code = "E-ROW-090"
    what = Text("Retenu avec {owner}", "Held back with {owner}")
    remedy = Text("Corriger {owner} ({cause})", "Correct {owner} ({cause})")


class NoVariantLeftError(RowError):
    """All variants of an article are set aside: without them it would look like a simple one."""

    code = "E-ROW-091"
    what = Text("Aucune déclinaison utilisable", "No usable variant")
    remedy = Text("Corriger ses déclinaisons", "Correct its variants")


class WireRefusesError(RowError):
    """The record would break the protocol's limits in a way that no other check names."""

    code = "E-ROW-099"
    what = Text("Fiche refusée ({reason})", "Entry refused ({reason})")
    remedy = Text("Corriger cette valeur à la caisse", "Correct this value at the till")
