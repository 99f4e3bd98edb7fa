"""What can go wrong at the shop, sorted by what the caller does next.

Rules: a class is chosen by PrestaShop's error codes and by where the answer broke, never by
wording (it changes with the version and the shop's language). An error never holds the
webservice key, nor an address that may carry it. A write that may have happened is never a
`RetryableError`.

    try:
        webservice.change("products", write)
    except ShopRefusedError as error:      # this item only; error.facts["field"] names the culprit
        set_aside(error.problem())
    except WriteOutcomeUnknownError:       # look, never repeat
        ...
"""

from typing import ClassVar

from protocol.errors import (
    FatalError,
    NeedsPersonError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    Text,
)


class ShopUnreachableError(RetryableError):
    """No connection, no answer to a reading in time, or a shop too busy; nothing was written."""

    code: ClassVar[str] = "E-SHOP-001"
    what = Text("La boutique ne répond pas ({reason})", "The shop does not answer ({reason})")
    remedy = Text(
        "Rien n'est perdu : le prochain passage réessaiera. Si cela dure, ouvrir la boutique "
        "dans un navigateur, puis appeler l'hébergeur",
        "Nothing is lost: the next pass tries again. If it lasts, open the shop in a browser, "
        "then call the host",
    )


class UnreadableAnswerError(RetryableError):
    """The answer to a reading is broken, too large, or not what PrestaShop documents."""

    code: ClassVar[str] = "E-SHOP-002"
    what = Text(
        "Réponse illisible de la boutique ({reason})", "Unreadable answer from the shop ({reason})"
    )
    remedy = Text(
        "Le prochain passage réessaiera. Si cela dure, chercher dans les journaux PHP de la "
        "boutique un module qui échoue",
        "The next pass tries again. If it lasts, look for a failing module in the shop's PHP logs",
    )


class WriteOutcomeUnknownError(OutcomeUnknownError):
    """A write was sent and its answer does not say whether it happened.

    Args:
        answered: Whether the server closed the matter (an empty 500). Without an answer (timeout,
            reset) it may still be working on the request, so a creation must not be tried again.
        facts: As for every error.
    """

    code: ClassVar[str] = "E-SHOP-003"
    what = Text(
        "Écriture sans réponse claire de la boutique ({reason})",
        "A write without a clear answer from the shop ({reason})",
    )
    remedy = Text(
        "Aucun geste : l'agent relit la boutique avant de réécrire. Si cela se répète sur le "
        "même article, chercher dans les journaux PHP de la boutique",
        "Nothing to do: the agent reads the shop before it writes again. If it comes back on the "
        "same item, look into the shop's PHP logs",
    )

    def __init__(
        self, *, answered: bool, place: str = "", value: object = "", **facts: object
    ) -> None:
        self.answered = answered
        super().__init__(place=place, value=value, **facts)


class ChangedMeanwhileError(RetryableError):
    """Somebody changed this entity between the plan and its writing; nothing of ours was sent."""

    code: ClassVar[str] = "E-SHOP-004"
    what = Text(
        "Modifié dans la boutique pendant le passage ({planned} puis {found})",
        "Changed in the shop during the pass ({planned}, then {found})",
    )
    remedy = Text(
        "Aucun geste : le prochain passage repartira de ce qui est maintenant dans la boutique",
        "Nothing to do: the next pass starts from what is in the shop now",
    )


class WebserviceDisabledError(NeedsPersonError):
    """The shop answers that its webservice is switched off."""

    code: ClassVar[str] = "E-SHOP-010"
    what = Text("Le webservice de la boutique est désactivé", "The shop's webservice is off")
    remedy = Text(
        "Dans PrestaShop : Paramètres avancés > Webservice > Activer le webservice : Oui",
        "In PrestaShop: Advanced parameters > Webservice > Enable webservice: Yes",
    )


class KeyRefusedError(NeedsPersonError):
    """The key is unknown, malformed or disabled, or the host does not pass it on."""

    code: ClassVar[str] = "E-SHOP-011"
    what = Text(
        "La boutique refuse la clé du webservice ({reason})",
        "The shop refuses the webservice key ({reason})",
    )
    remedy = Text(
        "Comparer la clé (32 caractères) avec celle de PrestaShop et vérifier qu'elle est "
        "activée ; si le site est protégé par un mot de passe, exclure /api",
        "Compare the key (32 characters) with PrestaShop's and check that it is enabled; if the "
        "site is behind a password, leave /api out of it",
    )


