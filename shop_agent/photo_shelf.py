"""The shelf of photos: bytes that the till sent, kept until they are in the shop.

Rules: all happens inside the caller's transaction; a photo is called by its SHA-256. What is wanted
and not here is asked of the till; what came is asked for no more.

    receive_photo(connection, content)               # the facts that show it are dirty
    find_photo(connection, sha256)                   # bytes, or None
    drop_photo(connection, sha256)
"""

import hashlib

from sqlalchemy import Connection, delete, insert, select

from protocol.records import Photo, parse_record
from shop_agent.actions import Subject
from shop_agent.replica import Replica
from shop_agent.state import STATE

#: The setting that holds the photos asked of the till and not here yet.
WANTS = "wants"


def receive_photo(connection: Connection, content: bytes) -> None:
    """Keep a photo that the till sent; the facts that want it are looked at again."""
    replica = Replica(connection)
    digest = hashlib.sha256(content).hexdigest()
    keep_photo(connection, digest, content)
    for photo in _photos_of(connection, digest):
        replica.mark_dirty(Subject("photo", photo.key))
        replica.mark_dirty(Subject("article", photo.article))
    # It is here: whoever wants it again, after it was used, must ask again.
    asked = (replica.setting(WANTS) or "").split()
    replica.set_setting(WANTS, " ".join(one for one in asked if one != digest))


def keep_photo(connection: Connection, sha256: str, content: bytes) -> None:
    """Keep a photo's bytes until they are in the shop."""
    table = STATE.photo
    connection.execute(delete(table).where(table.c.sha256 == sha256))
    connection.execute(insert(table).values(sha256=sha256, content=content))


def find_photo(connection: Connection, sha256: str) -> bytes | None:
    """Return a photo's bytes, or None when they are not here."""
    table = STATE.photo
    return connection.execute(select(table.c.content).where(table.c.sha256 == sha256)).scalar()


def drop_photo(connection: Connection, sha256: str) -> None:
    """Free the room that a photo's bytes took."""
    connection.execute(delete(STATE.photo).where(STATE.photo.c.sha256 == sha256))


def _photos_of(connection: Connection, digest: str) -> list[Photo]:
    """Return the photos with these bytes; only those are parsed, there may be thousands."""
    fact, sought = STATE.fact, digest.encode()
    bodies = connection.execute(select(fact.c.body).where(fact.c.kind == "photo"))
    found = [parse_record(b, place="replica") for b in bodies.scalars() if sought in b]
    return [one for one in found if isinstance(one, Photo) and one.sha256 == digest]
