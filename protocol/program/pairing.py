"""The `pair` command of both programs, without its printing.

Each side prints its line, pastes the other's, and a person compares the fingerprint at both ends;
the order does not matter and every step may be repeated. The fingerprint covers both sides' keys
and both sides' draws, so `renew` at either end makes a new pairing.

    keys = start_pairing(paths.keys, "shop", label="Chaussures Clara")
    print(keys.pairing_line())                      # to be pasted at the other end
    keys = accept_line(paths.keys, pasted)
    print(keys.fingerprint())                       # « oui » at both ends, or --yes-fingerprint
    keys = confirm(paths.keys, keys.fingerprint())
"""

import hmac
import secrets
from dataclasses import replace
from pathlib import Path

from protocol.errors import FatalError, NeedsPersonError, Text
from protocol.keys import (
    Keys,
    NotPairedError,
    RandomBytes,
    Role,
    load_keys,
    new_keys,
    parse_pairing_line,
    save_keys,
)

MAX_LABEL = 80


class FingerprintDiffersError(NeedsPersonError):
    """The fingerprint that a person read is not ours: another key, or a slip."""

    code = "E-KEY-004"
    what = Text("L'empreinte n'est pas la même", "The fingerprint is not the same")
    remedy = Text(
        "Ne pas confirmer. Recopier les deux lignes de « pair » par un autre chemin et comparer",
        "Do not confirm. Copy both lines of « pair » again by another way and compare",
    )


class AlreadyPairedError(NeedsPersonError):
    """The line is of another pairing than the confirmed one."""

    code = "E-KEY-005"
    what = Text(
        "Déjà appairé avec un autre bout que cette ligne", "Paired already, not with this line"
    )
    remedy = Text(
        "Si ce changement est voulu (nouveau PC, nouveau site), ajouter --renew",
        "If this change is meant (new PC, new site), add --renew",
    )


class WrongRoleError(FatalError):
    """The key file is of the other program."""

    code = "E-KEY-006"
    what = Text(
        "Ce fichier de clés est celui de l'autre programme ({role})",
        "This key file is the other program's ({role})",
    )
    remedy = Text(
        "Donner à chaque programme son propre dossier d'état",
        "Give each program its own state folder",
    )


class NoKeysError(NeedsPersonError):
    """There are no keys here yet."""

    code = "E-KEY-007"
    what = Text("Pas encore de clés ici", "No keys here yet")
    remedy = Text("Lancer d'abord « pair »", "Run « pair » first")


def start_pairing(
    path: Path,
    role: Role,
    label: str,
    *,
    renew: bool = False,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Keys:
    """Return this side's keys, made when there are none; existing ones are kept.

    Args:
        path: The key file.
        role: Of this program.
        label: The shop's name, for new keys.
        renew: Begin a new pairing with the same keys: the peer is forgotten, the line changes.
        random_bytes: For new keys.

    Raises:
        WrongRoleError: When the file is the other program's.
        BadKeyFileError: When the file is damaged; it is never replaced.
    """
    keys = load_keys(path)
    if keys is None:
        return _saved(new_keys(role, label=_clean(label), random_bytes=random_bytes), path)
    if keys.role != role:
        raise WrongRoleError(place=path, role=keys.role)
    if not renew:
        return keys
    fresh = replace(
        keys, pairing_id=random_bytes(16).hex(), peer=None, peer_pairing_id="", confirmed=False
    )
    return _saved(replace(fresh, state_id=None), path)


def accept_line(path: Path, line: str, *, renew: bool = False) -> Keys:
    """Return the keys with the peer of a pasted line; the same line again changes nothing.

    Args:
        path: The key file.
        line: As the other end printed it.
        renew: Take the line although another pairing was confirmed here.

    Raises:
        BadPairingLineError: When the line is damaged or of our own side.
        AlreadyPairedError: When another pairing was confirmed here, without `renew`.
        NoKeysError: Before `start_pairing`.
    """
    keys = _existing(path)
    paired = keys.with_peer(parse_pairing_line(line))
    if (paired.peer, paired.peer_pairing_id) == (keys.peer, keys.peer_pairing_id):
        return keys
    if keys.confirmed and not renew:
        raise AlreadyPairedError(place=path)
    return _saved(replace(paired, state_id=None), path)


def confirm(path: Path, fingerprint: str) -> Keys:
    """Return the keys, confirmed, when a fingerprint read by a person is theirs.

    Args:
        path: The key file.
        fingerprint: 32 base32 characters; spaces, hyphens and case do not matter.

    Raises:
        FingerprintDiffersError: When it is another one.
        NotPairedError: Before the peer's line was pasted.
        NoKeysError: Before `start_pairing`.
    """
    keys = _existing(path)
    if keys.peer is None:
        raise NotPairedError(place=path)
    if not hmac.compare_digest(_bare(fingerprint), _bare(keys.fingerprint())):
        raise FingerprintDiffersError(place=path)
    return keys if keys.confirmed else _saved(replace(keys, confirmed=True), path)


def bind_state(path: Path, state_id: str) -> Keys:
    """Return the keys with the id of the state that belongs to them, kept in the file."""
    keys = _existing(path)
    return keys if keys.state_id == state_id else _saved(replace(keys, state_id=state_id), path)


def _existing(path: Path) -> Keys:
    keys = load_keys(path)
    if keys is None:
        raise NoKeysError(place=path)
    return keys


def _saved(keys: Keys, path: Path) -> Keys:
    save_keys(keys, path)
    return keys


def _bare(fingerprint: str) -> bytes:
    return "".join(fingerprint.replace("-", "").split()).upper().encode()


def _clean(label: str) -> str:
    """Return a label that the other end will print safely on one line."""
    printable = "".join(sign for sign in " ".join(label.split()) if sign.isprintable())
    return printable[:MAX_LABEL]
