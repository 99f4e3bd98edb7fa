"""What becomes of the facts behind a batch in an old shop, where entities are put back whole."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, make_url, select

from protocol.keys import new_keys
from protocol.link.outbox import Outbox
from protocol.program.engine import make_engine
from shop_agent.actions import Action, Settle, Subject, Update
from shop_agent.apply import Applier, Desk
from shop_agent.links import Links
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Write
from shop_agent.report import Report
from shop_agent.state import LINK, METADATA, STATE
from tests.shop_agent.prestashop.old_shop import OldShop
from tests.shop_agent.prestashop.stub_shop import StubShop

NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
DATE = "2026-11-24 03:00:00"
ROW = f"<name>Old</name><active>1</active><date_upd>{DATE}</date_upd>"
BRANDS = tuple(Subject("brand", key) for key in "AB")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        for subject in BRANDS:
            row = {"kind": "brand", "key": subject.key, "body": b"{}", "hash": "h", "dirty": False}
            connection.execute(insert(STATE.fact).values(**row))
    yield engine
    engine.dispose()


def rename(subject: Subject, entity_id: int, planned_on: str) -> list[Action]:
    write = Write(entity_id, {"name": f"New {subject.key}"}, planned_on=planned_on)
    return [Update(subject, "manufacturers", write, {("name", 0): f"New {subject.key}"})]


def carry_out(engine: Engine, shop: Webservice, actions: list[Action]) -> Report:
    outbox = Outbox(LINK, new_keys("shop", label="boutique"))
    desk = Desk(engine, shop, outbox, Links({}, {}), lambda: NOW, Report())
    Applier(desk).carry_out(actions)
    return desk.report


def test_what_somebody_changed_since_the_plan_is_planned_again_and_the_others_are_written(
    engine: Engine,
) -> None:
    old = OldShop("manufacturers", {1: ROW, 2: ROW})
    actions = rename(BRANDS[0], 1, "2026-11-24 02:00:00") + rename(BRANDS[1], 2, DATE)
    with StubShop(old) as stub, stub.open(version="1.7.8.11") as shop:
        report = carry_out(engine, shop, [*actions, Settle(BRANDS[0])])
    assert (old.text(1, "name"), old.text(2, "name")) == ("Old", "New B")
    assert [(subject.key, problem.code) for subject, problem in report.waiting] == [
        ("A", "E-SHOP-004")
    ]
    assert report.counts["manufacturers"] == {"changed": 1, "not_attempted": 1}
    with engine.connect() as connection:
        dirty = connection.execute(select(STATE.fact.c.key, STATE.fact.c.dirty)).all()
        intents = connection.execute(select(STATE.intent)).all()
        written = connection.execute(select(STATE.written.c.ps_id, STATE.written.c.stored)).all()
    assert [(key, flag) for key, flag in dirty] == [("A", True), ("B", False)]
    assert intents == []
    assert [(ps_id, stored) for ps_id, stored in written] == [(2, "New B")]
