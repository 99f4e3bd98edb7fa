"""What an FTP failure means: from reply codes, socket and TLS errors to the errors of the port.

The code decides, and the text only where servers are known to use one code for two things (530 for
"too many clients", 451 for a full disk). Whether a file is there is never read from a text: the
channel looks. A password that a server echoes is struck out before anybody sees the text.

    try:
        wire.store(name, packet)
    except FTP_FAILURES as error:
        raise explained(error, place=place, secret=password) from error
"""

import ftplib
import re
import socket
import ssl

from protocol.channel.port import (
    ChannelAccessError,
    ChannelFullError,
    ChannelTlsError,
    ChannelUnfitError,
    ChannelUnreachableError,
)
from protocol.errors import ComptoirError

#: All that ftplib, sockets and a reply's parser raise (a bad port number is an OverflowError).
FTP_FAILURES = (ftplib.Error, OSError, EOFError, ValueError, OverflowError)

_BUSY = re.compile(r"maximum|too many", re.IGNORECASE)
_CRYPT = re.compile(r"\b(?:tls|ssl|ftps|encrypt\w*|cleartext)\b", re.IGNORECASE)
_NO_ROOM = re.compile(r"no space|space left|quota|disk.{0,20}full", re.IGNORECASE)
# A bare 451 is "local error"; of those, the ones about writing are full or failing disks.
_STORAGE = re.compile(r"\bwrit(?:e|ing)\b|space|disk|quota|input/output", re.IGNORECASE)

_TLS_CODES = {"431", "521", "522", "533", "534", "535", "536", "537"}
_LOGIN_CODES = {"331", "332", "430", "530", "532"}
_UNKNOWN_COMMAND = {"500", "501", "502", "503", "504"}
# The other end went away in the middle: a network's fault, not a certificate's.
_CUT_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


def explained(error: Exception, *, place: str, secret: str = "") -> ComptoirError:
    """Return the error of the port that a failure amounts to.

    Args:
        error: One of `FTP_FAILURES`, from any step: connecting, logging in, transferring.
        place: Where, as `ftp://host:port/path`.
        secret: The password, struck out of the reason.
    """
    branch = _of_reply(str(error)) if isinstance(error, ftplib.Error) else _of_failure(error)
    return branch(place=place, reason=readable(_reason(error), secret))


def _of_reply(reply: str) -> type[ComptoirError]:
    code = reply[:3]
    if code in _TLS_CODES:
        return ChannelTlsError
    if code in {"452", "552"} or (code == "451" and _STORAGE.search(reply)):
        return ChannelFullError
    if code[:1] in {"4", "5"} and _NO_ROOM.search(reply):
        return ChannelFullError
    if code == "530" and _BUSY.search(reply):
        return ChannelUnreachableError
    if (code[:1] == "5" or code in {"421", "425"}) and _CRYPT.search(reply):
        return ChannelTlsError
    if code in _UNKNOWN_COMMAND:
        return ChannelUnfitError
    if code in _LOGIN_CODES or code[:1] == "5":
        return ChannelAccessError
    return ChannelUnreachableError


def _of_failure(error: Exception) -> type[ComptoirError]:
    if isinstance(error, ssl.SSLError) and not isinstance(error, _CUT_TLS):
        return ChannelTlsError
    return ChannelUnreachableError


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, EOFError):
        return "connection closed"
    if isinstance(error, socket.gaierror):
        return f"unknown host: {error.strerror}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def readable(reason: str, secret: str = "") -> str:
    """Return one printable line of at most 200 characters, without the secret."""
    reason = _as_sent(reason)
    if secret:
        reason = reason.replace(secret, "•••")
    line = " ".join(reason.split())
    return "".join(sign if sign.isprintable() else "?" for sign in line)[:200]


def repeats(reason: str, secret: str) -> bool:
    """Return whether a text contains the secret."""
    return bool(secret) and secret in _as_sent(reason)


def _as_sent(reason: str) -> str:
    """Return a reply, read as Latin-1 because that never fails, as UTF-8 where it is that."""
    try:
        return reason.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return reason
