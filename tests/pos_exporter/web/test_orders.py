"""The orders' pages: one whole, the picking list, answers, what was lost; and what stays closed."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update

from pos_exporter.changes import Changes
from pos_exporter.said import SaidBook
from pos_exporter.state import STATE
from protocol.records import (
    Article,
    Category,
    Order,
    OrderState,
    Price,
    Record,
    Role,
    Variant,
    record_line,
)
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.web.browser import KEYS, Browser, Page, a_browser, read_page
from tests.pos_exporter.web.shop import HOSTILE, add_order, at, ordinary_day


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


def sealed(browser: Browser, number: int, *lines: object, role: Role = "paid",
           state: str = "imported", **changes: object) -> Order:  # fmt: skip
    """Insert an order with its body, sealed as it is kept."""
    add_order(browser.engine, number, role=role, state=state)
    said = OrderState(id=2, role=role, name=role)
    body = order(f"clara/{number}", *lines, reference=f"XKBK{number:05}", state=said, **changes)  # type: ignore[arg-type] # rows of the test's own
    keep(browser, number, body=KEYS.public.seal(record_line(body)))
    return body


def keep(browser: Browser, number: int, **values: object) -> None:
    table = STATE.web_order
    same = table.c.uid == f"clara/{number}"
    with browser.engine.begin() as connection:
        connection.execute(update(table).where(same).values(**values))


def states(browser: Browser) -> dict[str, str]:
    table = STATE.web_order
    with browser.engine.connect() as connection:
        return {row.uid: row.state for row in connection.execute(select(table))}


def whole(browser: Browser, number: int, lang: str = "fr") -> Page:
    answer = browser.get("/orders/order", query_string={"uid": f"clara/{number}", "lang": lang})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return read_page(answer.text)


@pytest.mark.parametrize(("lang", "price"), [("fr", "99,80 €"), ("en", "99.80 €")])
def test_one_order_shows_lines_customer_and_amounts(
    browser: Browser, lang: str, price: str
) -> None:
    sealed(browser, 1, line(7, "a:7", 2), line(8, None), note=HOSTILE, carrier="Colissimo")
    page = whole(browser, 1, lang)
    for shown in ("R-7", "Derby n°8", price.replace(" ", " "), "zoe@example.com", "Colissimo",
                  "26100 Romans", HOSTILE, "0475000000"):  # fmt: skip
        assert shown in page.text.replace("\u00a0", " "), shown
    assert page.all("script") == [{"src": "/static/page.js", "defer": None}]


def test_the_list_opens_nobody_s_order(browser: Browser) -> None:
    sealed(browser, 1, line(7, "a:7"))
    for path in ("/orders", "/", "/api/overview", "/state.json"):
        text = browser.get(path).text
        assert "example.com" not in text
        assert "Romans" not in text


def test_an_order_whose_details_are_wiped_still_has_its_ledger(browser: Browser) -> None:
    add_order(browser.engine, 1, state="imported")
    page = whole(browser, 1)
    assert "W1" in page.text
    assert page.all("table") == []


def test_an_order_that_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/orders/order", query_string={"uid": "clara/9"}).status_code == 404


def test_nothing_of_an_order_is_shown_to_a_stranger(browser: Browser) -> None:
    sealed(browser, 1, line(7, "a:7"))
    with browser.app.test_client() as stranger:
        for path in ("/orders/order?uid=clara/1", "/orders/picking"):
            answer = stranger.get(path, base_url="http://127.0.0.1:8765")
            assert answer.status_code == 403
            assert "R-7" not in answer.text


# --- the picking list ------------------------------------------------------------------------


def said(browser: Browser, *records: Record) -> None:
    with browser.engine.begin() as connection:
        fingerprints = {(one.kind, one.key): b"0" * 16 for one in records}
        SaidBook(connection).keep(Changes(records, fingerprints, frozenset(), 0))


def test_the_picking_list_has_what_is_paid_and_not_shipped_by_shelf(browser: Browser) -> None:
    sealed(browser, 1, line(7, "v:70", 2), line(8, "a:8"))
    sealed(browser, 2, line(7, "v:70", 1), role="preparing")
    sealed(browser, 3, line(9, "a:9"), role="shipped")
    sealed(browser, 4, line(9, "a:9"), role="awaiting_payment", state="waiting")
    sealed(browser, 5, line(9, "a:9"), state="ignored")
    price = Price(amount="49.90", basis="tax_included")  # type: ignore[arg-type] # parsed
    said(
        browser,
        Category(key="R", name={"fr": "Femme"}, parent=None),
        Category(key="F", name={"fr": "Bottes"}, parent="R"),
        Article(
            key="6", reference="B", name={"fr": "Botte"}, price=price, tax_rate="1",
            categories=("F",),
        ),
        Variant(key="70", article="6", values=("36",)),
    )  # fmt: skip
    page = read_page(browser.get("/orders/picking").text)
    text = page.text.replace("\u00a0", " ")
    assert "Femme › Bottes R-7 Derby n°7 3 XKBK00001 × 2, XKBK00002" in text
    assert "R-8" in text
    assert "R-9" not in text
    assert "slip" in page.classes()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_empty_picking_list_says_so(browser: Browser, lang: str) -> None:
    ordinary_day(browser.engine)  # its orders have no bodies any more
    page = browser.page("/orders/picking", lang)
    assert page.all("table") == []
    assert len(page.all("h1")) == 1


# --- what a person says ----------------------------------------------------------------------


def post(browser: Browser, path: str, **form: str) -> int:
    return browser.post(path, {"form_token": browser.form_token(), **form}).status_code


def seen(page: Page) -> str:
    """Return the mark of the only order that a page shows."""
    [field] = [one for one in page.all("input") if one.get("name") == "seen"]
    return str(field["value"])


def test_an_answer_is_written_down_and_a_pass_begins(browser: Browser) -> None:
    add_order(browser.engine, 1, state="waiting")
    page = browser.page("/orders")
    assert [b["value"] for b in page.all("button") if b.get("name") == "word"] == [
        "taken", "ignore",
    ]  # fmt: skip
    assert post(browser, "/orders/answer", uid="clara/1", word="taken", seen=seen(page)) == 303
    assert (states(browser), browser.till.started) == ({"clara/1": "imported"}, 1)


@pytest.mark.parametrize("look", [lambda browser: browser.page("/orders"), lambda b: whole(b, 1)])
@pytest.mark.parametrize("change", [{"revision": "f" * 64}, {"tries": 1}])
def test_an_answer_counts_for_the_order_as_it_was_shown(
    browser: Browser, look: Callable[[Browser], Page], change: dict[str, object]
) -> None:
    add_order(browser.engine, 1, state="waiting")
    shown = seen(look(browser))
    keep(browser, 1, **change)  # meanwhile the site changes it, or it was sent again
    for stale in (shown, ""):
        assert post(browser, "/orders/answer", uid="clara/1", word="taken", seen=stale) == 409
    assert (states(browser), browser.till.started) == ({"clara/1": "waiting"}, 0)
    shown = seen(look(browser))
    assert post(browser, "/orders/answer", uid="clara/1", word="taken", seen=shown) == 303


@pytest.mark.parametrize(
    ("uid", "word", "status"),
    [("clara/1", "resend", 409), ("clara/9", "taken", 409), ("clara/1", "sell", 409)],
)
def test_an_answer_that_does_not_fit_changes_nothing(
    browser: Browser, uid: str, word: str, status: int
) -> None:
    add_order(browser.engine, 1, state="waiting")
    shown = seen(browser.page("/orders"))
    assert post(browser, "/orders/answer", uid=uid, word=word, seen=shown) == status
    assert (states(browser), browser.till.started) == ({"clara/1": "waiting"}, 0)


def test_a_foreign_form_answers_nothing(browser: Browser) -> None:
    add_order(browser.engine, 1, state="waiting")
    for path in ("/orders/answer", "/orders/reimport"):
        answer = browser.post(path, {"uid": "clara/1", "word": "taken"})
        assert answer.status_code == 403
    assert states(browser) == {"clara/1": "waiting"}


@pytest.mark.parametrize(
    ("lang", "told"),
    [("fr", "La caisse a perdu 2 commandes"), ("en", "The till has lost 2 orders")],
)
def test_what_the_till_lost_is_told_and_one_click_puts_it_back(
    browser: Browser, lang: str, told: str
) -> None:
    ordinary_day(browser.engine)
    for number in (1, 2):
        keep(browser, number, lost=at(hours=1), state="waiting", entered_at=at(days=1))
    for path in ("/", "/orders"):
        page = browser.page(path, lang)
        assert told in page.text.replace("\u00a0", " ")
        assert "/orders/reimport" in [form["action"] for form in page.all("form")]
    assert "action_required" in browser.page("/", lang).classes()
    assert browser.get("/state.json").get_json()["word"] == "action_required"

    assert post(browser, "/orders/reimport") == 303
    assert (states(browser)["clara/1"], states(browser)["clara/2"]) == ("new", "new")
    assert browser.till.started == 1
    assert told not in browser.page("/orders", lang).text.replace("\u00a0", " ")


# --- a new order is seen ---------------------------------------------------------------------


def test_the_page_s_script_learns_of_new_orders(browser: Browser) -> None:
    add_order(browser.engine, 1)
    before = browser.get("/state.json").get_json()
    [body] = browser.page("/orders").all("body")
    assert (body["data-orders"], body["data-page"]) == ("1", "orders")
    add_order(browser.engine, 2)
    after = browser.get("/state.json").get_json()
    assert (before["orders"], after["orders"]) == (1, 2)
    assert before["fresh"] != after["fresh"]


def test_the_sound_waits_for_a_click(browser: Browser) -> None:
    ordinary_day(browser.engine)
    [button] = [b for b in browser.page("/orders").all("button") if b.get("id") == "sound"]
    assert "hidden" in button  # the script shows it where the browser can sound
    assert button["aria-pressed"] == "false"
