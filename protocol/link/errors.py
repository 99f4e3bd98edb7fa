"""What a link refuses or cannot know, and what to do about it (codes `E-LNK-…`, SPEC §12)."""

from protocol.errors import NeedsPersonError, RefusedItemError, Text


class StateOldError(NeedsPersonError):
    """The other side, or the FTP server, knows packets of ours that our state does not."""

    code = "E-LNK-001"
    what = Text(
        "L'état local est plus ancien que ce qui a déjà été envoyé ({reason})",
        "The local state is older than what was already sent ({reason})",
    )
    remedy = Text(
        "Rien n'est écrit ; la reprise est demandée à l'autre côté et se fait seule",
        "Nothing is written; a resync is asked of the other side and happens by itself",
    )


class ReplayError(RefusedItemError):
    """A packet of the past came again."""

    code = "E-LNK-010"
    what = Text("Un ancien paquet est réapparu ({reason})", "An old packet reappeared ({reason})")
    remedy = Text(
        "Rien n'a changé. Le serveur FTP a été restauré, ou quelqu'un y rejoue des fichiers",
        "Nothing changed. The FTP server was restored, or someone replays files there",
    )


class EquivocationError(NeedsPersonError):
    """Two different packets under one number: two writers, or a restored one."""

    code = "E-LNK-011"
    what = Text("Deux paquets différents portent le même numéro ({reason})",
                "Two different packets bear one number ({reason})")  # fmt: skip
    remedy = Text(
        "Le flux est arrêté. Vérifier qu'un seul programme écrit, puis lancer « pair --resync »",
        "The stream is stopped. Make sure that one program writes, then run « pair --resync »",
    )


class UnprovenError(RefusedItemError):
    """Our state was lost; only the answer to our own request is accepted."""

    code = "E-LNK-012"
    what = Text("Paquet d'avant la perte de l'état ({reason})", "From before our loss ({reason})")
    remedy = Text(
        "Rien à faire : la reprise demandée arrive au prochain passage de l'autre côté",
        "Nothing to do: the resync we asked for comes with the other side's next pass",
    )


class FastForwardError(RefusedItemError):
    """A number far beyond what any honest writer has reached."""

    code = "E-LNK-013"
    what = Text("Numéro invraisemblable ({reason})", "Implausible number ({reason})")
    remedy = Text("Appairer de nouveau si cela persiste", "Pair again if it stays")


class DamagingServerError(NeedsPersonError):
    """One packet arrived damaged every time it was uploaded."""

    code = "E-LNK-014"
    what = Text(
        "Le serveur FTP abîme les fichiers ({times} essais)",
        "The FTP server damages files ({times} tries)",
    )
    remedy = Text(
        "Changer de serveur FTP, ou demander à l'hébergeur pourquoi ses fichiers changent",
        "Use another FTP server, or ask the host why its files change",
    )
