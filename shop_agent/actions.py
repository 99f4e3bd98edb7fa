"""What a pass may do to a shop, as frozen values: decided first, printed or carried out after.

Update(Subject("article", "1042"), "products", Write(id=7, fields={"price": "16.583333"}), …)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.errors import Problem
from shop_agent.prestashop.entities import Write


@dataclass(frozen=True, order=True)
class Subject:
    """The fact that an action serves."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True)
class Last:
    """What was last written to one field in one language.

    Args:
        sent: The value as we sent it.
        stored: The value as the shop stored it, read back after the write.
        edited: A person's change of it has been reported.
    """

    sent: str
    stored: str
    edited: bool = False


#: A field and a language id (0 for a field without languages).
FieldKey = tuple[str, int]


@dataclass(frozen=True)
class Create:
    """Create one entity.

    Args:
        subject: The fact.
        resource: Of the webservice.
        write: Without an id.
        sent: What is ours in it, per field and language, to be remembered once read back.
    """

    subject: Subject
    resource: str
    write: Write
    sent: Mapping[FieldKey, str]


@dataclass(frozen=True)
class Update:
    """Change some fields of one entity.

    Args:
        subject: The fact.
        resource: Of the webservice.
        write: With its id; a multilingual field carries every language.
        sent: What is ours in it, per field and language.
        was: What the shop showed before, for the person who reads the plan.
    """

    subject: Subject
    resource: str
    write: Write
    sent: Mapping[FieldKey, str]
    was: Mapping[FieldKey, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Adopt:
    """Link a fact to an entity that is already in the shop."""

    subject: Subject
    resource: str
    ps_id: int


@dataclass(frozen=True)
class Remember:
    """Note what the shop holds, without a write: it is as wanted, or it is ours already."""

    subject: Subject
    resource: str
    ps_id: int
    last: Mapping[FieldKey, Last]


@dataclass(frozen=True)
class KeepEdit:
    """Leave a person's text alone; report it once."""

    subject: Subject
    resource: str
    ps_id: int
    field: str
    lang: int
    site: str
    problem: Problem


@dataclass(frozen=True)
class SetStock:
    """Write one stock row.

    Args:
        subject: The stock fact.
        row: The stock_availables id.
        quantity: What the formula gives, to be written.
        was: What the row shows.
    """

    subject: Subject
    row: int
    quantity: int
    was: int


@dataclass(frozen=True)
class AddPhoto:
    """Upload a photo to a product; `replaces` is our former image of the same place."""

    subject: Subject
    product_id: int
    sha256: str
    replaces: int | None = None


@dataclass(frozen=True)
class RemovePhoto:
    """Delete an image that we once uploaded."""

    subject: Subject
    product_id: int
    image_id: int


@dataclass(frozen=True)
class Delete:
    """Delete an entity that we once created; one that is gone already is as good."""

    subject: Subject
    resource: str
    ps_id: int


@dataclass(frozen=True)
class Wait:
    """The fact stays dirty: something else must come first."""

    subject: Subject
    problem: Problem


@dataclass(frozen=True)
class Refuse:
    """The fact is set aside until it changes, or until the next full pass."""

    subject: Subject
    problem: Problem


@dataclass(frozen=True)
class Settle:
    """The shop is as this fact wants it, people's texts excepted.

    Args:
        subject: The fact.
        changed: This pass wrote something for it.
        edited: Which text of a person stands in its place, now or since an earlier pass.
        unseen: Why visitors do not see it all the same.
    """

    subject: Subject
    changed: bool = False
    edited: Problem | None = None
    unseen: Problem | None = None


@dataclass(frozen=True)
class Hold:
    """A change of the fact waits for a person's yes: it is planned again in each pass."""

    subject: Subject
    problem: Problem


Action = (
    Create | Update | Adopt | Remember | KeepEdit | SetStock | AddPhoto | RemovePhoto | Wait
    | Refuse | Settle | Hold | Delete
)  # fmt: skip
#: The actions that write to the shop.
WRITES = (Create, Update, SetStock, AddPhoto, RemovePhoto, Delete)
