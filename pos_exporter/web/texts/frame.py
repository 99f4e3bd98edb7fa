"""Texts of what frames every page: title, ways to the others, what was just done, times, refusals.

They are shown whatever the page is about.

    FRAME["nav_home"].fr              # "Accueil"
"""

from protocol.errors import Text

FRAME: dict[str, Text] = {
    # --- frame
    "title": Text("Synchronisation de la boutique", "Shop synchronisation"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "nav": Text("Pages", "Pages"),
    "nav_home": Text("Accueil", "Home"),
    "nav_set_aside": Text("À corriger", "To correct"),
    "nav_orders": Text("Commandes", "Orders"),
    "nav_cases": Text("Cas à voir", "To look at"),
    "nav_why": Text("Pourquoi ?", "Why?"),
    "nav_help": Text("Aide", "Help"),
    "language": Text("Langue", "Language"),
    "footer": Text(
        "Cette page n'existe que sur cet ordinateur.", "This page exists on this computer only."
    ),
    # --- what was just done
    "done_robot": Text("Réglage du robot enregistré.", "The robot's setting is saved."),
    "done_approved": Text(
        "Votre oui est noté. Une synchronisation l'emporte.",
        "Your yes is noted. A synchronisation takes it along.",
    ),
    "done_sync": Text("Synchronisation lancée.", "Synchronisation started."),
    "done_busy": Text(
        "Une synchronisation était déjà en cours.", "A synchronisation was already running."
    ),
    # --- times
    "now": Text("à l'instant", "just now"),
    "ago": Text("il y a {span}", "{span} ago"),
    "soon": Text("maintenant", "now"),
    "in": Text("dans {span}", "in {span}"),
    "span_min": Text("{n} min", "{n} min"),
    "span_h": Text("{n} h", "{n} h"),
    "span_d": Text("{n} j", "{n} d"),
    # --- refusals
    "error_title": Text("Page non disponible", "Page not available"),
    "error_404": Text("Cette page n'existe pas.", "There is no such page."),
    "error_other": Text(
        "La page n'a pas pu répondre ({status}).", "The page could not answer ({status})."
    ),
    "error_back": Text("Retour à l'accueil", "Back to home"),
}
