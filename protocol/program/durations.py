"""Durations as people write them: `5m`, `1h30m`, `2d`, `90s`.

parse_duration("1h30m")  # -> timedelta(hours=1, minutes=30)

class Robot(BaseModel):
    every: Duration = timedelta(minutes=5)
"""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from protocol.errors import Text, UsageError
from protocol.program.config_problems import SettingError

_PARTS = re.compile(
    r"(?:(\d{1,6})\s*(?:d|j))?(?:(\d{1,6})\s*h)?(?:(\d{1,6})\s*m)?(?:(\d{1,6})\s*s)?"
)


class BadDurationError(UsageError):
    """A duration cannot be read, or is nothing."""

    code = "E-CFG-020"
    what = Text("Durée illisible", "Not a duration")
    remedy = Text("Écrire par exemple 30s, 5m, 1h30m ou 2d", "Write 30s, 5m, 1h30m or 2d")


def parse_duration(text: str) -> timedelta:
    """Return a duration, more than nothing.

    Raises:
        BadDurationError: For anything but days, hours, minutes and seconds, in this order.
    """
    found = _PARTS.fullmatch(text.strip().lower().replace(" ", ""))
    days, hours, minutes, seconds = (
        (int(part or 0) for part in found.groups()) if found else [0] * 4
    )
    duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not duration:
        raise BadDurationError(value=text)
    return duration


def _from_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except BadDurationError as error:
        raise SettingError.of(error) from error


#: A duration in a settings file.
Duration = Annotated[timedelta, BeforeValidator(_from_text)]
