"""An entity as it will be shown, before it becomes XML or JSON.

Order is kept: what comes first here comes first in the answer.

    view = EntityView("product", (Shown("id", "1"),), ())
    entities_document([view], "http://127.0.0.1:8080/api/")
"""

from dataclasses import dataclass, field

from demo.prestashop.tables import Association


@dataclass(frozen=True)
class Shown:
    """One field of one entity.

    Args:
        texts: Text per language for a multilingual field, else None.
        sent: Whether the multilingual text was ever set; a text never set has no language links.
        link: Path below the webservice's address; empty for no link.
        whole: Shown as a number in JSON.
    """

    name: str
    value: str | None = None
    texts: dict[int, str] | None = None
    sent: bool = True
    link: str = ""
    computed: bool = False
    whole: bool = False


@dataclass(frozen=True)
class ShownRow:
    """One row of an association, with the path of what it points to."""

    fields: tuple[Shown, ...]
    link: str = ""


@dataclass(frozen=True)
class ShownList:
    """One association of one entity."""

    association: Association
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class EntityView:
    """One entity with the fields and associations that were asked for."""

    node: str
    fields: tuple[Shown, ...]
    lists: tuple[ShownList, ...] = field(default=())
