"""The long script, spoken to the simulator alone; `tests/live` speaks it to a real shop too."""

import re

import pytest

from tests.contracts.shop.asking import words
from tests.contracts.shop.differences import Difference, differences, weigh
from tests.contracts.shop.expected import digests, missed, recorded
from tests.contracts.shop.known import KNOWN_BY_VERSION
from tests.contracts.shop.runner import Heard
from tests.contracts.shop.simulated import speak_to_simulator
from tests.contracts.shop_script import KNOWN_DIFFERENCES, NOT_COMPARED, RESTRICTED, STEPS

_HANDLE = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    """All that the simulator answers to the script."""
    return speak_to_simulator(STEPS, RESTRICTED)


def test_every_step_ends_as_it_says(heard: list[Heard]) -> None:
    assert missed(heard) == []


def test_the_answers_are_those_recorded_from_a_real_shop(heard: list[Heard]) -> None:
    simulated, real = digests(heard), recorded("8.2.1")
    assert list(simulated) == list(real)
    changed = [name for name, digest in simulated.items() if digest != real[name]]
    assert [
        name for name in changed if not any(name == one.step for one in KNOWN_DIFFERENCES)
    ] == []


@pytest.mark.parametrize("version", KNOWN_BY_VERSION)
def test_another_version_answers_as_a_real_shop_of_it(version: str) -> None:
    known = KNOWN_BY_VERSION[version]
    simulated = digests(speak_to_simulator(STEPS, RESTRICTED, version=version))
    real = recorded(version)
    assert list(simulated) == list(real)
    changed = [name for name, digest in simulated.items() if digest != real[name]]
    assert [name for name in changed if not any(one.covers_step(name) for one in known)] == []
    assert len(changed) < len(real) / 3


def test_what_a_shop_had_before_the_script_changes_no_fact(heard: list[Heard]) -> None:
    bare = speak_to_simulator(STEPS, RESTRICTED, fixtures=False)
    assert differences(heard, bare) == []


def test_a_listed_difference_excuses_nothing_else() -> None:
    for known in KNOWN_DIFFERENCES:
        assert known.reason
        assert known.step in {step.name for step in STEPS}
        other = Difference(known.step, "GET x", "status", "200", "500")
        assert weigh([other], [known]) == ([other], [known])
    assert all(reason for _, reason in NOT_COMPARED)


def test_names_are_unique_and_handles_are_made_before_they_are_used() -> None:
    names = [step.name for step in STEPS]
    assert len(set(names)) == len(names) >= 80
    known = set(words("8.2.1"))
    for step in STEPS:
        done = step.deed.ids if step.deed else ()
        set_to = [text for _, text in step.sets]
        used = _HANDLE.findall(" ".join((step.path, step.body, step.echoes, *set_to, *done)))
        assert known.issuperset(used), step.name
        known |= {*step.makes, *(handle for handle, _ in step.keeps)}
        assert known.issuperset(_HANDLE.findall(" ".join(step.again))), step.name


def test_every_method_and_way_of_failing_is_spoken() -> None:
    assert {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"} <= {step.method for step in STEPS}
    assert {200, 201, 400, 401, 404, 405, 500} == {step.status for step in STEPS}
