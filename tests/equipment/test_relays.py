"""The relays pass on what they are given, and stop exactly where their gate says no."""

import ftplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from demo.ftp import FtpServer
from demo.prestashop import Shop, serve
from tests.equipment.relays import HOST, FtpRelay, HttpRelay

KEY = "K" * 32
USER, PASSWORD = "boutique", "secret"
TAG = "<prestashop><tag><id_lang>1</id_lang><name>hiver</name></tag></prestashop>"


@dataclass
class Recorder:
    """A gate that says no at one moment."""

    shut_at: str = ""
    seen: list[str] = field(default_factory=list)

    def before(self, what: str) -> bool:
        return self._note(f"before {what}")

    def after(self, what: str) -> bool:
        return self._note(f"after {what}")

    def _note(self, moment: str) -> bool:
        self.seen.append(moment)
        return moment != self.shut_at


@pytest.fixture
def gate() -> Recorder:
    return Recorder()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(None, key=KEY) as shop:
        yield shop


@pytest.fixture
def web(gate: Recorder, shop: Shop) -> Iterator[str]:
    with serve(shop) as server, HttpRelay(gate) as relay:
        relay.upstream = server.port
        yield f"http://{HOST}:{relay.port}/api"


@pytest.fixture
def ftp(gate: Recorder, tmp_path: Path) -> Iterator[ftplib.FTP]:
    with (
        FtpServer(tmp_path, user=USER, password=PASSWORD) as server,
        FtpRelay(gate, server.port) as relay,
        ftplib.FTP(timeout=10) as client,  # noqa: S321 - on loopback
    ):
        client.connect(HOST, relay.port)
        client.login(USER, PASSWORD)
        gate.seen.clear()
        yield client


def tags(shop: Shop) -> int:
    return len(shop.query("SELECT id FROM tags"))


def test_a_request_is_seen_before_and_after(web: str, gate: Recorder, shop: Shop) -> None:
    answer = requests.post(f"{web}/tags", data=TAG, auth=(KEY, ""), timeout=10)
    assert (answer.status_code, tags(shop)) == (201, 1)
    assert b"hiver" in answer.content
    assert gate.seen == ["before HTTP POST tags", "after HTTP POST tags"]


@pytest.mark.parametrize(("moment", "written"), [("before", 0), ("after", 1)])
def test_a_shut_gate_keeps_the_request_or_its_answer(
    moment: str, written: int, web: str, gate: Recorder, shop: Shop
) -> None:
    gate.shut_at = f"{moment} HTTP POST tags"
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{web}/tags", data=TAG, auth=(KEY, ""), timeout=10)
    assert tags(shop) == written


def test_a_transfer_is_one_exchange(ftp: ftplib.FTP, gate: Recorder, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\xff" * 50_000)
    received: list[bytes] = []
    ftp.retrbinary("RETR a", received.append)
    assert b"".join(received) == b"\x00\xff" * 50_000
    assert [one for one in gate.seen if "RETR" in one] == ["before FTP RETR", "after FTP RETR"]


def test_a_reply_of_many_lines_is_one_reply(ftp: ftplib.FTP, gate: Recorder) -> None:
    assert "\n" in ftp.sendcmd("FEAT")
    assert gate.seen == ["before FTP FEAT", "after FTP FEAT"]
    assert ftp.pwd() == "/"


@pytest.mark.parametrize(("moment", "there"), [("before", True), ("after", False)])
def test_a_shut_gate_keeps_the_command_or_its_reply(
    moment: str, there: bool, ftp: ftplib.FTP, gate: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "a").touch()
    gate.shut_at = f"{moment} FTP DELE"
    with pytest.raises((EOFError, OSError)):
        ftp.delete("a")
    assert (tmp_path / "a").exists() == there
