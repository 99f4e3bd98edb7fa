"""The one place where the agent's parts are put together; tests put in their own.

with wire(settings, Wiring()) as agent:
    report = run_pass(agent, Options())
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests

from protocol.channel.port import Channel, Side
from protocol.errors import Lang
from protocol.keys import Keys, RandomBytes, load_keys
from protocol.link.link import Link
from protocol.program.pairing import NoKeysError, bind_state
from protocol.program.settings import ChannelSettings, StatePaths, open_channel, state_paths
from protocol.program.state import open_state
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.mailroom import receive
from shop_agent.pass_ import Agent
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.state import LINK, METADATA

MIGRATIONS = "shop_agent.migrations"


def utc_now() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Wiring:
    """What a test may put in the place of the world.

    Args:
        clock: UTC now.
        elapsed: Seconds of a clock that never goes back.
        random_bytes: For nonces and names.
        open_channel: Makes the channel of the settings.
        open_session: Makes the session of HTTP requests.
        commit_listeners: Told before and after each commit of the state database.
        progress: Told of each step of a pass.
    """

    clock: Callable[[], datetime] = utc_now
    elapsed: Callable[[], float] = time.monotonic
    random_bytes: RandomBytes = secrets.token_bytes
    open_channel: Callable[[ChannelSettings, Side | None, RandomBytes], Channel] = open_channel
    open_session: Callable[[], requests.Session] = open_session
    commit_listeners: Sequence[Callable[[str], None]] = ()
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)


def paths_of(settings: AgentSettings) -> StatePaths:
    """Return where the agent keeps its things."""
    return state_paths(settings.state, PROGRAM)


def open_shop(settings: AgentSettings, wiring: Wiring) -> Webservice:
    """Return the webservice of the settings' shop; nothing is asked yet."""
    shop = settings.shop
    timeouts = Timeouts(read=shop.timeout, whole=3 * shop.timeout)
    http = Http(shop.url, shop.key.get_secret_value(), wiring.open_session(), timeouts)
    return Webservice(http, tunnel_verbs=shop.tunnel_verbs, elapsed=wiring.elapsed)


@contextmanager
def wire(settings: AgentSettings, wiring: Wiring) -> Iterator[Agent]:
    """Give an agent ready for a pass; its database is closed afterwards.

    Raises:
        NoKeysError, NotPairedError: before the pairing is complete.
        ComptoirError: when the state cannot be opened.
    """
    paths = paths_of(settings)
    keys = _keys(paths)
    engine = open_state(paths.url, METADATA, MIGRATIONS, listeners=wiring.commit_listeners)
    try:
        link = Link(
            LINK, keys, receive, clock=wiring.clock, random_bytes=wiring.random_bytes,
            heartbeat=settings.heartbeat,
        )  # fmt: skip
        if keys.state_id is None:
            bind_state(paths.keys, link.bind_state(engine))
        yield Agent(
            engine=engine,
            link=link,
            open_channel=lambda: wiring.open_channel(settings.channel, "shop", wiring.random_bytes),
            open_shop=lambda: open_shop(settings, wiring),
            clock=wiring.clock,
            elapsed=wiring.elapsed,
            shop_url=settings.shop.url,
            shop_id=settings.shop.shop_id,
            dead_states=settings.orders.dead_states,
            way_back=settings.orders.way_back(),
            lock=settings.policy.lock(),
            keep=settings.history.keep(),
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


def language(settings: AgentSettings) -> Lang:
    """Return the language in which people are told."""
    return settings.language
