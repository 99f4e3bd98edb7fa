"""Makes the golden packets: good ones of every kind, and broken ones named by their defect.

Keys and clock are fixed, but sealing is random: no run gives the same bytes again. So the packets
are kept, and this script refuses to overwrite any: a new version gets a folder of its own.

    python -m tests.golden.make tests/golden/v1
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from protocol.keys import Keys
from protocol.manifest import ZERO_HASH, Acknowledgement, Opening, SnapshotPart, Unreadable
from protocol.packet import Header, build_packet, build_photo_packet, packet_name, read_own_envelope
from protocol.records import Record, Stream, record_line
from protocol.spec import example_keys
from protocol.strict_json import canonical
from tests.golden import broken, facts
from tests.golden.stranger import Side, head_hash, manifest_for, name_of
from tests.golden.stranger import packet as strangers_packet

POS, SHOP = example_keys()


@dataclass
class Golden:
    """What has been made so far.

    Args:
        files: Content by path under the target folder.
        good: Index entries of good packets, in the order of reading.
        heads: Epoch, sequence and head hash of the newest packet, by writer and stream.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    good: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[tuple[str, str], tuple[int, int, str]] = field(default_factory=dict)

    def records(
        self, title: str, writer: Keys, stream: Stream, records: Iterable[Record], **said: Any
    ) -> None:
        """Add a packet of records, the next of its stream."""
        lines = [(record.kind, record_line(record)) for record in records]
        header = self._header(writer, stream, said)
        self._keep(title, writer, header, build_packet(header, lines, writer), lines)

    def photo(self, title: str, photo: bytes, **said: Any) -> None:
        """Add a media packet."""
        header = self._header(POS, "media", said)
        content = build_photo_packet(header, photo, POS)
        self._keep(title, POS, header, content, [])
        self.good[-1]["photo"] = hashlib.sha256(photo).hexdigest()

    def newer_minor(self, title: str) -> None:
        """Add what a later minor may write: fields and a kind that version 1.0 does not know."""
        epoch, seq, head = self.heads["pos", "catalogue"]
        lines = [canonical(fields) for fields in facts.NEWER_MINOR]
        unpacked, sealed = broken.sealed(POS_SIDE, SHOP_SIDE, lines, epoch=epoch, seq=seq + 1)
        manifest = manifest_for(
            POS_SIDE, SHOP_SIDE, unpacked, sealed, v=[1, 7], epoch=epoch, seq=seq + 1, prev=head,
            counts={"article": 1, "comet": 1}, mood="sunny",
        )  # fmt: skip
        content = strangers_packet(manifest, sealed, POS_SIDE)
        self._entry(title, "pos", "catalogue", content, name_of(manifest, content), lines)
        self.heads["pos", "catalogue"] = (epoch, seq + 1, head_hash(content))

    def _header(self, writer: Keys, stream: Stream, said: Mapping[str, Any]) -> Header:
        epoch, seq, head = self.heads.get((writer.role, stream), (1, 0, ZERO_HASH))
        if "epoch" in said:
            epoch, seq, head = said["epoch"], 0, ZERO_HASH
        nonces = said.get("nonces", (writer.first_nonce(),))
        return Header(
            stream=stream,
            epoch=epoch,
            seq=seq + 1,
            prev=head,
            created_at=facts.NOW,
            next_by=facts.NEXT_BY,
            opens=Opening(nonces=nonces) if seq == 0 else None,
            snapshot=said.get("snapshot"),
            acks=said.get("acks", ()),
            unreadable=said.get("unreadable", ()),
            resync=said.get("resync", ()),
        )

    def _keep(
        self,
        title: str,
        writer: Keys,
        header: Header,
        content: bytes,
        lines: Sequence[tuple[str, bytes]],
    ) -> None:
        head = read_own_envelope(content, writer).head_hash
        self.heads[writer.role, header.stream] = (header.epoch, header.seq, head)
        name = packet_name(header.stream, header.epoch, header.seq, content)
        records = [line for _, line in lines]
        self._entry(title, writer.role, header.stream, content, name, records)

    def _entry(
        self,
        title: str,
        writer: str,
        stream: str,
        content: bytes,
        name: str,
        records: Sequence[bytes],
    ) -> None:
        path = f"good/{len(self.good) + 1:02d}-{title}.pkt"
        self.files[path] = content
        self.good.append(
            {
                "file": path,
                "sha256": hashlib.sha256(content).hexdigest(),
                "writer": writer,
                "stream": stream,
                "name": name,
                "head": head_hash(content),
                "records": [record.decode() for record in records],
            }
        )

    def acknowledges(self, writer: str, *streams: Stream) -> tuple[Acknowledgement, ...]:
        """Return acknowledgements of the newest packets of a writer's streams."""
        return tuple(
            Acknowledgement(stream=stream, epoch=epoch, seq=seq, hash=head)
            for stream in streams
            for epoch, seq, head in [self.heads[writer, stream]]
        )


