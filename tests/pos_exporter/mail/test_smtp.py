"""Letters over SMTP: encrypted, with an account, or refused; to a real server on loopback."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from pos_exporter.mail.port import (
    Letter,
    MailAccountError,
    MailError,
    MailNotSafeError,
    MailRefusedError,
    MailServerAwayError,
)
from pos_exporter.mail.smtp import SmtpMailer, SmtpPlace
from tests.protocol.channel.servers import free_port

HOST = "127.0.0.1"
NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
LETTER = Letter("Nouvelle commande É-1", "Œuvre : 49,90 €", "abc@comptoir.invalid")
AUTHORITY = trustme.CA()


class _Box:
    """Keeps what comes; refuses recipients, or the letter, when told."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses_recipients = False
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 # its name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuses_recipients:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 # its name
        if self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            self.letters.append(letter)
        return self.answer


def _login(server: Any, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"clara", b"pw")
    return AuthResult(success=right, handled=right)


@pytest.fixture
def box() -> _Box:
    return _Box()


@pytest.fixture
def server(box: _Box) -> Iterator[int]:
    """A server that asks for encryption, then for the account."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(HOST).configure_cert(context)
    port = free_port()
    controller = Controller(
        box, hostname=HOST, port=port, tls_context=context, require_starttls=True,
        auth_required=True, authenticator=_login,
    )  # fmt: skip
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def mailer(port: int, *, trusts: bool = True, **place: Any) -> SmtpMailer:
    context = ssl.create_default_context()
    if trusts:
        AUTHORITY.configure_trust(context)
    told = {"safety": "starttls", "user": "clara", "password": "pw", "timeout": 5, **place}
    to = ("clara@example.fr", "atelier@example.fr")
    return SmtpMailer(SmtpPlace(HOST, port, **told), "caisse@example.fr", to, lambda: NOW, context)


def test_a_letter_arrives_as_it_was_written(server: int, box: _Box) -> None:
    mailer(server).send(LETTER)
    [letter] = box.letters
    assert letter["Subject"] == LETTER.subject
    assert (letter["From"], letter["To"]) == (
        "caisse@example.fr", "clara@example.fr, atelier@example.fr",
    )  # fmt: skip
    assert letter["Message-ID"] == "<abc@comptoir.invalid>"
    assert letter["Date"] == "Tue, 24 Nov 2026 08:45:00 +0000"
    assert letter.get_content().strip() == LETTER.body


def test_a_look_logs_in_and_sends_nothing(server: int, box: _Box) -> None:
    mailer(server).check()
    assert box.letters == []


def failing(port: int, **how: Any) -> MailError:
    with pytest.raises(MailError) as caught:
        mailer(port, **how).send(LETTER)
    return caught.value


def test_a_certificate_that_nobody_knows_is_not_trusted(server: int, box: _Box) -> None:
    error = failing(server, trusts=False)
    assert (type(error), box.letters) == (MailNotSafeError, [])


def test_a_server_without_encryption_is_told_nothing(box: _Box) -> None:
    controller = Controller(box, hostname=HOST, port=free_port())
    controller.start()
    try:
        error = failing(controller.port)
        assert (type(error), box.letters) == (MailNotSafeError, [])
        mailer(controller.port, safety="plain", user=None).send(LETTER)
        assert len(box.letters) == 1
    finally:
        controller.stop()


def test_a_wrong_password_is_refused_and_named_nowhere(server: int, box: _Box) -> None:
    error = failing(server, password="wrong-one")
    assert (type(error), box.letters) == (MailRefusedError, [])
    assert "wrong-one" not in error.problem().line("fr")


def test_refused_addresses_and_letters_are_refusals(server: int, box: _Box) -> None:
    box.refuses_recipients = True
    error = failing(server)
    assert (type(error), "example.fr" in error.problem().line("fr")) == (MailRefusedError, False)
    box.refuses_recipients, box.answer = False, "554 no"
    assert type(failing(server)) is MailRefusedError


def test_a_server_that_is_not_there_is_away(box: _Box) -> None:
    assert type(failing(free_port())) is MailServerAwayError


@pytest.mark.parametrize("place", [{"password": "été-2026"}, {"user": "zoé"}])
def test_an_account_that_smtp_cannot_carry_is_told_and_stops_nothing(
    server: int, box: _Box, place: dict[str, str]
) -> None:
    error = failing(server, **place)
    assert (type(error), error.code) == (MailAccountError, "E-MAIL-005")
    assert not any(told in error.problem().line("fr") for told in place.values())
