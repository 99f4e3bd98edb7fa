"""Is it still the shop that the pairing was made with? Asked before anything is read or written.

A copy of a shop (staging, a move to another host) answers under another address or calls itself by
another domain, and holds the same order ids: what is sold there must not reach the till before a
person says that it is the shop now. A shop that gave an order id a second time was restored from a
backup: its orders go on coming home, and nothing is written to it until a person says so.

    check_same(connection, profile, accepted=False)      # raises ShopMovedError
    check_not_restored(connection)                       # raises ShopGivenAgainError
"""

import json

from sqlalchemy import Connection

from protocol.errors import NeedsPersonError, Text
from shop_agent.case_errors import ShopGivenAgainError
from shop_agent.orders import rereading
from shop_agent.orders.positions import get_baseline, get_cursor
from shop_agent.profile import Profile, instance_of
from shop_agent.replica import Replica

#: A person's yes to a shop that bears another name than at the pairing.
MOVED = "moved"
_IDENTITY, _RESTORED, _FREE = "shop_identity", "shop_restored", "shop_free_ids"
_MANY = 10


class ShopMovedError(NeedsPersonError):
    """The shop is not called as it was: a copy, or the shop itself after a move."""

    code = "E-ORD-004"
    what = Text(
        "La boutique a changé de nom : {before} avant, {now} maintenant. Est-ce une copie ?",
        "The shop changed its name: {before} before, {now} now. Is it a copy?",
    )
    remedy = Text(
        "Une copie (préproduction) demande son propre appairage, avec une caisse d'essai. Si c'est "
        "bien la boutique qui vend, le confirmer : « shop-agent sync --accept moved »",
        "A copy (staging) needs a pairing of its own, with a till to try. If it is the shop that "
        "sells, confirm: « shop-agent sync --accept moved »",
    )


def check_same(connection: Connection, profile: Profile, *, accepted: bool) -> None:
    """Compare the shop's address and domain with those of the pairing, and keep them at first.

    Args:
        connection: The caller's transaction.
        profile: As it was just read.
        accepted: A person says that this is the shop.

    Raises:
        ShopMovedError: they differ.
    """
    replica = Replica(connection)
    here = [instance_of(profile.url, profile.shop_id), profile.settings.get("PS_SHOP_DOMAIN", "")]
    kept = replica.setting(_IDENTITY)
    if kept and not accepted and json.loads(kept) != here:
        before, now = (
            " / ".join(one for one in names if one) for names in (json.loads(kept), here)
        )
        raise ShopMovedError(place="shop", before=before, now=now)
    replica.set_setting(_IDENTITY, json.dumps(here))


def note_restored(connection: Connection, reference: str) -> None:
    """Note an order that bears an id given before: from now on nothing is written to the shop."""
    replica = Replica(connection)
    known = [one for one in (replica.setting(_RESTORED) or "").split(", ") if one]
    if reference not in known and len(known) < _MANY:
        replica.set_setting(_RESTORED, ", ".join([*known, reference]))


def forget_restored(connection: Connection) -> None:
    """Take a person's word that the shop is as it shall be.

    The ids of orders that went with the restore will be given again, each once, and prove nothing.
    """
    highest = get_cursor(connection).after_id
    lost = {*rereading.ids_above(connection, highest)}
    lost |= {*range(highest + 1, get_baseline(connection).up_to + 1)}
    replica = Replica(connection)
    replica.set_setting(_RESTORED, "")
    replica.set_setting(_FREE, json.dumps(sorted(lost)))


def may_be_given(connection: Connection, order_id: int) -> bool:
    """Return whether a person's yes covers that this id is given again; it does so once."""
    replica = Replica(connection)
    free = json.loads(replica.setting(_FREE) or "[]")
    if order_id not in free:
        return False
    replica.set_setting(_FREE, json.dumps([one for one in free if one != order_id]))
    return True


def check_not_restored(connection: Connection) -> None:
    """Raise when the shop gave ids a second time, and nobody has said yet that it may be written.

    Raises:
        ShopGivenAgainError: that is so.
    """
    known = Replica(connection).setting(_RESTORED)
    if known:
        raise ShopGivenAgainError(place="orders", orders=known)
