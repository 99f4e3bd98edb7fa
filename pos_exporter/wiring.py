"""The one place where the exporter's parts are put together; tests put in their own.

with wire(settings, Wiring()) as exporter:
    report = run_export(exporter, Options())
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pos_exporter.config import PROGRAM, ExporterSettings
from pos_exporter.export import Exporter
from pos_exporter.history import note_packet
from pos_exporter.intake.port import TillWriter
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mailroom import Mailroom
from pos_exporter.mapping.model import TillMapping, load_mapping
from pos_exporter.source.port import Source
from pos_exporter.source.sql import SqlSource
from pos_exporter.state import LINK, METADATA
from protocol.channel.port import Channel, Side
from protocol.keys import Keys, RandomBytes, load_keys
from protocol.link.link import Link
from protocol.program.pairing import NoKeysError, bind_state
from protocol.program.settings import ChannelSettings, StatePaths, open_channel, state_paths
from protocol.program.state import open_state

MIGRATIONS = "pos_exporter.migrations"


def utc_now() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Wiring:
    """What a test may put in the place of the world.

    Args:
        clock: UTC now.
        random_bytes: For nonces and names.
        environment: Where `${NAME}` in the files comes from.
        open_channel: Makes the channel of the settings.
        commit_listeners: Told before and after each commit of the state database.
        progress: Told of each step of a run.
    """

    clock: Callable[[], datetime] = utc_now
    random_bytes: RandomBytes = secrets.token_bytes
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    open_channel: Callable[[ChannelSettings, Side | None, RandomBytes], Channel] = open_channel
    commit_listeners: Sequence[Callable[[str], None]] = ()
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)


def paths_of(settings: ExporterSettings) -> StatePaths:
    """Return where the exporter keeps its things."""
    return state_paths(settings.state, PROGRAM)


def open_source(settings: ExporterSettings, mapping: TillMapping) -> Source:
    """Return the till for reading; nothing is opened yet."""
    till = settings.till
    return SqlSource(
        till.url.get_secret_value(),
        isolation=till.isolation,
        read_only=till.read_only,
        encoding=mapping.encoding.default,
    )


def open_writer(settings: ExporterSettings, mapping: TillMapping) -> TillWriter | None:
    """Return the till for orders, or None when it takes none."""
    url, rules = settings.till.write_url, mapping.write_back
    if url is None or rules is None:
        return None
    return SqlTillWriter(url.get_secret_value(), rules, till_timezone=mapping.till.timezone)


@contextmanager
def wire(settings: ExporterSettings, wiring: Wiring) -> Iterator[Exporter]:
    """Give an exporter ready for a run; its database is closed afterwards.

    Raises:
        NoKeysError, NotPairedError: before the pairing is complete.
        ConfigError: for a mapping with mistakes.
        ComptoirError: when the state cannot be opened.
    """
    paths = paths_of(settings)
    keys = _keys(paths)
    mapping = load_mapping(settings.till.mapping, wiring.environment)
    engine = open_state(paths.url, METADATA, MIGRATIONS, listeners=wiring.commit_listeners)
    try:
        link = Link(
            LINK, keys, Mailroom(keys, wiring.clock).receive, clock=wiring.clock,
            random_bytes=wiring.random_bytes, heartbeat=settings.heartbeat, on_packed=note_packet,
        )  # fmt: skip
        if keys.state_id is None:
            bind_state(paths.keys, link.bind_state(engine))
        yield Exporter(
            engine=engine,
            link=link,
            open_channel=lambda: wiring.open_channel(settings.channel, "pos", wiring.random_bytes),
            source=open_source(settings, mapping),
            mapping=mapping,
            writer=open_writer(settings, mapping),
            policy=settings.policy.record(),
            guard=settings.guard.guard(),
            import_when=settings.orders.import_when,
            clock=wiring.clock,
            progress=wiring.progress,
        )
    finally:
        engine.dispose()


def _keys(paths: StatePaths) -> Keys:
    keys = load_keys(paths.keys)
    if keys is None:
        raise NoKeysError(place=paths.keys)
    keys.require_peer()
    return keys
