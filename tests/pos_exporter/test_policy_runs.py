"""Each choice flipped changes what a run queues, seen through the commands."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.till import build_small_till
from pos_exporter.choices import PolicySettings
from tests.commands import Play, Said, opened_play


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path, make_till=lambda path: build_small_till(path, articles=6)) as opened:
        opened.pair()
        yield opened


def at_the_till(play: Play, sql: str) -> list[Any]:
    with closing(sqlite3.connect(play.stage.till_path)) as till:
        rows = till.execute(sql).fetchall()
        till.commit()
    return rows


def choose(play: Play, **policy: object) -> None:
    """Write the merchant's choices into the settings file."""
    file = play.stage.exporter_file
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    settings["policy"] = policy
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def planned(play: Play, *arguments: str) -> list[dict[str, Any]]:
    return play.pos("sync", "--dry-run", *arguments).of("action")


def gone(play: Play) -> dict[str, str]:
    return {
        a["key"]: a["cause"] for a in planned(play) if (a["kind"], a["act"]) == ("article", "gone")
    }


def packets(play: Play) -> list[Path]:
    return sorted((play.stage.folder.parent / "packets").rglob("*.pkt"))


def with_variants(play: Play) -> tuple[str, str]:
    """Return an article that comes in variants, and its reference."""
    rows = at_the_till(play, "SELECT DISTINCT A.ID_ART, A.REF FROM ARTICLE A JOIN DECLINAISON D "
                             "ON D.ID_ART = A.ID_ART ORDER BY 1")  # fmt: skip
    return str(rows[0][0]), rows[0][1]


# --- filters ---------------------------------------------------------------------------------


def test_a_filter_takes_articles_off_and_brings_them_back(play: Play) -> None:
    play.pos("sync")
    families = at_the_till(play, "SELECT ID_ART, COD_FAM FROM ARTICLE")
    kept = families[0][1]
    others = {str(key) for key, family in families if family != kept}
    assert others
    choose(play, filter={"categories": [kept]})
    assert gone(play) == dict.fromkeys(others, "filtered")
    first = play.pos("sync")
    assert first.last["left_out"] == len(others)
    assert (first.last["changes"]["policy"], play.pos("sync").last["changes"]) == (1, {})
    choose(play)
    back = play.pos("sync").last["changes"]
    assert back["article"] == len(others)


def test_a_filter_is_no_shrunken_read_but_a_till_that_hides_all_is(play: Play) -> None:
    play.pos("sync")
    choose(play, filter={"brands": ["nowhere"]})
    done = play.pos("sync")
    assert (done.code, done.last["left_out"]) == (0, 6)
    choose(play)
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART > 1001")
    assert play.pos("sync").codes == {"E-POS-020"}
    choose(play, only_flagged=False)
    assert play.pos("sync").code == 0
    choose(play)
    assert play.pos("sync").code == 0  # the choice was changed, not the till


def test_all_articles_may_go_flagged_or_not(play: Play) -> None:
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = 1001")
    said = {a["key"]: a["record"] for a in planned(play) if a["kind"] == "article"}
    assert "1001" not in said
    choose(play, only_flagged=False)
    said = {a["key"]: a["record"] for a in planned(play) if a["kind"] == "article"}
    assert said["1001"]["online"] is False
    assert said["1002"]["online"] is True


@pytest.mark.parametrize("choice", [{"in_stock": True}, {"with_photo": True}])
def test_stock_and_photos_can_be_asked_for(play: Play, choice: dict[str, bool]) -> None:
    play.pos("sync")
    if "in_stock" in choice:
        at_the_till(play, "UPDATE STOCK SET QTE = 0 WHERE ID_DECL IN "
                          "(SELECT ID_DECL FROM DECLINAISON WHERE ID_ART = 1001)")  # fmt: skip
        expected = {"1001"}
    else:
        shown = {row[0] for row in at_the_till(play, "SELECT ID_ART FROM PHOTO")}
        all_of_them = at_the_till(play, "SELECT ID_ART FROM ARTICLE")
        expected = {str(row[0]) for row in all_of_them if row[0] not in shown}
    assert expected
    choose(play, filter=choice)
    assert gone(play) == dict.fromkeys(expected, "filtered")


