"""Whom an article or a variant is bought from: columns of the article, or rows of their own.

A purchase price only travels where the merchant opted in. A row that cannot be used leaves the
suppliers of its article unsaid, and the site as it is.

    suppliers = Suppliers(rows, frame, ledger)
    suppliers.of(view, query.fields.supplier)     # {'suppliers': ({'supplier': '3', …},)}
"""

from collections.abc import Iterator, Mapping

from pos_exporter.assembling.by_article import RowsByOwner, set_part_aside
from pos_exporter.assembling.figures import purchase_price
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.shop_rules import REFERENCE, line_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.offer_errors import UnknownSupplierError
from pos_exporter.mapping.offers import ArticleSupplierQuery, OfferFields
from pos_exporter.mapping.queries import Sellable
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView


class Suppliers:
    """The suppliers of what is sold."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self._rows = RowsByOwner(rows, "article_supplier", ArticleSupplierQuery, frame, ledger)
        self._frame, self._ledger = frame, ledger
        self._in_rows = {query.of for query in frame.mapping.entities.article_supplier}

    def of(
        self, view: RowView, columns: OfferFields | None, kind: Sellable = "article"
    ) -> dict[str, object]:
        """Return what an article or a variant says of its suppliers.

        Args:
            view: Its row.
            columns: The columns of its own row that name one.
            kind: Which of the two it is.
        """
        if columns is None and kind not in self._in_rows:
            return {}
        offers, whole = dict[object, Mapping[str, object]](), not self._rows.is_unsure
        for number, (row, fields) in enumerate(self._sources(view, columns, kind)):
            try:
                offer = self._offer(row, fields)
            except RowError as error:
                set_part_aside("article_supplier", view, str(number or ""), error, self._ledger)
                whole = False
                continue
            if offer is not None:
                offers.setdefault(offer["supplier"], offer)
        known = (self._ledger.fate("supplier", str(key)) == "record" for key in offers)
        return {"suppliers": tuple(offers.values()) or None} if whole and all(known) else {}

    def _sources(
        self, view: RowView, columns: OfferFields | None, kind: Sellable
    ) -> Iterator[tuple[RowView, OfferFields]]:
        if columns is not None:
            yield view, columns
        yield from ((row, query.fields) for row, query in self._rows.of(view.key, kind))

    def _offer(self, row: RowView, fields: OfferFields) -> Mapping[str, object] | None:
        key = row.reference(fields.supplier)
        if key is None:
            return None
        if not self._ledger.knows("supplier", key):
            place = row.place(fields.supplier.columns())
            raise UnknownSupplierError(place=place, value=key)
        mapping, offer = self._frame.mapping, dict[str, object](supplier=key)
        if fields.reference is not None:
            offer["reference"] = row.mend(fields.reference, line_of(REFERENCE)) or ""
        if fields.purchase_price is not None and mapping.send_purchase_price:
            price = row.read(fields.purchase_price, purchase_price(mapping.formats))
            offer |= {"purchase_price": price, "currency": mapping.till.currency}
        return offer
