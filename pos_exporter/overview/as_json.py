"""An overview as JSON values, for `--json` and the page's own script.

Times are UTC as they travel, texts are pairs, everything else keeps its name.

    json.dumps(plain(view))
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, tzinfo

from pos_exporter.overview.robot import Hours
from protocol.values import format_time


def plain(value: object) -> object:
    """Return a value made of dicts, lists, strings and numbers only."""
    match value:
        case datetime():
            return format_time(value)
        case Hours() | tzinfo():
            return str(value)
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case tuple() | list():
            return [plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
