"""The stock's story: settling, packs, a silent till, the inventory pause, released without waiting.

Figures are (till, site) after every single run, by hand: the formula is not asked for them.
"""

import json
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select, update

from demo.till import build_small_till, sell, ship_web_order, web_orders
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.stock_pause import pause
from pos_exporter.wiring import wire as wire_exporter
from protocol.records import Stock, parse_record
from protocol.values import format_time
from shop_agent.state import LINK
from shop_agent.state import STATE as AGENT
from shop_agent.wiring import wire as wire_agent
from tests.stories.play import Play
from tests.stories.shopper import CANCELLED, Buyer, Shopper
from tests.stories.story import Story

#: Each test buys what the others do not. A pack holds two of SIMPLE and one of BOOT.
SHOE, SIMPLE, BOOT, PACK = 100101, 1002, 100301, 1006
EDGE, COUNTED = 100102, 100103
SHIPPED = 4
_MORE = """
UPDATE ARTICLE SET QTE_STK = 40 WHERE ID_ART = 1002;
UPDATE STOCK SET QTE = 0;
UPDATE STOCK SET QTE = 40 WHERE COD_DEP = 'MAG';
INSERT INTO ARTICLE (ID_ART, REF, LIB, COD_FAM, COD_TVA, PX_TTC, QTE_STK, POIDS, INTERNET, NATURE)
  VALUES (1006, 'L01-1006', 'Coffret d''hiver', 'L01', 1, '99,00', 5, '1,000', 'O', 'L');
INSERT INTO LOT (ID_ART, ID_ART_ELT, ID_DECL_ELT, QTE)
  VALUES (1006, 1002, NULL, 2), (1006, NULL, 100301, 1);
"""


