"""Texts of the page of what is set aside: its groups, its table, what is ignored.

`group_<group>` names why lines are there, `note_<group>` what that means.

    SET_ASIDE["group_refused"].fr     # "Refusé par le site"
"""

from protocol.errors import Text

SET_ASIDE: dict[str, Text] = {
    "set_aside_intro": Text(
        "Une ligne mise de côté ne bloque jamais les autres. Corrigez-la dans la caisse, puis "
        "cliquez sur Synchroniser : elle disparaît d'elle-même.",
        "A line set aside never blocks the others. Correct it at the till, then click "
        "Synchronise: it goes away by itself.",
    ),
    "set_aside_none": Text("Rien à corriger. Tout va bien.", "Nothing to correct. All is well."),
    "set_aside_see": Text("Voir tout", "See all"),
    "group_withheld": Text("Retenu à la caisse", "Kept back at the till"),
    "group_refused": Text("Refusé par le site", "Refused by the site"),
    "group_held": Text("En attente de votre accord", "Waiting for your agreement"),
    "group_edited_on_site": Text("Modifié à la main sur le site", "Edited by hand on the site"),
    "group_note": Text("Corrigé à l'envoi", "Mended on sending"),
    "group_waiting": Text("Le site attend un autre élément", "The site waits for something else"),
    "note_withheld": Text(
        "Pas encore envoyé : la fiche est à corriger dans la caisse.",
        "Not sent yet: the entry must be corrected at the till.",
    ),
    "note_refused": Text(
        "Envoyé, mais le site n'a pas pu l'appliquer.", "Sent, but the site could not apply it."
    ),
    "note_held": Text(
        "Un changement de grande ampleur : rien ne se fait sans vous.",
        "A change of great extent: nothing is done without you.",
    ),
    "note_edited_on_site": Text(
        "Pour information : le texte du site est gardé.", "For information: the site's text stays."
    ),
    "note_note": Text(
        "Envoyé, mais pas tout à fait comme à la caisse ; rien n'est bloqué.",
        "Sent, though not quite as it stands at the till; nothing is held up.",
    ),
    "note_waiting": Text(
        "Rien à faire : cela se règle seul.", "Nothing to do: it settles by itself."
    ),
    "col_what": Text("Fiche", "Entry"),
    "col_problem": Text("Ce qui ne va pas", "What is wrong"),
    "col_remedy": Text("Que faire", "What to do"),
    "col_since": Text("Depuis", "Since"),
    "col_code": Text("Code", "Code"),
    "value_found": Text("Valeur lue :", "Value read:"),
    "value_on_site": Text("Texte du site :", "The site's text:"),
    "ignored_lines": Text(
        "{lines} ignorée(s) à votre demande, comptée(s) nulle part.",
        "{lines} ignored at your request, counted nowhere.",
    ),
    "more_lines": Text(
        "{lines} de plus, non affichées ici : « pos-exporter quarantine list » les montre toutes.",
        "{lines} more, not shown here: « pos-exporter quarantine list » shows them all.",
    ),
}
