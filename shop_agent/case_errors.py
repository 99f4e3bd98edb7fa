"""What a case says to the person who must see it: code, what happened, what to do.

These are never raised: each words one kind of case (SPEC §6.9), with the facts that change.

OversoldError(place="BOT-1 38", units=1, orders="XKBKNABJK").problem()
"""

from protocol.errors import NeedsPersonError, Text, UsageError


class OversoldError(NeedsPersonError):
    """The site sold more than there is."""

    code = "E-CAS-001"
    what = Text(
        "{units} pièce(s) vendue(s) de trop sur le site (commandes {orders})",
        "{units} unit(s) sold on the site that are not there (orders {orders})",
    )
    remedy = Text(
        "Recompter l'article ; s'il en manque vraiment, prévenir le client : livrer plus tard, "
        "proposer un autre article ou rembourser",
        "Count the article; if it is really missing, tell the customer: deliver later, offer "
        "another article or refund",
    )


class NegativeAtTillError(NeedsPersonError):
    """The till's own figure is below zero."""

    code = "E-CAS-002"
    what = Text("La caisse compte {quantity} pièce(s)", "The till counts {quantity} unit(s)")
    remedy = Text(
        "Recompter l'article et corriger son stock à la caisse ; d'ici là le site n'en vend pas",
        "Count the article and correct its stock at the till; until then the site sells none",
    )


class UnpaidError(NeedsPersonError):
    """An order waits long for its payment, and keeps its units all the while."""

    code = "E-CAS-003"
    what = Text(
        "La commande {reference} du {placed} attend son paiement depuis plus de {days} jours ; "
        "ses articles sont gardés pour elle",
        "Order {reference} of {placed} has waited for its payment for more than {days} days; its "
        "articles are kept for it",
    )
    remedy = Text(
        "Relancer le client ; ou remettre ses articles en vente. Si le paiement arrive ensuite, "
        "ils seront gardés de nouveau",
        "Remind the customer; or put its articles back on sale. Should the payment come after "
        "that, they are kept again",
    )


class RefundedUncountedError(NeedsPersonError):
    """An order is over on the site, and the till still has it."""

    code = "E-CAS-004"
    what = Text(
        "La commande {reference} est annulée ou remboursée sur le site, mais la caisse n'a pas "
        "suivi ; ses articles restent gardés",
        "Order {reference} is cancelled or refunded on the site, but the till has not followed; "
        "its articles stay kept",
    )
    remedy = Text(
        "L'annuler aussi à la caisse ; ou, si la marchandise est en rayon, la remettre en vente",
        "Cancel it at the till too; or, if the goods are on the shelf, put them back on sale",
    )


class UnknownStateError(NeedsPersonError):
    """An order is in a state that no rule fits."""

    code = "E-CAS-005"
    what = Text(
        "La commande {reference} est dans un état que rien n'explique (n° {state}) ; ses articles "
        "restent gardés",
        "Order {reference} is in a state that nothing explains (no. {state}); its articles stay "
        "kept",
    )
    remedy = Text(
        "La mettre dans un état connu de PrestaShop ; si elle est abandonnée, l'intégrateur peut "
        "nommer cet état sous orders.dead_states",
        "Put it into a state that PrestaShop knows; if it is given up, the integrator can name "
        "this state under orders.dead_states",
    )


class UnlinkedLineError(NeedsPersonError):
    """An order holds something that the till does not know."""

    code = "E-CAS-006"
    what = Text(
        "La commande {reference} contient un article que la caisse ne connaît pas : {lines}",
        "Order {reference} holds an article that the till does not know: {lines}",
    )
    remedy = Text(
        "Donner à l'article du site la référence ou le code-barres de la caisse ; s'il n'y est "
        "pas, le créer à la caisse ou traiter la commande à la main",
        "Give the site's article the till's reference or bar code; if it is not there, create it "
        "at the till or deal with the order by hand",
    )


class MailUncertainError(NeedsPersonError):
    """The shop was asked to write to a customer, and nobody can know whether it did."""

    code = "E-CAS-007"
    what = Text(
        "E-mail incertain : le site devait prévenir le client de la commande {reference} "
        "({about}) et n'a pas répondu clairement ; rien ne dit s'il l'a fait (essai {tries})",
        "Uncertain e-mail: the site was to tell the customer of order {reference} ({about}) and "
        "gave no clear answer; nothing says whether it did (try {tries})",
    )
    remedy = Text(
        "Regarder dans PrestaShop (Paramètres avancés > E-mail) si le message est parti ; sinon "
        "le faire renvoyer, ou classer. Il n'est jamais renvoyé sans vous",
        "Look in PrestaShop (Advanced parameters > E-mail) whether the message left; if not, have "
        "it sent again, or dismiss this. It is never sent again without you",
    )


