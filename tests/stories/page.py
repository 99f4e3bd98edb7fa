"""The shopkeeper's page over a story's own state, as a browser on the shop PC asks it.

Its button and its yes run the exporter, as they do at the counter; they come back when it has run.

    with open_page(play) as page:
        page.why("F01-1001")["online"]
        page.approve("deactivations")
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from pos_exporter.overview.robot import RobotSetting
from pos_exporter.web.app import create_app
from pos_exporter.wiring import utc_now
from pos_exporter.wiring import wire as wire_exporter
from tests.stories.play import Play

_ADDRESS, _TOKEN = "http://127.0.0.1:8765", "once"
_FIELD = re.compile(r'<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"')
_FORM = re.compile(r'<form method="post" action="/approve".*?</form>', re.DOTALL)


class _NoRobot:
    """A robot that nobody uses."""

    def change(self, setting: RobotSetting) -> None:
        """Forget it."""


@dataclass(frozen=True)
class StoryPage:
    """A browser that came in by the one-time address."""

    client: FlaskClient

    def text(self, path: str = "/") -> str:
        """Return what a page of ours says, without its marks."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self._page(path))).split())

    def why(self, reference: str) -> dict[str, Any]:
        """Return what the page answers to "why?", as values."""
        answer = self.client.get("/api/why", query_string={"ref": reference}, base_url=_ADDRESS)
        assert answer.status_code == 200
        assert isinstance(answer.json, dict)
        return answer.json

    def held(self) -> dict[str, dict[str, str]]:
        """Return the forms that ask for a yes, by class: their fields with the box ticked."""
        forms = [dict(_FIELD.findall(form)) for form in _FORM.findall(self._page("/"))]
        return {form["key"]: form for form in forms}

    def approve(self, key: str) -> None:
        """Look, tick the box, say yes."""
        answer = self.client.post("/approve", data=self.held()[key], base_url=_ADDRESS)
        assert (answer.status_code, answer.location) == (303, "/?done=approved")

    def _page(self, path: str) -> str:
        answer = self.client.get(path, base_url=_ADDRESS, headers={"Accept-Language": "fr"})
        assert answer.status_code == 200
        return answer.text


@contextmanager
def open_page(play: Play) -> Iterator[StoryPage]:
    """Give the page in French, opened as by its icon."""
    stage = play.stage

    def run() -> bool:
        stage.sync_till()
        return True

    with wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter:
        app = create_app(
            exporter.engine,
            clock=utc_now,
            start_sync=run,
            is_running=lambda: False,
            progress=lambda: None,
            token=_TOKEN,
            robot=_NoRobot(),
        )
        with app.test_client() as client:
            assert client.get(f"/?token={_TOKEN}", base_url=_ADDRESS).status_code == 303
            yield StoryPage(client)
