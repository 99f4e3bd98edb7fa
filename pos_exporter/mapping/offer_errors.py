"""What can be wrong with a row of promotions, price lists, suppliers, features and packs (E-ROW).

These rows never hold back the article that they speak of, but for the parts of a pack: each is set
aside alone, and what the site had of it stays as it was.

    raise PercentError(place="PROMO.REMISE, promotion 12", value="120")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text

# --- features and suppliers -------------------------------------------------------------------


class UnknownFeatureError(RowError):
    """A row names a feature that the till does not list."""

    code = "E-ROW-048"
    what = Text("Cette caractéristique n'existe pas à la caisse", "The till has no such feature")
    remedy = Text("Choisir une caractéristique existante", "Choose a feature that exists")


class UnknownFeatureValueError(RowError):
    """A row names a value of a feature that the till does not list, or that has no label."""

    code = "E-ROW-049"
    what = Text(
        "Cette valeur de caractéristique n'existe pas à la caisse",
        "The till has no such value of this feature",
    )
    remedy = Text("Choisir une valeur existante sur la fiche", "Choose a value that exists")


class UnknownSupplierError(RowError):
    """A row names a supplier that the till does not list."""

    code = "E-ROW-055"
    what = Text("Ce fournisseur n'existe pas à la caisse", "The till has no such supplier")
    remedy = Text("Choisir un fournisseur existant", "Choose a supplier that exists")


# --- promotions and price lists ---------------------------------------------------------------


class TargetError(RowError):
    """A row names no article, variant or category, or several of them."""

    code = "E-ROW-070"
    what = Text(
        "Un et un seul article, une déclinaison ou une famille est attendu",
        "Exactly one article, variant or family is expected",
    )
    remedy = Text("Compléter ou corriger la ligne à la caisse", "Complete or correct the row")


class UnknownTargetError(RowError):
    """A row names an article, a variant or a category that the till does not have."""

    code = "E-ROW-071"
    what = Text(
        "Cet article ou cette famille n'existe pas à la caisse",
        "The till has no such article or family",
    )
    remedy = Text("Corriger ou supprimer la ligne à la caisse", "Correct or delete the row")


class ReductionError(RowError):
    """A promotion says no reduction, or several."""

    code = "E-ROW-072"
    what = Text(
        "Une et une seule réduction est attendue : pourcentage, montant ou prix",
        "Exactly one reduction is expected: percent, amount or price",
    )
    remedy = Text("Compléter ou corriger la promotion", "Complete or correct the promotion")


class PercentError(RowError):
    """A percentage is not above 0 and at most 100."""

    code = "E-ROW-073"
    what = Text("Pourcentage impossible", "Impossible percentage")
    remedy = Text("Saisir plus de 0 et au plus 100", "Enter more than 0 and at most 100")


class PeriodError(RowError):
    """A promotion ends before it starts."""

    code = "E-ROW-074"
    what = Text("La fin précède le début ({starts})", "The end is before the start ({starts})")
    remedy = Text("Corriger les dates à la caisse", "Correct the dates at the till")


class UnknownPriceListError(RowError):
    """A price belongs to a list that the till does not have."""

    code = "E-ROW-075"
    what = Text("Ce tarif n'existe pas à la caisse", "The till has no such price list")
    remedy = Text("Choisir un tarif existant", "Choose a price list that exists")


class GroupEmptyError(RowError):
    """A price list is for no group of customers."""

    code = "E-ROW-076"
    what = Text("Tarif sans groupe de clients", "A price list without its customer group")
    remedy = Text(
        "Indiquer le groupe de clients du site", "Name the group of customers on the site"
    )


class UnitsError(RowError):
    """A number of units is not whole, or below what makes sense."""

    code = "E-ROW-077"
    what = Text("Quantité impossible ({least} au moins)", "Impossible quantity (at least {least})")
    remedy = Text("Corriger la quantité à la caisse", "Correct the quantity at the till")


# --- packs ------------------------------------------------------------------------------------


class UnknownPartError(RowError):
    """A pack holds what the till does not have, what is not for the site, or has variants."""

    code = "E-ROW-080"
    what = Text(
        "Cet élément du lot n'est pas vendu seul sur le site",
        "This part of the pack is not sold by itself on the site",
    )
    remedy = Text(
        "Choisir un article du site, ou l'une de ses déclinaisons",
        "Choose an article of the site, or one of its variants",
    )


class PackEmptyError(RowError):
    """A pack holds nothing."""

    code = "E-ROW-081"
    what = Text("Lot sans contenu", "A pack without content")
    remedy = Text("Saisir ce que le lot contient", "Enter what the pack holds")


class UnknownStageError(RowError):
    """A till's word for how far an order is, and nobody said what it means."""

    code = "E-ROW-056"
    what = Text(
        "Avancement de commande inconnu : « {value} »", "Unknown stage of an order: « {value} »"
    )
    remedy = Text(
        "Dire dans la correspondance (stage : map ou lookup) lequel de {known} il veut dire",
        "Say in the mapping (stage: map or lookup) which of {known} it means",
    )
