"""Backups, and what is lost or comes back: a program's state, the shop, the till.

losses = Losses(ground)
losses.do_backup(0)                   # of the shop
losses.do_restore(0)
"""

from tests.model.choosing import side_of
from tests.model.ground import Ground
from tests.model.oracle import NOTHING, uid_of
from tests.model.rig import Copy


class Losses:
    """The last backup of each.

    Args:
        ground: What they are of.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._backups: dict[str, Copy] = {}
        self._memory = NOTHING  # what the agent's backup knows
        self._shop_backup = ground.shop.saved()
        self._till_backup = ground.till.saved()

    def begin(self) -> None:
        """Have a backup made of everything."""
        ground = self._ground
        self._shop_backup, self._till_backup = ground.shop.saved(), ground.till.saved()
        self._backups = {"pos": ground.rig.pos.saved(), "shop": ground.rig.shop.saved()}

    def do_backup(self, what: int) -> None:
        """A backup is made: of a program's state, of the shop, or of the till."""
        kind = what % 4
        if self._ground.running or kind == 0:
            self._shop_backup = self._ground.shop.saved()
        elif kind == 1:
            self._till_backup = self._ground.till.saved()
        else:
            side = side_of(kind)
            self._backups[side] = self._ground.rig.base(side).saved()
            if side == "shop":
                self._memory = self._ground.oracle.memory()

    def do_restore(self, what: int) -> None:
        """Something comes back as its last backup has it.

        Not the agent's state while an order names a combination of the past; see `do_forget`.
        """
        if self._ground.running or (what % 4 == 3 and self._names_former()):
            return
        if what % 4 == 0:
            self._restore_shop()
        elif what % 4 == 1:
            self._ground.till.restore(self._till_backup)
        else:
            side = side_of(what)
            if side == "shop" or self._ground.rig.knows_baseline("shop"):
                self._ground.rig.base(side).restore(self._backups[side])
            if side == "shop":
                self._ground.oracle.remembers(self._memory)

    def _restore_shop(self) -> None:
        ground = self._ground
        before = {uid_of(one): one.units() for one in ground.shop.orders.values()}
        ground.is_stale = True
        ground.shop.restore(self._shop_backup)
        now = ground.present()
        read = ground.oracle.orders
        ground.put_back = {uid: (read.get(uid, {}), kept) for uid, kept in now.items()}
        for uid, units in before.items():
            if uid not in now:
                ground.oracle.lost[uid] = units  # whatever its state: the till may have it as paid
                read.pop(uid, None)
        ground.adopt()

    def do_forget(self, side: int) -> None:
        """A program's state is lost: an empty database in its place.

        Not while the other one does not know the baseline either: only a person could say it again.
        Nor the agent's while an order names a combination of the past: what that was, only a person
        could say.
        """
        where = side_of(side)
        if where == "shop" and self._names_former():
            return
        if not self._ground.running and self._ground.rig.knows_baseline(side_of(side + 1)):
            self._ground.rig.base(where).restore(self._ground.rig.base(where).empty)
            if where == "shop":
                self._ground.oracle.remembers(NOTHING)

    def _names_former(self) -> bool:
        present = {0, *self._ground.shop.combinations.values()}
        orders = self._ground.shop.orders.values()
        return any(
            line.combination not in present
            for order in orders
            for line in (*order.lines, *order.to_come)
        )
