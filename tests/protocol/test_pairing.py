"""Pairing by two lines: whichever is pasted first, both sides end up with the same sums."""

import base64
import hashlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.keys import (
    BadKeyFileError,
    BadPairingLineError,
    Keys,
    load_keys,
    new_keys,
    parse_pairing_line,
    save_keys,
)

SEED = itertools.count(1)


def fresh(role: str) -> Keys:
    first = next(SEED)
    numbers = itertools.count(first * 3)
    made = new_keys(
        "pos" if role == "pos" else "shop",
        label="Clara",
        random_bytes=lambda size: bytes([next(numbers) % 256]) * size,
    )
    next(SEED)
    return made


def sealed_line(*fields: str) -> str:
    body = ":".join(fields)
    return f"{body}:{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def test_the_order_of_pasting_does_not_matter() -> None:
    pos, shop = fresh("pos"), fresh("shop")
    both_printed_first = (
        pos.with_peer(parse_pairing_line(shop.pairing_line())),
        shop.with_peer(parse_pairing_line(pos.pairing_line())),
    )
    shop_pasted = shop.with_peer(parse_pairing_line(pos.pairing_line()))
    one_after_the_other = (
        pos.with_peer(parse_pairing_line(shop_pasted.pairing_line())),
        shop_pasted,
    )
    sides = (*both_printed_first, *one_after_the_other)
    assert len({side.fingerprint() for side in sides}) == 1
    assert len({side.first_nonce() for side in sides}) == 1


def test_a_new_pairing_with_the_same_keys_has_another_first_nonce() -> None:
    pos, shop = fresh("pos"), fresh("shop")
    again = replace(pos, pairing_id="ab" * 16)
    old = shop.with_peer(parse_pairing_line(pos.pairing_line()))
    new = shop.with_peer(parse_pairing_line(again.pairing_line()))
    assert old.first_nonce() != new.first_nonce()
    assert old.fingerprint() != new.fingerprint()
    assert again.with_peer(parse_pairing_line(shop.pairing_line())).first_nonce() == (
        new.first_nonce()
    )


def test_pasting_takes_the_yes_back() -> None:
    pos, shop = fresh("pos"), fresh("shop")
    paired = replace(pos.with_peer(parse_pairing_line(shop.pairing_line())), confirmed=True)
    assert not paired.with_peer(parse_pairing_line(fresh("shop").pairing_line())).confirmed


KEY = base64.urlsafe_b64encode(bytes(32)).decode()
SHORT = base64.urlsafe_b64encode(bytes(31)).decode()
LABEL = base64.urlsafe_b64encode(b"Clara").decode()
ID = "0f" * 16


@pytest.mark.parametrize(
    "line",
    [
        "",
        "comptoir1",
        sealed_line("comptoir2", "shop", KEY, KEY, ID, LABEL),
        sealed_line("comptoir1", "agent", KEY, KEY, ID, LABEL),
        sealed_line("comptoir1", "shop", SHORT, KEY, ID, LABEL),
        sealed_line("comptoir1", "shop", KEY, KEY[:-2], ID, LABEL),
        sealed_line("comptoir1", "shop", KEY, KEY, "", LABEL),
        sealed_line("comptoir1", "shop", KEY, KEY, ID.upper(), LABEL),
        sealed_line("comptoir1", "shop", KEY, KEY, ID + "0", LABEL),
        sealed_line("comptoir1", "shop", KEY, KEY, ID, "a"),
        sealed_line("comptoir1", "shop", KEY, KEY, ID, "_w=="),
        sealed_line("comptoir1", "shop", KEY, KEY, ID, "G1sySg=="),  # clears the screen
        sealed_line("comptoir1", "shop", KEY, KEY, ID, LABEL)[:-1] + "x",
        sealed_line("comptoir1", "shop", KEY, KEY, ID, LABEL, "more"),
    ],
)
def test_a_line_that_is_not_one_is_refused(line: str) -> None:
    with pytest.raises(BadPairingLineError) as caught:
        parse_pairing_line(line)
    assert caught.value.code == "E-KEY-001"


def test_white_space_around_a_line_does_not_matter() -> None:
    line = sealed_line("comptoir1", "shop", KEY, KEY, ID, LABEL)
    assert parse_pairing_line(f" {line}\r\n").label == "Clara"


def test_keys_are_kept_whole(tmp_path: Path) -> None:
    pos, shop = fresh("pos"), fresh("shop")
    paired = replace(pos.with_peer(parse_pairing_line(shop.pairing_line())), confirmed=True)
    save_keys(paired, tmp_path / "keys.json")
    assert load_keys(tmp_path / "keys.json") == paired


def test_a_short_key_in_the_file_is_a_broken_file(tmp_path: Path) -> None:
    save_keys(replace(fresh("pos"), signing_seed=b"short"), tmp_path / "keys.json")
    with pytest.raises(BadKeyFileError) as caught:
        load_keys(tmp_path / "keys.json")
    assert caught.value.code == "E-KEY-003"
