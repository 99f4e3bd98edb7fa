"""`orders reimport`: what the till lost enters again; `orders picking`: what to fetch, as CSV.

reimport(settings, wiring, output)
show_picking(settings, wiring, output, Path("preparation.csv"))
"""

from pathlib import Path

from pos_exporter.config import ExporterSettings
from pos_exporter.errors import FileNotWrittenError
from pos_exporter.lost import lost_orders
from pos_exporter.orders_lost import enter_lost
from pos_exporter.orders_opened import to_pick
from pos_exporter.picking import as_csv, picking
from pos_exporter.shelves import places
from pos_exporter.state import METADATA
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Text
from protocol.keys import load_keys
from protocol.program.command import opened_state
from protocol.program.console import DONE, Output
from protocol.program.pairing import NoKeysError


def reimport(settings: ExporterSettings, wiring: Wiring, output: Output) -> int:
    """Have every order that the till has lost enter again with the next run, each once."""
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        references = [order.reference for order in lost_orders(connection)]
        count = enter_lost(connection)
    output.say(_AGAIN if count else _NONE, count=count, references=", ".join(references))
    output.emit("reimport", orders=references)
    return DONE


def show_picking(settings: ExporterSettings, wiring: Wiring, output: Output, file: Path) -> int:
    """Write the picking list to a file of this computer alone.

    Raises:
        NoKeysError: Before the pairing.
        FileNotWrittenError: When the file cannot be written.
    """
    paths = paths_of(settings)
    keys = load_keys(paths.keys)
    if keys is None:
        raise NoKeysError(place=paths.keys)
    with (
        opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.connect() as connection,
    ):
        orders = to_pick(connection, keys)
        named = {line.stock_key for order in orders for line in order.lines if line.stock_key}
        picks = picking(orders, places(connection, named))
    try:
        # With the mark that tells a spreadsheet that it is UTF-8.
        file.write_text(as_csv(picks, output.lang), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileNotWrittenError(place=file, reason=error.strerror) from error
    units = sum(pick.units for pick in picks)
    output.say(_WRITTEN, file=file, lines=len(picks), units=units, orders=len(orders))
    output.emit("picking", file=str(file), lines=len(picks), units=units, orders=len(orders))
    return DONE


_AGAIN = Text(
    "{count} commande(s) rentreront en caisse au prochain passage : {references}",
    "{count} order(s) enter the till again with the next run: {references}",
)
_NONE = Text("La caisse n'a perdu aucune commande", "The till has lost no order")
_WRITTEN = Text(
    "{lines} ligne(s), {units} article(s) à prendre pour {orders} commande(s), dans {file}",
    "{lines} line(s), {units} unit(s) to fetch for {orders} order(s), in {file}",
)
