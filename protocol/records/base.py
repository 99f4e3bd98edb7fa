"""What every record is: a kind, a key, and a stream it travels in.

A record is a whole fact under its key: the last one received wins, and a lost, doubled or late one
does no harm. An absent field says nothing; null clears it, where the field allows null. A field
that this version does not know survives; a kind that it does not know is `Unknown`.

    Tombstone(kind="article", key="1042", gone="discontinued")
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from protocol.values import Key, Wire

Stream = Literal["catalogue", "media", "orders", "answers"]
Cause = Literal["unflagged", "filtered", "discontinued", "vanished"]
Owner = Literal["till", "site", "till-until-edited", "union"]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Record(Wire):
    """Base of every record: its kind and its key."""

    stream: ClassVar[Stream]
    kind: str = Field(description="names the shape of the rest")
    key: Key = Field(description="the sender's immutable id of what the record is about")

    def _says(self, name: str) -> bool:
        # In a record, unlike in what it is made of, null and absent differ: null clears.
        return name in self.model_fields_set or super()._says(name)


class Tombstone(Record):
    """A fact that is no longer true at the till, and why."""

    stream: ClassVar[Stream] = "catalogue"
    gone: Cause = Field(description="why the till no longer has it, or no longer sends it")


class Unknown(Record):
    """A record of a kind that this version does not know: reported, never fatal."""

    stream: ClassVar[Stream] = "answers"
