"""What can be wrong with a mapping (E-MAP), in plain words; for the till's rows see `row_errors`.

A mapping error stops the run: an integrator mends the file. Every class has its own code, so that
two faults are never taken for one another.

    raise OneOfError(place="articles.price", names="price_tax_included, price_tax_excluded")
"""

from protocol.errors import NeedsPersonError, Text, UsageError


class SqlWritesError(UsageError):
    """A statement of the reading side would write."""

    code = "E-MAP-001"
    what = Text(
        "Cette requête n'est pas une simple lecture ({word})",
        "This query does more than read ({word})",
    )
    remedy = Text(
        "Écrire un seul SELECT (ou WITH … SELECT)", "Write one single SELECT (or WITH … SELECT)"
    )


class SqlInterpolationError(UsageError):
    """A statement would be filled in as a text: the way by which data becomes SQL."""

    code = "E-MAP-002"
    what = Text(
        "Texte à remplacer dans le SQL ({word})", "A text to fill in inside the SQL ({word})"
    )
    remedy = Text(
        "Employer un paramètre :nom et le donner sous « params »",
        "Use a parameter :name and give it under « params »",
    )


class SqlParametersError(UsageError):
    """A statement's parameters and those given are not the same."""

    code = "E-MAP-003"
    what = Text("Paramètre « :{name} » {fault_fr}", "Parameter « :{name} » {fault_en}")
    remedy = Text("Possibles ici : {known}", "Possible here: {known}")


class UnknownColumnError(UsageError):
    """The mapping names a column that its query does not give."""

    code = "E-MAP-004"
    what = Text("La colonne « {column} » n'existe pas", "There is no column « {column} »")
    remedy = Text(
        "Colonnes de cette requête : {known} (un calcul s'écrit sous « expr: »)",
        "Columns of this query: {known} (a calculation is written under « expr: »)",
    )


class ColumnTwiceError(UsageError):
    """A query gives two columns of one name, of which the mapping uses it."""

    code = "E-MAP-005"
    what = Text("La requête donne deux colonnes « {column} »", "The query gives « {column} » twice")
    remedy = Text("Nommer l'une d'elles avec AS", "Name one of them with AS")


class PhotoFolderError(UsageError):
    """The folder of photos cannot be seen."""

    code = "E-MAP-006"
    what = Text("Le dossier des photos est introuvable", "The photo folder cannot be found")
    remedy = Text(
        "Vérifier « root » et les droits du compte qui lance le programme",
        "Check « root » and the rights of the account that runs the program",
    )


class MissingPartError(UsageError):
    """A part of the mapping needs another part that is not there."""

    code = "E-MAP-007"
    what = Text("« {part} » demande « {needed} »", "« {part} » needs « {needed} »")
    remedy = Text("Ajouter « {needed} »", "Add « {needed} »")


class OneOfError(UsageError):
    """Exactly one of several ways must be chosen."""

    code = "E-MAP-008"
    what = Text("Il faut un et un seul de : {names}", "Exactly one of: {names}")
    remedy = Text("En garder un seul", "Keep one only")


class UnknownZoneError(UsageError):
    """A time zone is none that this machine knows."""

    code = "E-MAP-009"
    what = Text("Fuseau horaire inconnu", "Unknown time zone")
    remedy = Text("Écrire par exemple Europe/Paris", "Write for example Europe/Paris")


class ExpressionSyntaxError(UsageError):
    """An expression cannot be read."""

    code = "E-MAP-010"
    what = Text(
        "Expression illisible au caractère {position} ({reason})",
        "Expression not readable at character {position} ({reason})",
    )
    remedy = Text(
        "Exemple : number(PX_HT) * 1.2 if bool(ACTIF) else None",
        "Example: number(PX_HT) * 1.2 if bool(ACTIVE) else None",
    )


class ExpressionPartError(UsageError):
    """An expression holds something outside the grammar."""

    code = "E-MAP-011"
    what = Text(
        "« {part} » n'est pas admis dans une expression (caractère {position})",
        "« {part} » is not allowed in an expression (character {position})",
    )
    remedy = Text(
        "Admis : colonnes, nombres, textes, + - * /, comparaisons, and or not in, a if b else c",
        "Allowed: columns, numbers, texts, + - * /, comparisons, and or not in, a if b else c",
    )


class ExpressionFunctionError(UsageError):
    """An expression calls a function that does not exist, or with too few or many values."""

    code = "E-MAP-012"
    what = Text(
        "Appel impossible de « {part} » (caractère {position})",
        "« {part} » cannot be called so (character {position})",
    )
    remedy = Text("Fonctions : {known}", "Functions: {known}")


class PurchasePricesLeaveError(NeedsPersonError):
    """Purchase prices leave the shop: the merchant asked for it, and should know."""

    code = "E-MAP-020"
    what = Text(
        "Les prix d'achat sont envoyés au site (scellés, lus par l'agent)",
        "Purchase prices are sent to the site (sealed, read by the agent)",
    )
    remedy = Text(
        "Si ce n'est pas voulu : « send_purchase_price: false »",
        "If that is not meant: « send_purchase_price: false »",
    )
