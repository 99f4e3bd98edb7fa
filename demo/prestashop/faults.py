"""Accidents to come: the next matching requests fail in a chosen way.

Faults are met in the order of planning, each as often as it was planned for.

    faults.plan(Fault("apply_then_500", method="POST", path="/api/products"))
    faults.take("POST", "/api/products")      # that fault, once; then None
"""

import re
import threading
from dataclasses import dataclass
from typing import Literal, get_args

from protocol.errors import Text, UsageError

Kind = Literal[
    "500",  # an empty 500; nothing is done
    "apply_then_500",  # done, then an empty 500
    "apply_then_warning",  # done, then 500 with a PHP warning in XML
    "html",  # an HTML page with status 500; nothing is done
    "noise",  # done; PHP prints a notice before the XML
    "fatal_200",  # nothing is done; status 200 and a PHP error page
    "delay",  # done after some seconds
    "reset",  # the connection is cut; nothing is done
    "apply_then_reset",  # done, then the connection is cut
]
KINDS: tuple[str, ...] = get_args(Kind)


class UnknownFaultError(UsageError):
    """A fault of a kind that the simulator does not know."""

    code = "E-DEMO-001"
    what = Text("Panne inconnue", "Unknown fault")
    remedy = Text("Choisir parmi : {known}", "Choose one of: {known}")


def meant(wanted_method: str, wanted_path: str, method: str, path: str) -> bool:
    """Whether a request is of the method and path wanted; empty ones mean any."""
    return wanted_method in {"", method} and re.search(wanted_path, path) is not None


@dataclass(frozen=True)
class Fault:
    """One accident.

    Args:
        kind: What happens.
        method: Only to this method; empty for any.
        path: Only where the path matches this regular expression; empty for any.
        times: How many matching requests fail.
        after: How many matching requests pass before.
        seconds: How long a delay lasts.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    after: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownFaultError(value=self.kind, known=", ".join(KINDS))

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one of those meant."""
        return meant(self.method, self.path, method, path)


class Faults:
    """The accidents planned; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[tuple[Fault, list[int]]] = []

    def plan(self, fault: Fault) -> None:
        """Add an accident."""
        with self._lock:
            self._planned.append((fault, [fault.after, fault.times]))

    def clear(self) -> None:
        """Forget all accidents."""
        with self._lock:
            self._planned.clear()

    def planned(self) -> list[Fault]:
        """Return the accidents that are still to come."""
        with self._lock:
            return [fault for fault, (_, left) in self._planned if left > 0]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the accident that this request meets, or None; it is then used up once."""
        with self._lock:
            for fault, left in self._planned:
                if not fault.matches(method, path) or left[1] <= 0:
                    continue
                if left[0] > 0:
                    left[0] -= 1
                    continue
                left[1] -= 1
                return fault
        return None
