"""Every text of the page, in French and English, under one key each; `{name}` stands for a fact.

A key of a state, a role or an exit code is that name with its family in front: `word_late`.
Nothing else in the page words a sentence; what errors say comes worded from `protocol.errors`.
One module for each page or part of one; a key that two of them have is refused on importing.

    TEXTS["sync"].fr                  # "Synchroniser"
    NOUNS["stock"][1].fr              # "stocks"
"""

from pos_exporter.web.texts.cases import CASES
from pos_exporter.web.texts.frame import FRAME
from pos_exporter.web.texts.held import HELD
from pos_exporter.web.texts.help import HELP
from pos_exporter.web.texts.home import HOME
from pos_exporter.web.texts.nouns import NOUNS
from pos_exporter.web.texts.orders import ORDERS
from pos_exporter.web.texts.robot import ROBOT
from pos_exporter.web.texts.set_aside import SET_ASIDE
from pos_exporter.web.texts.state import STATE
from pos_exporter.web.texts.why import WHY
from protocol.errors import Text

#: By keywords, so that no page takes another one's key.
TEXTS: dict[str, Text] = dict(
    **FRAME, **STATE, **HELD, **WHY, **HOME, **ROBOT, **CASES, **SET_ASIDE, **ORDERS, **HELP
)

__all__ = ["NOUNS", "TEXTS"]
