"""The agent's settings file.

channel: {ftp: {host: ftp.example.fr, user: clara, password: "${FTP_PASSWORD}", root: comptoir/x}}
shop: {url: https://www.example.fr, key: "${SHOP_KEY}"}
orders: {dead_states: [15]}
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr

from protocol.program.settings import ProgramSettings, Settings
from protocol.program.yaml_config import load_yaml

PROGRAM = "shop-agent"


class ShopSettings(Settings):
    """Where the shop is.

    Args:
        url: Its address, as in PrestaShop's « URL de la boutique ».
        key: The webservice key, 32 characters.
        shop_id: PrestaShop's id of the shop in a multishop; None for the default one.
        tunnel_verbs: Send PUT, PATCH and DELETE inside a POST, for hosts that block them.
        timeout: Seconds that an answer may take.
    """

    url: str
    key: SecretStr
    shop_id: int | None = None
    tunnel_verbs: bool = False
    timeout: float = Field(default=60.0, gt=0, le=600)


class OrderSettings(Settings):
    """What the merchant says of orders.

    Args:
        dead_states: Ids of order states that will never be served and keep no stock.
    """

    dead_states: tuple[int, ...] = ()


class AgentSettings(ProgramSettings):
    """The whole file."""

    shop: ShopSettings
    orders: OrderSettings = OrderSettings()


def load_settings(path: Path, environment: Mapping[str, str]) -> AgentSettings:
    """Return the settings of a file.

    Raises:
        ConfigError: with every mistake, each at its line and column.
    """
    return load_yaml(path, AgentSettings, environment)
