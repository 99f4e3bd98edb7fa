"""The catalogue: what is sold, at what price, and how much of it there is; from till to site.

Money is a decimal string with its tax basis in the field's name or beside it; a weight is whole
grams, a size whole millimetres. Every reference to another record is its key.

    Article(key="1042", reference="H01-1", name={"fr": "Derby"}, price=…, tax_rate="N")
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from protocol.records.base import Record, Stream
from protocol.values import (
    Country,
    Currency,
    Key,
    LangLine,
    LangProse,
    Line,
    Money,
    Quantity,
    Rate,
    Sha256,
    ShopTime,
    Wire,
)


class TaxRate(Record):
    """A VAT rate of the till; the agent finds the shop's tax rules group for it."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["tax_rate"] = "tax_rate"
    rate: Rate = Field(description="percent, e.g. 5.5")
    country: Country = Field(default="FR", description="where the rate is levied, ISO 3166-1")


class Category(Record):
    """A rayon, a famille: one node of the till's tree."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["category"] = "category"
    name: LangLine = Field(description="as customers read it")
    parent: Key | None = Field(description="null: under the shop's home category")


class Brand(Record):
    """A brand."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["brand"] = "brand"
    name: Line = Field(description="as customers read it")


class Supplier(Record):
    """Whom the merchant buys from."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["supplier"] = "supplier"
    name: Line = Field(description="as the merchant's people read it")


class Feature(Record):
    """What articles are described by without varying in it: matière, saison."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["feature"] = "feature"
    name: LangLine = Field(description="as customers read it")


class FeatureValue(Record):
    """One value of a feature: cuir, été."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["feature_value"] = "feature_value"
    feature: Key = Field(description="key of a feature record")
    name: LangLine = Field(description="as customers read it")


class Axis(Record):
    """What variants differ by: pointure, couleur."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis"] = "axis"
    name: LangLine = Field(description="as customers read it")
    style: Literal["select", "radio", "color"] = Field(
        default="select", description="how the shop lets a customer choose"
    )


class AxisValue(Record):
    """One size, one colour."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis_value"] = "axis_value"
    axis: Key = Field(description="key of an axis record")
    name: LangLine = Field(description="as customers read it")
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(
        default=None, description="for a swatch; null: none"
    )


class Price(Wire):
    """A sale price with tax."""

    amount: Money = Field(ge=0, description="tax included, 2 places")
    currency: Currency = Field(default="EUR", description="ISO 4217")
    basis: Literal["tax_included"] = Field(
        default="tax_included", description="the amount contains the tax of the article's rate"
    )


Upc = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Isbn = Annotated[str, StringConstraints(pattern=r"^([0-9]{9}[0-9X]|[0-9]{13})$")]
Grams = Annotated[int, Field(ge=0, le=999_999_999)]
Millimetres = Annotated[int, Field(ge=0, le=999_999)]
Nature = Literal["standard", "virtual", "pack"]


class SupplierOffer(Wire):
    """What one supplier calls an article or a variant, and asks for it."""

    supplier: Key = Field(description="key of a supplier record")
    reference: Line = Field(default="", description="the supplier's; empty: not known")
    purchase_price: Money | None = Field(
        default=None, ge=0, description="tax excluded; only where the merchant opted in"
    )
    currency: Currency = Field(default="EUR", description="of the purchase price")


class PackPart(Wire):
    """What a pack contains; exactly one of article and variant."""

    article: Key | None = Field(default=None, description="key of an article without variants")
    variant: Key | None = Field(default=None, description="key of a variant")
    quantity: Quantity = Field(ge=1, description="units in one pack")

    @model_validator(mode="after")
    def _one_part(self) -> Self:
        if (self.article is None) == (self.variant is None):
            raise ValueError("exactly one of article, variant")
        return self


class Article(Record):
    """What the till sells under one name; its variants and stock are records of their own."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["article"] = "article"
    reference: Line = Field(
        min_length=1, description="the till's code for people: it may change, the key may not"
    )
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,14}$")] | None = Field(
        default=None, description="8, 12, 13 or 14 digits; null: none"
    )
    name: LangLine = Field(min_length=1, description="at least in the default language")
    description: LangProse | None = Field(default=None, description="HTML; null clears it")
    price: Price = Field(description="of one unit, and of every variant without its own")
    tax_rate: Key = Field(description="key of a tax_rate record")
    brand: Key | None = Field(default=None, description="key of a brand record; null: none")
    categories: tuple[Key, ...] = Field(default=(), description="the first is the default category")
    purchase_price: Money | None = Field(
        default=None, ge=0, description="tax excluded; only where the merchant opted in"
    )
    short_description: LangProse | None = Field(default=None, description="HTML; null clears it")
    meta_title: LangLine | None = Field(
        default=None, description="for search engines; said at creation only"
    )
    meta_description: LangLine | None = Field(
        default=None, description="for search engines; said at creation only"
    )
    slug: LangLine | None = Field(
        default=None, description="the page's address in words; said at creation only"
    )
    upc: Upc | None = Field(default=None, description="12 digits; null: none")
    isbn: Isbn | None = Field(default=None, description="10 or 13 signs, no dashes; null: none")
    mpn: Line | None = Field(default=None, description="the maker's part number; null: none")
    weight_grams: Grams | None = Field(default=None, description="of one unit, packed")
    width_mm: Millimetres | None = Field(default=None, description="of the parcel")
    height_mm: Millimetres | None = Field(default=None, description="of the parcel")
    depth_mm: Millimetres | None = Field(default=None, description="of the parcel")
    condition: Literal["new", "used", "refurbished"] | None = Field(
        default=None, description="null: the shop's"
    )
    features: tuple[Key, ...] | None = Field(
        default=None, description="keys of feature_value records; null: none of them is ours"
    )
    ecotax: Money | None = Field(
        default=None, ge=0, description="tax included, contained in the price; null: none"
    )
    suppliers: tuple[SupplierOffer, ...] | None = Field(
        default=None, description="the first is the default one"
    )
    when_out_of_stock: Literal["deny", "allow", "default"] | None = Field(
        default=None, description="whether it may be ordered; absent: the site decides"
    )
    nature: Nature | None = Field(default=None, description="absent: standard")
    parts: tuple[PackPart, ...] | None = Field(default=None, description="of a pack")
    online: bool | None = Field(
        default=None, description="flagged for the site at the till; absent: yes"
    )
    buffer: Quantity | None = Field(
        default=None, ge=0, description="units of each sellable kept from the site; absent: policy"
    )


