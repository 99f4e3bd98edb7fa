"""The agent's own errors: why a fact waits, is refused, or needs a person (codes `E-AGT-…`)."""

from protocol.errors import NeedsPersonError, RefusedItemError, Text


class ParentMissingError(RefusedItemError):
    """A fact hangs on another one that is not in the shop yet; it is taken up when that is."""

    code = "E-AGT-001"
    what = Text("En attente de : {parent}", "Waiting for: {parent}")
    remedy = Text(
        "Rien à faire si la fiche arrive ; sinon corriger « {parent} » à la caisse",
        "Nothing to do if the record comes; otherwise correct {parent} at the till",
    )


class NoTaxGroupError(RefusedItemError):
    """The shop has no tax rules group of that rate for its country."""

    code = "E-AGT-002"
    what = Text("La boutique n'a pas de taxe à {rate} %", "The shop has no tax at {rate} %")
    remedy = Text(
        "PrestaShop : International > Taxes > Règles de taxes, créer le taux, puis relancer",
        "PrestaShop: International > Taxes > Tax rules, create the rate, then run again",
    )


class AmbiguousMatchError(RefusedItemError):
    """Several entities of the shop could be this one: a person must say which."""

    code = "E-AGT-003"
    what = Text(
        "Plusieurs fiches de la boutique correspondent : {found}",
        "Several entries of the shop match: {found}",
    )
    remedy = Text(
        "Dans PrestaShop, n'en garder qu'une avec cette référence, puis relancer",
        "In PrestaShop, keep only one with this reference, then run again",
    )


class EcotaxAbovePriceError(RefusedItemError):
    """The ecotax is contained in the price, and cannot be more than it."""

    code = "E-AGT-004"
    what = Text(
        "L'écotaxe dépasse le prix de {price} qui la contient",
        "The ecotax is more than the price of {price} that contains it",
    )
    remedy = Text("Vérifier le prix et l'écotaxe à la caisse", "Check price and ecotax at the till")


class TwoArticlesError(RefusedItemError):
    """Two articles of the till could be the same product: a person must say which one it is."""

    code = "E-AGT-005"
    what = Text(
        "Plusieurs articles de la caisse ({articles}) correspondent à la même fiche : {found}",
        "Several articles of the till ({articles}) match the same entry: {found}",
    )
    remedy = Text(
        "Donner à chaque article sa référence et son code-barres, à la caisse ou sur le site",
        "Give each article its own reference and barcode, at the till or on the site",
    )


class CodesDisagreeError(RefusedItemError):
    """The reference says one product and the barcode another."""

    code = "E-AGT-006"
    what = Text(
        "La référence désigne {by_reference}, le code-barres {by_ean}",
        "The reference says {by_reference}, the barcode {by_ean}",
    )
    remedy = Text(
        "Corriger la référence ou le code-barres, à la caisse ou sur le site",
        "Correct the reference or the barcode, at the till or on the site",
    )


class SimpleAtTillError(RefusedItemError):
    """The product found has combinations; the article has no variants."""

    code = "E-AGT-007"
    what = Text(
        "La fiche {found} a des déclinaisons, l'article de la caisse n'en a pas",
        "The entry {found} has combinations, the article of the till has no variants",
    )
    remedy = Text(
        "Décliner l'article à la caisse, ou retirer les déclinaisons sur le site : rien n'est "
        "supprimé d'ici là",
        "Give the article its variants at the till, or remove the combinations on the site: "
        "nothing is deleted until then",
    )


class VariantsAtTillError(RefusedItemError):
    """The product found has no combinations; the article has variants."""

    code = "E-AGT-008"
    what = Text(
        "La fiche {found} n'a pas de déclinaisons, l'article de la caisse en a",
        "The entry {found} has no combinations, the article of the till has variants",
    )
    remedy = Text(
        "Créer une déclinaison sur le site pour reprendre la fiche, ou changer sa référence pour "
        "qu'une nouvelle soit créée",
        "Create a combination on the site to take the entry over, or change its reference to have "
        "a new one created",
    )


class LeftCombinationError(RefusedItemError):
    """A variant is gone from the till; its combination stays in the shop, without stock."""

    code = "E-AGT-009"
    what = Text(
        "La déclinaison {found} n'est plus à la caisse : elle reste sur le site, à 0",
        "The combination {found} is no longer at the till: it stays on the site, at 0",
    )
    remedy = Text(
        "La supprimer dans PrestaShop si elle ne revient pas ; un produit dont toutes les "
        "déclinaisons sont supprimées se vend de nouveau sans",
        "Delete it in PrestaShop if it does not come back; a product whose combinations are all "
        "deleted is sold without them again",
    )


class EditedOnSiteError(RefusedItemError):
    """The web team changed a text: it is kept, and said once."""

    code = "E-AGT-010"
    what = Text(
        "« {field} » ({lang}) a été modifié sur le site : le texte du site est gardé",
        "{field} ({lang}) was changed on the site: the site's text is kept",
    )
    remedy = Text(
        "Rien à faire. Pour reprendre le texte de la caisse, le recopier sur le site",
        "Nothing to do. To take the till's text back, make the site's equal to it",
    )


class ForeignFieldError(RefusedItemError):
    """The shop refuses a write because of a field that we did not send."""

    code = "E-AGT-011"
    what = Text(
        "Le champ « {field} » de la fiche du site bloque la mise à jour",
        "The field {field} of the site's entry blocks the update",
    )
    remedy = Text(
        "Corriger ce champ dans PrestaShop : le reste suivra au prochain passage complet",
        "Correct this field in PrestaShop: the rest follows with the next full pass",
    )


class PhotoLostError(RefusedItemError):
    """The photo's bytes are not here yet."""

    code = "E-AGT-012"
    what = Text("Photo demandée à la caisse", "Photo asked of the till")
    remedy = Text("Rien à faire : elle arrive au prochain passage", "Nothing to do: it is coming")


class FirstLoadError(NeedsPersonError):
    """Before the first creation in a shop, a person says yes once."""

    code = "E-AGT-020"
    what = Text(
        "Premier chargement : {articles} articles à créer dans la boutique",
        "First load: {articles} articles to create in the shop",
    )
    remedy = Text(
        "Vérifier avec « sync --dry-run », puis accepter : « sync --accept first-load »",
        "Check with « sync --dry-run », then accept: « sync --accept first-load »",
    )


class RecoveringError(NeedsPersonError):
    """The agent's position is not proven: nothing is written to the shop."""

    code = "E-AGT-021"
    exit_code = 5
    what = Text(
        "Reprise en cours : rien n'est écrit dans la boutique",
        "Recovering: nothing is written to the shop",
    )
    remedy = Text(
        "La caisse répondra à son prochain passage ; relancer ensuite",
        "The till answers with its next pass; run again afterwards",
    )
