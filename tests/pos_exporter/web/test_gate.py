"""Who may use the page: refusals by host, token, cookie and form, and every answer's headers."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.pos_exporter.web.browser import ADDRESS, TOKEN, Browser, a_browser

PAGES = ("/", "/set-aside", "/orders", "/help", "/state.json", "/api/overview")


@pytest.fixture
def stranger() -> Iterator[Browser]:
    with a_browser(enters=False) as browser:
        yield browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_nothing(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "E-WEB-012" in answer.text
    assert "form_token" not in answer.text


def test_the_token_opens_once_and_leaves_the_address(stranger: Browser) -> None:
    answer = stranger.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("comptoir_8765=session-secret;")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.get("/").status_code == 200
    # The same browser may open its bookmark again; another one may not.
    assert stranger.get(f"/?token={TOKEN}").status_code == 303
    other = stranger.app.test_client().get(f"/?token={TOKEN}", base_url=ADDRESS)
    assert (other.status_code, "E-WEB-011" in other.text) == (403, True)


@pytest.mark.parametrize("token", ["", "wrong", "onc", "once ", "é", "\x00"])
def test_a_wrong_token_opens_nothing(stranger: Browser, token: str) -> None:
    answer = stranger.client.get("/", base_url=ADDRESS, query_string={"token": token})
    assert (answer.status_code, "E-WEB-011" in answer.text) == (403, True)
    assert "Set-Cookie" not in answer.headers
    assert stranger.get("/").status_code == 403


def test_a_forged_cookie_opens_nothing(stranger: Browser) -> None:
    stranger.client.set_cookie("comptoir_8765", "session", domain="127.0.0.1")
    assert stranger.get("/").status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil:8765",
     "localhost", "0.0.0.0:8765", "[::1]:8765", "127.0.0.1:8765@evil.example"],
)  # fmt: skip
def test_another_host_name_is_refused_even_with_the_cookie(browser: Browser, host: str) -> None:
    answer = get_as(browser, "/", host)
    assert (answer.status_code, "E-WEB-010" in answer.text) == (403, True)
    assert get_as(browser, "/static/page.css", host).status_code == 403


def get_as(browser: Browser, path: str, host: str) -> TestResponse:
    """Ask by another host name, with the very cookie of the session."""
    client = browser.app.test_client(use_cookies=False)
    headers = {"Host": host, "Cookie": "comptoir_8765=session-secret"}
    return client.get(path, base_url=ADDRESS, headers=headers)


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765"])
def test_both_names_of_this_pc_are_answered(browser: Browser, host: str) -> None:
    assert get_as(browser, "/", host).status_code == 200


@pytest.mark.parametrize("path", ["/sync", "/robot"])
@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {}),
        ({"form_token": ""}, {}),
        ({"form_token": "guess"}, {}),
        ({"form_token": "form-secret"}, {"Origin": "http://evil.example"}),
        ({"form_token": "form-secret"}, {"Origin": "null"}),
        ({"form_token": "form-secret"}, {"Origin": "http://127.0.0.1:8766"}),
    ],
)
def test_a_foreign_form_does_nothing(
    browser: Browser, path: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    answer = browser.post(path, {**form, "minutes": "5"}, headers=headers)
    assert (answer.status_code, "E-WEB-013" in answer.text) == (403, True)
    assert (browser.till.started, browser.till.chosen) == (0, [])


def test_a_form_needs_the_cookie_as_well(stranger: Browser) -> None:
    answer = stranger.post("/sync", {"form_token": "form-secret"})
    assert (answer.status_code, "E-WEB-012" in answer.text) == (403, True)
    assert stranger.till.started == 0


@pytest.mark.parametrize("path", ["/sync", "/robot"])
def test_looking_changes_nothing(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 405
    assert browser.till.started == 0


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/static/page.js", "/static/page.css"])
def test_every_answer_is_hardened(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert (answer.headers["Cache-Control"] == "no-store") == (not path.startswith("/static"))
    answer.close()


def test_refusals_are_hardened_and_speak_json_to_the_script(stranger: Browser) -> None:
    answer = stranger.get("/state.json")
    assert answer.json == {"code": "E-WEB-012", "status": 403}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_big_form_is_refused(browser: Browser) -> None:
    form = {"form_token": browser.form_token(), "minutes": "5" * 20_000}
    assert browser.post("/robot", form).status_code == 413
    assert browser.till.chosen == []
