"""The pages in both languages: the values they show, what forms do, and that labels stay text."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pos_exporter.exporter import ExportReport
from pos_exporter.overview.robot import Hours, RobotSetting, write_setting
from pos_exporter.state import STATE
from pos_exporter.web.app import STEPS
from protocol.errors import Problem, Text
from protocol.link.notices import problem_json
from tests.pos_exporter.web.browser import Browser, a_browser
from tests.pos_exporter.web.shop import (
    BAD_EAN,
    HOSTILE,
    Day,
    add,
    add_notice,
    add_order,
    add_run,
    add_withheld,
    ordinary_day,
)

PAGES = ("/", "/set-aside", "/orders", "/why", "/help")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser(contact="Atelier <Web>, 01 23") as browser:
        yield browser


@pytest.fixture
def day(browser: Browser) -> Day:
    return ordinary_day(browser.engine)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_with_and_without_rows(browser: Browser, path: str, lang: str) -> None:
    for fill in (lambda engine: None, ordinary_day):
        fill(browser.engine)
        page = browser.page(path, lang)
        assert page.all("html") == [{"lang": lang}]
        assert len(page.all("h1")) == 1
        assert [a["href"] for a in page.all("a") if a.get("aria-current") == "page"] == [path]
        labelled = {label.get("for") for label in page.all("label")}
        named = [field for field in page.all("input") if field["type"] == "time"]
        assert {field["id"] for field in [*named, *page.all("select")]} <= labelled
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        pointed = [a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a]
        assert set(pointed) <= set(ids)


@pytest.mark.parametrize(
    ("lang", "result", "ago", "sync"),
    [
        (
            "fr",
            "Synchronisation réussie : 11 stocks, 1 fiche article, dont 1 retrait, 1 commande ; "
            "4 lignes à corriger",
            "il y a 2 min",
            "Synchroniser",
        ),
        (
            "en",
            "Synchronisation done: 11 stocks, 1 article, of which 1 removal, 1 order; "
            "4 lines to correct",
            "2 min ago",
            "Synchronise",
        ),
    ],
)
def test_home(browser: Browser, day: Day, lang: str, result: str, ago: str, sync: str) -> None:
    page = browser.page("/", lang)
    assert "up_to_date" in page.classes()
    assert result in page.text
    assert f"08:42 {ago}" in page.text
    assert sync in page.text
    assert page.all("button")[0].get("disabled", "no") == "no"
    for number in (day.articles, day.stocks, day.withheld + 1):
        assert f" {number} " in page.text
    assert "Atelier <Web>, 01 23" in page.text


@pytest.mark.parametrize(
    ("lang", "what", "remedy"),
    [
        ("fr", "Code-barres invalide : 7 chiffres", "Créer la taxe dans PrestaShop"),
        ("en", "Invalid barcode: 7 digits", "Create the tax in PrestaShop"),
    ],
)
def test_set_aside(browser: Browser, day: Day, lang: str, what: str, remedy: str) -> None:
    page = browser.page("/set-aside", lang)
    assert page.all("h2") == [
        {"id": "withheld"}, {"id": "refused"}, {"id": "edited_on_site"},
    ]  # fmt: skip
    for shown in ("A-1042 Botte cuir", "E-MAP-120", "3760123", what, "Mocassin Léo", remedy):
        assert shown in page.text
    assert page.text.count("E-SHOP-031") == 1


@pytest.mark.parametrize(
    ("lang", "total", "placed", "roles"),
    [
        ("fr", "1\u202f249,90\xa0€", "24/11/2026 09:05", ("payée", "annulée", "sans suite")),
        ("en", "1,249.90\xa0€", "2026-11-24 09:05", ("paid", "cancelled", "closed")),
    ],
)
def test_orders(
    browser: Browser, day: Day, lang: str, total: str, placed: str, roles: tuple[str, ...]
) -> None:
    answer = browser.get(f"/orders?lang={lang}").text
    page = browser.page("/orders", lang)
    assert answer.count(total) == len(day.references)
    assert [page.text.index(reference) for reference in day.references] == sorted(
        page.text.index(reference) for reference in day.references
    )
    for shown in (placed, "W1", "E-INT-007", *roles):
        assert shown in page.text
    assert {"new", "waiting", "refused", "imported", "closed"} <= page.classes()


def test_a_role_of_a_newer_agent_is_unknown_not_fatal(browser: Browser) -> None:
    add_order(browser.engine, 1, role="parked", state="elsewhere")
    assert browser.page("/orders", "en").text.count("unknown state") == 2


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_hostile_labels_stay_text(browser: Browser, path: str, lang: str) -> None:
    ordinary_day(browser.engine)
    wicked = Problem(HOSTILE, HOSTILE, HOSTILE, Text(HOSTILE, HOSTILE), Text("{x}", "{x}"),
                     {"x": HOSTILE})  # fmt: skip
    add_withheld(browser.engine, HOSTILE, f"\x27\x22>{HOSTILE}", wicked)
    add_order(browser.engine, 9, state="refused", role=HOSTILE, problem=problem_json(wicked))
    add_order(browser.engine, 8, state="waiting", problem=HOSTILE)
    add_notice(browser.engine, wicked)
    add_run(browser.engine, 6, minutes_ago=1, problem=wicked)
    page = browser.page(path, lang)
    assert [script["src"] for script in page.all("script")] == ["/static/page.js"]
    assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]
    assert not page.all("style")
    assert not [a for _, a in page.elements if "style" in a]
    assert (HOSTILE in page.text) == (path not in {"/why", "/help"})


def test_a_problem_tells_what_to_do_and_whom_to_call(browser: Browser) -> None:
    add_run(browser.engine, 6, problem=replace(BAD_EAN, code="E-POS-020"))
    page = browser.page("/", "en")
    assert "action_required" in page.classes()
    for shown in ("E-POS-020", "Correct the entry at the till", "Atelier <Web>, 01 23"):
        assert shown in page.text


def test_cut_lists_say_so(browser: Browser) -> None:
    rows = [{"kind": "article", "key": f"{n}", "label": f"L{n}", "problem": problem_json(BAD_EAN),
             "since": "2026-11-24T08:00:00Z"} for n in range(503)]  # fmt: skip
    add(browser.engine, STATE.withheld, *rows)
    page = browser.page("/set-aside", "en")
    assert len(page.all("tr")) == 501
    assert "3 lines more" in page.text


# --- language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "accepted", "lang"),
    [
        ("/", "", "fr"),
        ("/", "de", "fr"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/", "fr-CH, en;q=0.5", "fr"),
        ("/", "de, en-US;q=0.5, fr;q=0.9", "fr"),
        ("/?lang=en", "fr", "en"),
        ("/?lang=de", "en", "en"),
    ],
)
def test_french_unless_asked(browser: Browser, path: str, accepted: str, lang: str) -> None:
    answer = browser.get(path, headers={"Accept-Language": accepted})
    assert f'<html lang="{lang}">' in answer.text


def test_a_chosen_language_stays(browser: Browser) -> None:
    browser.page("/", "en")
    assert '<html lang="en">' in browser.get("/orders", headers={"Accept-Language": "fr"}).text
    browser.page("/", "fr")
    assert '<html lang="fr">' in browser.get("/orders", headers={"Accept-Language": "en"}).text


# --- forms and freshness ---------------------------------------------------------------------


def test_the_button_starts_one_pass(browser: Browser) -> None:
    form = {"form_token": browser.form_token()}
    same = {"Origin": "http://127.0.0.1:8765"}
    first = browser.post("/sync", form, headers=same)
    second = browser.post("/sync", form)
    assert (first.status_code, first.headers["Location"]) == (303, "/?done=sync")
    assert second.headers["Location"] == "/?done=busy"
    assert browser.till.started == 1
    page = browser.page("/", "fr")
    assert "disabled" in page.all("button")[0]
    assert page.all("button")[0]["aria-describedby"] == "sync-hint"


@pytest.mark.parametrize(
    ("told", "stages", "count"),
    [
        (None, ("todo", "todo", "todo", "todo"), ""),
        (("receive", 0, 1), ("now", "todo", "todo", "todo"), ""),
        (("read", 1200, 4812), ("done", "now", "todo", "todo"), "1,200 of 4,812"),
        (("compare", 0, 1), ("done", "now", "todo", "todo"), ""),
        (("photo", 1, 2), ("done", "done", "now", "todo"), "1 of 2"),
        (("send", 0, 0), ("done", "done", "now", "todo"), ""),
        (("site", 0, 0), ("done", "done", "done", "now"), ""),
        (("unheard", 0, 0), ("todo", "todo", "todo", "todo"), ""),
    ],
)
def test_progress_is_shown_in_four_steps(
    browser: Browser, told: tuple[str, int, int] | None, stages: tuple[str, ...], count: str
) -> None:
    browser.till.running, browser.till.progress = True, told
    answer = browser.get("/state.json?lang=en").json
    assert answer is not None
    assert answer["running"] is True
    assert tuple(step["name"] for step in answer["steps"]) == STEPS
    assert tuple(step["stage"] for step in answer["steps"]) == stages
    assert "".join(step["count"] for step in answer["steps"]) == count
    shown = [li for li in browser.page("/", "en").all("li") if "data-step" in li]
    assert tuple(li["class"] for li in shown) == stages
    assert [li["data-step"] for li in shown if "aria-current" in li] == [
        name for name, stage in zip(STEPS, stages, strict=True) if stage == "now"
    ]


def test_without_a_pass_no_steps_are_shown(browser: Browser) -> None:
    assert not [li for li in browser.page("/").all("li") if "data-step" in li]


def test_a_page_knows_when_it_is_stale(browser: Browser, day: Day) -> None:
    def mark() -> str:
        answer = browser.get("/state.json").json
        assert answer is not None
        return str(answer["fresh"])

    shown = browser.page("/").all("body")[0]["data-fresh"]
    assert mark() == mark() == shown
    add_run(browser.engine, 0, minutes_ago=1, report=ExportReport())
    assert mark() != shown
    before = mark()
    browser.till.running = True
    assert mark() != before


@pytest.mark.parametrize(
    ("form", "chosen"),
    [
        ({"on": "1", "minutes": "15"}, RobotSetting(True, 15)),
        ({"minutes": "60", "start": "", "end": ""}, RobotSetting(False, 60)),
        ({"on": "1", "minutes": "1", "start": "08:00", "end": "20:00"},
         RobotSetting(True, 1, Hours.parse("08:00-20:00"))),
    ],
)  # fmt: skip
def test_the_robot_is_set(browser: Browser, form: dict[str, str], chosen: RobotSetting) -> None:
    answer = browser.post("/robot", {**form, "form_token": browser.form_token()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?done=robot")
    assert browser.till.chosen == [chosen]


@pytest.mark.parametrize(
    "form",
    [{}, {"minutes": "0"}, {"minutes": "x"}, {"minutes": "5", "start": "08:00"},
     {"minutes": "5", "start": "25:00", "end": "26:00"}],
)  # fmt: skip
def test_a_robot_that_cannot_be_is_refused(browser: Browser, form: dict[str, str]) -> None:
    answer = browser.post("/robot", {**form, "form_token": browser.form_token()})
    assert (answer.status_code, "E-WEB-020" in answer.text) == (400, True)
    assert browser.till.chosen == []


def test_the_form_shows_what_is_kept_even_when_no_choice_of_the_page(browser: Browser) -> None:
    with browser.engine.begin() as connection:
        write_setting(connection, RobotSetting(True, 7, Hours.parse("08:30-19:00")))
    page = browser.page("/")
    assert [o["value"] for o in page.all("option")] == ["1", "5", "7", "15", "30", "60"]
    assert [o["value"] for o in page.all("option") if "selected" in o] == ["7"]
    fields = {field["name"]: field for field in page.all("input") if "name" in field}
    assert "checked" in fields["on"]
    assert (fields["start"]["value"], fields["end"]["value"]) == ("08:30", "19:00")


def test_the_overview_is_given_as_json(browser: Browser, day: Day) -> None:
    answer = browser.get("/api/overview")
    assert answer.mimetype == "application/json"
    kept = json.loads(answer.text)
    assert kept["state"]["word"] == "up_to_date"
    assert kept["counters"]["withheld"] == day.withheld
    assert [order["reference"] for order in kept["orders"]] == list(day.references)


def test_a_page_that_is_not_there(browser: Browser) -> None:
    answer = browser.get("/nowhere?lang=en")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
    assert browser.get("/api/nowhere").json == {"code": "", "status": 404}


def test_a_broken_state_is_told_in_words(browser: Browser) -> None:
    browser.app.testing = False
    with browser.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE withheld")
    answer = browser.get("/?lang=en")
    assert answer.status_code == 500
    assert "The page could not answer (500)" in answer.text
    assert "withheld" not in answer.text
