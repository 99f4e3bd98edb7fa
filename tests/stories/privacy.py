"""The private story: who holds the FTP server reads no name, no address and no price."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from demo.till import build_small_till, change_price
from tests.equipment.wire_search import find_readable
from tests.stories.play import Play
from tests.stories.shopper import Shopper
from tests.stories.story import Story

ARTICLE = "Escarpin Zanzibuline"
PRICES = ("4711,13", "4711.13", "3925.941667", "5822,24", "5822.24")
FIRST_NAME, LAST_NAME = "Xylophine", "Quetzalcanari"
PHONE = "0102030405"


class PrivacyStory(Story):
    """A small till with words that are nowhere else."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=3, photos=1, photo_folder=path.parent / "photos")
        with closing(sqlite3.connect(path)) as till, till:
            till.execute(
                "UPDATE ARTICLE SET LIB = ?, DESC_FR = ?, PX_TTC = ? WHERE ID_ART = 1001",
                (ARTICLE, f"<p>{ARTICLE * 50}</p>", PRICES[0]),
            )

    @classmethod
    def begin(cls, play: Play) -> None:
        """Leave the load to the test, which looks after every run."""

    def test_no_word_of_till_or_customer_can_be_read_on_the_server(self, play: Play) -> None:
        email = f"canari-{uuid4().hex[:12]}@example.com"
        words = [ARTICLE, "Zanzibuline", *PRICES, FIRST_NAME, LAST_NAME, email, PHONE]
        seen: set[str] = set()
        self._rounds(play, words, seen, accept=("first-load",))
        assert play.product(1001).names["fr"] == ARTICLE

        buyer = Shopper(play.front).register(email, FIRST_NAME, LAST_NAME)
        product, combination, _ = play.place(100101)
        buyer.buy([(product, combination, 1)])
        with play.till() as till:
            change_price(till, 1001, Decimal(PRICES[-1]))
        self._rounds(play, words, seen)
        with play.till() as till:
            rows = till.execute("SELECT NOM, MAIL FROM CLIENT WHERE MAIL = ?", (email,)).fetchall()
        assert rows == [(LAST_NAME, email)]
        # Packets of every stream lay there while somebody looked.
        assert {name.split("/")[-1][:2] for name in seen} >= {"a-", "c-", "m-", "o-"}

    def _rounds(
        self, play: Play, words: list[str], seen: set[str], accept: tuple[str, ...] = ()
    ) -> None:
        for _ in range(3):
            play.stage.sync_till()
            self._look(play, words, seen)
            play.stage.sync_shop(accept=accept)
            self._look(play, words, seen)

    def _look(self, play: Play, words: list[str], seen: set[str]) -> None:
        files = {str(one.relative_to(play.ftp_root)) for one in play.ftp_root.rglob("*")}
        assert files
        seen |= {name for name in files if name.endswith(".pkt")}
        assert find_readable(play.ftp_root, words) == []
