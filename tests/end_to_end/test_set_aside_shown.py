"""The twelve wrong rows, to the letter, where people read them: the page and `quarantine list`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from demo.till import WRONG_ROWS, build_till, open_till
from pos_exporter.state import METADATA
from pos_exporter.web.app import create_app
from pos_exporter.wiring import MIGRATIONS, paths_of, utc_now
from protocol.program.state import open_state
from tests.commands import Play, opened_play
from tests.pos_exporter.web.browser import ADDRESS, TOKEN, Till
from tests.stories.wrong_rows import LINES


def make(path: Path) -> object:
    return build_till(path, models=14, photos=1, photo_folder=path.parent / "photos")


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with opened_play(tmp_path_factory.mktemp("set-aside"), make_till=make) as play:
        play.pair()
        assert play.pos("sync").code == 3
        yield play


@pytest.fixture
def state(play: Play) -> Iterator[Engine]:
    engine = open_state(paths_of(play.stage.exporter()).url, METADATA, MIGRATIONS)
    yield engine
    engine.dispose()


def page(state: Engine) -> str:
    """Return the page « À corriger » as a browser gets it."""
    till = Till()
    app = create_app(
        state, clock=utc_now, start_sync=till.start_sync, is_running=lambda: False,
        progress=lambda: None, token=TOKEN, robot=till,
    )  # fmt: skip
    client: FlaskClient = app.test_client()
    client.get(f"/?token={TOKEN}", base_url=ADDRESS)
    answer = client.get("/set-aside?lang=fr", base_url=ADDRESS)
    assert answer.status_code == 200
    return answer.text


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    )


def test_the_command_lists_each_line_with_code_and_remedy(play: Play) -> None:
    items = play.pos("quarantine", "list").last["items"]
    told = {(i["code"], i["place"], i["label"], i["value"]) for i in items}
    assert told == {
        (code, place, label, value) for _, _, code, place, label, value in LINES.values()
    }
    assert all(item["what"] and item["remedy"] for item in items)


def test_the_page_shows_each_line_with_code_and_remedy(play: Play, state: Engine) -> None:
    shown = page(state)
    for item in play.pos("quarantine", "list").last["items"]:
        for part in (item["code"], item["label"], item["what"], item["remedy"]):
            assert escaped(part) in shown, part


def test_what_is_mended_at_the_till_is_gone_from_both(play: Play, state: Engine) -> None:
    row = next(row for row in WRONG_ROWS if row.name == "price_negative")
    label = LINES["price_negative"][4]
    with open_till(play.stage.till_path) as till:
        row.mend(till)
    assert play.pos("sync").code == 3
    items = play.pos("quarantine", "list").last["items"]
    assert len(items) == len(WRONG_ROWS) - 1
    assert label not in {item["label"] for item in items}
    assert escaped(label) not in page(state)
