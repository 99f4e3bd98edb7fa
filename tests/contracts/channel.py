"""The channel contract: what a writer and a reader of packets may rely on, wherever files are kept.

An implementation inherits `ChannelContract` and brings a fixture `place`: somewhere to open
channels to, and to look at what is really kept there. Places with uploads that can be seen under
way inherit `UploadContract` too.
"""

import random
from pathlib import Path
from typing import Protocol

import pytest

from protocol.channel.port import (
    Channel,
    PacketNameError,
    Side,
    TooLargeError,
)

NAME = "c-00000001-000000000001-0123456789abcdef.pkt"
NAME_2 = "c-00000001-000000000002-fedcba9876543210.pkt"
NAME_3 = "a-00000002-000000000001-00000000000000aa.pkt"
UPLOAD = "t-0123456789abcdef.tmp"
LIMIT = 4 * 2**20

# What a text transfer would change: line ends of every system, zero, end of file, all 8-bit bytes.
HOSTILE_BYTES = b"\x89CPT\r\n\x1a\n" + bytes(range(256)) + b"\r\n\n\r\0\xff" * 50


class Place(Protocol):
    """Where channels lead, with a back door."""

    def open(self, own_side: Side | None) -> Channel:
        """Return a new channel; the test closes it."""
        ...

    def lay(self, side: Side, name: str, content: bytes) -> None:
        """Put a file there as anybody with access could."""
        ...

    def kept(self, side: Side) -> dict[str, bytes]:
        """Return all that lies in one directory, foreign files and uploads too."""
        ...


