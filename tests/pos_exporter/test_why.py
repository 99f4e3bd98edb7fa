"""Why is it not online? Each broken link of the chain gives its own answer."""

import json
import zlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, insert, update

from pos_exporter.assembled import LeftOut, SetAside
from pos_exporter.belonging import owners_of
from pos_exporter.changes import compare
from pos_exporter.choices import PolicySettings
from pos_exporter.differences import FieldChange
from pos_exporter.history import KEPT_DAYS, KEPT_OF_ONE, last_changes, note_changes, note_packet
from pos_exporter.mapping.photo_errors import PhotoMissingError
from pos_exporter.mapping.text_errors import NameEmptyError
from pos_exporter.on_site import note_answer
from pos_exporter.policy_memory import remember
from pos_exporter.said import SaidBook
from pos_exporter.state import LINK, STATE
from pos_exporter.why import Answer, why
from pos_exporter.why.tell import lines
from protocol.errors import Problem
from protocol.link.notices import problem_json
from protocol.records import (
    Article,
    Category,
    Counted,
    Fate,
    Photo,
    Price,
    Promotion,
    Record,
    Stock,
    Variant,
    reason_of,
)
from tests.pos_exporter.web.shop import NOW, add, add_order, at, empty_state

PRICE = Price(amount=Decimal("49.90"))
FACTS: tuple[Record, ...] = (
    Category(key="F", name={"fr": "Femme"}, parent=None),
    Category(key="F1", name={"fr": "Bottes"}, parent="F"),
    Article(key="1042", reference="H01-1", name={"fr": "Derby"}, price=PRICE, tax_rate="N",
            ean="3760123456787", categories=("F1",)),
    Article(key="1043", reference="H01-2", name={"fr": "Botte"}, price=PRICE, tax_rate="N"),
    Variant(key="421", article="1042", values=("size|38",), reference="H01-1-38"),
    Stock(key="v:421", quantity=5, counted=(Counted(order="o/1", quantity=2),)),
    Stock(key="a:1043", quantity=3),
    Photo(key="p1", article="1042", sha256="0" * 64, size=9, position=1),
    Promotion(key="x1", category="F", percent=Decimal(20), name="Soldes",
              ends_at="2026-12-01 00:00:00"),
    Promotion(key="x2", article="1042", price=Decimal(9), starts_at="2026-12-24 00:00:00"),
    Promotion(key="x3", article="1042", price=Decimal(1), ends_at="2026-11-23 23:59:59"),
    Promotion(key="x4", article="1043", price=Decimal(1)),
)  # fmt: skip


@pytest.fixture
def state() -> Iterator[Engine]:
    with empty_state() as engine:
        yield engine


def say(
    engine: Engine, *, packed: bool = True, uploaded: bool = True, received: bool = True
) -> None:
    """Queue FACTS, and bring them as far as told."""
    with engine.begin() as connection:
        changes = compare(FACTS, {}, (), {})
        SaidBook(connection).keep(changes, owners_of(FACTS), at(hours=3))
        if packed:
            note_packet(connection, "catalogue", 1, 7, [(r.kind, r.key) for r in FACTS])
    row = {"stream": "catalogue", "epoch": 1, "seq": 7, "records": 9, "acknowledged": received}
    add(engine, LINK.packet, {**row, "uploaded": uploaded})


def answer(engine: Engine, kind: str, key: str, state: str, problem: Problem | None = None) -> None:
    reason = reason_of(problem).model_dump_json() if problem else None
    add(engine, STATE.fate, {"kind": kind, "key": key, "state": state, "reason": reason,
                             "at": at(hours=1)})  # fmt: skip


def ask(engine: Engine, text: str = "H01-1") -> Answer:
    return why(engine, text, NOW)


def marks(found: Answer) -> list[tuple[str, str]]:
    order = ("till", "choice", "queued", "received", "site")
    return [(step.name, step.mark) for step in found.steps if step.name in order]


# --- who is meant ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1042", "H01-1", " H01-1 ", "3760123456787", "421", "H01-1-38"])
def test_an_article_is_found_by_whatever_people_have(state: Engine, text: str) -> None:
    say(state)
    found = ask(state, text)
    assert found.article is not None
    assert found.article.key == "1042"


