"""The live suite touches no shop that is not said to be disposable, and runs only when asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import DISPOSABLE, refusal

ROOT = Path(__file__).resolve().parents[2]
SHOP = {
    "COMPTOIR_SHOP_URL": "http://127.0.0.1:9",  # nobody listens there
    "COMPTOIR_SHOP_KEY": "K" * 32,
    "COMPTOIR_SHOP_DB": "sqlite://",
}


def run_live(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "tests/live"],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("said", [None, "", "no", "YES", "1"])
def test_the_whole_session_fails_unless_the_shop_is_disposable(said: str | None) -> None:
    given = SHOP if said is None else {**SHOP, DISPOSABLE: said}
    assert DISPOSABLE in refusal(given)


def test_every_missing_setting_is_named() -> None:
    said = refusal({DISPOSABLE: "yes", "COMPTOIR_SHOP_KEY": "K" * 32})
    assert "COMPTOIR_SHOP_URL, COMPTOIR_SHOP_DB" in said
    assert refusal({**SHOP, DISPOSABLE: "yes"}) == ""


def test_make_lives_command_ends_with_a_usage_error_before_any_test() -> None:
    done = run_live("-m", "live", **SHOP)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"{DISPOSABLE}=yes" in done.stderr


def test_without_its_marker_nothing_of_it_runs() -> None:
    done = run_live(**{**SHOP, DISPOSABLE: "yes"})
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "deselected" in done.stdout
