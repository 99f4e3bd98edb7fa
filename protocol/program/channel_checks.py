"""What `doctor` looks at where packets travel: name, TLS, login, and a real round trip.

The round trip stores 2 MiB that no text mode leaves alone, under a name that no reader takes for
a packet of ours (its letter is no stream's), reads them back, compares, and deletes.

    for check in check_channel(settings.channel, "shop", wiring.open_channel, random_bytes, now):
        ...
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from protocol.channel.ftp import FtpSettings, seen_certificate
from protocol.channel.ftp_replies import FTP_FAILURES, explained
from protocol.channel.ftp_wire import Wire
from protocol.channel.port import (
    Channel,
    ChannelAccessError,
    ChannelTlsError,
    ChannelUnfitError,
    ChannelUnreachableError,
    Side,
)
from protocol.errors import ComptoirError, NeedsPersonError, Text
from protocol.keys import RandomBytes
from protocol.program.checks import Check, attention, failed, good
from protocol.program.machine_checks import check_clock
from protocol.program.settings import ChannelSettings

ROUND_TRIP_BYTES = 2 * 2**20
_EXPIRES_SOON = timedelta(days=14)
#: Ends and signs that a text mode, a translation of character sets or a filter would change.
_FRAGILE = b"\r\n\n\r\x00\x1a\xff\xfe\r\r\n\xc3\xa9 "

OpenChannel = Callable[[ChannelSettings, Side | None, RandomBytes], Channel]


class PlainChannelError(NeedsPersonError):
    """The password crosses the net in clear."""

    code = "E-DOC-010"
    what = Text("FTP simple : le mot de passe circule en clair", "Plain FTP: the password crosses "
                "the net in clear")  # fmt: skip
    remedy = Text(
        "Demander à l'hébergeur FTPS (TLS explicite) et écrire tls: explicit",
        "Ask the host for FTPS (explicit TLS) and write tls: explicit",
    )


class CertificateEndsError(NeedsPersonError):
    """The server's certificate expires soon."""

    code = "E-DOC-011"
    what = Text("Le certificat du serveur expire le {at}", "The server's certificate ends on {at}")
    remedy = Text("Prévenir l'hébergeur", "Tell the host")


class OtherCertificateError(ChannelTlsError):
    """The server shows a certificate that is not accepted; it may be pinned if it is the host's."""

    code = "E-DOC-012"
    what = Text("Certificat du serveur non accepté ({reason})", "Server's certificate not accepted "
                "({reason})")  # fmt: skip
    remedy = Text(
        "Si l'hébergeur confirme ce certificat, écrire pin_sha256: {seen}",
        "If the host confirms this certificate, write pin_sha256: {seen}",
    )


_DNS = Text("Nom du serveur FTP {host}", "Name of the FTP server {host}")
_PORT = Text("Connexion à {host}:{port}", "Connection to {host}:{port}")
_TLS = Text("Chiffrement et certificat", "Encryption and certificate")
_LOGIN = Text("Compte {user}", "Account {user}")
_ROOT = Text("Dossier d'échange {root}", "Exchange folder {root}")
_TRIP = Text(
    "Aller-retour de 2 Mio (dépôt, taille, lecture, suppression)",
    "Round trip of 2 MiB (put, size, get, delete)",
)


def check_channel(
    settings: ChannelSettings,
    side: Side,
    open_channel: OpenChannel,
    random_bytes: RandomBytes,
    now: Callable[[], datetime],
) -> Iterator[Check]:
    """Look at the channel step by step; what a failed step makes impossible is left out.

    Args:
        settings: Of the file.
        side: The side that writes here.
        open_channel: Makes the channel.
        random_bytes: For the name and bytes of the test file.
        now: UTC now.
    """
    if settings.ftp is not None:
        checks = list(_check_ftp(settings.ftp.wire(), now))
        yield from checks
        if any(check.exit_code not in (0, 3) for check in checks):
            return
    yield from _check_round_trip(settings, side, open_channel, random_bytes, now)


# --- FTP -------------------------------------------------------------------------------------


