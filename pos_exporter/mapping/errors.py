"""What can be wrong with a mapping (E-MAP) and with a row of the till (E-ROW), in plain words.

A mapping error stops the run: an integrator mends the file. A row error sets that row aside: the
shopkeeper mends it at the till, and the rest goes on. Every class has its own code, so that two
faults are never taken for one another.

    raise NegativePriceError(place="ARTICLE.PX_TTC, article 1042", value="-41,90")
"""

from typing import Self

from protocol.errors import NeedsPersonError, RefusedItemError, Text, UsageError

# --- the mapping ------------------------------------------------------------------------------


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


# --- any cell ---------------------------------------------------------------------------------


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


# --- keys -------------------------------------------------------------------------------------


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


# --- texts ------------------------------------------------------------------------------------


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


class BadEanError(RowError):
    """A bar code is no EAN: wrong length, signs or check digit."""

    code = "E-ROW-026"
    what = Text("Code-barres faux (longueur ou clé)", "Wrong bar code (length or check digit)")
    remedy = Text(
        "Scanner l'article à nouveau, ou vider le code-barres à la caisse",
        "Scan the article again, or empty its bar code at the till",
    )


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


class BadColorError(RowError):
    """A colour is not written as #rrggbb."""

    code = "E-ROW-028"
    what = Text("Couleur illisible", "Unreadable colour")
    remedy = Text("Écrire la couleur comme #aa3300", "Write the colour like #aa3300")


# --- amounts ----------------------------------------------------------------------------------


class NegativePriceError(RowError):
    """A price is below zero."""

    code = "E-ROW-030"
    what = Text("Le prix est négatif", "The price is negative")
    remedy = Text("Corriger le prix à la caisse", "Correct the price at the till")


class ZeroPriceError(RowError):
    """A price is zero: on a site, that is a gift to everybody."""

    code = "E-ROW-031"
    what = Text("Le prix est à zéro", "The price is zero")
    remedy = Text(
        "Saisir le prix, ou enlever l'article du site",
        "Enter the price, or take the article off the site",
    )


class PricePlacesError(RowError):
    """A price has more than two decimals."""

    code = "E-ROW-032"
    what = Text("Prix à plus de deux décimales", "A price with more than two decimals")
    remedy = Text(
        "Corriger le prix à la caisse, ou arrondir par « scale: 2 »",
        "Correct the price at the till, or round it by « scale: 2 »",
    )


class PriceMissingError(RowError):
    """An article has no price."""

    code = "E-ROW-033"
    what = Text("Le prix manque", "The price is missing")
    remedy = Text("Saisir le prix à la caisse", "Enter the price at the till")


class AmountTooLargeError(RowError):
    """An amount is too large to be one."""

    code = "E-ROW-034"
    what = Text("Montant démesuré", "An amount far too large")
    remedy = Text("Corriger le montant à la caisse", "Correct the amount at the till")


class BadRateError(RowError):
    """A VAT rate is missing or outside 0 to 100 %."""

    code = "E-ROW-035"
    what = Text("Ce n'est pas un taux de TVA", "This is no VAT rate")
    remedy = Text("Saisir un taux, par exemple 20 ou 5,5", "Enter a rate, such as 20 or 5,5")


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


class NegativeFigureError(RowError):
    """A weight, a size or a reserve is below zero."""

    code = "E-ROW-039"
    what = Text("Cette valeur est négative", "This value is negative")
    remedy = Text("La corriger à la caisse", "Correct it at the till")


class EcotaxAbovePriceError(RowError):
    """An ecotax is more than the price that contains it."""

    code = "E-ROW-054"
    what = Text("L'écotaxe dépasse le prix", "The ecotax is more than the price")
    remedy = Text("Corriger l'écotaxe à la caisse", "Correct the ecotax at the till")


# --- what a row speaks of ---------------------------------------------------------------------


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


# --- stock ------------------------------------------------------------------------------------


class StockNotANumberError(RowError):
    """A stock figure is no number."""

    code = "E-ROW-050"
    what = Text("Le stock n'est pas un nombre", "The stock is not a number")
    remedy = Text("Corriger le stock à la caisse", "Correct the stock at the till")


class StockNotWholeError(RowError):
    """A stock figure is not whole, or has too many digits."""

    code = "E-ROW-051"
    what = Text("Le stock n'est pas un nombre entier", "The stock is not a whole number")
    remedy = Text(
        "Corriger le stock, ou arrondir dans le fichier par floor(…)",
        "Correct the stock, or round it in the file by floor(…)",
    )


class StockTwiceError(RowError):
    """Two rows give the stock of one thing: no one can say which is right."""

    code = "E-ROW-052"
    what = Text("Deux stocks pour le même article", "Two stock figures for one article")
    remedy = Text(
        "Les additionner par « sum: true » ou corriger la requête",
        "Add them up by « sum: true » or correct the query",
    )


class CountedUnreadableError(RowError):
    """A row of web orders that the till has deducted cannot be used."""

    code = "E-ROW-053"
    what = Text("Ligne de commande web illisible", "Unreadable line of a web order")
    remedy = Text(
        "Corriger cette ligne de commande à la caisse", "Correct this line of the order at the till"
    )


# --- photos -----------------------------------------------------------------------------------


class PhotoMissingError(RowError):
    """A photo's file does not exist."""

    code = "E-ROW-060"
    what = Text("Le fichier de la photo est introuvable", "The photo's file cannot be found")
    remedy = Text("Remettre le fichier, ou choisir la photo à nouveau", "Choose the photo again")


class PhotoOutsideError(RowError):
    """A photo's path leads out of the photo folder."""

    code = "E-ROW-061"
    what = Text("La photo est hors du dossier des photos", "The photo is outside the photo folder")
    remedy = Text("La copier dans le dossier des photos", "Copy it into the photo folder")


class PhotoTooLargeError(RowError):
    """A photo has too many bytes or pixels."""

    code = "E-ROW-062"
    what = Text("Photo démesurée ({size})", "Photo far too large ({size})")
    remedy = Text("L'enregistrer plus petite", "Save it smaller")


class PhotoUnreadableError(RowError):
    """A photo's bytes are no picture."""

    code = "E-ROW-063"
    what = Text("Photo illisible ({reason})", "Unreadable photo ({reason})")
    remedy = Text("L'enregistrer à nouveau en JPEG", "Save it again as JPEG")


class PhotoChangedError(RowError):
    """A photo is no longer what was announced: the next reading will announce it anew."""

    code = "E-ROW-064"
    what = Text("La photo a changé depuis la lecture", "The photo changed since it was read")
    remedy = Text(
        "Rien à faire : la prochaine lecture la reprend", "Nothing: the next run takes it"
    )


# --- what follows -----------------------------------------------------------------------------


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
