"""Every error of the protocol can be told apart, read in both languages, and acted on."""

import ast
import importlib
import pkgutil
import string
from pathlib import Path

import pytest

import protocol
from protocol.errors import (
    ComptoirError,
    FatalError,
    NeedsPersonError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    Text,
    UsageError,
)
from protocol.spec import error_classes

BRANCHES = {
    RetryableError: 5,
    OutcomeUnknownError: 5,
    RefusedItemError: 3,
    NeedsPersonError: 6,
    FatalError: 7,
    UsageError: 2,
}


def every_class() -> list[type[ComptoirError]]:
    """Return every error class of the package with a code, the shared program room included."""
    for module in pkgutil.walk_packages(protocol.__path__, "protocol."):
        if "migration_env" not in module.name:
            importlib.import_module(module.name)
    ours = [e for e in every_subclass(ComptoirError) if e.__module__.startswith("protocol.")]
    coded = (error for error in ours if "code" in vars(error))
    return sorted(coded, key=lambda error: (error.code, error.__name__))


class RateError(RefusedItemError):
    """An example."""

    code = "E-TEST-001"
    what = Text("Pas de taxe à {rate} %", "No tax at {rate} %")
    remedy = Text("Créer la taxe", "Create the tax")


def every_subclass(error: type[ComptoirError]) -> set[type[ComptoirError]]:
    return {error}.union(*(every_subclass(child) for child in error.__subclasses__()))


#: What a third party may meet; the shared program room has tests of its own.
CLASSES = [error for error in error_classes() if error is not ComptoirError]


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def told_facts() -> dict[str, list[set[str]]]:
    """Return, per class name, the facts that each place in the code that makes one gives it."""
    told: dict[str, list[set[str]]] = {}
    for path in Path(protocol.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [keyword.arg for keyword in node.keywords]
                if None not in names:  # `**facts` cannot be read from here
                    told.setdefault(node.func.id, []).append({name for name in names if name})
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                told.setdefault(node.exc.id, []).append(set())
    return told


def test_codes_are_unique() -> None:
    codes = [error.code for error in every_class()]
    assert codes == sorted(set(codes))
    assert {error.code for error in CLASSES} < set(codes)


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_a_class_has_a_code_both_languages_and_one_branch(error: type[ComptoirError]) -> None:
    prefix, room, number = error.code.split("-")
    assert (prefix, len(room), len(number), number.isdigit()) == ("E", 3, 3, True)
    for text in (error.what, error.remedy):
        assert text.fr
        assert text.en
        assert text.fr != text.en
        assert names_in(text.fr) == names_in(text.en)
    assert error.__doc__
    branch = next(base for base in error.__mro__ if base in BRANCHES)
    assert error.exit_code == BRANCHES[branch]


def test_a_class_without_a_code_of_its_own_is_a_branch_or_private() -> None:
    ours = {e for e in every_subclass(ComptoirError) if e.__module__.startswith("protocol.")}
    without = {e for e in ours if "code" not in vars(e)}
    public = {e for e in without if not e.__name__.startswith("_")}
    assert public == set(BRANCHES)


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_the_texts_use_only_facts_that_are_given(error: type[ComptoirError]) -> None:
    wanted = names_in(error.what.fr) | names_in(error.remedy.fr)
    made = told_facts().get(error.__name__, [])
    for facts in made:
        assert wanted <= facts | {"place", "value"}
    assert all(names.isidentifier() for names in wanted)


def test_an_error_tells_its_facts_in_both_languages() -> None:
    problem = RateError(place="article 7", value=Text, rate="8.5").problem()
    assert problem.code == "E-TEST-001"
    assert problem.facts["rate"] == "8.5"
    assert "Pas de taxe à 8.5 %" in problem.line("fr")
    assert "No tax at 8.5 %" in problem.line("en")


def test_a_long_value_is_cut_and_a_missing_fact_shows() -> None:
    error = RateError(value="x" * 500)
    assert len(error.value) == 200
    assert "? %" in error.problem().line("en")


def test_a_fact_with_braces_is_not_taken_for_a_place() -> None:
    assert "{place}" in RateError(rate="{place}").problem().line("en")
