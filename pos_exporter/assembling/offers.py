"""Promotions and price lists: what they lower, by how much, from when to when.

A wrong row is set aside alone. One whose article is not for the site stays out with it; one whose
article is set aside travels: the site may know that article from before. Days are the till's own
clock; they travel as the shop's local time, to the second.

    put_offers(rows, frame, ledger)
    ledger.records("promotion")[0].ends_at         # '2026-12-31 23:59:59'
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pos_exporter.assembling.facts import a_price_list, needed_reference, record_of
from pos_exporter.assembling.figures import needed_amount, optional_amount, percent, units_from
from pos_exporter.assembling.ledger import Ledger, Thing
from pos_exporter.assembling.shop_rules import INNER_NAME, line_of
from pos_exporter.assembling.steps import put_rows, refuse_twice, views_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.fields import FieldRule
from pos_exporter.mapping.formats import Value, parse_moment
from pos_exporter.mapping.offer_errors import (
    PeriodError,
    ReductionError,
    TargetError,
    UnknownPriceListError,
    UnknownTargetError,
)
from pos_exporter.mapping.offers import ListPriceQuery, PriceListQuery, PromotionQuery
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.money import CENT, MICRO
from protocol.records import ListPrice, Promotion

_DAY_END = time(23, 59, 59)
#: The years in which no other zone's date can be written.
_FIRST, _LAST = date.min.year, date.max.year


def put_offers(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put price lists and promotions into the ledger; articles and variants must be there."""
    put_rows(rows, "price_list", PriceListQuery, a_price_list, frame, ledger)
    for view, query in views_of(rows.of("list_price", ListPriceQuery), "list_price", frame, ledger):
        _put_list_price(view, query, ledger)
    for view, offer in views_of(rows.of("promotion", PromotionQuery), "promotion", frame, ledger):
        _put_promotion(view, offer, ledger)


def _put_list_price(view: RowView, query: ListPriceQuery, ledger: Ledger) -> None:
    fields = query.fields
    rules = {"article": fields.article, "variant": fields.variant}
    try:
        target = _target(view, rules, ledger)
        if _stays_out(view, target, ledger):
            return
        record = _a_list_price(view, query, target)
        if not ledger.knows("price_list", record.price_list):
            place = view.place(fields.price_list.columns())
            raise UnknownPriceListError(place=place, value=record.price_list)
        refuse_twice(view, record, ledger)
    except RowError as error:
        ledger.set_aside("list_price", view.key, error)
    else:
        ledger.add(record, view.notes)


def _a_list_price(view: RowView, query: ListPriceQuery, target: Thing) -> ListPrice:
    fields, mapping, (kind, key) = query.fields, view.frame.mapping, target
    told: dict[str, object] = {kind: key}
    if fields.from_quantity is not None:
        told["from_quantity"] = _from_quantity(view, fields.from_quantity)
    places = CENT if query.basis == "tax_included" else MICRO
    return record_of(
        ListPrice,
        view,
        price_list=needed_reference(view, fields.price_list, UnknownPriceListError),
        amount=view.read(fields.amount, needed_amount(mapping.formats, places=places)),
        basis=query.basis,
        currency=mapping.till.currency,
        **told,
    )


def _put_promotion(view: RowView, query: PromotionQuery, ledger: Ledger) -> None:
    fields = query.fields
    rules = {"article": fields.article, "variant": fields.variant, "category": fields.category}
    ledger.name("promotion", view.key, view.label)
    try:
        if view.flag("active") is False:
            ledger.leave_out("promotion", view.key, "unflagged")
            return
        target = _target(view, rules, ledger)
        if _stays_out(view, target, ledger):
            return
        record = _a_promotion(view, query, target)
        refuse_twice(view, record, ledger)
    except RowError as error:
        ledger.set_aside("promotion", view.key, error)
    else:
        ledger.add(record, view.notes)


def _a_promotion(view: RowView, query: PromotionQuery, target: Thing) -> Promotion:
    fields, (kind, key) = query.fields, target
    told: dict[str, object] = {kind: key, **_reduction(view, query)}
    if fields.name is not None:
        told["name"] = view.mend(fields.name, line_of(INNER_NAME)) or ""
    if fields.group is not None:
        told["group"] = view.mend(fields.group, line_of(INNER_NAME))
    if fields.from_quantity is not None:
        told["from_quantity"] = _from_quantity(view, fields.from_quantity)
    return record_of(Promotion, view, **told, **_period(view, query))


