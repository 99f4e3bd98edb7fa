"""FTP servers to test against: a place for the contract, certificates, vsftpd and ProFTPD."""

import grp
import itertools
import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import trustme

from protocol.channel.ftp import FtpChannel, FtpSettings
from protocol.channel.port import Side
from tests.contracts.channel import kept_on_disk

HOST = "127.0.0.1"
USER = "boutique"
PASSWORD = "s3cret-mötdepasse"
ROOT = "comptoir/3f9a61c2"
VSFTPD = Path("/usr/sbin/vsftpd")
#: Where ProFTPD was unpacked (its package conflicts with vsftpd's), or installed.
PROFTPD = Path(os.environ.get("COMPTOIR_PROFTPD", "/"))
_OPENSSL = "/usr/bin/openssl"


@dataclass(frozen=True)
class Papers:
    """A certificate for 127.0.0.1, and one that is for another name."""

    authority: Path
    good: Path
    other_name: Path


def make_papers(folder: Path) -> Papers:
    """Write an authority and its two certificates to a folder."""
    authority = trustme.CA()
    papers = Papers(folder / "ca.pem", folder / "good.pem", folder / "other.pem")
    authority.cert_pem.write_to_path(str(papers.authority))
    for path, name in ((papers.good, HOST), (papers.other_name, "other.example")):
        authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(path))
    return papers


def settings_for(port: int, papers: Papers | None = None, timeout: float = 5.0) -> FtpSettings:
    """Return settings for a server on loopback: verified TLS with papers, else plain."""
    return FtpSettings(
        HOST,
        USER,
        PASSWORD,
        ROOT,
        port=port,
        timeout=timeout,
        tls="plain" if papers is None else "explicit",
        allow_plain=papers is None,
        ca_file=papers.authority if papers else None,
    )


def counted_hex() -> Callable[[], str]:
    """Return a source of "random" digits that never repeats."""
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):016x}"


def no_sleep(_seconds: float) -> None:
    """Wait not at all between attempts."""


@dataclass
class FtpPlace:
    """A place of the channel contract: a server, and the directory it serves."""

    settings: FtpSettings
    home: Path

    def open(self, own_side: Side | None, now: Callable[[], datetime] | None = None) -> FtpChannel:
        more = {} if now is None else {"now": now}
        return FtpChannel(self.settings, own_side, counted_hex(), sleep=no_sleep, **more)

    def with_settings(self, **changes: object) -> "FtpPlace":
        """Return the same server reached with other settings."""
        return FtpPlace(replace(self.settings, **changes), self.home)  # type: ignore[arg-type] # tests name real fields

    def folder(self, side: Side) -> Path:
        return self.home / ROOT / "v1" / side

    def lay(self, side: Side, name: str, content: bytes) -> None:
        folder = self.folder(side)
        folder.mkdir(parents=True, exist_ok=True)
        # The server may run as another user.
        for path in (folder, *itertools.takewhile(lambda path: path != self.home, folder.parents)):
            path.chmod(0o777)
        (folder / name).write_bytes(content)

    def kept(self, side: Side) -> dict[str, bytes]:
        return kept_on_disk(self.folder(side))

    def age(self, side: Side, name: str, hours: float) -> None:
        then = time.time() - hours * 3600
        os.utime(self.folder(side) / name, (then, then))


