"""Golden packets: every released version stays readable, every defect keeps its code.

The good ones are read twice, by our reader and by a stranger's that knows SPEC.md alone.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from protocol.errors import ComptoirError
from protocol.keys import Keys, parse_pairing_line
from protocol.packet import Opened, open_data, packet_name, read_envelope
from protocol.records import KINDS, Tombstone, Unknown, record_line
from protocol.sequence import Arriving, ReadPosition, Verdict, advance, judge
from protocol.spec import example_keys
from tests.golden import broken, make, stranger

HERE = Path(__file__).parent
POS, SHOP = example_keys()
SIDES = {"pos": make.POS_SIDE, "shop": make.SHOP_SIDE}
READERS = {"pos": SHOP, "shop": POS}  # by writer


@dataclass(frozen=True)
class Case:
    """One entry of an index."""

    folder: Path
    entry: dict[str, Any]

    @property
    def content(self) -> bytes:
        content = (self.folder / str(self.entry["file"])).read_bytes()
        # A checkout that translates line ends would harm these files as FTP's ASCII mode does.
        assert hashlib.sha256(content).hexdigest() == self.entry["sha256"]
        return content

    def __str__(self) -> str:
        return f"{self.folder.name}/{Path(self.entry['file']).stem}"


def cases(sort: str) -> list[Case]:
    folders = sorted(path.parent for path in HERE.glob("v*/index.json"))
    return [
        Case(folder, entry)
        for folder in folders
        for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))[sort]
    ]


GOOD, BROKEN = cases("good"), cases("broken")


def opened(case: Case) -> Opened:
    reader = READERS[case.entry["writer"]]
    return open_data(read_envelope(case.content, reader), reader)


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_good_packet_is_read(case: Case) -> None:
    read, entry = opened(case), case.entry
    manifest = read.manifest
    assert manifest.stream == entry["stream"]
    assert read.envelope.head_hash == entry["head"]
    name = packet_name(manifest.stream, manifest.epoch, manifest.seq, case.content)
    assert name == entry["name"]
    assert [line.problem for line in read.lines] == [None] * len(entry["records"])
    written = [record_line(line.record).decode() for line in read.lines if line.record]
    assert written == entry["records"]
    photo = hashlib.sha256(read.photo).hexdigest() if read.photo is not None else None
    assert photo == entry.get("photo")


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_stranger_reads_it_by_the_specification_alone(case: Case) -> None:
    writer, entry = SIDES[case.entry["writer"]], case.entry
    reader = SIDES["shop" if writer.role == "pos" else "pos"]
    manifest, found = stranger.read(case.content, reader, writer)
    assert stranger.name_of(manifest, case.content) == entry["name"]
    assert stranger.head_hash(case.content) == entry["head"]
    if isinstance(found, bytes):
        assert hashlib.sha256(found).hexdigest() == entry["photo"]
    else:
        assert [stranger.canonical(fields).decode() for fields in found] == entry["records"]


def test_the_good_packets_follow_each_other() -> None:
    for folder in {case.folder for case in GOOD}:
        positions: dict[tuple[str, str], ReadPosition] = {}
        for case in (case for case in GOOD if case.folder == folder):
            manifest, entry = opened(case).manifest, case.entry
            stream = (entry["writer"], entry["stream"])
            position = positions.get(stream, ReadPosition(nonce=POS.first_nonce()))
            nonces = manifest.opens.nonces if manifest.opens else ()
            here = (manifest.epoch, manifest.seq, manifest.prev)
            arriving = Arriving(*here, head=entry["head"], nonces=nonces)
            verdict = judge(position, arriving, known=None)
            assert verdict is (Verdict.OPENS if manifest.seq == 1 else Verdict.NEXT)
            positions[stream] = advance(arriving)
        assert len(positions) == 5


def test_every_kind_and_every_sort_of_packet_is_there() -> None:
    read = [opened(case) for case in GOOD]
    records = [line.record for packet in read for line in packet.lines]
    assert {r.kind for r in records if r and type(r) is KINDS.get(r.kind)} == set(KINDS)
    assert {type(r) for r in records} >= {Tombstone, Unknown}
    manifests = [packet.manifest for packet in read]
    assert any(m.snapshot and m.snapshot.of > 1 for m in manifests)
    assert any(not m.counts for m in manifests)
    assert any(m.unreadable for m in manifests)
    assert any(m.resync for m in manifests)
    assert any(m.epoch > 1 for m in manifests)
    assert any(packet.photo for packet in read)


def code_of(content: bytes, reader: Keys) -> tuple[str, ...]:
    """Return where and with which code our reader refuses."""
    try:
        envelope = read_envelope(content, reader)
    except ComptoirError as error:
        return "envelope", error.code
    try:
        lines = open_data(envelope, reader).lines
    except ComptoirError as error:
        return "data", error.code
    problems = [line.problem.code for line in lines if line.problem]
    return ("line", *problems)


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_broken_packet_is_refused_with_its_code(case: Case) -> None:
    reader = {"pos": POS, "shop": SHOP}[case.entry["reader"]]
    assert code_of(case.content, reader) == (case.entry["at"], case.entry["code"])


def test_one_bad_line_leaves_the_others() -> None:
    for case in (case for case in BROKEN if case.entry["at"] == "line"):
        lines = open_data(read_envelope(case.content, SHOP), SHOP).lines
        assert [line.record is not None for line in lines] == [False, True]


def test_the_broken_packets_are_right_but_for_their_defect() -> None:
    unpacked, box = broken.sealed(make.POS_SIDE, make.SHOP_SIDE, [broken.BRAND])
    manifest = stranger.manifest_for(
        make.POS_SIDE, make.SHOP_SIDE, unpacked, box, counts={"brand": 1}
    )
    content = stranger.packet(manifest, box, make.POS_SIDE)
    (line,) = open_data(read_envelope(content, SHOP), SHOP).lines
    assert (line.kind, line.key, line.problem) == ("brand", "1", None)


def test_a_stranger_pairs_as_we_do() -> None:
    pos, shop = make.POS_SIDE, make.SHOP_SIDE
    assert stranger.fingerprint(pos, shop) == POS.fingerprint() == SHOP.fingerprint()
    assert stranger.first_nonce(pos, shop) == POS.first_nonce() == SHOP.first_nonce()
    assert pos.pairing_line() == POS.pairing_line()
    assert parse_pairing_line(shop.pairing_line()).keys == SHOP.public


def test_every_file_is_in_an_index_and_they_stay_small() -> None:
    listed = {case.folder / case.entry["file"] for case in (*GOOD, *BROKEN)}
    assert set(HERE.glob("v*/**/*.pkt")) == listed
    assert sum(path.stat().st_size for path in HERE.glob("v1/**/*.*")) < 200_000


def test_golden_packets_are_never_made_anew() -> None:
    before = {path: path.read_bytes() for path in HERE.glob("v1/**/*.*")}
    with pytest.raises(FileExistsError):
        make.write(HERE / "v1")
    assert {path: path.read_bytes() for path in HERE.glob("v1/**/*.*")} == before


def test_the_script_still_makes_what_the_index_says(tmp_path: Path) -> None:
    make.write(tmp_path)
    fresh = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    kept = json.loads((HERE / "v1" / "index.json").read_text(encoding="utf-8"))
    assert [e["file"] for e in fresh["good"]] == [e["file"] for e in kept["good"]]
    assert [e["records"] for e in fresh["good"]] == [e["records"] for e in kept["good"]]
    said = ("file", "code", "at", "reader")
    assert [[e[n] for n in said] for e in fresh["broken"]] == [
        [e[n] for n in said] for e in kept["broken"]
    ]
