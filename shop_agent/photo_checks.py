"""`doctor` on photos: what the till says of them and the webservice cannot write.

for check in check_legends(replica): ...     # W10
"""

from collections.abc import Iterator

from protocol.errors import Text
from protocol.program.checks import Check, good
from protocol.records import Photo
from shop_agent.replica import Replica

_LEGENDS = Text(
    "Légendes de {count} photos : gardées ici, le webservice de PrestaShop ne sait pas les écrire",
    "Legends of {count} photos: kept here, PrestaShop's webservice has no way to write them",
)


def check_legends(replica: Replica) -> Iterator[Check]:
    """Yield one line when the till says legends; nothing when it says none."""
    photos = (fact.record for fact in replica.facts("photo", dirty_only=False) if not fact.gone)
    count = sum(isinstance(one, Photo) and bool(one.legend) for one in photos)
    if count:
        yield good("W10", _LEGENDS, count=count)
