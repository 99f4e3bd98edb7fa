"""A till that reads a folder of web orders (CSV), and leaves traces or none.

till = FolderTill(folder, sellable={"1002"}, trace="done")
till.work()                    # reads every file that is there
till.orders, till.cancelled
"""

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import Literal

Trace = Literal["done", "ok", "none"]
#: Rows as this till wants them: E an order, L a line of it.
RULES = """
till: {name: t}
entities: {}
write_back:
  mode: drop_folder
  formats: {decimal: ",", tax_rates: {20: "1", 5.5: "2"}}
  files:
    changes: true
    done_folder: TRAITE
    ok_suffix: .ok
    error_suffix: .err
    csv:
      encoding: cp1252
      rows:
        - {columns: {T: {const: E}, REF: order_uid, EVT: event, NOM: delivery_name}}
        - foreach: lines
          columns: {T: {const: L}, ART: stock_key, QTE: quantity, TVA: tax_code,
                    PU: unit_price_tax_included}
"""


class FolderTill:
    """A till.

    Args:
        folder: Where it looks.
        sellable: Keys of the articles that it knows.
        trace: What it leaves of a file.
    """

    def __init__(self, folder: Path, sellable: Collection[str], trace: Trace = "done") -> None:
        self.folder = folder
        self.sellable = set(sellable)
        self.trace = trace
        self.orders: dict[str, list[tuple[str, int]]] = {}
        self.entries: list[str] = []
        self.cancelled: set[str] = set()

    def files(self) -> list[Path]:
        """Return what lies there to be read, by name."""
        return sorted(
            path
            for path in self.folder.iterdir()
            if path.is_file() and path.suffix in (".csv", ".CSV")
        )

    def work(self) -> None:
        """Read every file that is there."""
        for path in self.files():
            said = self._read(path)
            if said:
                path.rename(path.with_name(path.name + ".read"))
                path.with_name(path.name + ".err").write_text(said, encoding="cp1252")
            elif self.trace == "done":
                (self.folder / "TRAITE").mkdir(exist_ok=True)
                path.rename(self.folder / "TRAITE" / f"20261124_{path.name}")
            else:
                if self.trace == "ok":
                    path.with_name(f"{path.stem}.ok").write_text(f"CDE {len(self.entries)}")
                path.unlink()

    def _read(self, path: Path) -> str:
        """Enter a file's orders; return why none of them can be."""
        orders: list[tuple[str, str, list[tuple[str, int]]]] = []
        text = path.read_bytes().decode("cp1252")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            if row[0] == "E":
                orders.append((row[1], row[2], []))
                continue
            if row[1] not in self.sellable:
                return f"article {row[1]} inconnu"
            orders[-1][2].append((row[1], int(row[2])))
        for uid, event, lines in orders:
            self.orders[uid] = lines
            if event == "order":
                self.entries.append(uid)
            self.cancelled.discard(uid)
            if event == "order_cancelled":
                self.cancelled.add(uid)
        return ""
