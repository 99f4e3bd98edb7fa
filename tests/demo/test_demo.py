"""The README's first command, on a smaller till: the whole story, and exit 0.

The twelve wrong rows and one mistyped price are set aside, and one text is mended.
"""

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
    assert "(13)" in done.stdout
    assert "notes (1)" in done.stdout
    assert "Offre de rentrée (44.90)" in done.stdout
