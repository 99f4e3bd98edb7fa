"""A pass's position, proven when it is first needed: an idle pass lists one directory alone.

Rules: the peer's directory is listed once. As long as it lies as it did after the last reading, and
nothing is in doubt, nothing can be taken wrongly, and the position is proven only before something
is written: into the shop, or onto the channel (SPEC §7.4). Otherwise it is proven first of all.

    proof = Proof(link, engine, channel)
    received = proof.receive()
    proof.require()                  # before the first write; False: not proven, so no write
    sent = proof.send()
"""

from sqlalchemy import Engine

from protocol.channel.port import Channel
from protocol.link.inbox import Taken
from protocol.link.link import Link, Sent


class Proof:
    """One pass's dealings with the channel.

    Args:
        link: One program's end of the line.
        engine: Its state database.
        channel: Open.
    """

    def __init__(self, link: Link, engine: Engine, channel: Channel) -> None:
        self._link = link
        self._engine = engine
        self._channel = channel
        self._is_looked = False
        self._listing = channel.names(link.keys.require_peer().role)
        if not link.may_rest(engine, self._listing):
            self.require()

    def receive(self) -> Taken:
        """Take what the peer wrote."""
        return self._link.receive(self._engine, self._channel, self._listing)

    def require(self) -> bool:
        """Prove the position unless this pass did; return whether it is proven."""
        if not self._is_looked:
            self._is_looked = True
            return self._link.prove_position(self._engine, self._channel)
        return self._link.is_proven(self._engine)

    def send(self) -> Sent:
        """Send what there is to be sent; ask the channel nothing where there is nothing."""
        if not self._is_looked and not self._link.has_to_send(self._engine):
            return Sent()
        self.require()
        return self._link.send(self._engine, self._channel)
