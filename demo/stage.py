"""A stage: one till, one place for packets, one shop, and both programs set up against them.

The demo plays on it with the real command lines; tests play on it in one process, through the same
wiring. It writes the same settings files that an integrator would.

    stage = Stage.build(folder, till=build_small_till, channel=ftp_settings, shop_url=…, shop_key=…)
    stage.pair(baseline="none")
    stage.sync_till(); stage.sync_shop(accept=("first-load",)); stage.sync_till()
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from demo import till as demo_till
from pos_exporter.config import ExporterSettings
from pos_exporter.config import load_settings as load_exporter
from pos_exporter.export import run_export
from pos_exporter.exporter import ExportReport
from pos_exporter.exporter import Options as ExportOptions
from pos_exporter.wiring import Wiring as ExporterWiring
from pos_exporter.wiring import wire as wire_exporter
from protocol.program.pairing import accept_line, confirm, start_pairing
from shop_agent.config import AgentSettings
from shop_agent.config import load_settings as load_agent
from shop_agent.orders.collect import read_newest
from shop_agent.orders.positions import move_cursor, set_baseline
from shop_agent.pass_ import Options as PassOptions
from shop_agent.pass_ import run_pass
from shop_agent.profile import read_profile
from shop_agent.report import Report
from shop_agent.wiring import Wiring as AgentWiring
from shop_agent.wiring import open_shop
from shop_agent.wiring import wire as wire_agent

MAPPING = Path(demo_till.__file__).parent / "mapping.yaml"


@dataclass(frozen=True)
class FtpPlace:
    """Where the demo's FTP server is; plain FTP, for it is on loopback."""

    host: str
    port: int
    user: str
    password: str
    root: str = "comptoir/demo"

    def settings(self) -> Mapping[str, Any]:
        """Return the `channel` block of both settings files."""
        return {
            "ftp": {
                "host": self.host, "port": self.port, "user": self.user,
                "password": "${FTP_PASSWORD}", "root": self.root, "tls": "plain",
                "allow_plain": True, "timeout": 20,
            }
        }  # fmt: skip

    def secrets(self) -> Mapping[str, str]:
        """Return what the settings take from the environment."""
        return {"FTP_PASSWORD": self.password}


@dataclass(frozen=True)
class FolderPlace:
    """A folder that both programs see."""

    path: Path

    def settings(self) -> Mapping[str, Any]:
        """Return the `channel` block of both settings files."""
        return {"folder": {"path": str(self.path)}}

    def secrets(self) -> Mapping[str, str]:
        """Return what the settings take from the environment: nothing."""
        return {}


