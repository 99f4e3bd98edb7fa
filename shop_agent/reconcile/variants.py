"""What is peculiar to combinations: where they hang, which is the default, what they wait for.

is_left(wanted, combination)              # it is under another product than its article's
unmet_base("v", memory, combination, context)   # "1042": its price is not in the shop yet
with_defaults(actions, {"7"})             # the first combination of product 8 is its default
"""

from collections.abc import Sequence
from dataclasses import replace

from protocol.money import format_decimal
from protocol.records import Article, Variant
from shop_agent.actions import Action, Create
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.plan import Memory
from shop_agent.reconcile.wanted import Context, Wanted, base_price, normal

_PRICE = ("price", 0)


def is_left(wanted: Wanted, site: Entity) -> bool:
    """Return whether a variant's combination is under another product than its article's."""
    if wanted.resource != "combinations":
        return False
    return wanted.on_create["id_product"] != site.text("id_product")


def unmet_base(
    variant: str, product: Memory, combination: Memory | None, context: Context
) -> str | None:
    """Return the article whose price a variant hangs on and the shop does not have; else None.

    Args:
        variant: Its key.
        product: What was written of its article's price and tax.
        combination: What was written of the variant; None when the shop does not have it.
        context: Of the till.
    """
    fact = context.facts("variant", variant)
    if not isinstance(fact, Variant) or (fact.price is None and not _has_impact(combination)):
        return None
    article = context.facts("article", fact.article)
    if not isinstance(article, Article):
        return None
    net, rate = base_price(article, context)
    wanted = {"price": format_decimal(net)}
    group = context.profile.tax_groups.get(rate)
    if group is not None and context.owner("article.tax_rate") == "till":
        wanted["id_tax_rules_group"] = str(group)
    met = all(_is_written(name, text, product) for name, text in wanted.items())
    return None if met else fact.article


def _has_impact(combination: Memory | None) -> bool:
    """Return whether a combination has had a price of its own, or may have."""
    if combination is None:
        return False
    last = combination.last.get(_PRICE)
    return last is None or last.sent != "0" or _PRICE in combination.pending


def _is_written(name: str, text: str, product: Memory) -> bool:
    last = product.last.get((name, 0))
    is_sent = last is not None and last.sent == normal("products", name, text)
    return is_sent and (name, 0) not in product.pending


def with_defaults(actions: Sequence[Action], have: set[str]) -> list[Action]:
    """Make the first combination of a product its default: without one its price shows as 0.

    Args:
        actions: The plan.
        have: Products that have a default; those that get one are added.
    """
    chosen: list[Action] = []
    for action in actions:
        if (
            isinstance(action, Create)
            and (product := action.write.fields["id_product"]) not in have
        ):
            have.add(str(product))
            fields = {**action.write.fields, "default_on": "1"}
            action = replace(action, write=replace(action.write, fields=fields))
        chosen.append(action)
    return chosen
