"""The story of two hundred prices: what a visitor pays is the till's price, to the cent.

class TestPrices(PricesStory): ...      # in a suite that has a `front`
"""

import random
import sqlite3
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import ClassVar

from demo.till import build_small_till
from tests.stories.play import Play
from tests.stories.story import Story

_CENT = Decimal("0.01")
_FIRST = 5001
_MORE_RATES = [(3, "10,00", "Intermédiaire"), (4, "2,10", "Particulier")]


class PricesStory(Story):
    """Random prices, drawn from a seed, at every VAT rate of the till.

    Attributes:
        articles: How many are added, half of them with two variants of their own prices.
    """

    articles: ClassVar[int] = 140

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=2, photos=0, photo_folder=path.parent / "photos")
        drawn = random.Random(20261124)
        with closing(sqlite3.connect(path)) as till, till:
            till.executemany("INSERT INTO TVA VALUES (?, ?, ?)", _MORE_RATES)
            rates = [code for (code,) in till.execute("SELECT COD_TVA FROM TVA ORDER BY COD_TVA")]
            sizes = [code for (code,) in till.execute("SELECT COD_PT FROM POINTURE")]
            [colour] = till.execute("SELECT COD_COUL FROM COULEUR LIMIT 1").fetchone()
            for number in range(_FIRST, _FIRST + cls.articles):
                rate = rates[number % len(rates)]
                till.execute(
                    _ARTICLE, (number, f"P-{number}", f"Prix {number}", rate, _price(drawn))
                )
                for place in range(2 if number % 2 else 0):
                    key, reference = number * 10 + place, f"P-{number}-{place}"
                    row = (key, number, sizes[place], colour, reference, _price(drawn))
                    till.execute(_VARIANT, row)

    def test_a_visitor_pays_what_the_till_says(self, play: Play) -> None:
        wanted: dict[str, Decimal] = {}
        rates: set[Decimal] = set()
        for article in play.expected().values():
            wanted |= {one.reference: one.price for one in (article.variants or [article])}
            rates.add(article.rate)
        assert len(wanted) >= self.articles * 3 // 2
        assert rates == {Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1")}
        paid: dict[str, Decimal] = {}
        references = [article.reference for article in play.expected().values()]
        for product in play.front.products(references):
            combinations = {variant.id: variant.reference for variant in product.variants}
            prices = play.front.prices(product.id, list(combinations) or [0])
            for number, price in prices.items():
                reference = combinations.get(number, product.reference)
                paid[reference] = price.quantize(_CENT, ROUND_HALF_UP)
        assert paid == wanted


def _price(drawn: random.Random) -> str:
    return f"{drawn.randrange(1, 99_999) / Decimal(100):.2f}".replace(".", ",")


_ARTICLE = """INSERT INTO ARTICLE (ID_ART, REF, LIB, COD_FAM, COD_TVA, PX_TTC, QTE_STK, INTERNET)
VALUES (?, ?, ?, 'F01', ?, ?, 5, 'O')"""
_VARIANT = """INSERT INTO DECLINAISON (ID_DECL, ID_ART, COD_PT, COD_COUL, REF_DECL, PX_TTC)
VALUES (?, ?, ?, ?, ?, ?)"""
