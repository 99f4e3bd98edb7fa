"""Why what the till says of an order is not in the shop. None is ever raised: they word fates.

OrderUnknownError(place="order shop.example/1/12/XKBK…").problem()
"""

from protocol.errors import NeedsPersonError, RefusedItemError, Text


class OrderUnknownError(RefusedItemError):
    """The agent knows no such order."""

    code = "E-PRG-001"
    what = Text(
        "Le site n'a pas de commande de ce nom, ou ne l'a pas encore montrée",
        "The site has no order of this name, or has not shown it yet",
    )
    remedy = Text(
        "Rien à faire si elle vient d'arriver ; sinon vérifier à la caisse la colonne qui porte "
        "l'identifiant de la commande web",
        "Nothing to do if it has just come; else check at the till the column that holds the web "
        "order's name",
    )


class NotYetError(RefusedItemError):
    """The order's state is none that it is moved from."""

    code = "E-PRG-002"
    what = Text(
        "La commande {reference} est « {state} » sur le site : elle n'est pas avancée depuis cet "
        "état",
        "Order {reference} is « {state} » on the site: it is not moved from this state",
    )
    remedy = Text(
        "Elle suivra dès que le site aura un état qui le permet (paiement reçu, par exemple) ; "
        "les états permis se règlent dans orders.progress.from",
        "It follows as soon as the site has a state that allows it (paid, for example); which "
        "states allow it is set in orders.progress.from",
    )


class OrderOverError(RefusedItemError):
    """The order is over on the site."""

    code = "E-PRG-003"
    what = Text(
        "La commande {reference} est « {state} » sur le site : elle y reste ainsi",
        "Order {reference} is « {state} » on the site: it stays so there",
    )
    remedy = Text(
        "Vérifier s'il faut vraiment l'expédier ; si oui, changer son état sur le site",
        "Check whether it is really to be sent; if so, change its state on the site",
    )


class TrackedOtherwiseError(RefusedItemError):
    """People wrote another parcel number on the site."""

    code = "E-PRG-004"
    what = Text(
        "Le site a un autre suivi pour la commande {reference} (« {found} ») que la caisse "
        "(« {wanted} »)",
        "The site has another tracking number for order {reference} (« {found} ») than the till "
        "(« {wanted} »)",
    )
    remedy = Text(
        "Celui du site reste, et aucun e-mail n'est envoyé. Pour prendre celui de la caisse, "
        "l'écrire sur le site à la main",
        "The site's stays, and no e-mail is sent. To have the till's, type it on the site",
    )


class CancelledAtTillError(NeedsPersonError):
    """The till cancelled an order, and the merchant has not said that the shop shall follow."""

    code = "E-PRG-005"
    what = Text(
        "La commande {reference} est annulée à la caisse, et « {state} » sur le site",
        "Order {reference} is cancelled at the till, and « {state} » on the site",
    )
    remedy = Text(
        "L'annuler et la rembourser sur le site ; ou régler orders.progress.cancel sur true pour "
        "que le site suive toujours",
        "Cancel and refund it on the site; or set orders.progress.cancel to true to have the site "
        "follow always",
    )


class NoStateError(RefusedItemError):
    """The shop has no state for a stage."""

    code = "E-PRG-006"
    what = Text(
        "Le site n'a pas d'état de commande pour « {stage} »",
        "The site has no order state for « {stage} »",
    )
    remedy = Text(
        "Choisir cet état dans orders.progress.states, par son numéro",
        "Choose this state in orders.progress.states, by its number",
    )


class NoRoomError(RefusedItemError):
    """The site keeps one field for all the parcel numbers of an order, and it is full."""

    code = "E-PRG-007"
    what = Text(
        "Plus de place sur le site pour le suivi « {wanted} » de la commande {reference}",
        "No room left on the site for the tracking number « {wanted} » of order {reference}",
    )
    remedy = Text(
        "Donner ce numéro au client par un message de la commande",
        "Give this number to the customer in a message of the order",
    )


class NoCarrierRowError(RefusedItemError):
    """The order has no delivery in the shop."""

    code = "E-PRG-008"
    what = Text(
        "La commande {reference} n'a pas de livraison sur le site : aucun suivi n'y tient",
        "Order {reference} has no delivery on the site: no tracking number can be kept there",
    )
    remedy = Text(
        "Donner ce numéro au client par un message de la commande",
        "Give this number to the customer in a message of the order",
    )


class StillLookingError(RefusedItemError):
    """A write had no clear answer, and the shop does not show it yet."""

    code = "E-PRG-009"
    what = Text(
        "Le site n'a pas répondu clairement pour la commande {reference} ; il est relu avant tout "
        "nouvel essai",
        "The site gave no clear answer for order {reference}; it is read again before any new try",
    )
    remedy = Text("Rien à faire", "Nothing to do")


class MovedBackError(RefusedItemError):
    """People took the order out of the state that it was brought to."""

    code = "E-PRG-010"
    what = Text(
        "La commande {reference} a été remise à « {state} » sur le site : elle y reste",
        "Order {reference} was put back to « {state} » on the site: it stays there",
    )
    remedy = Text(
        "Si c'est une erreur, changer son état sur le site",
        "If that is a mistake, change its state on the site",
    )
