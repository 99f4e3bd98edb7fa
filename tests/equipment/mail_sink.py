"""A mail server on loopback that keeps what it is given and sends nothing on.

with MailSink() as sink:
    ...                                  # a shop is told that its mail server is at sink.port
    sink.sent_to("zoe@example.com")      # the texts of the mails, in order
"""

import email
import socket
from dataclasses import dataclass
from email import policy
from threading import Lock
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Mail:
    """One mail: whom it goes to, and all that it says, subject first."""

    to: tuple[str, ...]
    text: str


class _Keeper:
    """Takes every mail."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.mails: list[Mail] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        mail = Mail(tuple(envelope.rcpt_tos), _text(envelope.original_content or b""))
        with self.lock:
            self.mails.append(mail)
        return "250 kept"


class MailSink:
    """The server, while the `with` block runs."""

    def __init__(self) -> None:
        self._keeper = _Keeper()
        #: Where it listens.
        self.port = _free_port()
        self._controller = Controller(self._keeper, hostname=HOST, port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def sent_to(self, address: str) -> list[str]:
        """Return the texts of the mails to one address, in order."""
        with self._keeper.lock:
            return [one.text for one in self._keeper.mails if address in one.to]


def _free_port() -> int:
    """Return a port that nobody has: the controller must be told one."""
    with socket.socket() as sought:
        sought.bind((HOST, 0))
        port: int = sought.getsockname()[1]
        return port


def _text(content: bytes) -> str:
    """Return the subject and every readable part of a mail."""
    message = email.message_from_bytes(content, policy=policy.default)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message["subject"]), *(part.get_content() for part in parts)])
