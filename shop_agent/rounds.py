"""What a pass does beside reading new orders: looks in turn, reads again at night, counts the ids.

rounds = Rounds(desk, profile, orders)
ids = rounds.look_around()            # at most two requests where nothing is new
ids |= rounds.nightly()               # the last 30 days again, and ids that were never seen
touched = orders.collect(full=full, ids=ids)
"""

from datetime import timedelta

from shop_agent.apply import Desk
from shop_agent.orders import positions, rereading
from shop_agent.orders.rota import CUSTOMERS, Look, Seen, look_at, orders_of_addresses
from shop_agent.orders.shop_time import local_now
from shop_agent.profile import Profile
from shop_agent.watch import Orders

#: Orders of so many days are read again every night, and follow their addresses.
REREAD = timedelta(days=30)
#: Ids of one night that are asked for one by one; the rest the night after.
_GAPS_AT_ONCE = 500


class Rounds:
    """The rounds of one pass.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
        orders: The order book.
    """

    def __init__(self, desk: Desk, profile: Profile, orders: Orders) -> None:
        self._desk = desk
        self._profile = profile
        self._orders = orders

    def look_around(self, *, everything: bool = False) -> frozenset[int]:
        """Look at what is due, or at everything; return the orders to be read whole for it.

        How far was looked is kept at once, and so is what is to be read: a pass that stops before
        it leaves that to the next.
        """
        with self._desk.engine.connect() as connection:
            rota = positions.get_rota(connection)
        now = self._desk.clock()
        due = rota.due(now, everything=everything)
        ids: set[int] = set()
        for resource in due:
            if resource == CUSTOMERS:
                self._orders.collect_customers()
                rota = rota.after(resource, Seen(now))
                continue
            look = look_at(self._desk.shop, self._profile, resource, rota.seen(resource), now=now)
            rota = rota.after(resource, look.seen)
            ids |= self._orders_of(look)
        with self._desk.engine.begin() as connection:
            for one in ids:
                rereading.read_again_by_id(connection, one)
            positions.keep_rota(connection, rota)
        return frozenset(ids)

    def nightly(self) -> frozenset[int]:
        """Return the orders of the last days, and those whose ids were passed over."""
        since = local_now(self._desk.clock() - REREAD, self._profile.timezone)
        with self._desk.engine.connect() as connection:
            recent = rereading.placed_since(connection, since)
        return frozenset(recent) | self._passed_over()

    def _orders_of(self, look: Look) -> frozenset[int]:
        since = local_now(self._desk.clock() - REREAD, self._profile.timezone)
        found = orders_of_addresses(self._desk.shop, self._profile, look.addresses, since)
        with self._desk.engine.connect() as connection:
            named = rereading.ids_of(connection, look.references) if look.references else ()
            moved = {
                one
                for one, state in look.states.items()
                if not rereading.is_in(connection, one, state)
            }
        return look.ids | moved | found | frozenset(named)

    def _passed_over(self) -> frozenset[int]:
        """Return ids that the shop has and the book has not; those of nobody are said once."""
        with self._desk.engine.connect() as connection:
            first = positions.gaps_seen_to(connection) + 1
            last = positions.get_cursor(connection).after_id
            known = rereading.known_ids(connection, first, last)
        missing = [one for one in range(first, last + 1) if one not in known][:_GAPS_AT_ONCE]
        up_to = last if len(missing) < _GAPS_AT_ONCE else missing[-1]
        there = {
            one.id: one.whole("id_shop")
            for one in (
                self._desk.shop.find_any("orders", "id", missing, display=("id", "id_shop"))
                if missing
                else ()
            )
        }
        self._desk.report.absent_orders.extend(one for one in missing if one not in there)
        with self._desk.engine.begin() as connection:
            positions.keep_gaps(connection, max(up_to, first - 1))
        return frozenset(one for one, shop in there.items() if shop == self._profile.shop_id)
