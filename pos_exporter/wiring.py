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
from pathlib import Path

from sqlalchemy import Engine

from pos_exporter.config import PROGRAM, ExporterSettings, MailSettings
from pos_exporter.exporter import Exporter
from pos_exporter.history import note_packet
from pos_exporter.intake.open import open_writer
from pos_exporter.intake.port import TillWriter
from pos_exporter.mail.news import News, NewsChoices, forget_news
from pos_exporter.mail.port import Mailer
from pos_exporter.mail.smtp import SmtpMailer
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


def _open_smtp(mail: MailSettings, clock: Callable[[], datetime]) -> Mailer:
    return SmtpMailer(mail.place(), mail.sender, mail.to, clock)


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
        open_mailer: Makes the mailer of the settings.
    """

    clock: Callable[[], datetime] = utc_now
    random_bytes: RandomBytes = secrets.token_bytes
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    open_channel: Callable[[ChannelSettings, Side | None, RandomBytes], Channel] = open_channel
    commit_listeners: Sequence[Callable[[str], None]] = ()
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)
    open_mailer: Callable[[MailSettings, Callable[[], datetime]], Mailer] = _open_smtp


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


def writer_of(
    settings: ExporterSettings, mapping: TillMapping, clock: Callable[[], datetime]
) -> TillWriter | None:
    """Return the till for orders, or None when it takes none; nothing is opened yet."""
    url, folder, secret = where_to_write(settings)
    return open_writer(mapping.write_back, url, folder, secret, mapping.till.timezone, clock)


def where_to_write(settings: ExporterSettings) -> tuple[str | None, Path | None, str | None]:
    """Return what the settings say of entering orders: URL, folder, secret."""
    till = settings.till
    url = till.write_url.get_secret_value() if till.write_url else None
    secret = till.write_secret.get_secret_value() if till.write_secret else None
    return url, till.write_folder, secret


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
            writer=writer_of(settings, mapping, wiring.clock),
            policy=settings.policy.record(),
            guard=settings.guard.guard(),
            import_when=settings.orders.import_when,
            clock=wiring.clock,
            progress=wiring.progress,
            news=_news(settings, wiring, engine, keys),
        )
    finally:
        engine.dispose()


def mailer_of(settings: ExporterSettings, wiring: Wiring) -> Mailer | None:
    """Return who takes e-mails, None when nobody is to be written to; nothing is opened yet."""
    mail = settings.mail
    if mail is None:
        return None
    return wiring.open_mailer(mail, wiring.clock)


def _news(settings: ExporterSettings, wiring: Wiring, engine: Engine, keys: Keys) -> News | None:
    mailer, mail = mailer_of(settings, wiring), settings.mail
    if mailer is None or mail is None:
        forget_news(engine)
        return None
    choices = NewsChoices(mail.every, mail.details, settings.language, keys.label)
    news = News(engine, keys, mailer, choices, settings.orders.import_when, wiring.clock)
    news.begin()
    return news


def _keys(paths: StatePaths) -> Keys:
    keys = load_keys(paths.keys)
    if keys is None:
        raise NoKeysError(place=paths.keys)
    keys.require_peer()
    return keys
