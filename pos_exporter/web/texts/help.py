"""Texts of the help page.

Each question has its key, and its answer the same key with `_text`; a word has `help_<word>`.

    HELP["help_sales"].fr             # "Mes ventes sont-elles perdues ?"
"""

from protocol.errors import Text

HELP: dict[str, Text] = {
    "help_button": Text("Le bouton Synchroniser", "The Synchronise button"),
    "help_button_text": Text(
        "Il relève les réponses et les commandes du site, lit la caisse, envoie ce qui a changé ; "
        "le site travaille ensuite de son côté. Vous pouvez cliquer autant que vous voulez : rien "
        "n'est envoyé deux fois.",
        "It fetches the site's answers and orders, reads the till and sends what changed; the site "
        "then works on its own. Click as often as you like: nothing is sent twice.",
    ),
    "help_site": Text("Pourquoi « en attente du site » ?", "Why « waiting for the site »?"),
    "help_site_text": Text(
        "Deux programmes travaillent chacun à son heure : celui-ci sur votre ordinateur, l'autre "
        "chez l'hébergeur du site. Ils se laissent des messages. Tant que l'autre n'a pas "
        "répondu, nous ne disons pas que c'est fait.",
        "Two programs work, each at its own time: this one on your computer, the other at the "
        "site's host. They leave each other messages. Until the other has answered, we do not "
        "say that it is done.",
    ),
    "help_words": Text("Les mots et les couleurs", "Words and colours"),
    "help_up_to_date": Text("Rien à faire.", "Nothing to do."),
    "help_late": Text(
        "Attendez un passage ou deux : cela se rattrape seul.",
        "Wait for a pass or two: it catches up by itself.",
    ),
    "help_broken": Text(
        "Vérifiez la connexion Internet, puis appelez de l'aide.",
        "Check the Internet connection, then call for help.",
    ),
    "help_paused": Text(
        "Vous l'avez demandé ; tout repart à l'heure dite.", "You asked for it; it resumes then."
    ),
    "help_action_required": Text(
        "Lisez le message : il dit quoi faire.", "Read the message: it says what to do."
    ),
    "help_never_ran": Text(
        "Cliquez sur Synchroniser pour commencer.", "Click Synchronise to begin."
    ),
    "help_sales": Text("Mes ventes sont-elles perdues ?", "Are my sales lost?"),
    "help_sales_text": Text(
        "Non. La caisse n'est jamais modifiée par l'envoi, et ce qui n'est pas parti partira au "
        "prochain passage.",
        "No. Sending never changes the till, and what has not left leaves with the next pass.",
    ),
    "help_integrator": Text("Pour l'intégrateur", "For the integrator"),
    "help_integrator_text": Text(
        "« pos-exporter doctor » vérifie tout, « pos-exporter status » dit ce que dit cette page, "
        "« pos-exporter why RÉFÉRENCE » explique un article.",
        "« pos-exporter doctor » checks everything, « pos-exporter status » says what this page "
        "says, « pos-exporter why REFERENCE » explains an article.",
    ),
    "version": Text("Version", "Version"),
}
