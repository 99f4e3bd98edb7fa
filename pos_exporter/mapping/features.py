"""The parts of a mapping that describe articles: features and their values, in columns or in rows.

In columns, a feature is named in the mapping and its values are what its column holds; in rows, a
query says which article has which value. Either way the till may keep a list of them.

    article:
      fields:
        features:
          matiere: {col: MATIERE, name: {fr: Matière, en: Material}}
          saison: {col: COD_SAISON, listed: true, name: Saison}
    feature_value: {table: SAISON, key: [COD], fields: {feature: {const: saison}, name: LIB}}
"""

from pydantic import Field

from pos_exporter.mapping.fields import FieldOf, Strict, Texts, Words
from pos_exporter.mapping.queries import EntityQuery


class FeatureRule(Strict):
    """One feature of articles, in a column of theirs.

    Args:
        col: The column of the value's code, or of the value itself.
        name: The feature's name, in words; without it, the entity `feature` has it.
        label: The columns of the value's name; without it, the code itself.
        listed: The values come from the entity `feature_value`; a code that is not there is a
            fault.
    """

    col: str
    name: Words = Field(default_factory=dict)
    label: Texts | None = None
    listed: bool = False


class FeatureFields(Strict):
    """A feature's name."""

    name: Texts


class FeatureQuery(EntityQuery):
    """What articles are described by, where the till keeps a list of it."""

    fields: FeatureFields


class FeatureValueFields(Strict):
    """feature: the feature's key, such as `{const: saison}`."""

    feature: FieldOf
    name: Texts


class FeatureValueQuery(EntityQuery):
    """Values of features, where the till keeps lists of them; the record's key is both keys."""

    fields: FeatureValueFields


class ArticleFeatureFields(Strict):
    """feature: its key; value: the code of the value; label: its name, where no list has it."""

    feature: FieldOf
    value: FieldOf
    label: Texts | None = None


class ArticleFeatureQuery(EntityQuery):
    """One value of an article, a row each; `key` is the article's.

    Args:
        listed: The values come from the entity `feature_value`.
    """

    fields: ArticleFeatureFields
    listed: bool = False
