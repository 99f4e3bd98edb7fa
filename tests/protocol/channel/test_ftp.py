"""The FTP channel keeps the contract on real servers: pyftpdlib plain and TLS, vsftpd, ProFTPD."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from demo.ftp import FtpServer
from protocol.channel.ftp import FtpSettings, FtpSettingsError, PlainFtpError, seen_certificate
from protocol.channel.port import ChannelAccessError, ChannelTlsError, ChannelUnreachableError
from tests.contracts.channel import LIMIT, NAME, ChannelContract, UploadContract
from tests.protocol.channel.servers import (
    HOST,
    PASSWORD,
    PROFTPD,
    USER,
    VSFTPD,
    FtpPlace,
    Papers,
    free_port,
    proftpd,
    settings_for,
    vsftpd,
)


@pytest.fixture
def plain_place(tmp_path: Path) -> Iterator[FtpPlace]:
    with FtpServer(tmp_path, user=USER, password=PASSWORD) as server:
        yield FtpPlace(settings_for(server.port), tmp_path)


@pytest.fixture
def tls_place(tmp_path: Path, papers: Papers) -> Iterator[FtpPlace]:
    with FtpServer(tmp_path, user=USER, password=PASSWORD, tls_cert=papers.good) as server:
        yield FtpPlace(settings_for(server.port, papers), tmp_path)


@pytest.fixture
def vsftpd_place(papers: Papers) -> Iterator[FtpPlace]:
    if not VSFTPD.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI tests on vsftpd: install it ({VSFTPD})")
        pytest.skip(f"{VSFTPD} is not installed")
    with vsftpd(papers) as place:
        yield place


@pytest.fixture
def proftpd_place(papers: Papers) -> Iterator[FtpPlace]:
    if not (PROFTPD / "usr/sbin/proftpd").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI tests on ProFTPD: unpack it and name the folder in COMPTOIR_PROFTPD")
        pytest.skip("ProFTPD is not there (COMPTOIR_PROFTPD)")
    with proftpd(papers) as place:
        yield place


class TlsContract:
    """What holds on every server that encrypts."""

    def test_150_transfers_on_one_session(self, place: FtpPlace) -> None:
        names = [f"c-00000001-{number:012d}-0123456789abcdef.pkt" for number in range(75)]
        with place.open("pos") as channel:
            for number, name in enumerate(names):
                channel.put("pos", name, bytes(number))
            assert channel.names("pos") == names
            for number, name in enumerate(names):
                assert channel.get("pos", name, LIMIT) == bytes(number)

    def test_tls_1_2_at_most_works(self, place: FtpPlace) -> None:
        with place.with_settings(tls_max="1.2").open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            assert channel.get("pos", NAME, LIMIT) == b"packet"

    def test_an_unknown_authority_is_refused(self, place: FtpPlace) -> None:
        with (
            place.with_settings(ca_file=None).open("pos") as channel,
            pytest.raises(ChannelTlsError),
        ):
            channel.names("pos")

    def test_a_certificate_for_another_name_is_refused(self, place: FtpPlace) -> None:
        with (
            place.with_settings(server_name="ftp.example").open("pos") as channel,
            pytest.raises(ChannelTlsError),
        ):
            channel.put("pos", NAME, b"packet")
        assert place.kept("pos") == {}

    def test_the_pinned_certificate_is_accepted_whoever_signed_it(self, place: FtpPlace) -> None:
        seen = seen_certificate(place.with_settings(ca_file=None).settings)
        with_colons = ":".join(seen[at : at + 2] for at in range(0, 64, 2)).upper()
        for pin in (seen, with_colons):
            pinned = place.with_settings(ca_file=None, server_name="x.example", pin_sha256=pin)
            with pinned.open("pos") as channel:
                channel.put("pos", NAME, b"packet")
                assert channel.get("pos", NAME, LIMIT) == b"packet"

    def test_another_certificate_than_the_pinned_is_refused(self, place: FtpPlace) -> None:
        with (
            place.with_settings(pin_sha256="ab" * 32).open("pos") as channel,
            pytest.raises(ChannelTlsError) as caught,
        ):
            channel.names("pos")
        assert caught.value.value == seen_certificate(place.settings)

    def test_plain_ftp_is_told_apart_from_a_wrong_password(self, place: FtpPlace) -> None:
        plain = place.with_settings(tls="plain", allow_plain=True)
        with plain.open("pos") as channel, pytest.raises(ChannelTlsError):
            channel.names("pos")


class TestPlain(ChannelContract, UploadContract):
    """The contracts, on pyftpdlib without TLS."""

    @pytest.fixture
    def place(self, plain_place: FtpPlace) -> FtpPlace:
        return plain_place

    def test_tls_is_not_given_up_silently(self, place: FtpPlace) -> None:
        encrypted = place.with_settings(tls="explicit")
        with encrypted.open("pos") as channel, pytest.raises(ChannelTlsError):
            channel.names("pos")
        with pytest.raises(ChannelTlsError):
            seen_certificate(place.settings)


class TestTls(ChannelContract, UploadContract, TlsContract):
    """The contracts, on pyftpdlib with TLS."""

    @pytest.fixture
    def place(self, tls_place: FtpPlace) -> FtpPlace:
        return tls_place

    def test_a_wrong_password_needs_a_person(self, place: FtpPlace) -> None:
        with (
            place.with_settings(password="other").open("pos") as channel,
            pytest.raises(ChannelAccessError),
        ):
            channel.names("pos")

    def test_a_valid_certificate_for_another_host_needs_its_name(
        self, tmp_path: Path, papers: Papers
    ) -> None:
        with FtpServer(
            tmp_path, user=USER, password=PASSWORD, tls_cert=papers.other_name
        ) as server:
            place = FtpPlace(settings_for(server.port, papers), tmp_path)
            with place.open("pos") as channel, pytest.raises(ChannelTlsError):
                channel.names("pos")
            with place.with_settings(server_name="other.example").open("pos") as channel:
                channel.put("pos", NAME, b"packet")
        assert place.kept("pos") == {NAME: b"packet"}


class TestVsftpd(ChannelContract, UploadContract, TlsContract):
    """The contracts, on vsftpd, which insists that TLS sessions are resumed."""

    @pytest.fixture
    def place(self, vsftpd_place: FtpPlace) -> FtpPlace:
        return vsftpd_place


class TestProftpd(ChannelContract, UploadContract, TlsContract):
    """The contracts, on ProFTPD, which insists on resumed sessions and overwrites nothing."""

    @pytest.fixture
    def place(self, proftpd_place: FtpPlace) -> FtpPlace:
        return proftpd_place

    def test_a_wrong_password_needs_a_person(self, place: FtpPlace) -> None:
        with (
            place.with_settings(password="other").open("pos") as channel,
            pytest.raises(ChannelAccessError),
        ):
            channel.names("pos")


class TestSettings:
    """Settings are checked before anything is sent, and keep the password to themselves."""

    good = FtpSettings(HOST, USER, PASSWORD, "comptoir/3f9a61c2")

    def test_plain_must_be_allowed(self) -> None:
        with pytest.raises(PlainFtpError) as caught:
            replace(self.good, tls="plain")
        assert caught.value.exit_code == 2
        assert replace(self.good, tls="plain", allow_plain=True).tls == "plain"

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("host", ""),
            ("host", "ftp://example.org"),
            ("user", "a\r\nDELE b"),
            ("password", "a\nb"),
            ("root", ""),
            ("root", "../elsewhere"),
            ("root", "a//b"),
            ("root", "a\r\nb"),
            ("port", 0),
            ("port", 70000),
            ("tls", "implicit"),
            ("pin_sha256", "abc"),
            ("pin_sha256", ""),
            ("timeout", 0),
            ("tls_max", "1.1"),
        ],
    )
    def test_a_setting_that_makes_no_sense_is_named(self, setting: str, value: object) -> None:
        with pytest.raises(FtpSettingsError) as caught:
            replace(self.good, **{setting: value})  # type: ignore[arg-type] # wrong on purpose
        assert caught.value.facts["setting"] == setting
        assert PASSWORD not in str(caught.value)

    def test_a_missing_authority_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FtpSettingsError) as caught:
            seen_certificate(replace(self.good, ca_file=tmp_path / "none.pem"))
        assert caught.value.facts["setting"] == "ca_file"

    def test_the_password_is_not_shown(self) -> None:
        assert PASSWORD not in repr(self.good)
        assert PASSWORD not in str(self.good)
        assert USER in repr(self.good)


def test_nobody_listening_is_unreachable(tmp_path: Path) -> None:
    place = FtpPlace(settings_for(free_port()), tmp_path)
    with place.open("pos") as channel, pytest.raises(ChannelUnreachableError) as caught:
        channel.names("pos")
    assert caught.value.exit_code == 5
    with pytest.raises(ChannelUnreachableError):
        seen_certificate(place.settings)


def test_a_root_may_start_at_the_server_s_top(tmp_path: Path) -> None:
    with FtpServer(tmp_path, user=USER, password=PASSWORD) as server:
        settings = replace(settings_for(server.port), root="/comptoir/3f9a61c2")
        place = FtpPlace(settings, tmp_path)
        with place.open("pos") as channel:
            channel.put("pos", NAME, b"packet")
            channel.put("shop", NAME, b"other")
    assert place.kept("pos") == {NAME: b"packet"}
    assert place.kept("shop") == {NAME: b"other"}


def test_channels_are_dropped_and_made_anew(plain_place: FtpPlace) -> None:
    channel = plain_place.open("pos")
    channel.put("pos", NAME, b"packet")
    channel.close()
    assert channel.get("pos", NAME, LIMIT) == b"packet"
    channel.close()
