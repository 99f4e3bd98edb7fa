"""What `doctor` says of exchange servers that are well, and of those that are not."""

import secrets
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.ftp import FtpServer
from protocol.channel.ftp import seen_certificate
from protocol.channel.memory import MemoryChannel, MemoryPlace
from protocol.channel.port import Channel, Side
from protocol.keys import RandomBytes
from protocol.program.channel_checks import check_channel
from protocol.program.checks import Check, Level
from protocol.program.settings import (
    ChannelSettings,
    FolderChannelSettings,
    FtpChannelSettings,
    open_channel,
)
from tests.protocol.channel.faulty_ftp import Script, as_text, faulty_server
from tests.protocol.channel.servers import HOST, PASSWORD, USER, Papers, make_papers

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Certificates."""
    return make_papers(tmp_path_factory.mktemp("papers"))


def ftp(port: int, **other: object) -> ChannelSettings:
    plain = {"tls": "plain", "allow_plain": True} if "ca_file" not in other else {}
    kept = {"host": HOST, "port": port, "user": USER, "password": PASSWORD, "root": "comptoir/x",
            "timeout": 5, **plain, **other}  # fmt: skip
    return ChannelSettings(ftp=FtpChannelSettings.model_validate(kept))


def checked(settings: ChannelSettings, now: datetime | None = None) -> dict[str, Check]:
    # The server's clock is the real one: ours must be read at the same moment.
    clock = (lambda: now) if now is not None else (lambda: datetime.now(UTC))
    checks = check_channel(settings, "pos", open_channel, secrets.token_bytes, clock)
    return {check.id: check for check in checks}


def code_of(check: Check) -> str:
    assert check.problem is not None
    return check.problem.code


def test_an_encrypted_server_that_is_well(tmp_path: Path, papers: Papers) -> None:
    with FtpServer(tmp_path, user=USER, password=PASSWORD, tls_cert=papers.good) as server:
        checks = checked(ftp(server.port, ca_file=papers.authority))
    assert list(checks) == ["F01", "F02", "F03", "F04", "F07", "F08", "M03"]
    assert {check.level for check in checks.values()} == {Level.ok}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_plain_ftp_is_to_be_known(tmp_path: Path) -> None:
    with FtpServer(tmp_path, user=USER, password=PASSWORD) as server:
        checks = checked(ftp(server.port))
    assert (checks["F03"].level, code_of(checks["F03"])) == (Level.attention, "E-DOC-010")
    assert checks["F08"].level is Level.ok


def test_a_certificate_of_another_name_is_shown_to_be_pinned(
    tmp_path: Path, papers: Papers
) -> None:
    with FtpServer(tmp_path, user=USER, password=PASSWORD, tls_cert=papers.other_name) as server:
        settings = ftp(server.port, ca_file=papers.authority)
        checks = checked(settings)
        assert settings.ftp is not None
        seen = seen_certificate(settings.ftp.wire())
        pinned = checked(ftp(server.port, ca_file=papers.authority, pin_sha256=seen))
    assert list(checks) == ["F01", "F02", "F03"]
    problem = checks["F03"].problem
    assert problem is not None
    assert (problem.code, checks["F03"].exit_code) == ("E-DOC-012", 6)
    assert problem.facts["seen"] == seen
    assert pinned["F08"].level is Level.ok


def test_a_certificate_that_ends_soon_is_to_be_known(tmp_path: Path, papers: Papers) -> None:
    with FtpServer(tmp_path, user=USER, password=PASSWORD, tls_cert=papers.good) as server:
        checks = checked(
            ftp(server.port, ca_file=papers.authority), now=NOW + timedelta(days=365 * 1000)
        )
    assert code_of(checks["F03"]) == "E-DOC-011"
    assert code_of(checks["M03"]) == "E-DOC-003"


def test_a_wrong_password_ends_the_checks(tmp_path: Path) -> None:
    with FtpServer(tmp_path, user=USER, password="another") as server:
        checks = checked(ftp(server.port))
    assert list(checks) == ["F01", "F02", "F04"]
    assert (code_of(checks["F04"]), checks["F04"].exit_code) == ("E-CHN-003", 6)


def test_nobody_listening_is_for_later() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        checks = checked(ftp(taken.getsockname()[1]))
    assert list(checks) == ["F01", "F02"]
    assert (code_of(checks["F02"]), checks["F02"].exit_code) == ("E-CHN-001", 5)


def test_a_name_that_does_not_exist_is_said() -> None:
    checks = checked(ftp(21, host="no-such-host.invalid"))
    assert list(checks) == ["F01"]
    assert code_of(checks["F01"]) == "E-CHN-001"


def test_a_server_that_changes_line_ends_is_unfit(tmp_path: Path) -> None:
    script = Script(uploads=iter([as_text] * 20))
    with faulty_server(tmp_path, script) as place:
        checks = checked(ftp(place.settings.port, timeout=0.5))
    assert code_of(checks["F07"]) == "E-CHN-005"


def test_a_folder_is_tried_as_well(tmp_path: Path) -> None:
    settings = ChannelSettings(folder=FolderChannelSettings(path=tmp_path / "shared"))
    checks = checked(settings)
    assert list(checks) == ["F07", "F08"]
    assert {check.level for check in checks.values()} == {Level.ok}


# --- places that lie -------------------------------------------------------------------------


class Translating(MemoryChannel):
    """Gives back text where bytes were stored, of the same length."""

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        content = super().get(side, name, limit)
        return content and content.replace(b"\r\n", b"\n\n")


class Forgetful(MemoryChannel):
    """Loses a file at once."""

    def size(self, side: Side, name: str) -> int | None:
        return None


def opening(
    channel: Channel,
) -> Callable[[ChannelSettings, Side | None, RandomBytes], Channel]:
    return lambda settings, side, random_bytes: channel


@pytest.mark.parametrize("kind", [Translating, Forgetful])
def test_a_place_that_lies_is_unfit(kind: type[MemoryChannel], tmp_path: Path) -> None:
    place = MemoryPlace()
    settings = ChannelSettings(folder=FolderChannelSettings(path=tmp_path))
    checks = list(
        check_channel(settings, "pos", opening(kind(place)), secrets.token_bytes, lambda: NOW)
    )
    assert [(check.id, check.level) for check in checks] == [
        ("F07", Level.ok),
        ("F08", Level.failed),
    ]
    assert code_of(checks[-1]) == "E-CHN-005"
    assert place.files["pos"] == {}  # nothing stays behind


def test_a_place_that_keeps_what_is_deleted_is_unfit(tmp_path: Path) -> None:
    place = MemoryPlace(refuses_deletes=True)
    settings = ChannelSettings(folder=FolderChannelSettings(path=tmp_path))
    channel = opening(MemoryChannel(place))
    checks = list(check_channel(settings, "pos", channel, secrets.token_bytes, lambda: NOW))
    assert code_of(checks[-1]) == "E-CHN-005"
