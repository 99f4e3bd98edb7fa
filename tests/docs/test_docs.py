"""Every command that the documents name exists, with its options; links lead somewhere."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

import pos_exporter.cli
import pos_exporter.wiring
import shop_agent.cli
import shop_agent.wiring

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"```(?:sh|powershell)\n(.*?)```", re.S)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")

APPS: dict[str, Any] = {
    "pos-exporter": typer.main.get_command(
        pos_exporter.cli.build_app(pos_exporter.wiring.Wiring())
    ),
    "shop-agent": typer.main.get_command(shop_agent.cli.build_app(shop_agent.wiring.Wiring())),
}


def command_lines() -> list[tuple[str, str]]:
    """Return (page, line) of every command in a shell block."""
    return [
        (str(page.relative_to(ROOT)), line.split("#")[0].strip())
        for page in PAGES
        for block in _BLOCK.findall(page.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {shlex.split(line)[1] for _, line in command_lines() if line.startswith("make ")}
    assert named
    assert named <= targets


@pytest.mark.parametrize(("page", "line"), [c for c in command_lines() if c[1].split()[0] in APPS])
def test_commands_and_their_options_exist(page: str, line: str) -> None:
    program, *words = shlex.split(line)
    command = APPS[program]
    while hasattr(command, "commands") and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    is_group = hasattr(command, "commands") and not command.invoke_without_command
    assert not is_group, f"{page}: {line}"
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known, f"{page}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target


def test_every_module_that_the_readme_runs_exists() -> None:
    modules = {
        match
        for _, line in command_lines()
        for match in re.findall(r"-m (\w+)", line)
        if match not in ("venv", "pip", "pytest")
    }
    assert modules == {"demo"}
    assert (ROOT / "demo" / "__main__.py").exists()
