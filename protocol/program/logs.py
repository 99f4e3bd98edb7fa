"""One log file per run, JSON lines, and short lines on the console; secrets in neither.

A file per run is never rotated, which Windows would refuse while it is open. What libraries log
goes the same way. Old files go after 30 days, and the oldest of more than 100.

    with run_log(paths.logs, "20261124-7f3a", clock=utc_now, secrets=[password]) as log:
        structlog.get_logger().info("sent", packets=3)
    log.path  # …/logs/20261124T093000Z-20261124-7f3a.jsonl
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from protocol.program.redact import Redactor
from protocol.program.state_errors import StateAccessError

KEEP_DAYS = 30
KEEP_FILES = 100
_NAME = re.compile(r"(\d{8}T\d{6}Z)-[\w-]+\.jsonl")
_STAMP = "%Y%m%dT%H%M%SZ"
#: Libraries whose information is noise in a shop's log.
_QUIET = ("alembic", "urllib3", "sqlalchemy", "filelock", "PIL", "waitress")

Event = MutableMapping[str, Any]


@dataclass(frozen=True)
class RunLog:
    """A run's log file."""

    path: Path


@contextmanager
def run_log(
    folder: Path,
    run_id: str,
    *,
    clock: Callable[[], datetime],
    secrets: Iterable[str] = (),
    console: TextIO | None = None,
    console_level: int = logging.INFO,
) -> Iterator[RunLog]:
    """Send all logging to a new file and the console until the block ends.

    Args:
        folder: Of the logs; made when missing.
        run_id: Letters, digits, `_` and `-`.
        clock: UTC now, for the lines and the file's name.
        secrets: Known secrets, masked wherever they appear.
        console: For people; standard error when left out.
        console_level: The least that the console shows; the file takes everything from DEBUG.

    Raises:
        StateAccessError: When the folder may not be written.
    """
    path = folder / f"{clock():{_STAMP}}-{run_id}.jsonl"
    stream = console if console is not None else sys.stderr
    redact = Redactor(secrets)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_old(folder, clock())
        file = logging.FileHandler(path, encoding="utf-8", delay=False)
    except OSError as error:
        raise StateAccessError(place=folder, reason=error.strerror or error) from error
    screen = logging.StreamHandler(stream)
    screen.setLevel(console_level)
    shared = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _stamp(clock)]
    file.setFormatter(_formatter(shared, [structlog.processors.format_exc_info, _masked(redact),
                                          structlog.processors.JSONRenderer(_json)]))  # fmt: skip
    screen.setFormatter(_formatter(shared, [_without_traceback, _masked(redact), _human]))
    try:
        with _installed([file, screen], shared):
            yield RunLog(path)
    finally:
        file.close()


def remove_old(folder: Path, now: datetime) -> None:
    """Delete logs older than 30 days, and the oldest of more than 100 (one is about to begin)."""
    oldest = f"{now - timedelta(days=KEEP_DAYS):{_STAMP}}"
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    surplus = names[: max(0, len(names) - KEEP_FILES + 1)]
    for name in {name for name in names if name < oldest}.union(surplus):
        # A file that somebody reads just now goes next time.
        with suppress(OSError):
            (folder / name).unlink()


@contextmanager
def _installed(handlers: Sequence[logging.Handler], shared: Sequence[Processor]) -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    quiet = {name: logging.getLogger(name).level for name in _QUIET}
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root.handlers = [*handlers]
    root.setLevel(logging.DEBUG)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.handlers = before
        root.setLevel(level)
        for name, kept in quiet.items():
            logging.getLogger(name).setLevel(kept)
        structlog.reset_defaults()


def _formatter(
    shared: Sequence[Processor], last: Sequence[Processor]
) -> structlog.stdlib.ProcessorFormatter:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last])


def _stamp(clock: Callable[[], datetime]) -> Processor:
    def stamp(logger: object, method: str, event: Event) -> Event:
        event["at"] = clock().astimezone(UTC).isoformat(timespec="milliseconds")
        return event

    return stamp


def _masked(redact: Redactor) -> Processor:
    def masked(logger: object, method: str, event: Event) -> Event:
        return {name: redact.named(name, value) for name, value in event.items()}

    return masked


def _json(event: Event, **options: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)


def _without_traceback(logger: object, method: str, event: Event) -> Event:
    """Keep the screen free of stack traces: they are in the file."""
    return {name: value for name, value in event.items() if name not in {"exc_info", "stack_info"}}


def _human(logger: object, method: str, event: Event) -> str:
    known = ("event", "at", "level", "logger")
    local = datetime.fromisoformat(event["at"]).astimezone()
    facts = " ".join(f"{name}={value}" for name, value in event.items() if name not in known)
    level = "" if event["level"] in {"info", "debug"} else f"{event['level'].upper()}: "
    return f"{local:%H:%M:%S} {level}{event['event']} {facts}".rstrip()
