"""One story's stage: a till, an FTP server, both programs, a counting proxy and a shop behind it.

with open_play(folder, front, lambda path: build_small_till(path)) as play:
    play.first_load()
    with play.till() as till:
        sell(till, 100101)
    done = play.both()
    done.writes          # what reached the shop in this pass
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Select, select

from demo.ftp import FtpServer, PlainHandler
from demo.stage import FtpPlace, Stage
from demo.till import WRONG_ROWS, open_till, stock_of
from pos_exporter.exporter import ExportReport
from pos_exporter.state import STATE
from pos_exporter.wiring import wire as wire_exporter
from protocol.errors import Problem
from protocol.link.notices import problem_from
from shop_agent.report import Report
from tests.equipment.counting_proxy import CountingProxy, SeenWrite
from tests.stories.shopfront import SeenProduct, Shopfront
from tests.stories.till_reading import TillArticle, differences, online_articles

_USER, _PASSWORD = "clara", "secret"
#: Passes until photos have been asked for and sent; the last pass of a load brings the answers.
_ROUNDS = 2


@dataclass(frozen=True)
class Done:
    """What one run of each program did."""

    exported: ExportReport
    applied: Report
    writes: tuple[SeenWrite, ...]
    requests: int


@dataclass(frozen=True)
class Withheld:
    """One line of what the exporter has set aside."""

    kind: str
    key: str
    label: str
    problem: Problem


@dataclass(frozen=True)
class Play:
    """A stage that is set.

    Args:
        stage: Both programs and the till.
        front: The shop.
        proxy: Between the agent and the shop.
        ftp_root: What the FTP server's disk holds.
    """

    stage: Stage
    front: Shopfront
    proxy: CountingProxy
    ftp_root: Path

    # --- acts --------------------------------------------------------------------------------

    def first_load(self) -> None:
        """Bring the till's catalogue and photos into the shop, and the answers back."""
        self.stage.settle(_ROUNDS)
        self.both()

    def both(self, *, full: bool = False) -> Done:
        """Run the exporter, then the agent."""
        exported = self.stage.sync_till()
        return self._agent(exported, full=full)

    def _agent(self, exported: ExportReport, *, full: bool) -> Done:
        self.proxy.clear()
        applied = self.stage.sync_shop(full=full)
        return Done(exported, applied, self.proxy.writes(), len(self.proxy.requests()))

    def choose(self, **choices: Any) -> None:
        """Change some of the merchant's choices, in the exporter's settings file."""
        path = self.stage.exporter_file
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["policy"] = {**settings.get("policy", {}), **choices}
        path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    def till(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open the till, as somebody at the counter."""
        return open_till(self.stage.till_path)

    # --- looking -----------------------------------------------------------------------------

    def expected(self, *, without: Sequence[int] = ()) -> dict[int, TillArticle]:
        """Return what the till wants on the site, by article key."""
        with self.till() as till:
            return online_articles(till, without=without)

    def compare(
        self, articles: Mapping[int, TillArticle]
    ) -> dict[int, dict[str, tuple[object, object]]]:
        """Return what differs on the site, by article key; each must be there exactly once."""
        shelves = self.front.categories()
        references = {article.reference: key for key, article in articles.items()}
        seen = self.front.products(references)
        assert sorted(product.reference for product in seen) == sorted(references)
        found = {
            references[product.reference]: differences(
                articles[references[product.reference]], product, shelves
            )
            for product in seen
        }
        return {key: difference for key, difference in found.items() if difference}

    def product(self, article: int) -> SeenProduct:
        """Return the only product that bears an article's reference."""
        with self.till() as till:
            sql = "SELECT REF FROM ARTICLE WHERE ID_ART = ?"
            [reference] = till.execute(sql, (article,)).fetchone()
        [product] = self.front.products([reference])
        return product

    def place(self, key: int) -> tuple[int, int, int]:
        """Return where a sellable key of the till is on the site: product, combination, stock."""
        with self.till() as till:
            sql = "SELECT ID_ART, ID_DECL, REF FROM VENDABLE WHERE CLE = ?"
            article, variant, reference = till.execute(sql, (key,)).fetchone()
        product = self.product(article)
        if variant is None:
            return product.id, 0, product.stock
        [shown] = [one for one in product.variants if one.reference == reference]
        return product.id, shown.id, shown.stock

    def figures(self, key: int) -> tuple[int, int]:
        """Return how many units of a sellable key (the till, the site) say there are."""
        with self.till() as till:
            return stock_of(till, key), self.place(key)[2]

    def withheld(self) -> list[Withheld]:
        """Return what the exporter has set aside, by kind and key."""
        table = STATE.withheld
        faults = select(table).where(table.c.level == "fault").order_by("kind", "key")
        rows = self._state(faults)
        return [
            Withheld(row["kind"], row["key"], row["label"], problem_from(row["problem"]))
            for row in rows
        ]

    def fates(self, state: str) -> list[tuple[str, str]]:
        """Return (kind, key) of the facts of which the till knows this fate."""
        fate = STATE.fate
        query = select(fate.c.kind, fate.c.key).where(fate.c.state == state)
        return [(row["kind"], row["key"]) for row in self._state(query.order_by("kind", "key"))]

    def _state(self, query: Select[Any]) -> list[Mapping[str, Any]]:
        stage = self.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return [dict(row) for row in connection.execute(query).mappings()]


@contextmanager
def open_play(
    folder: Path,
    front: Shopfront,
    make_till: Callable[[Path], object],
    *,
    policy: Mapping[str, Any] | None = None,
    handler: type[PlainHandler] | None = None,
) -> Iterator[Play]:
    """Set the stage in an empty folder; both programs are paired, the shop's orders known.

    Args:
        folder: Holds the till, both states, and the FTP server's disk.
        front: The shop.
        make_till: Builds the till at a path.
        policy: The merchant's choices.
        handler: What answers the FTP clients; the usual one when left out.
    """
    root = folder / "ftp"
    root.mkdir(parents=True)
    with (
        FtpServer(root, user=_USER, password=_PASSWORD, handler=handler) as server,
        CountingProxy(front.url) as proxy,
    ):
        stage = Stage.build(
            folder / "stage",
            make_till=make_till,
            place=FtpPlace("127.0.0.1", server.port, _USER, _PASSWORD),
            shop_url=proxy.url,
            shop_key=front.key,
            policy=policy,
        )
        play = Play(stage, front, proxy, root)
        stage.pair(baseline="all")
        front.clear_away(_references(play))
        yield play


def _references(play: Play) -> list[str]:
    """Return the references that the till's articles have, or will have once they are mended."""
    with play.till() as till:
        rows = till.execute("SELECT REF FROM ARTICLE").fetchall()
    return [*(reference for (reference,) in rows), *(row.reference for row in WRONG_ROWS)]
