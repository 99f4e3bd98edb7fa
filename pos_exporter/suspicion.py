"""A suspicious reading stops the run, unless a person said yes to what it loses.

What is held so is shown with its counts, and a yes lets pass just as much.

    with asking(exporter, options):
        check_read(records, said, there, in_stock, exporter.guard)
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pos_exporter.approvals import SHRUNKEN, hold_reading, reading_allowed
from pos_exporter.assembled import Assembled
from pos_exporter.changes import ShrunkenReadError, check_read
from pos_exporter.exporter import Exporter, Options
from pos_exporter.said import SaidBook
from pos_exporter.saying import causes_of, withheld_of
from protocol.records import Policy


def check_reading(
    exporter: Exporter, options: Options, assembled: Assembled, policy: Policy, last: Policy | None
) -> None:
    """Stop a suspicious reading, unless a person said yes to what it loses."""
    with exporter.engine.connect() as connection:
        book = SaidBook(connection)
        said, in_stock = book.fingerprints(), book.in_stock()
    there = withheld_of(assembled)
    if last is not None and last.only_flagged != policy.only_flagged:
        there |= set(causes_of(assembled))  # the choice was changed, not the till
    with asking(exporter, options):
        check_read(assembled.records, said, there, in_stock, exporter.guard)


@contextmanager
def asking(exporter: Exporter, options: Options) -> Iterator[None]:
    """Let a suspicious reading pass that a person said yes to; hold any other."""
    try:
        yield
    except ShrunkenReadError as error:
        if SHRUNKEN in options.accept:
            return
        with exporter.engine.connect() as connection:
            allowed = reading_allowed(connection, exporter.clock())
        if 0 < error.before - error.now <= allowed:
            return
        if not options.dry_run:
            with exporter.engine.begin() as connection:
                hold_reading(connection, error.now, error.before, error.kind, exporter.clock())
        raise
