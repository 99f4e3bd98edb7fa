"""The `pair` command of both sides, as two people carry it out."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from protocol.keys import (
    BadKeyFileError,
    BadPairingLineError,
    Keys,
    NotPairedError,
    Role,
    load_keys,
)
from protocol.program.pairing import (
    AlreadyPairedError,
    FingerprintDiffersError,
    NoKeysError,
    WrongRoleError,
    accept_line,
    bind_state,
    confirm,
    start_pairing,
)


def draws(seed: int) -> Callable[[int], bytes]:
    numbers = itertools.count(seed)
    return lambda size: bytes([next(numbers) % 256]) * size


@dataclass
class End:
    """One end's `pair` command: `pair(line, renew=…)` shows the line to paste and the keys."""

    path: Path
    role: Role
    random: Callable[[int], bytes]
    shown: list[str] = field(default_factory=list)

    def pair(self, line: str = "", *, renew: bool = False) -> str:
        keys = start_pairing(
            self.path, self.role, "Clara", renew=renew and not line, random_bytes=self.random
        )
        if line:
            keys = accept_line(self.path, line, renew=renew)
        return keys.pairing_line()

    def yes(self, fingerprint: str) -> Keys:
        return confirm(self.path, fingerprint)

    @property
    def keys(self) -> Keys:
        keys = load_keys(self.path)
        assert keys is not None
        return keys


@pytest.fixture
def till(tmp_path: Path) -> End:
    return End(tmp_path / "till" / "keys.json", "pos", draws(1))


@pytest.fixture
def shop(tmp_path: Path) -> End:
    return End(tmp_path / "shop" / "keys.json", "shop", draws(101))


def pair_both(till: End, shop: End, *, renew: bool = False) -> None:
    """The flow of the manual."""
    line = shop.pair(till.pair(renew=renew), renew=renew)
    shop.yes(shop.keys.fingerprint())
    till.pair(line)
    till.yes(shop.keys.fingerprint())


def test_the_flow_of_the_manual_pairs_both(till: End, shop: End) -> None:
    pair_both(till, shop)
    assert till.keys.require_peer() == shop.keys.public
    assert shop.keys.require_peer() == till.keys.public
    assert till.keys.first_nonce() == shop.keys.first_nonce()


def test_lines_that_cross_pair_both(till: End, shop: End) -> None:
    from_till, from_shop = till.pair(), shop.pair()
    till.pair(from_shop)
    shop.pair(from_till)
    assert till.keys.fingerprint() == shop.keys.fingerprint()


def test_every_step_may_be_repeated(till: End, shop: End) -> None:
    pair_both(till, shop)
    bind_state(till.path, "ab" * 16)
    before = (till.keys, shop.keys)
    pair_both(till, shop)
    assert (till.keys, shop.keys) == before
    assert till.keys.state_id == "ab" * 16


def test_nothing_is_confirmed_before_a_person_said_so(till: End, shop: End) -> None:
    till.pair(shop.pair(till.pair()))
    for end in (till, shop):
        with pytest.raises(NotPairedError):
            end.keys.require_peer()


@pytest.mark.parametrize("said", ["any", "", "oui", "AAAA " * 8])
def test_only_the_fingerprint_itself_confirms(till: End, shop: End, said: str) -> None:
    till.pair(shop.pair(till.pair()))
    with pytest.raises(FingerprintDiffersError) as caught:
        till.yes(said)
    assert (caught.value.code, caught.value.exit_code) == ("E-KEY-004", 6)
    assert not till.keys.confirmed


def test_a_fingerprint_is_read_without_regard_to_spaces_and_case(till: End, shop: End) -> None:
    till.pair(shop.pair(till.pair()))
    assert till.yes(till.keys.fingerprint().replace(" ", "-").lower()).confirmed


def test_a_fingerprint_cut_short_is_refused(till: End, shop: End) -> None:
    till.pair(shop.pair(till.pair()))
    with pytest.raises(FingerprintDiffersError):
        till.yes(till.keys.fingerprint()[:-1])


def test_somebody_in_the_middle_is_seen(till: End, shop: End, tmp_path: Path) -> None:
    false_till = End(tmp_path / "false" / "keys.json", "pos", draws(50))
    till.pair(shop.pair(false_till.pair()))
    with pytest.raises(FingerprintDiffersError):
        till.yes(shop.keys.fingerprint())


def test_the_steps_have_an_order(till: End, shop: End) -> None:
    with pytest.raises(NoKeysError):
        accept_line(till.path, shop.pair())
    with pytest.raises(NoKeysError):
        till.yes("")
    till.pair()
    with pytest.raises(NotPairedError):
        till.yes("")


def test_a_line_of_the_own_side_is_refused(till: End, tmp_path: Path) -> None:
    other = End(tmp_path / "other" / "keys.json", "pos", draws(60))
    with pytest.raises(BadPairingLineError):
        till.pair(other.pair())


def test_the_other_programs_keys_are_refused(till: End) -> None:
    till.pair()
    with pytest.raises(WrongRoleError):
        start_pairing(till.path, "shop", "Clara")


def test_a_damaged_key_file_is_not_replaced(till: End) -> None:
    till.path.parent.mkdir()
    till.path.write_text("{")
    with pytest.raises(BadKeyFileError):
        till.pair()
    assert till.path.read_text() == "{"


def test_a_slip_before_confirming_is_put_right(till: End, shop: End, tmp_path: Path) -> None:
    wrong = End(tmp_path / "wrong" / "keys.json", "pos", draws(70))
    shop.pair(wrong.pair())
    pair_both(till, shop)
    assert shop.keys.require_peer() == till.keys.public


# --- pairing again -------------------------------------------------------------------------


def test_another_till_needs_renew(till: End, shop: End, tmp_path: Path) -> None:
    pair_both(till, shop)
    new_till = End(tmp_path / "new" / "keys.json", "pos", draws(80))
    before = shop.keys
    with pytest.raises(AlreadyPairedError) as caught:
        shop.pair(new_till.pair())
    assert (caught.value.exit_code, shop.keys) == (6, before)
    pair_both(new_till, shop, renew=True)
    assert shop.keys.require_peer() == new_till.keys.public


@pytest.mark.parametrize("twice", [False, True])
def test_renewing_makes_another_pairing_of_the_same_keys(till: End, shop: End, twice: bool) -> None:
    pair_both(till, shop)
    for end in (till, shop):
        bind_state(end.path, "ab" * 16)
    old = till.keys
    line = till.pair(renew=True)
    for _ in range(2 if twice else 1):
        answer = shop.pair(line, renew=True)
    shop.yes(shop.keys.fingerprint())
    till.pair(answer)
    till.yes(shop.keys.fingerprint())
    assert till.keys.public == old.public
    assert till.keys.first_nonce() == shop.keys.first_nonce() != old.first_nonce()
    assert (till.keys.state_id, shop.keys.state_id) == (None, None)


def test_an_old_line_does_not_bring_the_old_pairing_back(till: End, shop: End) -> None:
    old_line = till.pair()
    pair_both(till, shop)
    pair_both(till, shop, renew=True)
    shop.pair(old_line, renew=True)
    assert not shop.keys.confirmed
    assert shop.keys.fingerprint() != till.keys.fingerprint()


def test_a_label_is_one_printable_line(tmp_path: Path) -> None:
    keys = start_pairing(tmp_path / "keys.json", "pos", " Chez\n Clara \x1b[2J" + "x" * 200)
    assert keys.label.startswith("Chez Clara [2Jxxx")
    assert len(keys.label) == 80
