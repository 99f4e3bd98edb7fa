"""Answers to cases, by click and by command: once, and only to what was seen.

Figures are what the site shows, by hand: the formula is not asked for them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from pos_exporter.cases import SiteCase
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.wiring import wire as wire_exporter
from protocol.records import CaseAnswer
from shop_agent.state import STATE
from shop_agent.wiring import wire as wire_agent
from tests.end_to_end.cases_scene import BANK_WIRE, PAID, THERE, Scene, open_scene
from tests.pos_exporter.web.browser import ADDRESS, read_page


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from open_scene(tmp_path)


# --- answers -------------------------------------------------------------------------------------


def _an_unpaid(scene: Scene) -> SiteCase:
    scene.buys(3, BANK_WIRE)
    scene.both()
    scene.clock.later(days=11)
    scene.both()
    return scene.at_till()["unpaid"]


def test_an_answer_acts_once_and_only_on_what_was_seen(scene: Scene) -> None:
    case = _an_unpaid(scene)
    _say(scene, CaseAnswer(key=case.key, verb="release", of_hash="0" * 64, at=scene.clock.now))
    assert (list(scene.open()), scene.shown()) == (["unpaid"], THERE - 3)
    _say(scene, CaseAnswer(key=case.key, verb="dismiss", of_hash=case.hash, at=scene.clock.now))
    assert (list(scene.open()), scene.shown()) == (["unpaid"], THERE - 3)
    right = CaseAnswer(key=case.key, verb="release", of_hash=case.hash, at=scene.clock.now)
    _say(scene, right)
    assert (scene.open(), scene.shown()) == ({}, THERE)
    scene.shop.set_state(1, PAID)
    scene.stage.sync_shop()
    _say(scene, right)  # late, and said again
    assert scene.shown() == THERE - 3


def test_a_stale_page_answers_nothing(scene: Scene) -> None:
    case = _an_unpaid(scene)
    form = {"key": case.key, "verb": "release", "form_token": "form-token"}
    with scene.page() as client:
        for more, code in (
            ({"seen": "0" * 64}, "E-CAS-031"),
            ({"seen": case.hash, "verb": "dismiss"}, "E-CAS-032"),
            ({"seen": case.hash, "key": "unpaid/none"}, "E-CAS-030"),
        ):
            answer = client.post("/cases/answer", base_url=ADDRESS, data={**form, **more})
            assert (answer.status_code, code in answer.text) == (409, True)
        no_token = {"key": case.key, "verb": "release", "seen": case.hash}
        assert client.post("/cases/answer", base_url=ADDRESS, data=no_token).status_code == 403
    assert scene.at_till()["unpaid"].answer is None


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_shows_what_waits_then_what_was_answered(scene: Scene, lang: str) -> None:
    case = _an_unpaid(scene)
    told = case.what.fr if lang == "fr" else case.what.en
    with scene.page() as client:
        home = read_page(client.get(f"/?lang={lang}", base_url=ADDRESS).text)
        assert told in home.text
        assert "badge" in home.classes()
        page = read_page(client.get(f"/cases?lang={lang}", base_url=ADDRESS).text)
        assert told in page.text
        assert [one["class"] for one in page.all("form")] == ["answer"]
    scene.click("unpaid", "release")
    with scene.page() as client:
        page = read_page(client.get(f"/cases?lang={lang}", base_url=ADDRESS).text)
        assert told in page.text
        assert page.all("form") == []
        home = read_page(client.get(f"/?lang={lang}", base_url=ADDRESS).text)
        assert "badge" not in home.classes()


def test_open_cases_are_said_again_when_answers_begin_anew(scene: Scene) -> None:
    case = _an_unpaid(scene)
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        connection.execute(delete(EXPORTER.site_case))
    assert scene.at_till() == {}
    _open_answers(scene)
    scene.stage.sync_till()
    assert scene.at_till()["unpaid"].hash == case.hash


def test_what_the_site_no_longer_knows_goes_with_its_old_answers(scene: Scene) -> None:
    _an_unpaid(scene)
    with scene.state() as connection:
        connection.execute(delete(STATE.case))
        connection.execute(STATE.web_order.update().values(in_baseline=True))
    _open_answers(scene)
    scene.stage.sync_till()
    assert scene.at_till() == {}


def test_a_click_is_sent_though_the_site_has_not_said_its_case_again_yet(scene: Scene) -> None:
    """Of a new epoch of the site's answers the first packet has come alone."""
    _an_unpaid(scene)
    assert scene.click("unpaid", "release") == 303
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        connection.execute(EXPORTER.site_case.update().values(epoch=0))
    scene.both()
    assert (scene.open(), scene.shown()) == ({}, THERE)


# --- commands ------------------------------------------------------------------------------------


def test_both_programs_tell_and_take_answers_by_command(scene: Scene) -> None:
    case = _an_unpaid(scene)
    play = scene.commands()
    for run in (play.pos, play.agent):
        told = run("cases").of("cases")[0]
        assert (told["count"], told["items"][0]["key"]) == (1, case.key)
        assert told["items"][0]["code"] == "E-CAS-003"
        assert [one["key"] for one in run("status").of("status")[0]["cases"]] == [case.key]
        assert run("doctor").check("A03")["state"] == "attention"
        steps = run("why", scene.reference()).of("why")[0]["steps"]
        assert [one["code"] for one in steps if one["name"] == "case"] == ["E-CAS-003"]
        assert run("cases", "answer", "nothing", "release").code == 2
        assert run("cases", "answer", case.key, "dismiss").code == 2
    [row] = scene.shop.query("SELECT reference FROM orders")
    assert play.agent("cases", "answer", str(row["reference"]), "release").code == 0
    scene.stage.sync_shop()
    assert (scene.open(), scene.shown()) == ({}, THERE)
    assert play.agent("cases").of("cases")[0]["items"] == []
    assert play.agent("doctor").check("A03")["state"] == "ok"


def test_the_exporter_s_command_answers_too(scene: Scene) -> None:
    case = _an_unpaid(scene)
    play = scene.commands()
    assert play.pos("why", "unpaid").code == 0
    assert play.pos("cases", "answer", case.key, "release").code == 0
    assert play.pos("cases").of("cases")[0]["items"][0]["answer"] == "release"
    scene.both()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, THERE)


def _say(scene: Scene, answer: CaseAnswer) -> None:
    """Have the till send an answer, and the agent receive it."""
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        exporter.link.outbox.queue(connection, [answer])
    scene.stage.sync_till()
    scene.stage.sync_shop()


def _open_answers(scene: Scene) -> None:
    """Let the agent's answers begin anew, as after a loss."""
    with (
        wire_agent(scene.stage.agent(), scene.stage.agent_wiring) as agent,
        agent.engine.begin() as connection,
    ):
        agent.link.outbox.open_epoch(connection, "answers", nonce=None)
    scene.stage.sync_shop()
