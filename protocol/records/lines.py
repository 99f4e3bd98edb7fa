"""The way between a record and its line.

Every refusal names the place, the field and its value.

    article = parse_record(b'{"kind":"article","key":"1042",...}', place="line 2")
    line = record_line(article)          # canonical bytes, without a newline
    digest = content_hash(article)       # 64 hex; equal facts give equal hashes
"""

import hashlib

from pydantic import ValidationError

from protocol.errors import RefusedItemError, Text
from protocol.records.answers import Baseline, Fate, SnapshotEnd, Wants
from protocol.records.base import Record, Tombstone, Unknown
from protocol.records.catalogue import (
    Article,
    Axis,
    AxisValue,
    Brand,
    Category,
    Feature,
    FeatureValue,
    ListPrice,
    Photo,
    PriceList,
    Promotion,
    Stock,
    Supplier,
    TaxRate,
    Variant,
)
from protocol.records.choices import Approval, HeldClass, Policy
from protocol.records.orders import Customer, Order, ShopProfile
from protocol.records.progress import Case, CaseAnswer, OrderProgress, Settlement, Shipment
from protocol.strict_json import Json, canonical, parse_object

KINDS: dict[str, type[Record]] = {
    str(model.model_fields["kind"].default): model
    for model in (
        TaxRate, Category, Brand, Supplier, Feature, FeatureValue, Axis, AxisValue, Article,
        Variant, Stock, Photo, PriceList, ListPrice, Promotion, Policy, SnapshotEnd, Fate, Wants,
        Baseline, HeldClass, Approval, Customer, Order, ShopProfile, OrderProgress, Shipment,
        Settlement, Case, CaseAnswer,
    )
}  # fmt: skip
#: Kinds whose absence from a complete snapshot means that the till no longer has them.
FACT_KINDS = (
    "tax_rate", "category", "brand", "supplier", "feature", "feature_value", "axis", "axis_value",
    "article", "variant", "stock", "photo", "price_list", "list_price", "promotion",
    "order_progress", "shipment",
)  # fmt: skip

MAX_LINE = 1024 * 1024


class BadRecordError(RefusedItemError):
    """A line is no record of this version."""

    code = "E-REC-002"
    what = Text("Enregistrement refusé ({reason})", "Record refused ({reason})")
    remedy = Text(
        "Corriger la fiche à la caisse ; le reste du paquet est traité",
        "Correct the entry at the till; the rest of the packet goes on",
    )


def parse_record(line: bytes, *, place: str) -> Record:
    """Return the record that one line of a packet holds.

    Raises:
        BadJsonError, BadRecordError: with the place, the field and its value.
    """
    if len(line) > MAX_LINE:
        raise BadRecordError(place=place, reason="over 1 MiB")
    return record_from(parse_object(line, place=place), place=place)


def record_from(fields: dict[str, Json], *, place: str) -> Record:
    """Return the record that an object describes (see `parse_record`)."""
    kind = fields.get("kind")
    model: type[Record] = KINDS.get(kind, Unknown) if isinstance(kind, str) else Unknown
    if "gone" in fields and kind in FACT_KINDS:
        model = Tombstone
    try:
        return model.model_validate_json(canonical(fields))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRecordError(
            place=f"{place}, {kind} {fields.get('key')}, {where}",
            value=first["input"] if isinstance(first["input"], str | int) else "",
            reason=f"{where}: {first['msg']}",
        ) from error


def record_line(record: Record) -> bytes:
    """Return a record's normal form (SPEC §6.2) as canonical JSON, without a newline.

    A field that nobody set and that would be null is left out: absent says nothing, null clears.
    """
    return canonical(record.model_dump(mode="json"))


def content_hash(record: Record) -> str:
    """Return the SHA-256 of a record's canonical line, 64 hex."""
    return hashlib.sha256(record_line(record)).hexdigest()
