"""The catalogue is whole in both languages, and sentences carry the right values."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import pos_exporter.web
from pos_exporter.orders_answers import Word as OrderWord
from pos_exporter.overview.values import Group, RunSummary, RunView, Why, Word
from pos_exporter.web.app import DONE_WORDS, STEPS
from pos_exporter.web.texts import NOUNS, TEXTS
from pos_exporter.web.wording import Words
from pos_exporter.why import Mark
from protocol.errors import Text
from protocol.records import FACT_KINDS, CaseKind, CaseVerb, FateState, Role
from tests.pos_exporter.web.shop import NOW

FR, EN = Words("fr", NOW, UTC), Words("en", NOW, UTC)
ROOM = Path(pos_exporter.web.__file__).parent
CATALOGUE_FATES = set(get_args(FateState)) - {"imported", "ignored"}
FAMILIES = {
    "word": get_args(Word),
    "help": get_args(Word),
    "why": get_args(Why),
    "group": get_args(Group),
    "note": get_args(Group),
    "role": get_args(Role),
    "order": ("new", "waiting", "refused", "doubt", "imported", "closed", "ignored", "other"),
    "step": (*STEPS, "done", "now", "todo"),
    "done": DONE_WORDS,
    "order_say": get_args(OrderWord),
    "case": get_args(CaseKind),
    "verb": get_args(CaseVerb),
    "verb_note": get_args(CaseVerb),
    "held": (
        "deactivations",
        "sellables",
        "prices",
        "price",
        "edits",
        "first-load",
        "shrunken-read",
        "other",
    ),
    "yes": (
        "deactivations",
        "sellables",
        "prices",
        "price",
        "edits",
        "first-load",
        "shrunken-read",
        "other",
    ),
    "mark": get_args(Mark),
    "fate": (*CATALOGUE_FATES, "none"),
    "result": ("0", "2", "3", "5", "6", "7", "8", "130", "other"),
    "nav": ("home", "set_aside", "orders", "why", "help"),
}


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_there_in_both_languages(key: str) -> None:
    text = TEXTS[key]
    assert text.fr.strip()
    assert text.en.strip()
    assert facts_of(text.fr) == facts_of(text.en)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_four_forms(noun: str) -> None:
    assert all(form.strip() for text in NOUNS[noun] for form in (text.fr, text.en))


def test_every_name_of_a_family_has_its_text() -> None:
    missing = [
        f"{f}_{n}" for f, names in FAMILIES.items() for n in names if f"{f}_{n}" not in TEXTS
    ]
    assert missing == []
    assert set(FACT_KINDS) <= set(NOUNS)


def test_every_key_that_is_used_exists_and_every_key_is_used() -> None:
    sources = [*ROOM.rglob("*.html"), *ROOM.glob("*.py")]
    code = "\n".join(file.read_text("utf-8") for file in sources)
    direct = set(re.findall(r"""(?:\bw|words|self)\(\s*["']([a-z_0-9]+)["']\s*[,)]""", code))
    assert direct <= set(TEXTS)
    named = {f"{family}_{name}" for family, names in FAMILIES.items() for name in names}
    quoted = set(re.findall(r"""["']([a-z_0-9]+)["']""", code))
    composed = {f"help_{part}" for name in ("button", "site", "sales") for part in
                (name, f"{name}_text")}  # fmt: skip
    assert set(TEXTS) - direct - named - quoted - composed == set()


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [(0, "0\xa0stock", "0\xa0stocks"), (1, "1\xa0stock", "1\xa0stock"),
     (2, "2\xa0stocks", "2\xa0stocks"), (4812, "4\u202f812\xa0stocks", "4,812\xa0stocks")],
)  # fmt: skip
def test_counts_agree_in_number(number: int, french: str, english: str) -> None:
    assert FR.count("stock", number) == french
    assert EN.count("stock", number) == english
    assert EN.count("gadget", number).endswith("gadget")


@pytest.mark.parametrize(
    ("total", "french", "english"),
    [
        ("129.90 EUR", "129,90\xa0€", "129.90\xa0€"),
        ("1249.9 CHF", "1\u202f249,90\xa0CHF", "1,249.90\xa0CHF"),
        ("-0.50 EUR", "-0,50\xa0€", "-0.50\xa0€"),
        ("12", "12,00", "12.00"),
        ("?", "?,00", "?.00"),
    ],
)
def test_amounts(total: str, french: str, english: str) -> None:
    assert (FR.amount(total), EN.amount(total)) == (french, english)


@pytest.mark.parametrize(
    ("before", "french", "ahead"),
    [
        (timedelta(seconds=20), "à l'instant", "maintenant"),
        (timedelta(minutes=3, seconds=59), "il y a 3 min", "dans 3 min"),
        (timedelta(hours=2, minutes=59), "il y a 2 h", "dans 2 h"),
        (timedelta(hours=47), "il y a 47 h", "dans 47 h"),
        (timedelta(days=3), "il y a 3 j", "dans 3 j"),
    ],
)
def test_spans(before: timedelta, french: str, ahead: str) -> None:
    assert FR.ago(NOW - before) == french
    assert FR.until(NOW + before) == ahead


def test_times_are_local_and_dated_when_not_today() -> None:
    assert FR.at(NOW) == "08:45"
    assert FR.at(NOW - timedelta(days=1)) == "23/11/2026 08:45"
    assert EN.stamp("2026-11-23T08:45:00Z") == "2026-11-23 08:45"
    assert FR.written("2026-11-24 09:30:00") == "24/11/2026 09:30"
    assert FR.written("not a time") == "not a time"


def run(code: int | None, **done: object) -> RunView:
    summary = RunSummary(**done)  # type: ignore[arg-type]  # each test gives fields of its type
    return RunView(1, NOW, datetime(2026, 11, 24, 8, tzinfo=UTC), code, summary)


@pytest.mark.parametrize(
    ("view", "english"),
    [
        (run(0), "Synchronisation done: nothing new"),
        (run(0, changes={"article": 1, "stock": 11}, imported=2),
         "Synchronisation done: 11 stocks, 1 article, 2 orders"),
        (run(3, changes={"photo": 2, "gadget": 0}, set_aside=1),
         "Synchronisation done: 2 photos; 1 line to correct"),
        (run(8, changes={"zebra": 1, "photo": 2}, gone=2),
         "Part of the synchronisation done: 2 photos, 1 zebra, of which 2 removals; "
         "the next pass goes on"),
        (run(5), "Synchronisation did not get through, the next pass tries again"),
        (run(77), TEXTS["result_other"].en),
        (run(1), TEXTS["result_other"].en),
        (run(None), TEXTS["result_other"].en),
    ],
)  # fmt: skip
def test_the_last_result_is_one_sentence(view: RunView, english: str) -> None:
    assert EN.result(view).replace("\xa0", " ") == english
    assert "{" not in FR.result(view)


def test_worded_texts_are_not_worded_again() -> None:
    assert FR.text(Text("a {b}", "c {d}")) == "a {b}"
    assert EN.text(Text("a {b}", "c {d}")) == "c {d}"
    assert FR.interval(60) == "1 h"
    assert FR.interval(90) == "90 min"
