"""The commands by which a person asks and decides: `why`, `reconcile`, `take-back`, `quarantine …`.

add_why(app, wiring)
"""

from pathlib import Path
from typing import Annotated

import typer

from protocol.program.command import Asked, LangOption, carry_out
from protocol.program.options import AsJson, CaseName, CaseWord, ConfigFile, Cron, new_app, said
from shop_agent.case_commands import answer_case, show_cases
from shop_agent.config import load_settings
from shop_agent.quarantine import leave, retry, show_one
from shop_agent.reconciling import show_reconcile
from shop_agent.status import show_set_aside
from shop_agent.taking_back import Asked as Taken
from shop_agent.taking_back import show_take_back
from shop_agent.why.tell import show_why
from shop_agent.wiring import Wiring

FILE = Path("shop-agent.yaml")
Reference = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help=said(
            "référence, code-barres, clé de caisse, ou #12 de PrestaShop",
            "reference, barcode, the till's key, or #12 of PrestaShop",
        ),
    ),
]
Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help=said("fiche/clé, clé ou référence", "kind/key, key or reference")
    ),
]


def add_why(app: typer.Typer, wiring: Wiring) -> None:
    """Add `why`."""

    @app.command("why", help=said("Pourquoi (pas) en ligne ?", "Why is it (not) online?"))
    def why_command(
        reference: Reference,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_why(settings, wiring, output, reference),
        )


def add_decisions(app: typer.Typer, wiring: Wiring) -> None:
    """Add `reconcile` and `take-back`."""

    @app.command("reconcile", help=said("Comparer caisse et site", "Compare till and site"))
    def reconcile_command(
        heal: Annotated[
            bool,
            typer.Option("--heal", help=said("Puis tout remettre d'aplomb", "Then put it right")),
        ] = False,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        cron: Cron = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json, cron),
            load_settings,
            lambda settings, output: show_reconcile(settings, wiring, output, heal=heal),
        )

    @app.command(
        "take-back", help=said("Rendre un texte à la caisse", "Give a text back to the till")
    )
    def take_back_command(
        reference: Reference,
        field: Annotated[
            str | None,
            typer.Option("--field", metavar="NAME", help=said("Ce champ seul", "This field only")),
        ] = None,
        text_lang: Annotated[
            str | None,
            typer.Option(
                "--text-lang", metavar="fr", help=said("Cette langue seule", "This language only")
            ),
        ] = None,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        asked = Taken(reference, field, text_lang)
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_take_back(settings, wiring, output, asked),
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
            lambda settings, output: answer_case(settings, wiring, output, key, verb.value),
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
        )

    @quarantine.command("show", help=said("Tout dire d'une ligne", "Tell all about one line"))
    def show_command(
        name: Name, config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_one(settings, wiring, output, name),
        )

    @quarantine.command("retry", help=said("Réessayer au prochain passage", "Try again next pass"))
    def retry_command(
        name: Name, config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: retry(settings, wiring, output, name),
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
        )
