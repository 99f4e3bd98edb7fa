"""Keys: the pairing line, the fingerprint, the key file, seals and signatures."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.keys import (
    BadKeyFileError,
    BadPairingLineError,
    CannotOpenError,
    Keys,
    NotPairedError,
    Role,
    load_keys,
    new_keys,
    parse_pairing_line,
    save_keys,
)


def keys_of(role: Role, seed: int, label: str = "Chaussures Clara & fils, été") -> Keys:
    return new_keys(role, label=label, random_bytes=lambda size: bytes([seed]) * size)


POS, SHOP = keys_of("pos", 1), keys_of("shop", 2)


def paired(ours: Keys, theirs: Keys) -> Keys:
    return ours.with_peer(parse_pairing_line(theirs.pairing_line()))


# --- the line ------------------------------------------------------------------------------


def test_a_line_says_what_it_was_made_of() -> None:
    invitation = parse_pairing_line(POS.pairing_line())
    assert invitation.keys == POS.public
    assert (invitation.pairing_id, invitation.label) == (POS.pairing_id, POS.label)


def test_a_line_holds_no_secret() -> None:
    line = POS.pairing_line()
    kept = [json.dumps(POS.signing_seed.hex()), POS.sealing_seed.hex()]
    assert not [secret for secret in kept if secret in line]
    assert POS.signing_seed.hex() not in repr(POS)
    assert repr(POS.signing_seed) not in repr(POS)


@pytest.mark.parametrize("change", ["A", "b", "7", "-", ":", ""])
def test_every_change_of_one_sign_is_refused(change: str) -> None:
    line = POS.pairing_line()
    taken = []
    for place, sign in enumerate(line):
        if change == sign:
            continue
        try:
            parse_pairing_line(line[:place] + change + line[place + 1 :])
        except BadPairingLineError:
            continue
        taken.append(place)
    assert taken == []


def test_a_line_that_was_broken_in_transit_is_put_together() -> None:
    line = POS.pairing_line()
    assert parse_pairing_line(f"  {line[:50]}\r\n  {line[50:]} \n") == parse_pairing_line(line)


@pytest.mark.parametrize("line", ["", ":", "comptoir1", "comptoir2:" + "x:" * 5 + "y", "é" * 200])
def test_nonsense_is_refused(line: str) -> None:
    with pytest.raises(BadPairingLineError) as caught:
        parse_pairing_line(line)
    assert (caught.value.code, caught.value.exit_code) == ("E-KEY-001", 2)


def test_a_label_that_would_play_with_the_screen_is_refused() -> None:
    with pytest.raises(BadPairingLineError):
        parse_pairing_line(keys_of("pos", 1, "Clara\x1b[2J").pairing_line())


def test_a_line_of_our_own_side_is_refused() -> None:
    with pytest.raises(BadPairingLineError):
        paired(POS, keys_of("pos", 3))


# --- the fingerprint -----------------------------------------------------------------------


def test_both_sides_show_one_fingerprint_and_quote_one_nonce() -> None:
    pos, shop = paired(POS, SHOP), paired(SHOP, POS)
    assert pos.fingerprint() == shop.fingerprint()
    assert [len(group) for group in pos.fingerprint().split(" ")] == [4] * 8
    assert pos.first_nonce() == shop.first_nonce()
    assert pos.first_nonce() != pos.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        lambda keys: replace(keys, pairing_id="ab" * 16),
        lambda keys: replace(keys, signing_seed=bytes([9]) * 32),
        lambda keys: replace(keys, sealing_seed=bytes([9]) * 32),
    ],
    ids=["draw", "signing", "sealing"],
)
def test_any_other_key_or_draw_gives_another_fingerprint(change: Callable[[Keys], Keys]) -> None:
    shown = {
        paired(POS, SHOP).fingerprint(),
        paired(change(POS), SHOP).fingerprint(),
        paired(POS, change(SHOP)).fingerprint(),
    }
    assert len(shown) == 3
    assert paired(SHOP, change(POS)).fingerprint() in shown


def test_nothing_goes_before_a_person_confirmed() -> None:
    for keys in (POS, paired(POS, SHOP)):
        with pytest.raises(NotPairedError):
            keys.require_peer()
    with pytest.raises(NotPairedError):
        POS.fingerprint()
    assert replace(paired(POS, SHOP), confirmed=True).require_peer() == SHOP.public


def test_a_new_peer_has_to_be_confirmed_anew() -> None:
    keys = replace(paired(POS, SHOP), confirmed=True)
    assert not paired(keys, keys_of("shop", 4)).confirmed


# --- signing and sealing -------------------------------------------------------------------


def test_a_signature_is_of_one_key_and_one_message() -> None:
    signature = POS.sign(b"message")
    assert POS.public.verifies(b"message", signature)
    assert not POS.public.verifies(b"messagE", signature)
    assert not SHOP.public.verifies(b"message", signature)
    assert not POS.public.verifies(b"message", signature[:-1])


def test_a_seal_is_opened_by_its_receiver_alone() -> None:
    sealed = SHOP.public.seal(b"an order")
    assert SHOP.open(sealed) == b"an order"
    for content, keys in ((sealed, POS), (sealed[:-1] + b"x", SHOP), (b"", SHOP), (b"x", SHOP)):
        with pytest.raises(CannotOpenError):
            keys.open(content)


# --- the file ------------------------------------------------------------------------------


def test_a_key_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys.json"
    assert load_keys(path) is None
    for keys in (POS, replace(paired(POS, SHOP), confirmed=True, state_id="ab" * 16)):
        save_keys(keys, path)
        assert load_keys(path) == keys
    assert [kept.name for kept in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in the folder")
def test_only_the_owner_may_read_a_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    stale = tmp_path / "keys.new"
    stale.write_text("left by a killed run")
    stale.chmod(0o644)
    mask = os.umask(0)
    try:
        save_keys(POS, path)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept[:-20],
        lambda kept: "",
        lambda kept: "[]",
        lambda kept: "null",
        lambda kept: kept.replace('"role": "pos"', '"role": "till"'),
        lambda kept: kept.replace('"role": "shop"', '"role": 3'),
        lambda kept: kept.replace("AQEB", ""),
        lambda kept: kept.replace("confirmed", "confirmd"),
        lambda kept: kept.replace('"peer": {', '"peer": 3, "x": {'),
    ],
)
def test_a_damaged_key_file_is_fatal_and_stays(
    tmp_path: Path, damage: Callable[[str], str]
) -> None:
    path = tmp_path / "keys.json"
    save_keys(paired(POS, SHOP), path)
    damaged = damage(path.read_text(encoding="utf-8"))
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(BadKeyFileError) as caught:
        load_keys(path)
    assert caught.value.exit_code == 7
    assert path.read_text(encoding="utf-8") == damaged


def test_a_folder_in_place_of_a_key_file_is_fatal(tmp_path: Path) -> None:
    with pytest.raises(BadKeyFileError):
        load_keys(tmp_path)
