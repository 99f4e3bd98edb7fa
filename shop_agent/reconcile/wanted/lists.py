"""The lists that articles point into: categories, brands, suppliers, axes, features, their values.

category(fact, context)      # Wanted(category F, "categories", name and id_parent)
feature_value(fact, context) # waits for its feature: raises ParentMissingError
"""

from protocol.records import Axis, AxisValue, Brand, Category, Feature, FeatureValue, Supplier
from shop_agent.errors import ParentMissingError
from shop_agent.prestashop.entities import FieldValue
from shop_agent.reconcile.wanted.shape import Context, Wanted, WantedField, plain, subject_of
from shop_agent.reconcile.wanted.texts import filled, slugs, texts


def category(fact: Category, context: Context) -> Wanted:
    """Return a category under its parent, or under the shop's home.

    Raises:
        ParentMissingError: its parent is not in the shop, or it is above itself at the till; a
            circle in the shop's tree would hang every page that climbs it.
    """
    if _is_under_itself(fact, context):
        raise ParentMissingError(place=fact.key, parent=f"category {fact.parent}")
    home = context.profile.home_category
    parent = home if fact.parent is None else context.parent("category", fact.parent, fact.key)
    return Wanted(
        subject_of(fact),
        "categories",
        (
            WantedField("name", context.owner("category.name"), texts(fact.name, context)),
            plain("id_parent", context.owner("category.parent"), parent),
        ),
        on_create={
            "name": filled(fact.name, context),
            "link_rewrite": slugs(fact.name, {}, context),
            "active": "1",
        },
    )


def _is_under_itself(fact: Category, context: Context) -> bool:
    """Return whether a climb from a category comes back to it; another one's circle is theirs."""
    seen: set[str] = set()
    above = fact.parent
    while above is not None and above not in seen:
        if above == fact.key:
            return True
        seen.add(above)
        parent = context.facts("category", above)
        above = parent.parent if isinstance(parent, Category) else None
    return False


def brand(fact: Brand, context: Context) -> Wanted:
    """Return a manufacturer."""
    name = plain("name", context.owner("brand.name"), fact.name)
    return Wanted(subject_of(fact), "manufacturers", (name,), on_create={"active": "1"})


def supplier(fact: Supplier, context: Context) -> Wanted:
    """Return a supplier."""
    name = plain("name", context.owner("supplier.name"), fact.name)
    return Wanted(subject_of(fact), "suppliers", (name,), on_create={"active": "1"})


def feature(fact: Feature, context: Context) -> Wanted:
    """Return a feature: what articles are described by."""
    names = WantedField("name", context.owner("feature.name"), texts(fact.name, context))
    on_create = {"name": filled(fact.name, context)}
    return Wanted(subject_of(fact), "product_features", (names,), on_create=on_create)


def feature_value(fact: FeatureValue, context: Context) -> Wanted:
    """Return a value that any product may have; those of one product alone are people's."""
    parent = context.parent("feature", fact.feature, fact.key)
    names = WantedField("value", context.owner("feature_value.name"), texts(fact.name, context))
    return Wanted(
        subject_of(fact),
        "product_feature_values",
        (names,),
        on_create={
            "value": filled(fact.name, context),
            "id_feature": str(parent),
            "custom": "0",
        },
    )


def axis(fact: Axis, context: Context) -> Wanted:
    """Return a group of attributes: what variants differ by."""
    names = WantedField("name", context.owner("axis.name"), texts(fact.name, context))
    every = filled(fact.name, context)
    return Wanted(
        subject_of(fact),
        "product_options",
        (names,),
        on_create={
            "name": every,
            "public_name": {lang: text[:64] for lang, text in every.items()},
            "group_type": fact.style,
            "is_color_group": "1" if fact.style == "color" else "0",
        },
    )


def axis_value(fact: AxisValue, context: Context) -> Wanted:
    """Return one size, one colour."""
    group = context.parent("axis", fact.axis, fact.key)
    names = WantedField("name", context.owner("axis_value.name"), texts(fact.name, context))
    on_create: dict[str, FieldValue] = {
        "name": filled(fact.name, context),
        "id_attribute_group": str(group),
    }
    if fact.color:
        on_create["color"] = fact.color
    return Wanted(subject_of(fact), "product_option_values", (names,), on_create=on_create)
