"""Keys and pairing: who may speak, to whom, and how two people make sure of it.

Each side holds a signing pair (Ed25519) and a sealing pair (X25519). Pairing exchanges one line of
public keys by any way but the FTP host; both sides then show the same fingerprint, which people
compare (SPEC §3). Private keys live in one file that only its owner may read.

    keys = new_keys("pos", label="Chaussures Clara", random_bytes=os.urandom)
    line = keys.pairing_line()                   # paste it at the other end
    paired = keys.with_peer(parse_pairing_line(other_line))
    paired.fingerprint()                         # 'ABCD EFGH …', equal at both ends
"""

import base64
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from protocol.errors import FatalError, NeedsPersonError, Text, UsageError

Role = Literal["pos", "shop"]
RandomBytes = Callable[[int], bytes]

PAIRING_PREFIX = "comptoir1"
FINGERPRINT_DOMAIN = b"comptoir/pairing/v1\x00"
NONCE_DOMAIN = b"comptoir/first-epoch/v1\x00"
PACKET_DOMAIN = b"comptoir/packet/v1\x00"
_HEX32 = re.compile(r"[0-9a-f]{32}")


class BadPairingLineError(UsageError):
    """A pasted pairing line is incomplete, damaged or of the wrong side."""

    code = "E-KEY-001"
    what = Text("Ligne d'appairage refusée ({reason})", "Pairing line refused ({reason})")
    remedy = Text(
        "Recopier la ligne entière affichée par « pair » à l'autre bout",
        "Copy again the whole line that « pair » printed at the other end",
    )


class NotPairedError(NeedsPersonError):
    """The two programs have not been paired, or nobody confirmed the fingerprint here."""

    code = "E-KEY-002"
    what = Text("Les deux programmes ne sont pas appairés", "The two programs are not paired")
    remedy = Text(
        "Lancer « pair » des deux côtés et comparer l'empreinte",
        "Run « pair » on both sides and compare the fingerprint",
    )


class BadKeyFileError(FatalError):
    """The key file cannot be read."""

    code = "E-KEY-003"
    what = Text("Fichier de clés illisible ({reason})", "Key file unreadable ({reason})")
    remedy = Text(
        "Restaurer le fichier de clés depuis une sauvegarde, ou appairer de nouveau",
        "Restore the key file from a backup, or pair again",
    )


class CannotOpenError(Exception):
    """A seal cannot be opened with our key."""


@dataclass(frozen=True)
class PublicKeys:
    """The public half of one side.

    Args:
        role: `pos` or `shop`.
        signing: Ed25519 public key, 32 bytes.
        sealing: X25519 public key, 32 bytes.
    """

    role: Role
    signing: bytes
    sealing: bytes

    @property
    def party(self) -> str:
        """The side's id in manifests: first 8 bytes of SHA-256 of its signing key, 16 hex."""
        return key_id(self.signing).hex()

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Return whether the signature (64 bytes) is this side's over the message."""
        try:
            VerifyKey(self.signing).verify(message, signature)
        except (BadSignatureError, ValueError):
            return False
        return True

    def seal(self, content: bytes) -> bytes:
        """Return content that only this side can open."""
        return bytes(SealedBox(PublicKey(self.sealing)).encrypt(content))


