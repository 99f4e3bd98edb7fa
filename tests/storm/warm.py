"""One program's real command line, imported and waiting for a line before it begins.

A kill some time after that line hits the program at its work, and not Python at its imports. What
follows on the line are more arguments.

    python -m tests.storm.warm shop_agent sync -c shop-agent.yaml --json
    > go --full
"""

import sys


def main(program: str, arguments: list[str]) -> None:
    """Import, wait, and carry out; the exit code is the command's. No line: it is not needed."""
    if program == "pos_exporter":
        from pos_exporter.cli import main as command
    else:
        from shop_agent.cli import main as command
    line = sys.stdin.readline()
    if line:
        sys.argv = [program, *arguments, *line.split()[1:]]
        command()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
