"""The exporter's own errors (codes `E-POS-…`); those of rows and mappings are with the mapping."""

from protocol.errors import NeedsPersonError, RefusedItemError, Text, UsageError


class AwaitingPaymentError(RefusedItemError):
    """An order that the merchant's rule does not let into the till yet."""

    code = "E-POS-030"
    what = Text("Commande pas encore à importer ({role})", "Order not to be imported yet ({role})")
    remedy = Text(
        "Rien à faire : elle entrera en caisse quand elle sera payée ; son stock est réservé",
        "Nothing to do: it enters the till once it is paid; its stock is kept",
    )


class ChangedAfterImportError(RefusedItemError):
    """The site changed an order that the till already has."""

    code = "E-POS-031"
    what = Text(
        "Commande modifiée sur le site après son entrée en caisse ({role})",
        "Order changed on the site after it entered the till ({role})",
    )
    remedy = Text(
        "Corriger ou annuler la commande {till_key} en caisse ; le stock du site reste réservé",
        "Correct or cancel order {till_key} at the till; the site keeps its stock reserved",
    )


class AddressChangedError(RefusedItemError):
    """The site changed where an order that the till already has is to be sent."""

    code = "E-POS-050"
    what = Text(
        "Adresse de livraison modifiée sur le site après l'entrée en caisse",
        "Delivery address changed on the site after the order entered the till",
    )
    remedy = Text(
        "Corriger la commande {till_key} en caisse, puis répondre « la caisse l'a »",
        "Correct order {till_key} at the till, then answer « the till has it »",
    )


class OrderLostError(RefusedItemError):
    """The till had an order and has it no more: its database was restored from a backup."""

    code = "E-POS-055"
    what = Text("La caisse l'avait, et ne l'a plus", "The till had it, and has it no more")
    remedy = Text(
        "« Les remettre en caisse », ou « ne pas l'entrer » si elle a été supprimée exprès",
        "« Put them into the till again », or « leave it out » if it was deleted on purpose",
    )


class NoWriteBackError(RefusedItemError):
    """The mapping says nothing about writing orders: they wait on the page."""

    code = "E-POS-032"
    what = Text(
        "La caisse ne reçoit pas les commandes d'elle-même",
        "The till takes no orders by itself",
    )
    remedy = Text(
        "Saisir la commande en caisse, puis répondre « la caisse l'a »",
        "Enter the order at the till, then answer « the till has it »",
    )


class UnprovenStateError(NeedsPersonError):
    """The exporter's position is not proven: nothing enters the till."""

    code = "E-POS-021"
    exit_code = 5
    what = Text(
        "Reprise en cours : aucune commande n'entre en caisse",
        "Recovering: no order enters the till",
    )
    remedy = Text(
        "Le site répondra à son prochain passage ; relancer ensuite",
        "The site answers with its next pass; run again afterwards",
    )


class FileNotWrittenError(UsageError):
    """A file that the person asked for cannot be written."""

    code = "E-POS-038"
    what = Text("Fichier impossible à écrire ({reason})", "The file cannot be written ({reason})")
    remedy = Text("Choisir un autre dossier ou un autre nom", "Choose another folder or name")
