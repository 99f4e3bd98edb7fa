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


class NoWriteBackError(RefusedItemError):
    """The mapping says nothing about writing orders: they wait on the page."""

    code = "E-POS-032"
    what = Text(
        "La caisse ne reçoit pas les commandes (write_back absent du mapping)",
        "The till takes no orders (no write_back in the mapping)",
    )
    remedy = Text(
        "Saisir la commande en caisse à la main, ou compléter le mapping",
        "Enter the order at the till by hand, or complete the mapping",
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