@dataclass(frozen=True)
class Keys:
    """One side's private keys and what it knows of the other side.

    Args:
        role: Which side these keys are of.
        label: The shop's name, shown while pairing.
        pairing_id: 32 hex that this side drew; a new one makes a new pairing.
        peer: The other side's public keys, once pasted.
        confirmed: Whether a person said that the fingerprints are equal.
        state_id: Which state database belongs to these keys; tells a lost state from a new one.
        peer_pairing_id: 32 hex that the other side drew; empty before its line was pasted.
    """

    role: Role
    label: str
    pairing_id: str
    signing_seed: bytes = field(repr=False)
    sealing_seed: bytes = field(repr=False)
    peer: PublicKeys | None = None
    confirmed: bool = False
    state_id: str | None = None
    peer_pairing_id: str = ""

    @property
    def public(self) -> PublicKeys:
        """Our public half."""
        return PublicKeys(
            self.role,
            bytes(SigningKey(self.signing_seed).verify_key),
            bytes(PrivateKey(self.sealing_seed).public_key),
        )

    def sign(self, message: bytes) -> bytes:
        """Return our signature over a message, 64 bytes."""
        return SigningKey(self.signing_seed).sign(message).signature

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed to us.

        Raises:
            CannotOpenError: when it was not sealed to us, or was damaged.
        """
        try:
            return bytes(SealedBox(PrivateKey(self.sealing_seed)).decrypt(sealed))
        except (CryptoError, ValueError, TypeError) as error:
            raise CannotOpenError from error

    def pairing_line(self) -> str:
        """Return the one line to be pasted at the other end; it holds nothing secret."""
        label = base64.urlsafe_b64encode(self.label.encode()).decode()
        public = self.public
        parts = [PAIRING_PREFIX, self.role, _b64(public.signing), _b64(public.sealing)]
        body = ":".join([*parts, self.pairing_id, label])
        return f"{body}:{_checksum(body)}"

    def with_peer(self, invitation: "Invitation") -> "Keys":
        """Return these keys with the other side's public keys, not yet confirmed.

        Raises:
            BadPairingLineError: when the line is of our own side.
        """
        if invitation.keys.role == self.role:
            raise BadPairingLineError(reason=f"{self.role} / {self.role}")
        return replace(
            self, peer=invitation.keys, peer_pairing_id=invitation.pairing_id, confirmed=False
        )

    def require_peer(self) -> PublicKeys:
        """Return the confirmed peer.

        Raises:
            NotPairedError: before both lines were pasted and a person confirmed.
        """
        if self.peer is None or not self.confirmed:
            raise NotPairedError
        return self.peer

    def fingerprint(self) -> str:
        """Return 8 groups of 4 base32 characters (160 bits) over both sides' keys and the pairing.

        Raises:
            NotPairedError: before the peer's line was pasted.
        """
        digest = hashlib.sha256(FINGERPRINT_DOMAIN + self._pairing_bytes()).digest()
        text = base64.b32encode(digest[:20]).decode()
        return " ".join(text[start : start + 4] for start in range(0, 32, 4))

    def first_nonce(self) -> str:
        """Return the nonce that the first epochs after this pairing quote, 32 hex."""
        return hashlib.sha256(NONCE_DOMAIN + self._pairing_bytes()).hexdigest()[:32]

    def _pairing_bytes(self) -> bytes:
        if self.peer is None:
            raise NotPairedError
        # Both sides' draws count, so it does not matter which line is pasted first.
        sides = [(self.public, self.pairing_id), (self.peer, self.peer_pairing_id)]
        if self.role == "shop":
            sides.reverse()
        return b"".join(drawn.encode() + side.signing + side.sealing for side, drawn in sides)


@dataclass(frozen=True)
class Invitation:
    """What a pairing line says."""

    keys: PublicKeys
    pairing_id: str
    label: str


def key_id(signing_public: bytes) -> bytes:
    """Return the 8 bytes that name a signing key in a packet."""
    return hashlib.sha256(signing_public).digest()[:8]


def new_keys(role: Role, *, label: str, random_bytes: RandomBytes = secrets.token_bytes) -> Keys:
    """Return fresh keys for one side, not paired."""
    return Keys(role, label, random_bytes(16).hex(), random_bytes(32), random_bytes(32))


def parse_pairing_line(line: str) -> Invitation:
    """Return what a pasted line says.

    Raises:
        BadPairingLineError: for a line that is cut, mistyped, or of another version.
    """
    # A console or a mail may have broken the line: no part of it holds a space.
    body, _, checksum = "".join(line.split()).rpartition(":")
    parts = body.split(":")
    if len(parts) != 6 or parts[0] != PAIRING_PREFIX:
        raise BadPairingLineError(reason=f"{PAIRING_PREFIX}:…")
    if checksum != _checksum(body):
        raise BadPairingLineError(reason="checksum")
    _, role, signing, sealing, pairing_id, label = parts
    if role not in ("pos", "shop") or not _HEX32.fullmatch(pairing_id):
        raise BadPairingLineError(reason="role, pairing id")
    try:
        keys = PublicKeys("pos" if role == "pos" else "shop", _unb64(signing), _unb64(sealing))
        shown = base64.urlsafe_b64decode(label).decode()
    except ValueError as error:
        raise BadPairingLineError(reason=type(error).__name__) from error
    if not shown.isprintable():
        raise BadPairingLineError(reason="label")
    return Invitation(keys, pairing_id, shown)


def load_keys(path: Path) -> Keys | None:
    """Return the keys kept in a file, or None when there is no such file.

    Raises:
        BadKeyFileError: when the file is damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        peer = kept["peer"]
        return Keys(
            role=_role(kept["role"]),
            label=kept["label"],
            pairing_id=kept["pairing_id"],
            signing_seed=_unb64(kept["signing_seed"]),
            sealing_seed=_unb64(kept["sealing_seed"]),
            peer=peer
            and PublicKeys(_role(peer["role"]), _unb64(peer["signing"]), _unb64(peer["sealing"])),
            confirmed=kept["confirmed"] is True,
            state_id=kept["state_id"],
            peer_pairing_id=kept["peer_pairing_id"],
        )
    except FileNotFoundError:
        return None
    except (BadPairingLineError, ValueError, KeyError, TypeError, OSError) as error:
        raise BadKeyFileError(place=path, reason=type(error).__name__) from error


def save_keys(keys: Keys, path: Path) -> None:
    """Write the keys, readable by their owner only; an old file stays until the new is whole."""
    kept = {
        "role": keys.role,
        "label": keys.label,
        "pairing_id": keys.pairing_id,
        "signing_seed": _b64(keys.signing_seed),
        "sealing_seed": _b64(keys.sealing_seed),
        "peer": keys.peer
        and {
            "role": keys.peer.role,
            "signing": _b64(keys.peer.signing),
            "sealing": _b64(keys.peer.sealing),
        },
        "confirmed": keys.confirmed,
        "state_id": keys.state_id,
        "peer_pairing_id": keys.peer_pairing_id,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    # An old one may be readable by others: never write into it.
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _replace_patiently(fresh, path)


def _replace_patiently(fresh: Path, path: Path) -> None:
    """Rename, however long (within 2 seconds) a virus scanner on Windows holds the file."""
    for _ in range(20):
        try:
            fresh.replace(path)
        except PermissionError:
            time.sleep(0.1)
        else:
            return
    fresh.replace(path)


def _role(text: object) -> Role:
    if text == "pos":
        return "pos"
    if text == "shop":
        return "shop"
    raise ValueError(text)


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _unb64(text: str) -> bytes:
    content = base64.urlsafe_b64decode(text)
    if len(content) != 32:
        raise BadPairingLineError(reason="32 bytes")
    return content


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:8]
