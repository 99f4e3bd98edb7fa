"""Which entity of the shop is a fact that has no link yet? Nothing is ever created twice.

Pure: the candidates were read before. A unique match is adopted; several are a person's question.

    match(wanted, candidates)     # an Entity, or None; raises AmbiguousMatchError
"""

from collections.abc import Iterable

from shop_agent.errors import AmbiguousMatchError
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.wanted import Wanted


def match(wanted: Wanted, candidates: Iterable[Entity]) -> Entity | None:
    """Return the only candidate that is this fact, or None when there is none.

    Raises:
        AmbiguousMatchError: several are.
    """
    found = [entity for entity in candidates if _is_same(wanted, entity)]
    if len(found) > 1:
        shown = ", ".join(f"{entity.resource} {entity.id}" for entity in found[:5])
        raise AmbiguousMatchError(place=str(wanted.subject), found=shown)
    return found[0] if found else None


def _is_same(wanted: Wanted, site: Entity) -> bool:
    if wanted.resource == "products":
        return _field(wanted, "reference") == site.text("reference")
    if wanted.resource == "combinations":
        return _same_values(wanted, site)
    if wanted.resource == "manufacturers":
        return _fold(_field(wanted, "name")) == _fold(site.text("name"))
    return _parents_agree(wanted, site) and _names_agree(wanted, site)


def _same_values(wanted: Wanted, site: Entity) -> bool:
    if wanted.on_create["id_product"] != site.text("id_product"):
        return False
    mine = {row["id"] for row in wanted.rows["product_option_values"]}
    return mine == {row["id"] for row in site.rows("product_option_values")}


def _parents_agree(wanted: Wanted, site: Entity) -> bool:
    if wanted.resource == "categories":
        return _field(wanted, "id_parent") == site.text("id_parent")
    if wanted.resource == "product_option_values":
        return wanted.on_create["id_attribute_group"] == site.text("id_attribute_group")
    return True


def _names_agree(wanted: Wanted, site: Entity) -> bool:
    """Return whether any language bears the name that the till gives for it."""
    names = next(one.texts for one in wanted.fields if one.name == "name")
    shown = site.texts("name")
    if names:
        return any(_fold(shown.get(lang, "")) == _fold(text) for lang, text in names.items())
    filled = wanted.on_create["name"]
    return not isinstance(filled, str) and any(
        _fold(shown.get(lang, "")) == _fold(text) for lang, text in filled.items()
    )


def _field(wanted: Wanted, name: str) -> str:
    return next(one.texts[0] for one in wanted.fields if one.name == name)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
