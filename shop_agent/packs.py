"""What packs hold, so that an order of a pack keeps what the till will lose: its components.

Rules: of an article of the till its own word counts; any other product is asked of the shop, in one
request for all. Which rows PrestaShop moves for a pack (itself, its components or both, by
`pack_stock_type`, and with it packs that hold what was sold) does not matter: all of them are
looked at.

    packs = PackBook(engine, links, shop)
    packs.of([12, 15])             # {12: Pack((Part((7, 0), 2),))}
    packs.around({(7, 0)})         # {(7, 0), (12, 0)}: packs that hold it move with it
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from sqlalchemy import Engine, select

from protocol.program.engine import reading
from protocol.records import Article, PackPart, Variant, parse_record
from shop_agent.links import Links
from shop_agent.orders.bundles import row_number
from shop_agent.orders.roles import Pack, Packs, Part
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Replica
from shop_agent.state import STATE

_BUNDLE = "product_bundle"
_DISPLAY = ("id", f"{_BUNDLE}[id,id_product_attribute,quantity]")


class PackBook:
    """The packs that one pass has met; it may be asked inside a transaction, and only reads.

    Args:
        engine: The state database.
        links: Till keys to PrestaShop ids.
        shop: The webservice.
    """

    def __init__(self, engine: Engine, links: Links, shop: Webservice) -> None:
        self._engine = engine
        self._links = links
        self._shop = shop
        self._asked: dict[int, Pack | None] = {}

    def of(self, products: Collection[int]) -> Packs:
        """Return which of these products are packs; the shop is asked of each once."""
        self._learn(products)
        found = {**self._asked, **self._of_the_till} if products else {}
        return {one: pack for one in products if (pack := found.get(one)) is not None}

    def is_pack(self, stock_key: str) -> bool:
        """Return whether a stock key is that of an article which the till sells as a pack."""
        kind, _, key = stock_key.partition(":")
        return kind == "a" and key in self._keys

    def around(self, sellables: Iterable[Sellable]) -> frozenset[Sellable]:
        """Return some sellables and the till's packs that hold one of them."""
        found = frozenset(sellables)
        if not found:
            return found
        holding = {
            (product, 0)
            for product, pack in self._of_the_till.items()
            if any(part.sellable in found for part in pack.parts)
        }
        return found | holding

    def _learn(self, products: Collection[int]) -> None:
        unknown = sorted(
            one
            for one in {*products} - self._asked.keys()
            if one > 0 and self._links.key_of("article", one) is None
        )
        if not unknown:
            return
        self._asked |= dict.fromkeys(unknown)
        for entity in self._shop.find_any("products", "id", unknown, display=_DISPLAY):
            parts = tuple(_parts_of(entity))
            self._asked[entity.id] = Pack(parts) if parts else None

    @cached_property
    def _of_the_till(self) -> dict[int, Pack]:
        packs = {}
        for article in self._articles:
            product = self._links("article", article.key)
            if product is not None:
                packs[product] = Pack(tuple(self._parts(article.parts or ())))
        return packs

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(article.key for article in self._articles)

    @cached_property
    def _articles(self) -> tuple[Article, ...]:
        """The till's packs; only articles that have parts are parsed, there may be thousands."""
        fact = STATE.fact
        query = select(fact.c.body).where(fact.c.kind == "article")
        with reading(self._engine).connect() as connection:
            bodies = [b for b in connection.execute(query).scalars() if b'"parts"' in b]
        found = (parse_record(body, place="replica") for body in bodies)
        return tuple(one for one in found if isinstance(one, Article) and one.parts)

    def _parts(self, parts: Iterable[PackPart]) -> Iterator[Part]:
        """Yield the components that are in the shop; what is not there cannot be sold there."""
        with reading(self._engine).connect() as connection:
            replica = Replica(connection)
            for part in parts:
                article, combination = part.article, 0
                if part.variant is not None:
                    fact = replica.find("variant", part.variant)
                    variant = fact.record if fact is not None else None
                    article = variant.article if isinstance(variant, Variant) else None
                    combination = self._links("variant", part.variant) or 0
                    if not combination:
                        continue
                product = self._links("article", article) if article is not None else None
                if product is not None:
                    yield Part((product, combination), part.quantity)


def _parts_of(entity: Entity) -> Iterator[Part]:
    for row in entity.associations.get(_BUNDLE, ()):
        product = row_number(row, "id", entity)
        combination = row_number(row, "id_product_attribute", entity)
        yield Part((product, combination), max(1, row_number(row, "quantity", entity)))
