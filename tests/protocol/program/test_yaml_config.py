"""A configuration file: what is read, and how every mistake is told with its place."""

from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, model_validator

from protocol.errors import Problem, Text
from protocol.program.config_problems import is_secret_name, without_passwords
from protocol.program.yaml_config import ConfigError, SettingError, load_yaml, parse_yaml

FILE = Path("/etc/shop/shop.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Server(_Strict):
    """A server."""

    host: str
    port: int = Field(21, gt=0, lt=65536)
    password: SecretStr
    mode: Literal["explicit", "plain"] = "explicit"


class Table(_Strict):
    """One kind of entity."""

    kind: Literal["table"]
    name: str


class Query(_Strict):
    """Another."""

    kind: Literal["query"]
    sql: str


class Settings(_Strict):
    """A file's settings."""

    server: Server
    interval: int = 5
    buffer: Decimal = Decimal(0)
    opens: time = time(8, 0)
    reference: str = ""
    active: bool | str = True
    columns: list[str] | str = ""
    entities: dict[str, Annotated[Table | Query, Field(discriminator="kind")]] = {}
    rate: Decimal = Field(Decimal(0), le=100)

    @model_validator(mode="after")
    def _rates(self, info: ValidationInfo) -> Self:
        if self.rate == 13:
            raise SettingError("E-CFG-199", Text("Porte malheur", "Unlucky"), Text("12", "12"))
        return self


class Where(_Strict):
    """Keeps the folder of its file."""

    folder: str = ""

    @model_validator(mode="after")
    def _remember(self, info: ValidationInfo) -> Self:
        self.folder = str((info.context or {})["folder"])
        return self


GOOD = """
server: {host: ftp.example.org, password: "${FTP_PASSWORD}"}
"""


def read(text: str, **environment: str) -> Settings:
    return parse_yaml(text, Settings, {"FTP_PASSWORD": "s3same", **environment}, FILE)


def mistakes(text: str, **environment: str) -> list[tuple[str, str]]:
    """Return (line:column, code) of every mistake."""
    return [(p.place.removeprefix(f"{FILE}:"), p.code) for p in failure(text, **environment)]


def failure(text: str, **environment: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        read(text, **environment)
    return caught.value.problems


# --- what is read --------------------------------------------------------------------------


def test_values_come_as_the_model_wants_them() -> None:
    settings = read(GOOD + "interval: 10\nbuffer: 1.10\nopens: 12:30\nactive: false\n")
    assert settings.server.password.get_secret_value() == "s3same"
    assert (settings.interval, str(settings.buffer), settings.opens) == (10, "1.10", time(12, 30))
    assert settings.active is False


@pytest.mark.parametrize("written", ["00123", "1.10", "12:30", "no", "0x1F", "2026-01-01", "1e3"])
def test_a_text_keeps_its_signs_without_quotes(written: str) -> None:
    assert read(GOOD + f"reference: {written}\n").reference == written


def test_a_quoted_true_is_a_text() -> None:
    assert read(GOOD + 'active: "true"\n').active == "true"


def test_placeholders_are_filled_inside_texts_and_may_be_escaped() -> None:
    text = GOOD + 'interval: ${EVERY}\nreference: "a${A}b$${A}c$A"\n'
    settings = read(text, EVERY="15", A="é: {x}")
    assert (settings.interval, settings.reference) == (15, "aé: {x}b${A}c$A")


def test_a_value_from_the_environment_is_not_filled_again() -> None:
    assert read(GOOD + "reference: ${A}\n", A="${B}").reference == "${B}"


def test_anchors_are_followed() -> None:
    text = GOOD + "columns: &c [a, b]\nentities: {x: {kind: query, sql: &s select}}\nreference: *s"
    assert (read(text).columns, read(text).reference) == (["a", "b"], "select")


def test_a_file_is_read_with_its_mark_and_gives_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "where.yaml"
    path.write_bytes(b"\xef\xbb\xbf# empty but for this\n")
    assert load_yaml(path, Where, {}).folder == str(tmp_path)


# --- how mistakes are told -----------------------------------------------------------------

TEN = """\
server:
  host: ftp.example.org
  prot: 2121
  mode: explicite
  pasword: hunter2
intervall: 5
interval: soon
rate: 120
reference: ${MISSING}
buffer: 1,5
entities:
  article: {kind: table}
  article: {kind: query, sql: x}
  stock: {kind: csv}
columns: {a: b}
"""


def test_all_mistakes_are_told_at_once_with_their_places() -> None:
    assert mistakes(TEN) == [
        ("1:1", "E-CFG-010"),
        ("3:3", "E-CFG-011"),
        ("4:9", "E-CFG-013"),
        ("5:3", "E-CFG-011"),
        ("6:1", "E-CFG-011"),
        ("7:11", "E-CFG-012"),
        ("8:7", "E-CFG-014"),
        ("9:12", "E-CFG-005"),
        ("10:9", "E-CFG-012"),
        ("12:3", "E-CFG-010"),
        ("13:3", "E-CFG-004"),
        ("14:17", "E-CFG-013"),
        ("15:10", "E-CFG-012"),
    ]


def test_every_mistake_is_a_line_in_both_languages_without_loose_ends() -> None:
    with pytest.raises(ConfigError) as caught:
        read(TEN)
    error = caught.value
    assert str(error).splitlines() == error.lines("en")
    assert len(error.lines("fr")) == 13 == int(error.facts["count"])
    assert not [line for line in error.lines("fr") + error.lines("en") if "?" in _bare(line)]
    assert error.exit_code == 2


def _bare(line: str) -> str:
    return line.replace("Vouliez-vous dire", "").replace(" ?", "").replace("»?", "")


def test_a_mistyped_name_is_guessed_and_a_strange_one_gets_the_list() -> None:
    known = {p.facts.get("name"): p.facts for p in failure(TEN)}
    assert known["prot"]["close"] == "port"
    assert known["intervall"]["close"] == "interval"
    strange = failure(GOOD + "zzz: 1\n")[0]
    assert strange.facts["known"].startswith("active, buffer, columns")
    inner = failure(GOOD + "entities: {x: {kind: table, name: a, xyz: 1}}\n")[0]
    assert inner.facts["known"] == "kind, name, sql"


def test_a_mistyped_choice_is_guessed() -> None:
    problem = next(p for p in failure(TEN) if p.code == "E-CFG-013")
    assert (problem.facts["choices"], problem.facts["close"]) == ("explicit, plain", "explicit")


def test_a_missing_setting_is_named_in_full() -> None:
    problem = failure("server: {host: x}\n")[0]
    assert (problem.facts["setting"], problem.value) == ("server.password", "")


def test_a_union_asks_for_what_any_branch_takes() -> None:
    problem = failure(GOOD + "columns: {a: b}\n")[0]
    assert "list" in problem.what.en
    assert "text" in problem.what.en


def test_a_union_tells_the_branch_that_got_furthest() -> None:
    assert mistakes(GOOD + "columns: [a, {b: c}]\n") == [("3:14", "E-CFG-012")]


def test_a_validator_speaks_in_its_own_words() -> None:
    problem = failure(GOOD + "rate: 13\n")[0]
    assert (problem.code, problem.what.fr) == ("E-CFG-199", "Porte malheur")


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: b: c\n", "1:5", "E-CFG-003"),
        ("a:\n\t- b\n", "2:1", "E-CFG-003"),
        ("a: 'b\n", "2:1", "E-CFG-003"),
        ("a: b\n---\nc: d\n", "2:1", "E-CFG-003"),
        ("a: *nowhere\n", "1:4", "E-CFG-003"),
        ("a: \x00\n", "1:1", "E-CFG-003"),
        ("- a\n", "1:1", "E-CFG-012"),
        ("just words\n", "1:1", "E-CFG-012"),
        (GOOD + "reference: ${half\n", "3:12", "E-CFG-006"),
        (GOOD + "reference: ${not a name}\n", "3:12", "E-CFG-006"),
        (GOOD + "reference: !!python/name:os.system x\n", "3:12", "E-CFG-007"),
        (GOOD + "columns: &a [*a]\n", "3:10", "E-CFG-007"),
        (GOOD + "entities: {{a: b}: c}\n", "3:12", "E-CFG-007"),
        (GOOD + "reference:\n", "3:11", "E-CFG-012"),
        (GOOD + "entities: {x: {name: a}}\n", "3:15", "E-CFG-010"),
        (GOOD + "entities: {x: 3}\n", "3:15", "E-CFG-012"),
    ],
)
def test_one_mistake_has_one_line(text: str, place: str, code: str) -> None:
    assert mistakes(text) == [(place, code)]


