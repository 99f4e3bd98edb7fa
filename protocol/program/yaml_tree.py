"""A YAML text as plain values, each with the place where it was written.

Every scalar stays the text that was written, so that `00123`, `1.10`, `12:30` and `no` keep their
signs and no float is ever made; pydantic reads numbers and dates out of texts. Only unquoted
`true`, `false` and an empty value (or `null`, `~`) become True, False and None. `${NAME}` is
replaced from the environment, `$${` is a plain `${`. Nothing is executed, no tag makes an object.

    problems = Findings("shop.yaml", environment)
    value, spot = read_tree(text, problems)
    spot.at(("channel", "ftp", "port"))  # -> its Spot: line, column, the text as written
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from protocol.errors import Problem, Text

Value: TypeAlias = "bool | str | list[Value] | dict[str, Value] | None"
Loc = Sequence[str | int]

#: Values in one file, aliases counted each time: more is a mistake or an attack.
MAX_VALUES = 100_000
_PLACEHOLDER = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{")
_CORE = "tag:yaml.org,2002:"
_SCALARS = {_CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp")}
_SCALARS |= {_CORE + "merge", _CORE + "value"}  # the plain texts « << » and « = »


@dataclass(frozen=True)
class Spot:
    """Where a value was written.

    Args:
        line: From 1.
        column: From 1; of the value itself.
        key_line: Line of the key that leads here; the value's own for list items.
        key_column: Its column.
        text: A scalar as written, placeholders not replaced; empty for lists and mappings.
        from_environment: Whether the value holds something from the environment.
        children: By key or index.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    text: str = ""
    from_environment: bool = False
    children: Mapping[str | int, "Spot"] = field(default_factory=dict)

    def at(self, loc: Loc) -> "Spot":
        """Return the spot that pydantic's location leads to, or the nearest one above it.

        Names that are not in the file (tags of unions, missing fields) are stepped over.
        """
        spot = self
        for step in loc:
            spot = spot.children.get(step, spot)
        return spot

    def under_key(self, key: yaml.Node) -> "Spot":
        """Return this spot as the value of a key."""
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        return Spot(
            self.line, self.column, line, column, self.text, self.from_environment, self.children
        )


