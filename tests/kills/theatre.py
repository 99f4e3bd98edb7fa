"""The set of the kill tests: a till, an FTP server and a shop, copied and brought back as a whole.

Both programs reach their servers through the relays, whose gate is the referee. What a story needs
lies in one folder, `live`: the till, both states and keys, the FTP root, the shop's database. It is
saved under a name before a story's pass, and restored before every kill.

    with Theatre(folder) as theatre:
        theatre.build()
        theatre.save("first")
        run = theatre.play("pos", kill=Kill(12, "after"))
        theatre.restore("first")
"""

import shutil
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from demo.ftp import FtpServer
from demo.prestashop import Server, Shop, serve
from demo.stage import FtpPlace, Stage
from demo.till import build_small_till
from shop_agent.reconcile.brakes import FIRST_LOAD
from tests.equipment.relays import HOST, FtpRelay, HttpRelay
from tests.kills.referee import Actor, Kill, Program, Referee, Run, RunFailedError

KEY = "K" * 32
#: How much of what a failed program said is shown, in characters.
_NOTED = 3000
_USER, _PASSWORD = "boutique", "un mot de passe"


class Theatre:
    """Everything that one sweep of kills needs.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.referee = Referee()
        self._folder = folder
        self._live = folder / "live"
        self._ftp_root = self._live / "ftp"
        self._errors_file = folder / "errors.txt"
        self._closing = ExitStack()
        self._ready: dict[Program, deque[Actor]] = {"pos": deque(), "shop": deque()}
        self._shop: Shop | None = None
        self._web: Server | None = None
        self._stage: Stage | None = None

    def __enter__(self) -> Self:
        self._ftp_root.mkdir(parents=True)
        enter = self._closing.enter_context
        self._errors = enter(self._errors_file.open("ab"))
        server = enter(FtpServer(self._ftp_root, user=_USER, password=_PASSWORD))
        self._ftp = enter(FtpRelay(self.referee, server.port))
        self._http = enter(HttpRelay(self.referee))
        return self

    def __exit__(self, *_: object) -> None:
        self._close_shop()
        for actors in self._ready.values():
            for actor in actors:
                actor.close()
        self._closing.close()

    @property
    def stage(self) -> Stage:
        """The programs' settings, and both programs within this process."""
        if self._stage is None:
            raise LookupError("the stage is not built yet")
        return self._stage

    @property
    def shop(self) -> Shop:
        """The simulated shop, for acts of people and for looking into it."""
        if self._shop is None:
            raise LookupError("the shop is closed")
        return self._shop

    # --- acts --------------------------------------------------------------------------------

    def build(self) -> None:
        """Build and pair everything."""
        place = FtpPlace(HOST, self._ftp.port, _USER, _PASSWORD)
        self._open_shop()
        self._stage = Stage.build(
            self._live / "stage", make_till=build_small_till, place=place,
            shop_url=f"http://{HOST}:{self._http.port}", shop_key=KEY,
        )  # fmt: skip
        self._stage.pair()

    def play(
        self, program: Program, options: Sequence[str] = (), *, kill: Kill | None = None
    ) -> Run:
        """Run one program's `sync` once as a process, to its end or to the chosen event."""
        stage = self.stage
        file = stage.exporter_file if program == "pos" else stage.agent_file
        orders = {
            "arguments": ["sync", "-c", str(file), *options],
            "environment": dict(stage.environment),
        }
        ready = self._ready[program]
        if not ready:
            self.make_ready(program)
        with ready.popleft() as actor:
            try:
                return self.referee.play(actor, orders, kill)
            except RunFailedError as error:
                error.add_note(self._errors_file.read_text(encoding="utf-8")[-_NOTED:])
                raise

    def make_ready(self, program: Program) -> None:
        """Start a process that will be needed soon, so that it imports meanwhile."""
        self._ready[program].append(Actor(program, self._errors))

    def rounds(self, count: int, *, first: Program) -> None:
        """Let both programs pass in turn, undisturbed, within this process.

        Args:
            count: Passes of each.
            first: Which begins.
        """
        for _ in range(count):
            if first == "pos":
                self.stage.sync_till()
            self.stage.sync_shop(accept=(FIRST_LOAD,))
            if first == "shop":
                self.stage.sync_till()

    # --- copies ------------------------------------------------------------------------------

    def save(self, name: str) -> None:
        """Copy everything as it is now."""
        self._close_shop()
        shutil.copytree(self._live, self._copy(name))
        self._open_shop()

    def restore(self, name: str) -> None:
        """Bring everything back as it was saved."""
        self._close_shop()
        shutil.rmtree(self._live)
        shutil.copytree(self._copy(name), self._live)
        self._open_shop()

    def _copy(self, name: str) -> Path:
        return self._folder / "copies" / name

    def _open_shop(self) -> None:
        self._shop = Shop(self._live / "shop.db", key=KEY)
        self._web = serve(self._shop)
        self._http.upstream = self._web.port

    def _close_shop(self) -> None:
        if self._web is not None:
            self._web.close()
        if self._shop is not None:
            self._shop.close()
        self._web = self._shop = None
