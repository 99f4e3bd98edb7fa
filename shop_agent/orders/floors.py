"""What of the orders is kept no more, by stock key: settled by both ends, or released by a person.

Works inside the caller's transaction.

    floors_of(connection)["v:104201"]["shop.example/1/…"]      # Floor(settled=2, released=0)
"""

from dataclasses import replace

from sqlalchemy import Connection

from shop_agent.orders import reserving
from shop_agent.orders.settling import settled
from shop_agent.reconcile.stock import NO_FLOOR, Floor


def floors_of(connection: Connection) -> dict[str, dict[str, Floor]]:
    """Return the floors: for each stock key, by order uid."""
    floors: dict[str, dict[str, Floor]] = {}
    for uid, units in settled(connection).items():
        for key, quantity in units.items():
            floors.setdefault(key, {})[uid] = Floor(settled=quantity)
    for uid, released in reserving.released(connection).items():
        for key, quantity in released.items():
            before = floors.setdefault(key, {}).get(uid, NO_FLOOR)
            floors[key][uid] = replace(before, released=quantity)
    return floors
