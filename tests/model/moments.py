"""Which kinds of moments a history had: an order that comes just when it hurts.

watch = Watch(ground)
watch.came(order)
watch.at("before write")
watch.seen                            # {"between reading and writing"}
"""

import sys

from tests.model.ground import Ground
from tests.model.oracle import uid_of
from tests.model.shop import WebOrder

#: Kinds of moments that a history may have: an order comes …
MOMENTS = ("between reading and writing", "between writing and looking back", "in state 0",
           "inside the look-back")  # fmt: skip


class Watch:
    """What is seen on the way.

    Args:
        ground: Where.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.seen: set[str] = set()
        self._unread: list[str] = []  # what came since orders were last read
        self._unlooked: list[str] = []  # what came since the last write
        self._written = False

    def begin_pass(self) -> None:
        """Let a pass of the agent begin."""
        self._written, self._unread, self._unlooked = False, [], []

    def came(self, order: WebOrder) -> None:
        """Note that an order came."""
        if self._ground.running == "shop":
            self._unread.append(uid_of(order))
            if self._written:
                self._unlooked.append(uid_of(order))
            if is_inside("_look_back"):
                self.seen.add(MOMENTS[3])

    def at(self, point: str) -> None:
        """Note that the agent is at this point."""
        if point == "before write" and self._unread:
            self.seen.add(MOMENTS[0])
        if point == "write":
            self._written, self._unlooked = True, []
        if point == "orders_read whole":
            self._orders_read()

    def _orders_read(self) -> None:
        if self._unlooked:
            self.seen.add(MOMENTS[1])
        if any(one.state == 0 for one in self._ground.shop.orders.values()):
            self.seen.add(MOMENTS[2])
        self._unread, self._unlooked = [], []


def is_inside(*functions: str) -> bool:
    """Return whether one of these functions of the running program is under way."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in functions:
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False