class ShopGivenAgainError(NeedsPersonError):
    """The shop gave an order id a second time."""

    code = "E-CAS-008"
    what = Text(
        "Le site a donné une seconde fois le numéro d'une commande ({orders}) : il a été restauré "
        "d'une sauvegarde",
        "The site gave the number of an order a second time ({orders}): it was restored from a "
        "backup",
    )
    remedy = Text(
        "Vérifier sur le site les commandes passées depuis la sauvegarde : celles que la caisse a "
        "restent en caisse. Rien n'est écrit sur le site avant « shop-agent sync --accept "
        "restored »",
        "Check on the site the orders placed since the backup: those that the till has stay at "
        "the till. Nothing is written to the site before « shop-agent sync --accept restored »",
    )


class TotalsGapError(NeedsPersonError):
    """An order's parts do not add up to its total."""

    code = "E-CAS-009"
    what = Text(
        "La commande {reference} ne tombe pas juste : {gap} {currency} d'écart entre ses lignes et "
        "son total",
        "Order {reference} does not add up: {gap} {currency} between its lines and its total",
    )
    remedy = Text(
        "Comparer avec PrestaShop avant d'encaisser ou de rembourser ; la commande entre en "
        "caisse telle que le site l'a calculée",
        "Compare with PrestaShop before taking or refunding money; the order enters the till as "
        "the site computed it",
    )


class OpenCasesError(NeedsPersonError):
    """Questions wait for a person."""

    code = "E-CAS-019"
    what = Text("{count} cas ouvert(s)", "{count} open case(s)")
    remedy = Text("Les lire : « shop-agent cases »", "Read them: « shop-agent cases »")


class OrderDeletedError(NeedsPersonError):
    """The shop no longer has an order that the till was told of."""

    code = "E-CAS-010"
    what = Text(
        "La commande {reference} a été supprimée sur le site ; ses articles restent gardés",
        "Order {reference} was deleted on the site; its articles stay kept",
    )
    remedy = Text(
        "L'annuler aussi à la caisse si elle n'est plus due ; puis remettre ses articles en vente",
        "Cancel it at the till too if it is no longer owed; then put its articles back on sale",
    )


class UnfinishedOrderError(NeedsPersonError):
    """An order has had no state for a day: PrestaShop did not end placing it."""

    code = "E-CAS-011"
    what = Text(
        "La commande {reference} n'a toujours pas d'état : le site n'a pas fini de l'enregistrer ; "
        "ses articles restent gardés",
        "Order {reference} still has no state: the site did not end placing it; its articles stay "
        "kept",
    )
    remedy = Text(
        "Regarder dans PrestaShop si elle a été payée, et lui donner l'état qui convient : "
        "« Paiement accepté », ou « Annulé » si elle est abandonnée",
        "Look in PrestaShop whether it was paid, and give it the state that fits: « Payment "
        "accepted », or « Canceled » if it is given up",
    )


class LeftOutError(NeedsPersonError):
    """An order that a person left out of the till has gone out, and keeps its units."""

    code = "E-CAS-012"
    what = Text(
        "La commande {reference}, laissée hors de la caisse, est expédiée ; ses articles restent "
        "gardés, car la caisse ne les a pas décomptés",
        "Order {reference}, left out of the till, was shipped; its articles stay kept, for the "
        "till has not deducted them",
    )
    remedy = Text(
        "Une fois ses articles sortis du stock de la caisse (vente à la main, inventaire) : "
        "« Remettre en vente »",
        "Once its articles are out of the till's stock (a sale by hand, an inventory): « Put back "
        "on sale »",
    )


# --- answering -------------------------------------------------------------------------------


class NoSuchCaseError(UsageError):
    """No open case has this key."""

    code = "E-CAS-020"
    what = Text("Aucun cas ouvert sous « {value} »", "No open case under « {value} »")
    remedy = Text("« shop-agent cases » les montre tous", "« shop-agent cases » shows them all")


class SeveralCasesError(UsageError):
    """Several open cases fit."""

    code = "E-CAS-021"
    what = Text("Plusieurs cas portent « {value} »", "Several cases bear « {value} »")
    remedy = Text("Donner la clé entière : {keys}", "Give the whole key: {keys}")


class NoSuchVerbError(UsageError):
    """The case does not take this answer."""

    code = "E-CAS-022"
    what = Text("Ce cas ne se règle pas par « {value} »", "This case does not take « {value} »")
    remedy = Text("Réponses possibles : {verbs}", "Answers that it takes: {verbs}")
