"""The FTP channel against servers that cut, lie, fill up, refuse, fall silent and hang up."""

import itertools
import random
import time
import traceback
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from protocol.channel.port import (
    ChannelAccessError,
    ChannelFullError,
    ChannelTlsError,
    ChannelUnfitError,
    ChannelUnreachableError,
    TooLargeError,
)
from protocol.errors import ComptoirError
from tests.contracts.channel import HOSTILE_BYTES, LIMIT, NAME, NAME_2, NAME_3
from tests.protocol.channel.faulty_ftp import (
    HANG_UP,
    Script,
    UploadFault,
    as_text,
    break_at,
    data_port,
    dribbling,
    faulty_server,
    honest,
    keep_first,
    silent,
)
from tests.protocol.channel.servers import PASSWORD, FtpPlace, Papers

PACKET = random.Random(3).randbytes(150_000)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture(params=["plain", "tls"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, papers: Papers, script: Script
) -> Iterator[FtpPlace]:
    chosen = papers if request.param == "tls" else None
    with faulty_server(tmp_path, script, chosen) as place:
        yield place


@pytest.fixture
def plain(tmp_path: Path, script: Script) -> Iterator[FtpPlace]:
    with faulty_server(tmp_path, script) as place:
        yield place


@pytest.fixture
def hasty(tmp_path: Path, script: Script) -> Iterator[FtpPlace]:
    with faulty_server(tmp_path, script, timeout=0.4) as place:
        yield place


class TestUploads:
    """Whatever happens to an upload, the final name holds the whole packet or does not exist."""

    @pytest.mark.parametrize("length", [0, 1, 70_000, 149_999])
    def test_a_cut_upload_that_is_called_complete_is_found_out(
        self, place: FtpPlace, script: Script, length: int
    ) -> None:
        script.uploads = iter([keep_first(length), keep_first(length)])
        with place.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert place.kept("pos") == {NAME: PACKET}
        assert script.seen.count("STOR") == 3
        assert script.seen.count("RNTO") == 1

    @pytest.mark.parametrize("reply", [None, "426 Broken.", "451 Local error.", "226 Complete."])
    def test_an_upload_broken_off_is_sent_again_whole(
        self, place: FtpPlace, script: Script, reply: str | None
    ) -> None:
        script.uploads = iter([break_at(70_000, reply)])
        with place.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert place.kept("pos") == {NAME: PACKET}
        assert script.seen.count("PASS") == 2

    @pytest.mark.parametrize("fault", [keep_first(70_000), break_at(70_000), as_text])
    def test_a_server_that_never_keeps_it_whole_shows_no_packet(
        self, plain: FtpPlace, script: Script, fault: UploadFault
    ) -> None:
        script.uploads = repeat(fault)
        packet = HOSTILE_BYTES * 400
        with plain.open("pos") as channel, pytest.raises(ComptoirError):
            channel.put("pos", NAME, packet)
        assert NAME not in plain.kept("pos")
        assert "RNTO" not in script.seen

    def test_a_server_that_changes_line_ends_is_unfit(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.uploads = repeat(as_text)
        with plain.open("pos") as channel, pytest.raises(ChannelUnfitError) as caught:
            channel.put("pos", NAME, HOSTILE_BYTES)
        assert caught.value.exit_code == 6

    def test_what_failed_attempts_left_is_removed(self, place: FtpPlace, script: Script) -> None:
        script.uploads = repeat(keep_first(5))
        with place.open("pos") as channel:
            with pytest.raises(ChannelUnfitError):
                channel.put("pos", NAME, PACKET)
            # The last attempt's part stays until the next put; those before are gone.
            assert len(place.kept("pos")) == 1
            script.uploads = iter(())
            channel.put("pos", NAME_2, PACKET)
        assert place.kept("pos") == {NAME_2: PACKET}

    def test_a_rename_whose_answer_is_lost_is_not_repeated(
        self, place: FtpPlace, script: Script
    ) -> None:
        script.lost_reply_at = "RNTO"
        with place.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert place.kept("pos") == {NAME: PACKET}
        assert script.seen.count("STOR") == 1

    @pytest.mark.parametrize("lost", ["command", "reply"])
    def test_a_connection_lost_at_any_command_is_made_anew(
        self, place: FtpPlace, script: Script, lost: str
    ) -> None:
        script.never_overwrites = True
        expected = {}
        for position in itertools.count():
            name = f"c-00000001-{position:012d}-0123456789abcdef.pkt"
            script.seen.clear()
            script.lost_command_at = position if lost == "command" else None
            script.lost_reply_at = position if lost == "reply" else None
            with place.open("pos") as channel:
                channel.put("pos", name, PACKET)
                commands = len(script.seen)
            expected[name] = PACKET
            if commands <= position:
                break  # the put was over before that command
        assert position > 10
        assert place.kept("pos") == expected

    def test_a_refused_rename_to_a_name_that_is_whole_has_worked(
        self, plain: FtpPlace, script: Script
    ) -> None:
        def appears(_file: object, received: bytes) -> bytes:
            # An earlier attempt's rename comes through late, when we have already looked.
            plain.lay("pos", NAME, PACKET)
            return received

        script.uploads = iter([appears])
        script.replies = {"RNTO": repeat("550 Rename permission denied.")}
        with plain.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert plain.kept("pos")[NAME] == PACKET

    def test_a_damaged_file_is_replaced_where_nothing_may_be_overwritten(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.never_overwrites = True
        plain.lay("pos", NAME, PACKET[:70_000])
        with plain.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert plain.kept("pos") == {NAME: PACKET}

    def test_a_server_that_never_renames_needs_a_person(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.replies = {"RNTO": repeat("550 Rename permission denied.")}
        with plain.open("pos") as channel, pytest.raises(ChannelAccessError):
            channel.put("pos", NAME, PACKET)
        assert NAME not in plain.kept("pos")

    def test_a_folder_that_may_not_be_made_needs_a_person(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.replies = {"MKD": repeat("550 Permission denied.")}
        with plain.open("pos") as channel, pytest.raises(ChannelAccessError):
            channel.put("pos", NAME, PACKET)

    def test_a_deleted_folder_is_made_again_at_the_next_call(
        self, plain: FtpPlace, script: Script
    ) -> None:
        with plain.open("pos") as channel:
            assert channel.names("shop") == []
            channel.put("shop", NAME, b"packet")
            plain.folder("pos").rmdir()
            channel.put("pos", NAME, b"packet")
        assert plain.kept("pos") == {NAME: b"packet"}


class TestFull:
    """A full disk or quota is told as such, and shows no packet."""

    @pytest.mark.parametrize(
        "reply",
        [
            "552 Transfer aborted. Disk quota exceeded",
            "452 Transfer aborted. No space left on device",
            "451 Failure writing to local file.",
            "451 Error during write to file",
            "451 STOR: Input/output error",
            "426 No space left on device; transfer aborted.",
        ],
    )
    def test_the_reply_behind_a_broken_upload_is_read(
        self, place: FtpPlace, script: Script, reply: str
    ) -> None:
        script.uploads = iter([break_at(70_000, reply)])
        with place.open("pos") as channel, pytest.raises(ChannelFullError) as caught:
            channel.put("pos", NAME, PACKET * 40)
        assert caught.value.exit_code == 5
        assert caught.value.facts["reason"] == reply
        assert NAME not in place.kept("pos")
        with place.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
        assert place.kept("pos")[NAME] == PACKET

    def test_a_refusal_before_the_upload_counts_too(self, plain: FtpPlace, script: Script) -> None:
        script.replies = {"STOR": iter(["552 Quota exceeded."])}
        with plain.open("pos") as channel, pytest.raises(ChannelFullError):
            channel.put("pos", NAME, PACKET)


class TestSilence:
    """No server makes the channel wait without end."""

    def test_a_silent_data_port_is_a_timeout(self, hasty: FtpPlace, script: Script) -> None:
        hasty.lay("pos", NAME, PACKET)
        with data_port(silent) as reply:
            script.replies = {"PASV": repeat(reply)}
            with hasty.open("pos") as channel:
                for call in (
                    lambda: channel.put("pos", NAME_2, PACKET),
                    lambda: channel.get("pos", NAME, LIMIT),
                    lambda: channel.names("pos"),
                ):
                    started = time.monotonic()
                    with pytest.raises(ChannelUnreachableError):
                        call()
                    assert time.monotonic() - started < 15
        # Nothing but the last attempt's part; its connection is gone, so it waits for the next put.
        assert NAME_2 not in hasty.kept("pos")
        assert len(hasty.kept("pos")) == 2

    def test_a_dribbling_data_port_is_given_up(self, hasty: FtpPlace, script: Script) -> None:
        hasty.lay("pos", NAME, PACKET)
        with data_port(dribbling) as reply:
            script.replies = {"PASV": repeat(reply), "RETR": repeat("150 Here it comes.")}
            started = time.monotonic()
            with hasty.open("pos") as channel, pytest.raises(ChannelUnreachableError):
                channel.get("pos", NAME, LIMIT)
        assert time.monotonic() - started < 15

    def test_a_closed_data_port_is_unreachable(self, hasty: FtpPlace, script: Script) -> None:
        with data_port(silent) as reply:
            pass
        hasty.lay("pos", NAME, PACKET)
        script.replies = {"PASV": repeat(reply)}
        with hasty.open("pos") as channel, pytest.raises(ChannelUnreachableError):
            channel.names("pos")

    def test_a_server_that_falls_silent_is_a_timeout(self, hasty: FtpPlace, script: Script) -> None:
        with data_port(silent) as reply:
            high, low = reply.rstrip(").").split(",")[-2:]
            mute = hasty.with_settings(port=int(high) * 256 + int(low))
            with mute.open("pos") as channel, pytest.raises(ChannelUnreachableError):
                channel.names("pos")

    def test_a_reply_without_end_is_given_up(self, hasty: FtpPlace, script: Script) -> None:
        script.replies = {"CWD": repeat("250-" + "and on\r\n" * 50_000)}
        with hasty.open("pos") as channel, pytest.raises(ChannelUnreachableError) as caught:
            channel.names("pos")
        assert caught.value.facts["reason"] == "endless reply"

    def test_an_idle_connection_closed_by_the_server_is_made_anew(
        self, place: FtpPlace, script: Script
    ) -> None:
        with place.open("pos") as channel:
            channel.put("pos", NAME, PACKET)
            script.replies = {"SIZE": iter(["421 Timeout."])}
            assert channel.size("pos", NAME) == len(PACKET)
            script.replies = {"TYPE": iter([HANG_UP])}
            assert channel.names("pos") == [NAME]
        assert script.seen.count("PASS") == 3

    @pytest.mark.parametrize(
        "reply", ["999 What?", "", "banana", "227 nonsense", "250 out of step"]
    )
    def test_replies_out_of_step_drop_the_connection(
        self, plain: FtpPlace, script: Script, reply: str
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"PASV": iter([reply])}
        with plain.open("pos") as channel:
            assert channel.get("pos", NAME, LIMIT) == PACKET
        assert script.seen.count("PASS") == 2

    def test_a_passive_port_out_of_range_is_no_crash(self, plain: FtpPlace, script: Script) -> None:
        script.replies = {"PASV": repeat("227 Entering (127,0,0,1,999,999)")}
        plain.lay("pos", NAME, PACKET)
        with plain.open("pos") as channel, pytest.raises(ChannelUnreachableError):
            channel.names("pos")


class TestReading:
    """Listings and sizes are taken for what they are worth."""

    @pytest.mark.parametrize("reply", ["550 No files found.", "450 No such file or directory."])
    def test_an_error_for_an_empty_directory_is_empty(
        self, plain: FtpPlace, script: Script, reply: str
    ) -> None:
        plain.lay("pos", "readme.txt", b"")
        script.replies = {"NLST": repeat(reply)}
        with plain.open("pos") as channel:
            assert channel.names("pos") == []
            assert channel.size("pos", NAME) is None

    def test_paths_dots_repeats_and_hostile_names_in_a_listing(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.listing = [
            ".",
            "..",
            f"./{NAME_2}",
            f"/home/x/{NAME}",
            f"C:\\ftp\\{NAME_3}",
            NAME,
            "../../etc/passwd",
            "c-00000001-000000000001-0123456789abcdef.pkt.exe",
            "",
        ]
        plain.lay("pos", NAME, PACKET)
        with plain.open("pos") as channel:
            assert channel.names("pos") == [NAME_3, NAME, NAME_2]

    def test_a_listing_cut_off_hides_nothing_from_size_and_get(
        self, plain: FtpPlace, script: Script
    ) -> None:
        script.listing = []
        plain.lay("pos", NAME, PACKET)
        with plain.open("pos") as channel:
            assert channel.names("pos") == []
            assert channel.size("pos", NAME) == len(PACKET)
            assert channel.get("pos", NAME, LIMIT) == PACKET

    def test_a_file_longer_than_its_size_says_is_cut_at_the_limit(
        self, plain: FtpPlace, script: Script
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"SIZE": repeat("213 10")}
        with plain.open("pos") as channel, pytest.raises(TooLargeError):
            channel.get("pos", NAME, 1000)

    def test_a_download_that_is_never_whole_is_not_taken(
        self, plain: FtpPlace, script: Script
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"SIZE": repeat("213 150001")}
        with plain.open("pos") as channel, pytest.raises(ChannelUnfitError):
            channel.get("pos", NAME, LIMIT)

    def test_a_download_cut_once_is_read_again(self, plain: FtpPlace, script: Script) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"SIZE": iter(["213 150001"])}
        with plain.open("pos") as channel:
            assert channel.get("pos", NAME, LIMIT) == PACKET

    def test_a_file_that_goes_between_size_and_reading_is_none(
        self, plain: FtpPlace, script: Script
    ) -> None:
        plain.lay("pos", NAME_2, PACKET)
        script.replies = {"SIZE": iter(["213 150000"])}
        with plain.open("pos") as channel:
            assert channel.get("pos", NAME, LIMIT) is None

    def test_a_listed_file_that_may_not_be_read_is_told(
        self, plain: FtpPlace, script: Script
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"RETR": repeat("550 Permission denied.")}
        with plain.open("pos") as channel, pytest.raises(ChannelAccessError):
            channel.get("pos", NAME, LIMIT)
        script.replies = {"SIZE": repeat("550 No.")}
        with plain.open("pos") as channel, pytest.raises(ChannelUnfitError):
            channel.size("pos", NAME)

    def test_a_file_renamed_into_place_between_two_looks_is_found(
        self, plain: FtpPlace, script: Script
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"SIZE": iter(["550 No such file."])}
        with plain.open("pos") as channel:
            assert channel.size("pos", NAME) == len(PACKET)

    def test_a_refused_deletion_is_told(self, plain: FtpPlace, script: Script) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"DELE": iter(["550 Operation not permitted.", "450 Busy.", "250 Done."])}
        with plain.open("pos") as channel:
            for _ in range(3):
                assert not channel.delete("pos", NAME)
            assert channel.delete("pos", NAME)

    def test_a_server_without_times_keeps_old_uploads(
        self, plain: FtpPlace, script: Script
    ) -> None:
        old = "t-00000000000000bb.tmp"
        plain.lay("pos", old, b"part")
        plain.age("pos", old, 500)
        script.replies = {"MDTM": iter(["500 Unknown command.", "213 yesterday"])}
        for _ in range(2):
            with plain.open("pos") as channel:
                assert channel.names("pos") == []
            assert set(plain.kept("pos")) == {old}
        with plain.open("pos") as channel:
            channel.names("pos")
        assert plain.kept("pos") == {}


class TestLogin:
    """Busy, wrong password and TLS demanded are told apart, and the password stays hidden."""

    @pytest.mark.parametrize(
        ("reply", "expected"),
        [
            (
                "530 Sorry, the maximum number of clients (2) for this user.",
                ChannelUnreachableError,
            ),
            ("530 Too many connections.", ChannelUnreachableError),
            ("421 Too many users.", ChannelUnreachableError),
            ("530 Login incorrect.", ChannelAccessError),
            ("430 Invalid user name or password.", ChannelAccessError),
            ("332 Account needed.", ChannelAccessError),
            ("530 Non-anonymous sessions must use encryption.", ChannelTlsError),
            ("550 SSL/TLS required on the control channel.", ChannelTlsError),
            ("534 Policy requires SSL.", ChannelTlsError),
            ("500 OOPS.", ChannelUnfitError),
        ],
    )
    def test_each_refusal_has_its_meaning(
        self, plain: FtpPlace, script: Script, reply: str, expected: type[ComptoirError]
    ) -> None:
        script.replies = {command: repeat(reply) for command in ("PASS", "ACCT")}
        with plain.open("pos") as channel, pytest.raises(expected) as caught:
            channel.names("pos")
        assert type(caught.value) is expected

    def test_a_refused_password_is_tried_once(self, plain: FtpPlace, script: Script) -> None:
        script.replies = {"PASS": repeat("530 Login incorrect.")}
        with plain.open("pos") as channel, pytest.raises(ChannelAccessError):
            channel.names("pos")
        assert script.seen.count("PASS") == 1

    def test_a_full_server_is_tried_a_few_times(self, plain: FtpPlace, script: Script) -> None:
        script.replies = {"PASS": iter(["530 Too many connections."] * 2)}
        with plain.open("pos") as channel:
            assert channel.names("pos") == []
        assert script.seen.count("PASS") == 3

    @pytest.mark.parametrize("command", ["USER", "PASS", "CWD"])
    @pytest.mark.parametrize("reply", ["530 No: {}", "421 No: {}", "banana {}", "500-{}\r\n500 {}"])
    def test_a_password_the_server_repeats_is_never_shown(
        self, plain: FtpPlace, script: Script, command: str, reply: str
    ) -> None:
        script.replies = {command: repeat(reply.replace("{}", PASSWORD))}
        with plain.open("pos") as channel, pytest.raises(ComptoirError) as caught:
            channel.names("pos")
        shown = [
            str(caught.value),
            repr(caught.value),
            caught.value.problem().line("fr"),
            "".join(traceback.format_exception(caught.value)),
        ]
        for text in shown:
            assert PASSWORD not in text
            # Nor as the bytes read in another encoding.
            assert PASSWORD.encode().decode("latin-1") not in text

    @pytest.mark.parametrize(
        "reply", ["522 SSL connection failed: session reuse required", "521 Not with this PROT."]
    )
    def test_a_data_connection_refused_for_its_tls_needs_a_person(
        self, plain: FtpPlace, script: Script, reply: str
    ) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"NLST": repeat(reply)}
        with plain.open("pos") as channel, pytest.raises(ChannelTlsError):
            channel.names("pos")

    def test_no_free_passive_port_is_tried_again(self, plain: FtpPlace, script: Script) -> None:
        plain.lay("pos", NAME, PACKET)
        script.replies = {"PASV": iter(["425 Address already in use."] * 3)}
        with plain.open("pos") as channel:
            assert channel.names("pos") == [NAME]

    def test_a_server_without_size_is_unfit(self, plain: FtpPlace, script: Script) -> None:
        script.replies = {"SIZE": repeat("502 Not implemented.")}
        with plain.open("pos") as channel, pytest.raises(ChannelUnfitError):
            channel.put("pos", NAME, PACKET)
        assert plain.kept("pos") == {}


def test_the_honest_fault_is_none(plain: FtpPlace, script: Script) -> None:
    script.uploads = iter([honest])
    with plain.open("pos") as channel:
        channel.put("pos", NAME, PACKET)
    assert plain.kept("pos") == {NAME: PACKET}
    assert script.seen.count("STOR") == 1