@dataclass(frozen=True)
class Stage:
    """Everything that one story needs, in one folder.

    Args:
        folder: Holds the till, both states and both settings files.
        till_path: The till's SQLite file.
        environment: What the settings files take from the environment.
    """

    folder: Path
    till_path: Path
    environment: Mapping[str, str]
    exporter_wiring: ExporterWiring = field(default_factory=ExporterWiring)
    agent_wiring: AgentWiring = field(default_factory=AgentWiring)

    @classmethod
    def build(
        cls,
        folder: Path,
        *,
        make_till: Callable[[Path], object],
        place: FtpPlace | FolderPlace,
        shop_url: str,
        shop_key: str,
        policy: Mapping[str, Any] | None = None,
        language: str = "fr",
    ) -> "Stage":
        """Make the till and the settings files in an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        till_path = folder / "till.sqlite"
        make_till(till_path)
        (folder / "mapping.yaml").write_text(MAPPING.read_text(encoding="utf-8"), encoding="utf-8")
        environment = {
            **place.secrets(),
            "TILL_URL": f"sqlite:///{till_path}",
            "TILL_PHOTOS": str(folder / "photos"),
            "SHOP_KEY": shop_key,
        }
        common = {"channel": place.settings(), "language": language}
        exporter = {
            **common,
            "state": {"folder": str(folder / "exporter")},
            "till": {"url": "${TILL_URL}", "write_url": "${TILL_URL}", "mapping": "mapping.yaml"},
            "policy": dict(policy or {}),
            "page": {"port": 0},
        }
        agent = {
            **common,
            "state": {"folder": str(folder / "agent")},
            "shop": {"url": shop_url, "key": "${SHOP_KEY}"},
        }
        _write(folder / "pos-exporter.yaml", exporter)
        _write(folder / "shop-agent.yaml", agent)
        exporter_wiring = ExporterWiring(environment={**os.environ, **environment})
        return cls(folder, till_path, environment, exporter_wiring)

    @property
    def exporter_file(self) -> Path:
        """The exporter's settings file."""
        return self.folder / "pos-exporter.yaml"

    @property
    def agent_file(self) -> Path:
        """The agent's settings file."""
        return self.folder / "shop-agent.yaml"

    def exporter(self) -> ExporterSettings:
        """Return the exporter's settings."""
        return load_exporter(self.exporter_file, self.environment)

    def agent(self) -> AgentSettings:
        """Return the agent's settings."""
        return load_agent(self.agent_file, self.environment)

    # --- acts --------------------------------------------------------------------------------

    def pair(self, *, baseline: str = "none") -> str:
        """Pair both programs, as two people would, and return the fingerprint they compared.

        Args:
            baseline: `none`: the till has no order of the site yet; `all`: it has all of today's.
        """
        pos_keys, shop_keys = self.keys_files()
        pos = start_pairing(pos_keys, "pos", "Les Semelles de Clara")
        start_pairing(shop_keys, "shop", "Les Semelles de Clara")
        shop = accept_line(shop_keys, pos.pairing_line())
        pos = accept_line(pos_keys, shop.pairing_line())
        confirm(pos_keys, shop.fingerprint())
        confirm(shop_keys, pos.fingerprint())
        self.set_baseline(baseline)
        return pos.fingerprint()

    def set_baseline(self, which: str) -> None:
        """Say which of the shop's present orders the till has."""
        with wire_agent(self.agent(), self.agent_wiring) as agent:
            if which == "none":
                with agent.engine.begin() as connection:
                    set_baseline(connection, 0, (), "")
                return
            with open_shop(self.agent(), self.agent_wiring) as shop:
                profile = read_profile(shop, self.agent().shop.url)
                cursor, newest = read_newest(shop, profile)
            with agent.engine.begin() as connection:
                set_baseline(connection, cursor.after_id, (), newest or "")
                move_cursor(connection, cursor)

    def sync_till(
        self, *, full: bool = False, only: Collection[str] = (), dry_run: bool = False,
        accept: Sequence[str] = (),
    ) -> ExportReport:  # fmt: skip
        """Run the exporter once."""
        options = ExportOptions(full, frozenset(only), dry_run, tuple(accept))
        with wire_exporter(self.exporter(), self.exporter_wiring) as exporter:
            return run_export(exporter, options)

    def sync_shop(
        self, *, full: bool = False, only_stock: bool = False, dry_run: bool = False,
        accept: Sequence[str] = (),
    ) -> Report:  # fmt: skip
        """Run the agent once."""
        options = PassOptions(full, only_stock, dry_run, tuple(accept))
        with wire_agent(self.agent(), self.agent_wiring) as agent:
            return run_pass(agent, options)

    def settle(self, rounds: int = 4, *, full: bool = False) -> tuple[ExportReport, Report]:
        """Run both programs in turn until each has heard the other's answers."""
        exported, applied = self.sync_till(), self.sync_shop(full=full, accept=("first-load",))
        for _ in range(rounds - 1):
            exported, applied = self.sync_till(), self.sync_shop(full=full)
        return exported, applied

    def keys_files(self) -> tuple[Path, Path]:
        """Return the key files of (till, shop)."""
        return self.folder / "exporter" / "keys.json", self.folder / "agent" / "keys.json"


def _write(path: Path, settings: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(settings), allow_unicode=True), encoding="utf-8")
