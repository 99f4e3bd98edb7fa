"""What the steps say of their answers, and what was recorded of a real shop's.

A recorded answer is kept as the digest of its facts: enough to notice that the simulator has come
to answer otherwise. `make live` shows what differs; `COMPTOIR_RECORD=yes make live` records anew.

    missed(heard)                          # ["a step: status 500, not 201"]
    digests(heard)["a step"]               # "3b1f0c…", to compare with recorded("8.2.1")
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.contracts.shop.runner import Heard

_LENGTH = 16


def missed(heard: Iterable[Heard]) -> list[str]:
    """Return in which answers a step's own expectations were not met."""
    return [miss for one in heard if not one.reading for miss in _missed(one)]


def _missed(one: Heard) -> Iterator[str]:
    step, facts = one.step, one.facts
    if facts["status"] != str(step.status):
        yield f"{step.name}: status {facts['status']}, not {step.status}"
    errors = [value.partition(" ") for what, value in facts.items() if what.startswith("error.")]
    codes = tuple(int(code) for code, _, _ in errors)
    if step.codes and codes != step.codes:
        yield f"{step.name}: errors {codes}, not {step.codes}"
    if step.codes and step.field and errors and errors[0][2] != step.field:
        yield f"{step.name}: names {errors[0][2]!r}, not {step.field!r}"


def digests(heard: Iterable[Heard]) -> dict[str, str]:
    """Return one digest per step, over all that was heard in it."""
    by_step: dict[str, list[object]] = {}
    for one in heard:
        by_step.setdefault(one.step.name, []).append([one.request, sorted(one.facts.items())])
    return {name: _digest(facts) for name, facts in by_step.items()}


def _digest(facts: list[object]) -> str:
    text = json.dumps(facts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def _file(version: str) -> Path:
    return Path(__file__).with_name(f"real_{version.replace('.', '_')}.txt")


def recorded(version: str) -> dict[str, str]:
    """Return the digests of a real shop's answers, by step."""
    lines = _file(version).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition(" ") for line in lines)}


def record(heard: Iterable[Heard], version: str) -> None:
    """Keep the digests of a real shop's answers."""
    lines = [f"{digest} {name}\n" for name, digest in digests(heard).items()]
    _file(version).write_text("".join(lines), "utf-8")
