"""Each typed action as one line of a plan."""

import json

import pytest

from protocol.errors import Problem, Text
from shop_agent.actions import (
    Action,
    AddPhoto,
    Adopt,
    Create,
    Delete,
    Hold,
    KeepEdit,
    Last,
    Refuse,
    Remember,
    RemovePhoto,
    SetStock,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.plan_lines import Field, count_lines, counts, plan_line
from shop_agent.prestashop.entities import Write

ARTICLE = Subject("article", "1042")
STOCK = Subject("stock", "a:1042")
PROBLEM = Problem("E-AGT-010", "", "", Text("", ""), Text("", ""))
LANGUAGES = {1: "en", 2: "fr"}


def test_a_change_shows_what_was_and_what_will_be() -> None:
    sent = {("price", 0): "17.00", ("name", 2): "x" * 80}
    was = {("price", 0): "16.58"}
    line = plan_line(
        Update(ARTICLE, "products", Write(id=7, fields={}), sent, was), "BOT-1", LANGUAGES
    )
    assert (line.resource, line.id, line.verb) == ("products", 7, "change")
    assert line.fields == (
        Field("price", "", "16.58", "17.00"), Field("name", "fr", None, "x" * 80),
    )  # fmt: skip
    assert "price 16.58 → 17.00" in line.text().fr
    assert "name (fr) — → xxx" in line.text().fr
    assert len(line.text().fr) < 120


@pytest.mark.parametrize(
    ("action", "resource", "ps_id", "verb", "writes"),
    [
        (SetStock(STOCK, 3, 5, 2), "stock_availables", 3, "change", True),
        (Create(ARTICLE, "products", Write(fields={}), {}), "products", None, "create", True),
        (Adopt(ARTICLE, "products", 9), "products", 9, "adopt", False),
        (AddPhoto(ARTICLE, 9, "abc"), "images", None, "create", True),
        (RemovePhoto(ARTICLE, 9, 4), "images", 4, "delete", True),
        (Delete(ARTICLE, "specific_prices", 4), "specific_prices", 4, "delete", True),
        (
            Remember(ARTICLE, "products", 9, {("name", 2): Last("a", "b")}),
            "products", 9, "remember", False,
        ),
        (
            KeepEdit(ARTICLE, "products", 9, "name", 2, "texte", PROBLEM),
            "products", 9, "keep", False,
        ),
        (Wait(ARTICLE, PROBLEM), "products", None, "wait", False),
        (Refuse(ARTICLE, PROBLEM), "products", None, "refuse", False),
        (Hold(STOCK, PROBLEM), "", None, "hold", False),
        (Settle(ARTICLE), "products", None, "settle", False),
    ],
)  # fmt: skip
def test_every_action_is_a_line(
    action: Action, resource: str, ps_id: int | None, verb: str, writes: bool
) -> None:
    line = plan_line(action, "BOT-1", LANGUAGES)
    values = json.loads(json.dumps(line.values()))
    assert (values["resource"], values["id"], values["verb"]) == (resource, ps_id, verb)
    assert (line.writes, values["label"]) == (writes, "BOT-1")
    assert line.text().fr.startswith("BOT-1 : ")
    assert line.text().en.startswith("BOT-1: ")
    has_problem = verb in ("keep", "wait", "refuse", "hold")
    assert values["code"] == ("E-AGT-010" if has_problem else None)


def test_counts_leave_out_what_is_only_noted() -> None:
    actions: list[Action] = [
        Settle(ARTICLE), Adopt(ARTICLE, "products", 9), SetStock(STOCK, 3, 5, 2),
        SetStock(STOCK, 4, 5, 2),
    ]  # fmt: skip
    found = counts(plan_line(action, "", {}) for action in actions)
    assert found == {"products": {"adopt": 1}, "stock_availables": {"change": 2}}
    assert [text.en for text in count_lines(found)] == [
        "products: 1 recognised", "stock_availables: 2 to be changed",
    ]  # fmt: skip
