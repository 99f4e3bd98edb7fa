"""The `pair` command of both programs: print our line, take theirs, have a person compare.

`pair` alone prints our line; `pair LINE` takes the other end's, shows the fingerprint and asks.
Scripts give the fingerprint they expect instead. Every step may be repeated. With `--json` nobody
is asked: the answer tells the line, the fingerprint and whether it is confirmed.

    pair(Pairing(paths.folder, paths.keys, "shop", label), PairOptions(line), output, ask)
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from protocol.errors import NeedsPersonError, Text
from protocol.keys import Keys, NotPairedError, RandomBytes, Role
from protocol.program.console import Output
from protocol.program.lock import run_lock
from protocol.program.pairing import accept_line, confirm, start_pairing

_YES = {"oui", "o", "yes", "y"}
_OUR_LINE = Text(
    "Ligne de ce programme, à coller à l'autre bout (« {other} pair LIGNE »), par un autre chemin "
    "que le serveur FTP :",
    "This program's line, to be pasted at the other end (« {other} pair LINE »), by another way "
    "than the FTP server:",
)
_FINGERPRINT = Text("Empreinte : {fingerprint}", "Fingerprint: {fingerprint}")
_QUESTION = Text(
    "L'autre bout montre-t-il exactement la même ? (oui/non)",
    "Does the other end show exactly the same? (yes/no)",
)
_CONFIRMED = Text("Appairage confirmé de ce côté", "Pairing confirmed on this side")
_NOT_YET = Text(
    "Il manque la ligne de l'autre bout : « pair LIGNE »",
    "The other end's line is missing: « pair LINE »",
)


class DeclinedError(NeedsPersonError):
    """A person did not say that the fingerprints are equal."""

    code = "E-KEY-008"
    what = Text("Appairage non confirmé", "Pairing not confirmed")
    remedy = Text(
        "Comparer les deux empreintes ; sinon recopier les deux lignes, puis « pair »",
        "Compare both fingerprints; if they differ, copy both lines again, then « pair »",
    )


@dataclass(frozen=True)
class Pairing:
    """Where one program's keys are.

    Args:
        folder: Of its state; exists.
        keys: The key file.
        role: Of this program.
        label: The shop's name, for new keys.
        clock: UTC now.
        random_bytes: For new keys.
    """

    folder: Path
    keys: Path
    role: Role
    label: str
    clock: Callable[[], datetime]
    random_bytes: RandomBytes

    @property
    def other(self) -> str:
        """The other end's command."""
        return "shop-agent" if self.role == "pos" else "pos-exporter"


@dataclass(frozen=True)
class PairOptions:
    """What `pair` was asked.

    Args:
        line: The other end's, as pasted.
        renew: Make a new pairing.
        fingerprint: Expected by a script; confirms without a question.
        resync: Take up what was stopped; see `resync_command`.
    """

    line: str | None = None
    renew: bool = False
    fingerprint: str | None = None
    resync: bool = False


def pair(pairing: Pairing, options: PairOptions, output: Output, ask: Callable[[str], str]) -> Keys:
    """Go as far with the pairing as what was given allows; return the keys.

    Args:
        pairing: This side.
        options: What was asked.
        output: Where to tell.
        ask: Asks a person one question; an empty answer when nobody is there.

    Raises:
        DeclinedError: When the person did not say yes.
        ComptoirError: As `protocol.program.pairing` tells.
    """
    keys = _prepare(pairing, options)
    if options.fingerprint is not None and keys.peer is None:
        raise NotPairedError(place=pairing.keys)
    _tell_line(pairing, keys, output)
    if keys.peer is not None and not keys.confirmed:
        keys = _confirm(pairing, options, keys, output, ask)
    fingerprint = keys.fingerprint() if keys.peer else None
    if keys.confirmed:
        output.say(_CONFIRMED)
    elif fingerprint is None:
        output.say(_NOT_YET)
    output.emit("pair", line=keys.pairing_line(), fingerprint=fingerprint, confirmed=keys.confirmed)
    return keys


def _prepare(pairing: Pairing, options: PairOptions) -> Keys:
    """Make or renew our keys and take the other's line; no run may be at work meanwhile."""
    with _lock(pairing):
        keys = start_pairing(
            pairing.keys, pairing.role, pairing.label, renew=options.renew,
            random_bytes=pairing.random_bytes,
        )  # fmt: skip
        if options.line is not None:
            keys = accept_line(pairing.keys, options.line, renew=options.renew)
        if options.fingerprint is not None and keys.confirmed:
            confirm(pairing.keys, options.fingerprint)  # still the same, or it raises
    return keys


def _tell_line(pairing: Pairing, keys: Keys, output: Output) -> None:
    if output.as_json:
        return
    output.say(_OUR_LINE, other=pairing.other)
    output.say(Text("{line}", "{line}"), line=keys.pairing_line())
    if keys.peer is not None:
        output.say(_FINGERPRINT, fingerprint=keys.fingerprint())


def _confirm(
    pairing: Pairing, options: PairOptions, keys: Keys, output: Output, ask: Callable[[str], str]
) -> Keys:
    expected = options.fingerprint
    if expected is None:
        if output.as_json:
            return keys
        if ask(_QUESTION.in_lang(output.lang)).strip().lower() not in _YES:
            raise DeclinedError
        expected = keys.fingerprint()
    with _lock(pairing):
        return confirm(pairing.keys, expected)


def _lock(pairing: Pairing) -> AbstractContextManager[None]:
    return run_lock(pairing.folder, command="pair", now=pairing.clock())
