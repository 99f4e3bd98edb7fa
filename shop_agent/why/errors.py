"""Reasons of « not online » that no fate tells: codes `E-SEE-02x`."""

from protocol.errors import RefusedItemError, Text


class NeverSaidError(RefusedItemError):
    """The till has sent nothing of this name."""

    code = "E-SEE-020"
    what = Text(
        "La caisse n'a envoyé aucun article « {value} »", "The till has sent no article « {value} »"
    )
    remedy = Text(
        "Sur le poste de caisse : « pos-exporter why {value} »",
        "On the till's machine: « pos-exporter why {value} »",
    )


class GoneFromTillError(RefusedItemError):
    """The till no longer sends the article."""

    code = "E-SEE-021"
    what = Text(
        "La caisse ne l'envoie plus ({cause}) ; votre choix : {fate}",
        "The till no longer sends it ({cause}); your choice: {fate}",
    )
    remedy = Text(
        "Le remettre à la caisse, ou changer policy.gone",
        "Bring it back at the till, or change policy.gone",
    )


class NotYetError(RefusedItemError):
    """The article is not in the shop, and nothing speaks against it."""

    code = "E-SEE-022"
    what = Text("Pas encore créé sur le site", "Not created on the site yet")
    remedy = Text("« shop-agent sync » le créera", "« shop-agent sync » creates it")


class ProductMissingError(RefusedItemError):
    """Somebody deleted the product in the shop."""

    code = "E-SEE-023"
    what = Text(
        "Le produit {found} n'existe plus sur le site", "Product {found} is no longer on the site"
    )
    remedy = Text(
        "« shop-agent sync --full » le recréera", "« shop-agent sync --full » creates it again"
    )


class SeveralError(RefusedItemError):
    """Several articles bear this name."""

    code = "E-SEE-024"
    what = Text("Plusieurs articles s'appellent « {value} »", "Several articles are « {value} »")
    remedy = Text("Demander l'un d'eux par sa clé", "Ask for one of them by its key")
