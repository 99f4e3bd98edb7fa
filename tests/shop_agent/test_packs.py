"""Packs: of the till by its own word, of the site alone by asking it, and what moves with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import make_url

from protocol.program.engine import make_engine
from protocol.records import PackPart
from shop_agent.actions import Subject
from shop_agent.links import Links
from shop_agent.orders.roles import Pack, Part
from shop_agent.packs import PackBook
from shop_agent.prestashop.client import Webservice
from shop_agent.replica import Replica
from shop_agent.state import METADATA
from tests.shop_agent.shop_floor import Floor, an_article, open_floor


@pytest.fixture
def floor() -> Iterator[Floor]:
    with open_floor() as made:
        made.say(
            an_article("SHOE"),
            an_article("WAX"),
            an_article(
                "SET",
                nature="pack",
                parts=(PackPart(article="SHOE", quantity=1), PackPart(article="WAX", quantity=2)),
            ),
        )
        made.run()
        yield made


def links_of(floor: Floor) -> Links:
    with floor.engine.connect() as connection:
        return Replica(connection).links()


def book_of(floor: Floor) -> PackBook:
    return PackBook(floor.engine, links_of(floor), floor.webservice)


def ids(floor: Floor) -> tuple[int, int, int]:
    shoe, wax, made = (floor.product(f"REF-{key}").id for key in ("SHOE", "WAX", "SET"))
    return shoe, wax, made


def test_a_pack_of_the_till_holds_what_the_till_says(floor: Floor) -> None:
    shoe, wax, pack = ids(floor)
    floor.shop.clear_requests()
    found = book_of(floor).of([shoe, pack])
    assert found == {pack: Pack((Part((shoe, 0), 1), Part((wax, 0), 2)))}
    assert floor.shop.requests() == []  # nothing is asked of the shop


def test_a_pack_made_at_the_site_is_asked_for_once(floor: Floor) -> None:
    shoe, wax, pack = ids(floor)
    floor.shop.execute("DELETE FROM pack_items WHERE id_pack = ?", pack)
    sql = "INSERT INTO pack_items (id_pack, id_product, id_combination, quantity) VALUES (?,?,?,?)"
    with floor.engine.begin() as connection:
        for kind, key in (("article", "SET"), ("article", "WAX")):
            Replica(connection).unlink(Subject(kind, key))
    floor.shop.execute(sql, pack, shoe, 0, 3)
    book = book_of(floor)
    floor.shop.clear_requests()
    assert book.of([pack, wax, shoe]) == {pack: Pack((Part((shoe, 0), 3),))}
    assert book.of([pack, wax]) == {pack: Pack((Part((shoe, 0), 3),))}
    assert len(floor.shop.requests()) == 1


def test_a_sale_of_a_component_moves_the_packs_that_hold_it(floor: Floor) -> None:
    shoe, wax, pack = ids(floor)
    book = book_of(floor)
    assert book.around({(wax, 0)}) == {(wax, 0), (pack, 0)}
    assert book.around({(pack, 0)}) == {(pack, 0)}
    assert book.around(set()) == frozenset()
    assert (shoe, 0) not in book.around({(wax, 0)})


def test_which_stock_keys_are_packs(floor: Floor) -> None:
    book = book_of(floor)
    assert [book.is_pack(key) for key in ("a:SET", "a:SHOE", "v:SET")] == [True, False, False]


def test_it_may_be_asked_inside_a_transaction(tmp_path: Path) -> None:
    """An order that lost its last line asks for no product, and is noted all the same."""
    engine = make_engine(make_url(f"sqlite:///{tmp_path / 'state.db'}"), busy_seconds=0.1)
    METADATA.create_all(engine)
    packs = PackBook(engine, Links({}, {}), cast(Webservice, None))
    with engine.begin():
        assert packs.around({(1, 0)}) == {(1, 0)}
        assert not packs.is_pack("a:1")
    engine.dispose()
