"""The versions of PrestaShop that the simulator can be, as data: what each one does otherwise.

`tables/` describes 8.2.1; `changes/VERSION.json` says what another version's fields, sizes and
resources are, and `Version` how it behaves. Nothing else in this room compares version numbers.

    version = get_version("1.7.8.11")
    version.has_patch                                         # False
    version.resources["products"].field("reference").max      # 64
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources as files
from types import MappingProxyType
from typing import Any, Literal

from demo.prestashop.tables import (
    RESOURCES,
    Association,
    AssociationField,
    Field,
    Resource,
    parse_resource,
)
from protocol.errors import Text, UsageError

#: Answered by code of their own, in every version.
_SPECIAL = ("images", "search")
_WEBP = frozenset({"JPEG", "PNG", "GIF", "WEBP"})
_NO_WEBP = _WEBP - {"WEBP"}


class UnknownVersionError(UsageError):
    """A version of PrestaShop that the simulator does not know."""

    code = "E-DEMO-003"
    what = Text("Version de PrestaShop inconnue", "Unknown PrestaShop version")
    remedy = Text("Choisir parmi : {known}", "Choose one of: {known}")


@dataclass(frozen=True)
class Version:
    """One version: its resources, and how it behaves.

    Args:
        number: As in the `PSWS-Version` header.
        resources: By the name in the URL.
        values: What a fresh shop has in fields that only this version has, by resource.
        seed: Rows of a fresh shop that are other than those of `seed.json`, or are not there.
        modules: Payment modules that are installed, with the names of their payments.
        has_patch: Whether the verb and the permission PATCH exist.
        escapes: Whether messages of the codes 84 and 85 are escaped as in HTML (`-&gt;`).
        warns: Whether PHP warns of absent keys, as it does since 8, which makes the status 500.
        no_colour: What the answer to a write shows of an option that is no colour.
        silent: Whether PHP's warnings never come with errors.
        single_display: Whether `display` chooses the fields of one entity; else its id is shown.
        bare_lists: Whether the rows of some associations asked for by name hide their ids.
        stock_by_key: Whether stock rows are listed by product and combination, not by id.
        live_quantity: Whether a combination's `quantity` is that of its stock row.
        foreign_stock: Whether lists show the stock rows that belong to no shop.
        keeps_depending: Whether `depends_on_stock` may be set though stock is not managed so.
        old_slugs: Whether signs outside Latin letters are dropped from slugs, not spelt out.
        names_first: Whether an early refusal already bears the version.
        image_formats: Formats of photos it takes.
        image_limit: Largest photo in bytes; 0 for what a setting says.
        webp_becomes: In which format it keeps a WebP.
        no_file: Status and error when an upload has no file.
        keeps_broken_images: Whether a broken file leaves a row behind.
        empty_images: Status of the list of images of a product without any.
        image_delete_dies: Whether PHP dies after a product's image was deleted.
        needs_language_nodes: Whether a required text without language nodes counts as none.
        makes_slugs: Whether `link_rewrite` is made from the name.
        zero_place: Whether the position 0 in a category is accepted, and means nothing.
        closes_gaps: Whether the others of its categories move up when a product is deleted.
        double_mail: Who may share the e-mail of a registered customer.
        guests: Whether guests can be made through the webservice (code 46 otherwise).
        double_accessory: Whether the same accessory may come twice.
        variant_sign: What stands between option and value in the lines of an order.
        shares_carts: Whether a cart belongs to the shop's group.
        empty_lists: Whether an empty list of rows is accepted, of a cart or of a slip.
        lone_vouchers: Whether each voucher is reckoned alone: of the whole cart, never cut to what
            is left, and without tax by the cart's average rate, of 3 places.
        rounded_sums: Whether what is to be paid is summed up of rounded lines.
        row_addresses: Whether the rows of a cart keep their address.
        backorders: Whether an order of more than there is goes on to the backorder state.
        leaving_takes: Whether leaving an error takes stock again, for a state of no sale too.
        broken_key: Whether a row that a unique key forbids is refused (code 46), or PHP dies.
        failed_order: Status of an order that cannot be made, told in one line of text.
        tells_wrong_key: Whether an order with another key, or of no cart, is told so; or PHP dies.
        failed_move: Status and text when an order cannot be moved.
        mails_numbers: Whether a parcel's number can be mailed as it is written.
        repeats_state: Whether a PUT of an order with its own state adds a history line.
        json_root: Whether the root has a JSON; PHP dies of it otherwise.
        json_numbers: Whether whole numbers are numbers in JSON.
        json_whole: What is a number in JSON where whole numbers are not: `resource.field`, or
            `resource.field=value`.
        hashes_short: Whether a password's hash has 32 signs.
        json_drops: Whether the JSON of one entity leaves out what PHP holds for false.
    """

    number: str
    resources: Mapping[str, Resource]
    values: Mapping[str, Mapping[str, str]]
    seed: tuple[Mapping[str, Any], ...]
    modules: Mapping[str, str]
    has_patch: bool = True
    escapes: bool = True
    warns: bool = True
    no_colour: str = ""
    silent: bool = False
    single_display: bool = True
    bare_lists: bool = True
    stock_by_key: bool = False
    live_quantity: bool = False
    foreign_stock: bool = True
    keeps_depending: bool = False
    old_slugs: bool = False
    names_first: bool = False
    image_formats: frozenset[str] = _WEBP
    image_limit: int = 0
    webp_becomes: str = "JPEG"
    no_file: tuple[int, int, str] = (
        400, 76, 'Please set an "image" parameter with image data for value',
    )  # fmt: skip
    keeps_broken_images: bool = True
    empty_images: int = 404
    image_delete_dies: bool = False
    needs_language_nodes: bool = False
    makes_slugs: bool = True
    zero_place: bool = False
    closes_gaps: bool = False
    double_mail: Literal["nobody", "guests", "all"] = "nobody"
    guests: bool = True
    double_accessory: bool = True
    variant_sign: str = ": "
    shares_carts: bool = True
    empty_lists: bool = False
    lone_vouchers: bool = False
    rounded_sums: bool = False
    row_addresses: bool = True
    backorders: bool = False
    leaving_takes: bool = False
    broken_key: Literal["dies", "refused"] = "dies"
    failed_order: int = 500
    tells_wrong_key: bool = True
    failed_move: tuple[int, str] = (500, "")
    mails_numbers: bool = True
    repeats_state: bool = False
    json_root: bool = False
    json_numbers: bool = False
    json_whole: frozenset[str] = frozenset({"products.id_default_combination"})
    hashes_short: bool = False
    json_drops: bool = True

    def table(self, name: str) -> Resource:
        """Return the resource that is kept in a table, whatever this version calls it."""
        return next(one for one in self.resources.values() if one.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all resources, sorted, those with code of their own included."""
        return tuple(sorted([*self.resources, *_SPECIAL]))

    @property
    def methods(self) -> tuple[str, ...]:
        """The verbs that it knows, in the order of the document at its root."""
        every = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")
        return tuple(one for one in every if one != "PATCH" or self.has_patch)

    @property
    def has_drafts(self) -> bool:
        """Whether a product has a `state`, 0 for a draft that nobody sees."""
        return "state" in self.resources["products"].by_name


