"""Who stands behind several customers of the shop: one person for each e-mail.

PrestaShop makes a customer of every guest order, though the guest have an account, and takes the
same e-mail as often as it comes. For the till all of them are one: the first, the one with the
lowest id. That is the shop's own knowledge, so that an agent which lost its state says the same.

    persons = read_persons(shop, profile, customers)
    persons[31]      # Person(id=12, has_account=True): customer 12 has the same e-mail
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.query import one_of, value_filters
from shop_agent.prestashop.resource_types import names
from shop_agent.profile import Profile

#: Bytes of e-mails in one address: far under what servers take.
_ROOM = 3_000
_DISPLAY = names("id email is_guest")


@dataclass(frozen=True)
class Person:
    """Whoever has an e-mail.

    Args:
        id: The lowest customer id that bears it.
        has_account: One of these customers is not a guest.
    """

    id: int
    has_account: bool


def read_persons(
    shop: Webservice, profile: Profile, customers: Iterable[Entity]
) -> Mapping[int, Person]:
    """Return the person behind each of these customers, by customer id.

    A customer without an e-mail is nobody else.
    """
    mails = {one.id: _mail(one) for one in customers}
    passing = {"id_shop": one_of([profile.shop_id])}
    known: dict[str, Person] = {}
    for wanted in value_filters(sorted({mail for mail in mails.values() if mail}), _ROOM):
        for one in shop.find("customers", {**passing, "email": wanted}, display=_DISPLAY):
            _join(known, one)
    return {number: _with(known.get(mail), number) for number, mail in mails.items() if mail}


def _mail(customer: Entity) -> str:
    # Shops of all versions compare e-mails without case.
    return customer.text("email").strip().lower()


def _join(known: dict[str, Person], one: Entity) -> None:
    mail, account = _mail(one), not one.flag("is_guest")
    before = known.get(mail)
    known[mail] = Person(
        min(one.id, before.id) if before else one.id,
        account or bool(before and before.has_account),
    )


def _with(person: Person | None, number: int) -> Person:
    """Return a person who is at most this customer, should the shop have answered without them."""
    if person is None:
        return Person(number, has_account=True)
    return Person(min(person.id, number), person.has_account)