def test_what_was_never_sent_is_found_too(state: Engine) -> None:
    left = LeftOut("article", "9", "unflagged", label="R9 Mule", codes=("R9", "3760"), owner="9")
    held = SetAside(
        "variant", "81", "R8 Sabot", NameEmptyError().problem(), owner="8", codes=("R8-1",)
    )
    with state.begin() as connection:
        SaidBook(connection).keep_left_out([left])
        SaidBook(connection).keep_withheld([held], at(hours=1))
    for text, key in (("R9", "9"), ("3760", "9"), ("9", "9"), ("R8-1", "8"), ("81", "8")):
        found = ask(state, text)
        assert found.article is not None
        assert found.article.key == key
    assert ask(state, "R9").article is not None
    assert ask(state, "R").article is None


def test_several_are_listed_and_none_is_said(state: Engine) -> None:
    say(state)
    with state.begin() as connection:
        connection.execute(update(STATE.said).values(reference="SAME"))
    found = ask(state, "SAME")
    assert ([match.key for match in found.matches], found.steps) == (["1042", "1043"], ())
    assert (ask(state, "%").article, ask(state, "_").matches) == (None, ())


@pytest.mark.parametrize(
    ("entered", "mark"),
    [("imported", "ok"), ("closed", "ok"), ("new", "wait"), ("waiting", "wait"), ("refused", "no")],
)
def test_an_order_has_its_chain_too(state: Engine, entered: str, mark: str) -> None:
    problem = NameEmptyError().problem()
    told = problem_json(problem) if entered in {"waiting", "refused"} else None
    add_order(state, 5, state=entered, problem=told)
    found = ask(state, "XKBK00005")
    assert [step.mark for step in found.steps] == ["ok", mark]
    assert found.steps[-1].code == (problem.code if told else "")


# --- the chain -------------------------------------------------------------------------------

OK = [("till", "ok"), ("choice", "ok"), ("queued", "ok"), ("received", "ok")]


def test_what_waits_here(state: Engine) -> None:
    say(state, packed=False)
    found = ask(state)
    assert (marks(found), found.online) == ([*OK[:2], ("queued", "wait")], None)


def test_what_is_packed_and_has_not_left(state: Engine) -> None:
    say(state, uploaded=False, received=False)
    found = ask(state)
    assert (marks(found), found.online) == ([*OK[:2], ("queued", "wait")], None)


def test_what_the_site_has_not_fetched(state: Engine) -> None:
    say(state, received=False)
    found = ask(state)
    assert (marks(found), found.online) == ([*OK[:3], ("received", "wait")], None)


def test_what_the_site_has_not_answered(state: Engine) -> None:
    say(state)
    found = ask(state)
    assert (marks(found), found.online) == ([*OK, ("site", "wait")], None)


@pytest.mark.parametrize(
    ("fate", "reason", "mark", "online"),
    [
        ("applied", False, "ok", True), ("unchanged", False, "ok", True),
        ("edited_on_site", True, "ok", True), ("edited_on_site", False, "ok", True),
        ("applied", True, "no", False), ("refused", True, "no", False),
        ("held", True, "no", False), ("waiting", True, "wait", None),
    ],
)  # fmt: skip
def test_what_the_site_answered(
    state: Engine, fate: str, reason: bool, mark: str, online: bool | None
) -> None:
    say(state)
    problem = PhotoMissingError(value="a.jpg").problem() if reason else None
    answer(state, "article", "1042", fate, problem)
    found = ask(state)
    assert (marks(found), found.online) == ([*OK, ("site", mark)], online)
    site = next(step for step in found.steps if step.name == "site")
    assert site.code == (problem.code if problem else "")
    assert bool(site.remedy.fr) == reason


@pytest.mark.parametrize(
    ("cause", "by"),
    [("unflagged", ""), ("unflagged", "only_flagged"), ("discontinued", ""),
     ("filtered", "filter.brands"), ("filtered", "filter.in_stock"), ("vanished", "")],
)  # fmt: skip
def test_what_the_till_or_the_choices_keep(state: Engine, cause: str, by: str) -> None:
    item = LeftOut("article", "9", cause, by, "R9", ("R9",), "9")  # type: ignore[arg-type]  # each is a cause
    with state.begin() as connection:
        SaidBook(connection).keep_left_out([item])
    found = ask(state, "R9")
    assert (marks(found), found.online) == ([("till", "ok"), ("choice", "no")], False)


def test_each_choice_has_words_of_its_own(state: Engine) -> None:
    told = set()
    for by in ("filter.categories", "filter.brands", "filter.suppliers", "filter.in_stock",
               "filter.with_photo", "only_flagged"):  # fmt: skip
        cause = "unflagged" if by == "only_flagged" else "filtered"
        with state.begin() as connection:
            item = LeftOut("article", "9", cause, by, "R9", ("R9",), "9")  # type: ignore[arg-type]  # a cause
            SaidBook(connection).keep_left_out([item])
        told.add(ask(state, "R9").verdict.fr)
    assert len(told) == 6


