"""The page « Cas à voir »: every kind, in both languages, with its buttons; nothing is trusted."""

from collections.abc import Iterator
from typing import get_args

import pytest
from sqlalchemy import Engine

from pos_exporter.cases import site_cases, take_case
from protocol.records import Case, CaseKind, CaseVerb
from protocol.records.answers import LangPair, Reason
from tests.pos_exporter.web.browser import Browser, a_browser
from tests.pos_exporter.web.shop import HOSTILE, NOW, add_run


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        add_run(browser.engine)
        yield browser


def ask(engine: Engine, about: CaseKind, verbs: tuple[CaseVerb, ...], key: str = "1") -> None:
    reason = Reason(
        code="E-CAS-001", place=HOSTILE, what=LangPair(fr=f"quoi {HOSTILE}", en=f"what {HOSTILE}"),
        remedy=LangPair(fr=f"remède {HOSTILE}", en=f"remedy {HOSTILE}"),
    )  # fmt: skip
    case = Case(key=f"{about}/{key}", about=about, reason=reason, verbs=verbs, since=NOW)
    with engine.begin() as connection:
        take_case(connection, case, epoch=1)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_is_shown_with_its_buttons(browser: Browser, lang: str) -> None:
    kinds: tuple[CaseKind, ...] = get_args(CaseKind)
    for about in kinds:
        ask(browser.engine, about, get_args(CaseVerb))
    page = browser.page("/cases", lang)
    assert page.text.count(f"{'quoi' if lang == 'fr' else 'what'} {HOSTILE}") == len(kinds)
    assert len(page.all("button")) == len(kinds) * len(get_args(CaseVerb))
    assert [one["src"] for one in page.all("script")] == ["/static/page.js"]
    home = browser.page("/", lang)
    assert HOSTILE in home.text
    assert "badge" in home.classes()


def test_a_click_is_kept_and_a_pass_begins(browser: Browser) -> None:
    ask(browser.engine, "unpaid", ("release",))
    page = browser.page("/cases")
    form = {str(one["name"]): one["value"] or "" for one in page.all("input")}
    answer = browser.post("/cases/answer", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases?done=answered")
    assert browser.till.started == 1
    with browser.engine.connect() as connection:
        assert [one.answer for one in site_cases(connection)] == ["release"]
    assert browser.page("/cases").all("form") == []
    assert "badge" not in browser.page("/").classes()


@pytest.mark.parametrize("left_out", ["key", "verb", "seen", "form_token"])
def test_half_a_form_answers_nothing(browser: Browser, left_out: str) -> None:
    ask(browser.engine, "unpaid", ("release",))
    form = {str(one["name"]): one["value"] or "" for one in browser.page("/cases").all("input")}
    del form[left_out]
    answer = browser.post("/cases/answer", form)
    assert answer.status_code == (403 if left_out == "form_token" else 409)
    with browser.engine.connect() as connection:
        assert [one.answer for one in site_cases(connection)] == [None]


def test_a_shown_page_becomes_stale_when_a_case_comes(browser: Browser) -> None:
    before = browser.get("/state.json").json
    ask(browser.engine, "oversale", ("dismiss",))
    after = browser.get("/state.json").json
    assert before is not None
    assert after is not None
    assert before["fresh"] != after["fresh"]


def test_no_case_is_good_news(browser: Browser) -> None:
    page = browser.page("/cases")
    assert "up_to_date" in page.classes()
    assert page.all("form") == []