def side_of(keys: Keys) -> Side:
    """Return the same keys for the second implementation."""
    return Side(keys.role, keys.pairing_id, keys.signing_seed, keys.sealing_seed, keys.label)


POS_SIDE, SHOP_SIDE = side_of(POS), side_of(SHOP)


def conversation() -> Golden:
    """Return one packet of every sort, as a till and a shop would exchange them."""
    golden = Golden()
    part = SnapshotPart(id="5a" * 16, part=1, of=2)
    tree, rest = facts.SNAPSHOT
    golden.records("catalogue-snapshot-1-of-2", POS, "catalogue", tree, snapshot=part)
    last = part.model_copy(update={"part": 2})
    golden.records("catalogue-snapshot-2-of-2", POS, "catalogue", rest, snapshot=last)
    golden.records("orders-snapshot", SHOP, "orders", facts.ORDERS,
                   snapshot=SnapshotPart(id="7c" * 16, part=1, of=1))  # fmt: skip
    golden.records("shop-answers-wants-and-fates", SHOP, "answers", facts.SHOP_ANSWERS,
                   acks=golden.acknowledges("pos", "catalogue"))  # fmt: skip
    golden.photo("media-photo", facts.PHOTO, acks=golden.acknowledges("shop", "orders", "answers"))
    golden.records("catalogue-delta", POS, "catalogue", facts.DELTA)
    golden.records("catalogue-tombstone", POS, "catalogue", facts.TOMBSTONES)
    golden.newer_minor("catalogue-newer-minor")
    golden.records("pos-answers-fates-and-baseline", POS, "answers", facts.POS_ANSWERS,
                   acks=golden.acknowledges("shop", "orders", "answers"))  # fmt: skip
    golden.records("orders-revision", SHOP, "orders", facts.REVISION)
    golden.records("pos-heartbeat", POS, "answers", (),
                   acks=golden.acknowledges("shop", "orders", "answers"))  # fmt: skip
    unread = Unreadable(stream="media", epoch=1, seq=2)
    golden.records("shop-heartbeat-unreadable", SHOP, "answers", (), unreadable=(unread,),
                   acks=golden.acknowledges("pos", "catalogue", "media", "answers"))  # fmt: skip
    golden.records("shop-heartbeat-resync", SHOP, "answers", (), resync=(facts.RESYNC,))
    golden.records("catalogue-new-epoch", POS, "catalogue", facts.SMALL_SNAPSHOT, epoch=2,
                   nonces=(facts.NONCE, POS.first_nonce()),
                   snapshot=SnapshotPart(id="6b" * 16, part=1, of=1))  # fmt: skip
    return golden


def write(target: Path) -> int:
    """Write packets and index; return how many files.

    Raises:
        FileExistsError: for a file that is there: golden packets are never made anew.
    """
    golden = conversation()
    bad = broken.packets(POS_SIDE, SHOP_SIDE)
    entries = []
    for defect in bad:
        path = f"broken/{defect.name}.pkt"
        golden.files[path] = defect.content
        entries.append(
            {
                "file": path,
                "sha256": hashlib.sha256(defect.content).hexdigest(),
                "reader": defect.reader,
                "code": defect.code,
                "at": defect.at,
            }
        )
    index = {"protocol": "1.0", "good": golden.good, "broken": entries}
    golden.files["index.json"] = canonical_lines(index)
    for path, content in golden.files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        with (target / path).open("xb") as file:
            file.write(content)
    return len(golden.files)


def canonical_lines(index: Mapping[str, Any]) -> bytes:
    """Return the index as JSON, one entry to a line, so that a change shows as one."""
    parts = []
    for name, value in index.items():
        if isinstance(value, list):
            body = ",\n".join(canonical(entry).decode() for entry in value)
            parts.append(f'"{name}": [\n{body}\n]')
        else:
            parts.append(f'"{name}": {canonical(value).decode()}')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


if __name__ == "__main__":
    made = write(Path(sys.argv[1]))
    sys.stdout.write(f"{made} files\n")