@dataclass
class Findings:
    """What is wrong so far, and where to look names up.

    Args:
        file: The file's name, for places.
        environment: For `${NAME}`.
        problems: Told so far.
        told: Lines and columns of values that were told already: their value is unknown.
    """

    file: str
    environment: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)

    def tell(
        self,
        code: str,
        line: int,
        column: int,
        what: Text,
        remedy: Text,
        value: str = "",
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """Add a problem at a line and column, both from 1."""
        place = f"{self.file}:{line}:{column}"
        self.problems.append(Problem(code, place, value[:200], what, remedy, dict(facts or {})))

    def tell_at(self, code: str, node: yaml.Node, what: Text, remedy: Text, **facts: str) -> None:
        """Add a problem about a node, whose value is not judged any further."""
        line, column = _position(node)
        self.told.add((line, column))
        self.tell(code, line, column, what, remedy, facts=facts)


def read_tree(text: str, findings: Findings) -> tuple[Value, Spot]:
    """Return a YAML document's value and where its parts are; an empty document is `{}`.

    Mistakes are added to the findings; a document that is no YAML at all is told and empty.
    """
    empty = Spot(1, 1, 1, 1)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        # What stands in quotes may be a piece of a password that was not quoted.
        reason = re.sub(r"'[^']{2,}'", "…", error.problem or error.context or "")
        findings.tell("E-CFG-003", line, column, _SYNTAX, _SYNTAX_REMEDY, facts={"reason": reason})
        return {}, empty
    except yaml.YAMLError as error:  # a sign that YAML does not allow, such as a NUL
        reason = str(error).splitlines()[0]
        findings.tell("E-CFG-003", 1, 1, _SYNTAX, _SYNTAX_REMEDY, facts={"reason": reason})
        return {}, empty
    if node is None:
        return {}, empty
    return _Reader(findings).read(node, ())


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._left = MAX_VALUES

    def read(self, node: yaml.Node, above: tuple[yaml.Node, ...]) -> tuple[Value, Spot]:
        self._left -= 1
        if node in above or self._left < 0:
            if self._left >= -1:
                self._findings.tell_at("E-CFG-007", node, _ENDLESS, _ENDLESS_REMEDY)
            return None, _spot(node)
        if isinstance(node, yaml.MappingNode) and node.tag == _CORE + "map":
            return self._mapping(node, (*above, node))
        if isinstance(node, yaml.SequenceNode) and node.tag == _CORE + "seq":
            return self._sequence(node, (*above, node))
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node)
        self._findings.tell_at("E-CFG-007", node, _TAG, _TAG_REMEDY)
        return None, _spot(node)

    def _mapping(self, node: yaml.MappingNode, above: tuple[yaml.Node, ...]) -> tuple[Value, Spot]:
        values: dict[str, Value] = {}
        spots: dict[str | int, Spot] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._findings.tell_at("E-CFG-007", key_node, _KEY, _KEY_REMEDY)
                continue
            key = str(key_node.value)
            if key in values:
                first = str(spots[key].key_line)
                self._findings.tell_at(
                    "E-CFG-004", key_node, _DUPLICATE, _DUPLICATE_REMEDY, key=key, line=first
                )
                continue
            value, spot = self.read(value_node, above)
            values[key], spots[key] = value, spot.under_key(key_node)
        line, column = _position(node)
        return values, Spot(line, column, line, column, children=spots)

    def _sequence(
        self, node: yaml.SequenceNode, above: tuple[yaml.Node, ...]
    ) -> tuple[Value, Spot]:
        read = [self.read(item, above) for item in node.value]
        line, column = _position(node)
        spots: dict[str | int, Spot] = {index: spot for index, (_, spot) in enumerate(read)}
        return [value for value, _ in read], Spot(line, column, line, column, children=spots)

    def _scalar(self, node: yaml.ScalarNode) -> tuple[Value, Spot]:
        text = str(node.value)
        line, column = _position(node)
        if node.style is None and node.tag == _CORE + "null":
            return None, Spot(line, column, line, column, text)
        if node.style is None and text.lower() in {"true", "false"}:
            return text.lower() == "true", Spot(line, column, line, column, text)
        filled = self._filled(node, text)
        used = any(found.group(1) for found in _PLACEHOLDER.finditer(text))
        return filled, Spot(line, column, line, column, text, from_environment=used)

    def _filled(self, node: yaml.ScalarNode, text: str) -> str:
        def replaced(found: re.Match[str]) -> str:
            name = found.group(1)
            if found.group() == "$${":
                return "${"
            if name is None:
                self._findings.tell_at("E-CFG-006", node, _HALF, _HALF_REMEDY)
                return ""
            if name not in self._findings.environment:
                self._findings.tell_at("E-CFG-005", node, _UNSET, _UNSET_REMEDY, name=name)
                return ""
            return self._findings.environment[name]

        return _PLACEHOLDER.sub(replaced, text)


def _position(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _spot(node: yaml.Node) -> Spot:
    line, column = _position(node)
    return Spot(line, column, line, column)


_SYNTAX = Text("Ce n'est pas du YAML valable ({reason})", "Not valid YAML ({reason})")
_SYNTAX_REMEDY = Text(
    "Vérifier les retraits (espaces, jamais de tabulation), les deux-points et les guillemets",
    "Check the indents (spaces, never tabs), the colons and the quotes",
)
_ENDLESS = Text("Renvoi qui n'en finit pas", "A reference without end")
_ENDLESS_REMEDY = Text("Écrire la valeur elle-même", "Write the value itself")
_TAG = Text("Type YAML (« !… ») non admis", "YAML tag (« !… ») not allowed")
_TAG_REMEDY = Text(
    "L'enlever, ou mettre entre guillemets un texte qui commence par « ! »",
    "Remove it, or put quotes around a text that begins with « ! »",
)
_KEY = Text("Une clé doit être un simple texte", "A key must be a plain text")
_KEY_REMEDY = Text(
    "Écrire « clé: valeur » ; mettre entre guillemets un texte qui commence par {{ ou [",
    "Write « key: value »; put quotes around a text that begins with {{ or [",
)
_DUPLICATE = Text(
    "Réglage « {key} » écrit deux fois (déjà ligne {line})",
    "Setting « {key} » written twice (already on line {line})",
)
_DUPLICATE_REMEDY = Text("N'en garder qu'un", "Keep only one")
# Doubled braces: these texts are format strings.
_HALF = Text("« ${{ » sans nom de variable ou sans « }} »", "« ${{ » without a name or « }} »")
_HALF_REMEDY = Text(
    "Écrire ${{NOM}}, ou « $${{ » pour un simple « ${{ »",
    "Write ${{NAME}}, or « $${{ » for a plain « ${{ »",
)
_UNSET = Text(
    "La variable d'environnement {name} n'existe pas", "No environment variable named {name}"
)
_UNSET_REMEDY = Text(
    "La définir pour le compte qui lance le programme, tâche planifiée comprise",
    "Set it for the account that runs the program, scheduled task included",
)