class StockStory(Story):
    """A small till with a pack."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=0)
        with closing(sqlite3.connect(path)) as till, till:
            till.executescript(_MORE)

    def test_an_order_of_a_pack_keeps_its_components(self, play: Play) -> None:
        before = {key: play.figures(key) for key in (PACK, SIMPLE, BOOT)}
        assert before == {PACK: (5, 5), SIMPLE: (40, 40), BOOT: (40, 40)}
        buyer = _register(play)
        buyer.buy([_line(play, PACK, 2)])
        play.stage.sync_shop()
        assert play.figures(PACK) == (5, 3)
        assert play.figures(SIMPLE) == (40, 36)
        assert play.figures(BOOT) == (40, 38)
        play.both()
        play.both()
        assert play.figures(PACK) == (3, 3)
        assert play.figures(SIMPLE) == (36, 36)
        assert play.figures(BOOT) == (38, 38)
        assert play.both(full=True).writes == ()

    def test_a_shipped_order_is_settled_and_its_stock_stays(self, play: Play) -> None:
        buyer = _register(play)
        order = buyer.buy([_line(play, SHOE, 2)])
        play.stage.sync_shop()
        play.both()
        assert play.figures(SHOE) == (38, 38)
        assert _counted(play, SHOE) == [2]
        buyer.move(order, SHIPPED)
        with play.till() as till:
            [mine] = [one for one in web_orders(till) if one.customer_mail == buyer.email]
            ship_web_order(
                till,
                mine.order_id,
                carrier="Colissimo",
                tracking="6A1",
                on=datetime.now(UTC).date(),
            )
        for _ in range(4):
            play.both()
        assert _settled(play, SHOE) == [2]
        assert _counted(play, SHOE) == []
        assert play.figures(SHOE) == (38, 38)
        with play.till() as till:
            sell(till, SHOE, 3)
        play.both()
        assert play.figures(SHOE) == (35, 35)
        assert play.both(full=True).writes == ()

    def test_a_cancellation_waits_for_the_till_unless_the_merchant_says_otherwise(
        self, play: Play
    ) -> None:
        for strict, before_the_till_answers in ((True, 37), (False, 40)):
            play.choose(stock={"strict": strict})
            play.both()
            buyer = _register(play)
            order = buyer.buy([_line(play, EDGE, 3)])
            play.stage.sync_shop()
            assert play.figures(EDGE) == (40, 37)
            buyer.move(order, CANCELLED)
            play.stage.sync_shop()
            assert play.figures(EDGE) == (40, before_the_till_answers)
            play.both()
            play.both()
            assert play.figures(EDGE) == (40, 40)
        play.choose(stock={"strict": True})
        play.both()

    def test_while_shelves_are_counted_the_site_keeps_its_figure_less_its_orders(
        self, play: Play
    ) -> None:
        assert play.figures(COUNTED) == (40, 40)
        _pause(play, datetime.now(UTC) + timedelta(hours=2))
        with play.till() as till:
            sell(till, COUNTED, 7)
        paused = play.both()
        assert paused.exported.summary()["stock_paused_until"] is not None
        assert paused.exported.summary()["changes"].get("stock", 0) == 0
        assert play.figures(COUNTED) == (33, 40)
        _register(play).buy([_line(play, COUNTED, 1)])
        play.both()
        assert play.figures(COUNTED)[1] == 39
        _pause(play, datetime.now(UTC) - timedelta(minutes=1))  # it ends by itself
        ended = play.both()
        assert ended.exported.summary()["stock_paused_until"] is None
        play.both()
        assert play.figures(COUNTED) == (32, 32)

    def test_a_silent_till_shows_less_until_it_speaks(self, play: Play) -> None:
        play.choose(stock={"silent_after_hours": 20, "silent_buffer": 4, "silent_low": 30})
        play.both()
        shown = {key: play.figures(key)[1] for key in (SIMPLE, BOOT, PACK)}
        _be_silent(play, timedelta(hours=21))
        play.stage.sync_shop()
        for key, figure in shown.items():
            left = figure - 4
            assert play.figures(key)[1] == (left if left > 30 else 0)
        play.stage.sync_shop()
        assert play.figures(SIMPLE)[1] == shown[SIMPLE] - 4
        with play.till() as till:
            sell(till, COUNTED, 1)
        play.both()  # it speaks again, of something else
        assert {key: play.figures(key)[1] for key in shown} == shown


def _register(play: Play) -> Buyer:
    return Shopper(play.front).register(f"{uuid4().hex[:12]}@example.com", "Zoé", "Durand")


def _line(play: Play, key: int, quantity: int) -> tuple[int, int, int]:
    product, combination, _ = play.place(key)
    return product, combination, quantity


def _stock_key(key: int) -> str:
    return f"v:{key}" if key > 9999 else f"a:{key}"


def _counted(play: Play, key: int) -> list[int]:
    """Return the units that the figure last said has deducted, order by order."""
    stage, said = play.stage, EXPORTER.said
    query = select(said.c.line).where(said.c.kind == "stock", said.c.key == _stock_key(key))
    with (
        wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
        exporter.engine.connect() as connection,
    ):
        line = connection.execute(query).scalar_one()
    record = parse_record(zlib.decompress(line), place="said")
    assert isinstance(record, Stock)
    return [entry.quantity for entry in record.counted]


def _settled(play: Play, key: int) -> list[int]:
    """Return the units of a sellable that both ends have settled."""
    stage, found = play.stage, []
    with (
        wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
        wire_agent(stage.agent(), stage.agent_wiring) as agent,
    ):
        for engine, table in (
            (exporter.engine, EXPORTER.settlement), (agent.engine, AGENT.settlement),
        ):  # fmt: skip
            with engine.connect() as connection:
                texts = connection.execute(select(table.c.units)).scalars().all()
            units = [json.loads(text) for text in texts if text]
            found.append([one[_stock_key(key)] for one in units if _stock_key(key) in one])
    assert found[0] == found[1]
    return found[0]


def _pause(play: Play, until: datetime) -> None:
    stage = play.stage
    with (
        wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        pause(connection, until)


def _be_silent(play: Play, since: timedelta) -> None:
    """Let the agent's newest packet of the till be so old."""
    stage, at = play.stage, format_time(datetime.now(UTC) - since)
    with (
        wire_agent(stage.agent(), stage.agent_wiring) as agent,
        agent.engine.begin() as connection,
    ):
        connection.execute(update(LINK.in_stream).values(last_at=at))
