"""Codes of goods: their lengths and check digits."""

from decimal import Decimal

import pytest

from pos_exporter.assembling.codes import bar_code, isbn, upc
from pos_exporter.mapping.code_errors import BadEanError, BadIsbnError, BadUpcError, LongEanError


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3760009040014", "3760009040014"),
        (Decimal(3760009040014), "3760009040014"),
        ("376 0009 04001-4", "3760009040014"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        (None, None),
        ("  ", None),
    ],
)
def test_bar_codes(written: str | Decimal | None, code: str | None) -> None:
    assert bar_code((8, 12, 13))(written) == code


@pytest.mark.parametrize("written", ["3760009040019", "123", "ABC", "37600090400141", "1" * 40])
def test_wrong_bar_codes(written: str) -> None:
    with pytest.raises(BadEanError):
        bar_code((8, 12, 13))(written)


def test_a_gtin_of_14_digits_is_one_where_it_may_be() -> None:
    assert bar_code((14,))("10614141000415") == "10614141000415"
    with pytest.raises(LongEanError):
        bar_code((8, 12, 13))("10614141000415")


def test_a_upc_has_12_digits_and_a_check_digit() -> None:
    assert upc("0 36000 29145 2") == "036000291452"
    assert upc(Decimal(725272730706)) == "725272730706"
    assert upc(" ") is None
    for wrong in ("036000291453", "3760009040014", "96385074", "A"):
        with pytest.raises(BadUpcError):
            upc(wrong)


def test_an_isbn_has_10_or_13_signs_and_a_check_digit() -> None:
    assert isbn("978-2-07-036024-6") == "9782070360246"
    assert isbn("0-8044-2957-x") == "080442957X"
    assert isbn(None) is None
    for wrong in ("978-2-07-036024-5", "0-8044-2957-1", "3760009040014", "12345"):
        with pytest.raises(BadIsbnError):
            isbn(wrong)
