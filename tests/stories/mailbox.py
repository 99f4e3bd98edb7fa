"""What a shop writes to its customers, whatever stands behind: the simulator's list, or a server.

A real shop is told, in its own settings, that its mail server is one of ours; afterwards it gets
its settings back.

    with open_mailbox(front) as mailbox:
        mailbox.since_now("zoe@example.com")
        ...
        mailbox.news("zoe@example.com")      # the mails since then, as texts
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from tests.equipment.mail_sink import HOST, MailSink
from tests.stories.real import RealShopfront
from tests.stories.shopfront import Shopfront
from tests.stories.simulated import SimulatedShopfront

FOLLOW = "https://suivi.example/?colis=@"


class Mailbox(ABC):
    """Mails by address."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    @abstractmethod
    def all(self, address: str) -> list[str]:
        """Return every mail to an address."""

    def since_now(self, address: str) -> None:
        """Leave out of `news` what has come so far."""
        self._seen[address] = len(self.all(address))

    def news(self, address: str) -> list[str]:
        """Return the mails to an address since `since_now`."""
        return self.all(address)[self._seen.get(address, 0) :]


class SimulatedMailbox(Mailbox):
    """The simulator's list of the mails that PrestaShop would send."""

    def __init__(self, front: SimulatedShopfront) -> None:
        super().__init__()
        self._front = front

    def all(self, address: str) -> list[str]:
        rows = self._front.shop.query(
            "SELECT template, tracking FROM mails WHERE recipient = ? ORDER BY id", address
        )
        return [f"{row['template']} {row['tracking'] or ''}" for row in rows]


class RealMailbox(Mailbox):
    """A mail server of ours behind a real shop."""

    def __init__(self, sink: MailSink) -> None:
        super().__init__()
        self._sink = sink

    def all(self, address: str) -> list[str]:
        return self._sink.sent_to(address)


@contextmanager
def open_mailbox(front: Shopfront) -> Iterator[Mailbox]:
    """Give what a shop writes to its customers from now on."""
    if isinstance(front, SimulatedShopfront):
        yield SimulatedMailbox(front)
    elif isinstance(front, RealShopfront):
        with MailSink() as sink, _mail_server(front, sink.port):
            yield RealMailbox(sink)


@contextmanager
def _mail_server(front: RealShopfront, port: int) -> Iterator[None]:
    """Have a real shop send its mails to a port of this machine, for a while."""
    wanted = {
        "PS_MAIL_METHOD": "2", "PS_MAIL_SERVER": HOST, "PS_MAIL_SMTP_PORT": str(port),
        "PS_MAIL_SMTP_ENCRYPTION": "off", "PS_MAIL_USER": "", "PS_MAIL_PASSWD": "",
        "PS_MAIL_TYPE": "3",
    }  # fmt: skip
    before = {name: front.find_setting(name) for name in wanted}
    try:
        for name, value in wanted.items():
            front.change_setting(name, value)
        yield
    finally:
        for name, text in before.items():
            front.change_setting(name, text)
