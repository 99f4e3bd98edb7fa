"""One step of the script: what is sent, what is sure to come back, what is read again afterwards.

Ids differ from shop to shop, so a step speaks of `{shoe}`: a handle that an earlier step gave to
what it made. A step is data; `runner` sends it.

    Step("a product", "POST", "products", 201, body=one("product", SHOE), makes=("shoe",))
    Step("its price", "PATCH", "products", 200, body=..., again=("products/{shoe}",))
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Upload:
    """A file that is sent as a multipart body.

    Args:
        content: Name of one of the script's pictures, or of its broken files.
    """

    content: str
    field: str = "image"
    file_name: str = "photo.jpg"
    kind: str = "image/jpeg"


@dataclass(frozen=True)
class Deed:
    """What somebody does in the back office, as it leaves it in the shop's database.

    Args:
        act: Of `tests.stories.office`; called with the shop, the ids, and the rest.
        ids: Handles of the ids.
        rest: What follows the ids.
    """

    act: Callable[..., object]
    ids: tuple[str, ...]
    rest: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Step:
    """One request, and the readings that show what it did.

    Args:
        name: Unique; a listed difference names it.
        path: Below `/api/`, with its query; `{handle}` stands for an id.
        status: What both shops must answer.
        body: XML text, with handles.
        codes: Error codes of the answer, in order.
        field: The field that the first error names.
        makes: Handles for the ids in the answer, in their order.
        keeps: Handles for texts of the answer, each with the element that holds it.
        again: Paths read afterwards, with every key and value compared.
        key: Which key is sent: "full", "restricted", "disabled", a text of its own, or "".
        headers: Sent beside the key.
        upload: Sent instead of `body`.
        echoes: Path that is read first; the XML read is what is sent.
        sets: Fields of what is read that are sent otherwise, with their texts.
        deed: Done in the back office before the request.
        pause: Whether the clock moves on before, so that dates can be told apart.
    """

    name: str
    method: str
    path: str
    status: int
    body: str = ""
    codes: tuple[int, ...] = ()
    field: str = ""
    makes: tuple[str, ...] = ()
    keeps: tuple[tuple[str, str], ...] = ()
    again: tuple[str, ...] = ()
    key: str = "full"
    headers: tuple[tuple[str, str], ...] = ()
    upload: Upload | None = None
    echoes: str = ""
    sets: tuple[tuple[str, str], ...] = ()
    deed: Deed | None = None
    pause: bool = False
