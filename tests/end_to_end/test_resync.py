"""A stream that two packets of one number stopped is taken up again by a person, on both sides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, Update, update

from pos_exporter.state import LINK as POS
from pos_exporter.wiring import wire as wire_exporter
from shop_agent.state import LINK as SHOP
from shop_agent.wiring import wire as wire_agent
from tests.commands import Play, opened_play


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path) as made:
        made.pair()
        for _ in range(3):
            made.pos("sync")
            made.agent("sync", "--accept", "first-load")
        yield made


def _stopped(table: Table, stream: str) -> Update:
    return update(table).where(table.c.stream == stream).values(stopped="E-LNK-011")


def test_the_agent_takes_the_catalogue_up_again(play: Play) -> None:
    assert play.agent("pair", "--resync").last["streams"] == []
    with wire_agent(play.stage.agent(), play.agent_wiring) as agent, agent.engine.begin() as state:
        state.execute(_stopped(SHOP.in_stream, "catalogue"))
    assert "E-LNK-011" in play.agent("status").out
    assert play.agent("pair", "--resync").last["streams"] == ["catalogue"]
    for _ in range(2):
        play.agent("sync")
        play.pos("sync")
    assert play.agent("sync").code == 0
    assert "E-LNK-011" not in play.agent("status").out


def test_the_exporter_takes_orders_up_again(play: Play) -> None:
    with (
        wire_exporter(play.stage.exporter(), play.pos_wiring) as exporter,
        exporter.engine.begin() as state,
    ):
        state.execute(_stopped(POS.in_stream, "orders"))
    said = play.pos("pair", "--resync", as_json=False)
    assert (said.code, "commandes" in said.out) == (0, True)
    for _ in range(2):
        play.pos("sync")
        play.agent("sync")
    assert play.pos("sync").code == 0
    assert "E-LNK-011" not in play.pos("status").out
