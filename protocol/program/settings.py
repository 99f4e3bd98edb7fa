"""What both programs' settings files have in common: channel, state, language, heartbeat.

Unknown settings are mistakes. Passwords and the state's URL are secrets: no `repr` shows them.
Paths are taken from the file's folder, `~` is the home.

    class ExporterSettings(ProgramSettings):
        source: SourceSettings

    settings = load_yaml(Path("pos-exporter.yaml"), ExporterSettings, os.environ)
    with open_channel(settings.channel, "pos", secrets.token_bytes) as channel: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    SecretStr,
    ValidationInfo,
    model_validator,
)
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from protocol.channel.folder import FolderChannel
from protocol.channel.ftp import FtpChannel
from protocol.channel.ftp_settings import FtpSettings
from protocol.channel.port import Channel, Side
from protocol.errors import ComptoirError, Lang, Text
from protocol.keys import RandomBytes
from protocol.program.config_problems import SettingError
from protocol.program.durations import Duration
from protocol.program.state_errors import StateAccessError


def _from_file(path: Path, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("folder", Path())
    return Path(base) / path.expanduser()


#: A path, made absolute from the settings file's folder when it is relative.
ConfigPath = Annotated[Path, AfterValidator(_from_file)]


class Settings(BaseModel):
    """Root of all settings: unknown names are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class FtpChannelSettings(Settings):
    """The block `channel: {ftp: …}`; what each line means: `protocol.channel.ftp_settings`."""

    host: str
    user: str
    password: SecretStr
    root: str
    port: int = 21
    tls: Literal["explicit", "plain"] = "explicit"
    allow_plain: bool = False
    server_name: str | None = None
    pin_sha256: str | None = None
    ca_file: ConfigPath | None = None
    timeout: float = 20.0
    tls_max: Literal["1.2"] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        try:
            self.wire()
        except ComptoirError as error:
            raise SettingError.of(error) from error
        return self

    def wire(self) -> FtpSettings:
        """Return the same as the channel takes it."""
        plain = {name: getattr(self, name) for name in type(self).model_fields}
        return FtpSettings(**{**plain, "password": self.password.get_secret_value()})


class FolderChannelSettings(Settings):
    """The block `channel: {folder: …}`."""

    path: ConfigPath


class ChannelSettings(Settings):
    """Where packets travel: exactly one of the two."""

    ftp: FtpChannelSettings | None = None
    folder: FolderChannelSettings | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.ftp is None) == (self.folder is None):
            raise SettingError("E-CFG-021", _ONE_CHANNEL, _ONE_CHANNEL_REMEDY)
        return self


class StateSettings(Settings):
    """Where a program keeps its state.

    Args:
        folder: Of keys, lock, logs and the SQLite database, on a local disk; None is the
            account's own data folder.
        url: SQLAlchemy URL of another database; None is `state.db` in the folder.
    """

    folder: ConfigPath | None = None
    url: SecretStr | None = None

    @model_validator(mode="after")
    def _url_is_one(self) -> Self:
        try:
            make_url(self.url.get_secret_value() if self.url else "sqlite://")
        except ArgumentError as error:
            # Without its text, which may show the password.
            raise SettingError("E-CFG-022", _BAD_URL, _BAD_URL_REMEDY) from error
        return self


class ProgramSettings(Settings):
    """What stands at the top of both programs' files.

    Args:
        channel: Where packets travel.
        state: Where the program keeps its memory.
        language: Of what is shown to people.
        heartbeat: How often the other side is promised a word.
    """

    channel: ChannelSettings
    state: StateSettings = StateSettings()
    language: Lang = "fr"
    heartbeat: Duration = timedelta(hours=1)


@dataclass(frozen=True)
class StatePaths:
    """Where one program's things are.

    Args:
        folder: Local folder, made when it was missing.
        url: The state database.
    """

    folder: Path
    url: URL

    @property
    def keys(self) -> Path:
        """Return the key file."""
        return self.folder / "keys.json"

    @property
    def logs(self) -> Path:
        """Return the folder of the runs' logs."""
        return self.folder / "logs"


def state_paths(settings: StateSettings, program: str) -> StatePaths:
    """Return where a program's state is, and make its folder.

    Args:
        settings: Of the file.
        program: `pos-exporter` or `shop-agent`: names the default folder.

    Raises:
        StateAccessError: When the folder cannot be made.
    """
    default = platformdirs.user_data_path(program, appauthor=False, roaming=False)
    folder = settings.folder or default
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateAccessError(place=folder, reason=error.strerror or error) from error
    local = URL.create("sqlite+pysqlite", database=str(folder / "state.db"))
    url = make_url(settings.url.get_secret_value()) if settings.url else local
    return StatePaths(folder, url)


def open_channel(settings: ChannelSettings, own_side: Side | None, random: RandomBytes) -> Channel:
    """Return the channel that the settings name; nothing is connected before its first use.

    Args:
        settings: Of the file.
        own_side: The side that writes here; None for a reader.
        random: For temporary names.
    """
    random_hex = _hex_from(random)
    if settings.ftp is not None:
        return FtpChannel(settings.ftp.wire(), own_side, random_hex)
    if settings.folder is not None:
        return FolderChannel(settings.folder.path, own_side, random_hex)
    raise SettingError("E-CFG-021", _ONE_CHANNEL, _ONE_CHANNEL_REMEDY)


def _hex_from(random: RandomBytes) -> Callable[[], str]:
    return lambda: random(8).hex()


_ONE_CHANNEL = Text("Il faut ftp ou folder, et un seul", "Exactly one of ftp and folder")
_ONE_CHANNEL_REMEDY = Text(
    "Écrire sous channel soit ftp, soit folder", "Write either ftp or folder under channel"
)
_BAD_URL = Text("Adresse de base illisible", "Not a database URL")
_BAD_URL_REMEDY = Text(
    "Écrire par exemple postgresql+pg8000://compte:${{MOT_DE_PASSE}}@serveur/base",
    "Write for instance postgresql+pg8000://user:${{PASSWORD}}@server/database",
)
