"""What differs from one database engine to the next, told in one place.

Which errors mean that the till does not answer (try later) and which that it does not accept what
was asked (mend the mapping); how each is asked for one moment, and whether it refuses writes.

    is_away(error, "mysql")          # True: the connection was lost, or the row is locked
    refuses_writes(connection)       # True: this session cannot change anything
"""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

#: The isolation in which one transaction sees one moment.
ONE_MOMENT = {
    "postgresql": "REPEATABLE READ",
    "mysql": "REPEATABLE READ",
    "mariadb": "REPEATABLE READ",
}
SEES_ONE_MOMENT = {"REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT"}
MYSQL = {"mysql", "mariadb"}

# SQLite reports both a missing table and a locked file as an operational error.
_SQLITE_AWAY = ("locked", "unable to open", "disk i/o", "busy")
# Server: too many connections, shutting down, network, lock wait, deadlock, interrupted, killed.
_MYSQL_AWAY = {1040, 1053, 1158, 1159, 1160, 1161, 1205, 1213, 1317, 1927}
# Classes of SQLSTATE: connection, roll-back, resources, operator; and lock not available.
_POSTGRES_AWAY = ("08", "40", "53", "57", "55P03")
_QUESTIONS = {
    "sqlite": "PRAGMA query_only",
    "postgresql": "SELECT current_setting('transaction_read_only')",
    # Old and new servers name it differently, and know only their own name.
    "mysql": "SHOW VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')",
}


def is_away(error: DBAPIError, dialect: str) -> bool:
    """Return whether an error means that the till does not answer or is busy; else it refuses."""
    if dialect == "postgresql":
        state = _sqlstate(error)
        # Without a state the server did not speak at all.
        return state.startswith(_POSTGRES_AWAY) if state else _is_operational(error)
    if not _is_operational(error):
        return False
    if dialect == "sqlite":
        return any(sign in str(error.orig).lower() for sign in _SQLITE_AWAY)
    if dialect in MYSQL:
        number = error.orig.args[0] if error.orig is not None and error.orig.args else 0
        # 2000 and up are the client's own: no connection, or lost; 0 is a closed one.
        return number in _MYSQL_AWAY or number == 0 or 2000 <= number < 3000
    return True


def is_locked(error: DBAPIError, dialect: str) -> bool:
    """Return whether SQLite refused because another holds the file: known not to have happened."""
    return dialect == "sqlite" and "locked" in str(error.orig).lower()


def _is_operational(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError | InterfaceError)


def _sqlstate(error: DBAPIError) -> str:
    """Return PostgreSQL's five signs for an error, empty when there are none."""
    told = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    if told is None and error.orig is not None and error.orig.args:
        first = error.orig.args[0]
        told = first.get("C") if isinstance(first, dict) else None
    return str(told or "")


def refuses_writes(connection: Connection) -> bool:
    """Return whether the session refuses writes, as the engine says; False when it cannot tell."""
    dialect = connection.dialect.name
    question = _QUESTIONS.get("mysql" if dialect in MYSQL else dialect)
    if question is None:
        return False
    answer = connection.exec_driver_sql(question).first()
    return answer is not None and str(answer[-1]).lower() in {"1", "on"}
