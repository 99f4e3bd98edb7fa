"""The simulated shop: a webservice, a back office and accidents, around one database.

One shop is one database; it may be served and asked in-process at once, from any thread.

    with Shop(None, key="K" * 32) as shop:
        shop.place_order("zoe@example.com", [(1, 0, 2)])
        shop.fail_next("apply_then_500", method="POST")
        shop.requests()      # [LoggedRequest("GET", "/api/products", 200), ...]
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.prestashop import access
from demo.prestashop.answers import Answer, Request
from demo.prestashop.backoffice import BackOffice
from demo.prestashop.core import Clock, Core
from demo.prestashop.database import Database, Row
from demo.prestashop.faults import Fault, Faults, meant
from demo.prestashop.fixtures import fill_fixtures
from demo.prestashop.seed import fill, fill_own_fields
from demo.prestashop.service import Webservice
from demo.prestashop.versions import DEFAULT, get_version

Act = Callable[[], object]


@dataclass(frozen=True)
class LoggedRequest:
    """One request that was answered; status 0 when the connection was cut."""

    method: str
    path: str
    status: int


@dataclass(frozen=True)
class _Planned:
    act: Act
    method: str
    path: str


def _listed(parameters: tuple[object, ...]) -> Sequence[object]:
    first = parameters[0] if len(parameters) == 1 else None
    return first if isinstance(first, list | tuple) else parameters


def _now() -> datetime:
    return datetime.now(UTC)


class Shop(BackOffice):
    """A shop that answers as PrestaShop.

    Args:
        db_path: SQLite file, made and filled when missing; None keeps all in memory.
        key: Webservice key with every permission; 32 signs.
        clock: Aware present time.
        fixtures: Whether a new shop holds demo products and orders.
        seed: Where secret keys and order references come from.
        version: One of `demo.prestashop.versions.NUMBERS`.

    Raises:
        UnknownVersionError: No such version is simulated.
    """

    def __init__(
        self,
        db_path: Path | str | None,
        *,
        key: str,
        clock: Clock = _now,
        fixtures: bool = False,
        seed: int = 1,
        version: str = DEFAULT,
    ) -> None:
        known = get_version(version)
        database = Database(Path(db_path) if db_path else None)
        super().__init__(Core(database, clock, random.Random(seed), known))
        self.key = key
        self.faults = Faults()
        self.webservice = Webservice(self.core)
        self._log: list[LoggedRequest] = []
        self._acts: list[_Planned] = []
        self._log_lock = threading.Lock()
        if database.fresh:
            fill(self.core)
            if fixtures:
                fill_fixtures(self.core)
            fill_own_fields(self.core)
        access.add_key(database, key, access.everything(known))

    def before_next(self, act: Act, *, method: str = "", path: str = "") -> None:
        """Do something right before the next matching request, as a customer might.

        Args:
            act: What to do, such as placing an order between a read and a write.
            method: Only before this method; empty for any.
            path: Only where the path matches this regular expression; empty for any.
        """
        with self._log_lock:
            self._acts.append(_Planned(act, method, path))

    def _interrupt(self, request: Request) -> None:
        with self._log_lock:
            due = [
                one
                for one in self._acts
                if meant(one.method, one.path, request.method, request.path)
            ]
            self._acts = [one for one in self._acts if one not in due]
        for one in due:
            one.act()

    def close(self) -> None:
        """Close the database."""
        self.core.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def handle(self, request: Request) -> Answer:
        """Answer a request of the webservice, without a socket."""
        self._interrupt(request)
        return self.webservice.handle(request)

    def add_key(self, key: str, permissions: Mapping[str, set[str]]) -> None:
        """Add a key that may use these methods of these resources only."""
        access.add_key(self.core.database, key, permissions)

    def disable_key(self, key: str) -> None:
        """Switch a key off."""
        sql = "UPDATE webservice_keys SET active = 0 WHERE key = ?"
        self.core.database.run(sql, key)

    def execute(self, sql: str, *parameters: object) -> int:
        """Change the database behind the shop's back; return the id inserted, if any.

        Args:
            sql: One statement; tables are named after their resources.
            parameters: Its values, one by one or as one list.
        """
        with self.core.database.transaction():
            return self.core.database.run(sql, *_listed(parameters))

    def query(self, sql: str, *parameters: object) -> list[Row]:
        """Look into the database; every value is a text or None."""
        return self.core.database.rows(sql, *_listed(parameters))

    def fail_next(
        self,
        kind: str,
        *,
        method: str = "",
        path: str = "",
        times: int = 1,
        after: int = 0,
        seconds: float = 0.0,
    ) -> None:
        """Plan an accident for requests to come; see `demo.prestashop.faults`."""
        self.faults.plan(Fault(kind, method, path, times, after, seconds))

    def log(self, entry: LoggedRequest) -> None:
        """Remember a request that was answered."""
        with self._log_lock:
            self._log.append(entry)

    def requests(self) -> list[LoggedRequest]:
        """Return the requests answered since the log was cleared, in order."""
        with self._log_lock:
            return list(self._log)

    def clear_requests(self) -> None:
        """Forget the requests answered so far."""
        with self._log_lock:
            self._log.clear()
