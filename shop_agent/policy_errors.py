"""Why a fact is held, refused by the merchant's choices, or not seen by visitors.

Codes `E-HLD-…` name what holds, `E-SEE-…` why visitors do not see what is in the shop.

    HeldModeError(mode="observe").problem()
"""

from protocol.errors import NeedsPersonError, RefusedItemError, Text


class HeldModeError(NeedsPersonError):
    """The mode lets nothing of this kind into the shop."""

    code = "E-HLD-001"
    what = Text("Retenu : mode « {mode} »", "Held: mode « {mode} »")
    remedy = Text(
        "Rien n'est perdu : tout partira quand le mode sera « all » (réglage policy.mode)",
        "Nothing is lost: all of it goes when the mode is « all » (setting policy.mode)",
    )


class HeldPilotError(NeedsPersonError):
    """The pilot does not name this fact."""

    code = "E-HLD-002"
    what = Text("Retenu : hors de l'essai en cours", "Held: not part of the pilot")
    remedy = Text(
        "L'ajouter à l'essai, ou terminer l'essai (réglage policy.pilot)",
        "Add it to the pilot, or end the pilot (setting policy.pilot)",
    )


class _HeldClassError(NeedsPersonError):
    """A class of changes waits for a person; `key` is the class."""

    remedy = Text(
        "Vérifier, puis accepter : « pos-exporter approve {key} » en caisse, ou "
        "« shop-agent sync --accept {key} »",
        "Check, then accept: « pos-exporter approve {key} » at the till, or "
        "« shop-agent sync --accept {key} »",
    )


class HeldPriceError(_HeldClassError):
    """One price is at 0, or moves by more than the brake allows."""

    code = "E-HLD-003"
    what = Text("Prix retenu : {shown}", "Price held: {shown}")


class HeldDeactivationsError(_HeldClassError):
    """Many articles would leave the site at once."""

    code = "E-HLD-004"
    what = Text(
        "Retenu : trop d'articles quitteraient le site d'un coup",
        "Held: too many articles would leave the site at once",
    )


class HeldSellablesError(_HeldClassError):
    """Many sizes would vanish at once from articles that stay."""

    code = "E-HLD-007"
    what = Text(
        "Retenu : trop de tailles disparaîtraient d'un coup ; le site garde leur stock",
        "Held: too many sizes would vanish at once; the site keeps their stock",
    )


class HeldPricesError(_HeldClassError):
    """Many prices would move at once."""

    code = "E-HLD-005"
    what = Text(
        "Retenu : trop de prix changeraient d'un coup",
        "Held: too many prices would change at once",
    )


class HeldEditsError(_HeldClassError):
    """Many of our texts differ on the site at once: the shop rewrites, not people."""

    code = "E-HLD-006"
    what = Text(
        "Retenu : trop de textes ont changé d'un coup sur le site",
        "Held: too many texts changed on the site at once",
    )
    remedy = Text(
        "Rien n'est écrasé. Chercher ce qui les a réécrits (module, import). Pour les garder comme "
        "textes du site : « pos-exporter approve {key} » ou « shop-agent sync --accept {key} »",
        "Nothing is overwritten. Find what rewrote them (module, import). To keep them as the "
        "site's own: « pos-exporter approve {key} » or « shop-agent sync --accept {key} »",
    )


class NotFlaggedError(RefusedItemError):
    """The article is not marked for the site, and only marked ones may go there."""

    code = "E-AGT-030"
    what = Text("L'article n'est pas coché pour le site", "The article is not marked for the site")
    remedy = Text(
        "Le cocher à la caisse, ou lever policy.only_flagged",
        "Mark it at the till, or lift policy.only_flagged",
    )


# --- in the shop, but not seen ---------------------------------------------------------------


class DraftError(RefusedItemError):
    """A new article waits for the web team to switch it on."""

    code = "E-SEE-001"
    what = Text("Brouillon : l'équipe web doit l'activer", "Draft: the web team switches it on")
    remedy = Text(
        "Dans PrestaShop, compléter la fiche puis l'activer",
        "In PrestaShop, complete the product, then enable it",
    )


class SwitchedOffError(RefusedItemError):
    """The web team switched the article off, and may."""

    code = "E-SEE-002"
    what = Text("Désactivé par l'équipe web", "Switched off by the web team")
    remedy = Text(
        "L'activer dans PrestaShop, ou donner article.online à la caisse (policy.owners)",
        "Enable it in PrestaShop, or let the till own article.online (policy.owners)",
    )


class CategoryOffError(RefusedItemError):
    """The article's default category, or all of its categories, are off on the site."""

    code = "E-SEE-003"
    what = Text("Catégorie désactivée sur le site", "Its category is off on the site")
    remedy = Text(
        "Activer dans PrestaShop la catégorie {category}",
        "Enable category {category} in PrestaShop",
    )


class NotListedError(RefusedItemError):
    """The product's visibility on the site is "none"."""

    code = "E-SEE-004"
    what = Text(
        "Visibilité « nulle part » sur le site", "Its visibility on the site is « nowhere »"
    )
    remedy = Text(
        "Dans PrestaShop, onglet Options, choisir « Partout »",
        "In PrestaShop, tab Options, choose « Everywhere »",
    )


class SizeHiddenError(RefusedItemError):
    """The size has no stock, and the shop hides what has none."""

    code = "E-SEE-005"
    what = Text("Épuisé, donc caché sur la page", "Out of stock, thus hidden on the page")
    remedy = Text(
        "Rien à faire : il revient avec le stock (réglage policy.empty_combinations)",
        "Nothing to do: it comes back with the stock (setting policy.empty_combinations)",
    )


class NoPriceError(RefusedItemError):
    """The product's price on the site is 0."""

    code = "E-SEE-006"
    what = Text("Prix à 0 sur le site", "Its price on the site is 0")
    remedy = Text("Donner un prix à l'article en caisse", "Give the article a price at the till")