class Variant(Record):
    """One sellable size and colour of an article."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["variant"] = "variant"
    article: Key = Field(description="key of its article record")
    reference: Line = Field(
        default="", description="the till's code for people; empty: the article's"
    )
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,13}$")] | None = Field(
        default=None, description="8, 12 or 13 digits; null: none"
    )
    values: tuple[Key, ...] = Field(min_length=1, description="keys of axis_value records")
    price: Price | None = Field(default=None, description="null: the article's price")
    upc: Upc | None = Field(default=None, description="12 digits; null: none")
    isbn: Isbn | None = Field(default=None, description="10 or 13 signs, no dashes; null: none")
    mpn: Line | None = Field(default=None, description="the maker's part number; null: none")
    weight_grams: Grams | None = Field(
        default=None, description="of one unit, packed; absent: the article's"
    )
    purchase_price: Money | None = Field(
        default=None, ge=0, description="tax excluded; only where the merchant opted in"
    )
    suppliers: tuple[SupplierOffer, ...] | None = Field(
        default=None, description="of this variant, beside the article's"
    )


class Counted(Wire):
    """Units of one web order that a stock figure has already deducted."""

    order: Key = Field(description="order uid")
    quantity: Quantity = Field(
        description="units that the figure no longer contains because of this order"
    )


class Stock(Record):
    """Self-contained: the till's figure and the web orders that this very figure contains."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["stock"] = "stock"
    key: Annotated[str, StringConstraints(pattern=r"^[av]:[^\x00-\x1f]+$", max_length=192)] = Field(
        description="a:<article key> or v:<variant key>"
    )
    quantity: Quantity = Field(description="signed, never clamped")
    counted: tuple[Counted, ...] = Field(
        default=(), description="at most one entry per order; an order not named counts 0"
    )


#: 8 × 8 pixels, three bytes each, as hex.
Look = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{384}$")]


class Photo(Record):
    """A photo's place; its bytes travel in the media stream when the agent wants them."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["photo"] = "photo"
    article: Key = Field(description="key of its article record")
    sha256: Sha256 = Field(description="of the photo's bytes")
    size: int = Field(ge=1, le=32 * 1024 * 1024, description="bytes")
    position: int = Field(
        ge=1, le=10_000, description="order on the article's page; 1 is the cover"
    )
    legend: LangLine | None = Field(default=None, description="as customers read it; null: none")
    variants: tuple[Key, ...] | None = Field(
        default=None, description="keys of the variants that it shows; absent: all of them"
    )
    look: Look | None = Field(
        default=None,
        description="the photo at 8 × 8 pixels, row by row, RGB: finds it again (§8.8)",
    )


class PriceList(Record):
    """Prices for one group of customers."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["price_list"] = "price_list"
    group: Line = Field(min_length=1, description="name of the customer group in the shop")
    name: Line = Field(default="", description="as the till calls the list")


class ListPrice(Record):
    """One price of a list; exactly one of article and variant."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["list_price"] = "list_price"
    price_list: Key = Field(description="key of a price_list record")
    article: Key | None = Field(default=None, description="key of an article: all its variants")
    variant: Key | None = Field(default=None, description="key of a variant")
    amount: Money = Field(ge=0, description="of one unit; places as its basis allows")
    basis: Literal["tax_included", "tax_excluded"] = Field(description="of the amount")
    currency: Currency = Field(default="EUR", description="ISO 4217")
    from_quantity: Quantity = Field(default=1, ge=1, description="units in the basket")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.article is None) == (self.variant is None):
            raise ValueError("exactly one of article, variant")
        return self


class Promotion(Record):
    """A lower price for a time; exactly one target and exactly one of the three reductions."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["promotion"] = "promotion"
    name: Line = Field(default="", description="as the till calls it")
    article: Key | None = Field(default=None, description="key of an article")
    variant: Key | None = Field(default=None, description="key of a variant")
    category: Key | None = Field(
        default=None, description="key of a category: its articles and those below it"
    )
    percent: Rate | None = Field(default=None, gt=0, description="taken off, 0 < percent ≤ 100")
    amount_off: Money | None = Field(default=None, gt=0, description="taken off, tax included")
    price: Money | None = Field(default=None, ge=0, description="the new price, tax included")
    starts_at: ShopTime | None = Field(
        default=None, description="the shop's local time, first second; null: at once"
    )
    ends_at: ShopTime | None = Field(
        default=None, description="the shop's local time, last second; null: until withdrawn"
    )
    group: Line | None = Field(
        default=None, description="name of a customer group in the shop; null: everybody"
    )
    from_quantity: Quantity = Field(default=1, ge=1, description="units in the basket")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        targets = (self.article, self.variant, self.category)
        reductions = (self.percent, self.amount_off, self.price)
        if sum(one is not None for one in targets) != 1:
            raise ValueError("exactly one of article, variant, category")
        if sum(one is not None for one in reductions) != 1:
            raise ValueError("exactly one of percent, amount_off, price")
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValueError("ends_at before starts_at")
        return self
