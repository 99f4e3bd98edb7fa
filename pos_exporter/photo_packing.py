"""One step of a run: a packet for each photo that the site asked for.

What the window has no room for stays wanted, and is packed by a later run.

    report.photos = pack_wanted_photos(exporter, assembled)
"""

import json

from pos_exporter.assembled import Assembled
from pos_exporter.exporter import Exporter
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.meta import meta, set_meta
from pos_exporter.reading import read_photos
from protocol.records import Photo


def pack_wanted_photos(exporter: Exporter, assembled: Assembled) -> int:
    """Build a packet for each photo that the site asked for, as far as the window has room."""
    with exporter.engine.connect() as connection:
        wanted = set(json.loads(meta(connection, "wants") or "[]"))
    announced = {record.sha256: record for record in assembled.records if isinstance(record, Photo)}
    photos = [announced[sha] for sha in wanted if sha in announced]
    if not photos:
        return 0
    packed = 0
    try:
        for photo, content in read_photos(exporter.source, exporter.mapping, photos):
            if not exporter.link.pack_photos(exporter.engine, [content]):
                break
            wanted.discard(photo.sha256)
            packed += 1
            exporter.progress("photo", packed, len(photos))
    except RowError as error:
        # The file changed between the reading and now: the next run announces the new one.
        exporter.link.tell(exporter.engine, error.problem())
    with exporter.engine.begin() as connection:
        set_meta(connection, "wants", json.dumps(sorted(wanted)))
    return packed
