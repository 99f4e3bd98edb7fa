"""What is said about one resource of the webservice: the words that the tables are made of.

Rules: values only; the tables stand in `catalogue_resources` and `order_resources`, and all of
them are found through `resources.get_resource`.

    Resource("taxes", "tax", display=names("id rate active"))
    Field(limit=64, forbidden="<>;={}")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "html", "link", "decimal", "signed", "whole", "flag", "digits", "date"]
#: Compared as numbers: PrestaShop gives `1` back as `1.000000`.
NUMERIC: frozenset[Kind] = frozenset({"decimal", "signed", "whole", "flag"})


@dataclass(frozen=True)
class Field:
    """What PrestaShop takes in one field.

    Args:
        kind: Its form; `signed` is a decimal that may be negative, `digits` a code.
        limit: Most characters, or None.
        forbidden: Signs that it refuses.
        languages: Whether it holds one text per language.
        required: Whether a creation without it is refused, or makes an unusable page.
        choices: The only values it takes, when not empty.
    """

    kind: Kind = "text"
    limit: int | None = None
    forbidden: str = ""
    languages: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """One resource of the webservice.

    Args:
        name: Its name in addresses.
        node: The XML node of one entity.
        fields: What we may write, by name.
        associations: The XML node of one row by association, in the order PrestaShop needs:
            a combination's option values before its images, or the images are lost.
        required_associations: Those without which a creation makes an unusable page.
        display: What we read, in the webservice's own notation.
        list_node: The XML node around a list.
    """

    name: str
    node: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    associations: Mapping[str, str] = field(default_factory=dict)
    required_associations: frozenset[str] = frozenset()
    display: tuple[str, ...] = ("id",)
    list_node: str = ""

    @property
    def plural(self) -> str:
        """The XML node around a list of these."""
        return self.list_node or self.name


def names(listed: str) -> tuple[str, ...]:
    """Return the names in a list separated by spaces."""
    return tuple(listed.split())
