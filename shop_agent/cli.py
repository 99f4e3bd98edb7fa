"""The agent's command line: each command reads its options and hands over to its room.

Exit codes, `--json` and `--cron` are told in `protocol.program.console`. Tests build the same
application around their own wiring.

    build_app(Wiring())()          # what `shop-agent` runs
"""

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from protocol.program.backup.command import BackupWorld, add_backup
from protocol.program.command import Asked, LangOption, ask_line, carry_out, quietly
from protocol.program.console import DONE, Output
from protocol.program.init_file import Asker, ChannelAnswers
from protocol.program.options import (
    AsJson,
    ConfigFile,
    Cron,
    DryRun,
    Renew,
    Resync,
    YesFingerprint,
    new_app,
    parsed_duration,
    said,
)
from protocol.program.pair_command import Pairing, PairOptions, pair
from protocol.program.resync_command import resync as take_up
from protocol.program.robot import keep_running
from shop_agent.baseline import BaselineOptions, show_baseline
from shop_agent.cli_questions import FILE, add_cases, add_decisions, add_quarantine, add_why
from shop_agent.config import PROGRAM, AgentSettings, load_settings
from shop_agent.doctor import show_doctor
from shop_agent.kit import KIT
from shop_agent.settings_file import InitAnswers, init
from shop_agent.status import show_past_runs, show_status
from shop_agent.sync import SyncOptions, sync
from shop_agent.wiring import Wiring, paths_of, wire


class Only(StrEnum):
    """What `--only` takes."""

    stock = "stock"


class Baseline(StrEnum):
    """Which of the shop's present orders the till has."""

    none = "none"
    all = "all"


Full = Annotated[
    bool,
    typer.Option("--full", help=said("Tout relire sur le site", "Read everything on the site")),
]
OnlyOption = Annotated[
    Only | None,
    typer.Option("--only", help=said("Stocks et commandes seulement", "Stock and orders alone")),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="CLASS",
        help=said("Dire oui à ce qui attend un accord", "Say yes to what waits for a person"),
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help=said("Écrire le plan entier, une action par ligne", "Write the whole plan as lines"),
    ),
]
MaxRuntime = Annotated[
    str | None,
    typer.Option(
        "--max-runtime",
        metavar="50m",
        help=said("Ne plus commencer d'écriture après", "Begin no write after"),
    ),
]
Every = Annotated[
    str,
    typer.Option(
        "--every",
        metavar="5m",
        help=said("D'un passage au suivant", "From one pass to the next"),
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help=said("Reposer le repère", "Set the baseline again"))
]


def build_app(wiring: Wiring) -> typer.Typer:
    """Return the command line around a wiring."""
    app = new_app(
        PROGRAM,
        said("Tient le site PrestaShop à jour", "Keeps the PrestaShop site in step with the till"),
    )
    _add_init(app, wiring)
    _add_pairing(app, wiring)
    add_backup(app, KIT, BackupWorld(wiring.clock), FILE)
    _add_runs(app, wiring)
    _add_questions(app, wiring)
    return app


def main() -> None:
    """Run the command line of this process."""
    build_app(Wiring())()


# --- setting up ------------------------------------------------------------------------------


