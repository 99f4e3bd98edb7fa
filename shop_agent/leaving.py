"""What variants leave in the shop: combinations without stock, and rows that must show 0.

leaving = Leaving(desk, profile)
leaving.empty("id_product", [7], {"id_product_attribute": "0"})
leaving.left_behind(gone_facts)     # {variant v: Problem(E-AGT-009)}
"""

from collections.abc import Mapping, Sequence

from protocol.errors import Problem
from protocol.records import Variant
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.errors import LeftCombinationError
from shop_agent.history import Line
from shop_agent.prestashop.batch import write_batch
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.profile import Profile
from shop_agent.replica import Fact, Replica
from shop_agent.stock_rows import is_our_row


class Leaving:
    """Empties what variants leave, and says what stays.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile

    def empty(self, field: str, values: Sequence[int | str], filters: Mapping[str, str]) -> None:
        """Bring the stock rows that these filters name to 0."""
        if self._desk.dry:
            return
        found = self._desk.shop.find_any("stock_availables", field, values, filters=filters)
        rows = [row for row in found if is_our_row(row, self._profile)]
        full = [row for row in rows if row.whole("quantity") != 0]
        if full:
            writes = [Write(row.id, {"quantity": "0"}) for row in full]
            write_batch(self._desk.shop, "CHANGE", "stock_availables", writes)
            self._desk.report.count("stock_availables", "changed", len(full))
            self._note(full)

    def _note(self, rows: Sequence[Entity]) -> None:
        """Write down that these rows went to 0."""
        links = self._desk.links
        places = [(row.whole("id_product"), row.whole("id_product_attribute")) for row in rows]
        lines = [
            Line(
                Subject("stock", key), row.resource, row.id, "quantity", 0, row.text("quantity"),
                "0",
            )
            for row, place in zip(rows, places, strict=True)
            if (key := links.stock_key(*place)) is not None
        ]  # fmt: skip
        with self._desk.engine.begin() as connection:
            self._desk.note(connection, lines)

    def left_behind(self, facts: Sequence[Fact]) -> dict[Subject, Problem]:
        """Return why combinations stay without stock: their variants are gone from the till."""
        left = self._combinations(facts)
        if not left:
            return {}
        found = self._desk.shop.find_any("combinations", "id", sorted(left), display=("id",))
        return {
            left[one.id]: LeftCombinationError(place=str(left[one.id]), found=str(one.id)).problem()
            for one in found
        }

    def _combinations(self, facts: Sequence[Fact]) -> dict[int, Subject]:
        """Return the combinations of variants that are gone while their article stays."""
        variants = [fact.record for fact in facts if isinstance(fact.record, Variant)]
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            articles = {key: replica.find("article", key) for key in {v.article for v in variants}}
        live = {key for key, fact in articles.items() if fact is not None and fact.gone is None}
        return {
            ps_id: Subject("variant", one.key)
            for one in variants
            if one.article in live and (ps_id := self._desk.links("variant", one.key)) is not None
        }
