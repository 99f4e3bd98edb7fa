"""Articles and variants: one row becomes one fact, pure.

What other rows say of an article (its features, suppliers, parts) is handed in, ready to travel.

    record = an_article(view, query, more_categories=(), told={"features": ("matiere|CUI",)})
    record.price.amount                               # Decimal('49.90')
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pos_exporter.assembling.codes import bar_code, isbn, upc
from pos_exporter.assembling.facts import names_of, needed_reference, price_of, record_of
from pos_exporter.assembling.figures import (
    grams,
    millimetres,
    needed_price,
    optional_amount,
    purchase_price,
    sale_price,
    units_from,
)
from pos_exporter.assembling.shop_rules import (
    MPN,
    NAME,
    REFERENCE,
    LineRule,
    line_of,
    needed_line,
    search_line,
)
from pos_exporter.assembling.texts import description, short_description, slug
from pos_exporter.mapping.entities import (
    ArticleFields,
    ArticleQuery,
    VariantFields,
    VariantQuery,
)
from pos_exporter.mapping.fields import FieldRule
from pos_exporter.mapping.figure_errors import EcotaxAbovePriceError
from pos_exporter.mapping.formats import Value, parse_bool, plain_text
from pos_exporter.mapping.named_errors import UnknownTaxRateError
from pos_exporter.mapping.row_errors import UnknownCodeError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Article, Variant

#: What an article is, where Comptoir makes no product of it.
OFF_SITE_NATURES = ("gift_card", "service", "deposit", "weighed")
_NATURES = ("standard", "virtual", "pack", *OFF_SITE_NATURES)
_CONDITIONS = ("new", "used", "refurbished")
_OUT_OF_STOCK = ("deny", "allow", "default")
_VARIANT_EAN = bar_code((8, 12, 13))
#: Fields of a record made from fields of the mapping; only what is mapped is said.
Told = dict[str, object]


def an_article(
    view: RowView,
    query: ArticleQuery,
    more_categories: Sequence[str],
    told: Mapping[str, object],
) -> Article:
    """Return an article.

    Args:
        view: Its row.
        query: Its query.
        more_categories: Keys of the categories that another query gives it.
        told: Fields that other rows say; what holds parts is a pack, whatever its row says.
    """
    fields, frame = query.fields, view.frame
    price = view.read(fields.price, needed_price(frame.mapping.formats))
    named = [view.reference(rule) for rule in fields.categories]
    categories = dict.fromkeys(key for key in (*named, *more_categories) if key is not None)
    return record_of(
        Article,
        view,
        reference=view.mend(fields.reference, needed_line(_reference(frame))),
        name=names_of(view, fields.name, NAME),
        price=price_of(price, frame),
        tax_rate=needed_reference(view, fields.tax_rate, UnknownTaxRateError),
        categories=tuple(categories),
        **_texts(view, fields),
        **_codes(view, fields, bar_code(frame.shop.eans)),
        **_measures(view, fields),
        **{**_trade(view, query, price), **told},
    )


def a_variant(
    view: RowView,
    query: VariantQuery,
    article: str,
    values: Sequence[str],
    told: Mapping[str, object],
) -> Variant:
    """Return a variant of an article with these axis values (keys)."""
    fields, frame = query.fields, view.frame
    said: Told = {**_codes(view, fields, _VARIANT_EAN), **told}
    if fields.reference is not None:
        said["reference"] = view.mend(fields.reference, line_of(_reference(frame))) or ""
    if fields.price is not None:
        amount = view.read(fields.price, sale_price(frame.mapping.formats))
        said["price"] = None if amount is None else price_of(amount, frame)
    if fields.weight is not None:
        weight = view.read(fields.weight, grams(frame.mapping.formats, fields.weight.unit))
        if weight is not None:  # absent: the article's
            said["weight_grams"] = weight
    if fields.purchase_price is not None and frame.mapping.send_purchase_price:
        said["purchase_price"] = _purchase(view, fields.purchase_price)
    return record_of(Variant, view, article=article, values=tuple(values), **said)


def nature_of(view: RowView, query: ArticleQuery) -> str:
    """Return what an article is; `standard` where nothing is said.

    Raises:
        UnknownCodeError: When it is nothing that Comptoir knows.
    """
    rule = query.fields.nature
    return "standard" if rule is None else _choice(view, rule, _NATURES, "nature") or "standard"


# --- parts of an article ----------------------------------------------------------------------


def _reference(frame: Frame) -> LineRule:
    return replace(REFERENCE, limit=frame.shop.reference)


def _texts(view: RowView, fields: ArticleFields) -> Told:
    shop = view.frame.shop
    readers = {
        "description": description,
        "short_description": short_description,
        "meta_title": search_line(shop.meta_title),
        "meta_description": search_line(shop.meta_description),
        "slug": slug,
    }
    mapped = {name: getattr(fields, name) for name in readers}
    return {
        name: view.texts(rules, readers[name]) or None
        for name, rules in mapped.items()
        if rules is not None
    }


def _codes(
    view: RowView,
    fields: ArticleFields | VariantFields,
    ean: Callable[[Value], str | None],
) -> Told:
    told: Told = {}
    if fields.ean is not None:
        told["ean"] = view.read(fields.ean, ean)
    if fields.upc is not None:
        told["upc"] = view.read(fields.upc, upc)
    if fields.isbn is not None:
        told["isbn"] = view.read(fields.isbn, isbn)
    if fields.mpn is not None:
        told["mpn"] = view.mend(fields.mpn, line_of(MPN))
    return told


def _measures(view: RowView, fields: ArticleFields) -> Told:
    formats, told = view.frame.mapping.formats, Told()
    if fields.weight is not None:
        told["weight_grams"] = view.read(fields.weight, grams(formats, fields.weight.unit))
    sizes = {"width_mm": fields.width, "height_mm": fields.height, "depth_mm": fields.depth}
    for name, rule in sizes.items():
        if rule is not None:
            told[name] = view.read(rule, millimetres(formats, rule.unit))
    return told


def _trade(view: RowView, query: ArticleQuery, price: Decimal) -> Told:
    fields, mapping, told = query.fields, view.frame.mapping, Told()
    if fields.brand is not None:
        told["brand"] = view.reference(fields.brand)
    if fields.purchase_price is not None and mapping.send_purchase_price:
        told["purchase_price"] = _purchase(view, fields.purchase_price)
    if fields.condition is not None:
        told["condition"] = _choice(view, fields.condition, _CONDITIONS, "condition")
    if fields.ecotax is not None:
        told["ecotax"] = ecotax = view.read(fields.ecotax, optional_amount(mapping.formats))
        if ecotax is not None and ecotax > price:
            raise EcotaxAbovePriceError(place=view.place(fields.ecotax.columns()), value=ecotax)
    return {**told, **_selling(view, query)}


def _selling(view: RowView, query: ArticleQuery) -> Told:
    """Return how an article is sold; blank is not said here, for no value stands for nothing."""
    fields, frame, told = query.fields, view.frame, Told()
    if fields.when_out_of_stock is not None:
        rule = fields.when_out_of_stock
        told["when_out_of_stock"] = _choice(view, rule, _OUT_OF_STOCK, "when_out_of_stock")
    if fields.nature is not None:
        told["nature"] = nature_of(view, query)
    if fields.buffer is not None:
        told["buffer"] = view.read(fields.buffer, _buffer(frame))
    if query.exported is not None and not frame.only_flagged:
        told["online"] = view.flag("exported") is not False
    if fields.online is not None:
        told["online"] = view.read(fields.online, lambda v: parse_bool(v, frame.mapping.formats))
    return {name: value for name, value in told.items() if value is not None}


def _buffer(frame: Frame) -> Callable[[Value], int | None]:
    read = units_from(frame.mapping.formats, 0, default=None)
    return lambda value: None if value is None else read(value)


def _purchase(view: RowView, rule: FieldRule) -> Decimal | None:
    return view.read(rule, purchase_price(view.frame.mapping.formats))


def _choice(view: RowView, rule: FieldRule, known: Sequence[str], name: str) -> str | None:
    def read(value: Value) -> str | None:
        code = (plain_text(value) or "").strip()
        if code and code not in known:
            raise UnknownCodeError(value=code, list=f"{name}.map")
        return code or None

    return view.read(rule, read)
