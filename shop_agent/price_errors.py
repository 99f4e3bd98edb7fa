"""Why a promotion or a price of a list is set aside, or does nothing (codes `E-AGT-08x`)."""

from protocol.errors import NeedsPersonError, RefusedItemError, Text


class NoSuchGroupError(RefusedItemError):
    """The shop has no customer group of that name, in any language."""

    code = "E-AGT-080"
    what = Text(
        "La boutique n'a pas de groupe de clients « {group} »",
        "The shop has no customer group « {group} »",
    )
    remedy = Text(
        "PrestaShop : Paramètres > Clients > Groupes, créer « {group} » ou corriger le nom à la "
        "caisse ; suivi au prochain passage complet",
        "PrestaShop: Shop parameters > Customer settings > Groups, create « {group} », or correct "
        "the name at the till; the next full pass takes it up",
    )


class AmbiguousGroupError(RefusedItemError):
    """Several customer groups of the shop bear that name."""

    code = "E-AGT-081"
    what = Text(
        "Plusieurs groupes de clients s'appellent « {group} » : {found}",
        "Several customer groups are called « {group} »: {found}",
    )
    remedy = Text(
        "Dans PrestaShop, renommer tous ces groupes sauf un ; suivi au prochain passage complet",
        "In PrestaShop, rename all of these groups but one; the next full pass takes it up",
    )


class NoSuchDateError(RefusedItemError):
    """A promotion begins or ends on a day that no calendar has."""

    code = "E-AGT-082"
    what = Text("Date impossible : {date}", "No such date: {date}")
    remedy = Text(
        "Corriger les dates de la promotion à la caisse",
        "Correct the promotion's dates at the till",
    )


class PriceTakenError(RefusedItemError):
    """A person's specific price stands in the very place of ours; theirs is left alone."""

    code = "E-AGT-083"
    what = Text(
        "Un prix spécifique saisi sur le site occupe déjà cette place (n° {found})",
        "A specific price made on the site is already in this place (no. {found})",
    )
    remedy = Text(
        "Dans PrestaShop, onglet Prix de l'article, supprimer ce prix spécifique si la caisse "
        "doit l'emporter",
        "In PrestaShop, tab Pricing of the article, delete this specific price if the till's shall "
        "count",
    )


class NothingLoweredError(RefusedItemError):
    """A promotion whose price is not under the usual one: nobody sees it."""

    code = "E-AGT-084"
    what = Text(
        "Cette promotion ne baisse aucun prix : le prix habituel reste affiché",
        "This promotion lowers no price: the usual price goes on being shown",
    )
    remedy = Text(
        "Vérifier le prix de la promotion à la caisse",
        "Check the promotion's price at the till",
    )


class GroupWithoutCustomersError(NeedsPersonError):
    """No customer has the group as default group, and PrestaShop looks at no other."""

    code = "E-AGT-085"
    what = Text(
        "Aucun client n'a « {group} » comme groupe par défaut : son tarif ne sert à personne",
        "No customer has « {group} » as default group: its prices serve nobody",
    )
    remedy = Text(
        "PrestaShop : fiche de chaque client concerné, « Groupe par défaut » = {group}",
        "PrestaShop: entry of each customer concerned, « Default customer group » = {group}",
    )


class OtherCurrencyError(RefusedItemError):
    """A price of a list is in another currency than the shop's."""

    code = "E-AGT-086"
    what = Text("Prix en {currency}, boutique en {shop}", "Price in {currency}, shop in {shop}")
    remedy = Text("Corriger la devise à la caisse", "Correct the currency at the till")
