"""The commands `orders`, `orders answer`, `orders reimport` and `orders picking`.

add_orders(app, wiring)
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pos_exporter.config import load_settings
from pos_exporter.orders_acts import reimport, show_picking
from pos_exporter.orders_shown import answer, show_orders
from pos_exporter.settings_file import FILE
from pos_exporter.wiring import Wiring
from protocol.program.command import Asked, LangOption, carry_out
from protocol.program.options import AsJson, ConfigFile, new_app, said


class OrderWord(StrEnum):
    """What a person says of an order."""

    taken = "taken"
    resend = "resend"
    ignore = "ignore"


def add_orders(app: typer.Typer, wiring: Wiring) -> None:
    """Add all four."""
    orders = new_app("orders", said("Les commandes du site", "The site's orders"))
    app.add_typer(orders, no_args_is_help=False)

    @orders.callback(invoke_without_command=True)
    def list_command(
        context: typer.Context,
        every: Annotated[bool, typer.Option("--all", help=said("Toutes", "Every one"))] = False,
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_orders(settings, wiring, output, every=every),
            wiring.environment,
        )

    @orders.command(
        "answer",
        help=said(
            "taken : la caisse l'a ; resend : la renvoyer ; ignore : ne pas l'entrer",
            "taken: the till has it; resend: send it again; ignore: leave it out",
        ),
    )
    def answer_command(
        order: Annotated[str, typer.Argument(metavar="ORDER")],
        word: Annotated[OrderWord, typer.Argument(metavar="taken|resend|ignore")],
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: answer(settings, wiring, output, order, word.value),
            wiring.environment,
        )

    @orders.command(
        "reimport",
        help=said(
            "Remettre en caisse ce qu'elle a perdu", "Put into the till again what it has lost"
        ),
    )
    def reimport_command(
        config: ConfigFile = FILE, as_json: AsJson = False, lang: LangOption = None
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: reimport(settings, wiring, output),
            wiring.environment,
        )

    @orders.command("picking", help=said("La liste de préparation", "The picking list"))
    def picking_command(
        csv: Annotated[Path, typer.Option("--csv", metavar="FILE")],
        config: ConfigFile = FILE,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        carry_out(
            Asked(config, lang, as_json),
            load_settings,
            lambda settings, output: show_picking(settings, wiring, output, csv),
            wiring.environment,
        )
