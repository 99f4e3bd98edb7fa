"""How a history begins: old orders in the shop, and the baseline that a person fixes.

pair(ground)
ground.oracle.contained               # the old orders that the till's figures contain
"""

from types import SimpleNamespace
from typing import cast

from shop_agent.baseline import _Present, _set_all  # what the command does once it has read
from shop_agent.config import AgentSettings
from shop_agent.orders.bundles import light_order
from shop_agent.orders.collect import read_newest
from shop_agent.pass_ import profile_of
from tests.model.choosing import pick
from tests.model.goods import BOUGHT
from tests.model.ground import Ground
from tests.model.oracle import uid_of
from tests.model.rig import Rig
from tests.model.shop import STATES


def pair(ground: Ground) -> None:
    """Have old orders in the shop, and fix the baseline."""
    lacking = []
    for what, units, state, is_contained in ground.setting.old:
        order = ground.shop.place([(pick(BOUGHT, what), units)], pick(STATES, state))
        ground.pass_time(3600)
        if is_contained:
            ground.oracle.contained.add(uid_of(order))
        else:
            lacking.append(order.id)
    _fix_baseline(ground.rig, lacking)


def _fix_baseline(rig: Rig, lacking: list[int]) -> None:
    agent = rig.agent()
    webservice = rig.webservice
    profile = profile_of(agent, webservice, fresh=False)
    cursor, newest = read_newest(webservice, profile)
    read = webservice.find_any("orders", "id", lacking) if lacking else ()
    present = _Present(
        profile, cursor, newest or "", (), tuple(light_order(one, profile) for one in read)
    )
    settings = SimpleNamespace(orders=SimpleNamespace(dead_states=agent.dead_states))
    _set_all(agent.engine, cast(AgentSettings, settings), present)
