"""`make model HISTORIES=1000 SEED=1`: plays so many histories; the last line is the sum.

python -m tests.model --histories 1000 --seed 1
python -m tests.model --mutants                     # each known wrong version until it is caught
"""

import argparse
import gc
import sys
import time

from tests.model.mutants import MUTANTS, caught
from tests.model.play import Tally, begun_with, play_many, told
from tests.model.rig import Rig

#: Within so many histories a mutant must be caught.
MOST = 2000


def main() -> int:
    """Play and print; 1 when the promise was broken, or a mutant lives."""
    parser = argparse.ArgumentParser(prog="tests.model")
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=1, help="stop after so many")
    parser.add_argument("--mutants", action="store_true")
    asked = parser.parse_args()
    rig = Rig()
    begun_with(rig)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a history leaves little behind, and makes much
    if asked.mutants:
        return _play_mutants(rig, asked.seed)
    return _play(rig, range(asked.seed, asked.seed + asked.histories), asked.failures)


def _play(rig: Rig, seeds: range, failures: int) -> int:
    began, told_of = time.monotonic(), 0

    def tell(tally: Tally) -> None:
        nonlocal told_of
        for history, outcome in tally.failures[told_of:]:
            _say(told(history, outcome))
        told_of = len(tally.failures)
        if tally.histories % 500 == 0:
            each = (time.monotonic() - began) / tally.histories
            _say(f"… {tally.histories}, {len(tally.failures)} failed, {each * 1000:.0f} ms each")

    tally = play_many(rig, seeds, stop_at=failures, tell=tell)
    for line in tally.lines():
        _say(line)
    return 1 if tally.failures else 0


def _play_mutants(rig: Rig, seed: int) -> int:
    lives = 0
    for name in MUTANTS:
        found = caught(name, rig, range(seed, seed + MOST))
        if found is None:
            _say(f"mutant « {name} » lives")
            lives += 1
            continue
        history, outcome = found
        _say(f"mutant « {name} » caught by history {history.seed - seed + 1}")
        _say(told(history, outcome))
    _say(f"model: mutants: {len(MUTANTS)}, caught: {len(MUTANTS) - lives}")
    return 1 if lives else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
