"""How far the till is with web orders, and their parcels."""

from datetime import UTC, datetime

import pytest

from protocol.records import OrderProgress, Shipment, order_uid
from tests.pos_exporter.assembling.shop import Cells, Shop, find, keys, withheld
from tests.pos_exporter.mapping.samples import COLUMNS, FLAT

UID = "shop.example/1/12/XKBKNABJK/2026-11-24 04:43:58"
OTHER = "shop.example/1/13/OKBKNABJK/2026-11-24 05:43:58"
BACK = """
  order_progress:
    table: CDE
    key: [ID]
    fields:
      order: UID
      stage: {col: ETAT, null_if: [A FAIRE], map: {PRETE: prepared, PARTIE: shipped, X: sent}}
      at: LE
  shipment:
    table: EXP
    key: [ID]
    fields: {order: UID, tracking: NO, carrier: PAR, shipped_at: LE}
"""


def order(key: int, uid: object = UID, stage: object = "PARTIE", at: object = None) -> Cells:
    return {"ID": key, "UID": uid, "ETAT": stage, "LE": at}


def parcel(key: int, uid: object = UID, number: object = "6A1", at: object = None) -> Cells:
    return {"ID": key, "UID": uid, "NO": number, "PAR": "Colissimo", "LE": at}


def shipping(*orders: Cells, parcels: tuple[Cells, ...] = ()) -> Shop:
    shop = Shop(text=FLAT + COLUMNS + BACK)
    shop.more["order_progress"] = list(orders)
    shop.more["shipment"] = list(parcels)
    return shop


def test_an_order_is_named_by_its_uid_and_staged_by_the_tills_own_words() -> None:
    found = find(shipping(order(7, f" {UID} ")).assembled(), "order_progress", UID)
    assert found == OrderProgress(key=UID, stage="shipped")


def test_a_parcel_keeps_the_tills_key_and_what_is_known_of_it() -> None:
    rows = (parcel(1, number=" 6A 1 "), parcel(2, number=""))
    assembled = shipping(parcels=rows).assembled()
    assert find(assembled, "shipment", "1") == Shipment(
        key="1", order=UID, tracking="6A 1", carrier="Colissimo"
    )
    assert find(assembled, "shipment", "2") == Shipment(
        key="2", order=UID, tracking=None, carrier="Colissimo"
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (datetime(2026, 11, 24, 9, 30), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),  # noqa: DTZ001 - the till's clock
        (datetime(2026, 11, 24, tzinfo=UTC).date(), datetime(2026, 11, 24, 11, tzinfo=UTC)),
        (datetime(1, 1, 1), None),  # noqa: DTZ001 - as above
        ("", None),
    ],
)
def test_moments_are_the_tills_clock_and_a_day_counts_from_its_noon(
    written: object, moment: datetime | None
) -> None:
    assembled = shipping(parcels=(parcel(1, at=written),)).assembled()
    found = find(assembled, "shipment", "1")
    assert isinstance(found, Shipment)
    assert found.shipped_at == moment


def test_what_means_nothing_yet_is_not_said() -> None:
    assembled = shipping(order(7, stage="A FAIRE"), order(8, stage=None)).assembled()
    assert (keys(assembled, "order_progress"), assembled.withheld) == ([], ())


@pytest.mark.parametrize(("stage", "code"), [("PERDUE", "E-ROW-005"), ("X", "E-ROW-056")])
def test_an_unknown_stage_is_set_aside_alone(stage: str, code: str) -> None:
    assembled = shipping(order(7, stage=stage), order(8, OTHER)).assembled()
    assert withheld(assembled.withheld) == [("order_progress", UID, code)]
    assert keys(assembled, "order_progress") == [OTHER]


def test_orders_of_others_stay_out_with_one_note() -> None:
    rows = (order(7, "WEB-1042"), order(8, "WEB-1043"), order(9, None), order(10))
    assembled = shipping(*rows, parcels=(parcel(1, "WEB-1042"),)).assembled()
    assert keys(assembled, "order_progress") == [UID]
    assert keys(assembled, "shipment") == []
    told = [(one.kind, one.problem.code, one.problem.facts["count"]) for one in assembled.notes]
    assert told == [("order_progress", "E-ROW-106", "2"), ("shipment", "E-ROW-106", "1")]
    assert assembled.withheld == ()


def test_a_second_row_of_an_order_is_set_aside() -> None:
    assembled = shipping(order(7), order(8)).assembled()
    assert withheld(assembled.withheld) == [("order_progress", UID, "E-ROW-012")]


@pytest.mark.parametrize("reference", ["FA/2026/0012", "CDE/A12", "X Y/7"])
def test_a_shop_s_own_numbering_is_an_order_of_the_site_too(reference: str) -> None:
    uid = order_uid("shop.example/1", 14, reference, "2026-11-24 04:43:58")
    assembled = shipping(order(7, uid), parcels=(parcel(1, uid),)).assembled()
    assert keys(assembled, "order_progress") == [uid]
    assert keys(assembled, "shipment") == ["1"]
