"""`report margins`: what each article leaves, written to a file of this computer alone.

The till is read with purchase prices, whatever `send_purchase_price` says; nothing is sent.

    show_margins(settings, wiring, output, Path("marges.csv"))
"""

from pathlib import Path

from pos_exporter.config import ExporterSettings
from pos_exporter.errors import FileNotWrittenError
from pos_exporter.mapping.model import TillMapping, load_mapping
from pos_exporter.margins import as_csv, margins
from pos_exporter.reading import read_till
from pos_exporter.wiring import Wiring, open_source
from protocol.errors import Text
from protocol.program.console import DONE, Output


def show_margins(settings: ExporterSettings, wiring: Wiring, output: Output, file: Path) -> int:
    """Read the till and write its margins.

    Raises:
        FileNotWrittenError: When the file cannot be written.
        ComptoirError: When the till cannot be read.
    """
    mapping = _with_purchase_prices(load_mapping(settings.till.mapping, wiring.environment))
    source = open_source(settings, mapping)
    assembled = read_till(source, mapping, {}, only_flagged=False)
    rows = margins(assembled, mapping.till.language)
    try:
        # With the mark that tells a spreadsheet that it is UTF-8.
        file.write_text(as_csv(rows, output.lang), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileNotWrittenError(place=file, reason=error.strerror) from error
    known = sum(row.margin is not None for row in rows)
    output.say(_WRITTEN, file=file, count=len(rows), known=known, aside=len(assembled.faults))
    output.emit("margins", file=str(file), lines=len(rows), with_margin=known,
                set_aside=len(assembled.faults))  # fmt: skip
    return DONE


def _with_purchase_prices(mapping: TillMapping) -> TillMapping:
    entities = mapping.entities.model_copy(update={"photo": ()})
    return mapping.model_copy(update={"send_purchase_price": True, "entities": entities})


_WRITTEN = Text(
    "{count} ligne(s) dans {file}, dont {known} avec une marge ; {aside} ligne(s) de la caisse "
    "mises de côté",
    "{count} line(s) in {file}, {known} of them with a margin; {aside} row(s) of the till "
    "set aside",
)