def test_what_is_set_aside_at_the_till(state: Engine) -> None:
    problem = NameEmptyError(place="ARTICLE.LIB").problem()
    held = SetAside("article", "1042", "H01-1", problem, owner="1042", codes=("H01-1",))
    with state.begin() as connection:
        SaidBook(connection).keep_withheld([held], at(hours=1))
    found = ask(state)
    assert (marks(found), found.online) == ([("till", "no")], False)
    assert (found.steps[0].code, bool(found.steps[0].remedy.fr)) == (problem.code, True)
    say(state)
    answer(state, "article", "1042", "applied")
    assert ask(state).online is True  # as it was before
    assert problem.what.fr in ask(state).verdict.fr


def test_parts_that_are_set_aside_or_refused_are_named(state: Engine) -> None:
    say(state)
    answer(state, "article", "1042", "applied")
    answer(state, "variant", "421", "applied")
    refused = PhotoMissingError(value="a.jpg").problem()
    answer(state, "photo", "p1", "refused", refused)
    aside = SetAside("variant", "422", "H01-1-39", NameEmptyError().problem(), owner="1042")
    with state.begin() as connection:
        SaidBook(connection).keep_withheld([aside], at(hours=1))
    found = ask(state)
    assert found.online is True
    codes = {step.name: step.code for step in found.steps if step.code}
    assert codes == {"complete": NameEmptyError.code, "parts": refused.code}


# --- what the site shows already -------------------------------------------------------------

HASH = "0" * 64


def hear(engine: Engine, state: str, problem: Problem | None = None) -> None:
    """Let the site's answer come in, as the mailroom takes it."""
    reason = reason_of(problem) if problem else None
    fate = Fate(key="article/1042", of_kind="article", of_key="1042", of_hash=HASH,
                state=state, reason=reason, at=NOW)  # type: ignore[arg-type]  # each is a state  # fmt: skip
    with engine.begin() as connection:
        note_answer(connection, fate)
        connection.execute(STATE.fate.delete())
    answer(engine, "article", "1042", state, problem)


def bury(engine: Engine, cause: str = "unflagged") -> None:
    """Let the till keep the article back: its tombstone is queued."""
    left = LeftOut("article", "1042", cause, "", "H01-1 Derby", ("H01-1",), "1042")  # type: ignore[arg-type]  # a cause
    with engine.begin() as connection:
        connection.execute(STATE.said.delete().where(STATE.said.c.owner == "1042"))
        connection.execute(STATE.fate.delete())
        SaidBook(connection).keep_left_out([left])


@pytest.mark.parametrize("later", ["held", "refused", "waiting"])
def test_what_the_site_shows_stays_online_while_a_change_is_kept_out(
    state: Engine, later: str
) -> None:
    say(state)
    hear(state, "applied")
    hear(state, later, PhotoMissingError(value="a.jpg").problem())
    assert ask(state).online is True
    with state.begin() as connection:
        connection.execute(STATE.fate.delete())  # a newer record is on the road
    found = ask(state)
    assert (found.online, ("site", "wait") in marks(found)) == (True, True)
    with state.connect() as connection:
        assert "1042" in SaidBook(connection).articles_on_site()


def test_what_visitors_lost_is_not_online(state: Engine) -> None:
    say(state)
    hear(state, "applied")
    hear(state, "applied", PhotoMissingError(value="a.jpg").problem())
    hear(state, "held", PhotoMissingError(value="a.jpg").problem())
    assert ask(state).online is False


@pytest.mark.parametrize("held", [True, False])
def test_what_is_to_leave_is_online_until_the_site_says_otherwise(
    state: Engine, held: bool
) -> None:
    say(state)
    hear(state, "applied")
    bury(state)
    if held:
        add(state, STATE.held_class, {"key": "deactivations", "changes": 22, "of": 84,
                                      "examples": "[]", "since": at(hours=1)})  # fmt: skip
    found = ask(state)
    assert (found.online, marks(found)) == (
        True, [("till", "ok"), ("choice", "no"), ("site", "wait")],
    )  # fmt: skip
    site = next(step for step in found.steps if step.name == "site")
    assert ("accord" in site.text.fr) is held
    hear(state, "applied")
    assert ask(state).online is False


