"""Many writes in few requests, each with its own outcome: nobody waits for a poisoned neighbour.

PrestaShop stops a batch at its first error, keeps what it wrote before, and does not say how far
it came. So after an error we look: one reading shows which entities hold what was sent. The first
that does not is sent alone, to learn whether the error is its own; then the rest goes on.

Rules: outcomes come in the order of the writes; what looks as it was sent counts as written, even
if it was so before; a creation is never repeated before it was looked up, and not at all while an
unanswered request may still be at work. Cost: one request per `limit` writes, three more per
refused item as a rule, never more than four per write (more only when the keys to look up do not
fit one address). A change that is made by putting whole entities back costs one reading more per
request; what is gone, or changed since it was planned, is left out of it alone. After five writes
without any answer the batch stops.

    result = write_batch(shop, "CHANGE", "stock_availables", writes)
    result.outcomes[0]       # Written(entity) | Refused(error) | Unknown(error) | NotAttempted()
    result.stopped           # why the rest was not attempted, or None
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from protocol.errors import ComptoirError, OutcomeUnknownError, RefusedItemError
from shop_agent.prestashop.client import Deed, Webservice
from shop_agent.prestashop.compare import fields_sent, holds
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.errors import (
    RequestTooLargeError,
    ShopFailedError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.fitting import fit_write
from shop_agent.prestashop.identify import Identity
from shop_agent.prestashop.rewriting import Sending
from shop_agent.prestashop.xml import illegal_character

#: How many writes may go without any answer before the batch is given up.
_PATIENCE = 5


@dataclass(frozen=True)
class Written:
    """It is in the shop as sent.

    Args:
        entity: As answered; or, when `seen`, with the fields that were sent only.
        seen: Whether we know it by looking, not by an answer.
    """

    entity: Entity
    seen: bool = False


@dataclass(frozen=True)
class Refused:
    """The shop (or we, before sending) refused it; nothing of it is written."""

    error: RefusedItemError


@dataclass(frozen=True)
class Unknown:
    """It may be in the shop: look again before repeating."""

    error: OutcomeUnknownError


@dataclass(frozen=True)
class NotAttempted:
    """It was not sent, or the shop did not read it.

    Args:
        reason: Its own reason (`ChangedMeanwhileError`: plan it again; `UnreadableAnswerError`: it
            cannot be read back); None when the batch ended before it: `BatchResult.stopped`.
    """

    reason: ComptoirError | None = None


Outcome = Written | Refused | Unknown | NotAttempted


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch.

    Args:
        outcomes: One per write, in their order.
        stopped: The error that ended it early, or None.
        requests: How many requests it took.
    """

    outcomes: tuple[Outcome, ...]
    stopped: ComptoirError | None
    requests: int


def write_batch(
    shop: Webservice,
    deed: Deed,
    resource: str,
    writes: Sequence[Write],
    *,
    identity: Identity | None = None,
    limit: int = 100,
    taken: Collection[int] = (),
) -> BatchResult:
    """Write all of these, as far as the shop lets us; return each one's outcome.

    Args:
        shop: The webservice.
        deed: POST creates (no ids); CHANGE sets the named fields (ids), as the version allows.
        resource: What is written.
        writes: Any number; the same id twice is written twice, in order.
        identity: For POST: how to look up what was created. Without it, one request per write.
        limit: The most entities of one request.
        taken: For POST: ids of what was there before, which no creation can have made.
    """
    batch = _Batch(shop, deed, resource, writes, identity, taken)
    before = shop.requests_sent
    batch.run(limit)
    outcomes = tuple(batch.outcomes.get(index, NotAttempted()) for index in range(len(writes)))
    return BatchResult(outcomes, batch.stopped, shop.requests_sent - before)


