"""`doctor` on customer groups: PrestaShop gives a group's prices to those who have it as default.

for check in check_groups(shop, profile, ["Pros"]): ...     # W08
"""

from collections.abc import Iterator, Sequence

from protocol.errors import RefusedItemError, Text
from protocol.program.checks import Check, attention, good
from protocol.records import PriceList, Promotion
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.query import one_of
from shop_agent.price_errors import GroupWithoutCustomersError
from shop_agent.profile import Profile
from shop_agent.reconcile.terms import find_group
from shop_agent.replica import Replica

_GROUP = Text("Groupe de clients « {group} »", "Customer group « {group} »")


def groups_used(replica: Replica) -> list[str]:
    """Return the customer groups that the till has prices for, in order of name."""
    records = [
        fact.record
        for kind in ("price_list", "promotion")
        for fact in replica.facts(kind, dirty_only=False)
        if fact.gone is None
    ]
    named = {one.group for one in records if isinstance(one, PriceList | Promotion) and one.group}
    return sorted(named)


def check_groups(shop: Webservice, profile: Profile, named: Sequence[str]) -> Iterator[Check]:
    """Yield one check per group: the shop has it, and somebody has it as default group."""
    for name in named:
        try:
            group = find_group(name, profile.groups, "")
        except RefusedItemError as error:
            yield attention("W08", _GROUP, error, group=name)
            continue
        filters = {"id_default_group": one_of([group]), "deleted": one_of([0])}
        if shop.find("customers", filters, display=("id",), limit=1):
            yield good("W08", _GROUP, group=name)
        else:
            yield attention("W08", _GROUP, GroupWithoutCustomersError(group=name), group=name)
