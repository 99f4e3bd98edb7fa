"""A YAML file as a checked model, or every mistake in it at once.

Reading is safe (no tag makes an object), `${NAME}` comes from the environment, a key written twice
is refused, and each mistake has file, line and column. Relative paths are taken from the file's
folder: validators find it in `info.context["folder"]`.

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid")
        language: Literal["fr", "en"] = "fr"

    settings = load_yaml(Path("pos-exporter.yaml"), Settings, os.environ)
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from protocol.errors import Problem, Text
from protocol.program.config_problems import ConfigError, SettingError, tell_mistakes
from protocol.program.yaml_tree import Findings, read_tree

__all__ = ["ConfigError", "SettingError", "load_yaml", "parse_yaml"]

M = TypeVar("M", bound=BaseModel)

#: A configuration of a few pages; more is not one.
MAX_BYTES = 4 * 2**20


def load_yaml(path: Path, model: type[M], environment: Mapping[str, str]) -> M:
    """Return a file's settings.

    Args:
        path: The YAML file, UTF-8.
        model: What it must hold.
        environment: Where `${NAME}` is looked up.

    Raises:
        ConfigError: With every mistake found, in the file's order.
    """
    return parse_yaml(_read(path), model, environment, path)


def parse_yaml(text: str, model: type[M], environment: Mapping[str, str], file: Path) -> M:
    """Return the settings in a text, as `load_yaml` does; `file` names it in mistakes."""
    findings = Findings(str(file), environment)
    tree, root = read_tree(text, findings)
    readable = not any(problem.code == "E-CFG-003" for problem in findings.problems)
    if readable:
        try:
            settings = model.model_validate(tree, context={"folder": file.parent})
        except ValidationError as error:
            tell_mistakes(findings, root, model, error.errors(include_url=False))
        else:
            if not findings.problems:
                return settings
    raise ConfigError(file, sorted(findings.problems, key=_position))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(path, [_file_problem(path, "E-CFG-001", _TOO_BIG, _TOO_BIG_REMEDY)])
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = _file_problem(path, "E-CFG-001", _UNREADABLE, _UNREADABLE_REMEDY, reason=reason)
        raise ConfigError(path, [problem]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = _file_problem(f"{path}:{line}", "E-CFG-002", _NOT_UTF8, _NOT_UTF8_REMEDY)
        raise ConfigError(path, [problem]) from error


def _file_problem(place: object, code: str, what: Text, remedy: Text, **facts: str) -> Problem:
    return Problem(code, str(place), "", what, remedy, facts)


def _position(problem: Problem) -> tuple[int, int]:
    _, line, column = problem.place.rsplit(":", 2)
    return int(line), int(column)


_UNREADABLE = Text("Fichier de réglages illisible ({reason})", "Settings not readable ({reason})")
_UNREADABLE_REMEDY = Text(
    "Vérifier le nom et les droits, ou en créer un par « init »",
    "Check its name and rights, or make one with « init »",
)
_TOO_BIG = Text("Fichier de réglages démesuré", "Settings file far too large")
_TOO_BIG_REMEDY = Text("Vérifier que c'est le bon fichier", "Check that this is the right file")
_NOT_UTF8 = Text("Ce fichier n'est pas en UTF-8", "This file is not UTF-8")
_NOT_UTF8_REMEDY = Text("L'enregistrer en UTF-8", "Save it as UTF-8")
