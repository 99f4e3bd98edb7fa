"""The parts of a mapping that read: one query and its fields per entity.

Every entity is read by one query or a list of them. A query is `sql:`, or `table:` with `where:`;
its `key:` names the columns that tell one row from another for ever.

    brand: {table: MARQUE, key: [COD_MRQ], fields: {name: LIB_MRQ}}
    stock:
      - {of: variant, key: [ID_DECL], sum: true, fields: {quantity: QTE},
         sql: SELECT ID_DECL, QTE FROM STOCK WHERE COD_DEP IN :depots, params: {depots: [MAG]}}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pos_exporter.mapping.errors import MissingPartError, OneOfError
from pos_exporter.mapping.features import FeatureRule
from pos_exporter.mapping.fields import (
    Expr,
    FieldList,
    FieldOf,
    FieldRule,
    SizeOf,
    Strict,
    Texts,
    WeightOf,
    Words,
)
from pos_exporter.mapping.offers import OfferFields
from pos_exporter.mapping.queries import EntityQuery, FlaggedQuery, Sellable, rules_in
from protocol.program.yaml_config import SettingError


class TaxRateFields(Strict):
    """rate: percent."""

    rate: FieldOf
    country: FieldOf | None = None


class TaxRateQuery(EntityQuery):
    """VAT rates."""

    fields: TaxRateFields


class CategoryFields(Strict):
    """parent: the key of another category, of this query or another; nothing is the top."""

    name: Texts
    parent: FieldOf | None = None


class CategoryQuery(EntityQuery):
    """Rayons, families: the tree."""

    fields: CategoryFields


class BrandFields(Strict):
    """A brand's name."""

    name: FieldOf


class BrandQuery(EntityQuery):
    """Brands."""

    fields: BrandFields


class AxisFields(Strict):
    """style: select, radio or color."""

    name: Texts
    style: FieldOf | None = None


class AxisQuery(EntityQuery):
    """What variants differ by, where the till keeps a list of it."""

    fields: AxisFields


class AxisValueFields(Strict):
    """axis: the axis' key, such as `{const: size}`; color: `#rrggbb`."""

    axis: FieldOf
    name: Texts
    color: FieldOf | None = None


class AxisValueQuery(EntityQuery):
    """Sizes, colours, where the till keeps lists of them; the record's key is axis and key."""

    fields: AxisValueFields


class ArticleFields(Strict):
    """What an article is made of.

    Args:
        price: Tax included, as is ecotax, which the price contains.
        tax_rate, brand, categories: Keys of their records.
        purchase_price: Tax excluded; it only travels where the merchant opted in.
        description, short_description: HTML, cleaned where the site would refuse it.
        meta_title, meta_description, slug: For search engines, at creation only.
        condition: `new`, `used` or `refurbished`.
        when_out_of_stock: `deny`, `allow` or `default`.
        nature: `standard`, `virtual` or `pack`; `gift_card`, `service`, `deposit` and `weighed`
            stay out of the site.
        online: Flagged for the site; without it, so is every row that `exported` lets through.
        buffer: Units of each sellable kept from the site.
        supplier: One supplier, in columns of the article.
        features: Columns of the article, by feature.
    """

    reference: FieldOf
    name: Texts
    price: FieldOf
    tax_rate: FieldOf
    ean: FieldOf | None = None
    description: Texts | None = None
    brand: FieldOf | None = None
    categories: FieldList = ()
    purchase_price: FieldOf | None = None
    short_description: Texts | None = None
    meta_title: Texts | None = None
    meta_description: Texts | None = None
    slug: Texts | None = None
    upc: FieldOf | None = None
    isbn: FieldOf | None = None
    mpn: FieldOf | None = None
    weight: WeightOf | None = None
    width: SizeOf | None = None
    height: SizeOf | None = None
    depth: SizeOf | None = None
    condition: FieldOf | None = None
    ecotax: FieldOf | None = None
    when_out_of_stock: FieldOf | None = None
    nature: FieldOf | None = None
    online: FieldOf | None = None
    buffer: FieldOf | None = None
    supplier: OfferFields | None = None
    features: dict[str, FeatureRule] = Field(default_factory=dict)


class ArticleQuery(FlaggedQuery):
    """Articles."""

    fields: ArticleFields

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of everything and of the features."""
        features = (rule.col for rule in self.fields.features.values())
        return tuple(dict.fromkeys((*super().columns_used(), *features)))


class ArticleCategoryFields(Strict):
    """One more category of an article."""

    category: FieldOf


class ArticleCategoryQuery(EntityQuery):
    """Further categories, a row each; `key` is the article's."""

    fields: ArticleCategoryFields


class VariantFields(Strict):
    """article: its key; price: tax included, nothing is the article's."""

    article: FieldOf
    reference: FieldOf | None = None
    ean: FieldOf | None = None
    price: FieldOf | None = None
    upc: FieldOf | None = None
    isbn: FieldOf | None = None
    mpn: FieldOf | None = None
    weight: WeightOf | None = None
    purchase_price: FieldOf | None = None


