"""Texts of the cases that a person is asked to look at, and of the answers' buttons.

`case_<kind>` and `verb_<verb>` are the protocol's own names; `pos-exporter cases` says them too.

    CASES["case_oversale"].fr         # "Vendu de trop"
"""

from protocol.errors import Text

CASES: dict[str, Text] = {
    "cases_none": Text("Aucun cas à voir. Tout va bien.", "Nothing to look at. All is well."),
    "cases_intro": Text(
        "Le site demande votre avis. Rien n'est bloqué : chaque cas disparaît de lui-même quand il "
        "est réglé.",
        "The site asks what you think. Nothing is held up: each case goes away by itself when it "
        "is settled.",
    ),
    "cases_see": Text("Voir les cas", "See the cases"),
    "count_cases": Text("cas à voir", "cases to look at"),
    "case_oversale": Text("Vendu de trop", "Oversold"),
    "case_negative_at_till": Text("Stock négatif à la caisse", "Negative stock at the till"),
    "case_unpaid": Text("Commande impayée", "Unpaid order"),
    "case_refunded_uncounted": Text(
        "Annulée sur le site, pas à la caisse", "Cancelled on the site, not at the till"
    ),
    "case_unknown_state": Text("Commande dans un état inconnu", "Order in an unknown state"),
    "case_unlinked_line": Text("Commande d'un article inconnu", "Order of an article nobody knows"),
    "case_mail_uncertain": Text("E-mail incertain", "Uncertain e-mail"),
    "case_shop_restored": Text("Site restauré", "Site restored"),
    "case_order_deleted": Text("Commande supprimée", "Order deleted"),
    "case_left_out": Text(
        "Laissée hors de la caisse et expédiée", "Left out of the till and shipped"
    ),
    "case_totals": Text("Commande qui ne tombe pas juste", "Order that does not add up"),
    "verb_release": Text("Remettre en vente", "Put back on sale"),
    "verb_dismiss": Text("J'ai vu", "I have seen it"),
    "verb_resend": Text("Renvoyer l'e-mail", "Send the e-mail again"),
    "verb_note_release": Text(
        "Le site pourra vendre de nouveau ces articles.", "The site may sell these articles again."
    ),
    "verb_note_dismiss": Text(
        "Le cas se referme ; il revient si quelque chose change.",
        "The case closes; it comes back if something changes.",
    ),
    "verb_note_resend": Text(
        "Le client recevra l'e-mail, peut-être une seconde fois.",
        "The customer gets the e-mail, perhaps a second time.",
    ),
    "case_answered": Text("Réponse envoyée :", "Answer sent:"),
    "case_answered_note": Text(
        "Le site s'en occupe à son prochain passage.", "The site sees to it at its next pass."
    ),
    "done_answered": Text(
        "Votre réponse est notée. Une synchronisation l'emporte.",
        "Your answer is noted. A synchronisation takes it along.",
    ),
}
