"""One look at a product: what the shop shows now, and the arithmetic of its stock. Reads only.

look = Look(agent, shop, profile)
site = look.at("1042", 7)          # None when the shop no longer has it
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Engine, select

from protocol.money import format_decimal, including_tax
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.display import hides_empty
from shop_agent.links import Links
from shop_agent.orders import reserving
from shop_agent.orders.floors import floors_of
from shop_agent.orders.shop_time import local_now
from shop_agent.pass_ import Agent, choices_of
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Figure, Floor, Sellable
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.state import STATE
from shop_agent.stock import StockWriter
from shop_agent.switch import shown_of
from shop_agent.why.values import Site, Special

_NEVER = "0000-00-00 00:00:00"


class BookWatch:
    """The order book as it is; nothing is read from the shop.

    Args:
        engine: The state database.
        links: Which PrestaShop id is which stock key's.
        strict: What the till may still be working on is kept too.
    """

    def __init__(self, engine: Engine, links: Links, *, strict: bool) -> None:
        self._engine = engine
        self._links = links
        self._strict = strict

    def refresh(self) -> frozenset[Sellable]:
        """Nothing new."""
        return frozenset()

    def reserved(self) -> Mapping[str, Mapping[str, int]]:
        """Return, for each stock key, the units that each order keeps, by its uid."""
        with self._engine.connect() as connection:
            return reserving.reserved(connection, self._links.stock_key, strict=self._strict)

    def floors(self) -> Mapping[str, Mapping[str, Floor]]:
        """Return, for each stock key, what of an order is settled or released, by its uid."""
        with self._engine.connect() as connection:
            return floors_of(connection)

    def without_state(self) -> frozenset[Sellable]:
        """Nothing: it is not looked at again."""
        return frozenset()


class Look:
    """Looks at products of one shop.

    Args:
        agent: Its state and choices.
        shop: The webservice.
        profile: The shop's.
    """

    def __init__(self, agent: Agent, shop: Webservice, profile: Profile) -> None:
        self._agent = agent
        self._shop = shop
        self._profile = profile
        with agent.engine.connect() as connection:
            self._links: Links = Replica(connection).links()

    def at(self, article: str, ps_id: int) -> Site | None:
        """Return what the shop shows of an article's product; None when it is not there."""
        product = self._shop.get("products", ps_id)
        if product is None:
            return None
        shown = shown_of(product)
        combinations = self._shop.find_any("combinations", "id_product", [ps_id])
        figures = self._figures(article, ps_id)
        return Site(
            shown=shown,
            off_categories=self._off(sorted(shown.categories | {shown.default_category})),
            price=self._price(product, Decimal(0)),
            prices={one.id: self._price(product, one.number("price")) for one in combinations},
            figures=figures,
            orders=self._references({uid for one in figures for uid in one.shares}),
            specials=self._specials(ps_id),
            combinations=frozenset(one.id for one in combinations),
            images=len(product.rows("images")),
            hides_empty=hides_empty(self._profile.settings),
        )

    def _off(self, shelves: Sequence[int]) -> frozenset[int]:
        real = [one for one in shelves if one]
        display = ("id", "active")
        found = self._shop.find_any("categories", "id", real, display=display) if real else ()
        return frozenset(one.id for one in found if not one.flag("active"))

    def _price(self, product: Entity, impact: Decimal) -> Decimal:
        """Return a price as visitors pay it: with tax and, where the shop adds it, the ecotax."""
        rates = {group: rate for rate, group in self._profile.tax_groups.items()}
        rate = rates.get(product.whole("id_tax_rules_group"), Decimal(0))
        paid = including_tax(product.number("price") + impact, rate)
        if self._profile.ecotax_rate is None:
            return paid
        return paid + including_tax(product.number("ecotax"), self._profile.ecotax_rate)

    def _figures(self, article: str, ps_id: int) -> tuple[Figure, ...]:
        """Return the figures of an article as a pass would compute them; nothing is written."""
        agent, report = self._agent, Report(dry=True)
        with agent.engine.connect() as connection:
            variants = Replica(connection).by_article("variant").get(article, [])
        keys = [f"v:{one.record.key}" for one in variants] or [f"a:{article}"]
        inside = {Subject("stock", key) for key in keys}
        desk = Desk(
            agent.engine, self._shop, agent.link.outbox, self._links, agent.clock, report,
            choices=choices_of(agent), concerns=inside.__contains__, pretends=True,
        )  # fmt: skip
        watch = BookWatch(agent.engine, self._links, strict=desk.choices.stock.strict is not False)
        StockWriter(desk, watch, self._profile, elapsed=agent.elapsed).run(full=True)
        return tuple(report.figures[one] for one in sorted(report.figures))

    def _references(self, uids: set[str]) -> dict[str, str]:
        order = STATE.web_order
        query = select(order.c.uid, order.c.reference).where(order.c.uid.in_(sorted(uids)))
        with self._agent.engine.connect() as connection:
            return {row.uid: row.reference for row in connection.execute(query)}

    def _specials(self, ps_id: int) -> tuple[Special, ...]:
        now = local_now(self._agent.clock(), self._profile.timezone)
        found = self._shop.find_any("specific_prices", "id_product", [ps_id])
        return tuple(
            Special(
                id=one.id,
                is_ours=self._links.key_of("specific_price", one.id) is not None,
                gives=_gives(one),
                combination=one.whole("id_product_attribute"),
                group=one.whole("id_group"),
                from_quantity=one.whole("from_quantity"),
                until="" if one.text("to") in ("", _NEVER) else one.text("to"),
            )
            for one in found
            if _is_in_force(one, now)
        )


def _is_in_force(row: Entity, now: str) -> bool:
    first, last = row.text("from"), row.text("to")
    return (first in ("", _NEVER) or first <= now) and (last in ("", _NEVER) or now <= last)


def _gives(row: Entity) -> str:
    """Return what a specific price does: a percentage, an amount, a price without tax."""
    reduction, price = row.number("reduction"), row.number("price")
    parts = [f"= {format_decimal(price)} HT"] if price >= 0 else []
    if reduction and row.text("reduction_type") == "percentage":
        parts.append(f"−{format_decimal((reduction * 100).normalize())} %")
    elif reduction:
        parts.append(f"−{format_decimal(reduction)}")
    return " ".join(parts) or "—"
