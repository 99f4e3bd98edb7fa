"""A small flat till in memory, right in every row, for tests that make one thing wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pos_exporter.assemble import assemble
from pos_exporter.assembled import Assembled, SetAside
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.entities import ImageRule
from pos_exporter.mapping.model import Entities, TillMapping
from pos_exporter.mapping.queries import EntityQuery
from pos_exporter.mapping.shop import ANY_SHOP, KnownShop
from pos_exporter.photos import PhotoFacts
from pos_exporter.source.port import Row
from protocol.records import Record
from tests.pos_exporter.mapping.samples import COLUMNS, FLAT, mapping_of

Cells = dict[str, object]

PHOTOS = """
  photo: {table: PH, key: [ID], image: {path: F, root: x}, fields: {article: ART, legend: LEG}}
"""
COUNTED = """
  counted_orders: {of: variant, table: CMD, key: [DECL], fields: {order: UID, quantity: N}}
"""


def article(key: int, **cells: object) -> Cells:
    """Return an article's row."""
    row: Cells = {
        "ID": key, "REF": f"R-{key}", "LIB": f"Derby {key}", "LIB_EN": None, "PX": "49,90",
        "TVA": 1, "EAN": None, "MRQ": 5, "FAM": "F1", "FAM2": None, "DESCR": "<p>Cuir</p>",
        "ACHAT": "20,5", "WEB": "O", "FINI": "N", "QTE": 3,
    }  # fmt: skip
    return row | cells


def variant(key: int, owner: int, size: object = 38, **cells: object) -> Cells:
    """Return a variant's row."""
    row: Cells = {
        "ID": key, "ART": owner, "WEB": "O", "PT": size, "COUL": "NOI", "COUL_LIB": "noir",
        "COUL_EN": None, "HEXA": "#000000", "REF": f"V-{key}", "EAN": None, "PX": None,
    }  # fmt: skip
    return row | cells


@dataclass
class Shop:
    """Rows per entity; article 1 is simple, article 2 has variants 21 and 22."""

    text: str = FLAT + COLUMNS + PHOTOS
    tax_rate: list[Cells] = field(default_factory=lambda: [{"CODE": 1, "TAUX": "20,00"}])
    category: list[Cells] = field(
        default_factory=lambda: [
            {"CODE": "F", "LIB": "Femme", "PERE": None},
            {"CODE": "F1", "LIB": "Bottes", "PERE": "F"},
        ]
    )
    brand: list[Cells] = field(default_factory=lambda: [{"CODE": 5, "LIB": "Zoé & fils"}])
    article: list[Cells] = field(default_factory=lambda: [article(1), article(2)])
    variant: list[Cells] = field(default_factory=lambda: [variant(21, 2), variant(22, 2, 39)])
    photo: list[Cells] = field(default_factory=list)
    #: Rows by entity where the fields above do not do: stock, counted orders.
    more: dict[str, list[Cells]] = field(default_factory=dict)
    counted_again: list[Cells] | None = None
    photo_bytes: Mapping[str, PhotoFacts] = field(default_factory=dict)
    known: KnownShop = ANY_SHOP

    def mapping(self) -> TillMapping:
        """Return the mapping of this shop."""
        return mapping_of(self.text)

    def assembled(self) -> Assembled:
        """Return what the rows come to."""
        mapping = self.mapping()
        names = [name for name in Entities.model_fields if name != "photo"]
        rows = {name: self._reads(mapping.entities.of(name), self._cells(name)) for name in names}
        counted = mapping.entities.counted_orders
        again = None
        if self.counted_again is not None:
            again = [(counted[0], row) for row in self.counted_again]
        photos = [(query, row) for query in mapping.entities.photo for row in self.photo]
        read = TillRows(rows, {}, again)
        return assemble(read, mapping, photos, self._take, shop=self.known)

    def _cells(self, name: str) -> Sequence[Cells]:
        if name in self.more:
            return self.more[name]
        default = self.article if name == "stock" else []
        cells: Sequence[Cells] = getattr(self, name, default)
        return cells

    @staticmethod
    def _reads(
        queries: Sequence[EntityQuery], cells: Sequence[Row]
    ) -> list[tuple[EntityQuery, Row]]:
        return [(query, row) for query in queries for row in cells]

    def _take(self, image: ImageRule, written: object) -> PhotoFacts | None:
        return self.photo_bytes.get(str(written))


def find(assembled: Assembled, kind: str, key: str) -> Record:
    """Return one record."""
    return next(r for r in assembled.records if (r.kind, r.key) == (kind, key))


def keys(assembled: Assembled, kind: str) -> list[str]:
    """Return the keys of a kind's records, as sent."""
    return [record.key for record in assembled.records if record.kind == kind]


def withheld(items: Sequence[SetAside]) -> list[tuple[str, str, str]]:
    """Return kind, key and code of what is set aside."""
    return [(item.kind, item.key, item.problem.code) for item in items]
