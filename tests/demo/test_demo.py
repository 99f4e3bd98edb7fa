"""The README's first command, on a smaller till: the whole story, and exit 0."""

import subprocess
import sys
from pathlib import Path


def test_the_demo_comes_out_right() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--models", "25"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert ", 0 différences" in done.stdout
    assert "(12)" in done.stdout
