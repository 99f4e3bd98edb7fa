"""`approve CLASS`: a person's yes to what is held, and what is held when no class is named.

show_approve(settings, wiring, output, "deactivations", None)
"""

from pos_exporter.approvals import SHRUNKEN, Held, approve, held_classes
from pos_exporter.config import ExporterSettings
from pos_exporter.state import METADATA
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Lang, Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.link_words import local


def show_approve(
    settings: ExporterSettings, wiring: Wiring, output: Output, key: str | None, up_to: int | None
) -> int:
    """Write down a person's yes, or tell what waits for one.

    Raises:
        NotHeldError: When nothing of the class waits.
        TooManyHeldError: When more waits than the person says.
    """
    url, moment = paths_of(settings).url, wiring.clock()
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        held = held_classes(connection, moment)
        given = approve(connection, key, up_to, moment) if key is not None else None
    if given is None:
        for one in held:
            tell_held(one, output)
        output.say(_NONE if not held else _HOW)
        output.emit("held", classes=[held_values(one) for one in held])
        return DONE
    output.say(_HERE if key == SHRUNKEN else _GIVEN, key=given.key, count=given.up_to,
               until=local(given.until))  # fmt: skip
    output.emit("approved", key=given.key, up_to=given.up_to, until=given.until.isoformat())
    return DONE


def tell_held(held: Held, output: Output) -> None:
    """Tell one class and a few of its changes."""
    for line in held_lines(held, output.lang):
        output.say(literal(line))


def held_lines(held: Held, lang: Lang) -> list[str]:
    """Return one class in lines of one language."""
    text = _HELD if held.approved_until is None else _APPROVED
    facts = {"key": held.key, "count": str(held.count), "of": str(held.of),
             "since": local(held.since), "until": local(held.approved_until)}  # fmt: skip
    return [text.in_lang(lang, facts), *(f"  {example}" for example in held.examples)]


def held_values(held: Held) -> dict[str, object]:
    """Return one class as JSON values."""
    return {
        "key": held.key,
        "count": held.count,
        "of": held.of,
        "examples": list(held.examples),
        "since": held.since.isoformat(),
        "approved_until": held.approved_until.isoformat() if held.approved_until else None,
    }


_HELD = Text(
    "Retenu : {key}, {count} sur {of}, depuis le {since}",
    "Held: {key}, {count} of {of}, since {since}",
)
_APPROVED = Text(
    "Approuvé jusqu'au {until} : {key}, {count} sur {of}",
    "Approved until {until}: {key}, {count} of {of}",
)
_NONE = Text("Rien n'attend votre accord", "Nothing waits for your yes")
_HOW = Text("Pour dire oui : pos-exporter approve CLASSE", "To say yes: pos-exporter approve CLASS")
_GIVEN = Text(
    "Oui noté pour {key}, jusqu'à {count} changement(s), valable jusqu'au {until} ; il part au "
    "prochain passage",
    "Yes noted for {key}, up to {count} change(s), until {until}; it leaves with the next run",
)
_HERE = Text(
    "Oui noté : le prochain passage accepte cette lecture de la caisse",
    "Yes noted: the next run accepts this reading of the till",
)
