"""Both programs' command lines around one till, one folder for packets and one simulated shop.

with opened_play(tmp_path) as play:
    play.pair()
    play.pos("sync").code
    play.agent("sync", "--accept", "first-load").last["written"]
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from demo.prestashop import Shop
from demo.prestashop.web import serve
from demo.stage import FolderPlace, FtpPlace, Stage
from demo.till import build_small_till
from pos_exporter.cli import build_app as build_exporter
from pos_exporter.wiring import Wiring as ExporterWiring
from shop_agent.cli import build_app as build_agent
from shop_agent.wiring import Wiring as AgentWiring

KEY = "K" * 32


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    @property
    def last(self) -> dict[str, Any]:
        """The last JSON line."""
        return self.lines[-1]

    def of(self, line_type: str) -> list[dict[str, Any]]:
        """The JSON lines of one type."""
        return [line for line in self.lines if line["type"] == line_type]

    @property
    def codes(self) -> set[str]:
        """The codes of the problems that ended it."""
        return {one["code"] for line in self.of("error") for one in line["problems"]}

    def check(self, check_id: str) -> dict[str, Any]:
        """The worst line of a check of `doctor`."""
        lines = [line for line in self.of("check") if line["check"] == check_id]
        return max(lines, key=lambda line: ["ok", "attention", "failed"].index(line["state"]))


@dataclass
class Play:
    """A stage and the shop it plays against."""

    stage: Stage
    shop: Shop
    pos_wiring: ExporterWiring
    agent_wiring: AgentWiring = field(default_factory=AgentWiring)
    environment: Mapping[str, str] = field(default_factory=dict)

    def pos(self, *arguments: str, typed: str = "", as_json: bool = True) -> Said:
        """Run a command of the exporter."""
        app = build_exporter(self.pos_wiring)
        return self._invoke(app, arguments, self.stage.exporter_file, typed, as_json)

    def agent(self, *arguments: str, typed: str = "", as_json: bool = True) -> Said:
        """Run a command of the agent."""
        app = build_agent(self.agent_wiring)
        return self._invoke(app, arguments, self.stage.agent_file, typed, as_json)

    def _invoke(
        self, app: Any, arguments: tuple[str, ...], file: Path, typed: str, as_json: bool
    ) -> Said:
        extra = ["--json"] if as_json else []
        done = CliRunner().invoke(
            app, [*arguments, "-c", str(file), *extra], input=typed, env=dict(self.environment)
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def pair(self, baseline: str = "none") -> str:
        """Pair both programs by their commands; return the fingerprint."""
        ours = self.pos("pair").last["line"]
        theirs = self.agent("pair", ours).last["line"]
        fingerprint: str = self.pos("pair", theirs).last["fingerprint"]
        assert self.pos("pair", "--yes-fingerprint", fingerprint).code == 0
        done = self.agent("pair", "--yes-fingerprint", fingerprint, "--baseline", baseline)
        assert done.code == 0
        return fingerprint

    def settle(self) -> None:
        """Bring everything over, so that the next pass has nothing to do."""
        self.pos("sync")
        self.agent("sync", "--accept", "first-load")
        for _ in range(2):
            self.pos("sync")
            self.agent("sync")


@contextmanager
def opened_play(
    folder: Path,
    *,
    make_till: Callable[[Path], object] = lambda path: build_small_till(path, articles=4),
    place: FolderPlace | FtpPlace | None = None,
    fixtures: bool = False,
    key: str = KEY,
) -> Iterator[Play]:
    """Give a stage with its shop served, in an empty folder."""
    with Shop(None, key=KEY, fixtures=fixtures) as shop, serve(shop) as server:
        stage = Stage.build(
            folder / "stage",
            make_till=make_till,
            place=place or FolderPlace(folder / "packets"),
            shop_url=server.url,
            shop_key=key,
        )
        wiring = replace(stage.exporter_wiring, environment={**stage.environment})
        yield Play(stage, shop, wiring, environment={**stage.environment, "COMPTOIR_LANG": "fr"})