def _reduction(view: RowView, query: PromotionQuery) -> Mapping[str, object]:
    """Return the one reduction that a row says; zero says none."""
    fields, formats = query.fields, view.frame.mapping.formats
    readers = {
        "percent": percent(formats),
        "amount_off": optional_amount(formats),
        "price": optional_amount(formats),
    }
    rules: dict[str, FieldRule | None] = {name: getattr(fields, name) for name in readers}
    read = {n: view.read(rule, readers[n]) for n, rule in rules.items() if rule is not None}
    found = {name: amount for name, amount in read.items() if amount is not None}
    if len(found) != 1:
        columns = [column for rule in rules.values() if rule for column in rule.columns()]
        raise ReductionError(place=view.place(columns))
    return found


def _target(view: RowView, rules: Mapping[str, FieldRule | None], ledger: Ledger) -> Thing:
    """Return the one thing that a row names.

    Raises:
        TargetError: When it names none, or several.
        UnknownTargetError: When the till does not have it.
    """
    read = {kind: view.reference(rule) for kind, rule in rules.items() if rule is not None}
    found = [(kind, key) for kind, key in read.items() if key is not None]
    columns = [column for rule in rules.values() if rule for column in rule.columns()]
    if len(found) != 1:
        raise TargetError(place=view.place(columns))
    if not ledger.knows(*found[0]):
        raise UnknownTargetError(place=view.place(columns), value=found[0][1])
    return found[0]


def _stays_out(view: RowView, target: Thing, ledger: Ledger) -> bool:
    """Name a row after its target, and leave it out where the target is; return whether it is."""
    owner = ledger.owner(*target)
    ledger.name(view.kind, view.key, lambda: ledger.label(*target), owner=owner)
    if ledger.fate(*target) != "left_out":
        return False
    ledger.leave_out(view.kind, view.key, ledger.cause(*target))
    return True


def _from_quantity(view: RowView, rule: FieldRule) -> int:
    return view.read(rule, units_from(view.frame.mapping.formats, 1, default=1))


# --- from when to when ------------------------------------------------------------------------


def _period(view: RowView, query: PromotionQuery) -> Mapping[str, object]:
    fields, told = query.fields, dict[str, str | None]()
    if fields.starts_at is not None:
        told["starts_at"] = _moment(view, fields.starts_at, last=False, included=True)
    if fields.ends_at is not None:
        included = query.last_day_included
        told["ends_at"] = _moment(view, fields.ends_at, last=True, included=included)
    starts, ends = told.get("starts_at"), told.get("ends_at")
    if starts and ends and ends < starts and fields.ends_at is not None:
        raise PeriodError(place=view.place(fields.ends_at.columns()), value=ends, starts=starts)
    return told


def _moment(view: RowView, rule: FieldRule, *, last: bool, included: bool) -> str | None:
    """Return a moment as the shop's local time; of a day, its first or last second."""

    def read(value: Value) -> str | None:
        if value is None:
            return None
        zone = ZoneInfo(view.frame.mapping.till.timezone)
        found = parse_moment(value, view.frame.mapping.formats, zone)
        return _shop_time(_second_of(found, last=last, included=included), view.frame)

    return view.read(rule, read)


def _second_of(found: date | datetime, *, last: bool, included: bool) -> datetime:
    """Return the second of a moment; midnight is a day, for many tills keep days that way."""
    day, at = (found.date(), found.time()) if isinstance(found, datetime) else (found, time())
    if at != time():
        return datetime.combine(day, at.replace(microsecond=0))
    if last and included:
        return datetime.combine(day, _DAY_END)
    begins = datetime.combine(day, time())
    return begins - timedelta(seconds=1) if last and day > date.min else begins


def _shop_time(moment: datetime, frame: Frame) -> str:
    here = ZoneInfo(frame.mapping.till.timezone)
    there = frame.shop.zone or here
    local = moment
    if there != here and _FIRST < moment.year < _LAST:  # what stands for « always » stays so
        local = moment.replace(tzinfo=here).astimezone(there).replace(tzinfo=None)
    return local.isoformat(sep=" ", timespec="seconds")