_MODULES = {
    "ps_wirepayment": "Wire payment",
    "ps_checkpayment": "Payments by check",
    "ps_cashondelivery": "Cash on delivery (COD)",
    "free_order": "Free order",
}
_OLD_MODULES = {
    "bankwire": "Bank wire",
    "cheque": "Payment by check",
    "cashondelivery": "Cash on delivery (COD)",
    "free_order": "Free order",
}
_OLD_WHOLE = frozenset({"carriers.shipping_method", "products.id_default_combination=0"})
_OLD: Mapping[str, Any] = {
    "has_patch": False,
    "escapes": False,
    "warns": False,
    "names_first": True,
    "image_formats": _NO_WEBP,
    "bare_lists": False,
    "foreign_stock": False,
    "old_slugs": True,
    "closes_gaps": True,
    "image_limit": 3_000_000,
    "shares_carts": False,
    "empty_lists": True,
    "backorders": True,
    "broken_key": "refused",
    "json_root": True,
    "json_whole": _OLD_WHOLE,
    "json_drops": False,
}
_BEHAVIOUR: Mapping[str, Mapping[str, Any]] = {
    "1.6.1.24": {
        **_OLD,
        "modules": _OLD_MODULES,
        "no_file": (500, 66, "Unable to save this image"),
        "keeps_broken_images": False,
        "empty_images": 500,
        "needs_language_nodes": True,
        "makes_slugs": False,
        "zero_place": True,
        "single_display": False,
        "silent": True,
        "stock_by_key": True,
        "tells_wrong_key": False,
        "guests": False,
        "double_mail": "all",
        "failed_order": 200,
        "failed_move": (200, "Invalid new order status"),
        "repeats_state": True,
        "mails_numbers": False,
        "lone_vouchers": True,
        "rounded_sums": True,
        "hashes_short": True,
        "json_whole": _OLD_WHOLE | {"categories.nb_products_recursive=-1"},
    },
    "1.7.8.11": {
        **_OLD,
        "failed_move": (500, "Invalid new order status"),
        "live_quantity": True,
        "no_colour": "0",
        "json_whole": _OLD_WHOLE | {"combinations.quantity"},
    },
    "8.2.1": {},
    "9.0.0": {
        "escapes": False,
        "webp_becomes": "PNG",
        "image_delete_dies": True,
        "modules": {**_MODULES, "ps_wirepayment": "Bank transfer"},
        "json_whole": frozenset({"products.id_shop_default"}),
        "keeps_depending": True,
        "double_accessory": False,
        "variant_sign": ":",
        "row_addresses": False,
        "leaving_takes": True,
        "double_mail": "guests",
        "json_numbers": True,
    },
}
NUMBERS: tuple[str, ...] = tuple(_BEHAVIOUR)
DEFAULT = "8.2.1"