def free_port() -> int:
    """Return a port on loopback that was free a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def vsftpd(papers: Papers) -> Iterator[FtpPlace]:
    """Run vsftpd as it is shipped for TLS: sessions must be resumed on data connections.

    It lets an anonymous account write, since real accounts would need the system's passwords. Its
    files lie in a folder of their own, since that account may not enter pytest's.
    """
    with tempfile.TemporaryDirectory() as folder, _vsftpd_in(Path(folder), papers) as place:
        yield place


@contextmanager
def _vsftpd_in(folder: Path, papers: Papers) -> Iterator[FtpPlace]:
    port = free_port()
    # vsftpd refuses a root that its account may write to; the account's folder lies below.
    shown, jail = folder / "shown", folder / "empty"
    home = shown / "home"
    for path in (shown, jail, home):
        path.mkdir()
    for path in (folder, shown, jail):
        path.chmod(0o755)
    home.chmod(0o777)
    configuration = folder / "vsftpd.conf"
    configuration.write_text(_VSFTPD.format(port=port, root=shown, jail=jail, pem=papers.good))
    if os.geteuid() != 0:
        with configuration.open("a") as file:
            file.write("run_as_launching_user=YES\n")
    process = subprocess.Popen([VSFTPD, configuration], stderr=subprocess.PIPE)
    try:
        _wait_until_listening(process, port)
        account = replace(
            settings_for(port, papers), user="anonymous", root=f"home/{ROOT}", timeout=10.0
        )
        yield FtpPlace(account, home)
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def proftpd(papers: Papers, *, more: str = "") -> Iterator[FtpPlace]:
    """Run ProFTPD as it is built: TLS sessions must be resumed, and nothing may be overwritten.

    Args:
        papers: Its certificate.
        more: Lines added to its configuration.
    """
    with tempfile.TemporaryDirectory() as folder, _proftpd_in(Path(folder), papers, more) as place:
        yield place


@contextmanager
def _proftpd_in(folder: Path, papers: Papers, more: str) -> Iterator[FtpPlace]:
    port, home, account = free_port(), folder / "home", pwd.getpwuid(os.geteuid())
    home.mkdir()
    passwords = folder / "passwd"
    secret = _hashed(PASSWORD)
    passwords.write_text(f"{USER}:{secret}:{os.geteuid()}:{os.getegid()}::{home}:/bin/sh\n")
    passwords.chmod(0o600)
    configuration = folder / "proftpd.conf"
    configuration.write_text(
        _PROFTPD.format(
            port=port, folder=folder, pem=papers.good, modules=PROFTPD / "usr/lib/proftpd",
            user=account.pw_name, group=grp.getgrgid(os.getegid()).gr_name, more=more,
        )
    )  # fmt: skip
    libraries = PROFTPD / f"usr/lib/{os.uname().machine}-linux-gnu"
    process = subprocess.Popen(
        [PROFTPD / "usr/sbin/proftpd", "--nodaemon", "--config", configuration],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LD_LIBRARY_PATH": str(libraries)},
    )
    try:
        _wait_until_listening(process, port)
        yield FtpPlace(replace(settings_for(port, papers), timeout=10.0), home)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _hashed(password: str) -> str:
    """Return a password as ProFTPD's file of accounts holds it."""
    answer = subprocess.run(
        [_OPENSSL, "passwd", "-6", "-stdin"],
        input=password, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return answer.stdout.strip()


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except ConnectionRefusedError:
            if process.poll() is not None:
                raise
            time.sleep(0.05)
    raise TimeoutError("the FTP server does not listen")


_VSFTPD = """\
listen=YES
listen_ipv6=NO
listen_address=127.0.0.1
listen_port={port}
background=NO
seccomp_sandbox=NO
secure_chroot_dir={jail}
anonymous_enable=YES
no_anon_password=NO
local_enable=NO
write_enable=YES
anon_root={root}
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
anon_umask=022
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file={pem}
rsa_private_key_file={pem}
"""

_PROFTPD = """\
ServerName "test"
ServerType standalone
DefaultAddress 127.0.0.1
UseIPv6 off
Port {port}
ModulePath {modules}
LoadModule mod_tls.c
AuthOrder mod_auth_file.c
AuthUserFile {folder}/passwd
RequireValidShell off
RootLogin on
WtmpLog off
UseReverseDNS off
User {user}
Group {group}
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
SystemLog {folder}/log
TransferLog none
DelayEngine off
TLSEngine on
TLSRequired on
TLSLog {folder}/tls.log
TLSRSACertificateFile {pem}
TLSRSACertificateKeyFile {pem}
{more}
"""
