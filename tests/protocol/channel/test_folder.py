"""The folder channel keeps the contract, and meets the troubles of shared folders."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.channel.folder import FolderChannel
from protocol.channel.port import (
    ChannelAccessError,
    ChannelFullError,
    ChannelUnreachableError,
    Side,
)
from tests.contracts.channel import (
    LIMIT,
    NAME,
    NAME_2,
    ChannelContract,
    UploadContract,
    kept_on_disk,
)
from tests.protocol.channel.servers import counted_hex, no_sleep


class FolderPlace:
    """A place of the contract: a shared folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(
        self,
        own_side: Side | None,
        replace: Callable[[Path, Path], None] = os.replace,
        sleep: Callable[[float], None] = no_sleep,
    ) -> FolderChannel:
        return FolderChannel(
            self.root,
            own_side,
            counted_hex(),
            sleep=sleep,
            patience_seconds=0.2,
            replace=replace,
        )

    def folder(self, side: Side) -> Path:
        return self.root / "v1" / side

    def lay(self, side: Side, name: str, content: bytes) -> None:
        self.folder(side).mkdir(parents=True, exist_ok=True)
        (self.folder(side) / name).write_bytes(content)

    def kept(self, side: Side) -> dict[str, bytes]:
        return kept_on_disk(self.folder(side))

    def age(self, side: Side, name: str, hours: float) -> None:
        then = time.time() - hours * 3600
        os.utime(self.folder(side) / name, (then, then))


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "shared")


class TestFolderChannel(ChannelContract, UploadContract):
    """The contract, in a folder."""


class _Refusing:
    """A rename that fails so many times first, as Windows does while a scanner holds the file."""

    def __init__(self, times: int, error: OSError) -> None:
        self.times = times
        self.error = error
        self.calls = 0

    def __call__(self, source: Path, target: Path) -> None:
        self.calls += 1
        # Whatever fails, the whole content was on disk under the temporary name before.
        assert source.read_bytes() == b"packet"
        assert not target.exists()
        if self.calls <= self.times:
            raise self.error
        source.replace(target)


def test_a_file_held_for_a_moment_is_tried_again(place: FolderPlace) -> None:
    waits: list[float] = []
    held = _Refusing(3, PermissionError(errno.EACCES, "in use"))
    with place.open("pos", replace=held, sleep=waits.append) as channel:
        channel.put("pos", NAME, b"packet")
    assert place.kept("pos") == {NAME: b"packet"}
    assert (held.calls, len(waits)) == (4, 3)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.EACCES, ChannelAccessError),
        (errno.EROFS, ChannelAccessError),
        (errno.ENOSPC, ChannelFullError),
        (errno.EDQUOT, ChannelFullError),
        (errno.EIO, ChannelUnreachableError),
        (errno.ESTALE, ChannelUnreachableError),
    ],
)
def test_a_failed_put_leaves_nothing_and_says_why(
    place: FolderPlace, number: int, expected: type[Exception]
) -> None:
    refusing = _Refusing(10**9, OSError(number, os.strerror(number)))
    with place.open("pos", replace=refusing) as channel, pytest.raises(expected):
        channel.put("pos", NAME, b"packet")
    assert place.kept("pos") == {}


def test_a_rename_that_stops_the_program_leaves_no_upload(place: FolderPlace) -> None:
    def interrupted(_source: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    with place.open("pos", replace=interrupted) as channel, pytest.raises(KeyboardInterrupt):
        channel.put("pos", NAME, b"packet")
    assert place.kept("pos") == {}


def test_links_pipes_and_directories_are_not_seen(place: FolderPlace, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not a packet")
    folder = place.folder("shop")
    folder.mkdir(parents=True)
    names = [f"c-00000001-00000000000{number}-0123456789abcdef.pkt" for number in (1, 2, 3)]
    (folder / names[0]).symlink_to(secret)
    os.mkfifo(folder / names[1])
    (folder / names[2]).mkdir()
    with place.open("pos") as channel:
        assert channel.names("shop") == []
        for name in names:
            assert channel.size("shop", name) is None
            assert channel.get("shop", name, LIMIT) is None


def test_a_root_that_is_no_folder_is_unreachable(place: FolderPlace) -> None:
    place.root.write_bytes(b"a file")
    with place.open("pos") as channel:
        with pytest.raises(ChannelUnreachableError):
            channel.names("pos")
        with pytest.raises(ChannelUnreachableError):
            channel.put("pos", NAME, b"packet")


def test_a_file_that_cannot_be_deleted_is_told(place: FolderPlace) -> None:
    # A directory under a packet's name: nothing that `delete` may remove.
    (place.folder("pos") / NAME).mkdir(parents=True)
    place.lay("pos", NAME_2, b"packet")
    with place.open("pos") as channel:
        assert not channel.delete("pos", NAME)
        assert channel.delete("pos", NAME_2)
