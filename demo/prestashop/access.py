"""Who may do what: webservice keys and their permissions.

The login comes before `ws_key`. A key has methods per resource; a resource without any is
refused with 401, a method with 405.

    add_key(database, "K" * 32, everything(version))
    add_key(database, "R" * 32, {"products": {"GET"}})    # reading products
    check_key(database, request)                          # "KKKK…", or an error
"""

import base64
import binascii
from collections.abc import Mapping

from demo.prestashop.answers import Request
from demo.prestashop.database import Database
from demo.prestashop.refusals import RefusedError
from demo.prestashop.versions import Version

KEY_LENGTH = 32


class NoKeyError(Exception):
    """The request bears no key at all: 401 in plain text."""


def everything(version: Version) -> Mapping[str, set[str]]:
    """Return every method of every resource of a version."""
    return {name: set(version.methods) for name in version.names}


def add_key(database: Database, key: str, permissions: Mapping[str, set[str]]) -> None:
    """Add or replace a key that may use these methods of these resources only."""
    with database.transaction():
        database.run("DELETE FROM webservice_permissions WHERE key = ?", key)
        database.run("INSERT OR REPLACE INTO webservice_keys VALUES (?, 1)", key)
        for resource, methods in permissions.items():
            for method in methods:
                sql = "INSERT INTO webservice_permissions VALUES (?, ?, ?)"
                database.run(sql, key, resource, method)


def find_key(request: Request) -> str:
    """Return the key a request bears: its login, else `ws_key`; empty for none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            login = base64.b64decode(token, validate=True).decode("utf-8", "replace")
        except binascii.Error:
            login = ""
        if login.partition(":")[0]:
            return login.partition(":")[0]
    return request.options.get("ws_key", "")


def check_key(database: Database, request: Request) -> str:
    """Return the key of a request after checking its form and that it is active."""
    key = find_key(request)
    if not key:
        raise NoKeyError
    if len(key) != KEY_LENGTH:
        raise RefusedError(401, (18, "Invalid authentication key format"), early=True)
    if not database.ids("SELECT active FROM webservice_keys WHERE key = ? AND active = 1", key):
        inactive = (20, "Authentification key is not active")
        raise RefusedError(
            401, inactive, (21, "No permission for this authentication key"), early=True
        )
    return key


def check_permission(database: Database, key: str, resource: str, method: str) -> None:
    """Refuse a resource or a method that the key does not have."""
    allowed = granted_methods(database, key, resource)
    if not allowed:
        said = f'Resource of type "{resource}" is not allowed with this authentication key'
        raise RefusedError(401, (26, said))
    if method not in allowed:
        said = f"Method {method} is not allowed for the resource {resource} with this"
        raise RefusedError(405, (25, f"{said} authentication key"))


def granted_methods(database: Database, key: str, resource: str) -> frozenset[str]:
    """Return the methods that a key may use on a resource."""
    sql = "SELECT method FROM webservice_permissions WHERE key = ? AND resource = ?"
    return frozenset(row["method"] or "" for row in database.rows(sql, key, resource))
