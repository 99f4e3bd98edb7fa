"""What a till's database is asked, statement by statement.

with counted_statements("till.sqlite") as asked:
run_export(exporter, options)
asked        # ["SELECT …", …]
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted_statements(name: str) -> Iterator[list[str]]:
    """Give the list into which each statement goes that a database of this file name is sent."""
    asked: list[str] = []

    def note(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any,
        executemany: bool,
    ) -> None:  # fmt: skip
        if name in str(connection.engine.url):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