class PermissionMissingError(NeedsPersonError):
    """The key is good but may not do this verb on this resource."""

    code: ClassVar[str] = "E-SHOP-012"
    what = Text(
        "La clé n'a pas le droit {verb} sur « {resource} »",
        'The key lacks the permission {verb} on "{resource}"',
    )
    remedy = Text(
        "Dans PrestaShop, modifier la clé du webservice et cocher {verb} pour {resource}",
        "In PrestaShop, edit the webservice key and tick {verb} for {resource}",
    )


class WrongAddressError(NeedsPersonError):
    """Another program answers, or the shop sends visitors of this address elsewhere."""

    code: ClassVar[str] = "E-SHOP-013"
    what = Text(
        "Pas de webservice PrestaShop à l'adresse {address} ({reason})",
        "No PrestaShop webservice at {address} ({reason})",
    )
    remedy = Text(
        "Donner l'adresse exacte de la boutique (https, www, dossier), celle de Paramètres de "
        "la boutique > Trafic et SEO > URL de la boutique ; vérifier aussi que le mode debug est "
        "éteint",
        "Give the shop's exact address (https, www, folder), the one in Shop parameters > "
        "Traffic & SEO > Shop URL; check too that the debug mode is off",
    )


class BlockedByHostError(NeedsPersonError):
    """A firewall or the web server refuses the request before PrestaShop sees it."""

    code: ClassVar[str] = "E-SHOP-014"
    what = Text(
        "L'hébergeur bloque la requête {verb} ({reason})",
        "The host blocks the {verb} request ({reason})",
    )
    remedy = Text(
        "Demander à l'hébergeur de laisser passer GET, POST, PUT, PATCH et DELETE sur /api, ou "
        "régler tunnel_verbs: true",
        "Ask the host to let GET, POST, PUT, PATCH and DELETE through on /api, or set "
        "tunnel_verbs: true",
    )


class CertificateError(NeedsPersonError):
    """The shop's certificate is not valid for its address."""

    code: ClassVar[str] = "E-SHOP-015"
    what = Text("Certificat HTTPS refusé ({reason})", "HTTPS certificate refused ({reason})")
    remedy = Text(
        "Faire renouveler le certificat du site par l'hébergeur ; vérifier l'horloge de ce poste",
        "Have the host renew the site's certificate; check this computer's clock",
    )


class VersionTooOldError(NeedsPersonError):
    """The shop's PrestaShop is older than the oldest that the agent works with."""

    code: ClassVar[str] = "E-SHOP-016"
    what = Text(
        "PrestaShop {version} est trop ancien ({oldest} au moins)",
        "PrestaShop {version} is too old ({oldest} at least)",
    )
    remedy = Text(
        "Mettre la boutique à jour en PrestaShop {oldest} ou plus récent",
        "Update the shop to PrestaShop {oldest} or later",
    )


class ShopRefusedError(RefusedItemError):
    """PrestaShop refuses this item; `facts["field"]` names the field when it is known."""

    code: ClassVar[str] = "E-SHOP-020"
    what = Text(
        "PrestaShop refuse l'élément (code {shop_code}, champ {field}) : {message}",
        "PrestaShop refuses this item (code {shop_code}, field {field}): {message}",
    )
    remedy = Text(
        "Corriger ce champ à la caisse ou, s'il n'en vient pas, dans la fiche PrestaShop",
        "Correct this field at the till or, if it is not from there, on PrestaShop's page",
    )


class EntityGoneError(RefusedItemError):
    """What was to be changed is no longer in the shop."""

    code: ClassVar[str] = "E-SHOP-021"
    what = Text("N'existe plus dans la boutique", "No longer in the shop")
    remedy = Text(
        "Aucun geste : l'agent cherchera l'article et le recréera si la caisse le veut en ligne",
        "Nothing to do: the agent looks for the item and creates it again if the till wants it",
    )


class ShopFailedError(RefusedItemError):
    """PrestaShop breaks down on this item, without a reason; looked up, nothing was written."""

    code: ClassVar[str] = "E-SHOP-022"
    what = Text(
        "PrestaShop échoue ici sans dire pourquoi ; rien n'a été écrit",
        "PrestaShop fails here without saying why; nothing was written",
    )
    remedy = Text(
        "Chercher l'heure de cet essai dans les journaux PHP de la boutique (module, base)",
        "Look up the time of this attempt in the shop's PHP logs (module, database)",
    )


