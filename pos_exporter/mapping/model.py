"""The mapping, version 1: how one kind of till is read and written, as one typed YAML file.

A mapping that loads is sound in itself: every part is known, every statement only reads (or is one
of `write_back`), every parameter has a value, every expression is in the grammar. What only the
till can tell (do these columns exist?) is for `check_mapping`.

    mapping = load_mapping(Path("mapping.yaml"), os.environ)
    mapping.entities.article[0].fields.price.columns()      # ('PX_TTC',)
    for place, query in mapping.queries(): ...
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pos_exporter.mapping.entities import (
    ArticleCategoryQuery,
    ArticleQuery,
    AxisQuery,
    AxisValueQuery,
    BrandQuery,
    CategoryQuery,
    CountedQuery,
    PhotoQuery,
    StockQuery,
    TaxRateQuery,
    VariantQuery,
)
from pos_exporter.mapping.errors import MissingPartError, OneOfError, UnknownZoneError
from pos_exporter.mapping.features import ArticleFeatureQuery, FeatureQuery, FeatureValueQuery
from pos_exporter.mapping.fields import Strict, as_list
from pos_exporter.mapping.formats import Formats
from pos_exporter.mapping.offers import (
    ArticleSupplierQuery,
    ListPriceQuery,
    PackPartQuery,
    PriceListQuery,
    PromotionQuery,
    SupplierQuery,
)
from pos_exporter.mapping.progress import OrderProgressQuery, ShipmentQuery
from pos_exporter.mapping.queries import EntityQuery, LookupQuery, ReadQuery
from pos_exporter.mapping.write_back import WriteBack
from protocol.program.yaml_config import SettingError, load_yaml

Q = TypeVar("Q", bound=ReadQuery)
Several = Annotated[tuple[Q, ...], BeforeValidator(as_list)]

# Whose records an entity's rows speak of.
_NEEDS = {
    "article": "tax_rate",
    "article_categories": "article",
    "variant": "article",
    "photo": "article",
    "stock": "article",
    "counted_orders": "stock",
    "article_supplier": "supplier",
    "article_feature": "article",
    "pack_part": "article",
    "promotion": "article",
    "list_price": "price_list",
}


#: When a till's figure deducts a web order; each from evidence that its tables hold.
Counted = Literal["at_import", "at_validation", "at_shipping", "never"]
#: The flag of `counted_orders` that is the evidence of a preset.
COUNTED_FLAGS = {"at_validation": "validated", "at_shipping": "shipped"}


class Till(Strict):
    """The till itself.

    Args:
        name: What it is called, in messages.
        timezone: Where its clock stands.
        language: The language of its texts.
        currency: Of its prices.
        country: Of its VAT rates.
    """

    name: str
    timezone: str = "Europe/Paris"
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "fr"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "FR"

    @field_validator("timezone", mode="after")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingError.of(UnknownZoneError(value=name)) from error
        return name


class Encoding(Strict):
    """The encoding of texts, and of the columns that have another."""

    default: str = "utf-8"
    columns: dict[str, str] = Field(default_factory=dict)


class Entities(Strict):
    """What is read, each by one query or several; what is not named is not sent."""

    tax_rate: Several[TaxRateQuery] = ()
    category: Several[CategoryQuery] = ()
    brand: Several[BrandQuery] = ()
    supplier: Several[SupplierQuery] = ()
    feature: Several[FeatureQuery] = ()
    feature_value: Several[FeatureValueQuery] = ()
    axis: Several[AxisQuery] = ()
    axis_value: Several[AxisValueQuery] = ()
    article: Several[ArticleQuery] = ()
    article_categories: Several[ArticleCategoryQuery] = ()
    article_feature: Several[ArticleFeatureQuery] = ()
    article_supplier: Several[ArticleSupplierQuery] = ()
    pack_part: Several[PackPartQuery] = ()
    variant: Several[VariantQuery] = ()
    stock: Several[StockQuery] = ()
    counted_orders: Several[CountedQuery] = ()
    photo: Several[PhotoQuery] = ()
    price_list: Several[PriceListQuery] = ()
    list_price: Several[ListPriceQuery] = ()
    promotion: Several[PromotionQuery] = ()
    order_progress: Several[OrderProgressQuery] = ()
    shipment: Several[ShipmentQuery] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for part, needed in _NEEDS.items():
            if getattr(self, part) and not getattr(self, needed):
                raise SettingError.of(MissingPartError(part=part, needed=needed))
        return self

    def of(self, kind: str) -> tuple[EntityQuery, ...]:
        """Return the queries of one entity, by its name."""
        queries: tuple[EntityQuery, ...] = getattr(self, kind)
        return queries

    def reads(self, kind: str) -> bool:
        """Return whether records of a kind are read, by a query of their own or with others."""
        if kind in {"axis", "axis_value"}:
            return bool(self.of(kind) or self.variant)
        if kind in {"feature", "feature_value"}:
            in_columns = any(query.fields.features for query in self.article)
            return bool(self.of(kind) or self.article_feature or in_columns)
        return kind in Entities.model_fields and bool(self.of(kind))


class TillMapping(Strict):
    """A whole mapping.

    Args:
        mapping_version: Of this format.
        till: The till.
        formats: How it writes numbers, days and flags.
        encoding: Of its texts.
        lookups: Lists of codes.
        entities: What is read.
        send_purchase_price: The merchant's choice: purchase prices leave the shop only if true.
        repair_names: Names with signs that the site refuses travel with others in their place;
            without it, they are set aside.
        counted: When the till's figure deducts a web order: `at_import` (each row of
            `counted_orders`), `at_validation` or `at_shipping` (those whose flag says so), `never`;
            nothing: `counted_orders` says it row by row.
        write_back: How orders and customers are written; nothing: the till is only read.
    """

    mapping_version: Literal["1"] = "1"
    till: Till
    formats: Formats = Formats()
    encoding: Encoding = Encoding()
    lookups: dict[str, LookupQuery] = Field(default_factory=dict)
    entities: Entities
    send_purchase_price: bool = False
    repair_names: bool = False
    counted: Counted | None = None
    write_back: WriteBack | None = None

    @model_validator(mode="after")
    def _counts_what_it_reads(self) -> Self:
        queries, flag = self.entities.counted_orders, COUNTED_FLAGS.get(self.counted or "")
        in_column = any(query.fields.counted is not None for query in self.entities.stock)
        if bool(queries) + in_column + (self.counted == "never") > 1:
            names = "counted: never, entities.counted_orders, entities.stock.fields.counted"
            raise SettingError.of(OneOfError(names=names))
        if self.counted not in (None, "never") and not queries:
            part = f"counted: {self.counted}"
            raise SettingError.of(MissingPartError(part=part, needed="entities.counted_orders"))
        for query in queries if flag else ():
            if getattr(query, flag or "") is None:
                needed = f"entities.counted_orders.{flag}"
                raise SettingError.of(
                    MissingPartError(part=f"counted: {self.counted}", needed=needed)
                )
        return self

    @model_validator(mode="after")
    def _lookups_exist(self) -> Self:
        for _, query in self.queries():
            for rule in query.rules() if isinstance(query, EntityQuery) else ():
                if rule.lookup is not None and rule.lookup not in self.lookups:
                    raise SettingError.of(
                        MissingPartError(part=rule.lookup, needed=f"lookups.{rule.lookup}")
                    )
        return self

    @property
    def counts_orders(self) -> bool:
        """Whether it tells which web orders the till's figures have deducted."""
        in_column = any(query.fields.counted is not None for query in self.entities.stock)
        return bool(self.entities.counted_orders) or in_column

    def queries(self) -> Iterator[tuple[str, ReadQuery]]:
        """Yield every reading query with its place in the file: `entities.stock.1`."""
        for name, lookup in self.lookups.items():
            yield f"lookups.{name}", lookup
        for kind in type(self.entities).model_fields:
            queries = self.entities.of(kind)
            for number, query in enumerate(queries):
                yield f"entities.{kind}" + (f".{number}" if len(queries) > 1 else ""), query


def load_mapping(path: Path, environment: Mapping[str, str]) -> TillMapping:
    """Return the mapping in a file; `${NAME}` in it comes from the environment.

    Raises:
        ConfigError: With every mistake, each at its line and column.
    """
    return load_yaml(path, TillMapping, environment)
