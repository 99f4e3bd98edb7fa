"""Texts of the orders: their list, one order, those that the till lost, the picking list.

`role_<role>` is the order at the shop, `order_<state>` the order at the till.

    ORDERS["role_paid"].fr            # "payée"
"""

from protocol.errors import Text

ORDERS: dict[str, Text] = {
    "orders_intro": Text(
        "Les commandes de la boutique en ligne, les plus récentes d'abord.",
        "The online shop's orders, the newest first.",
    ),
    "orders_none": Text("Aucune commande reçue pour l'instant.", "No order received yet."),
    "col_reference": Text("Commande", "Order"),
    "col_placed": Text("Passée le", "Placed"),
    "col_total": Text("Total TTC", "Total with tax"),
    "col_role": Text("Sur le site", "At the shop"),
    "col_till": Text("En caisse", "At the till"),
    "till_key": Text("n° {key}", "no. {key}"),
    "role_unset": Text("en cours d'enregistrement", "being recorded"),
    "role_awaiting_payment": Text("en attente de paiement", "awaiting payment"),
    "role_paid": Text("payée", "paid"),
    "role_payable_on_delivery": Text("à payer à la livraison", "payable on delivery"),
    "role_preparing": Text("en préparation", "being prepared"),
    "role_shipped": Text("expédiée", "shipped"),
    "role_delivered": Text("livrée", "delivered"),
    "role_backorder_paid": Text("payée, à réapprovisionner", "paid, to be restocked"),
    "role_backorder_unpaid": Text("non payée, à réapprovisionner", "unpaid, to be restocked"),
    "role_payment_error": Text("paiement refusé", "payment refused"),
    "role_cancelled": Text("annulée", "cancelled"),
    "role_refunded": Text("remboursée", "refunded"),
    "role_dead": Text("abandonnée", "given up"),
    "role_unknown": Text("état inconnu", "unknown state"),
    "order_new": Text("à entrer", "to be entered"),
    "order_waiting": Text("en attente", "waiting"),
    "order_refused": Text("refusée", "refused"),
    "order_imported": Text("entrée", "entered"),
    "order_doubt": Text("en doute", "in doubt"),
    "order_closed": Text("sans suite", "closed"),
    "order_ignored": Text("laissée de côté", "left out"),
    "order_title": Text("Commande {reference}", "Order {reference}"),
    "order_lines": Text("Articles", "Articles"),
    "order_units": Text("Quantité", "Units"),
    "order_refunded": Text("dont {units} remboursé(s)", "{units} of them refunded"),
    "order_unit_price": Text("Prix TTC", "Price with tax"),
    "order_shipping": Text("Port", "Carriage"),
    "order_wrapping": Text("Emballage cadeau", "Gift wrapping"),
    "order_discounts": Text("Remises", "Discounts"),
    "order_delivery": Text("Livraison", "Delivery"),
    "order_carrier": Text("Transporteur", "Carrier"),
    "order_customer": Text("Client", "Customer"),
    "order_paid_by": Text("Paiement", "Payment"),
    "order_note": Text("Message du client", "The customer's message"),
    "order_gift": Text("Message du cadeau", "Gift message"),
    "order_wiped": Text(
        "Le détail de cette commande a été effacé : la caisse l'a depuis plus de 30 jours.",
        "The details of this order were wiped: the till has had it for more than 30 days.",
    ),
    "order_say_taken": Text("La caisse l'a", "The till has it"),
    "order_say_resend": Text("La renvoyer", "Send it again"),
    "order_say_ignore": Text("Ne pas l'entrer", "Leave it out"),
    "done_order_answered": Text(
        "C'est noté. Une synchronisation commence.", "Noted. A synchronisation begins."
    ),
    "done_reimport": Text(
        "Ces commandes rentrent en caisse, chacune une fois.",
        "These orders enter the till again, each once.",
    ),
    "lost_title": Text("La caisse a perdu {orders}", "The till has lost {orders}"),
    "lost_note": Text(
        "Sa base a sans doute été restaurée. Rien n'est perdu : elles sont gardées ici, et le site "
        "ne vend pas leurs articles. Un clic les remet toutes, chacune une fois ; celle que vous "
        "avez supprimée exprès : « Ne pas l'entrer », dans la liste.",
        "Its database was probably restored. Nothing is lost: they are kept here, and the site "
        "does not sell their goods. One click puts all of them back, each once; one that you "
        "deleted on purpose: « Leave it out », in the list.",
    ),
    "lost_button": Text("Les remettre en caisse", "Put them into the till again"),
    "picking": Text("Liste de préparation", "Picking list"),
    "picking_none": Text("Rien à préparer.", "Nothing to pick."),
    "picking_intro": Text(
        "Les commandes payées et pas encore expédiées. Imprimer : Ctrl-P.",
        "Orders that are paid and not shipped yet. To print: Ctrl-P.",
    ),
    "picking_shelves": Text("À prendre en rayon", "To fetch from the shelves"),
    "picking_place": Text("Rayon", "Shelf"),
    "picking_done": Text("Pris", "Done"),
    "sound_on": Text("Sonner à chaque commande", "Sound for each order"),
    "sound_off": Text("Ne plus sonner", "No more sound"),
    "order_other": Text("état inconnu", "unknown state"),
    "more_orders": Text("{orders} de plus, plus anciennes.", "{orders} more, older ones."),
}
