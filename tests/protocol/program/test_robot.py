"""The robot: pass after pass, whatever they end with, until somebody says stop."""

import io
import signal
import threading
import time
from datetime import timedelta

import pytest

from protocol.program.console import DONE, INTERRUPTED, Output
from protocol.program.robot import keep_running

SOON = timedelta(milliseconds=1)
LONG = timedelta(hours=1)


def output() -> Output:
    return Output(lang="fr", out=io.StringIO(), err=io.StringIO())


def after(seconds: float, number: int) -> threading.Timer:
    """Send this process a signal from another thread, a little later."""
    timer = threading.Timer(seconds, signal.raise_signal, [number])
    timer.daemon = True
    return timer


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_running_pass_end(number: signal.Signals) -> None:
    ends: list[int] = []

    def one_pass() -> int:
        if len(ends) == 2:
            signal.raise_signal(number)
        ends.append([0, 5, 7][len(ends)])
        return ends[-1]

    assert keep_running(SOON, one_pass, output()) == DONE
    assert ends == [0, 5, 7]  # an error ends a pass, never the robot


def test_a_signal_ends_the_wait_at_once() -> None:
    began = time.monotonic()
    timer = after(0.2, signal.SIGTERM)
    timer.start()
    assert keep_running(LONG, lambda: 0, output()) == DONE
    timer.join()
    assert time.monotonic() - began < 60


def test_a_second_signal_interrupts_the_pass() -> None:
    def one_pass() -> int:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        return 0

    with pytest.raises(KeyboardInterrupt):
        keep_running(LONG, one_pass, output())


def test_an_interrupted_pass_ends_the_robot() -> None:
    assert keep_running(SOON, lambda: INTERRUPTED, output()) == INTERRUPTED


def test_the_interval_is_from_start_to_start() -> None:
    clock = iter([0.0, 3.0, 10.0, 31.0, 40.0, 41.0])
    starts: list[float] = []

    def one_pass() -> int:
        starts.append(time.monotonic())
        if len(starts) == 3:
            signal.raise_signal(signal.SIGTERM)
        return 0

    # 3.0 s of work leave 0.02 s of rest; 21 s of work leave none.
    keep_running(timedelta(seconds=3.02), one_pass, output(), elapsed=lambda: next(clock))
    assert starts[1] - starts[0] >= 0.015


def test_handlers_are_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    keep_running(SOON, lambda: INTERRUPTED, output())
    assert signal.getsignal(signal.SIGTERM) is before
