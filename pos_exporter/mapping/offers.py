"""The parts of a mapping about trade: suppliers, promotions, price lists and packs.

A promotion's row names its one target and its one reduction, each in whichever column is filled.
Days are the till's own: the first and the last are both included unless the query says otherwise.

    promotion:
      table: PROMO
      key: [ID_PROMO]
      active: bool(ACTIVE)
      fields: {article: ID_ART, category: COD_FAM, percent: REMISE, price: PX_PROMO,
               starts_at: DAT_DEB, ends_at: DAT_FIN}
"""

from typing import Literal, Self, TypeVar

from pydantic import model_validator

from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.fields import Expr, FieldOf, Strict
from pos_exporter.mapping.queries import EntityQuery, Sellable
from protocol.program.yaml_config import SettingError

Q = TypeVar("Q", bound=EntityQuery)


class SupplierFields(Strict):
    """A supplier's name."""

    name: FieldOf


class SupplierQuery(EntityQuery):
    """Suppliers."""

    fields: SupplierFields


class OfferFields(Strict):
    """supplier: its key; reference: the supplier's own; purchase_price: tax excluded."""

    supplier: FieldOf
    reference: FieldOf | None = None
    purchase_price: FieldOf | None = None


class ArticleSupplierQuery(EntityQuery):
    """Suppliers of an article or a variant, a row each; `key` is that of what is bought.

    Args:
        of: What is bought.
    """

    of: Sellable = "article"
    fields: OfferFields


class PackPartFields(Strict):
    """article, variant: the key of the one that the pack holds; quantity: units, else 1."""

    article: FieldOf | None = None
    variant: FieldOf | None = None
    quantity: FieldOf | None = None


class PackPartQuery(EntityQuery):
    """What packs hold, a row each; `key` is the pack's own article."""

    fields: PackPartFields

    @model_validator(mode="after")
    def _has_a_target(self) -> Self:
        return _some(self, self.fields, "article", "variant")


class PromotionFields(Strict):
    """article, variant, category: keys; percent, amount_off, price: tax included, 0 is none."""

    name: FieldOf | None = None
    article: FieldOf | None = None
    variant: FieldOf | None = None
    category: FieldOf | None = None
    percent: FieldOf | None = None
    amount_off: FieldOf | None = None
    price: FieldOf | None = None
    starts_at: FieldOf | None = None
    ends_at: FieldOf | None = None
    group: FieldOf | None = None
    from_quantity: FieldOf | None = None


class PromotionQuery(EntityQuery):
    """Promotions.

    Args:
        active: Whether a row counts; without it, all do.
        last_day_included: Whether a day in `ends_at` is the last one, or the first without.
    """

    active: Expr | None = None
    last_day_included: bool = True
    fields: PromotionFields

    @model_validator(mode="after")
    def _has_target_and_reduction(self) -> Self:
        _some(self, self.fields, "article", "variant", "category")
        return _some(self, self.fields, "percent", "amount_off", "price")

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of the key, the fields and the flag."""
        flag = self.active.columns if self.active is not None else ()
        return tuple(dict.fromkeys((*super().columns_used(), *flag)))


class PriceListFields(Strict):
    """group: the name of the customer group in the shop; name: as the till calls the list."""

    group: FieldOf
    name: FieldOf | None = None


class PriceListQuery(EntityQuery):
    """Price lists, one per group of customers."""

    fields: PriceListFields


class ListPriceFields(Strict):
    """price_list, article, variant: keys; amount: of one unit."""

    price_list: FieldOf
    article: FieldOf | None = None
    variant: FieldOf | None = None
    amount: FieldOf
    from_quantity: FieldOf | None = None


class ListPriceQuery(EntityQuery):
    """Prices of a list, a row each.

    Args:
        basis: Whether the amounts contain the tax.
    """

    basis: Literal["tax_included", "tax_excluded"] = "tax_included"
    fields: ListPriceFields

    @model_validator(mode="after")
    def _has_a_target(self) -> Self:
        return _some(self, self.fields, "article", "variant")


def _some(query: Q, fields: Strict, *names: str) -> Q:
    """Return the query whose fields name at least one of these."""
    if all(getattr(fields, name) is None for name in names):
        raise SettingError.of(OneOfError(names=", ".join(names)))
    return query
