"""`pause stock`: a person begins the inventory pause, or ends it.

show_pause(settings, wiring, output, "18:30", off=False)
"""

from collections.abc import Callable
from datetime import tzinfo

from pos_exporter.config import ExporterSettings
from pos_exporter.state import METADATA
from pos_exporter.stock_pause import parse_until, pause
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Text, UsageError
from protocol.program.command import opened_state
from protocol.program.console import DONE, Output
from protocol.program.link_words import local
from protocol.values import format_time


class PauseAskedTwiceError(UsageError):
    """`pause stock` wants one of `--until` and `--off`."""

    code = "E-POS-041"
    what = Text("--until ou --off, l'un des deux", "--until or --off, one of the two")
    remedy = Text(
        "« pause stock --until 18:30 », puis au besoin « pause stock --off »",
        "« pause stock --until 18:30 », then if need be « pause stock --off »",
    )


def show_pause(
    settings: ExporterSettings,
    wiring: Wiring,
    output: Output,
    until: str | None,
    *,
    off: bool,
    zone: Callable[[], tzinfo | None] = lambda: None,
) -> int:
    """Begin the pause, or end it.

    Raises:
        PauseAskedTwiceError: Unless just one of the two is asked.
        BadMomentError: When the end cannot be read.
    """
    if (until is None) != off:
        raise PauseAskedTwiceError
    end = parse_until(until, wiring.clock(), zone()) if until is not None else None
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        pause(connection, end)
    if end is None:
        output.say(_OFF)
    else:
        output.say(_ON, until=local(end))
    output.emit("pause", stock_paused_until=format_time(end) if end else None)
    return DONE


_ON = Text(
    "Inventaire : les stocks restent à la caisse jusqu'au {until} ; le reste part",
    "Inventory: stock figures stay at the till until {until}; the rest goes on",
)
_OFF = Text(
    "La pause des stocks est finie : le prochain passage les envoie",
    "The pause of stock is over: the next run sends it",
)
