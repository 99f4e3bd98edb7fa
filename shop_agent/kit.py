"""What `backup` and `restore` must know of the agent.

add_backup(app, KIT, BackupWorld(wiring.clock), FILE)
"""

from protocol.program.backup.belongings import Kit
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.state import LINK, METADATA
from shop_agent.wiring import MIGRATIONS

KIT = Kit(PROGRAM, "shop", AgentSettings, METADATA, MIGRATIONS, LINK)