class _Batch:
    """One batch under way: what is known so far, and why it ended."""

    def __init__(
        self,
        shop: Webservice,
        deed: Deed,
        resource: str,
        writes: Sequence[Write],
        identity: Identity | None,
        taken: Collection[int],
    ) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.stopped: ComptoirError | None = None
        self._shop = shop
        self._deed = deed
        self._resource = resource
        self._writes = list(writes)
        self._identity = identity
        self._taken = frozenset(taken)
        self._patience = _PATIENCE

    def run(self, limit: int) -> None:
        """Send everything, in chunks of at most `limit`, or what the version bears."""
        if not self._writes:
            return
        try:
            able = self._shop.able()
        except ComptoirError as error:
            self.stopped = error
            return
        self._writes = [fit_write(self._resource, write, able) for write in self._writes]
        if self._deed == "CHANGE" and able.rewrites(self._resource):
            limit = min(limit, able.rewrite_batch.get(self._resource, limit))
        for chunk in self._chunks(limit):
            self._settle(chunk)

    def _chunks(self, limit: int) -> list[list[int]]:
        """Return the indexes to send together; no id twice, and by itself what has no key."""
        chunks: list[list[int]] = []
        ids: set[int | None] = set()
        closed = True
        for index, write in enumerate(self._writes):
            illegal = illegal_character(self._resource, write)
            if illegal is not None:
                self.outcomes[index] = Refused(illegal)
                continue
            alone = not self._can_look(write)
            if closed or alone or len(chunks[-1]) >= limit or write.id in ids - {None}:
                chunks.append([])
                ids.clear()
            chunks[-1].append(index)
            ids.add(write.id)
            closed = alone
        return chunks

    def _can_look(self, write: Write) -> bool:
        if self._deed != "POST":
            return True
        return self._identity is not None and self._identity.knows(write)

    def _settle(self, chunk: list[int]) -> None:
        """Learn the outcome of a whole chunk, one culprit after the other."""
        while chunk and self.stopped is None:
            rest = self._attempt(chunk)
            if not rest:
                return
            culprit, tail = rest[0], rest[1:]
            self._settle([culprit])
            middle = 0
            if isinstance(self.outcomes.get(culprit), Written):
                # looking misled us (the shop rewrites what we sent): close in by halves
                middle = len(tail) // 2
                self._settle(tail[:middle])
            chunk = tail[middle:]

    def _attempt(self, chunk: list[int]) -> list[int]:
        """Send once and record what is known; return what is still open, never for one alone."""
        sending = self._prepare(chunk)
        if sending is None:
            return []
        chunk = [index for index in chunk if index not in self.outcomes]
        try:
            entities = self._shop.send(sending)
        except RequestTooLargeError as error:
            self._send_halves(chunk, error)
        except (RefusedItemError, OutcomeUnknownError) as error:
            return self._after_error(chunk, error)
        except ComptoirError as error:
            self.stopped = error
        else:
            for index, entity in zip(chunk, entities, strict=True):
                self.outcomes[index] = Written(entity)
        return []

    def _prepare(self, chunk: list[int]) -> Sending | None:
        """Return the request to send, what is left out of it recorded; None when it cannot be."""
        writes = [self._writes[index] for index in chunk]
        try:
            sending = self._shop.prepare(self._deed, self._resource, writes)
        except UnreadableAnswerError as error:
            self._read_halves(chunk, error)
            return None
        except ComptoirError as error:
            self.stopped = error
            return None
        for index, write in zip(chunk, writes, strict=True):
            problem = sending.set_aside.get(write.id or 0)
            if isinstance(problem, RefusedItemError):
                self.outcomes[index] = Refused(problem)
            elif problem is not None:
                self.outcomes[index] = NotAttempted(problem)
            # once it was sent, another date may be our own doing
            self._writes[index] = replace(write, planned_on="")
        return sending

    def _read_halves(self, chunk: list[int], error: UnreadableAnswerError) -> None:
        """Close in on the one entity that cannot be read back; nothing of these was sent."""
        middle = len(chunk) // 2
        if middle:
            self._settle(chunk[:middle])
            self._settle(chunk[middle:])
            return
        self.outcomes[chunk[0]] = NotAttempted(error)
        self._patience -= 1
        if not self._patience:
            self.stopped = error

    def _send_halves(self, chunk: list[int], error: RequestTooLargeError) -> None:
        middle = len(chunk) // 2
        if not middle:
            self.outcomes[chunk[0]] = Refused(error)
            return
        self._settle(chunk[:middle])
        self._settle(chunk[middle:])

    def _after_error(
        self, chunk: list[int], error: RefusedItemError | OutcomeUnknownError
    ) -> list[int]:
        """Look how far a chunk came; return the open rest, its probable culprit first."""
        alone = len(chunk) == 1
        if alone and isinstance(error, RefusedItemError):
            self.outcomes[chunk[0]] = Refused(error)
            return []
        doubt = _as_unknown(error)
        try:
            found = self._look(chunk)
        except ComptoirError as blind:
            self._leave_unknown(chunk, doubt)
            self.stopped = blind
            return []
        for index, entity in found.items():
            self.outcomes[index] = Written(entity, seen=True)
        rest = [index for index in chunk if index not in found]
        if self._deed == "POST":
            rest = self._passed_over(rest, found, doubt)
        if not doubt.answered:
            return self._wait_or_stop(rest, doubt, alone)
        if alone and rest:
            self._judge_alone(rest[0], doubt)
            return []
        return rest

    def _look(self, chunk: Sequence[int]) -> dict[int, Entity]:
        """Return, by index, what is in the shop as it was sent."""
        writes = [self._writes[index] for index in chunk]
        if self._deed == "POST":
            if self._identity is None or not self._identity.knows(writes[0]):
                return {}
            entities = self._identity.find(self._shop, self._resource, writes)
            claimed = {
                outcome.entity.id
                for outcome in self.outcomes.values()
                if isinstance(outcome, Written)
            }
            claimed |= self._taken
            found = zip(chunk, entities, strict=True)
            return {i: entity for i, entity in found if entity and entity.id not in claimed}
        ids = [write.id for write in writes if write.id is not None]
        display = fields_sent(self._resource, writes)
        read = {
            entity.id: entity
            for entity in self._shop.find_any(self._resource, "id", ids, display=display)
        }
        shown = {i: read.get(write.id or 0) for i, write in zip(chunk, writes, strict=True)}
        return {
            i: entity for i, entity in shown.items() if entity and holds(self._writes[i], entity)
        }

    def _passed_over(
        self, rest: list[int], found: Mapping[int, Entity], doubt: WriteOutcomeUnknownError
    ) -> list[int]:
        """Return what comes after the last creation found; what lies before it is doubtful.

        PrestaShop works in order: an item before one that was created was created too, so not
        finding it means that it cannot be recognised, and repeating it would double it.
        """
        last = max(found, default=-1)
        self._leave_unknown([index for index in rest if index < last], doubt)
        return [index for index in rest if index > last]

    def _wait_or_stop(
        self, rest: list[int], doubt: WriteOutcomeUnknownError, alone: bool
    ) -> list[int]:
        """Decide after silence: the shop may still be at work, so creations are not repeated."""
        self._patience -= 1
        if not self._patience:
            self.stopped = doubt
        if alone or self.stopped or self._deed == "POST":
            self._leave_unknown(rest, doubt)
            return []
        return rest

    def _judge_alone(self, index: int, doubt: WriteOutcomeUnknownError) -> None:
        """Decide about one item that failed alone and does not show what was sent."""
        write = self._writes[index]
        if self._deed == "POST" and self._can_look(write):
            error = ShopFailedError(place=write.place(self._resource), **doubt.facts)
            self.outcomes[index] = Refused(error)
        else:
            self.outcomes[index] = Unknown(doubt)

    def _leave_unknown(self, indexes: Sequence[int], doubt: WriteOutcomeUnknownError) -> None:
        for index in indexes:
            self.outcomes[index] = Unknown(doubt)


def _as_unknown(error: RefusedItemError | OutcomeUnknownError) -> WriteOutcomeUnknownError:
    """Return an error of a batch as what it means for an item that we did not find."""
    if isinstance(error, WriteOutcomeUnknownError):
        return error
    return WriteOutcomeUnknownError(
        answered=True, place=error.place, reason="a neighbour failed", neighbour=error.code
    )
