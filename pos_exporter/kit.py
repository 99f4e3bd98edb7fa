"""What `backup` and `restore` must know of the exporter.

add_backup(app, KIT, BackupWorld(wiring.clock, wiring.environment), FILE)
"""

from pos_exporter.config import PROGRAM, ExporterSettings
from pos_exporter.state import LINK, METADATA
from pos_exporter.wiring import MIGRATIONS
from protocol.program.backup.belongings import Kit

KIT = Kit(
    PROGRAM, "pos", ExporterSettings, METADATA, MIGRATIONS, LINK,
    lambda settings: {"mapping.yaml": settings.till.mapping},
)  # fmt: skip
