"""Texts of the one word that says how the synchronisation stands, and of why.

`status` says the same words: nothing here speaks of the page.

    STATE["word_late"].fr             # "En retard"
"""

from protocol.errors import Text

STATE: dict[str, Text] = {
    "word_up_to_date": Text("À jour", "Up to date"),
    "word_late": Text("En retard", "Late"),
    "word_broken": Text("En panne", "Broken"),
    "word_paused": Text("En pause", "Paused"),
    "word_action_required": Text("Action requise", "Action required"),
    "word_never_ran": Text("Pas encore synchronisé", "Not synchronised yet"),
    "why_ok": Text(
        "La caisse et le site se parlent normalement.", "Till and site are talking normally."
    ),
    "why_never_ran": Text(
        "Aucune synchronisation n'a encore eu lieu.", "No synchronisation has taken place yet."
    ),
    "why_paused": Text(
        "La synchronisation est suspendue à votre demande.",
        "Synchronisation is suspended at your request.",
    ),
    "why_person": Text(
        "La synchronisation attend votre décision. Rien n'a été envoyé depuis.",
        "Synchronisation waits for your decision. Nothing was sent since.",
    ),
    "why_settings": Text(
        "Un réglage est à corriger avant de continuer.",
        "A setting must be corrected before going on.",
    ),
    "why_stream_stopped": Text(
        "La liaison avec le site est arrêtée par sécurité. Voir les messages de la liaison.",
        "The link with the site is stopped for safety. See the link's messages.",
    ),
    "why_fatal": Text(
        "La synchronisation ne peut plus travailler. Appelez votre intégrateur.",
        "Synchronisation can work no more. Call your integrator.",
    ),
    "why_unexpected": Text(
        "La dernière synchronisation s'est arrêtée sur une erreur imprévue.",
        "The last synchronisation stopped on an unexpected error.",
    ),
    "why_failing": Text(
        "Plusieurs synchronisations de suite ont échoué. Vos ventes ne sont pas perdues : elles "
        "partiront dès que la liaison sera rétablie.",
        "Several synchronisations failed in a row. Your sales are not lost: they leave as soon as "
        "the link is back.",
    ),
    "why_retrying": Text(
        "La dernière synchronisation n'a pas abouti ; la prochaine reprendra où elle en était.",
        "The last synchronisation did not get through; the next one goes on from there.",
    ),
    "why_more_to_do": Text(
        "Il reste à envoyer ; la prochaine synchronisation continuera.",
        "There is more to send; the next synchronisation goes on.",
    ),
    "why_interrupted": Text(
        "La dernière synchronisation a été interrompue ; la prochaine reprendra.",
        "The last synchronisation was interrupted; the next one goes on.",
    ),
    "why_robot_late": Text(
        "Le robot est en retard sur son rythme.", "The robot is behind its interval."
    ),
    "why_robot_silent": Text(
        "Le robot ne travaille plus. Vérifiez que ce programme reste ouvert.",
        "The robot has stopped working. Check that this program stays open.",
    ),
    "why_site_late": Text(
        "Le site n'a pas donné signe de vie à l'heure prévue.",
        "The site has not been heard from when expected.",
    ),
    "why_site_silent": Text(
        "Le site ne répond plus depuis longtemps. Ce qui est envoyé l'attend sur le serveur.",
        "The site has not answered for long. What is sent waits for it on the server.",
    ),
    "why_recovering": Text(
        "Reprise en cours : la caisse et le site se remettent d'accord.",
        "Recovering: till and site are coming back into step.",
    ),
    "why_held": Text(
        "Des changements attendent votre accord. Le reste continue.",
        "Changes wait for your agreement. Everything else goes on.",
    ),
    "why_orders_lost": Text(
        "La caisse n'a plus des commandes qu'elle avait : sa base a sans doute été restaurée. Le "
        "site garde leur stock réservé.",
        "The till has no longer some orders that it had: its database was probably restored. The "
        "site keeps their stock reserved.",
    ),
}
