"""First connection to a shop that sells already: looks in it for the articles that have no product.

All articles without a product look at once, so that two that mean the same one are seen. What was
refused looks again with each of these looks, so a mended question is answered by itself.

    connector = Connector(desk)
    connection = connector.connect(facts)     # nothing is read when all of these have a product
    connector.tell(connection, full=True)     # report.connection: adopted, ambiguous, created…
    only_in_shop(shop, links)                 # products that no article has, for `reconcile`
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from protocol.records import Article, Variant
from shop_agent.apply import Desk
from shop_agent.links import Links
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.connecting import Claim, Connection, Seen, connect
from shop_agent.replica import Fact, Replica

_SLIM = ("id", "reference", "ean13", "combinations[id]")


class Connector:
    """Finds the products of articles that have none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._was_connected = desk.links.any_of("article")

    def connect(self, asked: Iterable[Fact]) -> Connection:
        """Return which product is which article; reads the shop only when one of these has none.

        A creation without an answer is left out: what it made is looked up by its reference.
        """
        if not any(self._looks(fact) for fact in asked):
            return Connection()
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            unsettled = replica.journal.intents("article")
            live = [f for f in replica.facts("article", dirty_only=False) if f.gone is None]
            variants = replica.by_article("variant")
        claims = [
            _claim(fact.record, variants.get(fact.record.key, ()))
            for fact in live
            if self._looks(fact)
            and fact.record.key not in unsettled
            and isinstance(fact.record, Article)
        ]
        # What only an article that is gone had is free: its key may have changed at the till.
        taken = {self._desk.links("article", fact.record.key) for fact in live}
        return connect(claims, [one for one in self._seen(claims) if one.id not in taken])

    def _looks(self, fact: Fact) -> bool:
        return fact.gone is None and self._desk.links("article", fact.record.key) is None

    def _seen(self, claims: Sequence[Claim]) -> Iterator[Seen]:
        """Yield every product that bears a reference or a barcode of these articles."""
        shop = self._desk.shop
        references = sorted({claim.reference for claim in claims})
        eans = sorted({ean for claim in claims for ean in claim.eans})
        found: dict[int, Entity] = {}
        barcodes: dict[int, set[str]] = {}
        for name, codes in (("reference", references), ("ean13", eans)):
            if codes:
                for product in shop.find_any("products", name, codes, display=_SLIM):
                    found[product.id] = product
        display = ("id", "id_product", "ean13")
        for one in shop.find_any("combinations", "ean13", eans, display=display) if eans else ():
            barcodes.setdefault(one.whole("id_product"), set()).add(one.text("ean13"))
        missing = sorted(barcodes.keys() - found.keys())
        for product in shop.find_any("products", "id", missing, display=_SLIM) if missing else ():
            found[product.id] = product
        for number, product in sorted(found.items()):
            own = {product.text("ean13")} - {""}
            yield Seen(
                number,
                product.text("reference"),
                frozenset(own | barcodes.get(number, set())),
                bool(product.rows("combinations")),
            )

    def tell(self, connection: Connection, *, full: bool) -> None:
        """Note the account of the connection: at the first one, and on full passes."""
        report, counts = self._desk.report, self._desk.report.counts.get("products", {})
        is_first = not self._was_connected and bool(connection.products or connection.problems)
        if not full and not is_first:
            return
        spoken_for = connection.spoken_for
        alone = sum(1 for _ in only_in_shop(self._desk.shop, self._desk.links, spoken_for))
        report.connection = {
            "adopted": counts.get("adopted", 0),
            "ambiguous": len(connection.problems),
            "created": counts.get("created", 0),
            "only_in_shop": alone,
        }


def only_in_shop(
    shop: Webservice, links: Links, spoken_for: Collection[int] = frozenset()
) -> Iterator[Entity]:
    """Yield (id, reference, active) of the products that no article has.

    Args:
        shop: The webservice.
        links: Of this pass.
        spoken_for: Products that a person is asked about: they are not counted as alone.
    """
    taken = links.ids("article")
    for product in shop.iter_all("products", display=("id", "reference", "active")):
        if product.id not in taken and product.id not in spoken_for:
            yield product


def _claim(article: Article, variants: Sequence[Fact]) -> Claim:
    records = [fact.record for fact in variants if isinstance(fact.record, Variant)]
    codes = (article.ean, *(variant.ean for variant in records))
    eans = frozenset(code for code in codes if code)
    return Claim(article.key, article.reference, eans, bool(records))