def test_a_choice_that_names_nothing_is_told(play: Play) -> None:
    choose(play, buffers={"F99": 2})
    play.pos("sync")
    notices = play.pos("status").last["link"]["notices"]
    assert [(one["code"], one["place"]) for one in notices] == [("E-POS-033", "policy.buffers")]


# --- what else travels -----------------------------------------------------------------------


CHOICES: dict[str, object] = {
    "mode": "stock", "pilot": {"articles": ["1001"]}, "only_flagged": False, "only_new": True,
    "filter": {"in_stock": True}, "new_articles": "draft", "empty_combinations": "hide",
    "fill_languages": False, "buffers": {"F01": 1}, "buffer": 2, "brakes": {"price_percent": 10},
    "gone": {"vanished": "leave"}, "owners": {"article.name": "site"}, "default_language": "en",
    "stock": {"oversale": "zero"},
}  # fmt: skip


def test_each_choice_is_said_with_a_new_version(play: Play) -> None:
    assert set(CHOICES) == set(PolicySettings.model_fields)
    play.pos("sync")
    chosen: dict[str, object] = {}
    for version, (name, value) in enumerate(CHOICES.items(), start=2):
        chosen[name] = value
        choose(play, **chosen)
        (policy,) = [a for a in planned(play) if a["kind"] == "policy"]
        assert policy["record"]["version"] == version
        assert {f["field"].partition(".")[0] for f in policy["fields"]} == {name, "version"}
        assert play.pos("sync").last["changes"]["policy"] == 1
    assert play.pos("sync").last["changes"] == {}


def test_of_old_articles_only_stock_and_prices_go_until_the_choice_is_off(play: Play) -> None:
    play.settle()
    choose(play, only_new=True)
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET LIB = 'Autre nom' WHERE ID_ART = 1001")
    at_the_till(play, "UPDATE ARTICLE SET LIB = 'Autre', PX_TTC = '1,00' WHERE ID_ART = 1002")
    (entry,) = planned(play)
    assert (entry["kind"], entry["key"]) == ("article", "1002")
    assert [field["field"] for field in entry["fields"]] == ["price.amount"]
    assert play.pos("sync").last["changes"] == {"article": 1}
    assert play.pos("sync").last["changes"] == {}
    step = next(s for s in play.pos("why", "1001").last["steps"] if s["name"] == "choice")
    assert step["mark"] == "ok"
    assert any(s["code"] == "only_new" for s in play.pos("why", "1001").last["steps"])
    choose(play)
    changed = {(a["key"], f["field"]) for a in planned(play) if a["kind"] == "article"
               for f in a["fields"]}  # fmt: skip
    assert changed == {("1001", "name.fr"), ("1002", "name.fr")}


# --- parts -----------------------------------------------------------------------------------


def test_one_article_goes_alone_and_opens_no_epoch(play: Play) -> None:
    assert play.pos("sync", "--article", "1001").codes == {"E-POS-035"}
    play.pos("sync")
    key, reference = with_variants(play)
    at_the_till(play, "UPDATE ARTICLE SET PX_TTC = '1,00'")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = 1006")
    epoch = play.pos("status").last["link"]["outgoing"]
    done = play.pos("sync", "--article", reference)
    assert (done.code, done.last["changes"], done.last["gone"]) == (0, {"article": 1}, 0)
    after = play.pos("status").last["link"]["outgoing"]
    assert [one["epoch"] for one in after] == [one["epoch"] for one in epoch]
    rest = {a["key"] for a in planned(play) if a["kind"] == "article"}
    assert rest == {"1001", "1002", "1003", "1004", "1005", "1006"} - {key}


def test_several_articles_and_one_that_is_nowhere(play: Play) -> None:
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET PX_TTC = '1,00'")
    two = planned(play, "--article", "1001", "--article", "1002")
    assert {a["key"] for a in two} == {"1001", "1002"}
    assert play.pos("sync", "--article", "NO-SUCH").codes == {"E-POS-034"}


