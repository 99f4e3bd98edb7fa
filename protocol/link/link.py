"""The link: inbox and outbox together, and what to do when one's own memory cannot be trusted.

Before anything else of a pass the link proves its position: packets of ours on the server, or
acknowledgements of the peer, that our state does not know mean that the state is old or lost. Then
nothing may be written, new epochs are opened above the old ones, and the peer is asked for epochs
that quote our fresh nonce (SPEC §7.4).

    link = Link(tables, keys, receiver, clock=utc_now)
    link.prove_position(engine, channel)
    taken = link.receive(engine, channel)
    with engine.begin() as connection:
        link.outbox.queue(connection, records)
    sent = link.send(engine, channel)
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from protocol.channel.port import Channel, Side, TooLargeError
from protocol.errors import Problem, RefusedItemError
from protocol.keys import Keys, RandomBytes
from protocol.link.errors import DamagingServerError, StateOldError
from protocol.link.inbox import (
    REPEATS_BEFORE_ALARM,
    Inbox,
    Receiver,
    Taken,
)
from protocol.link.notices import Notices
from protocol.link.outbox import Limits, OnPacked, Outbox, Speech
from protocol.link.tables import LinkTables
from protocol.manifest import LETTERS, WRITES, Manifest, Resync, ResyncReason, Unreadable
from protocol.packet import MAX_PACKET, read_envelope, read_own_envelope
from protocol.records import Stream
from protocol.sequence import MAX_EPOCH_JUMP
from protocol.values import format_time

#: Polls in which a packet may be missing before a new epoch is asked for.
POLLS_BEFORE_RESYNC = 24
_STATE_ID = "state_id"
_SAID = "said"
_OLD = "state_old"
_REPEAT = "repeat"
_RECOVERING = "recovering"
_WAS_IN_DOUBT = "was_in_doubt"
_PAIRING = "pairing"
_ANSWERED = "resyncs_answered"
_LISTED = "peer_listed"
_LOOKED = "own_looked_at"
#: How long what waits for its acknowledgement is left alone by passes that have nothing to send.
LOOK_AFTER = timedelta(minutes=15)
#: Nonces of answered requests that are remembered, so that a replay opens no epoch.
ANSWERED_KEPT = 500


@dataclass(frozen=True)
class Sent:
    """What one sending did: packets built, files uploaded, files deleted."""

    built: int = 0
    uploaded: int = 0
    deleted: int = 0


class Link:
    """One program's end of the line.

    Args:
        tables: Of its state database.
        keys: Its keys, paired and confirmed.
        receiver: Makes a delivery durable, inside the given transaction.
        clock: UTC now.
        random_bytes: For nonces and snapshot names.
        heartbeat: How often the other side is promised a word.
        limits: Of packets and window.
        on_packed: Told of each packet of records; see `OnPacked`.
    """

    def __init__(
        self,
        tables: LinkTables,
        keys: Keys,
        receiver: Receiver,
        *,
        clock: Callable[[], datetime],
        random_bytes: RandomBytes = secrets.token_bytes,
        heartbeat: timedelta = timedelta(hours=1),
        limits: Limits | None = None,
        on_packed: OnPacked | None = None,
    ) -> None:
        keys.require_peer()
        self.keys = keys
        self.outbox = Outbox(tables, keys, limits, random_bytes, on_packed)
        self.inbox = Inbox(
            tables, keys, receiver, self._on_manifest, self._on_untaken, self._on_resync, clock
        )
        self.notices = Notices(tables)
        self._tables = tables
        meta = tables.meta
        is_named = meta.c.name == bindparam("of")
        self._of_name = select(meta.c.value).where(is_named)
        self._drop_of_name, self._insert_meta = delete(meta).where(is_named), insert(meta)
        self._clock = clock
        self._random_bytes = random_bytes
        self._heartbeat = heartbeat
        self._own: Side = keys.role

    # --- position ----------------------------------------------------------------------------

    def prove_position(self, engine: Engine, channel: Channel) -> bool:
        """Return whether our state is proven to be the newest; if not, start the recovery.

        False from the moment of doubt until the peer's answer has arrived: nothing outside this
        database may be written meanwhile, but orders may still be read and queued.
        """
        with engine.connect() as connection:
            reason = self._doubt(connection)
        if reason is None and self._newer_own_packet(engine, channel):
            reason = "state_restored"
        if reason is not None:
            self._recover(engine, channel, reason)
        with engine.begin() as connection:
            self._set_meta(connection, _LOOKED, format_time(self._clock()))
        return self.is_proven(engine)

    def may_rest(self, engine: Engine, listing: Sequence[str]) -> bool:
        """Return whether the position needs no proof before something is written.

        So it is while the peer's directory lies as it did after the last reading, and nothing here
        is in doubt: then there is nothing that could be taken wrongly.
        """
        with engine.connect() as connection:
            doubts = self._doubt(connection) or self._meta(connection, _RECOVERING)
            return doubts is None and self._meta(connection, _LISTED) == _digest(listing)

    def has_to_send(self, engine: Engine) -> bool:
        """Return whether `send` has anything to do.

        What waits for its acknowledgement is looked after every quarter of an hour: a packet that
        was taken away goes up again.
        """
        with engine.connect() as connection:
            late = format_time(self._clock() - LOOK_AFTER)
            is_late = (self._meta(connection, _LOOKED) or "") <= late
            return (
                self._meta(connection, _REPEAT) is not None
                or not self.outbox.is_at_rest(connection)
                or self._must_speak(connection, self._speech(connection))
                or (is_late and self.outbox.awaits_answer(connection))
            )

    def is_proven(self, engine: Engine) -> bool:
        """Return whether every stream of the peer is read from a proven position.

        A stream that has not begun (nothing was ever taken, nothing lost) is proven. The peer's
        word that our state is old counts at once, though the recovery begins with the next pass.
        """
        with engine.begin() as connection:
            doubts = (_RECOVERING, _OLD)
            return all(self._meta(connection, name) is None for name in doubts)

    def was_in_doubt(self, connection: Connection) -> bool:
        """Return whether our state was found to be lost or old since this was asked last."""
        found = self._meta(connection, _WAS_IN_DOUBT) is not None
        if found:
            self._drop_meta(connection, _WAS_IN_DOUBT)
        return found

    def _doubt(self, connection: Connection) -> ResyncReason | None:
        if self._meta(connection, _OLD) is not None:
            return "state_restored"
        here = self._meta(connection, _STATE_ID)
        return "state_lost" if self.keys.state_id not in (None, here) else None

    def bind_state(self, engine: Engine) -> str:
        """Return the id of the state that belongs to these keys, drawing one for a new pairing.

        The caller keeps it beside the keys. A database that does not bear it is a lost state, and
        `prove_position` says so.
        """
        with engine.begin() as connection:
            self._follow_pairing(connection)
            here = self._meta(connection, _STATE_ID)
            if here is None and self.keys.state_id is None:
                here = self._random_bytes(16).hex()
                self._set_meta(connection, _STATE_ID, here)
            return self.keys.state_id or here or ""

    def _follow_pairing(self, connection: Connection) -> None:
        """After a new pairing begin anew: new epochs, and only such of the peer."""
        nonce, known = self.keys.first_nonce(), self._meta(connection, _PAIRING)
        if known == nonce:
            return
        self._set_meta(connection, _PAIRING, nonce)
        if known is None:
            return
        self.inbox.forget(connection)
        for stream in WRITES[self._own]:
            self.outbox.open_epoch(connection, stream, nonce=nonce)
        for name in (_SAID, _OLD, _RECOVERING, _LISTED):
            self._drop_meta(connection, name)

    def _newer_own_packet(self, engine: Engine, channel: Channel) -> bool:
        with engine.connect() as connection:
            known = {s: self.outbox.position(connection, s) for s in WRITES[self._own]}
        for name in channel.names(self._own):
            place = _place(name)
            if place is None or place[0] not in known or place[1:] <= known[place[0]]:
                continue
            found = self._own_place(channel, name)
            # The name is a hint; what we signed is the truth.
            if found is not None and found[1:] > known[found[0]]:
                return True
        return False

    def _recover(self, engine: Engine, channel: Channel, reason: ResyncReason) -> None:
        above = self._highest_epochs(channel)
        unknown = 0 if above else self._far_epoch()
        with engine.begin() as connection:
            for stream in WRITES[self._own]:
                # A peer that never heard us takes it too: it waits for the pairing's nonce.
                nonce, known = self.keys.first_nonce(), above.get(stream, unknown)
                self.outbox.open_epoch(connection, stream, nonce=nonce, above=known)
            for stream in WRITES[self.keys.require_peer().role]:
                self.ask_resync(connection, stream, reason)
            self._set_meta(connection, _RECOVERING, reason)
            self._set_meta(connection, _WAS_IN_DOUBT, reason)
            self._drop_meta(connection, _OLD)
            self._set_meta(connection, _STATE_ID, self.keys.state_id or "")
            self.notices.tell(connection, StateOldError(reason=reason).problem(), self._clock())

    def take_up_again(self, engine: Engine) -> tuple[Stream, ...]:
        """Ask anew for the streams that an equivocation stopped; return them.

        For a person who has seen to it that one program writes, from one state.
        """
        with engine.begin() as connection:
            stopped = self.inbox.positions.stopped(connection)
            for stream in stopped:
                self.ask_resync(connection, stream, "equivocation_cleared")
        return stopped

    def _far_epoch(self) -> int:
        """Return an epoch that is hardly one of ours, for a place that has nothing of us left.

        A number given twice would stop the stream until a person comes. A peer that is past this
        one says so in its acknowledgements.
        """
        return 100 + int.from_bytes(self._random_bytes(2), "big") % (MAX_EPOCH_JUMP - 100)

    def ask_resync(self, connection: Connection, stream: Stream, reason: ResyncReason) -> None:
        """Take nothing more from a stream but the answer to a request made now."""
        self.inbox.positions.require_nonce(connection, stream, self._random_bytes(16).hex(), reason)

    def _highest_epochs(self, channel: Channel) -> dict[Stream, int]:
        highest: dict[Stream, int] = {}
        for name in channel.names(self._own):
            place = self._own_place(channel, name)
            if place is not None:
                highest[place[0]] = max(highest.get(place[0], 0), place[1])
        for name in channel.names(self.keys.require_peer().role):
            for stream, epoch in self._acknowledged_epochs(channel, name):
                highest[stream] = max(highest.get(stream, 0), epoch)
        return highest

    def _own_place(self, channel: Channel, name: str) -> tuple[Stream, int, int] | None:
        """Return (stream, epoch, sequence) of a file that we signed, by what it says itself."""
        try:
            content = channel.get(self._own, name, MAX_PACKET)
            if content is None:
                return None
            manifest = read_own_envelope(content, self.keys).manifest
        except (RefusedItemError, TooLargeError):
            return None  # not ours: whoever put it there proves nothing
        ours = manifest.sender == self.keys.public.party and manifest.stream in WRITES[self._own]
        return (manifest.stream, manifest.epoch, manifest.seq) if ours else None

    def _acknowledged_epochs(self, channel: Channel, name: str) -> list[tuple[Stream, int]]:
        try:
            content = channel.get(self.keys.require_peer().role, name, MAX_PACKET)
            if content is None:
                return []
            acks = read_envelope(content, self.keys).manifest.acks
        except (RefusedItemError, TooLargeError):
            return []
        return [(ack.stream, ack.epoch) for ack in acks]

    # --- receiving ---------------------------------------------------------------------------

    def receive(
        self, engine: Engine, channel: Channel, listing: Sequence[str] | None = None
    ) -> Taken:
        """Take what the peer wrote; ask for a new epoch where a packet stays missing.

        Args:
            engine: The state database.
            channel: Where the packets are.
            listing: The peer's directory as just listed; None: it is listed now.
        """
        if listing is None:
            listing = channel.names(self.keys.require_peer().role)
        taken = self.inbox.poll(engine, channel, listing)
        with engine.begin() as connection:
            self._set_meta(connection, _LISTED, _digest(listing))
            for stream in self.inbox.positions.gaps(connection, POLLS_BEFORE_RESYNC):
                self.ask_resync(connection, stream, "gap")
            # A photo is proven by its hash, so the media stream may stay silent for long.
            if not set(self.inbox.positions.waits_for_proof(connection)) - {"media"}:
                self._drop_meta(connection, _RECOVERING)
        return taken

    def _on_resync(self, connection: Connection, asks: Sequence[Resync]) -> None:
        """Open the epochs that the peer asks for, each request once."""
        answered: list[str] = json.loads(self._meta(connection, _ANSWERED) or "[]")
        fresh = [a for a in asks if a.stream in WRITES[self._own] and a.nonce not in answered]
        for ask in fresh:
            self.outbox.open_epoch(connection, ask.stream, nonce=ask.nonce)
        if fresh:
            kept = [*answered, *(ask.nonce for ask in fresh)][-ANSWERED_KEPT:]
            self._set_meta(connection, _ANSWERED, json.dumps(kept))

    def _on_manifest(self, connection: Connection, manifest: Manifest) -> None:
        try:
            self.outbox.acknowledge(connection, manifest.acks)
        except StateOldError as error:
            self._set_meta(connection, _OLD, error.facts.get("reason", ""))
        if manifest.unreadable:
            asks = [ask.model_dump(mode="json") for ask in manifest.unreadable]
            self._set_meta(connection, _REPEAT, json.dumps(asks))

    def _on_untaken(self, connection: Connection, manifest: Manifest) -> None:
        """Notice that our state is old before it gives a number for the second time."""
        try:
            self.outbox.check_known(connection, manifest.acks)
        except StateOldError as error:
            self._set_meta(connection, _OLD, error.facts.get("reason", ""))

    # --- sending -----------------------------------------------------------------------------

    def pack_photos(self, engine: Engine, photos: Iterable[bytes]) -> int:
        """Build a media packet for each photo while the window has room; return how many."""
        built = 0
        for photo in photos:
            with engine.begin() as connection:
                if not self.outbox.pack_photo(connection, photo, self._speech(connection)):
                    break
            built += 1
        return built

    def send(self, engine: Engine, channel: Channel) -> Sent:
        """Pack what waits, say what must be said, upload, and delete what was acknowledged.

        Nothing once the peer has said that our state is old: a number given now was given before,
        and the peer would take the two packets for a forgery. The next pass begins anew.
        """
        with engine.begin() as connection:
            if self._meta(connection, _OLD) is not None:
                return Sent()
            speech = self._speech(connection)
            built = self.outbox.pack(connection, speech)
            if not built and self._must_speak(connection, speech):
                self.outbox.pack_heartbeat(connection, speech)
                built = 1
            if built:
                self._remember_said(connection, speech)
            repeat = self._meta(connection, _REPEAT)
            self._drop_meta(connection, _REPEAT)
        deleted = self.outbox.clean(engine, channel)  # makes room on a full server
        asks = [Unreadable.model_validate(ask) for ask in json.loads(repeat or "[]")]
        repeated, most = self.outbox.repeat(engine, channel, asks)
        if most >= REPEATS_BEFORE_ALARM:
            self.tell(engine, DamagingServerError(place=self._own, times=most).problem())
        uploaded = self.outbox.upload(engine, channel)
        # What the new packets let go: each stream's newest had to stay until now.
        return Sent(built, uploaded + repeated, deleted + self.outbox.clean(engine, channel))

    def _speech(self, connection: Connection) -> Speech:
        now = self._clock()
        return Speech(
            created_at=now,
            next_by=now + self._heartbeat,
            acks=self.inbox.positions.acknowledgements(connection),
            unreadable=self.inbox.positions.unreadable(connection),
            resync=self.inbox.positions.resyncs(connection),
        )

    def _must_speak(self, connection: Connection, speech: Speech) -> bool:
        said: dict[str, Any] = json.loads(self._meta(connection, _SAID) or "{}")
        for stream, (epoch, seq) in self.inbox.positions.newest_with_records(connection).items():
            if said.get("acks", {}).get(stream, [0, 0]) < [epoch, seq]:
                return True
        if speech.unreadable or {ask.nonce for ask in speech.resync} - set(said.get("asked", ())):
            return True
        if self._opens_answers(connection):
            return True
        # The promise is kept a little before it falls due.
        early = format_time(speech.created_at + self._heartbeat / 10)
        return bool(said.get("next_by", "") <= early)

    def _opens_answers(self, connection: Connection) -> bool:
        """Return whether the peer waits for the first packet of an epoch of our answers."""
        epoch, seq = self.outbox.position(connection, "answers")
        return epoch > 0 and seq == 0

    def _remember_said(self, connection: Connection, speech: Speech) -> None:
        said = {
            "acks": {ack.stream: [ack.epoch, ack.seq] for ack in speech.acks},
            "next_by": format_time(speech.next_by),
            "asked": [ask.nonce for ask in speech.resync],
        }
        self._set_meta(connection, _SAID, json.dumps(said))

    # --- details -----------------------------------------------------------------------------

    def tell(self, engine: Engine, problem: Problem) -> None:
        """Add a notice of the program's own to the link's."""
        with engine.begin() as connection:
            self.notices.tell(connection, problem, self._clock())

    def _meta(self, connection: Connection, name: str) -> str | None:
        return connection.execute(self._of_name, {"of": name}).scalar()

    def _set_meta(self, connection: Connection, name: str, value: str) -> None:
        self._drop_meta(connection, name)
        connection.execute(self._insert_meta, {"name": name, "value": value})

    def _drop_meta(self, connection: Connection, name: str) -> None:
        connection.execute(self._drop_of_name, {"of": name})


def note_restored(connection: Connection, tables: LinkTables) -> None:
    """Have the next pass take this state for an old one, whatever the place shows.

    What happened after a backup may have left no trace there: a pass that ended before it sent.
    """
    connection.execute(delete(tables.meta).where(tables.meta.c.name == _OLD))
    connection.execute(insert(tables.meta), {"name": _OLD, "value": "backup"})


def _digest(listing: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(listing)).encode()).hexdigest()


def _place(name: str) -> tuple[Stream, int, int] | None:
    """Return (stream, epoch, sequence) as a packet's name says; the name is only a hint."""
    letter, _, rest = name.partition("-")
    stream = next((s for s, known in LETTERS.items() if known == letter), None)
    try:
        epoch, seq, _ = rest.split("-")
        return (stream, int(epoch, 16), int(seq)) if stream else None
    except ValueError:
        return None
