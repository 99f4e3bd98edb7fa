"""What a program owns on its computer: settings, keys, state, and where each of them is.

A person at a terminal, or a new PC, seldom has the passwords in the environment: here the settings
are read without them, as long as no place depends on one.

    kit = Kit("shop-agent", "shop", AgentSettings, METADATA, MIGRATIONS, LINK)
    owned = find_belongings(kit, text, Path("shop-agent.yaml"), os.environ)
    owned.paths.keys, owned.files["ca.pem"], owned.unset       # …, …, ("SHOP_KEY",)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import MetaData

from protocol.errors import Lang
from protocol.keys import Role
from protocol.link.tables import LinkTables
from protocol.program.init_file import with_placeholders
from protocol.program.settings import ProgramSettings, StatePaths, state_paths
from protocol.program.yaml_config import ConfigError, parse_yaml

S = TypeVar("S", bound=ProgramSettings)

#: Names of the parts in a backup; files that settings name besides have names of their own.
SETTINGS, KEYS, STATE = "settings.yaml", "keys.json", "state.db"
_CERTIFICATE = "ca.pem"
_UNSET = "E-CFG-005"


def _no_files(settings: ProgramSettings) -> Mapping[str, Path]:
    return {}


@dataclass(frozen=True)
class Kit(Generic[S]):
    """What tells one program from the other.

    Args:
        program: `pos-exporter` or `shop-agent`.
        role: Of its keys.
        model: Its settings file.
        metadata: Its state's tables.
        migrations: Package of its state's migrations.
        link: The link's tables in its state.
        files: Further files that its settings name, by their name in a backup.
    """

    program: str
    role: Role
    model: type[S]
    metadata: MetaData
    migrations: str
    link: LinkTables
    files: Callable[[S], Mapping[str, Path]] = field(default=_no_files)


@dataclass(frozen=True)
class Belongings:
    """Where one program's things are, as its settings say.

    Args:
        language: That its person is told in.
        paths: Of keys and state; the folder exists.
        files: Settings files, by their name in a backup; one may be missing.
        unset: Names that the settings take from the environment and that it lacks.
    """

    language: Lang
    paths: StatePaths
    files: Mapping[str, Path]
    unset: tuple[str, ...]


def find_belongings(
    kit: Kit[S], text: str, config: Path, environment: Mapping[str, str]
) -> Belongings:
    """Return where a program's things are.

    Args:
        kit: The program.
        text: Of its settings file.
        config: The settings file; it need not exist.
        environment: Where `${NAME}` comes from.

    Raises:
        ConfigError: For settings with mistakes, or whose places hang on an unset name.
        StateAccessError: When the state's folder cannot be made.
    """
    unset = _unset(kit, text, config, environment)
    settings = _read_without(kit, text, config, environment) if unset else None
    if settings is None:
        settings = parse_yaml(text, kit.model, environment, config)
    files = {SETTINGS: config, **_files(kit, settings)}
    return Belongings(settings.language, state_paths(settings.state, kit.program), files, unset)


def _unset(kit: Kit[S], text: str, config: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    try:
        parse_yaml(text, kit.model, environment, config)
    except ConfigError as error:
        names = [p.facts.get("name", "") for p in error.problems if p.code == _UNSET]
        return tuple(dict.fromkeys(names))
    return ()


def _read_without(kit: Kit[S], text: str, config: Path, environment: Mapping[str, str]) -> S | None:
    """Return the settings with anything for what is unset, or None when a place hangs on it."""
    names = with_placeholders(text, {})
    filled = [{**dict.fromkeys(names, one), **environment} for one in ("x", "y")]
    try:
        one, other = (parse_yaml(text, kit.model, names, config) for names in filled)
    except ConfigError:
        return None
    return one if _places(kit, one) == _places(kit, other) else None


def _places(kit: Kit[S], settings: S) -> object:
    return settings.state, _files(kit, settings)


def _files(kit: Kit[S], settings: S) -> dict[str, Path]:
    ftp = settings.channel.ftp
    certificate = {_CERTIFICATE: ftp.ca_file} if ftp and ftp.ca_file else {}
    return {**kit.files(settings), **certificate}