def _check_ftp(ftp: FtpSettings, now: Callable[[], datetime]) -> Iterator[Check]:
    try:
        socket.getaddrinfo(ftp.host, ftp.port, type=socket.SOCK_STREAM)
    except OSError as error:
        reason = error.strerror or str(error)
        unknown = ChannelUnreachableError(place=ftp.host, reason=reason)
        yield failed("F01", _DNS, unknown, host=ftp.host)
        return
    yield good("F01", _DNS, host=ftp.host)
    wire = Wire(ftp)
    try:
        wire.start()
    except (*FTP_FAILURES, ComptoirError) as error:
        yield from _refused(ftp, error)
        return
    try:
        yield good("F02", _PORT, host=ftp.host, port=ftp.port)
        yield _check_encryption(ftp, wire, now())
        yield good("F04", _LOGIN, user=ftp.user)
    finally:
        wire.close()


def _refused(ftp: FtpSettings, error: Exception) -> Iterator[Check]:
    """Yield the step that failed, and the ones before it."""
    place = f"ftp://{ftp.host}:{ftp.port}"
    known = (
        error
        if isinstance(error, ComptoirError)
        else explained(error, place=place, secret=ftp.password)
    )
    facts = {"host": ftp.host, "port": ftp.port}
    if not isinstance(known, ChannelTlsError | ChannelAccessError):
        yield failed("F02", _PORT, known, **facts)
        return
    yield good("F02", _PORT, **facts)
    if isinstance(known, ChannelTlsError):
        yield failed("F03", _TLS, _with_certificate(ftp, known))
        return
    yield failed("F04", _LOGIN, known, user=ftp.user)


def _with_certificate(ftp: FtpSettings, error: ChannelTlsError) -> ComptoirError:
    """Return the error with the certificate that the server shows, when it shows one."""
    try:
        seen = seen_certificate(ftp)
    except ComptoirError:
        return error
    return OtherCertificateError(
        place=error.place or ftp.host, reason=error.facts.get("reason", ""), seen=seen
    )


def _check_encryption(ftp: FtpSettings, wire: Wire, now: datetime) -> Check:
    if ftp.tls == "plain":
        return attention("F03", _TLS, PlainChannelError(place=ftp.host))
    shown: Any = wire.sock.getpeercert() if isinstance(wire.sock, ssl.SSLSocket) else None
    if shown and "notAfter" in shown:  # a pinned certificate is not read
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
        if ends - now < _EXPIRES_SOON:
            return attention("F03", _TLS, CertificateEndsError(place=ftp.host, at=ends.date()))
    return good("F03", _TLS)


# --- any channel -----------------------------------------------------------------------------


def _check_round_trip(
    settings: ChannelSettings, side: Side, open_channel: OpenChannel, random_bytes: RandomBytes,
    now: Callable[[], datetime],
) -> Iterator[Check]:  # fmt: skip
    name = f"z-00000000-000000000000-{random_bytes(8).hex()}.pkt"
    content = _fragile_bytes(random_bytes)
    root = settings.ftp.root if settings.ftp else settings.folder.path if settings.folder else ""
    with open_channel(settings, side, random_bytes) as channel:
        try:
            channel.names(side)
            channel.put(side, name, content)
        except ComptoirError as error:
            yield failed("F07", _ROOT, error, root=root)
            return
        yield good("F07", _ROOT, root=root)
        try:
            written_at = _modified_at(settings.ftp.wire(), side, name) if settings.ftp else None
            _compare(channel, side, name, content)
        except ComptoirError as error:
            with suppress(ComptoirError):
                channel.delete(side, name)
            yield failed("F08", _TRIP, error)
            return
        yield good("F08", _TRIP)
    if written_at is not None and settings.ftp is not None:
        yield check_clock(settings.ftp.host, written_at, now())


def _modified_at(ftp: FtpSettings, side: Side, name: str) -> datetime | None:
    """Return when the server says that it wrote a file just now, or None."""
    wire = Wire(ftp)
    try:
        wire.start()
        wire.enter(f"{ftp.root}/v1/{side}")
        return wire.modified_at(name)
    except FTP_FAILURES:
        return None  # only the clock goes unchecked
    finally:
        wire.close()


def _compare(channel: Channel, side: Side, name: str, content: bytes) -> None:
    size = channel.size(side, name)
    if size != len(content):
        raise ChannelUnfitError(place=name, reason=f"{size} != {len(content)}")
    back = channel.get(side, name, 2 * len(content))
    if back != content:
        raise ChannelUnfitError(place=name, reason="bytes changed")
    if not channel.delete(side, name) or channel.size(side, name) is not None:
        raise ChannelUnfitError(place=name, reason="not deleted")


def _fragile_bytes(random_bytes: RandomBytes) -> bytes:
    block = _FRAGILE + random_bytes(1024 - len(_FRAGILE))
    return block * (ROUND_TRIP_BYTES // len(block))
