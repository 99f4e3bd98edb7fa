"""Runs the program: `python -m pos_exporter` is the same as its command."""

from pos_exporter.cli import main

if __name__ == "__main__":
    main()
