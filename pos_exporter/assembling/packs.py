"""Packs: what each holds, and whether the site can sell every part by itself.

A wrong part holds back its pack: a pack that lacks one would be sold for what it is not.

    packs = Packs(rows, frame, ledger)
    packs.of(view, "pack")               # {'parts': ({'article': '1042', 'quantity': 2},), …}
    check_packs(ledger)                  # once articles and variants are there
"""

from collections.abc import Iterable, Mapping

from pos_exporter.assembling.by_article import RowsByOwner
from pos_exporter.assembling.figures import units_from
from pos_exporter.assembling.ledger import Ledger, Thing
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.offer_errors import PackEmptyError, TargetError, UnknownPartError
from pos_exporter.mapping.offers import PackPartQuery
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Article, PackPart


class Packs:
    """What packs hold."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self._rows = RowsByOwner(rows, "pack_part", PackPartQuery, frame, ledger)

    def of(self, view: RowView, nature: str) -> dict[str, object]:
        """Return what an article says of its parts; nothing where it has none.

        Raises:
            RowError: When a part cannot be used, or a pack has none.
        """
        parts = _added_up(_part(row, query) for row, query in self._rows.of(view.key))
        if self._rows.is_unsure:
            return {}
        if parts:
            return {"parts": parts, "nature": "pack"}
        if nature == "pack":
            raise PackEmptyError(place=view.place())
        return {}


def _added_up(parts: Iterable[tuple[Thing, int]]) -> tuple[Mapping[str, object], ...]:
    """Return each part once, as a record holds it."""
    found: dict[Thing, int] = {}
    for thing, quantity in parts:
        found[thing] = found.get(thing, 0) + quantity
    return tuple({kind: key, "quantity": quantity} for (kind, key), quantity in found.items())


def _part(row: RowView, query: PackPartQuery) -> tuple[Thing, int]:
    fields, part = query.fields, list[Thing]()
    for name, rule in (("article", fields.article), ("variant", fields.variant)):
        key = row.reference(rule) if rule is not None else None
        if key is not None:
            part.append((name, key))
    if len(part) != 1:
        columns = [c for rule in (fields.article, fields.variant) if rule for c in rule.columns()]
        raise TargetError(place=row.place(columns))
    if fields.quantity is None:
        return part[0], 1
    read = units_from(row.frame.mapping.formats, 1, default=1)
    return part[0], row.read(fields.quantity, read)


def check_packs(ledger: Ledger) -> None:
    """Set aside the packs of which a part cannot be sold by itself."""
    packs = [record for record in ledger.records("article") if isinstance(record, Article)]
    for pack in packs:
        wrong = next((p for p in pack.parts or () if not _is_sold(p, ledger)), None)
        if wrong is not None:
            ledger.take_back("article", pack.key)
            value = wrong.article or wrong.variant or ""
            error = UnknownPartError(place=f"article {pack.key}", value=value)
            ledger.set_aside("article", pack.key, error)


def _is_sold(part: PackPart, ledger: Ledger) -> bool:
    if part.variant is not None:
        return ledger.fate("variant", part.variant) in {"record", "withheld"}
    key = part.article or ""
    return key not in ledger.with_variants and ledger.fate("article", key) in {"record", "withheld"}
