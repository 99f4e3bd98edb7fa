"""How to reach the FTP server, checked before anything is sent.

Encryption is explicit TLS with a verified or pinned certificate; plain FTP only where somebody
wrote down that they accept it. The password is in no `repr` and in no error.

    settings = FtpSettings("ftp.example.org", "boutique", password, root="comptoir/3f9a61c2")
    settings = FtpSettings(..., pin_sha256="4f:0c:…")  # a shared host with another name's paper
    settings = FtpSettings(..., tls="plain", allow_plain=True)
"""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from protocol.errors import Text, UsageError


class FtpSettingsError(UsageError):
    """A setting of the FTP server makes no sense."""

    code: ClassVar[str] = "E-CHN-008"
    what = Text("Réglage FTP invalide ({setting})", "Invalid FTP setting ({setting})")
    remedy = Text("Corriger ce réglage", "Correct this setting")


class PlainFtpError(UsageError):
    """Plain FTP was asked for and not allowed."""

    code: ClassVar[str] = "E-CHN-009"
    what = Text(
        "Le FTP simple envoie le mot de passe en clair",
        "Plain FTP sends the password in clear text",
    )
    remedy = Text(
        "Utiliser tls: explicit, ou accepter ce risque par allow_plain: true",
        "Use tls: explicit, or accept the risk by allow_plain: true",
    )


@dataclass(frozen=True)
class FtpSettings:
    """How to reach the FTP server; checked when made.

    Args:
        host: Name or address.
        user: Account.
        password: Its password; never shown.
        root: Directory of this pairing, such as `comptoir/3f9a…`, from the account's home.
        port: Control port.
        tls: `explicit` (AUTH TLS), or `plain`, which needs `allow_plain`.
        allow_plain: Accepts that password and packets cross the net in clear.
        server_name: The name the certificate must carry, when it is not `host`.
        pin_sha256: SHA-256 of the server's certificate (64 hex digits, colons allowed): that
            certificate and no other is accepted, whoever signed it and for whatever name.
        ca_file: PEM of the authorities to trust instead of the system's.
        timeout: Seconds of silence after which the server counts as gone.
        tls_max: Highest TLS version, for servers whose newest one is broken.

    Raises:
        PlainFtpError: When `tls` is `plain` without `allow_plain`.
        FtpSettingsError: When another setting makes no sense.
    """

    host: str
    user: str
    password: str = field(repr=False)
    root: str
    port: int = 21
    tls: Literal["explicit", "plain"] = "explicit"
    allow_plain: bool = False
    server_name: str | None = None
    pin_sha256: str | None = None
    ca_file: Path | None = None
    timeout: float = 20.0
    tls_max: Literal["1.2"] | None = None

    def __post_init__(self) -> None:
        if self.tls == "plain" and not self.allow_plain:
            raise PlainFtpError(place="tls")
        checks = {
            "host": bool(re.fullmatch(r"[^\s/@]+", self.host)),
            "user": bool(self.user) and is_one_line(self.user),
            "password": is_one_line(self.password),
            "root": self._root_is_sound(),
            "port": 0 < self.port < 65536,
            "tls": self.tls in {"explicit", "plain"},
            "pin_sha256": self.pin_sha256 is None or len(self.pin) == 64,
            "timeout": 0 < self.timeout <= 600,
            "tls_max": self.tls_max in {None, "1.2"},
        }
        for setting, sound in checks.items():
            if not sound:
                shown = "" if setting == "password" else getattr(self, setting)
                raise FtpSettingsError(place="ftp", value=shown, setting=setting)

    @property
    def pin(self) -> str:
        """The pinned SHA-256 as bare lower-case hex digits; empty when none is set or it is bad."""
        digits = (self.pin_sha256 or "").replace(":", "").lower()
        return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else ""

    def _root_is_sound(self) -> bool:
        parts = self.root.removeprefix("/").split("/")
        return all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", part) for part in parts)


def is_one_line(text: str) -> bool:
    """Return whether a text can be sent as part of one command."""
    return not any(sign in text for sign in "\r\n\0")


def tls_context(settings: FtpSettings, *, verify: bool = True) -> ssl.SSLContext:
    """Return the client's TLS rules; `verify` off only shows what a server presents.

    Raises:
        FtpSettingsError: When `ca_file` cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise FtpSettingsError(
            place="ftp", value=settings.ca_file or "", setting="ca_file"
        ) from error
    if settings.pin_sha256 is not None or not verify:
        # The pin, checked after the handshake, is the stricter test.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.tls_max == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context
