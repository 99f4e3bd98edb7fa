"""A browser on the shop PC, and what it is connected to, for the page's tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from pos_exporter.overview import OverviewSettings
from pos_exporter.overview.robot import RobotSetting
from pos_exporter.web.app import create_app
from tests.pos_exporter.web.shop import Clock, empty_state
from tests.protocol.sides import paired_keys

ADDRESS = "http://127.0.0.1:8765"
TOKEN = "once"
KEYS, _ = paired_keys()
_NO_END = {"meta", "link", "input", "br"}


@dataclass
class Till:
    """What the page starts and asks: a pass that tests move by hand, a robot that remembers."""

    running: bool = False
    progress: tuple[str, int, int] | None = None
    started: int = 0
    chosen: list[RobotSetting] = field(default_factory=list)

    def start_sync(self) -> bool:
        began = not self.running
        self.running = True
        self.started += began
        return began

    def change(self, setting: RobotSetting) -> None:
        self.chosen.append(setting)


@dataclass
class Browser:
    """A browser that came in by the one-time address, unless told otherwise."""

    engine: Engine
    till: Till
    app: Flask
    client: FlaskClient

    def get(self, path: str, **extra: object) -> TestResponse:
        return self.client.get(path, base_url=ADDRESS, **extra)

    def page(self, path: str, lang: str = "fr") -> "Page":
        answer = self.get(f"{path}?lang={lang}")
        assert answer.status_code == 200
        return read_page(answer.text)

    def post(self, path: str, form: dict[str, str], **extra: object) -> TestResponse:
        return self.client.post(path, base_url=ADDRESS, data=form, **extra)

    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.get("/").text)
        assert found is not None
        return found[1]


@contextmanager
def a_browser(*, enters: bool = True, contact: str = "") -> Iterator[Browser]:
    """Give a browser on a page over an empty state."""
    secrets = iter(("session-secret", "form-secret"))
    till = Till()
    with empty_state() as engine:
        app = create_app(
            engine,
            clock=Clock(),
            start_sync=till.start_sync,
            is_running=lambda: till.running,
            progress=lambda: till.progress,
            token=TOKEN,
            robot=till,
            settings=OverviewSettings(shop="Clara", contact=contact, zone=UTC),
            keys=KEYS,
            new_secret=lambda: next(secrets),
        )
        app.testing = True
        with app.test_client() as client:
            browser = Browser(engine, till, app, client)
            if enters:
                assert browser.get(f"/?token={TOKEN}").status_code == 303
            yield browser


@dataclass
class Page(HTMLParser):
    """A page as tests see it: its elements with attributes, and its words.

    Args:
        elements: (tag, attributes), in order.
        unclosed: Elements that are still open.
    """

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    _pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    @property
    def text(self) -> str:
        """All text, one space between words."""
        return " ".join(" ".join(self._pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _NO_END:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def classes(self) -> set[str]:
        return {name for _, a in self.elements for name in (a.get("class") or "").split()}


def read_page(text: str) -> Page:
    """Return a page, well formed: every element is closed in its place."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.unclosed == []
    return page