@pytest.mark.parametrize("fallen", ["leave", "out_of_stock"])
def test_what_the_merchant_leaves_on_the_site_stays_online(state: Engine, fallen: str) -> None:
    with state.begin() as connection:
        choices = PolicySettings.model_validate({"gone": {"unflagged": fallen}})
        remember(connection, choices.record())
    say(state)
    hear(state, "applied")
    bury(state)
    hear(state, "applied")
    assert ask(state).online is True
    bury(state, "discontinued")
    hear(state, "applied")
    assert ask(state).online is False


def test_what_the_till_shows_no_longer_is_found_by_its_key_while_it_is_seen(
    state: Engine,
) -> None:
    say(state)
    hear(state, "applied")
    with state.begin() as connection:
        connection.execute(STATE.said.delete())
        connection.execute(STATE.fate.delete())
    found = ask(state, "1042")
    assert (found.online, marks(found)) == (True, [("till", "no"), ("site", "wait")])
    hear(state, "applied")
    assert ask(state, "1042").article is None


# --- stock, promotions, history --------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "buffer"),
    [
        ({}, 0), ({"buffer": 1}, 1), ({"buffer": 1, "buffers": {"F": 2}}, 2),
        ({"buffers": {"F": 2, "F1": 3}}, 3), ({"buffer": 1, "buffers": {"H": 9}}, 1),
    ],
)  # fmt: skip
def test_stock_is_told_with_the_buffer_as_sent(
    state: Engine, choices: dict[str, object], buffer: int
) -> None:
    say(state)
    answer(state, "stock", "v:421", "applied")
    with state.begin() as connection:
        remember(connection, PolicySettings.model_validate(choices).record())
    (one,) = ask(state).sellables
    assert (one.label, one.quantity, one.counted, one.buffer, one.state) == (
        "H01-1-38", 5, 2, buffer, "applied",
    )  # fmt: skip


def test_promotions_that_touch_it_and_are_not_over(state: Engine) -> None:
    say(state)
    told = [step.text.fr for step in ask(state).steps if step.name == "promotion"]
    assert len(told) == 2
    assert any("Soldes" in one and "20" in one for one in told)
    assert any("x2" in one for one in told)


def test_out_of_stock_is_online_all_the_same(state: Engine) -> None:
    say(state)
    answer(state, "article", "1042", "applied")
    empty = zlib.compress(json.dumps({"kind": "stock", "key": "v:421", "quantity": "0"}).encode())
    with state.begin() as connection:
        same = (STATE.said.c.kind == "stock", STATE.said.c.key == "v:421")
        connection.execute(update(STATE.said).where(*same).values(line=empty))
    found = ask(state)
    assert found.online is True
    assert next(step for step in found.steps if step.name == "stock").mark == "note"


def test_the_history_has_the_packet_and_is_bounded(state: Engine) -> None:
    thing, article = ("article", "1042"), FACTS[2]
    add(state, STATE.run, {"started_at": at(minutes=1), "summary": "{}"})

    def change(number: int, day: int) -> None:
        fields = {thing: [FieldChange("price.amount", str(number), str(number + 1))]}
        moment = NOW - timedelta(days=day)
        with state.begin() as connection:
            note_changes(connection, [article], [thing], fields, moment)

    change(0, KEPT_DAYS + 1)
    for number in range(1, KEPT_OF_ONE + 5):
        change(number, 0)
    say(state)
    with state.begin() as connection:
        kept = last_changes(connection, [thing], 1000)
    assert len(kept) == KEPT_OF_ONE
    assert (kept[0].before, kept[0].packet, kept[0].run) == (str(KEPT_OF_ONE + 4), (1, 7), 1)
    shown = ask(state).history
    assert [one.field for one in shown] == ["price.amount"] * 10


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_answer_is_told_in_lines(state: Engine, lang: str) -> None:
    say(state)
    answer(state, "article", "1042", "refused", PhotoMissingError(value="a {x}").problem())
    told = list(lines(ask(state), "fr" if lang == "fr" else "en"))
    assert told[0] == "H01-1 Derby [1042]"
    assert any(line.startswith("✗") and PhotoMissingError.code in line for line in told)
    verdict = ask(state).verdict
    assert told[-1] == (verdict.fr if lang == "fr" else verdict.en)


def test_a_row_of_an_older_version_still_has_an_answer(state: Engine) -> None:
    with state.begin() as connection:
        row = {"kind": "article", "key": "7", "fingerprint": b"", "label": "R7", "owner": "7"}
        connection.execute(insert(STATE.said).values(**row))
    found = ask(state, "7")
    assert (found.online, found.sellables, found.history) == (None, (), ())