class AxisRule(Strict):
    """One axis of variants.

    Args:
        col: The column of the value's code; with `pivot`, none.
        name: The axis' name, in words.
        label: The columns of the value's name; without it, the code itself.
        color: The column of `#rrggbb`.
        style: How the site shows the axis.
        listed: The values come from the entity `axis_value`; a code that is not there is a fault.
    """

    col: str | None = None
    name: Words = Field(default_factory=dict)
    label: Texts | None = None
    color: FieldOf | None = None
    style: Literal["select", "radio", "color"] = "select"
    listed: bool = False


class PivotRule(Strict):
    """Variants that have a row per axis: rows of one key are one variant.

    Args:
        axis: The column that names the axis.
        value: The column of the value's code.
        axes: From what that column holds to the axis' key.
    """

    axis: str
    value: str
    axes: dict[str, str]


class VariantQuery(FlaggedQuery):
    """Variants, by columns (`axes.size.col`) or by rows (`pivot`)."""

    fields: VariantFields
    axes: Annotated[dict[str, AxisRule], Field(min_length=1)]
    pivot: PivotRule | None = None

    @model_validator(mode="after")
    def _axes_are_complete(self) -> Self:
        for name, axis in self.axes.items():
            if (axis.col is None) != (self.pivot is not None):
                raise SettingError.of(OneOfError(names=f"axes.{name}.col, pivot"))
        unknown = set(self.pivot.axes.values() if self.pivot else ()) - set(self.axes)
        for name in sorted(unknown):
            raise SettingError.of(MissingPartError(part="pivot.axes", needed=f"axes.{name}"))
        return self

    def rules(self) -> Iterator[FieldRule]:
        """Yield the rules of fields and axes."""
        yield from rules_in(self.fields)
        yield from rules_in(self.axes)

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of everything and of the axes."""
        axes = [axis.col for axis in self.axes.values() if axis.col is not None]
        pivot = [self.pivot.axis, self.pivot.value] if self.pivot else []
        return tuple(dict.fromkeys((*super().columns_used(), *axes, *pivot)))


class StockFields(Strict):
    """quantity: signed, never clamped: below zero is a fact too.

    counted: the web orders that this figure has deducted, as one text: `uid=units; uid=units`.
    """

    quantity: FieldOf
    counted: FieldOf | None = None


class StockQuery(EntityQuery):
    """Stock; `key` is that of the article or the variant.

    Args:
        of: Whose stock.
        sum: Several rows of one key (depots) are added up.
    """

    of: Sellable
    sum: bool = False
    fields: StockFields


class CountedFields(Strict):
    """order: the order uid; quantity: units of it that the till's figure has deducted."""

    order: FieldOf
    quantity: FieldOf


class CountedQuery(EntityQuery):
    """Web orders that the till's stock already contains; `key` is that of what was sold.

    Args:
        of: What was sold.
        validated: With `counted: at_validation`: whether the till has validated the order.
        shipped: With `counted: at_shipping`: whether its goods have left the shop.
    """

    of: Sellable
    fields: CountedFields
    validated: Expr | None = None
    shipped: Expr | None = None

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of the key, the fields and the flags."""
        flags = [flag for flag in (self.validated, self.shipped) if flag is not None]
        found = (*super().columns_used(), *(c for flag in flags for c in flag.columns))
        return tuple(dict.fromkeys(found))


class ImageRule(Strict):
    r"""Where a photo's bytes are.

    Args:
        path: The column of the file's path below root, with `/` or a backslash.
        root: The folder; relative to the mapping's own.
        rewrite: Beginnings of paths to replace, first that fits: `[["C:\\PHOTOS\\", ""]]`.
        blob: Instead of path: the column of the bytes.
    """

    path: str | None = None
    root: Path | None = None
    rewrite: tuple[tuple[str, str], ...] = ()
    blob: str | None = None

    @field_validator("root", mode="after")
    @classmethod
    def _from_the_mapping(cls, root: Path | None, info: ValidationInfo) -> Path | None:
        folder = (info.context or {}).get("folder")
        return root if root is None or folder is None else Path(folder) / root

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.blob is None):
            raise SettingError.of(OneOfError(names="path, blob"))
        if self.path is not None and self.root is None:
            raise SettingError.of(MissingPartError(part="image.path", needed="image.root"))
        return self

    @property
    def column(self) -> str:
        """The column that it reads."""
        return self.path or self.blob or ""


class PhotoFields(Strict):
    """article: its key; position: from 1, else in the order of rows.

    variants: keys of the variants that it shows, with commas between them; none: all of them.
    """

    article: FieldOf
    position: FieldOf | None = None
    legend: Texts | None = None
    variants: FieldOf | None = None


class PhotoQuery(EntityQuery):
    """Photos."""

    fields: PhotoFields
    image: ImageRule

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of everything and of the image."""
        return tuple(dict.fromkeys((*super().columns_used(), self.image.column)))
