"""Texts of the page that says why an article is not online.

`mark_<mark>` stands before a reason, `fate_<fate>` is what became of one fact at the site.

    WHY["mark_wait"].fr               # "en attente"
"""

from protocol.errors import Text

WHY: dict[str, Text] = {
    "why_question": Text(
        "Pourquoi cet article n'est-il pas en ligne ?", "Why is this article not online?"
    ),
    "why_label": Text("Référence ou code-barres", "Reference or bar code"),
    "why_ask": Text("Chercher", "Search"),
    "why_stock": Text("Stock, tel qu'envoyé", "Stock, as sent"),
    "why_till_figure": Text("Caisse", "Till"),
    "why_counted": Text("Web déjà comptées", "Web units counted"),
    "why_buffer": Text("Réserve", "Buffer"),
    "why_at_site": Text("Site", "Site"),
    "why_history": Text("Derniers changements", "Latest changes"),
    "why_packet": Text("paquet", "packet"),
    "mark_ok": Text("oui", "yes"),
    "mark_no": Text("non", "no"),
    "mark_wait": Text("en attente", "waiting"),
    "mark_note": Text("à savoir", "to know"),
    "fate_applied": Text("appliqué", "applied"),
    "fate_unchanged": Text("déjà ainsi", "already so"),
    "fate_superseded": Text("remplacé", "replaced"),
    "fate_waiting": Text("en attente", "waiting"),
    "fate_refused": Text("refusé", "refused"),
    "fate_held": Text("retenu", "held"),
    "fate_edited_on_site": Text("modifié sur le site", "edited on the site"),
    "fate_none": Text("pas encore de réponse", "no answer yet"),
}
