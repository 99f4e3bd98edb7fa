"""Where a passphrase comes from, and which ones are refused."""

from pathlib import Path

import pytest

from protocol.errors import ComptoirError, Text
from protocol.program.backup.errors import (
    BackupFileError,
    NoPassphraseError,
    OpenPassphraseFileError,
    PassphrasesDifferError,
    ShortPassphraseError,
)
from protocol.program.backup.passphrase import (
    LEAST,
    VARIABLE,
    Ways,
    known_passphrase,
    new_passphrase,
)

GOOD = "tonneau velours girafe"


class Person:
    """Types answers, one after the other, and then is gone."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Text] = []

    def __call__(self, question: Text) -> str | None:
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None


def kept(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "passphrase"
    file.write_bytes(content)
    file.chmod(mode)
    return file


def test_a_person_types_a_new_one_twice_and_a_known_one_once() -> None:
    new, known = Person(GOOD, GOOD), Person(GOOD)
    assert new_passphrase(Ways(None, {}, new)) == GOOD
    assert known_passphrase(Ways(None, {}, known)) == GOOD
    assert (len(new.asked), len(known.asked)) == (2, 1)


def test_two_different_ones_are_refused() -> None:
    with pytest.raises(PassphrasesDifferError):
        new_passphrase(Ways(None, {}, Person(GOOD, GOOD + "s")))


@pytest.mark.parametrize("answers", [(), (GOOD,)])
def test_nobody_there_is_told(answers: tuple[str, ...]) -> None:
    with pytest.raises(NoPassphraseError):
        new_passphrase(Ways(None, {}, Person(*answers)))


def test_the_file_goes_first_then_the_variable_and_nobody_is_asked(tmp_path: Path) -> None:
    nobody = Person()
    file = kept(tmp_path, b"\xef\xbb\xbf de la cave au grenier \r\n")
    assert new_passphrase(Ways(file, {VARIABLE: GOOD}, nobody)) == "de la cave au grenier"
    assert new_passphrase(Ways(None, {VARIABLE: GOOD}, nobody)) == GOOD
    assert nobody.asked == []


def test_the_same_letters_are_the_same_on_every_system() -> None:
    composed, split = "l'été à la plage", "l'e\u0301te\u0301 a\u0300 la plage"
    ways = [Ways(None, {VARIABLE: one}, Person()) for one in (composed, split)]
    assert known_passphrase(ways[0]) == known_passphrase(ways[1])


def test_a_short_one_is_refused_for_a_new_backup_only() -> None:
    short = "x" * (LEAST - 1)
    assert known_passphrase(Ways(None, {VARIABLE: short}, Person())) == short
    with pytest.raises(ShortPassphraseError):
        new_passphrase(Ways(None, {VARIABLE: short + "  "}, Person()))
    assert new_passphrase(Ways(None, {VARIABLE: short + "y"}, Person())) == short + "y"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(OpenPassphraseFileError):
        known_passphrase(Ways(kept(tmp_path, GOOD.encode(), mode), {}, Person()))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for file in (tmp_path / "none", kept(tmp_path, b"\xff\xfe\x00")):
        with pytest.raises(BackupFileError):
            known_passphrase(Ways(file, {}, Person()))


def test_no_refusal_shows_the_passphrase() -> None:
    told: list[ComptoirError] = []
    for ways in (
        Ways(None, {VARIABLE: "Canary"}, Person()),
        Ways(None, {}, Person(GOOD, "Canary")),
    ):
        with pytest.raises(ComptoirError) as error:
            new_passphrase(ways)
        told.append(error.value)
    for one in told:
        said = str(one) + repr(one.facts) + one.problem().line("fr")
        assert "Canary" not in said
        assert GOOD not in said