class ChannelContract:
    """What every channel promises."""

    def test_what_was_put_is_got_unchanged(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, HOSTILE_BYTES)
            assert channel.get("pos", NAME, LIMIT) == HOSTILE_BYTES
            assert channel.size("pos", NAME) == len(HOSTILE_BYTES)
        assert place.kept("pos") == {NAME: HOSTILE_BYTES}

    def test_a_large_packet_is_got_unchanged(self, place: Place) -> None:
        packet = random.Random(7).randbytes(3_000_000).replace(b"\n", b"\r\n")
        with place.open("pos") as writer, place.open("shop") as reader:
            writer.put("pos", NAME, packet)
            assert reader.get("pos", NAME, LIMIT) == packet

    def test_an_empty_file_is_kept_too(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"")
            assert channel.size("pos", NAME) == 0
            assert channel.get("pos", NAME, LIMIT) == b""

    def test_putting_twice_changes_nothing(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            channel.put("pos", NAME, b"packet")
        assert place.kept("pos") == {NAME: b"packet"}

    def test_a_name_that_holds_as_many_bytes_is_left_alone(self, place: Place) -> None:
        place.lay("pos", NAME, b"first!")
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"second")
        assert place.kept("pos") == {NAME: b"first!"}

    def test_a_name_that_holds_another_number_of_bytes_is_stored_anew(self, place: Place) -> None:
        place.lay("pos", NAME, b"pack")
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            assert channel.get("pos", NAME, LIMIT) == b"packet"
        assert place.kept("pos") == {NAME: b"packet"}

    def test_names_are_sorted_and_only_packets(self, place: Place) -> None:
        for name in (NAME_2, NAME, NAME_3):
            place.lay("shop", name, b"packet")
        for foreign in (
            UPLOAD,
            "lisez moi.txt",
            f"{NAME}.1",
            f"x{NAME}",
            NAME.upper(),
            ".ftpquota",
        ):
            place.lay("shop", foreign, b"foreign")
        with place.open("pos") as channel:
            assert channel.names("shop") == [NAME_3, NAME, NAME_2]
            assert channel.names("pos") == []

    def test_a_place_without_directories_is_empty(self, place: Place) -> None:
        with place.open("pos") as channel:
            assert channel.names("pos") == []
            assert channel.names("shop") == []
            assert channel.size("shop", NAME) is None
            assert channel.get("shop", NAME, LIMIT) is None
            assert channel.delete("pos", NAME)

    def test_an_unknown_name_is_none(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            assert channel.size("pos", NAME_2) is None
            assert channel.get("pos", NAME_2, LIMIT) is None
            assert channel.get("shop", NAME, LIMIT) is None

    def test_a_file_over_the_limit_is_not_taken(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, bytes(1000))
            assert channel.get("pos", NAME, 1000) == bytes(1000)
            with pytest.raises(TooLargeError) as caught:
                channel.get("pos", NAME, 999)
            assert caught.value.facts["limit"] == "999"
            assert channel.get("pos", NAME, 1000) == bytes(1000)

    def test_deleting_removes_that_file_alone(self, place: Place) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            channel.put("pos", NAME_2, b"packet")
            channel.put("shop", NAME, b"packet")
            assert channel.delete("pos", NAME)
            assert channel.delete("pos", NAME)
            assert channel.names("pos") == [NAME_2]
            assert channel.names("shop") == [NAME]

    def test_the_two_sides_are_apart(self, place: Place) -> None:
        with place.open("pos") as till, place.open("shop") as shop:
            till.put("pos", NAME, b"from the till")
            shop.put("shop", NAME, b"from the shop")
            assert shop.get("pos", NAME, LIMIT) == b"from the till"
            assert till.get("shop", NAME, LIMIT) == b"from the shop"

    def test_each_side_meets_what_the_other_does_later(self, place: Place) -> None:
        with place.open("pos") as till, place.open("shop") as shop:
            assert shop.names("pos") == []
            till.put("pos", NAME, b"packet")
            assert shop.names("pos") == [NAME]
            till.delete("pos", NAME)
            assert shop.get("pos", NAME, LIMIT) is None

    @pytest.mark.parametrize(
        "name",
        ["", ".", "../x", f"../{NAME}", f"a/{NAME}", f"{NAME}\n", f"{NAME}\r\nDELE x", UPLOAD],
    )
    def test_a_name_that_is_no_packet_s_is_refused(self, place: Place, name: str) -> None:
        with place.open("pos") as channel:
            for call in (
                lambda: channel.put("pos", name, b"packet"),
                lambda: channel.get("pos", name, LIMIT),
                lambda: channel.size("pos", name),
                lambda: channel.delete("pos", name),
            ):
                with pytest.raises(PacketNameError):
                    call()
        assert place.kept("pos") == {}

    def test_closing_twice_is_no_error(self, place: Place) -> None:
        channel = place.open("pos")
        channel.put("pos", NAME, b"packet")
        channel.close()
        channel.close()


class AgingPlace(Place, Protocol):
    """A place whose files carry the time of their last change."""

    def age(self, side: Side, name: str, hours: float) -> None:
        """Make a file look as if it was last written so many hours ago."""
        ...


class UploadContract:
    """What is promised about uploads that were never finished."""

    def test_only_one_s_own_abandoned_uploads_are_cleared(self, place: AgingPlace) -> None:
        young, old = "t-00000000000000aa.tmp", "t-00000000000000bb.tmp"
        for side in ("pos", "shop"):
            for name, hours in ((young, 47), (old, 49), (NAME, 500), ("t-old.tmp", 500)):
                place.lay(side, name, b"part")
                place.age(side, name, hours)
        with place.open("pos") as channel:
            channel.names("pos")
            channel.names("shop")
        assert set(place.kept("pos")) == {young, NAME, "t-old.tmp"}
        assert set(place.kept("shop")) == {young, old, NAME, "t-old.tmp"}

    def test_a_reader_clears_nothing(self, place: AgingPlace) -> None:
        place.lay("pos", UPLOAD, b"part")
        place.age("pos", UPLOAD, 500)
        with place.open(None) as channel:
            assert channel.names("pos") == []
        assert set(place.kept("pos")) == {UPLOAD}


def kept_on_disk(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that may not exist, for places that end on a disk."""
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
