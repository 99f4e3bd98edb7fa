"""The settings both programs share, durations and options."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from protocol.channel.folder import FolderChannel
from protocol.channel.ftp import FtpChannel
from protocol.program.durations import BadDurationError, parse_duration
from protocol.program.options import AsJson, ConfigFile, language_of, new_app, parsed_duration
from protocol.program.settings import (
    ChannelSettings,
    ProgramSettings,
    StateSettings,
    open_channel,
    state_paths,
)
from protocol.program.state_errors import StateAccessError
from protocol.program.yaml_config import ConfigError, parse_yaml

FILE = Path("/etc/shop/shop.yaml")
FTP = """
channel:
  ftp:
    host: ftp.example.org
    user: boutique
    password: ${PW}
    root: comptoir/3f9a61c2
"""


def read(text: str, **environment: str) -> ProgramSettings:
    return parse_yaml(text, ProgramSettings, {"PW": "s3same", **environment}, FILE)


def codes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return [problem.code for problem in caught.value.problems]


def test_an_ftp_channel() -> None:
    settings = read(FTP + "    ca_file: ca.pem\n    timeout: 5\nheartbeat: 30m\nlanguage: en\n")
    assert settings.channel.ftp is not None
    wire = settings.channel.ftp.wire()
    assert (wire.host, wire.password, wire.port) == ("ftp.example.org", "s3same", 21)
    assert (wire.ca_file, wire.timeout) == (Path("/etc/shop/ca.pem"), 5.0)
    assert (settings.heartbeat, settings.language) == (timedelta(minutes=30), "en")
    with open_channel(settings.channel, "pos", bytes) as channel:
        assert isinstance(channel, FtpChannel)


def test_a_folder_channel_works(tmp_path: Path) -> None:
    settings = parse_yaml(
        "channel: {folder: {path: exchange}}", ProgramSettings, {}, tmp_path / "shop.yaml"
    )
    name = "c-00000001-000000000001-0011223344556677.pkt"
    with open_channel(settings.channel, "pos", lambda size: b"\x07" * size) as channel:
        assert isinstance(channel, FolderChannel)
        channel.put("pos", name, b"packet")
    assert (tmp_path / "exchange" / "v1" / "pos" / name).read_bytes() == b"packet"


def test_no_secret_is_shown() -> None:
    settings = read(FTP + "state: {url: '${URL}'}", URL="postgresql+pg8000://u:s3same@host/db")
    assert "s3same" not in f"{settings!r}{settings}{settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("channel: {}\n", "E-CFG-021"),
        (FTP + "  folder: {path: x}\n", "E-CFG-021"),
        (FTP + "    tls: plain\n", "E-CHN-009"),
        (FTP + "    port: 70000\n", "E-CHN-008"),
        (FTP + "    allow_plian: true\n", "E-CFG-011"),
        (FTP + "heartbeat: soon\n", "E-CFG-020"),
        (FTP + "state: {url: nonsense}\n", "E-CFG-022"),
        (FTP + "language: de\n", "E-CFG-013"),
    ],
)
def test_mistakes(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_the_state_is_in_the_folder_given(tmp_path: Path) -> None:
    folder = tmp_path / "état" / "deep"
    paths = state_paths(StateSettings(folder=folder), "pos-exporter")
    assert folder.is_dir()
    assert (paths.url.drivername, paths.url.database) == (
        "sqlite+pysqlite", str(folder / "state.db"),
    )  # fmt: skip
    assert (paths.keys, paths.logs) == (folder / "keys.json", folder / "logs")


def test_each_program_has_its_own_default_folder(tmp_path: Path) -> None:
    ask = (
        "from protocol.program.settings import StateSettings, state_paths\n"
        "for name in ('pos-exporter', 'shop-agent'):\n"
        "    print(state_paths(StateSettings(), name).folder)"
    )
    here = {
        name: str(tmp_path) for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "LOCALAPPDATA")
    }
    printed = subprocess.run(
        [sys.executable, "-c", ask], env={**os.environ, **here}, capture_output=True, text=True,
        check=True, timeout=60,
    ).stdout  # fmt: skip
    folders = [Path(line) for line in printed.splitlines()]
    assert [folder.name for folder in folders] == ["pos-exporter", "shop-agent"]
    assert all(folder.is_dir() and tmp_path in folder.parents for folder in folders)


def test_another_database(tmp_path: Path) -> None:
    settings = read(FTP + "state: {folder: x, url: 'postgresql+pg8000://u:p@host/db'}").state
    assert settings.folder == Path("/etc/shop/x")
    paths = state_paths(settings.model_copy(update={"folder": tmp_path}), "shop-agent")
    assert paths.url.host == "host"


def test_a_folder_that_cannot_be_made_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateAccessError):
        state_paths(StateSettings(folder=tmp_path / "file" / "x"), "shop-agent")


def test_a_home_is_found() -> None:
    settings = read("channel: {folder: {path: ~/exchange}}")
    assert settings.channel == ChannelSettings.model_validate(
        {"folder": {"path": Path.home() / "exchange"}}
    )


# --- durations and options -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5m", 300), ("1h30m", 5400), (" 1H 30 M", 5400), ("2d", 172800), ("2j", 172800), ("90s", 90)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "5", "0m", "-5m", "5m1h", "1.5h", "5 minutes", "9" * 30 + "d"]
)
def test_no_durations(text: str) -> None:
    with pytest.raises(BadDurationError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8", "COMPTOIR_LANG": "fr"}, "fr"),
        ({"LC_ALL": "", "LANG": "en"}, "en"),
    ],
)
def test_the_environments_language(environment: dict[str, str], lang: str) -> None:
    assert language_of(environment) == lang


def test_options_on_a_command_line() -> None:
    app = new_app("shop-agent", "help")

    @app.command()
    def sync(config: ConfigFile = Path("a.yaml"), as_json: AsJson = False) -> None:
        typer.echo(f"{config} {as_json}")

    @app.command()
    def wait(time: str) -> None:
        typer.echo(parsed_duration(time))

    run = CliRunner().invoke
    assert run(app, ["sync", "-c", "b.yaml", "--json"]).output == "b.yaml True\n"
    assert run(app, ["wait", "90s"]).output == "0:01:30\n"
    assert run(app, ["wait", "soon"]).exit_code == 2
