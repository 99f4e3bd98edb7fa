"""The robot and the runner: when passes start, that one never overlaps another, and errors."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from pos_exporter.overview.robot import RobotSetting, read_setting
from pos_exporter.web.robot import Robot
from pos_exporter.web.runner import Report, Runner
from tests.pos_exporter.web.shop import NOW, Clock, add_run, empty_state

WAIT = 10.0


@pytest.fixture
def engine() -> Iterator[Engine]:
    with empty_state() as engine:
        yield engine


class Passes:
    """Counts passes; each may fail."""

    def __init__(self, fails: int = 0) -> None:
        self.begun = 0
        self.reached = threading.Semaphore(0)
        self._fails = fails

    def __call__(self) -> None:
        self.begun += 1
        self.reached.release()
        if self.begun <= self._fails:
            raise OSError("no network")


# --- one step at a time ----------------------------------------------------------------------


def robot_with(engine: Engine, clock: Clock, passes: Passes, setting: RobotSetting) -> Robot:
    robot = Robot(engine, passes, clock=clock)
    robot.change(setting)
    return robot


def test_a_robot_that_is_off_only_looks_again(engine: Engine) -> None:
    passes = Passes()
    robot = robot_with(engine, Clock(), passes, RobotSetting(False, 1))
    assert robot.step() > 0
    assert passes.begun == 0


def test_the_first_pass_is_due_at_once_and_the_next_after_the_interval(engine: Engine) -> None:
    passes, clock = Passes(), Clock()
    robot = robot_with(engine, clock, passes, RobotSetting(True, 5))
    assert robot.step() == 0.0
    clock.now = NOW + timedelta(minutes=4, seconds=50)
    assert robot.step() == 10.0
    assert passes.begun == 1
    clock.now = NOW + timedelta(minutes=5)
    robot.step()
    assert passes.begun == 2


def test_a_pass_by_hand_puts_the_next_one_off(engine: Engine) -> None:
    passes = Passes()
    add_run(engine, 0, minutes_ago=1)
    robot = robot_with(engine, Clock(), passes, RobotSetting(True, 5))
    robot.step()
    assert passes.begun == 0


def test_it_never_waits_long_for_others_may_change_the_setting(engine: Engine) -> None:
    passes = Passes()
    add_run(engine, 0, minutes_ago=1)
    robot = robot_with(engine, Clock(), passes, RobotSetting(True, 60))
    assert 0 < robot.step() <= 60


def test_a_change_is_kept_in_the_state(engine: Engine) -> None:
    robot_with(engine, Clock(), Passes(), RobotSetting(True, 15))
    with engine.connect() as connection:
        assert read_setting(connection) == RobotSetting(True, 15)


def test_a_pass_that_failed_is_not_tried_again_without_rest(engine: Engine) -> None:
    passes = Passes(fails=1)
    robot = robot_with(engine, Clock(), passes, RobotSetting(True, 5))
    with pytest.raises(OSError, match="no network"):
        robot.step()
    assert robot.step() > 0
    assert passes.begun == 1


# --- the thread ------------------------------------------------------------------------------


def test_the_robot_works_survives_and_stops(tmp_path: Path) -> None:
    passes, clock, wake = Passes(fails=1), Clock(), threading.Event()
    with empty_state(f"sqlite:///{tmp_path / 'state.db'}") as engine, capture_logs() as logs:
        robot = Robot(engine, passes, clock=clock, wake=wake)
        robot.start()
        robot.change(RobotSetting(True, 5))
        assert passes.reached.acquire(timeout=WAIT)
        clock.now = NOW + timedelta(minutes=5)
        wake.set()
        assert passes.reached.acquire(timeout=WAIT)
        robot.stop(WAIT)
    assert [entry["event"] for entry in logs] == ["robot"]
    assert passes.begun == 2
    assert not [thread for thread in threading.enumerate() if thread.name == "robot"]


# --- the runner ------------------------------------------------------------------------------


class Held:
    """A pass that begins, and ends when it is let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = threading.Semaphore(0)
        self.let_go = threading.Event()
        self.count = 0
        self._error = error

    def __call__(self, report: Report) -> None:
        self.count += 1
        report("read", 3, 9)
        self.begun.release()
        assert self.let_go.wait(WAIT)
        if self._error:
            raise self._error


def wait_until_idle(runner: Runner) -> None:
    for thread in threading.enumerate():
        if thread.name == "pass":
            thread.join(WAIT)
    assert not runner.is_running()


def test_one_pass_at_a_time(engine: Engine) -> None:
    held = Held()
    runner = Runner(held)
    assert (runner.is_running(), runner.progress()) == (False, None)
    assert runner.start()
    assert held.begun.acquire(timeout=WAIT)
    assert (runner.is_running(), runner.progress()) == (True, ("read", 3, 9))
    assert (runner.start(), runner.run_now()) == (False, False)
    held.let_go.set()
    wait_until_idle(runner)
    assert (held.count, runner.progress()) == (1, None)
    assert runner.run_now()
    assert held.count == 2


def test_a_failing_pass_leaves_the_runner_free() -> None:
    held = Held(OSError("no network"))
    held.let_go.set()
    runner = Runner(held)
    with capture_logs() as logs:
        assert runner.start()
        wait_until_idle(runner)
    assert [entry["event"] for entry in logs] == ["pass"]
    with pytest.raises(OSError, match="no network"):
        runner.run_now()
    assert not runner.is_running()


def test_the_robot_does_not_join_a_pass_under_way(engine: Engine) -> None:
    held = Held()
    runner = Runner(held)
    assert runner.start()
    assert held.begun.acquire(timeout=WAIT)
    robot = Robot(engine, runner.run_now, clock=Clock())
    robot.change(RobotSetting(True, 5))
    assert robot.step() == 0.0
    assert held.count == 1
    held.let_go.set()
    wait_until_idle(runner)
