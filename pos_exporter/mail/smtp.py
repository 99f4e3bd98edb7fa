"""The SMTP mailer: encrypted unless the settings allow otherwise, certificates always verified.

SmtpMailer(SmtpPlace("smtp.example.fr", 587, "starttls", "clara", "…"), sender, to).send(letter)
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from pos_exporter.mail.port import (
    Letter,
    MailAccountError,
    MailNotSafeError,
    MailRefusedError,
    MailServerAwayError,
)

Safety = Literal["starttls", "tls", "plain"]


@dataclass(frozen=True)
class SmtpPlace:
    """Where the mail server is.

    Args:
        host: Its name.
        port: Its port.
        safety: `starttls`: encrypted before anything is said; `tls`: from the first byte;
            `plain`: not at all.
        user: Of the account; None: no login.
        password: Of the account.
        timeout: Seconds for each answer.
    """

    host: str
    port: int
    safety: Safety
    user: str | None = None
    password: str = field(default="", repr=False)
    timeout: float = 20


class SmtpMailer:
    """A mail server that takes letters for fixed people.

    Args:
        place: Where it is.
        sender: The address in `From`.
        to: The addresses in `To`.
        clock: UTC now.
        context: Of the encryption; handed in by tests, which make their own certificates.
    """

    def __init__(
        self, place: SmtpPlace, sender: str, to: Sequence[str], clock: Callable[[], datetime],
        context: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._place = place
        self._sender = sender
        self._to = tuple(to)
        self._clock = clock
        self._context = context or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Hand a letter over; one that some of the addresses refuse has left."""
        message = EmailMessage()
        message["Subject"] = letter.subject
        message["From"] = self._sender
        message["To"] = ", ".join(self._to)
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = f"<{letter.message_id}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        with self._connected() as server:
            server.send_message(message, self._sender, self._to)

    def check(self) -> None:
        """Log in and out again."""
        with self._connected() as server:
            server.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        place = self._place
        at = f"{place.host}:{place.port}"
        try:
            with self._open() as server:
                if place.safety == "starttls":
                    server.starttls(context=self._context)
                if place.user is not None:
                    server.login(place.user, place.password)
                yield server
        except ssl.SSLError as error:
            raise MailNotSafeError(place=at, reason=error.reason or "TLS") from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailNotSafeError(place=at, reason=error) from error
        except smtplib.SMTPRecipientsRefused as error:
            # Its own text holds the addresses: they are the merchant's, and in the settings.
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            raise MailRefusedError(place=at, reason=", ".join(codes)) from error
        except smtplib.SMTPResponseException as error:
            raise MailRefusedError(place=at, reason=error.smtp_code) from error
        except UnicodeError:
            # Its own words may hold the password.
            raise MailAccountError(place=at) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAwayError(place=at, reason=type(error).__name__) from error

    def _open(self) -> smtplib.SMTP:
        place = self._place
        if place.safety == "tls":
            return smtplib.SMTP_SSL(
                place.host, place.port, timeout=place.timeout, context=self._context
            )
        return smtplib.SMTP(place.host, place.port, timeout=place.timeout)
