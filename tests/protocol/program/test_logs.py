"""Logs: one file per run, no secrets in it, old ones removed."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from protocol.program.logs import remove_old, run_log
from protocol.program.redact import Redactor
from protocol.program.state_errors import StateAccessError

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SECRET = "s3same ouvre-toi"


def clock() -> datetime:
    return NOW


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_has_its_own_file_of_json_lines(tmp_path: Path) -> None:
    screen = io.StringIO()
    with run_log(tmp_path / "logs", "run-1", clock=clock, console=screen) as log:
        structlog.get_logger("sync").info("packets sent", packets=3, key="article 42", fr="été")
        structlog.get_logger("sync").debug("detail")
    assert log.path == tmp_path / "logs" / "20261124T093000Z-run-1.jsonl"
    first, second = lines(log.path)
    assert first == {
        "event": "packets sent", "packets": 3, "key": "article 42", "fr": "été", "level": "info",
        "logger": "sync", "at": "2026-11-24T09:30:00.000+00:00",
    }  # fmt: skip
    assert second["level"] == "debug"
    [shown] = screen.getvalue().splitlines()
    assert shown.endswith("packets sent packets=3 key=article 42 fr=été")


def test_libraries_log_the_same_way_and_in_moderation(tmp_path: Path) -> None:
    with run_log(tmp_path, "r", clock=clock, console=io.StringIO()) as log:
        logging.getLogger("some.module").warning("odd: %s", "x@example.org")
        logging.getLogger("urllib3.connection").info("noise")
    [line] = lines(log.path)
    assert (line["event"], line["logger"]) == ("odd: •••@•••", "some.module")


def test_no_secret_is_in_file_or_screen(tmp_path: Path) -> None:
    screen = io.StringIO()
    with run_log(tmp_path, "r", clock=clock, secrets=[SECRET], console=screen) as log:
        logger = structlog.get_logger()
        logger.info(
            f"login with {SECRET}", password="abc", nested={"ws_key": "ABCD", "n": [SECRET]}
        )
        logger.info("GET /api/orders?ws_key=ABCDEFGH&x=1")
        logger.info("order", client="clara.martin+web@example.co.uk")
        try:
            raise ValueError(SECRET)
        except ValueError:
            logger.exception("failed")
    text = log.path.read_text(encoding="utf-8") + screen.getvalue()
    assert not [kept for kept in (SECRET, "abc", "ABCD", "clara", "example.co") if kept in text]
    assert "Traceback" in lines(log.path)[-1]["exception"]
    assert "Traceback" not in screen.getvalue()
    assert lines(log.path)[0]["nested"] == {"ws_key": "•••", "n": ["•••"]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mysql://root:pw@till/db", "mysql://root:•••@till/db"),
        ("?ws_key=AB12&id=3", "?ws_key=•••&id=3"),
        ("Authorization: Basic QUJDREVGR0g6", "Authorization: Basic •••"),
        ("password='x y' z", "password=••• z"),
        ('{"token": "x y", "a": 1}', '{"token": •••, "a": 1}'),
        ("article 1042, price 19.90", "article 1042, price 19.90"),
    ],
)
def test_texts(said: str, kept: str) -> None:
    assert Redactor().text(said) == kept


def test_names() -> None:
    redact = Redactor()
    masked = ("password", "FTP_PASSWORD", "ws_key", "api_key", "secret", "signing_seed", "token")
    assert {redact.named(name, "x") for name in masked} == {"•••"}
    assert [redact.named(n, "x") for n in ("key", "keys", "article", "passed")] == ["x"] * 4
    assert redact.named("password", None) is None


def test_short_secrets_do_not_mask_words_and_quoted_ones_are_found() -> None:
    redact = Redactor(["", "1", "a b/c+d"])
    assert redact.text("order 1 of a b/c+d or a%20b%2Fc%2Bd") == "order 1 of ••• or •••"


def test_logging_is_as_before_afterwards(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    with (
        pytest.raises(KeyError),
        run_log(tmp_path, "r", clock=clock, console=io.StringIO()),
    ):
        raise KeyError
    assert (list(root.handlers), root.level) == before


def test_old_logs_go(tmp_path: Path) -> None:
    for days in (0, 29, 31, 400):
        stamp = f"{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}"
        (tmp_path / f"{stamp}-r{days}.jsonl").write_text("")
    (tmp_path / "20200101T000000Z-notes.txt").write_text("somebody's")
    remove_old(tmp_path, NOW)
    kept = sorted(path.name.partition("-")[2] for path in tmp_path.iterdir())
    assert kept == ["notes.txt", "r0.jsonl", "r29.jsonl"]


def test_of_too_many_logs_the_oldest_go(tmp_path: Path) -> None:
    for number in range(150):
        stamp = f"{NOW - timedelta(minutes=number):%Y%m%dT%H%M%SZ}"
        (tmp_path / f"{stamp}-{number}.jsonl").write_text("")
    with run_log(tmp_path, "new", clock=clock, console=io.StringIO()):
        pass
    names = {path.stem.rpartition("-")[2] for path in tmp_path.iterdir()}
    assert names == {"new", *(str(number) for number in range(99))}


def test_a_folder_that_cannot_be_written_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("")
    with pytest.raises(StateAccessError), run_log(tmp_path / "logs", "r", clock=clock):
        pass
