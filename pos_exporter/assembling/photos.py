"""Photos: whose they are, their place, and whether there is a picture at all.

put_photos(photo_rows, frame, ledger, take_photo)
ledger.records("photo")[0].sha256
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from pos_exporter.assembling.facts import a_photo
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.steps import refuse_twice, views_of
from pos_exporter.assembling.till_rows import Read
from pos_exporter.assembling.variants import shares_fate
from pos_exporter.mapping.entities import ImageRule, PhotoQuery
from pos_exporter.mapping.formats import Formats, Value, parse_number
from pos_exporter.mapping.row_errors import KeyEmptyError, NotANumberError, RowError
from pos_exporter.mapping.rows import Frame, RowView
from pos_exporter.photos import PhotoFacts

#: Tells what will be sent of a photo, from where photos are and the row's cell; None: no photo.
TakePhoto = Callable[[ImageRule, object], PhotoFacts | None]


def put_photos(
    reads: Iterable[Read[PhotoQuery]], frame: Frame, ledger: Ledger, take_photo: TakePhoto
) -> None:
    """Put the photos into the ledger; articles must be there. A blank cell is no photo."""
    places: Counter[str] = Counter()
    for view, query in views_of(reads, "photo", frame, ledger):
        try:
            article = view.reference(query.fields.article)
            if article is None:
                raise KeyEmptyError(place=view.place(query.fields.article.columns()))
            label = partial(ledger.label, "article", article)
            ledger.name("photo", view.key, label, owner=article)
            if shares_fate("photo", view.key, article, ledger):
                continue
            _put_photo(view, query, article, places, ledger, take_photo)
        except RowError as error:
            ledger.set_aside("photo", view.key, error)


def _put_photo(
    view: RowView,
    query: PhotoQuery,
    article: str,
    places: Counter[str],
    ledger: Ledger,
    take_photo: TakePhoto,
) -> None:
    try:
        facts = take_photo(query.image, view.raw(query.image.column))
    except RowError as error:
        places[article] += 1  # it keeps its place: the others' must not change with it
        raise error.at(view.place((query.image.column,))) from error
    if facts is None:
        return
    places[article] += 1
    rule, told = query.fields.position, None
    if rule is not None:
        told = view.read(rule, _position(view.frame.mapping.formats))
    position = told or places[article]
    record = a_photo(view, query, article, position, facts)
    refuse_twice(view, record, ledger)
    ledger.add(record, view.notes)


def _position(formats: Formats) -> Callable[[Value], int | None]:
    """Return what reads a rank: whole; nothing or 0 is not said."""

    def read(value: Value) -> int | None:
        if value is None:
            return None
        number = parse_number(value, formats)
        if number != number.to_integral_value():
            raise NotANumberError(value=value)
        return int(number) or None

    return read
