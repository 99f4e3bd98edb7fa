"""The commands by which a person decides: `approve`, `quarantine …`; and the reports.

add_decisions(app, wiring)
"""

from pathlib import Path
from typing import Annotated

import typer

from pos_exporter.approving import show_approve
from pos_exporter.case_commands import answer_one, show_cases
from pos_exporter.config import load_settings
from pos_exporter.quarantine import leave, retry, show_one
from pos_exporter.report import show_margins
from pos_exporter.settings_file import FILE
from pos_exporter.status import show_set_aside
from pos_exporter.stock_pause_command import show_pause
from pos_exporter.wiring import Wiring
from protocol.program.command import Asked, LangOption, carry_out
from protocol.program.options import AsJson, CaseName, CaseWord, ConfigFile, new_app, said

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help=said("fiche/clé, clé ou référence", "kind/key, key or reference"),
    ),
]


# --- decisions -------------------------------------------------------------------------------


def add_decisions(app: typer.Typer, wiring: Wiring) -> None:
    """Add `approve`."""

    @app.command("approve", help=said("Dire oui à ce qui est retenu", "Say yes to what is held"))
    def approve_command(
        held_class: Annotated[str | None, typer.Argument(metavar="CLASS")] = None,
        up_to: Annotated[
            int | None,
            typer.Option(
                "--up-to",
                min=1,
                help=said("Jusqu'à tant de changements", "Up to so many changes"),
            ),
        ] = None,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_approve(settings, wiring, output, held_class, up_to),
            wiring.environment,
        )


def add_pause(app: typer.Typer, wiring: Wiring) -> None:
    """Add `pause stock`."""
    pause = new_app("pause", said("Retenir une part de ce qui part", "Hold back a part"))
    app.add_typer(pause)

    @pause.callback()
    def pause_commands() -> None:
        """Keep `stock` a command of its own."""

    @pause.command(
        "stock",
        help=said("Inventaire : garder les stocks ici", "Inventory: keep stock figures here"),
    )
    def stock_command(
        until: Annotated[
            str | None,
            typer.Option(
                "--until",
                metavar="HH:MM",
                help=said("Jusqu'à cette heure, ou la fin de ce jour", "An hour, or a day's end"),
            ),
        ] = None,
        off: Annotated[
            bool, typer.Option("--off", help=said("Finir la pause", "End the pause"))
        ] = False,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_pause(settings, wiring, output, until, off=off),
            wiring.environment,
        )


def add_cases(app: typer.Typer, wiring: Wiring) -> None:
    """Add `cases` and `cases answer`."""
    cases = new_app("cases", said("Les cas à voir", "The cases to look at"))
    app.add_typer(cases)

    @cases.callback(invoke_without_command=True, no_args_is_help=False)
    def cases_command(
        context: typer.Context,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        if context.invoked_subcommand is None:
            carry_out(
                Asked(config, lang, as_json),
                load_settings,
                lambda settings, output: show_cases(settings, wiring, output),
            )

    @cases.command("answer", help=said("Répondre à un cas", "Answer a case"))
    def answer_command(
        key: CaseName,
        verb: CaseWord,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: answer_one(settings, wiring, output, key, verb.value),
        )


def add_quarantine(app: typer.Typer, wiring: Wiring) -> None:
    """Add `quarantine list`, `show`, `retry` and `ignore`."""
    quarantine = new_app("quarantine", said("Ce qui est mis de côté", "What is set aside"))
    app.add_typer(quarantine)

    @quarantine.command("list", help=said("Tout montrer", "Show everything"))
    def list_command(
        config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_set_aside(settings, wiring, output),
            wiring.environment,
        )

    @quarantine.command("show", help=said("Tout dire d'une ligne", "Tell all about one line"))
    def show_command(
        name: Name, config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_one(settings, wiring, output, name),
            wiring.environment,
        )

    @quarantine.command("retry", help=said("Renvoyer ce qui est refusé", "Send it again"))
    def retry_command(
        name: Name, config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: retry(settings, wiring, output, name),
            wiring.environment,
        )

    @quarantine.command(
        "ignore", help=said("Ne plus compter cette ligne", "Count this line no longer")
    )
    def ignore_command(
        name: Name,
        undo: Annotated[
            bool, typer.Option("--undo", help=said("La compter de nouveau", "Count it again"))
        ] = False,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: leave(settings, wiring, output, name, undo=undo),
            wiring.environment,
        )


# --- reports ---------------------------------------------------------------------------------


def add_reports(app: typer.Typer, wiring: Wiring) -> None:
    """Add `report margins`."""
    report = new_app("report", said("Des tableaux pour vous seule", "Tables for you alone"))
    app.add_typer(report)

    @report.callback()
    def report_commands() -> None:
        """Keep `margins` a command of its own."""

    @report.command("margins", help=said("Les marges, dans un tableur", "Margins, as a table"))
    def margins_command(
        csv: Annotated[Path, typer.Option("--csv", metavar="FILE")],
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_margins(settings, wiring, output, csv),
            wiring.environment,
        )
