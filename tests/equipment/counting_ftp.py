"""An FTP server's handler that notes every command; its logins and listings can be counted.

class Noting(CountingHandler):
commands: ClassVar[list[str]] = []      # each server its own

with FtpServer(root, user=…, password=…, handler=Noting):
...
logins(Noting.commands), listings(Noting.commands)
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from demo.ftp import PlainHandler

#: Every way to ask for the names in a directory.
_LISTS = frozenset({"LIST", "NLST", "MLSD", "MLST", "STAT"})


class CountingHandler(PlainHandler):
    """Notes the commands of all its clients, in order."""

    commands: ClassVar[list[str]]

    def pre_process_command(self, line: str, cmd: str, arg: str) -> Any:
        """Note a command, then let it be carried out."""
        self.commands.append(cmd)
        return super().pre_process_command(line, cmd, arg)


def counting_handler() -> type[CountingHandler]:
    """Return a handler with a list of its own."""
    return type("Noting", (CountingHandler,), {"commands": []})


def logins(commands: Iterable[str]) -> int:
    """Return how many passwords were given."""
    return sum(command == "PASS" for command in commands)


def listings(commands: Iterable[str]) -> int:
    """Return how often a directory was listed."""
    return sum(command in _LISTS for command in commands)
