"""The exporter's settings file.

channel: {ftp: {host: ftp.example.fr, user: clara, password: "${FTP_PASSWORD}", root: comptoir/x}}
till: {url: "${TILL_URL}", mapping: mapping.yaml, write_url: "${TILL_WRITE_URL}"}
policy: {buffer: 1}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from pos_exporter.changes import Guard
from pos_exporter.choices import PolicySettings
from pos_exporter.mail.letters import Every
from pos_exporter.mail.smtp import Safety, SmtpPlace
from pos_exporter.orders_desk import IMPORT_WHEN
from protocol.errors import Text, UsageError
from protocol.program.settings import ConfigPath, ProgramSettings, Settings
from protocol.program.yaml_config import SettingError, load_yaml
from protocol.records import Role

PROGRAM = "pos-exporter"
_PORTS: dict[Safety, int] = {"starttls": 587, "tls": 465, "plain": 25}
#: An e-mail address, without a name around it.
Address = Annotated[str, StringConstraints(pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$")]


class PlainMailError(UsageError):
    """E-mails would leave unencrypted, and nobody said that they may."""

    code = "E-MAIL-004"
    what = Text(
        "Les e-mails partiraient en clair, mot de passe compris",
        "E-mails would leave unencrypted, and the password with them",
    )
    remedy = Text(
        "tls: starttls ou tls ; ou allow_plain: true sur un réseau de confiance",
        "tls: starttls or tls; or allow_plain: true on a network you trust",
    )


class TillSettings(Settings):
    """Where the till is and what its tables mean.

    Args:
        url: SQLAlchemy URL of an account that may only read.
        mapping: The mapping's file.
        write_url: Where orders enter: the SQLAlchemy URL of an account that may write what
            `write_back` says, or the address of the till's hook (`mode: http`).
        write_folder: Where the till looks for files (`mode: drop_folder`).
        write_secret: Shared with the till's hook (`mode: http`).
        isolation: The reading transaction's isolation; None: one moment where the engine has it.
        read_only: Whether the session itself must refuse writes.
    """

    url: SecretStr
    mapping: ConfigPath
    write_url: SecretStr | None = None
    write_folder: ConfigPath | None = None
    write_secret: SecretStr | None = None
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


class MailSettings(Settings):
    """Where e-mails about new orders go; without this block, nobody is written to.

    Args:
        host: The mail server.
        sender: The address that they come from.
        to: The addresses that they go to.
        user: Of the account; None: the server asks for none.
        password: Of the account; from the environment.
        tls: `starttls`, `tls` (from the first byte), or `plain` with `allow_plain: true`.
        port: None: 587, 465 or 25, as `tls` says.
        every: A letter per `order`, per `run` or per `day`.
        details: Lines, customer and address too: personal data, readable on the way.
    """

    host: str = Field(min_length=1)
    sender: Address
    to: tuple[Address, ...] = Field(min_length=1)
    user: str | None = None
    password: SecretStr | None = None
    tls: Safety = "starttls"
    allow_plain: bool = False
    port: int | None = Field(default=None, ge=1, le=65535)
    every: Every = "order"
    details: bool = False

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.tls == "plain" and not self.allow_plain:
            raise SettingError.of(PlainMailError(place="mail.tls"))
        return self

    def place(self) -> SmtpPlace:
        """Return the same as the mailer takes it."""
        password = self.password.get_secret_value() if self.password else ""
        return SmtpPlace(self.host, self.port or _PORTS[self.tls], self.tls, self.user, password)


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
    mail: MailSettings | None = None


def load_settings(path: Path, environment: Mapping[str, str]) -> ExporterSettings:
    """Return the settings of a file.

    Raises:
        ConfigError: with every mistake, each at its line and column.
    """
    return load_yaml(path, ExporterSettings, environment)
