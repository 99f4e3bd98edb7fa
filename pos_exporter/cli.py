"""The exporter's command line: each command reads its options and hands over to its room.

Exit codes, `--json` and `--cron` are told in `protocol.program.console`. Tests build the same
application around their own wiring.

    build_app(Wiring())()          # what `pos-exporter` runs
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pos_exporter.cli_decisions import (
    add_cases,
    add_decisions,
    add_pause,
    add_quarantine,
    add_reports,
)
from pos_exporter.cli_orders import add_orders
from pos_exporter.config import PROGRAM, ExporterSettings, load_settings
from pos_exporter.doctor import show_doctor
from pos_exporter.kit import KIT
from pos_exporter.serving import PageOptions, show_page
from pos_exporter.settings_file import FILE, InitAnswers, init
from pos_exporter.status import show_past_runs, show_status
from pos_exporter.sync import SyncOptions, sync
from pos_exporter.why.tell import show_why
from pos_exporter.wiring import Wiring, paths_of, wire
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


class Only(StrEnum):
    """What `--only` takes."""

    stock = "stock"
    new = "new"


Full = Annotated[
    bool,
    typer.Option("--full", help=said("Tout redire au site", "Say everything to the site again")),
]
OnlyOption = Annotated[
    Only | None,
    typer.Option(
        "--only",
        help=said("Stocks seuls, ou articles jamais envoyés", "Stock alone, or new articles"),
    ),
]
Articles = Annotated[
    list[str] | None,
    typer.Option(
        "--article",
        metavar="REF",
        help=said(
            "Cet article seul : référence, code-barres ou clé",
            "This article alone: reference, bar code or key",
        ),
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help=said(
            "Avec --dry-run : tout le plan, en JSON Lines",
            "With --dry-run: the whole plan, as JSON Lines",
        ),
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="CLASS",
        help=said("Dire oui à ce qui attend un accord", "Say yes to what waits for a person"),
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


def build_app(wiring: Wiring) -> typer.Typer:
    """Return the command line around a wiring."""
    app = new_app(
        PROGRAM,
        said("Envoie la caisse au site", "Sends the till to the site"),
    )
    _add_init(app, wiring)
    _add_pairing(app, wiring)
    add_backup(app, KIT, BackupWorld(wiring.clock, wiring.environment), FILE)
    _add_runs(app, wiring)
    _add_questions(app, wiring)
    add_decisions(app, wiring)
    add_cases(app, wiring)
    add_pause(app, wiring)
    add_quarantine(app, wiring)
    add_reports(app, wiring)
    add_orders(app, wiring)
    return app


def main() -> None:
    """Run the command line of this process."""
    build_app(Wiring())()


# --- setting up ------------------------------------------------------------------------------


def _add_init(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("init", help=said("Écrire les réglages", "Write the settings file"))
    def init_command(
        config: ConfigFile = FILE,
        till_url: Annotated[str | None, typer.Option("--till-url")] = None,
        write_url: Annotated[str | None, typer.Option("--write-url")] = None,
        mapping: Annotated[str | None, typer.Option("--mapping")] = None,
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
        answers = InitAnswers(channel, till_url, write_url, mapping, state, force)
        output = Asked(config, lang, as_json).output()
        asker = Asker(output.lang, _ask)
        code = quietly(
            lambda: init(answers, config, output, asker, wiring.random_bytes, wiring.environment),
            output,
        )
        raise typer.Exit(code)


def _add_pairing(app: typer.Typer, wiring: Wiring) -> None:
    @app.command("pair", help=said("Appairer avec le site", "Pair with the site's program"))
    def pair_command(
        line: Annotated[str | None, typer.Argument(metavar="LINE")] = None,
        config: ConfigFile = FILE,
        renew: Renew = False,
        resync: Resync = False,
        yes_fingerprint: YesFingerprint = None,
        label: Annotated[str, typer.Option("--label")] = "",
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        options = PairOptions(line, renew, yes_fingerprint, resync)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: _pair(settings, wiring, output, options, label),
            wiring.environment,
        )


def _pair(
    settings: ExporterSettings, wiring: Wiring, output: Output, options: PairOptions, label: str
) -> int:
    paths = paths_of(settings)
    if options.resync:
        with wire(settings, wiring) as exporter:
            return take_up(exporter.link, exporter.engine, paths.folder, output, wiring.clock())
    pairing = Pairing(paths.folder, paths.keys, "pos", label, wiring.clock, wiring.random_bytes)
    pair(pairing, options, output, lambda question: ask_line(question) or "")
    return DONE


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
        accept: Accept = None,
        article: Articles = None,
        plan: PlanFile = None,
        as_json: AsJson = False,
        cron: Cron = False,
        lang: LangOption = None,
    ) -> None:
        kinds = frozenset({"stock"}) if only is Only.stock else frozenset[str]()
        options = SyncOptions(
            full, kinds, dry_run, tuple(accept or ()), tuple(article or ()), only is Only.new, plan
        )
        carry_out(
            Asked(config, lang, as_json, cron),
            load_settings,
            lambda settings, output: sync(settings, wiring, output, options),
            wiring.environment,
        )

    @app.command("run", help=said("Robot : un passage après l'autre", "Robot: pass after pass"))
    def run_command(
        config: ConfigFile = FILE,
        every: Every = "5m",
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        interval = parsed_duration(every)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: keep_running(
                interval,
                lambda: quietly(lambda: sync(settings, wiring, output, SyncOptions()), output),
                output,
            ),
            wiring.environment,
        )

    @app.command("serve", help=said("Ouvrir la page", "Serve the page"))
    def serve_command(
        config: ConfigFile = FILE,
        port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
        open_browser: Annotated[bool, typer.Option("--open")] = False,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        options = PageOptions(port, open_browser)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_page(settings, wiring, output, options),
            wiring.environment,
        )


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
            wiring.environment,
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
            wiring.environment,
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
            wiring.environment,
        )

    @app.command("why", help=said("Pourquoi pas en ligne ?", "Why is it not online?"))
    def why_command(
        reference: Annotated[str, typer.Argument(metavar="REF")],
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_why(settings, wiring, output, reference),
            wiring.environment,
        )
