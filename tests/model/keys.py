"""Keys without secrets: a mark in the place of a signature, and seals that hide nothing.

The model plays by the hundred thousand packets, and what it looks for is not in the ciphers. A
packet that was changed is still refused, and bytes are the same from run to run.

    pos, shop = open_keys()
"""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from protocol.keys import Keys, PublicKeys, new_keys, parse_pairing_line


def _mark(key: bytes, message: bytes) -> bytes:
    return hashlib.blake2b(message, key=key, digest_size=64).digest()


@dataclass(frozen=True)
class OpenPublic(PublicKeys):
    """A public half that marks and does not seal."""

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Return whether the mark is this side's."""
        return signature == _mark(self.signing, message)

    def seal(self, content: bytes) -> bytes:
        """Return the content."""
        return content


@dataclass(frozen=True)
class OpenKeys(Keys):
    """Keys of which both halves are the same bytes."""

    @cached_property
    def _public(self) -> OpenPublic:
        return OpenPublic(self.role, self.signing_seed, self.sealing_seed)

    @property
    def public(self) -> PublicKeys:
        """Our public half."""
        return self._public

    @cached_property
    def _nonce(self) -> str:
        return super().first_nonce()

    def first_nonce(self) -> str:
        """Return the nonce of the first epochs."""
        return self._nonce

    def sign(self, message: bytes) -> bytes:
        """Return our mark."""
        return _mark(self.signing_seed, message)

    def open(self, sealed: bytes) -> bytes:
        """Return the content."""
        return sealed


def open_keys() -> tuple[OpenKeys, OpenKeys]:
    """Return (pos, shop), paired and confirmed."""
    pos, shop = _fresh("pos", 1), _fresh("shop", 2)
    said = parse_pairing_line(pos.pairing_line()), parse_pairing_line(shop.pairing_line())
    paired = pos.with_peer(said[1]), shop.with_peer(said[0])
    return cast(
        tuple[OpenKeys, OpenKeys],
        tuple(
            replace(one, peer=OpenPublic(*vars(one.peer).values()), confirmed=True)
            for one in paired
        ),
    )


def _fresh(role: str, byte: int) -> OpenKeys:
    drawn = new_keys("pos" if role == "pos" else "shop", label="model",
                     random_bytes=lambda size: bytes([byte]) * size)  # fmt: skip
    return OpenKeys(
        drawn.role, drawn.label, drawn.pairing_id, drawn.signing_seed, drawn.sealing_seed
    )
