"""What a dry run decided, with names and languages: told to a person, kept in a file.

lines = plan_lines(connection, report.actions)
write_plan(Path("plan.jsonl"), lines)
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection

from protocol.errors import Text, UsageError
from shop_agent.actions import Action, Subject
from shop_agent.judging import label
from shop_agent.plan_lines import PlanLine, plan_line
from shop_agent.profile import load
from shop_agent.replica import Replica


class PlanFileError(UsageError):
    """The file for the plan cannot be written."""

    code = "E-PLN-001"
    what = Text("Impossible d'écrire « {path} » ({reason})", "Cannot write {path} ({reason})")
    remedy = Text("Choisir un autre fichier", "Choose another file")


def plan_lines(connection: Connection, actions: Sequence[Action]) -> list[PlanLine]:
    """Return a plan's actions as lines, in their order."""
    replica = Replica(connection)
    languages, names = languages_of(replica), dict[Subject, str]()
    for action in actions:
        if action.subject not in names:
            names[action.subject] = name_of(replica, action.subject)
    return [plan_line(action, names[action.subject], languages) for action in actions]


def languages_of(replica: Replica) -> dict[int, str]:
    """Return the shop's languages as last read: ISO code by id."""
    kept = replica.setting("profile")
    profile = load(kept) if kept else None
    return dict(profile.languages) if profile else {}


def name_of(replica: Replica, subject: Subject) -> str:
    """Return what people call a fact; of stock and special prices, whose they are."""
    owner = owner_of(subject)
    if owner == subject:
        return label(replica, subject)
    found = label(replica, owner)
    return str(subject) if found == str(owner) else f"{subject.kind} {found}"


def owner_of(subject: Subject) -> Subject:
    """Return the article or variant that a figure or a special price is of; else the same."""
    if subject.kind == "stock":
        kind, _, key = subject.key.partition(":")
        return Subject("variant" if kind == "v" else "article", key)
    if subject.kind == "specific_price":
        return Subject("article", subject.key.split("|")[0])
    return subject


def write_plan(path: Path, lines: Iterable[PlanLine]) -> None:
    """Write a plan as JSON Lines.

    Raises:
        PlanFileError: when the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(json.dumps(line.values(), ensure_ascii=False) + "\n")
    except OSError as error:
        raise PlanFileError(path=path, reason=error.strerror or type(error).__name__) from error
