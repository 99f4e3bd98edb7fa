"""The demo's FTP server starts, says where, and stops without leaving anything open."""

import ftplib
import io
import re
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from demo.ftp import FtpServer


def test_it_serves_its_root_and_stops_while_a_client_is_there(tmp_path: Path) -> None:
    with FtpServer(tmp_path, user="boutique", password="secret") as server:
        assert server.url == f"ftp://127.0.0.1:{server.port}"
        with closing(ftplib.FTP()) as client:  # noqa: S321 - the demo server, on loopback
            client.connect("127.0.0.1", server.port, timeout=5)
            client.login("boutique", "secret")
            client.storbinary("STOR packet", io.BytesIO(b"bytes"))
            server.stop()
            with pytest.raises((EOFError, OSError, ftplib.Error)):
                while True:
                    client.voidcmd("NOOP")
    assert (tmp_path / "packet").read_bytes() == b"bytes"
    assert "ftp-server" not in {thread.name for thread in threading.enumerate()}


def test_two_servers_keep_their_accounts_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with (
        FtpServer(first, user="one", password="1"),
        FtpServer(second, user="two", password="2") as server,
        closing(ftplib.FTP()) as client,  # noqa: S321 - the demo server, on loopback
    ):
        client.connect("127.0.0.1", server.port, timeout=5)
        with pytest.raises(ftplib.error_perm, match=r"^530"):
            client.login("one", "1")


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_as_a_program(tmp_path: Path, tls: bool, ending: signal.Signals) -> None:
    command = [sys.executable, "-X", "dev", "-m", "demo.ftp", "--root", str(tmp_path / "made")]
    command += ["--port", "0", "--user", "boutique", "--password", "secret"]
    if tls:
        pem = tmp_path / "cert.pem"
        authority = trustme.CA()
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
        command += ["--tls-cert", str(pem)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = re.fullmatch(r"listening ftp://127\.0\.0\.1:(\d+)\n", process.stdout.readline())
        assert said is not None
        with closing(ftplib.FTP()) as client:  # noqa: S321 - the demo server, on loopback
            client.connect("127.0.0.1", int(said[1]), timeout=5)
            if tls:
                with pytest.raises(ftplib.error_perm, match=r"^550"):
                    client.login("boutique", "secret")
            else:
                client.login("boutique", "secret")
                assert client.nlst() == []
        process.send_signal(ending)
        rest, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert rest == ""
    assert errors == ""
