"""The memory channel keeps the contract, and fails exactly as ordered."""

import pytest

from protocol.channel.memory import MemoryChannel, MemoryPlace, Operation
from protocol.channel.port import (
    ChannelAccessError,
    ChannelFullError,
    ChannelUnreachableError,
    Side,
)
from tests.contracts.channel import NAME, NAME_2, ChannelContract


class _Opened:
    def __init__(self) -> None:
        self.place = MemoryPlace()

    def open(self, own_side: Side | None) -> MemoryChannel:
        return MemoryChannel(self.place)

    def lay(self, side: Side, name: str, content: bytes) -> None:
        self.place.files[side][name] = content

    def kept(self, side: Side) -> dict[str, bytes]:
        return self.place.files[side]


class TestMemoryChannel(ChannelContract):
    """The contract, in memory."""

    @pytest.fixture
    def place(self) -> _Opened:
        return _Opened()


class TestFaults:
    """Faults come when ordered, and only then."""

    @pytest.fixture
    def channel(self) -> MemoryChannel:
        channel = MemoryChannel()
        channel.put("pos", NAME, b"packet")
        return channel

    def test_the_nth_operation_fails_without_effect(self, channel: MemoryChannel) -> None:
        channel.place.fail(2)
        assert channel.names("pos") == [NAME]
        with pytest.raises(ChannelUnreachableError):
            channel.put("pos", NAME_2, b"packet")
        assert channel.names("pos") == [NAME]
        channel.put("pos", NAME_2, b"packet")
        assert channel.names("pos") == [NAME, NAME_2]

    def test_an_operation_may_take_effect_and_still_fail(self, channel: MemoryChannel) -> None:
        channel.place.fail(after=True, error=lambda: ChannelAccessError(reason="ordered"))
        with pytest.raises(ChannelAccessError):
            channel.delete("pos", NAME)
        assert channel.names("pos") == []

    def test_a_file_may_be_lost_damaged_or_cut(self, channel: MemoryChannel) -> None:
        channel.put("pos", NAME_2, b"packet")
        channel.place.damage("pos", NAME, position=0)
        assert channel.get("pos", NAME, 100) == b"\x8facket"
        channel.place.cut("pos", NAME, 2)
        assert channel.size("pos", NAME) == 2
        channel.place.lose("pos", NAME_2)
        assert channel.get("pos", NAME_2, 100) is None

    def test_deletion_may_be_refused(self, channel: MemoryChannel) -> None:
        channel.place.refuses_deletes = True
        assert not channel.delete("pos", NAME)
        assert channel.names("pos") == [NAME]

    def test_a_full_place_takes_nothing_more(self, channel: MemoryChannel) -> None:
        channel.place.capacity = 10
        with pytest.raises(ChannelFullError):
            channel.put("shop", NAME, b"packet")
        assert channel.names("shop") == []
        channel.put("shop", NAME, b"pack")
        assert channel.names("shop") == [NAME]

    def test_a_listing_may_be_cut_while_the_files_are_there(self, channel: MemoryChannel) -> None:
        channel.put("pos", NAME_2, b"packet")
        channel.place.listing_limit = 1
        assert channel.names("pos") == [NAME]
        assert channel.size("pos", NAME_2) == 6

    def test_an_old_backup_may_come_back(self, channel: MemoryChannel) -> None:
        backup = channel.place.saved()
        channel.delete("pos", NAME)
        channel.put("shop", NAME_2, b"packet")
        channel.place.restore(backup)
        assert channel.names("pos") == [NAME]
        assert channel.names("shop") == []

    def test_every_call_is_recorded(self, channel: MemoryChannel) -> None:
        channel.names("shop")
        channel.get("pos", NAME, 100)
        assert channel.place.operations == [
            Operation("put", "pos", NAME),
            Operation("names", "shop", ""),
            Operation("get", "pos", NAME),
        ]
