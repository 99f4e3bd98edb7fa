"""What belongs to an article or a variant and is an entity of its own in the shop.

The rule for what is out of stock stands on the product's stock row; what suppliers call it and ask
for it, on rows of product_suppliers. Only rows that are ours are removed: those that we made, and
those that were there for a supplier whom the till names.

    Beside(desk, profile, applier).write(records, context)
"""

from collections.abc import Iterable, Mapping, Sequence

from protocol.errors import RefusedItemError
from protocol.records import Article, Record, Variant
from shop_agent.actions import Action, Adopt, Refuse, Settle, Subject, Wait
from shop_agent.apply import Applier, Desk, is_waiting
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.plan import Memory, plan_creation, plan_entity
from shop_agent.reconcile.wanted import Context, Wanted
from shop_agent.reconcile.wanted.offers import (
    SUPPLY,
    offers,
    place_of,
    rule_of_stock,
    supply_key,
)
from shop_agent.reconcile.wanted.shape import subject_of
from shop_agent.replica import Replica
from shop_agent.stock_rows import is_our_row

_ROWS = "product_suppliers"


class Beside:
    """Writes the rows beside products and combinations.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
        applier: Carries actions out.
    """

    def __init__(self, desk: Desk, profile: Profile, applier: Applier) -> None:
        self._desk = desk
        self._profile = profile
        self._applier = applier

    def write(self, facts: Iterable[Record], context: Context) -> None:
        """Bring the rows beside these articles or variants to what the till says.

        A fact whose row could not be written is failed: it is not settled.
        """
        ready = [fact for fact in facts if self._is_there(fact, context)]
        self._write_rules(ready, context)
        self._write_offers(ready, context)

    def _is_there(self, fact: Record, context: Context) -> bool:
        place = place_of(fact, context)
        is_real = place is not None and min(place) >= 0 and place[0] > 0
        return is_real and subject_of(fact) not in self._desk.failed

    # --- when out of stock -------------------------------------------------------------------

    def _write_rules(self, facts: Sequence[Record], context: Context) -> None:
        rules = {
            place[0]: rule
            for fact in facts
            if (rule := rule_of_stock(fact, context)) and (place := place_of(fact, context))
        }
        if not rules:
            return
        filters = {"id_product_attribute": "0"}
        found = self._desk.shop.find_any(
            "stock_availables", "id_product", sorted(rules), filters=filters
        )
        rows = [row for row in found if is_our_row(row, self._profile)]
        memories = self._memories("stock_availables", [row.id for row in rows])
        actions: list[Action] = []
        for row in rows:
            rule = rules[row.whole("id_product")]
            actions += self._planned(rule, row, memories[row.id])
        self._applier.carry_out(actions)

    # --- suppliers ---------------------------------------------------------------------------

    def _write_offers(self, facts: Sequence[Record], context: Context) -> None:
        wanted: dict[Subject, tuple[Wanted, ...]] = {}
        for fact in facts:
            rows = self._offers(fact, context)
            if rows is not None:
                wanted[subject_of(fact)] = rows
        places = {subject_of(fact): place_of(fact, context) for fact in facts}
        products = sorted({place[0] for one in wanted if (place := places[one])})
        if not products:
            return
        there = {_key(row): row for row in self._desk.shop.find_any(_ROWS, "id_product", products)}
        owners = {row.subject: one for one, rows in wanted.items() for row in rows}
        self._carry_out([row for rows in wanted.values() for row in rows], there, owners)
        kept = {subject.key for subject in owners}
        ours = {places[one] for one in wanted}
        self._remove([row for key, row in there.items() if key not in kept and _place(row) in ours])

    def _offers(self, fact: Record, context: Context) -> tuple[Wanted, ...] | None:
        if not isinstance(fact, Article | Variant):
            return None
        try:
            return offers(fact, context)
        except RefusedItemError as error:
            kind = Wait if is_waiting(error) else Refuse
            self._applier.carry_out([kind(subject_of(fact), error.problem())])
            return None

    def _carry_out(
        self,
        wanted: Sequence[Wanted],
        there: Mapping[str, Entity],
        owners: Mapping[Subject, Subject],
    ) -> None:
        memories = self._memories(_ROWS, [row.id for row in there.values()])
        actions: list[Action] = []
        for one in wanted:
            row = there.get(one.subject.key)
            if row is None:
                actions.append(plan_creation(one))
            elif self._desk.links(SUPPLY, one.subject.key) == row.id:
                actions += self._planned(one, row, memories[row.id])
            else:
                actions.append(Adopt(one.subject, _ROWS, row.id))
                actions += self._planned(one, row, Memory())
        before = len(self._desk.report.refused)
        try:
            self._applier.carry_out(actions)
        finally:
            self._blame_owners(owners, before)
        self._applier.close_looked_at([one.subject for one in wanted])

    def _blame_owners(self, owners: Mapping[Subject, Subject], before: int) -> None:
        """Fail the facts whose rows failed; a refusal of a row is a refusal of its fact."""
        failed = {owner for row, owner in owners.items() if row in self._desk.failed}
        self._desk.failed |= failed
        refused = self._desk.report.refused[before:]
        if not refused or self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            for row, problem in refused:
                if row in owners:
                    self._desk.tell(connection, owners[row], "refused", problem)
                    Replica(connection).mark_clean(owners[row])

    def _remove(self, rows: Sequence[Entity]) -> None:
        for row in rows:
            subject = Subject(SUPPLY, _key(row))
            if self._desk.links(SUPPLY, subject.key) != row.id:
                continue
            self._desk.report.count(_ROWS, "deleted")
            if self._desk.dry:
                continue
            self._desk.shop.delete(_ROWS, row.id)
            with self._desk.engine.begin() as connection:
                replica = Replica(connection)
                replica.unlink(subject)
                replica.journal.forget_writes(_ROWS, row.id)
            self._desk.links.drop(subject)

    # --- notes -------------------------------------------------------------------------------

    def _memories(self, resource: str, ids: Sequence[int]) -> dict[int, Memory]:
        with self._desk.engine.connect() as connection:
            return Replica(connection).journal.memories(resource, ids)

    def _planned(self, wanted: Wanted, row: Entity, memory: Memory) -> list[Action]:
        actions = plan_entity(wanted, row, memory, self._profile)
        return [action for action in actions if not isinstance(action, Settle)]


def _key(row: Entity) -> str:
    product, combination = _place(row)
    return supply_key(product, combination, row.whole("id_supplier"))


def _place(row: Entity) -> tuple[int, int]:
    return row.whole("id_product"), row.whole("id_product_attribute")