def _add_init(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("init", help=said("Écrire les réglages", "Write the settings file"))
    def init_command(
        config: ConfigFile = FILE,
        shop_url: Annotated[str | None, typer.Option("--shop-url")] = None,
        shop_key: Annotated[str | None, typer.Option("--shop-key")] = None,
        folder: Annotated[Path | None, typer.Option("--folder")] = None,
        host: Annotated[str | None, typer.Option("--ftp-host")] = None,
        port: Annotated[int, typer.Option("--ftp-port")] = 21,
        user: Annotated[str | None, typer.Option("--ftp-user")] = None,
        password: Annotated[str | None, typer.Option("--ftp-password")] = None,
        root: Annotated[str | None, typer.Option("--root")] = None,
        plain: Annotated[bool, typer.Option("--allow-plain")] = False,
        pin: Annotated[str | None, typer.Option("--pin-sha256")] = None,
        state: Annotated[Path | None, typer.Option("--state")] = None,
        force: Annotated[bool, typer.Option("--force")] = False,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        channel = ChannelAnswers(folder, host, port, user, password, root, plain, pin)
        answers = InitAnswers(channel, shop_url, shop_key, state, force)
        output = Asked(config, lang, as_json).output()
        asker = Asker(output.lang, _ask)
        code = quietly(
            lambda: init(answers, config, output, asker, wiring.random_bytes, os.environ), output
        )
        raise typer.Exit(code)


def _add_pairing(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("pair", help=said("Appairer avec la caisse", "Pair with the till's program"))
    def pair_command(
        line: Annotated[str | None, typer.Argument(metavar="LINE")] = None,
        config: ConfigFile = FILE,
        renew: Renew = False,
        resync: Resync = False,
        yes_fingerprint: YesFingerprint = None,
        label: Annotated[str | None, typer.Option("--label")] = None,
        baseline: Annotated[Baseline | None, typer.Option("--baseline")] = None,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        options = PairOptions(line, renew, yes_fingerprint, resync)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: _pair(settings, wiring, output, options, label, baseline),
        )

    @app.command(
        "baseline",
        help=said("Dire quelles commandes la caisse a déjà", "Say which orders the till has"),
    )
    def baseline_command(
        which: Baseline,
        config: ConfigFile = FILE,
        not_in_till: Annotated[str, typer.Option("--not-in-till", metavar="ID,…")] = "",
        replace: Replace = False,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        options = BaselineOptions(which.value, _ids(not_in_till), replace)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_baseline(settings, wiring, output, options),
        )


def _pair(
    settings: AgentSettings,
    wiring: Wiring,
    output: Output,
    options: PairOptions,
    label: str | None,
    baseline: Baseline | None,
) -> int:
    paths = paths_of(settings)
    if options.resync:
        with wire(settings, wiring) as agent:
            return take_up(agent.link, agent.engine, paths.folder, output, wiring.clock())
    name = label or urlsplit(settings.shop.url).hostname or settings.shop.url
    pairing = Pairing(paths.folder, paths.keys, "shop", name, wiring.clock, wiring.random_bytes)
    keys = pair(pairing, options, output, lambda question: ask_line(question) or "")
    if keys.confirmed and baseline is not None:
        return show_baseline(settings, wiring, output, BaselineOptions(baseline.value))
    return DONE


def _ids(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise typer.BadParameter(said("Des numéros : 12,15", "Numbers: 12,15"))
    return tuple(int(part) for part in parts)


def _ask(question: str, hidden: bool) -> str | None:
    return ask_line(question, hidden=hidden)


# --- passes ----------------------------------------------------------------------------------


def _add_runs(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("sync", help=said("Faire un passage", "Run one pass"))
    def sync_command(
        config: ConfigFile = FILE,
        full: Full = False,
        only: OnlyOption = None,
        dry_run: DryRun = False,
        plan: PlanFile = None,
        accept: Accept = None,
        max_runtime: MaxRuntime = None,
        as_json: AsJson = False,
        cron: Cron = False,
        lang: LangOption = None,
    ) -> None:
        if plan is not None and not dry_run:
            raise typer.BadParameter(said("--plan va avec --dry-run", "--plan goes with --dry-run"))
        options = SyncOptions(
            full, only is not None, dry_run, tuple(accept or ()), _limit(max_runtime), plan
        )
        carry_out(
            Asked(config, lang, as_json, cron),
            load_settings,
            lambda settings, output: sync(settings, wiring, output, options),
        )

    @app.command("run", help=said("Robot : un passage après l'autre", "Robot: pass after pass"))
    def run_command(
        config: ConfigFile = FILE,
        every: Every = "5m",
        max_runtime: MaxRuntime = None,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        options, interval = SyncOptions(max_runtime=_limit(max_runtime)), parsed_duration(every)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: keep_running(
                interval,
                lambda: quietly(lambda: sync(settings, wiring, output, options), output),
                output,
            ),
        )


def _limit(text: str | None) -> timedelta | None:
    return parsed_duration(text) if text is not None else None


# --- questions -------------------------------------------------------------------------------


def _add_questions(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("status", help=said("Où en est-on", "How it stands"))
    def status_command(
        config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_status(settings, wiring, output),
        )

    @app.command("runs", help=said("Les derniers passages", "The latest runs"))
    def runs_command(
        run_id: Annotated[int | None, typer.Argument(metavar="ID")] = None,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_past_runs(settings, wiring, output, run_id),
        )

    @app.command("doctor", help=said("Tout vérifier", "Check everything"))
    def doctor_command(
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        cron: Cron = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json, cron),
            load_settings,
            lambda settings, output: show_doctor(settings, wiring, output),
        )

    add_why(app, wiring)
    add_decisions(app, wiring)
    add_cases(app, wiring)
    add_quarantine(app, wiring)
