"""`why`, `reconcile`, `take-back`, `quarantine …` and the history, played by both programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import Play, opened_play
from tests.equipment.counting_proxy import CountingProxy


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A shop in which everything the till has is on the site; each test puts back what it moves."""
    with opened_play(tmp_path_factory.mktemp("play")) as play:
        play.pair()
        play.settle()
        yield play


def url_of(play: Play) -> str:
    url: str = yaml.safe_load(play.stage.agent_file.read_text(encoding="utf-8"))["shop"]["url"]
    return url


@contextmanager
def settings(play: Play, old: str, new: str) -> Iterator[None]:
    """Have the agent's settings say something else while the block runs."""
    file = play.stage.agent_file
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def articles(play: Play) -> list[dict[str, Any]]:
    return play.shop.query("SELECT id, reference, price FROM products ORDER BY id")


def history(play: Play, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = play.agent("why", reference).last["history"]
    return found


def steps(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [step for step in answer["steps"] if step["name"] == name]


# --- why -------------------------------------------------------------------------------------


def test_what_is_online_is_told_with_packet_link_stock_and_price(settled: Play) -> None:
    one = articles(settled)[0]
    answer = settled.agent("why", one["reference"]).last
    assert answer["online"] is True
    assert steps(answer, "linked")[0]["mark"] == "ok"
    assert str(one["id"]) in steps(answer, "linked")[0]["text"]["fr"]
    assert "1-" in steps(answer, "till")[0]["text"]["fr"]
    assert steps(answer, "price")
    assert all("=" in step["text"]["fr"] for step in steps(answer, "stock"))
    assert len(steps(answer, "stock")) >= 1
    by_number = settled.agent("why", f"#{one['id']}").last
    by_key = settled.agent("why", answer["article"]["key"]).last
    assert by_number["article"] == by_key["article"] == answer["article"]
    created = [line for line in answer["history"] if line["after"] == "created"]
    assert all(line["packet"] and line["who"] == "till" for line in created)


def test_a_name_that_nobody_knows_has_its_code(settled: Play) -> None:
    answer = settled.agent("why", "Chaussette {verte}").last
    assert (answer["online"], answer["article"]) == (False, None)
    assert [step["code"] for step in answer["steps"]] == ["E-SEE-020"]
    said = settled.agent("why", "Chaussette {verte}", as_json=False).out
    assert "Chaussette {verte}" in said


def test_a_product_that_people_switched_off_is_not_online(settled: Play) -> None:
    one = articles(settled)[0]
    settled.shop.execute("UPDATE products SET active = 0 WHERE id = ?", one["id"])
    answer = settled.agent("why", one["reference"]).last
    assert answer["online"] is False
    assert [step["code"] for step in steps(answer, "site")] == ["E-SEE-002"]
    settled.shop.execute("UPDATE products SET active = 1 WHERE id = ?", one["id"])
    assert settled.agent("why", one["reference"]).last["online"] is True


def test_a_shop_out_of_reach_is_told_and_no_error(settled: Play) -> None:
    one = articles(settled)[0]
    with settings(settled, url_of(settled), "http://127.0.0.1:1"):
        answer = settled.agent("why", one["reference"])
    assert answer.code == 0
    assert answer.last["online"] is None
    assert steps(answer.last, "unreachable")[0]["code"].startswith("E-")


# --- reconcile and history -------------------------------------------------------------------


def test_a_settled_shop_has_no_drift_and_tells_the_shops_own(settled: Play) -> None:
    settled.shop.clear_requests()
    done = settled.agent("reconcile")
    assert (done.code, done.last["drift"], done.last["in_flight"]) == (0, 0, 0)
    assert done.last["compared"] == 4
    assert {one.method for one in settled.shop.requests()} <= {"GET", "HEAD"}


def test_a_price_changed_behind_our_back_is_drift_and_healed(settled: Play) -> None:
    one = articles(settled)[0]
    settled.shop.execute("UPDATE products SET price = 1.5 WHERE id = ?", one["id"])
    row = settled.shop.query(
        "SELECT id, quantity FROM stock_availables WHERE id_product = ? "
        "ORDER BY id_product_attribute DESC LIMIT 1",
        one["id"],
    )[0]
    settled.shop.execute("UPDATE stock_availables SET quantity = 77 WHERE id = ?", row["id"])
    seen = settled.agent("reconcile")
    drift = {one["field"]: one for one in seen.of("difference") if one["class"] == "drift"}
    assert (seen.code, set(drift)) == (3, {"price", "quantity"})
    assert (drift["price"]["id"], drift["price"]["site"]) == (int(one["id"]), "1.5")
    assert (drift["quantity"]["site"], drift["quantity"]["till"]) == ("77", str(row["quantity"]))
    assert articles(settled)[0]["price"] == "1.5"  # nothing was written
    healed = settled.agent("reconcile", "--heal")
    assert healed.of("summary")[-1]["written"]["products"]["changed"] == 1
    assert articles(settled)[0]["price"] == one["price"]
    lines = {line["field"]: line for line in reversed(history(settled, one["reference"]))}
    assert (lines["price"]["who"], lines["price"]["before"]) == ("healed", "1.5")
    assert (lines["quantity"]["who"], lines["quantity"]["before"]) == ("healed", "77")
    assert lines["price"]["packet"] is not None
    assert settled.agent("reconcile").last["drift"] == 0


def test_an_edited_text_is_kept_told_and_taken_back(settled: Play) -> None:
    one = articles(settled)[1]
    name = settled.shop.query(
        "SELECT id_lang, name FROM products_lang WHERE id = ? ORDER BY id_lang DESC", one["id"]
    )[0]
    settled.shop.execute(
        "UPDATE products_lang SET name = 'Nom du site' WHERE id = ? AND id_lang = ?",
        one["id"], name["id_lang"],
    )  # fmt: skip
    assert settled.agent("sync", "--full").code == 0
    answer = settled.agent("why", one["reference"]).last
    [edited] = steps(answer, "edited")
    assert edited["code"] == "E-AGT-010"
    [line] = [one for one in answer["history"] if one["who"] == "site"]
    assert (line["field"], line["before"], line["after"]) == ("name", name["name"], "Nom du site")
    edits = [one for one in settled.agent("reconcile").of("difference") if one["class"] == "edited"]
    assert [one["field"] for one in edits] == ["name"]
    wrong = settled.agent("take-back", one["reference"], "--field", "description")
    assert (wrong.code, wrong.codes) == (2, {"E-TBK-002"})
    assert settled.agent("take-back", "personne").codes == {"E-TBK-001"}
    taken = settled.agent("take-back", one["reference"], "--field", "name")
    assert [part["field"] for part in taken.last["taken"]] == ["name"]
    settled.agent("sync")
    assert settled.shop.query(
        "SELECT name FROM products_lang WHERE id = ? AND id_lang = ?", one["id"], name["id_lang"]
    ) == [{"name": name["name"]}]
    written = history(settled, one["reference"])[0]
    assert (written["who"], written["before"], written["after"]) == (
        "taken-back", "Nom du site", name["name"],
    )  # fmt: skip
    assert not steps(settled.agent("why", one["reference"]).last, "edited")


# --- dry runs --------------------------------------------------------------------------------


def test_a_dry_run_writes_its_plan_and_nothing_else(settled: Play, tmp_path: Path) -> None:
    one = articles(settled)[2]
    settled.shop.execute("UPDATE products SET price = 2 WHERE id = ?", one["id"])
    plan = tmp_path / "plan.jsonl"
    with CountingProxy(url_of(settled)) as proxy:
        with settings(settled, url_of(settled), proxy.url):
            looked = ("sync", "--full", "--dry-run", "--accept", "moved", "--plan", str(plan))
            done = settled.agent(*looked)
        assert proxy.write_requests() == ()
        assert {seen.method for seen in proxy.requests()} <= {"GET", "HEAD"}
    assert done.code == 0
    assert done.of("plan")[0]["counts"]["products"] == {"change": 1}
    lines = [json.loads(line) for line in plan.read_text(encoding="utf-8").splitlines()]
    [changed] = [line for line in lines if line["verb"] == "change"]
    assert (changed["resource"], changed["id"], changed["kind"]) == (
        "products",
        int(one["id"]),
        "article",
    )
    [field] = changed["fields"]
    assert (field["field"], field["before"], field["after"]) == ("price", "2", one["price"])
    assert {line["verb"] for line in lines} >= {"settle", "change"}
    home = ("sync", "--full", "--dry-run", "--accept", "moved")
    said = settled.agent(*home, as_json=False).out
    assert f"price 2 → {one['price']}" in said
    assert one["reference"] in said
    assert settled.agent("sync", "--plan", str(plan)).code == 2
    bad = settled.agent("sync", "--dry-run", "--plan", str(tmp_path / "no" / "plan"))
    assert bad.codes == {"E-PLN-001"}
    settled.shop.execute("UPDATE products SET price = ? WHERE id = ?", one["price"], one["id"])


def test_observe_asks_the_shop_and_writes_nothing(settled: Play) -> None:
    file = settled.stage.agent_file
    before = file.read_text(encoding="utf-8")
    one = articles(settled)[2]
    settled.shop.execute("UPDATE products SET price = 3 WHERE id = ?", one["id"])
    with CountingProxy(url_of(settled)) as proxy:
        locked = before.replace(url_of(settled), proxy.url) + "policy: {mode: observe}\n"
        file.write_text(locked, encoding="utf-8")
        assert settled.agent("sync", "--full", "--accept", "moved").code == 0
        seen = settled.agent("reconcile")
        assert proxy.write_requests() == ()
        assert len(proxy.requests()) > 0
    file.write_text(before, encoding="utf-8")
    found = [one for one in seen.of("difference") if one["field"] == "price"]
    assert [(one["class"], one["reason"]) for one in found] == [("explained", "mode")]
    assert seen.last["drift"] == 0
    back = settled.agent("sync", "--full", "--accept", "moved")
    assert back.last["written"]["products"]["changed"] == 1
    assert articles(settled)[2]["price"] == one["price"]


# --- set aside -------------------------------------------------------------------------------


def test_one_thing_set_aside_is_shown_ignored_and_tried_again(tmp_path: Path) -> None:
    with opened_play(tmp_path) as play:
        play.pair()
        play.pos("sync")
        play.shop.execute("UPDATE tax_rule_groups SET active = 0")
        play.agent("sync", "--accept", "first-load")
        items = play.agent("quarantine", "list").last["items"]
        refused = [one for one in items if one["state"] == "refused"]
        name = f"{refused[0]['kind']}/{refused[0]['key']}"
        shown = play.agent("quarantine", "show", name).last
        assert (shown["code"], shown["state"]) == ("E-AGT-002", "refused")
        assert shown["fact"]["packet"] == [1, 1]
        assert shown["fact"]["record"]["key"] == refused[0]["key"]
        why = play.agent("why", refused[0]["key"]).last
        assert why["online"] is False
        assert [step["code"] for step in steps(why, "refused")] == ["E-AGT-002"]
        assert play.agent("quarantine", "ignore", name).last["items"] == [name]
        listed = play.agent("quarantine", "list").last
        assert (listed["count"], listed["ignored"]) == (len(items) - 1, 1)
        counts = play.agent("status").last["set_aside"]
        assert counts["refused"] == len(refused) - 1
        play.agent("quarantine", "ignore", name, "--undo")
        assert play.agent("quarantine", "list").last["ignored"] == 0
        assert play.agent("quarantine", "retry", "rien").codes == {"E-QUA-001"}
        play.shop.execute("UPDATE tax_rule_groups SET active = 1")
        for one in refused:
            play.agent("quarantine", "retry", f"{one['kind']}/{one['key']}")
        play.agent("sync", "--full", "--accept", "first-load")
        left = play.agent("quarantine", "list").last["items"]
        assert not [one for one in left if one["state"] == "refused"]


def test_the_history_is_as_long_as_the_settings_say(tmp_path: Path) -> None:
    with opened_play(tmp_path) as play:
        file = play.stage.agent_file
        text = file.read_text(encoding="utf-8") + "history: {days: 30, lines: 2}\n"
        file.write_text(text, encoding="utf-8")
        play.pair()
        play.settle()
        one = articles(play)[0]
        for price in (1, 2, 3, 4):
            play.shop.execute("UPDATE products SET price = ? WHERE id = ?", price, one["id"])
            play.agent("sync", "--full")
        prices = [line for line in history(play, one["reference"]) if line["field"] == "price"]
        assert [line["before"] for line in prices] == ["4", "3"]
