"""What is peculiar to combinations: where they hang, which is the default, what they wait for.

is_left(wanted, combination)              # it is under another product than its article's
unmet_base("v", product_memory, context)  # "1042": its price is not in the shop yet
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


def is_left(wanted: Wanted, site: Entity) -> bool:
    """Return whether a variant's combination is under another product than its article's."""
    if wanted.resource != "combinations":
        return False
    return wanted.on_create["id_product"] != site.text("id_product")


def unmet_base(variant: str, product: Memory, context: Context) -> str | None:
    """Return the article whose price a variant hangs on and the shop does not have; else None."""
    fact = context.facts("variant", variant)
    if not isinstance(fact, Variant) or fact.price is None:
        return None
    article = context.facts("article", fact.article)
    if not isinstance(article, Article):
        return None
    base = normal("products", "price", format_decimal(base_price(article, context)[0]))
    last = product.last.get(("price", 0))
    is_there = last is not None and last.sent == base and ("price", 0) not in product.pending
    return None if is_there else fact.article


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
