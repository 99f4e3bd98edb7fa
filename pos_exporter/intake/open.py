"""Which writer a till has, and what its mode needs in the settings.

missing_parts(rules, url=None, folder=None, secret=None)      # ['till.write_url']
with open_writer(rules, …) as writer: …
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pos_exporter.intake.folder import FolderTillWriter
from pos_exporter.intake.http import HttpTillWriter
from pos_exporter.intake.port import TillWriter
from pos_exporter.intake.procedure import ProcedureTillWriter
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import WriteBack


def missing_parts(
    rules: WriteBack | None, url: str | None, folder: Path | None, secret: str | None
) -> list[str]:
    """Return what is missing for orders to enter; empty where people enter them by choice."""
    if rules is None:
        return [*([] if url else ["till.write_url"]), "write_back"]
    if rules.mode == "none":
        return []
    if rules.mode == "drop_folder":
        return [] if folder else ["till.write_folder"]
    lacking = [] if url else ["till.write_url"]
    if rules.mode == "http" and not secret:
        lacking.append("till.write_secret")
    return lacking


def open_writer(
    rules: WriteBack | None, url: str | None, folder: Path | None, secret: str | None,
    till_timezone: str, clock: Callable[[], datetime],
) -> TillWriter | None:  # fmt: skip
    """Return the till for orders, or None when it takes none; nothing is opened yet.

    Args:
        rules: The mapping's `write_back`.
        url: Of the till's database, or of its hook.
        folder: Where the till looks for files.
        secret: Shared with the hook.
        till_timezone: Where the till's clock stands.
        clock: UTC now.
    """
    if rules is None or rules.mode == "none" or missing_parts(rules, url, folder, secret):
        return None
    if rules.mode == "drop_folder" and folder is not None:
        return FolderTillWriter(folder, rules, till_timezone=till_timezone)
    if rules.mode == "http":
        return HttpTillWriter(url or "", secret or "", rules, clock)
    kind = ProcedureTillWriter if rules.mode == "procedure" else SqlTillWriter
    return kind(url or "", rules, till_timezone=till_timezone)
