"""Features of articles, in columns or in rows, and the values that they bring along.

A feature that the mapping names in words is made when it has a value; a value is made once, from
the first row that has it, whatever capitals and blanks the others have. Values of an article that
is set aside are made all the same: the till has them, and the site must not lose them. An article
of which one feature cannot be used says nothing of its features.

    features = Features(rows, frame, ledger)
    features.of(view, query)          # {'features': ('matiere|CUI', 'saison|E26')}, or {}
"""

import unicodedata
from collections.abc import Callable

from pos_exporter.assembling.by_article import RowsByOwner, set_part_aside
from pos_exporter.assembling.facts import value_key
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.shop_rules import VALUE_NAME, line_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.entities import ArticleQuery
from pos_exporter.mapping.features import ArticleFeatureQuery, FeatureRule
from pos_exporter.mapping.fields import OWN_LANGUAGE, FieldRule, Texts
from pos_exporter.mapping.keys import join_key
from pos_exporter.mapping.offer_errors import UnknownFeatureError, UnknownFeatureValueError
from pos_exporter.mapping.row_errors import RowError, UndecodableTextError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Feature, FeatureValue


class Features:
    """What articles are described by."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self._rows = RowsByOwner(rows, "article_feature", ArticleFeatureQuery, frame, ledger)
        self._frame, self._ledger = frame, ledger
        #: Per spelling that is the same to a person, the key that it has.
        self._known = {_plain(key): key for key in reversed(ledger.keys("feature_value"))}

    def of(self, view: RowView, query: ArticleQuery) -> dict[str, object]:
        """Return what an article says of its features: nothing when one cannot be used."""
        rules = query.fields.features
        if not rules and not self._rows.is_mapped:
            return {}
        keys, whole = dict[str, None](), not self._rows.is_unsure
        for feature, rule in rules.items():
            whole &= self._take(view, feature, self._in_column(view, feature, rule), keys)
        for number, (row, row_query) in enumerate(self._rows.of(view.key), 1):
            whole &= self._take(view, str(number), self._in_row(row, row_query), keys)
        return {"features": tuple(keys) or None} if whole else {}

    def _take(
        self, view: RowView, part: str, read: Callable[[], str | None], keys: dict[str, None]
    ) -> bool:
        """Add the key that one cell names; return whether it could be used."""
        try:
            key = read()
        except UndecodableTextError as error:
            # Which value that is, nobody can tell: no value may be taken for gone.
            self._ledger.set_aside("feature_value", "", error, label=view.label())
            return False
        except RowError as error:
            set_part_aside("article_feature", view, part, error, self._ledger)
            return False
        if key is None:
            return True
        keys[key] = None
        return self._ledger.fate("feature_value", key) == "record"

    def _in_column(
        self, view: RowView, feature: str, rule: FeatureRule
    ) -> Callable[[], str | None]:
        def read() -> str | None:
            code = view.code(rule.col)
            if code is None:
                return None
            labels: Texts = rule.label or {OWN_LANGUAGE: FieldRule(col=rule.col)}
            knows_feature(self._frame, self._ledger, feature)
            return self._value(view, feature, join_key([code]), labels, listed=rule.listed)

        return read

    def _in_row(self, row: RowView, query: ArticleFeatureQuery) -> Callable[[], str | None]:
        def read() -> str | None:
            fields = query.fields
            feature, code = row.reference(fields.feature), row.reference(fields.value)
            if feature is None or not knows_feature(self._frame, self._ledger, feature):
                place = row.place(fields.feature.columns())
                raise UnknownFeatureError(place=place, value=feature or "")
            if code is None:
                return None
            labels: Texts = fields.label or {OWN_LANGUAGE: fields.value}
            return self._value(row, feature, code, labels, listed=query.listed)

        return read

    def _value(self, view: RowView, feature: str, code: str, labels: Texts, *, listed: bool) -> str:
        """Return the key of a value, which is made here where no list has it.

        Raises:
            UnknownFeatureValueError: When the till's list does not have it.
        """
        ledger, key = self._ledger, self._key_of(feature, code)
        if ledger.knows("feature_value", key):
            return key
        columns = [column for rule in labels.values() for column in rule.columns()]
        if listed:
            raise UnknownFeatureValueError(place=view.place(columns), value=code)
        before = len(view.notes)
        try:
            names = view.texts(labels, line_of(VALUE_NAME, repair=view.frame.mapping.repair_names))
            if view.frame.language not in names:
                raise UnknownFeatureValueError(place=view.place(columns), value=code)
        except RowError as error:
            ledger.set_aside("feature_value", key, error, label=view.label())
            return key
        notes = view.notes[before:]
        del view.notes[before:]
        ledger.add(FeatureValue(key=key, feature=feature, name=names), notes)
        return key

    def _key_of(self, feature: str, code: str) -> str:
        """Return a value's key: « Cuir », « CUIR » and « cuir  » are one and the same."""
        written = value_key(feature, code)
        if self._ledger.knows("feature_value", written):
            return written
        return self._known.setdefault(_plain(written), value_key(feature, _plain(code)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def knows_feature(frame: Frame, ledger: Ledger, feature: str) -> bool:
    """Return whether the till has a feature; one that the mapping names is made when asked for."""
    if ledger.knows("feature", feature):
        return True
    for query in frame.mapping.entities.article:
        rule = query.fields.features.get(feature)
        if rule is not None:
            ledger.add(_in_words(feature, rule, frame))
            return True
    return False


def _in_words(feature: str, rule: FeatureRule, frame: Frame) -> Feature:
    names = {lang or frame.language: words for lang, words in rule.name.items()}
    return Feature(key=feature, name=names or {frame.language: feature})
