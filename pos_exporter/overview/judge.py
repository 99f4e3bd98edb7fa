"""Decide the one word that says how the synchronisation stands, from the evidence alone.

The gravest true reason wins: what a person must do, then what is broken, then a pause that was
asked for, then lateness. The site's program is judged only by a pass that looked after its promise.

    judge(Evidence(now=now, runs=(run,), site=Site(last_at, next_by)))   # State("late", …)
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from pos_exporter.overview.robot import RobotSetting, next_run
from pos_exporter.overview.values import RunView, Site, State, Why, Word

WORDS: dict[Why, Word] = {
    "ok": "up_to_date",
    "never_ran": "never_ran",
    "paused": "paused",
    "person": "action_required",
    "held": "action_required",
    "orders_lost": "action_required",
    "settings": "action_required",
    "stream_stopped": "action_required",
    "fatal": "broken",
    "unexpected": "broken",
    "failing": "broken",
    "robot_silent": "broken",
    "site_silent": "broken",
    "retrying": "late",
    "more_to_do": "late",
    "interrupted": "late",
    "robot_late": "late",
    "site_late": "late",
    "recovering": "late",
}
#: What an exit code says of the whole; 0 and 3 are good.
_CODES: dict[int, Why] = {
    1: "unexpected", 2: "settings", 5: "retrying", 6: "person", 7: "fatal", 8: "more_to_do",
    130: "interrupted",
}  # fmt: skip
#: Another pass held the lock: says nothing.
_ANOTHER_RAN = 4
#: So many temporary failures in a row are a breakdown; one is a hiccup.
_FAILURES = 3
#: A pass without an end after this long was interrupted; before, another process may be at it.
_LONGEST_RUN = timedelta(hours=1)
_SHORTEST_PROMISE = timedelta(hours=1)
#: A first load takes longer than the shortest interval.
_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Evidence:
    """What the word is decided from.

    Args:
        now: UTC.
        runs: The newest passes, newest first.
        robot: The shopkeeper's choice.
        zone: Of the robot's hours.
        site: Of the site's program.
        stopped: A stream is stopped until a person acts.
        recovering: The newest pass found our own state too old.
        paused_until: UTC, or None.
        running: A pass is under way in this process.
        held: A class of changes waits for a person, who has not said yes.
        lost: The till has lost orders, and nobody said yet what becomes of them.
    """

    now: datetime
    runs: tuple[RunView, ...] = ()
    robot: RobotSetting = field(default_factory=RobotSetting)
    zone: tzinfo | None = None
    site: Site = field(default_factory=Site)
    stopped: bool = False
    recovering: bool = False
    paused_until: datetime | None = None
    running: bool = False
    held: bool = False
    lost: bool = False


def judge(evidence: Evidence) -> State:
    """Return the state's word and its reason."""
    last = last_finished(evidence.runs)
    if evidence.stopped:
        return _state("stream_stopped")
    if _interrupted(evidence) and (last is None or _good(last)):
        return _unless_paused(evidence, _state("interrupted"))
    if last is None:
        return _state("never_ran")
    why = _of_run(evidence, last)
    if why == "ok":
        return _unless_paused(evidence, _state(_of_time(evidence, last)))
    told = State(WORDS[why], why, last.finished_at, last.summary.problem)
    return _unless_paused(evidence, told) if told.word == "late" else told


def last_finished(runs: tuple[RunView, ...]) -> RunView | None:
    """Return the newest pass that says how it stands: ended, and not a dry run."""
    return next((run for run in runs if _says_something(run)), None)


def _of_run(evidence: Evidence, last: RunView) -> Why:
    why = "ok" if last.exit_code is None else _CODES.get(last.exit_code, "ok")
    if why == "ok" and evidence.recovering:
        return "recovering"
    if why == "ok" and evidence.lost:
        return "orders_lost"
    if why == "ok" and evidence.held:
        return "held"
    if why != "retrying":
        return why
    newest = [run.exit_code for run in evidence.runs if _says_something(run)][:_FAILURES]
    return "failing" if newest == [5] * _FAILURES else "retrying"


def _of_time(evidence: Evidence, last: RunView) -> Why:
    """Return whether our robot, or else the site's program, is behind its promise."""
    due = next_run(evidence.robot, last.started_at, last.started_at, evidence.zone)
    if due and not evidence.running:
        patience = max(evidence.robot.interval, _PATIENCE)
        if evidence.now > due + 2 * patience:
            return "robot_silent"
        if evidence.now > due + patience:
            return "robot_late"
    promised, heard, looked = evidence.site.next_by, evidence.site.last_at, last.finished_at
    if promised is None or heard is None or looked is None or looked <= promised:
        return "ok"
    length = max(promised - heard, _SHORTEST_PROMISE)
    return "site_silent" if looked > promised + length else "site_late"


def _unless_paused(evidence: Evidence, state: State) -> State:
    paused = evidence.paused_until is not None and evidence.paused_until > evidence.now
    return _state("paused") if paused else state


def _state(why: Why) -> State:
    return State(WORDS[why], why)


def _says_something(run: RunView) -> bool:
    silent = run.exit_code in {None, _ANOTHER_RAN} or run.summary.dry_run
    return run.finished_at is not None and not silent


def _good(run: RunView) -> bool:
    return run.exit_code in {0, 3, 8}


def _interrupted(evidence: Evidence) -> bool:
    if evidence.running or not evidence.runs:
        return False
    newest = evidence.runs[0]
    return newest.finished_at is None and evidence.now - newest.started_at > _LONGEST_RUN
