"""Which entity of the shop is a fact that has no link yet? Nothing is ever created twice.

Pure: the candidates were read before. A unique match is adopted; several are a person's question.
Products are matched by `connecting`, all at once; what hangs on them is matched here.

Rules: names are compared without case, accents or double spaces, first in the till's own language,
then in any; a combination by its sizes and colours, else by a reference or barcode that nothing
else bears.

    match(wanted, candidates)     # an Entity, or None; raises AmbiguousMatchError
    match_by_codes(variant, others, candidates)
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from shop_agent.errors import AmbiguousMatchError
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.wanted import Wanted

_VALUES = "product_option_values"
#: The field that parents are told by; and a value of one product alone is nobody else's.
_PARENTS: Mapping[str, str] = {
    "categories": "id_parent",
    "product_option_values": "id_attribute_group",
    "product_feature_values": "id_feature",
}


def match(wanted: Wanted, candidates: Iterable[Entity]) -> Entity | None:
    """Return the only candidate that is this fact, or None when there is none.

    Raises:
        AmbiguousMatchError: several are.
    """
    found = _found(wanted, candidates)
    if len(found) > 1:
        shown = ", ".join(f"{entity.resource} {entity.id}" for entity in found[:5])
        raise AmbiguousMatchError(place=str(wanted.subject), found=shown)
    return found[0] if found else None


def match_by_codes(
    wanted: Wanted, siblings: Iterable[Wanted], candidates: Iterable[Entity]
) -> Entity | None:
    """Return the combination that bears a variant's reference, else its barcode, alone.

    Args:
        wanted: The variant.
        siblings: The other variants that look for a combination.
        candidates: Combinations that nothing was ever linked to and that no sizes and colours name.
    """
    product = wanted.on_create["id_product"]
    others = [one for one in siblings if one.subject != wanted.subject]
    mine = [entity for entity in candidates if entity.text("id_product") == product]
    for name in ("reference", "ean13"):
        code = text_of_field(wanted, name)
        is_shared = any(
            text_of_field(one, name) == code and one.on_create["id_product"] == product
            for one in others
        )
        found = [entity for entity in mine if code and entity.text(name) == code]
        if len(found) == 1 and not is_shared:
            return found[0]
    return None


def named_by_values(wanted: Sequence[Wanted], candidates: Iterable[Entity]) -> frozenset[int]:
    """Return the combinations that the sizes and colours of these variants name."""
    return frozenset(
        entity.id for entity in candidates if any(_same_values(one, entity) for one in wanted)
    )


def text_of_field(wanted: Wanted, name: str) -> str:
    """Return a plain field of what is wanted; empty when it says nothing of it."""
    return next((one.texts.get(0, "") for one in wanted.fields if one.name == name), "")


def fold(text: str) -> str:
    """Return a name without case, accents and double spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(x for x in apart if not unicodedata.combining(x)).split())


def _found(wanted: Wanted, candidates: Iterable[Entity]) -> list[Entity]:
    if wanted.resource == "products":
        reference = text_of_field(wanted, "reference")
        return [one for one in candidates if one.text("reference") == reference]
    if wanted.resource == "combinations":
        return [one for one in candidates if _same_values(wanted, one)]
    if wanted.resource in ("manufacturers", "suppliers"):
        name = fold(text_of_field(wanted, "name"))
        return [one for one in candidates if fold(one.text("name")) == name]
    there = [one for one in candidates if _parents_agree(wanted, one)]
    names, field = _names(wanted)
    same = [one for one in there if _same_language(names, one.texts(field))]
    folded = {fold(text) for text in names.values()} - {""}
    return same or [one for one in there if folded & set(map(fold, one.texts(field).values()))]


def _same_values(wanted: Wanted, site: Entity) -> bool:
    if wanted.on_create["id_product"] != site.text("id_product"):
        return False
    mine = {row["id"] for row in wanted.rows[_VALUES]}
    return mine == {row["id"] for row in site.rows(_VALUES)}


def _parents_agree(wanted: Wanted, site: Entity) -> bool:
    if wanted.resource == "product_feature_values" and site.flag("custom"):
        return False
    name = _PARENTS.get(wanted.resource)
    if name is None:
        return True
    parent = text_of_field(wanted, name) or wanted.on_create.get(name)
    return parent == site.text(name)


def _names(wanted: Wanted) -> tuple[Mapping[int, str], str]:
    """Return the names that the till gives, by language, and the shop's field for them."""
    field = "value" if wanted.resource == "product_feature_values" else "name"
    said = next(one.texts for one in wanted.fields if one.name == field)
    filled = wanted.on_create[field]
    return (said or {0: filled} if isinstance(filled, str) else said or filled), field


def _same_language(names: Mapping[int, str], shown: Mapping[int, str]) -> bool:
    return any(text and fold(shown.get(lang, "")) == fold(text) for lang, text in names.items())
