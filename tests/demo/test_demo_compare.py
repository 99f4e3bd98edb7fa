"""What a visitor pays, worked out from the till's rows alone; and the lines of both sides."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from demo.compare import Line, Reduction, compare, visitor_price
from demo.prestashop import Shop, serve
from demo.prestashop.core import SHOP_ZONE
from demo.stage import FolderPlace, Stage
from demo.till import Promotion, build_small_till, open_till, promote, withdraw_promotion
from shop_agent.wiring import open_shop

KEY = "COMPAREKEY0000000000000000000001"
NOW = datetime.now(SHOP_ZONE)
TODAY = NOW.date()
#: The small till's articles: 1001 has four variants, 1002 none, both in a family of their own.
VARIED, SIMPLE, VARIANT = 1001, 1002, 100102


def percent(value: str, name: str = "off") -> Reduction:
    return Reduction(name, Decimal(value), None, None)


def amount(value: str, name: str = "less") -> Reduction:
    return Reduction(name, None, Decimal(value), None)


def fixed(value: str, name: str = "fixed") -> Reduction:
    return Reduction(name, None, None, Decimal(value))


@pytest.mark.parametrize(
    ("usual", "reductions", "price", "name"),
    [
        ("49.99", [], "49.99", ""),
        ("49.99", [percent("50")], "25.00", "off"),
        ("49.99", [percent("20"), amount("10")], "39.99", "off"),
        ("49.99", [amount("10.01"), percent("20")], "39.98", "less"),
        ("49.99", [amount("60")], "0.00", "less"),
        ("49.99", [fixed("55.00")], "49.99", ""),
        ("49.99", [fixed("35.00"), percent("20"), fixed("39.90", "dearer")], "35.00", "fixed"),
        ("49.99", [fixed("35.00", "one"), fixed("35.00", "two")], "35.00", "one"),
    ],
)
def test_the_lowest_price_counts(
    usual: str, reductions: list[Reduction], price: str, name: str
) -> None:
    assert visitor_price(Decimal(usual), reductions) == (Decimal(price), name)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A small till with promotions of every kind, and a shop that has taken it all."""
    folder = tmp_path_factory.mktemp("compare")

    def till_of(path: Path) -> None:
        build_small_till(path, articles=3)
        with open_till(path) as till:
            for one in PROMOTIONS:
                promote(till, one)

    with Shop(None, key=KEY) as shop, serve(shop) as server:
        stage = Stage.build(
            folder / "stage",
            make_till=till_of,
            place=FolderPlace(folder / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair()
        stage.settle()
        yield stage


PROMOTIONS = (
    Promotion("everyone's", TODAY, TODAY, family="F01", percent=Decimal(20)),
    Promotion("one's", TODAY - timedelta(1), TODAY, variant_id=VARIANT, price=Decimal("9.90")),
    Promotion("simple", TODAY, TODAY + timedelta(1), article_id=SIMPLE, amount=Decimal("5.00")),
    Promotion("over", TODAY - timedelta(9), TODAY - timedelta(1), family="F01", price=Decimal(1)),
    Promotion("to come", TODAY + timedelta(2), TODAY + timedelta(3), family="F01",
              price=Decimal(2)),
    Promotion("off", TODAY, TODAY, family="F01", price=Decimal(3), active=False),
)  # fmt: skip


def lines_of(stage: Stage) -> dict[str, Line]:
    with open_shop(stage.agent(), stage.agent_wiring) as shop:
        lines = compare(stage.till_path, shop, now=NOW)
    return {line.variant or line.article: line for line in lines}


def test_the_shop_asks_what_the_till_s_promotions_make(stage: Stage) -> None:
    lines = lines_of(stage)
    assert [line for line in lines.values() if not line.is_right] == []
    found = {line.promotion: line for line in lines.values()}
    assert set(found) == {"everyone's", "one's", "simple"}
    assert {name: (line.usual, line.shop and line.shop.price) for name, line in found.items()} == {
        "everyone's": (Decimal("43.90"), Decimal("35.12")),
        "one's": (Decimal("41.90"), Decimal("9.90")),
        "simple": (Decimal("42.90"), Decimal("37.90")),
    }


def test_a_promotion_that_only_the_shop_has_is_a_difference(stage: Stage) -> None:
    with open_till(stage.till_path) as till:
        sql = "SELECT ID_PROMO FROM PROMO WHERE LIB_PROMO = ?"
        withdraw_promotion(till, till.execute(sql, ("one's",)).fetchone()[0])
    differ = [line for line in lines_of(stage).values() if not line.is_right]
    assert [(line.promotion, line.usual) for line in differ] == [("everyone's", Decimal("41.90"))]
    assert [line.till and line.till.price for line in differ] == [Decimal("33.52")]
    assert [line.shop and line.shop.price for line in differ] == [Decimal("9.90")]


def test_an_article_that_only_one_side_sells_is_a_difference(stage: Stage) -> None:
    with open_till(stage.till_path) as till, till:
        till.execute("UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART = ?", (SIMPLE,))
    differ = [line for line in lines_of(stage).values() if line.till is None]
    assert [line.shop and line.shop.price for line in differ] == [Decimal("37.90")]
    assert not differ[0].is_right
