"""The figure of each stock row: the till's word, the orders, the merchant's rules, put together.

What a pass knows of articles and choices is read once; the orders are asked each time, since they
come in between.

    figures = Figures(desk, watch, profile)
    figures.load()
    figures.of(row, figures.orders())        # a Figure: what the shop should show, and why
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from protocol.records import Article, Category, Stock, Variant
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.display import hides_empty
from shop_agent.profile import Profile
from shop_agent.reconcile.policy import buffer_of
from shop_agent.reconcile.stock import Figure, Floor, Floors, Rules, Sellable, figure
from shop_agent.replica import Fact, Replica
from shop_agent.silence import is_silent
from shop_agent.stock_rows import RowReader, StockRow

_ALLOWED, _AS_THE_SHOP = 1, 2


class OrderWatch(Protocol):
    """The order book, kept up to date while stock is written."""

    def refresh(self) -> frozenset[Sellable]:
        """Read new and changed orders; return what they touch and did not touch before."""
        ...

    def reserved(self) -> Mapping[str, Mapping[str, int]]:
        """Return, for each stock key, the units that each order keeps, by its uid.

        What an order names by a former id is of the key whose id that was.
        """
        ...

    def floors(self) -> Mapping[str, Mapping[str, Floor]]:
        """Return, for each stock key, what of an order is settled or released, by its uid."""
        ...

    def without_state(self) -> frozenset[Sellable]:
        """Return what orders take that are still being placed."""
        ...


@dataclass(frozen=True)
class Orders:
    """What orders keep at one moment, by stock key and order uid.

    Args:
        reserved: Units.
        floors: What is settled or released.
    """

    reserved: Mapping[str, Mapping[str, int]]
    floors: Mapping[str, Floors]


class Figures:
    """Makes figures.

    Args:
        desk: What the pass's writers share.
        watch: The order book.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, watch: OrderWatch, profile: Profile) -> None:
        self._desk = desk
        self._watch = watch
        self._profile = profile
        self.rows = RowReader(desk.shop, profile, self.place_of)
        self._articles: dict[str, str] = {}
        self.with_variants: set[str] = set()  # articles that have some in the shop
        self.gone: frozenset[str] = frozenset()  # articles
        self.gone_variants: dict[str, str] = {}  # keys of their stock, with their hashes
        self.fallen: frozenset[str] = frozenset()  # articles that are to show no stock
        self._buffers: dict[str, int] = {}  # by article
        self._silent = False

    def load(self) -> None:
        """Read once which variant is of which article, and which articles are gone."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            for fact in replica.facts("variant", dirty_only=False):
                if isinstance(fact.record, Variant):
                    self._note_variant(fact, fact.record)
            articles = replica.facts("article", dirty_only=False)
            self.gone = frozenset(fact.record.key for fact in articles if fact.gone is not None)
            self._load_choices(replica, articles)
            stock, now = self._desk.choices.stock, self._desk.clock()
            self._silent = is_silent(connection, stock, now)

    def _note_variant(self, fact: Fact, variant: Variant) -> None:
        self._articles[variant.key] = variant.article
        if fact.gone is not None:
            self.gone_variants[f"v:{variant.key}"] = fact.hash
        if self._desk.links("variant", variant.key) is not None:
            self.with_variants.add(variant.article)

    def _load_choices(self, replica: Replica, articles: Sequence[Fact]) -> None:
        """Read which articles are out of stock by the merchant's choice, and the buffers."""
        choices = self._desk.choices
        self.fallen = replica.fallen("out_of_stock")
        tree = {
            fact.record.key: fact.record.parent
            for fact in (replica.facts("category", dirty_only=False) if choices.buffers else ())
            if isinstance(fact.record, Category)
        }
        self._buffers = {
            fact.record.key: buffer_of(fact.record, choices, tree)
            for fact in articles
            if isinstance(fact.record, Article)
        }

    # --- where and what ----------------------------------------------------------------------

    def article(self, fact: Fact) -> str | None:
        """Return the key of the article that a stock fact is of."""
        kind, _, key = fact.record.key.partition(":")
        return key if kind == "a" else self._articles.get(key)

    def place_of(self, fact: Fact) -> Sellable | None:
        """Return the (product, combination) of a stock fact that is in the shop."""
        links, combination = self._desk.links, 0
        article = self.article(fact)
        if fact.record.key.startswith("v:"):
            combination = links("variant", fact.record.key.removeprefix("v:")) or 0
            if not combination:
                return None
        product = links("article", article) if article is not None else None
        return (product, combination) if product is not None else None

    def is_over(self, fact: Fact) -> bool:
        """Return whether a figure is gone and asks for nothing more.

        It went together with its article, or never was in the shop; or its article has variants
        now, and the row of the product is their sum.
        """
        if fact.gone is None or self.article(fact) in self.fallen:
            return False
        article, simple = self.article(fact), fact.record.key.startswith("a:")
        is_sum = simple and article in self.with_variants
        return is_sum or article in self.gone or self.place_of(fact) is None

    def vanishes(self, row: StockRow) -> bool:
        """Return whether the site would lose this sellable, while it keeps its article."""
        is_gone = row.fact.gone is not None or row.fact.record.key in self.gone_variants
        article = self.article(row.fact)
        return is_gone and row.shown > 0 and article not in self.gone | self.fallen

    def vanished(self, row: StockRow) -> Subject:
        """Return the fact that is gone: a variant, or the stock of what is still there."""
        key = row.fact.record.key
        is_variant = key in self.gone_variants
        return Subject("variant", key.removeprefix("v:")) if is_variant else row.fact.subject

    def count_there(self) -> int:
        """Return of how many sellables in the shop the till says a figure."""
        with self._desk.engine.connect() as connection:
            facts = Replica(connection).facts("stock", dirty_only=False)
        return sum(
            fact.gone is None
            and self.place_of(fact) is not None
            and fact.record.key not in self.gone_variants
            and not (fact.record.key.startswith("a:") and self.article(fact) in self.with_variants)
            for fact in facts
        )

    def may_hide(self, row: StockRow) -> bool:
        """Return whether the shop hides this size when it has no stock."""
        product, combination = row.sellable
        if not combination or row.fact.gone is not None:
            return False
        rules = self.rows.rules
        return product in rules and hides_empty(self._profile.settings, rules[product])

    # --- figures -----------------------------------------------------------------------------

    def orders(self) -> Orders:
        """Return what orders keep now."""
        return Orders(self._watch.reserved(), self._watch.floors())

    def of(self, row: StockRow, orders: Orders) -> Figure:
        """Return a row's figure."""
        stock = row.fact.record
        is_fallen = self.article(row.fact) in self.fallen
        # The combination of a variant that is gone stays, and sells nothing.
        is_gone = row.fact.gone is not None or row.fact.record.key in self.gone_variants
        if is_gone or is_fallen or not isinstance(stock, Stock):
            quantity = stock.quantity if isinstance(stock, Stock) else 0
            why = "out_of_stock" if is_fallen else "gone"
            return Figure(stock.key, quantity, {}, 0, 0, row.shown, row.row, why)
        return figure(
            stock, orders.reserved.get(stock.key, {}), shown=row.shown, row=row.row,
            floors=orders.floors.get(stock.key), rules=self._rules(row),
        )  # fmt: skip

    def _rules(self, row: StockRow) -> Rules:
        choices = self._desk.choices
        stock = choices.stock
        return Rules(
            buffer=self._buffers.get(self.article(row.fact) or "", choices.buffer),
            oversale=stock.oversale or "show",
            backorder=self._is_orderable(row.sellable[0]),
            silent_buffer=(stock.silent_buffer or 0) if self._silent else None,
            silent_low=stock.silent_low or 0,
        )

    def _is_orderable(self, product: int) -> bool:
        """Return whether the shop sells a product that it has not got."""
        said, settings = self.rows.rules.get(product, _AS_THE_SHOP), self._profile.settings
        if settings.get("PS_STOCK_MANAGEMENT") == "0":
            return True
        if said == _AS_THE_SHOP:
            return settings.get("PS_ORDER_OUT_OF_STOCK") == "1"
        return said == _ALLOWED
