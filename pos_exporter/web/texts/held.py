"""Texts of what is held until a person says yes: what it is, and what a yes does.

A family is named by the held class: `held_prices`, `yes_prices`.

    HELD["held_prices"].fr            # "prix à changer"
"""

from protocol.errors import Text

HELD: dict[str, Text] = {
    "held_title": Text("Votre accord est demandé", "Your agreement is asked for"),
    "held_count": Text("{changes} sur {of}", "{changes} of {of}"),
    "held_more": Text("… et {changes} de plus", "… and {changes} more"),
    "held_since": Text("depuis", "since"),
    "held_sure": Text("J'ai regardé : c'est bien ce que je veux", "I have looked: I want this"),
    "held_yes": Text("Oui, c'est voulu", "Yes, it is meant"),
    "held_note": Text(
        "Votre oui vaut une fois, pendant 24 heures.", "Your yes counts once, for 24 hours."
    ),
    "yes_deactivations": Text(
        "Un oui retire ces articles du site. Si ce n'est pas voulu, remettez-les en vente à la "
        "caisse : d'ici là, ils restent en ligne.",
        "A yes takes these articles off the site. If it is not meant, put them on sale again at "
        "the till: until then, they stay online.",
    ),
    "yes_sellables": Text(
        "Un oui met le stock de ces tailles à 0 sur le site. Si ce n'est pas voulu, remettez-les à "
        "la caisse : d'ici là, rien ne change.",
        "A yes brings the stock of these sizes to 0 on the site. If it is not meant, put them back "
        "at the till: until then, nothing changes.",
    ),
    "yes_prices": Text(
        "Un oui change ces prix sur le site. Si ce n'est pas voulu, corrigez-les à la caisse : "
        "d'ici là, le site garde les anciens.",
        "A yes changes these prices on the site. If it is not meant, correct them at the till: "
        "until then, the site keeps the old ones.",
    ),
    "yes_price": Text(
        "Un oui change ce prix sur le site. Si ce n'est pas voulu, corrigez-le à la caisse : "
        "d'ici là, le site garde l'ancien.",
        "A yes changes this price on the site. If it is not meant, correct it at the till: until "
        "then, the site keeps the old one.",
    ),
    "yes_edits": Text(
        "Un oui garde ces textes comme ceux du site. Si personne ne les a changés, parlez-en à "
        "l'équipe web : d'ici là, rien n'est écrasé.",
        "A yes keeps these texts as the site's own. If nobody changed them, ask the web team: "
        "until then, nothing is overwritten.",
    ),
    "yes_first-load": Text(
        "Un oui crée ces articles sur le site. D'ici là, le site reste comme il est.",
        "A yes creates these articles on the site. Until then, the site stays as it is.",
    ),
    "yes_shrunken-read": Text(
        "Un oui envoie cette lecture telle quelle. Si ce n'est pas voulu, vérifiez la caisse : "
        "d'ici là, rien n'est envoyé.",
        "A yes sends this reading as it is. If it is not meant, check the till: until then, "
        "nothing is sent.",
    ),
    "yes_other": Text("Un oui laisse passer ces changements.", "A yes lets these changes through."),
    "held_approved": Text("Vous avez dit oui ; valable jusqu'à", "You said yes; it counts until"),
    "held_deactivations": Text("articles à retirer du site", "articles to take off the site"),
    "held_sellables": Text(
        "tailles qui disparaîtraient du site", "sizes that would vanish from the site"
    ),
    "held_prices": Text("prix à changer", "prices to change"),
    "held_price": Text("un prix qui change beaucoup", "a price that moves by much"),
    "held_edits": Text("textes changés sur le site", "texts changed on the site"),
    "held_first-load": Text("premier chargement du site", "first load of the site"),
    "held_shrunken-read": Text("lecture suspecte de la caisse", "suspicious reading of the till"),
    "held_other": Text("changements retenus", "changes held"),
}
