"""Single values that the exporter remembers, by name, inside the caller's transaction.

set_meta(connection, "wants", "[]")
meta(connection, "wants")               # '[]', None when nothing is remembered
"""

from sqlalchemy import Connection, bindparam, delete, insert, select

from pos_exporter.state import STATE

_OF_NAME = select(STATE.meta.c.value).where(STATE.meta.c.name == bindparam("name"))


def meta(connection: Connection, name: str) -> str | None:
    """Return a remembered value of the exporter's."""
    return connection.execute(_OF_NAME, {"name": name}).scalar()


def set_meta(connection: Connection, name: str, value: str) -> None:
    """Remember a value."""
    table = STATE.meta
    connection.execute(delete(table).where(table.c.name == name))
    connection.execute(insert(table).values(name=name, value=value))
