"""What can be wrong with an amount, a rate, a measure or a stock figure of the till (E-ROW).

A wrong figure is set aside, never rounded or guessed: on a site, it would be sold by.

    raise NegativePriceError(place="ARTICLE.PX_TTC, article 1042", value="-41,90")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text

# --- amounts --------------------------------------------------------------------------------------


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


# --- stock ----------------------------------------------------------------------------------------


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
