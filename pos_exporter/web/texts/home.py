"""Texts of the home page: the button, the last result, the road to the site, figures, messages.

`result_<exit code>` tells how the last pass went; `step_<step>` what it is at.

    HOME["sync"].fr                   # "Synchroniser"
"""

from protocol.errors import Text

HOME: dict[str, Text] = {
    # --- home
    "sync": Text("Synchroniser", "Synchronise"),
    "sync_running": Text(
        "Une synchronisation est en cours : le bouton revient dès qu'elle est finie.",
        "A synchronisation is running: the button comes back when it has ended.",
    ),
    "sync_hint": Text(
        "Reçoit les commandes, lit la caisse, envoie les changements.",
        "Receives orders, reads the till, sends what changed.",
    ),
    "last_run": Text("Dernière synchronisation", "Last synchronisation"),
    "next_run": Text("Prochaine", "Next"),
    "never": Text("jamais", "never"),
    "by_hand": Text("quand vous cliquez (robot arrêté)", "when you click (robot off)"),
    "paused_until": Text("Pause jusqu'à", "Paused until"),
    "stock_paused_until": Text(
        "Inventaire : les stocks restent ici jusqu'à", "Inventory: stock stays here until"
    ),
    "progress": Text("Synchronisation en cours", "Synchronisation under way"),
    "step_receive": Text("Réponses et commandes du site", "The site's answers and orders"),
    "step_read": Text("Lecture de la caisse", "Reading the till"),
    "step_send": Text("Envoi", "Sending"),
    "step_site": Text(
        "Traitement par le site (en attente de l'agent)", "The site's turn (waiting for its agent)"
    ),
    "step_done": Text("fait", "done"),
    "step_now": Text("en cours", "under way"),
    "step_todo": Text("à venir", "to come"),
    "step_count": Text("{done} sur {total}", "{done} of {total}"),
    "result_0": Text("Synchronisation réussie : {what}", "Synchronisation done: {what}"),
    "result_3": Text(
        "Synchronisation réussie : {what} ; {lines} à corriger",
        "Synchronisation done: {what}; {lines} to correct",
    ),
    "result_gone": Text("dont {gone}", "of which {gone}"),
    "result_nothing": Text("rien de nouveau", "nothing new"),
    "result_2": Text("Pas de synchronisation : réglage à corriger", "Not run: a setting is wrong"),
    "result_5": Text(
        "Synchronisation non aboutie, nouvel essai au prochain passage",
        "Synchronisation did not get through, the next pass tries again",
    ),
    "result_6": Text(
        "Synchronisation arrêtée : elle attend votre décision",
        "Synchronisation stopped: it waits for your decision",
    ),
    "result_7": Text("Synchronisation impossible", "Synchronisation impossible"),
    "result_8": Text(
        "Synchronisation partielle : {what} ; la suite au prochain passage",
        "Part of the synchronisation done: {what}; the next pass goes on",
    ),
    "result_130": Text("Synchronisation interrompue", "Synchronisation interrupted"),
    "result_other": Text(
        "Synchronisation arrêtée sur une erreur", "Synchronisation stopped on an error"
    ),
    "to_do": Text("Que faire", "What to do"),
    "colon": Text(" :", ":"),
    "contact": Text("Besoin d'aide :", "Need help:"),
    # --- the road to the site
    "site": Text("Du côté du site", "On the site's side"),
    "site_note": Text(
        "Envoyé ne veut pas dire appliqué : le site travaille à son heure, puis répond.",
        "Sent is not applied: the site works at its own time, then answers.",
    ),
    "site_all_answered": Text(
        "Le site a répondu pour tout ce qui a été envoyé.",
        "The site has answered for all that was sent.",
    ),
    "site_unanswered": Text(
        "{lines} en attente du programme du site", "{lines} waiting for the site's program"
    ),
    "site_to_send": Text("à envoyer d'ici", "still to be sent from here"),
    "site_on_the_way": Text("envoyés, pas encore reçus par le site", "sent, not yet received"),
    "site_heard": Text("Dernier signe du site", "Site last heard from"),
    "site_expected": Text("Prochain signe attendu avant", "Next word expected by"),
    # --- counters
    "counters": Text("En chiffres", "In figures"),
    "count_articles": Text("articles suivis", "articles followed"),
    "count_stocks": Text("stocks suivis", "stocks followed"),
    "count_to_correct": Text("à corriger", "to correct"),
    "count_orders_open": Text("commandes à traiter", "orders to deal with"),
    "count_orders_imported": Text("commandes en caisse", "orders in the till"),
    # --- link
    "notices": Text("Messages de la liaison", "The link's messages"),
    "notice_last": Text("dernière fois", "last"),
}
