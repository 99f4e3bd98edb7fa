"""The parts of a mapping about web orders that are at the till: how far they are, their parcels.

`order` is the web order's own name, as `write_back` wrote it. A stage comes from the till's own
words by `map` or `lookup`; what means nothing yet goes by `null_if`.

    order_progress:
      table: COMMANDE_WEB
      key: [ID_CDE]
      fields:
        order: REF_WEB
        stage: {col: ETAT, null_if: [A PREPARER], map: {PREPAREE: prepared, EXPEDIEE: shipped}}
    shipment:
      sql: SELECT E.*, O.REF_WEB FROM EXPEDITION E JOIN COMMANDE_WEB O ON O.ID_CDE = E.ID_CDE
      key: [ID_EXP]
      fields: {order: REF_WEB, tracking: NO_SUIVI, carrier: TRANSP, shipped_at: DAT_EXP}
"""

from pos_exporter.mapping.fields import FieldOf, Strict
from pos_exporter.mapping.queries import EntityQuery


class OrderProgressFields(Strict):
    """stage: prepared, shipped, delivered or cancelled; at: since when, the till's own clock."""

    order: FieldOf
    stage: FieldOf
    at: FieldOf | None = None


class OrderProgressQuery(EntityQuery):
    """How far the till is with web orders, a row each."""

    fields: OrderProgressFields


class ShipmentFields(Strict):
    """order: the web order's name; tracking, carrier, shipped_at: of the parcel, if known."""

    order: FieldOf
    tracking: FieldOf | None = None
    carrier: FieldOf | None = None
    shipped_at: FieldOf | None = None


class ShipmentQuery(EntityQuery):
    """Parcels of web orders, a row each; `key` tells one parcel from another for ever."""

    fields: ShipmentFields
