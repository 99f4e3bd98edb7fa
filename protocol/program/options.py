"""The options that both programs' commands share, and what a program's Typer app is set to.

Help is in French unless the environment says otherwise (`COMPTOIR_LANG=en`, or an English locale).

    app = new_app("shop-agent", said("Tient le site à jour", "Keeps the site in step"))

    @app.command()
    def sync(config: ConfigFile = Path("shop-agent.yaml"), as_json: AsJson = False) -> None: ...
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protocol.errors import Lang
from protocol.program.durations import BadDurationError, parse_duration


def language_of(environment: Mapping[str, str]) -> Lang:
    """Return the language that an environment asks for; French when it says nothing."""
    asked = next(
        (environment[n] for n in ("COMPTOIR_LANG", "LC_ALL", "LANG") if environment.get(n)), "fr"
    )
    return "en" if asked.lower().startswith("en") else "fr"


def said(fr: str, en: str) -> str:
    """Return the sentence in the environment's language."""
    return en if language_of(os.environ) == "en" else fr


def new_app(name: str, help_text: str) -> typer.Typer:
    """Return a Typer app that shows no traceback: `run_main` words errors, the log has more."""
    return typer.Typer(
        name=name,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )


def parsed_duration(text: str) -> timedelta:
    """Return a duration given on the command line.

    Raises:
        BadParameter: With our advice, when it cannot be read.
    """
    try:
        return parse_duration(text)
    except BadDurationError as error:
        raise typer.BadParameter(error.problem().line(language_of(os.environ))) from error


class CaseWord(StrEnum):
    """What a person may answer to a case (SPEC §6.9)."""

    release = "release"
    dismiss = "dismiss"
    resend = "resend"


CaseName = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help=said(
            "clé du cas, ou ce qui la distingue : la référence de la commande",
            "the case's key, or what tells it from others: the order's reference",
        ),
    ),
]
ConfigFile = Annotated[
    Path, typer.Option("-c", "--config", help=said("Fichier de réglages", "Settings file"))
]
AsJson = Annotated[
    bool, typer.Option("--json", help=said("Résultat en lignes JSON", "Result as JSON lines"))
]
Cron = Annotated[
    bool,
    typer.Option(
        "--cron",
        help=said("Les codes 3, 4 et 8 deviennent 0", "Exit codes 3, 4 and 8 become 0"),
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help=said("Montrer sans rien écrire", "Show and write nothing")),
]
Renew = Annotated[
    bool,
    typer.Option("--renew", help=said("Refaire un appairage", "Make a new pairing")),
]
Resync = Annotated[
    bool,
    typer.Option(
        "--resync",
        help=said(
            "Reprendre un flux arrêté (E-LNK-011)", "Take up a stream that was stopped (E-LNK-011)"
        ),
    ),
]
YesFingerprint = Annotated[
    str | None,
    typer.Option(
        "--yes-fingerprint",
        help=said("Empreinte attendue, pour les scripts", "Fingerprint expected, for scripts"),
    ),
]
