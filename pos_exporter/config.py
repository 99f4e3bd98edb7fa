"""The exporter's settings file.

channel: {ftp: {host: ftp.example.fr, user: clara, password: "${FTP_PASSWORD}", root: comptoir/x}}
till: {url: "${TILL_URL}", mapping: mapping.yaml, write_url: "${TILL_WRITE_URL}"}
policy: {buffer: 1}
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr

from pos_exporter.changes import Guard
from pos_exporter.choices import PolicySettings
from pos_exporter.orders_desk import IMPORT_WHEN
from protocol.program.settings import ConfigPath, ProgramSettings, Settings
from protocol.program.yaml_config import load_yaml
from protocol.records import Role

PROGRAM = "pos-exporter"


class TillSettings(Settings):
    """Where the till is and what its tables mean.

    Args:
        url: SQLAlchemy URL of an account that may only read.
        mapping: The mapping's file.
        write_url: SQLAlchemy URL of an account that may write what `write_back` says; None: the
            till takes no orders.
        isolation: The reading transaction's isolation; None: one moment where the engine has it.
        read_only: Whether the session itself must refuse writes.
    """

    url: SecretStr
    mapping: ConfigPath
    write_url: SecretStr | None = None
    isolation: str | None = None
    read_only: bool = True


class GuardSettings(Settings):
    """How much may change at once before a person is asked; see `changes.Guard`."""

    shrink_percent: int = Field(default=20, ge=1, le=100)
    zero_percent: int = Field(default=30, ge=1, le=100)
    zero_count: int = Field(default=20, ge=0)

    def guard(self) -> Guard:
        """Return the limits."""
        return Guard(self.shrink_percent, self.zero_percent, self.zero_count)


class OrderSettings(Settings):
    """In which roles a web order enters the till."""

    import_when: tuple[Role, ...] = tuple(sorted(IMPORT_WHEN))


class PageSettings(Settings):
    """The shopkeeper's page; 0 takes any free port."""

    port: int = Field(default=8710, ge=0, le=65535)


class ExporterSettings(ProgramSettings):
    """The whole file."""

    till: TillSettings
    policy: PolicySettings = PolicySettings()
    guard: GuardSettings = GuardSettings()
    orders: OrderSettings = OrderSettings()
    page: PageSettings = PageSettings()


def load_settings(path: Path, environment: Mapping[str, str]) -> ExporterSettings:
    """Return the settings of a file.

    Raises:
        ConfigError: with every mistake, each at its line and column.
    """
    return load_yaml(path, ExporterSettings, environment)
