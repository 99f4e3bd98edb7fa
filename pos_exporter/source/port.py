"""The source port: what a reader may ask of any till, and what it gets back.

A source is opened by `with`, for one short reading: rows come in batches, as the engine gave them,
and where the engine can, all that is read in one `with` is one consistent snapshot. A source never
writes. A text that does not decode arrives as `Undecodable`, so that one bad row is one bad row.

    with source:
        for row in source.rows(Query("SELECT REF FROM ARTICLE WHERE COD_FAM = :f", {"f": "F01"})):
            row["REF"]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from protocol.errors import FatalError, RetryableError, Text, UsageError

#: One row: column to cell, as the driver gave it.
Row = Mapping[str, object]
Scalar = str | int | bool | None
#: A sequence stands for a list: `IN :name`.
Parameter = Scalar | Sequence[Scalar]


@dataclass(frozen=True)
class Undecodable:
    """The bytes of a text that is not in the till's encoding."""

    raw: bytes

    def __str__(self) -> str:
        return self.raw.decode("ascii", errors="backslashreplace")


@dataclass(frozen=True)
class TwoColumns:
    """Stands where a query gave two columns of one name: which is meant, nobody can say."""


@dataclass(frozen=True)
class Query:
    """A reading statement.

    Args:
        sql: One SELECT with `:name` parameters.
        params: A value for each parameter.
        place: What names it to a person: `entities.article`.
    """

    sql: str
    params: Mapping[str, Parameter] = field(default_factory=dict)
    place: str = ""


class Source(Protocol):
    """A till that can be read."""

    @property
    def one_snapshot(self) -> bool:
        """Whether all that is read in one `with` is of one and the same moment."""
        ...

    def rows(self, query: Query, limit: int | None = None) -> Iterator[Row]:
        """Yield a query's rows in the engine's order; one query is read to its end at a time.

        Args:
            query: What to read.
            limit: The most rows to yield; None: all.

        Raises:
            TillUnreachableError: When the till does not answer.
            QueryRefusedError: When it does not accept the query.
            SourceClosedError: Outside a `with`.
        """
        ...

    def columns(self, query: Query) -> tuple[str, ...]:
        """Return a query's columns in order; a name may come twice. Raises as `rows` does."""
        ...

    def check_read_only(self) -> bool:
        """Return whether the engine itself refuses writes here; False when it cannot tell."""
        ...

    def __enter__(self) -> Self:
        """Open the till; raises `TillUnreachableError`."""
        ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the till; it may be opened again."""
        ...


class TillUnreachableError(RetryableError):
    """The till's database does not answer, or is locked."""

    code = "E-TILL-001"
    what = Text("La caisse ne répond pas ({reason})", "The till does not answer ({reason})")
    remedy = Text(
        "Vérifier que le poste de caisse est allumé ; l'essai suivant se fait tout seul",
        "Check that the till is switched on; the next try comes by itself",
    )


class QueryRefusedError(UsageError):
    """The till does not accept a query: a table or column that does not exist, or no right."""

    code = "E-TILL-002"
    what = Text("La caisse refuse la requête ({reason})", "The till refuses the query ({reason})")
    remedy = Text(
        "Corriger la requête, ou donner au compte le droit de lire cette table",
        "Correct the query, or grant the account the right to read that table",
    )


class TillEncodingError(UsageError):
    """The driver cannot decode the till's texts at all."""

    code = "E-TILL-003"
    what = Text("Textes illisibles ({reason})", "Texts not readable ({reason})")
    remedy = Text(
        "Indiquer l'encodage dans l'adresse de la base (?charset=…)",
        "Name the encoding in the database's address (?charset=…)",
    )


class SourceClosedError(FatalError):
    """A source was used outside its `with`."""

    code = "E-TILL-004"
    what = Text("Lecture de la caisse hors session", "The till was read outside a session")
    remedy = Text("Signaler cette erreur", "Report this error")
