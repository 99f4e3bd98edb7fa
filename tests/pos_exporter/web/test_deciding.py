"""The page where a person decides: held classes and their yes; and where a person asks why."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from pos_exporter.state import STATE
from tests.pos_exporter.web.browser import Browser, Page, a_browser, read_page
from tests.pos_exporter.web.shop import (
    HOSTILE,
    NO_TAX,
    add,
    add_fate,
    add_run,
    add_said,
    at,
    ordinary_day,
)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


def hold(browser: Browser, key: str = "deactivations", count: int = 57) -> None:
    examples = json.dumps([f"H01-1 {HOSTILE}"])
    add(browser.engine, STATE.held_class, {"key": key, "changes": count, "of": 210,
                                           "examples": examples, "since": at(hours=1)})  # fmt: skip


def yes(browser: Browser) -> dict[str, tuple[int, bool]]:
    with browser.engine.connect() as connection:
        rows = connection.execute(select(STATE.approval)).all()
    return {row.key: (row.up_to, row.queued) for row in rows}


def asked(browser: Browser, text: str, lang: str) -> Page:
    answer = browser.get("/why", query_string={"ref": text, "lang": lang})
    assert answer.status_code == 200
    return read_page(answer.text)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_waits_is_shown_with_examples_and_a_form(browser: Browser, lang: str) -> None:
    ordinary_day(browser.engine)
    hold(browser)
    page = browser.page("/", lang)
    assert "action_required" in page.classes()
    assert f"H01-1 {HOSTILE}" in page.text
    (form,) = [form for form in page.all("form") if form.get("class") == "approve"]
    assert form["method"] == "post"
    fields = {field.get("name"): field for field in page.all("input")}
    assert (fields["key"]["value"], fields["count"]["value"]) == ("deactivations", "57")
    assert "required" in fields["sure"]


def test_a_confirmed_yes_is_kept_and_a_pass_begins(browser: Browser) -> None:
    add_run(browser.engine)
    hold(browser)
    token = browser.form_token()
    form = {"key": "deactivations", "count": "57", "sure": "1", "form_token": token}
    answer = browser.post("/approve", form)
    assert answer.status_code == 303
    assert yes(browser) == {"deactivations": (57, False)}
    assert browser.till.started == 1
    page = browser.page("/", "fr")
    assert "up_to_date" in page.classes()
    assert not [form for form in page.all("form") if form.get("class") == "approve"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"key": "deactivations", "count": "57"}, "E-WEB-021"),
        ({"key": "deactivations", "count": "x", "sure": "1"}, "E-WEB-021"),
        ({"key": "deactivations", "count": "9" * 5000, "sure": "1"}, "E-WEB-021"),
        ({"key": "prices", "count": "57", "sure": "1"}, "E-POS-036"),
        ({"key": "deactivations", "count": "56", "sure": "1"}, "E-POS-037"),
    ],
)
def test_no_yes_without_a_tick_or_to_something_else(
    browser: Browser, form: dict[str, str], code: str
) -> None:
    hold(browser)
    answer = browser.post("/approve", {**form, "form_token": browser.form_token()})
    assert (answer.status_code, yes(browser), browser.till.started) == (409, {}, 0)
    assert code in answer.text


def test_a_yes_needs_the_page_s_own_form(browser: Browser) -> None:
    hold(browser)
    fields = {"key": "deactivations", "count": "57", "sure": "1"}
    answer = browser.post("/approve", fields)
    assert (answer.status_code, yes(browser)) == (403, {})


def test_edited_texts_are_shown_with_the_site_s_text(browser: Browser) -> None:
    add_said(browser.engine, ("article", "78", "Derby Paul"))
    reason = {**NO_TAX, "code": "E-AGT-040", "value": "Derby Paul en cuir, cousu main"}
    add_fate(browser.engine, "article", "78", "edited_on_site", reason)
    page = browser.page("/set-aside", "fr")
    assert "Derby Paul en cuir, cousu main" in page.text
    assert "Texte du site" in page.text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_answer_to_why_is_the_command_s(browser: Browser, lang: str) -> None:
    add_said(browser.engine, ("article", "77", f"R77 {HOSTILE}"))
    with browser.engine.begin() as connection:
        connection.execute(STATE.said.update().values(owner="77", reference="R77", seq=3, epoch=1))
    add_fate(browser.engine, "article", "77", "refused", NO_TAX)
    page = asked(browser, "R77", lang)
    answer = browser.get("/api/why?ref=R77").json
    assert answer is not None
    assert (answer["article"]["key"], answer["online"]) == ("77", False)
    assert answer["verdict"][lang] in page.text
    assert HOSTILE in page.text
    assert "E-SHOP-031" in page.text
    assert len([li for li in page.all("li") if li.get("class") == "no"]) == 1


def test_what_nobody_knows_is_said(browser: Browser) -> None:
    page = asked(browser, HOSTILE, "fr")
    assert HOSTILE in page.text
    assert [script["src"] for script in page.all("script")] == ["/static/page.js"]
