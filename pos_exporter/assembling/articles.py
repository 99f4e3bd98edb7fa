"""Articles: on the site or not, and whether what they name exists.

put_articles(rows, frame, ledger)
ledger.fate("article", "1042")        # 'record', 'withheld' or 'left_out'
"""

from pos_exporter.assembling.features import Features
from pos_exporter.assembling.goods import OFF_SITE_NATURES, an_article, nature_of
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.packs import Packs
from pos_exporter.assembling.steps import refuse_twice, views_of
from pos_exporter.assembling.suppliers import Suppliers
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.entities import ArticleCategoryQuery, ArticleQuery
from pos_exporter.mapping.named_errors import (
    UnknownBrandError,
    UnknownCategoryError,
    UnknownTaxRateError,
)
from pos_exporter.mapping.notes import NotForSitesNote
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Article, Cause


def put_articles(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put the articles into the ledger; the lists must be there."""
    more, features = _MoreCategories(rows, frame, ledger), Features(rows, frame, ledger)
    suppliers, packs = Suppliers(rows, frame, ledger), Packs(rows, frame, ledger)
    for view, query in views_of(rows.of("article", ArticleQuery), "article", frame, ledger):
        ledger.name("article", view.key, view.label, codes=view.codes)
        try:
            cause = _left_out(view, query, ledger)
            if cause is not None:
                ledger.leave_out("article", view.key, cause)
                continue
        except RowError as error:
            features.of(view, query)  # its values are at the till all the same
            ledger.set_aside("article", view.key, error)
            continue
        told = {**features.of(view, query), **suppliers.of(view, query.fields.supplier)}
        try:
            told |= packs.of(view, nature_of(view, query))
            record = an_article(view, query, more.of(view.key), told)
            _refuse_unknown(record, view, query, ledger)
            refuse_twice(view, record, ledger)
        except RowError as error:
            ledger.set_aside("article", view.key, error)
        else:
            ledger.add(record, view.notes)


def _left_out(view: RowView, query: ArticleQuery, ledger: Ledger) -> Cause | None:
    """Return why an article is not for the site; one for what it is is told to a person."""
    cause = off_site(view)
    if cause is not None:
        return cause
    nature, rule = nature_of(view, query), query.fields.nature
    if rule is None or nature not in OFF_SITE_NATURES:
        return None
    place = view.place(rule.columns())
    ledger.note("article", view.key, NotForSitesNote(place=place, nature=nature))
    return "filtered"


def off_site(view: RowView) -> Cause | None:
    """Return why a row is not for the site, None when it is.

    Raises:
        RowError: When its flags cannot be read.
    """
    if view.flag("discontinued"):
        return "discontinued"
    flagged = view.flag("exported") is not False
    return None if flagged or not view.frame.only_flagged else "unflagged"


def _refuse_unknown(article: Article, view: RowView, query: ArticleQuery, ledger: Ledger) -> None:
    fields = query.fields
    if not ledger.knows("tax_rate", article.tax_rate):
        place = view.place(fields.tax_rate.columns())
        raise UnknownTaxRateError(place=place, value=article.tax_rate)
    if article.brand is not None and not ledger.knows("brand", article.brand):
        place = view.place(fields.brand.columns() if fields.brand else ())
        raise UnknownBrandError(place=place, value=article.brand)
    for category in article.categories:
        if not ledger.knows("category", category):
            columns = [column for rule in fields.categories for column in rule.columns()]
            raise UnknownCategoryError(place=view.place(columns), value=category)


class _MoreCategories:
    """The categories that a query of their own gives to articles; a wrong row is its article's."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self._found: dict[str, list[str]] = {}
        self._wrong: dict[str, RowError] = {}
        reads = rows.of("article_categories", ArticleCategoryQuery)
        for view, query in views_of(reads, "article", frame, ledger):
            try:
                category = view.reference(query.fields.category)
            except RowError as error:
                self._wrong.setdefault(view.key, error)
            else:
                self._found.setdefault(view.key, []).extend([category] if category else [])

    def of(self, article: str) -> list[str]:
        """Return an article's further categories, or raise what is wrong with them."""
        if article in self._wrong:
            raise self._wrong[article]
        return self._found.get(article, [])