def test_an_article_can_be_said_again_and_withdrawn_alone(play: Play) -> None:
    play.pos("sync")
    again = planned(play, "--article", "1001", "--full")
    assert {a["act"] for a in again} == {"again"}
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = 1001")
    done = play.pos("sync", "--article", "1001")
    assert done.last["gone"] == sum(done.last["changes"].values()) > 1


def test_only_new_articles_go(play: Play) -> None:
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = 1001")
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'O', PX_TTC = '1,00'")
    entries = planned(play, "--only", "new")
    assert {a["key"] for a in entries if a["kind"] == "article"} == {"1001"}
    assert {a["act"] for a in entries} == {"new"}
    play.pos("sync", "--only", "new")
    assert play.pos("sync").last["changes"]["article"] == 5


# --- dry run ---------------------------------------------------------------------------------


def test_a_trial_shows_old_and_new_field_by_field_and_sends_nothing(
    play: Play, tmp_path: Path
) -> None:
    play.pos("sync")
    before = at_the_till(play, "SELECT PX_TTC FROM ARTICLE WHERE ID_ART = 1001")[0][0]
    at_the_till(play, "UPDATE ARTICLE SET PX_TTC = '77,70' WHERE ID_ART = 1001")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = 1002")
    sent, file = packets(play), tmp_path / "plan.jsonl"
    done: Said = play.pos("sync", "--dry-run", "--plan", str(file))
    changed = next(a for a in done.of("action") if a["act"] == "changed")
    assert (changed["kind"], changed["key"]) == ("article", "1001")
    price = before.replace(",", ".").rstrip("0")
    assert changed["fields"] == [{"field": "price.amount", "before": price, "after": "77.7"}]
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(one["kind"], one["key"]) for one in lines] == [
        (a["kind"], a["key"]) for a in done.of("action")
    ]
    assert {one["cause"] for one in lines if one["act"] == "gone"} == {"unflagged"}
    assert packets(play) == sent
    told = play.pos("sync", "--dry-run", as_json=False).out
    assert "77.7" in told


def test_a_plan_that_cannot_be_written_is_told(play: Play) -> None:
    done = play.pos("sync", "--dry-run", "--plan", "/no/such/folder/plan.jsonl")
    assert done.codes == {"E-POS-038"}


def test_a_trial_needs_no_server(play: Play) -> None:
    play.pos("sync")
    settings = yaml.safe_load(play.stage.exporter_file.read_text(encoding="utf-8"))
    settings["channel"] = {"folder": {"path": "/no/such/folder"}}
    play.stage.exporter_file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert play.pos("sync", "--dry-run").code == 0


# --- the till's own brake --------------------------------------------------------------------


def test_a_yes_lets_a_suspicious_reading_through_once(play: Play) -> None:
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART > 1002")
    assert play.pos("sync").code == 6
    (held,) = play.pos("approve").last["classes"]
    assert (held["key"], held["count"], held["of"]) == ("shrunken-read", 4, 6)
    assert play.pos("approve", "prices").codes == {"E-POS-036"}
    assert play.pos("approve", "shrunken-read", "--up-to", "3").codes == {"E-POS-037"}
    assert play.pos("approve", "shrunken-read").code == 0
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART > 1001")
    assert play.pos("sync").code == 6  # more is gone than was shown
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'O' WHERE ID_ART = 1002")
    assert play.pos("sync").code == 0
    assert play.pos("approve").last["classes"] == []


def test_a_first_load_waits_for_the_yes_given_at_the_till(play: Play) -> None:
    play.pos("sync")
    play.agent("sync")
    play.pos("sync")
    assert play.pos("status").last["why"] == "held"
    (held,) = play.pos("status").last["held"]
    assert (held["key"], held["count"]) == ("first-load", 6)
    play.pos("approve", "first-load")
    assert play.pos("status").last["why"] == "ok"
    play.pos("sync")
    assert play.agent("sync").last["written"]["products"]["created"] == 6
    play.pos("sync")
    assert play.pos("status").last["held"] == []