def test_aliases_of_aliases_end() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "E-CFG-007" in {code for _, code in mistakes("\n".join(lines))}


@pytest.mark.parametrize(
    ("content", "code"), [(None, "E-CFG-001"), (b"a: \xe9\n", "E-CFG-002"), (b"#" * 5_000_000,
    "E-CFG-001")],
)  # fmt: skip
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "shop.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_yaml(path, Settings, {})
    assert [problem.code for problem in caught.value.problems] == [code]


# --- secrets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "server: {host: x, password: [hunter2]}\n",
        "server: {host: x, password: {a: hunter2}}\n",
        "server: {host: x, password: y}\ninterval: ${FTP_PORT}\n",
        "server: {host: x, password: y}\ninterval: mysql://root:hunter2@till/db\n",
        "server: {host: x, password: *hunter2}\n",
        "server: {host: x, password: !hunter2 x}\n",
        "server: {host: x, password: 'hunter2\n",
    ],
)
def test_a_secret_is_in_no_mistake(text: str) -> None:
    problems = failure(text, FTP_PORT="hunter2")
    told = [f"{p}{p.line('fr')}{p.line('en')}" for p in problems]
    assert not [line for line in told if "hunter2" in line]


def test_what_came_from_the_environment_is_shown_as_its_placeholder() -> None:
    assert failure(GOOD + "interval: ${EVERY}\n", EVERY="soon")[0].value == "${EVERY}"


@pytest.mark.parametrize("name", ["password", "ftp_password", "apiKey", "SECRET", "token", "pwd"])
def test_secret_names(name: str) -> None:
    assert is_secret_name(name)


def test_other_names_are_not_secret() -> None:
    assert not [name for name in ("host", "port", "article", "clear") if is_secret_name(name)]


def test_passwords_in_addresses_are_masked() -> None:
    assert without_passwords("mssql://sa:p@ss@till:1433/x") == "mssql://sa:•••@till:1433/x"
    assert without_passwords("pg://u:a/b@till/x y") == "pg://u:•••@till/x y"
    assert without_passwords("https://example.org:8080/a") == "https://example.org:8080/a"
