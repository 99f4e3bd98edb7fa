"""The till's texts in the shop's languages.

Rules: a language of the shop that the till does not say is never emptied; at a creation the text
in the default language fills the others, where the merchant lets it (`fill_languages`), and the
shop's own default language always: PrestaShop refuses a name without it. An address in words is
made for every language: a page without one cannot be reached.

    texts({"fr": "Botte"}, context)     # {2: "Botte"}
    filled({"fr": "Botte"}, context)    # {1: "Botte", 2: "Botte"}
    slugs({"fr": "Botte d'été"}, {}, context)   # {1: "botte-d-ete", 2: "botte-d-ete"}
"""

from collections.abc import Mapping

from slugify import slugify

from protocol.records import Owner
from shop_agent.reconcile.wanted.shape import Context, WantedField

Said = Mapping[str, str]


def texts(said: Said, context: Context) -> dict[int, str]:
    """Return the till's texts by the shop's language ids; languages it does not have are left."""
    return {lang: said[iso] for lang, iso in context.profile.languages.items() if said.get(iso)}


def filled(said: Said, context: Context) -> dict[int, str]:
    """Return a text for every language of the shop, as a creation needs it."""
    languages, fallback = context.profile.languages, _fallback(said, context)
    fills = languages if context.policy.fill_languages is not False else list(languages)[:1]
    return {
        lang: said.get(iso) or (fallback if lang in fills else "")
        for lang, iso in languages.items()
    }


def slugs(names: Said, said: Said, context: Context) -> dict[int, str]:
    """Return an address in words for every language: as said, else made of the name."""
    fallback = slug(_fallback(said, context) or _fallback(names, context))
    return {
        lang: slug(found) if (found := said.get(iso) or names.get(iso)) else fallback
        for lang, iso in context.profile.languages.items()
    }


def slug(text: str) -> str:
    """Return a link_rewrite for a text: lower-case ASCII words, at most 128 signs."""
    return slugify(text, max_length=128, word_boundary=True) or "article"


def prose(name: str, owner: Owner, said: Said | None, context: Context) -> WantedField:
    """Return a long text; null clears it in every language, one not said stays as it is."""
    cleared = dict.fromkeys(context.profile.languages, "")
    return WantedField(name, owner, cleared if said is None else texts(said, context))


def _fallback(said: Said, context: Context) -> str:
    chosen = said.get(context.policy.default_language)
    return chosen or next((text for text in said.values() if text), "")
