"""Sizes without stock on the product page: the shop's own switch, set as the merchant chose.

The switch is one setting for the whole shop (PS_DISP_UNAVAILABLE_ATTR). It is written only when the
merchant chose, once; a full pass, which reads the shop's settings anew, heals it. Where PrestaShop
would not obey it, `doctor` says so and why.

    profile = Display(desk, profile).run(full=False)
"""

from collections.abc import Mapping
from dataclasses import replace

from protocol.errors import NeedsPersonError, RefusedItemError, Text
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.history import Line
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.query import one_of
from shop_agent.profile import Profile, dump
from shop_agent.replica import Replica

SWITCH = "PS_DISP_UNAVAILABLE_ATTR"
#: The setting that holds what we last made of the switch.
_SAID = "display"
_VALUES: Mapping[str, str] = {"show": "1", "hide": "0"}
_ALLOWED, _AS_THE_SHOP = 1, 2
#: Products that are named when they keep the switch from having an effect.
MOST_NAMED = 20


class NoSwitchError(RefusedItemError):
    """The shop has no such setting: it was never saved there."""

    code = "E-DSP-001"
    what = Text(
        "La boutique n'a pas le réglage « {name} »", "The shop does not have the setting {name}"
    )
    remedy = Text(
        "PrestaShop : Paramètres > Produits, enregistrer la page une fois",
        "PrestaShop: Shop parameters > Product settings, save the page once",
    )


class NoStockManagementError(NeedsPersonError):
    """PrestaShop does not manage stock: every size counts as there."""

    code = "E-DSP-002"
    exit_code = 3
    what = Text(
        "« Cacher les tailles épuisées » est sans effet : PrestaShop ne gère pas le stock",
        "« Hide sizes without stock » has no effect: PrestaShop does not manage stock",
    )
    remedy = Text(
        "PrestaShop : Paramètres > Produits > Stock, « Activer la gestion des stocks »",
        "PrestaShop: Shop parameters > Product settings > Stock, « Enable stock management »",
    )


class SoldWithoutStockError(NeedsPersonError):
    """PrestaShop lets everything be ordered without stock, so it hides nothing."""

    code = "E-DSP-003"
    exit_code = 3
    what = Text(
        "« Cacher les tailles épuisées » est sans effet : on peut commander sans stock",
        "« Hide sizes without stock » has no effect: orders without stock are allowed",
    )
    remedy = Text(
        "PrestaShop : Paramètres > Produits > Stock, « Autoriser la commande de produits en "
        "rupture de stock » : non",
        "PrestaShop: Shop parameters > Product settings > Stock, « Allow ordering of out-of-stock "
        "products »: no",
    )


class SomeSoldWithoutStockError(NeedsPersonError):
    """Some products may be ordered without stock: their empty sizes stay on the page."""

    code = "E-DSP-004"
    exit_code = 3
    what = Text(
        "« Cacher les tailles épuisées » est sans effet pour {count} produit(s) : {names}",
        "« Hide sizes without stock » has no effect for {count} product(s): {names}",
    )
    remedy = Text(
        "Dans la fiche du produit, en cas de rupture : « Refuser les commandes »",
        "In the product, when out of stock: « Deny orders »",
    )


def hides_empty(settings: Mapping[str, str], out_of_stock: int = _AS_THE_SHOP) -> bool:
    """Return whether a shop hides the empty sizes of a product.

    Args:
        settings: The shop's.
        out_of_stock: The product's: 0 deny, 1 allow, 2 as the shop.
    """
    if settings.get(SWITCH) != "0" or settings.get("PS_STOCK_MANAGEMENT") == "0":
        return False
    if out_of_stock == _AS_THE_SHOP:
        return settings.get("PS_ORDER_OUT_OF_STOCK") != "1"
    return out_of_stock != _ALLOWED


class Display:
    """Sets the shop's switch.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile

    def run(self, *, full: bool) -> Profile:
        """Set the switch when it must be; return the profile as the shop is afterwards."""
        choice = self._desk.choices.empty_combinations
        wanted = _VALUES.get(choice)
        with self._desk.engine.connect() as connection:
            said = Replica(connection).setting(_SAID)
        shown, profile = self._profile.settings.get(SWITCH), self._profile
        if wanted is not None and shown != wanted and (said != choice or full):
            if self._desk.dry:
                self._desk.report.count("configurations", "changed")
                return profile
            profile = self._write(wanted)
        if said != choice and not self._desk.dry:
            self._say(choice)  # last: what did not come through is tried again
        return profile

    def _write(self, wanted: str) -> Profile:
        row = self._row()
        if row is None:
            error = NoSwitchError(place=SWITCH, name=SWITCH)
            self._desk.report.refused.append((Subject("policy", "policy"), error.problem()))
            return self._profile
        self._desk.shop.change("configurations", Write(row.id, {"value": wanted}))
        self._desk.report.count("configurations", "changed")
        profile = replace(self._profile, settings={**self._profile.settings, SWITCH: wanted})
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.set_setting("profile", dump(profile))
            policy, was = Subject("policy", "policy"), self._profile.settings.get(SWITCH)
            line = Line(policy, "configurations", row.id, SWITCH, 0, was, wanted)
            self._desk.note(connection, [line])
            replica.mark_all_dirty(("stock",))  # other sizes are hidden now: their fates say so
        return profile

    def _row(self) -> Entity | None:
        """Return the row that holds for our shop: its own before its group's before the common."""
        display = ("id", "name", "value", "id_shop_group", "id_shop")
        rows = self._desk.shop.find_any("configurations", "name", [SWITCH], display=display)
        ours = [row for row in rows if row.whole("id_shop") in (0, self._profile.shop_id)]
        return max(ours, key=lambda row: (row.whole("id_shop") != 0, row.whole("id_shop_group")),
                   default=None)  # fmt: skip

    def _say(self, choice: str) -> None:
        with self._desk.engine.begin() as connection:
            Replica(connection).set_setting(_SAID, choice)


def find_obstacle(shop: Webservice, settings: Mapping[str, str]) -> NeedsPersonError | None:
    """Return why hiding sizes without stock has no effect, for all or some products; else None."""
    if settings.get("PS_STOCK_MANAGEMENT") == "0":
        return NoStockManagementError()
    if settings.get("PS_ORDER_OUT_OF_STOCK") == "1":
        return SoldWithoutStockError()
    filters = {"out_of_stock": one_of([_ALLOWED]), "id_product_attribute": one_of([0])}
    rows = shop.find("stock_availables", filters, display=("id", "id_product"), limit=1000)
    products = sorted({row.whole("id_product") for row in rows})
    if not products:
        return None
    named = shop.find_any("products", "id", products[:MOST_NAMED], display=("id", "reference"))
    names = ", ".join(one.text("reference") or str(one.id) for one in named)
    return SomeSoldWithoutStockError(count=len(products), names=names)
