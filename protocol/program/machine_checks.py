"""What `doctor` looks at on this computer: the state's folder, its room, the clock, the pairing.

for check in check_machine(paths): ...
keys = load_keys(paths.keys)
for check in check_pairing(paths, keys): ...
"""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from protocol.errors import NeedsPersonError, Text
from protocol.keys import Keys, NotPairedError
from protocol.link.errors import EquivocationError
from protocol.program.checks import Check, attention, failed, good
from protocol.program.engine import on_remote_drive
from protocol.program.link_view import LinkView
from protocol.program.pairing import NoKeysError
from protocol.program.settings import StatePaths
from protocol.program.state_errors import StateAccessError, StateRemoteError

ENOUGH_BYTES = 500 * 2**20
LEAST_BYTES = 50 * 2**20
#: A clock that is off by more than this makes dates wrong for people.
CLOCK_MINUTES = 5
_SYNCED = re.compile(r"onedrive|dropbox|google ?drive|icloud|nextcloud", re.IGNORECASE)


class SyncedFolderError(NeedsPersonError):
    """The state lies in a folder that another program copies about."""

    code = "E-DOC-001"
    what = Text(
        "Ce dossier est synchronisé par un autre programme",
        "Another program synchronises this folder",
    )
    remedy = Text(
        "Donner sous state.folder un dossier hors de OneDrive, Dropbox, etc.",
        "Name a folder outside OneDrive, Dropbox and the like under state.folder",
    )


class LowSpaceError(NeedsPersonError):
    """The disk is nearly full."""

    code = "E-DOC-002"
    what = Text("Il ne reste que {free} Mo sur ce disque", "Only {free} MB are left on this disk")
    remedy = Text("Faire de la place", "Free some space")


class ClockOffError(NeedsPersonError):
    """This computer's clock and another one differ."""

    code = "E-DOC-003"
    what = Text(
        "L'horloge de ce poste et celle du serveur diffèrent de {minutes} min",
        "This computer's clock and the server's differ by {minutes} min",
    )
    remedy = Text(
        "Régler ce poste sur l'heure d'Internet ; si elle est juste, prévenir l'hébergeur",
        "Set this computer to Internet time; if it is right, tell the host",
    )


class OtherSideLateError(NeedsPersonError):
    """The other side did not keep its promise to speak."""

    code = "E-DOC-004"
    what = Text(
        "L'autre côté devait donner des nouvelles avant {next_by}",
        "The other side should have spoken by {next_by}",
    )
    remedy = Text(
        "Regarder là-bas « status » et « doctor » : poste éteint, tâche arrêtée, FTP changé ?",
        "Look at its « status » and « doctor »: computer off, task stopped, another FTP server?",
    )


class NeverHeardError(NeedsPersonError):
    """Nothing has ever come from the other side."""

    code = "E-DOC-005"
    what = Text("Rien n'est encore venu de l'autre côté", "Nothing has come from the other side")
    remedy = Text(
        "Y lancer « sync », puis ici ; vérifier que root est le même dans les deux fichiers",
        "Run « sync » there, then here; check that root is the same in both files",
    )


_FOLDER = Text("Dossier d'état {folder}", "State folder {folder}")
_SPACE = Text("{free} Mo libres", "{free} MB free")
_CLOCK = Text("Horloge comparée à celle de {server}", "Clock compared with {server}")
_PAIRED = Text("Appairage, empreinte {fingerprint}", "Pairing, fingerprint {fingerprint}")
_PAIRING = Text("Appairage", "Pairing")
_STREAMS = Text("Flux reçus en ordre", "Streams taken in order")
_STREAM = Text("Flux {stream}", "Stream {stream}")
_HEARD = Text("Dernières nouvelles de l'autre côté : {at}", "Last word of the other side: {at}")
_NOTICE = Text(
    "Échange refusé ou douteux, {times} fois, la dernière le {at}",
    "Refused or doubtful exchange, {times} time(s), last {at}",
)


def free_bytes(folder: Path) -> int:
    """Return the room on a folder's disk."""
    return shutil.disk_usage(folder).free


def check_machine(
    paths: StatePaths, free_bytes: Callable[[Path], int] = free_bytes
) -> Iterator[Check]:
    """Look at the state's folder and the room on its disk."""
    yield _check_folder(paths.folder)
    free = free_bytes(paths.folder)
    megabytes = free // 2**20
    if free >= ENOUGH_BYTES:
        yield good("M02", _SPACE, free=megabytes)
    else:
        judge = attention if free >= LEAST_BYTES else failed
        error = LowSpaceError(place=paths.folder, free=megabytes)
        yield judge("M02", _SPACE, error, free=megabytes)


def _check_folder(folder: Path) -> Check:
    facts = {"folder": folder}
    if on_remote_drive(folder):
        return failed("M01", _FOLDER, StateRemoteError(place=folder), **facts)
    probe = folder / "doctor.tmp"
    try:
        probe.write_bytes(b"\r\n")
        probe.unlink()
    except OSError as error:
        refused = StateAccessError(place=folder, reason=error.strerror or error)
        return failed("M01", _FOLDER, refused, **facts)
    if _SYNCED.search(str(folder)):
        return attention("M01", _FOLDER, SyncedFolderError(place=folder), **facts)
    return good("M01", _FOLDER, **facts)


def check_clock(server: str, theirs: datetime, ours: datetime) -> Check:
    """Compare this computer's clock with a server's; both UTC."""
    off = abs(theirs - ours)
    if off <= timedelta(minutes=CLOCK_MINUTES):
        return good("M03", _CLOCK, server=server)
    minutes = round(off.total_seconds() / 60)
    return attention("M03", _CLOCK, ClockOffError(place=server, minutes=minutes), server=server)


def check_pairing(paths: StatePaths, keys: Keys | None) -> Check:
    """Look at the keys."""
    if keys is None:
        return failed("M08", _PAIRING, NoKeysError(place=paths.keys))
    if keys.peer is None or not keys.confirmed:
        return failed("M08", _PAIRING, NotPairedError(place=paths.keys))
    return good("M08", _PAIRED, fingerprint=keys.fingerprint())


def check_link(view: LinkView, now: datetime, looked_at: datetime | None) -> Iterator[Check]:
    """Look at what the link remembers: stopped streams, lateness, notices.

    Args:
        view: As read from the state.
        now: UTC.
        looked_at: When we last looked at the channel.
    """
    for stream in view.stopped:
        stopped = EquivocationError(place=stream.stream, reason=f"{stream.epoch}/{stream.seq}")
        yield failed("L01", _STREAM, stopped, stream=stream.stream)
    if not view.stopped:
        yield good("L01", _STREAMS)
    yield _check_heard(view, now, looked_at)
    for notice in view.notices:
        facts = {"times": notice.times, "at": notice.last_at}
        yield attention("L03", _NOTICE, notice.problem, **facts)


def _check_heard(view: LinkView, now: datetime, looked_at: datetime | None) -> Check:
    if view.last_at is None:
        return attention("L02", _HEARD, NeverHeardError(), at="—")
    at = f"{view.last_at:%Y-%m-%d %H:%M} UTC"
    if view.next_by is not None and view.is_late(now, looked_at):
        late = OtherSideLateError(next_by=f"{view.next_by:%Y-%m-%d %H:%M} UTC")
        return attention("L02", _HEARD, late, at=at)
    return good("L02", _HEARD, at=at)
