"""`pair --resync`: what a person runs who has looked into two packets of one number (E-LNK-011).

The streams that were stopped are asked for anew, by a nonce; the other side's next pass answers
with all that it has.

    resync(agent.link, agent.engine, paths.folder, output, clock())
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from protocol.errors import Text
from protocol.link.link import Link
from protocol.program.console import DONE, Output
from protocol.program.link_words import STREAMS
from protocol.program.lock import run_lock

_ASKED = Text(
    "{stream} : tout est redemandé ; l'autre programme l'enverra à son prochain passage",
    "{stream}: everything is asked for anew; the other program sends it with its next pass",
)
_NOTHING = Text("Aucun flux n'est arrêté", "No stream is stopped")


def resync(link: Link, engine: Engine, folder: Path, output: Output, moment: datetime) -> int:
    """Ask anew for what was stopped, tell it, and return the exit code.

    Raises:
        LockHeldError: When a run is at work; nothing was done.
    """
    with run_lock(folder, command="pair --resync", now=moment):
        streams = link.take_up_again(engine)
    for stream in streams:
        output.say(_ASKED, stream=STREAMS[stream].in_lang(output.lang))
    if not streams:
        output.say(_NOTHING)
    output.emit("resync", streams=list(streams))
    return DONE
