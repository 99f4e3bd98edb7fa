"""The drop folder: each order becomes a file that the till reads when it wants to.

A file is written whole under another name (`….tmp`), noted, then renamed. Found again after a
crash: with its `.tmp` there it was never handed over and is made anew; without it, it was. So no
kill ever doubles or loses an order. What became of a file is read from what the till leaves behind:
moved to `done_folder` or `error_folder`, `<file>.ok`, `<file>.err`. A file that is gone without any
of these, taken by the till or deleted by hand, is a doubt that only a person (or the till's own
count of web orders) settles. A file that lies there is never touched again.

    writer = FolderTillWriter(Path("/caisse/import"), rules, till_timezone="Europe/Paris")
    writer.enter_order(order, note)              # HandedOverError: the till has not read it yet
    writer.look(order.key, mark, age)            # Entered(key='WEB-XKBK-1a2b3c4d.csv', …)
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from pos_exporter.intake.binds import check_order
from pos_exporter.intake.documents import render
from pos_exporter.intake.port import (
    UNNOTED,
    CollectedError,
    Entered,
    Event,
    Evidence,
    HandedOverError,
    InDoubtError,
    Mark,
    Note,
    NotWritableError,
    TillNotWritableError,
    TillRefusedError,
    UnreadError,
    change_of,
)
from pos_exporter.mapping.drop_folder import DropFolder
from pos_exporter.mapping.write_back import WriteBack
from protocol.records import Customer, Order, content_hash
from protocol.strict_json import canonical

_MOST_WORDS = 500
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True)
class _Paper:
    """An order that is to become part of a file."""

    order: Order
    event: Event
    note: Note

    def mark(self, file: str = "", sha256: str = "") -> Mark:
        return Mark(self.event, content_hash(self.order), file, sha256)


class FolderTillWriter:
    """A till that reads files.

    Args:
        folder: Where it looks for them; it must be there.
        rules: The mapping's `write_back`, with `files`.
        till_timezone: Where the till's clock stands.
    """

    def __init__(self, folder: Path, rules: WriteBack, *, till_timezone: str) -> None:
        if rules.files is None:
            raise NotWritableError(kind="files")
        self._folder = folder
        self._files: DropFolder = rules.files
        self._formats = rules.formats
        self._timezone = till_timezone
        self._collected: dict[str, _Paper] = {}  # by the order's uid

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Hand an order over; always raises, for nobody has read it yet."""
        check_order(order, self._formats)
        paper = _Paper(order, "order", note)
        if note.unsure and note.number == 0:
            self._leave_in_doubt(paper)
        self._hand_over(paper)

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Hand a later revision over; always raises."""
        event = change_of(order)
        if not self._files.changes:
            raise NotWritableError(kind=event)
        if event == "order_changed":
            check_order(order, self._formats)
        self._hand_over(_Paper(order, event, note))

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Return what the till has left behind of a file."""
        if not mark.file:
            raise InDoubtError(place=order_uid, file="?")  # begun in another mode
        with self._reached():
            if self._lies_hidden(mark):
                return None  # noted, and never handed over
            traced = self._traced(mark)
            if traced is not None:
                return traced
            if self._lies_there(mark):
                self._wait(mark.file, age)
            traced = self._traced(mark)  # it may have been moved while we looked
        if traced is None:
            raise InDoubtError(place=order_uid, file=mark.file)
        return traced

    def enter_customer(self, customer: Customer) -> Entered:
        """Refuse: customers come with their orders."""
        raise NotWritableError(kind="customer")

    def holds_order(self, order_uid: str) -> bool:
        """Refuse: a folder cannot be asked."""
        raise NotWritableError(kind="idempotency")

    def finish(self) -> None:
        """Put what was collected into one file, unless the till has not taken the last one."""
        papers = list(self._collected.values())
        self._collected.clear()
        if not papers:
            return
        with self._reached():
            if self._files.name is None:
                self._place(papers, self._new_name(papers, ""))
            elif not self._path(self._files.name).exists():
                self._put(papers, self._files.name)

    def _leave_in_doubt(self, paper: _Paper) -> NoReturn:
        """Note what a run that we forgot may have handed over; `look` finds what left a trace."""
        with self._reached():
            name = self._files.name or self._new_name([paper], paper.order.reference)
            paper.note.begin(paper.mark(name))
            if self._files.name is None and self._was_seen(paper.mark(name)):
                raise HandedOverError(place=paper.order.reference, file=name)
        raise InDoubtError(place=paper.order.reference, file=name)

    # --- handing over ------------------------------------------------------------------------

    def _hand_over(self, paper: _Paper) -> NoReturn:
        if self._files.per == "run" or self._files.name is not None:
            self._collected[paper.order.key] = paper
            raise CollectedError(place=paper.order.reference, file=self._files.name or "…")
        with self._reached():
            name = self._new_name([paper], paper.order.reference)
            self._place([paper], name)
        raise HandedOverError(place=paper.order.reference, file=name)

    def _place(self, papers: Sequence[_Paper], name: str) -> None:
        """Put a file there, unless a run that we forgot has done so."""
        if not self._was_seen(papers[0].mark(name)):
            self._put(papers, name)
            return
        for paper in papers:
            paper.note.begin(paper.mark(name))

    def _put(self, papers: Sequence[_Paper], name: str) -> None:
        """Write a file that the till does not see, note it, and let the till see it."""
        orders = [(paper.order, paper.event) for paper in papers]
        content = render(orders, self._files, self._formats, self._timezone)
        hidden = self._path(f"{name}.tmp")
        _write_durably(hidden, content)
        _keep_names(self._folder)
        digest = hashlib.sha256(content).hexdigest()
        for paper in papers:
            paper.note.begin(paper.mark(name, digest))
        hidden.rename(self._path(name))
        _keep_names(self._folder)

    def _new_name(self, papers: Sequence[_Paper], reference: str) -> str:
        """Return a name that no other orders, revisions or tries ever have."""
        what = [[p.order.key, p.mark().revision, p.event, str(p.note.number)] for p in papers]
        token = hashlib.sha256(canonical({"papers": what})).hexdigest()[:12]
        shown = _UNFIT.sub("", reference)[:30]
        stem = f"{self._files.prefix}{shown}-{token}" if shown else f"{self._files.prefix}{token}"
        return f"{stem}{self._files.ending()}"

    # --- looking -----------------------------------------------------------------------------

    def _was_seen(self, mark: Mark) -> bool:
        try:
            return self._lies_there(mark) or self._traced(mark) is not None
        except TillRefusedError:
            return True

    def _lies_there(self, mark: Mark) -> bool:
        path = self._path(mark.file)
        if not path.exists():
            return False
        return self._files.name is None or _digest(path) == mark.sha256

    def _lies_hidden(self, mark: Mark) -> bool:
        """Return whether a file was never handed over; a fixed name may hide another's orders."""
        path = self._path(f"{mark.file}.tmp")
        return path.exists() and (self._files.name is None or _digest(path) == mark.sha256)

    def _wait(self, file: str, age: timedelta) -> NoReturn:
        if age >= self._files.unread_after:
            hours = self._files.unread_after / timedelta(hours=1)
            raise UnreadError(place=file, file=file, hours=f"{hours:g}")
        raise HandedOverError(place=file, file=file)

    def _traced(self, mark: Mark) -> Entered | None:
        """Return what a trace says, None where there is none.

        Raises:
            TillRefusedError: When it says no.
        """
        refused = self._beside(mark, self._files.error_suffix)
        if refused is None:
            refused = self._moved(mark, self._files.error_folder)
            if refused is not None:
                raise TillRefusedError(place=mark.file, words=refused.name)
        else:
            raise TillRefusedError(place=mark.file, words=_words(refused) or refused.name)
        said_yes = self._beside(mark, self._files.ok_suffix)
        if said_yes is not None:
            return _entered(_words(said_yes) or mark.file, "ok")
        if self._moved(mark, self._files.done_folder) is not None:
            return _entered(mark.file, "done")
        return None

    def _beside(self, mark: Mark, suffix: str | None) -> Path | None:
        """Return the trace beside a file: `x.csv.ok`, or `x.ok`."""
        if suffix is None:
            return None
        ending = f".{suffix.lstrip('.')}"
        for name in (f"{mark.file}{ending}", f"{Path(mark.file).stem}{ending}"):
            if self._path(name).exists():
                return self._path(name)
        return None

    def _moved(self, mark: Mark, folder: str | None) -> Path | None:
        """Return where a file was moved to; the till may have put a date before or after it."""
        if folder is None or not self._path(folder).is_dir():
            return None
        there = self._path(folder)
        if self._files.name is None:
            stem = Path(mark.file).stem
            return next((path for path in there.iterdir() if stem in path.name), None)
        files = (path for path in there.iterdir() if path.is_file())
        return next((path for path in files if _digest(path) == mark.sha256), None)

    def _path(self, name: str) -> Path:
        return self._folder / name

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            if not self._folder.is_dir():
                raise TillNotWritableError(place=self._folder, reason="…")
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise TillNotWritableError(place=self._folder, reason=reason) from error


def _entered(key: str, evidence: Evidence) -> Entered:
    return Entered(key, already=True, evidence=evidence)


def _words(path: Path) -> str:
    """Return the first line that a till has written, of whatever encoding."""
    with path.open("rb") as file:
        text = file.read(_MOST_WORDS).decode("utf-8", errors="replace").strip()
    return " ".join(text.splitlines()[0].split())[:190] if text else ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_names(folder: Path) -> None:
    """Have the folder's names survive a power cut, where the system can."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows keeps no folder open
    try:
        os.fsync(opened)
    except OSError:
        pass  # a network share
    finally:
        os.close(opened)