@cache
def get_version(number: str = DEFAULT) -> Version:
    """Return a version by its number.

    Raises:
        UnknownVersionError: The simulator does not know it.
    """
    if number not in _BEHAVIOUR:
        raise UnknownVersionError(value=number, known=", ".join(NUMBERS))
    changes = _read(number)
    behaviour = {"modules": _MODULES, **_BEHAVIOUR[number]}
    found = MappingProxyType(dict(_resources(changes)))
    seed = tuple(changes.get("seed", ()))
    return Version(number, found, changes.get("values", {}), seed, **behaviour)


def tables() -> Iterable[tuple[str, tuple[Field, ...], tuple[Field, ...]]]:
    """Return the tables of all versions: name, columns per entity, columns per language."""
    known: dict[str, list[Resource]] = {}
    for number in (DEFAULT, *NUMBERS):
        for one in get_version(number).resources.values():
            known.setdefault(one.name, []).append(one)
    for name, ways in known.items():
        plain = {field.name: field for one in reversed(ways) for field in one.scalar_columns}
        texts = {field.name: field for one in reversed(ways) for field in one.lang_columns}
        yield name, tuple(plain.values()), tuple(texts.values())


def _read(number: str) -> dict[str, Any]:
    file = files.files(__package__) / "changes" / f"{number}.json"
    if not file.is_file():
        return {}
    changes: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return changes


def _resources(changes: Mapping[str, Any]) -> Iterable[tuple[str, Resource]]:
    renamed: Mapping[str, str] = changes.get("renamed", {})
    for row in changes.get("added", []):
        yield row["resource"], parse_resource(row)
    for name, resource in RESOURCES.items():
        if name in changes.get("gone", []):
            continue
        change = changes.get("resources", {}).get(name, {})
        yield renamed.get(name, name), _changed(resource, change)


def _changed(resource: Resource, change: Mapping[str, Any]) -> Resource:
    """Return a resource with the fields and associations of another version."""
    if not change:
        return resource
    lists = [
        _changed_list(one, change.get("lists", {}))
        for one in resource.associations
        if one.name not in change.get("lists_gone", [])
    ]
    return replace(resource, fields=tuple(_fields(resource, change)), associations=tuple(lists))


def _fields(resource: Resource, change: Mapping[str, Any]) -> list[Field]:
    fields = [
        replace(one, **change.get("fields", {}).get(one.name, {}))
        for one in resource.fields
        if one.name not in change.get("gone", [])
    ]
    for row in change.get("new", []):
        entries = dict(row)
        after = entries.pop("after")
        place = next(rank for rank, one in enumerate(fields) if one.name == after)
        fields.insert(place + 1, Field(**entries))
    if "order" in change:
        fields.sort(key=lambda one: change["order"].index(one.name))
    return fields


def _changed_list(association: Association, lists: Mapping[str, Any]) -> Association:
    if association.name not in lists:
        return association
    fields = tuple(AssociationField(**one) for one in lists[association.name])
    return replace(association, fields=fields)
