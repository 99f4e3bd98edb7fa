"""Each known wrong version of the rule is caught by the history of a recorded seed."""

import pytest

from tests.model.generate import generate
from tests.model.mutants import MUTANTS
from tests.model.play import begun_with, play
from tests.model.rig import Rig

#: The first seed that catches it; when the generator changes, `make model-mutants` tells others.
SEEDS = {
    "the naive figure": 1,
    "counted by order id only": 68,
    "one counted set for all variants": 1,
    "cancellation released before the till answered": 5,
    "counted read after stock only": 50,
    "state 0 skipped": 1,
    "no look-back": 21,
    "look-back once only": 75,
    "packs not expanded": 1,
    "no baseline": 5,
    "former combination ids ignored": 2,
    "a restored replica that writes": 418,
}


@pytest.fixture(scope="module")
def rig() -> Rig:
    made = Rig()
    begun_with(made)
    return made


def test_every_mutant_has_its_seed() -> None:
    assert SEEDS.keys() == MUTANTS.keys()


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_mutant_is_caught(rig: Rig, name: str) -> None:
    history = generate(SEEDS[name])
    assert not play(rig, history).broken
    with MUTANTS[name]():
        assert play(rig, history).broken
