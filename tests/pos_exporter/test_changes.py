"""What a reading may lose before a person is asked."""

from decimal import Decimal

import pytest

from pos_exporter.changes import FactKey, Guard, ShrunkenReadError, check_read
from protocol.records import Article, Photo, Price, Record, Variant

GUARD = Guard()


def articles(count: int) -> list[Record]:
    price = Price(amount=Decimal("9.90"))
    names = {"fr": "Derby"}
    return [
        Article(key=str(n), reference=f"R{n}", name=names, price=price, tax_rate="1")
        for n in range(count)
    ]


def variants(count: int) -> list[Record]:
    return [Variant(key=str(n), article=str(n // 4), values=("size|40",)) for n in range(count)]


def photos(count: int) -> list[Record]:
    sha = "0" * 64
    return [Photo(key=str(n), article=str(n), sha256=sha, size=9, position=1) for n in range(count)]


def check(before: list[Record], now: list[Record], withheld: tuple[FactKey, ...] = ()) -> None:
    said = {(record.kind, record.key): b"x" for record in before}
    check_read(now, said, withheld, (), GUARD)


@pytest.mark.parametrize("lost", [variants(100), photos(100)])
def test_a_table_that_reads_empty_stops_the_run(lost: list[Record]) -> None:
    with pytest.raises(ShrunkenReadError) as raised:
        check([*articles(25), *lost], articles(25))
    assert (raised.value.facts["now"], raised.value.facts["before"]) == ("0", "100")


@pytest.mark.parametrize("few", [variants, photos])
def test_a_days_work_on_variants_and_photos_does_not(few: object) -> None:
    make = variants if few is variants else photos
    check([*articles(25), *make(40)], [*articles(25), *make(20)])


def test_what_is_set_aside_is_not_lost() -> None:
    withheld = tuple(("variant", str(n)) for n in range(100))
    check([*articles(25), *variants(100)], articles(25), withheld)
