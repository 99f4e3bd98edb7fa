"""Quiet: everything is said and done, then the site and the till are as they should be.

rest(world)                           # BrokenPromiseError when they are not
print(account(world))
"""

from tests.model.goods import KEYS
from tests.model.oracle import kept_by, uid_of
from tests.model.promise import BrokenPromiseError
from tests.model.world import ModelWorld

#: Rounds of both programs after which everything must have been said.
ROUNDS = 40
#: Rounds in which nothing moves any more.
PATIENCE = 8


def rest(world: ModelWorld) -> None:
    """Let everything be said and done, then compare; nothing else happens any more.

    Raises:
        BrokenPromiseError: The site, or the till's orders, are not as they should be.
    """
    for order in list(world.shop.orders.values()):
        if order.state == 0:
            world.shop.finish(order)
    world.road.show_all()
    problem, same = "", 0
    for number in range(ROUNDS):
        world.pass_time(3700 if number else 86400)  # longer than the next promised word
        world.trace.append(f"{world.now:%H:%M:%S} rest {number + 1}")
        _people(world)
        if _is_stopped(world):
            world.do_accept()
        world.do_export(0)
        # What the figures need comes with any pass; orders may have to wait for the night.
        is_night = world.is_stale or (same >= 1 and not _wrong_figures(world))
        world.do_agent(1 if is_night else 0)
        before, problem = problem, differences(world)
        if not problem and number:
            return
        same = same + 1 if problem == before else 0
        if same == PATIENCE:
            break
    raise BrokenPromiseError(f"at rest: {problem}")


def _people(world: ModelWorld) -> None:
    """Let people do at the till what it does not take by itself."""
    world.till_people.do_click()
    for one in world.shop.orders.values():
        if uid_of(one) in world.till.orders and not world.till.takes_changes:
            world.till.follow(uid_of(one), kept_by(one))


def _is_stopped(world: ModelWorld) -> bool:
    return world.stopped in ("E-ORD-001", "E-CAS-008")


def differences(world: ModelWorld) -> str:
    """Return what is not as it should be at rest; empty: nothing."""
    return "; ".join([*_wrong_figures(world), *_wrong_orders(world)])


def _wrong_figures(world: ModelWorld) -> list[str]:
    wrong = []
    for key in KEYS:
        least, most = world.oracle.exact(key, world.shop.orders.values(), world.buffer)
        if not least <= world.shop.shelf[key] <= most:
            wanted = str(most) if least == most else f"{least} to {most}"
            wrong.append(f"{key}: the site shows {world.shop.shelf[key]}, not {wanted}")
    return wrong


def _wrong_orders(world: ModelWorld) -> list[str]:
    wrong = []
    enters = {2, 3, 4, 5, 9, 13}
    for order in world.shop.orders.values():
        uid = uid_of(order)
        if uid in world.oracle.contained:
            if uid in world.till.orders:
                wrong.append(f"order {order.id}: in the till twice")
            continue
        has = uid in world.till.orders
        if order.state in enters and order.lines and not has:
            wrong.append(f"order {order.id}: not in the till")
        if has and world.till.takes_changes and world.till.kept(uid) != kept_by(order):
            wrong.append(f"order {order.id}: the till has {world.till.kept(uid)}")
    return wrong


def account(world: ModelWorld) -> str:
    """Return the figures as they stand, for people."""
    lines = [
        f"{key}: site {world.shop.shelf[key]}, till {world.till.stock[key]}, "
        f"wanted {world.oracle.exact(key, world.shop.orders.values(), world.buffer)}"
        for key in KEYS
    ]
    lines += [
        f"order {one.id}: state {one.state}, {kept_by(one)}, "
        f"in the till {uid_of(one) in world.till.orders}, "
        f"counted {world.till.counted.get(uid_of(one), {})}"
        for one in world.shop.orders.values()
    ]
    return "\n".join(lines)