class RequestTooLargeError(RefusedItemError):
    """The web server refuses a body of this size before PrestaShop sees it."""

    code: ClassVar[str] = "E-SHOP-023"
    what = Text(
        "Envoi trop gros pour l'hébergeur ({size} octets)", "Too large for the host ({size} bytes)"
    )
    remedy = Text(
        "Alléger le texte ou la photo, ou faire relever la limite d'envoi par l'hébergeur",
        "Shorten the text or the photo, or have the host raise its upload limit",
    )


class ImageRefusedError(RefusedItemError):
    """PrestaShop does not take this photo."""

    code: ClassVar[str] = "E-SHOP-024"
    what = Text(
        "PrestaShop refuse la photo (code {shop_code}) : {message}",
        "PrestaShop refuses the photo (code {shop_code}): {message}",
    )
    remedy = Text("Reprendre la photo en JPEG de moins de 2 Mo", "Make the photo a JPEG under 2 MB")


class IllegalCharacterError(RefusedItemError):
    """A text holds a character that XML cannot carry; it was not sent."""

    code: ClassVar[str] = "E-SHOP-030"
    what = Text(
        "Caractère invisible interdit ({character}) dans le champ {field}",
        "Forbidden invisible character ({character}) in the field {field}",
    )
    remedy = Text("Ressaisir ce texte à la caisse", "Type this text again at the till")


class ForbiddenTextError(RefusedItemError):
    """A text holds signs that PrestaShop does not allow in this field; it was not sent."""

    code: ClassVar[str] = "E-SHOP-031"
    what = Text(
        "Signes interdits par PrestaShop ({signs}) dans le champ {field}",
        "Signs that PrestaShop forbids ({signs}) in the field {field}",
    )
    remedy = Text("Retirer ces signes à la caisse", "Remove these signs at the till")


class TooLongError(RefusedItemError):
    """A text is longer than PrestaShop stores in this field; it was not sent."""

    code: ClassVar[str] = "E-SHOP-032"
    what = Text(
        "Texte trop long ({length} signes, {limit} au plus) dans le champ {field}",
        "Text too long ({length} characters, at most {limit}) in the field {field}",
    )
    remedy = Text("Raccourcir ce texte à la caisse", "Shorten this text at the till")


class BadValueError(RefusedItemError):
    """A value has not the form that PrestaShop wants for this field; it was not sent."""

    code: ClassVar[str] = "E-SHOP-033"
    what = Text(
        "Valeur impossible dans le champ {field} (attendu : {expected})",
        "Impossible value in the field {field} (expected: {expected})",
    )
    remedy = Text("Corriger cette valeur à la caisse", "Correct this value at the till")


class MissingFieldError(RefusedItemError):
    """A field without which PrestaShop's page is unusable is absent; nothing was sent."""

    code: ClassVar[str] = "E-SHOP-034"
    what = Text("Le champ {field} manque", "The field {field} is missing")
    remedy = Text(
        "Compléter l'article à la caisse, ou la correspondance des champs",
        "Complete the item at the till, or the mapping of its fields",
    )


class NotWritableError(RefusedItemError):
    """PrestaShop does not know this field, or computes it; nothing was sent."""

    code: ClassVar[str] = "E-SHOP-035"
    what = Text(
        "Le champ {field} ne s'écrit pas dans cette version de PrestaShop",
        "The field {field} is not written in this version of PrestaShop",
    )
    remedy = Text(
        "Retirer ce champ de ce que l'agent envoie, ou le signaler aux développeurs",
        "Take this field out of what the agent sends, or tell the developers",
    )


class QueryBugError(FatalError):
    """We asked something that this webservice cannot do: a fault of ours, not of the shop."""

    code: ClassVar[str] = "E-SHOP-040"
    what = Text(
        "Requête incorrecte vers PrestaShop ({reason})",
        "Incorrect request to PrestaShop ({reason})",
    )
    remedy = Text(
        "Envoyer le journal aux développeurs avec la version de PrestaShop",
        "Send the log to the developers with PrestaShop's version",
    )
