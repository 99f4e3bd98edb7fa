"""`baseline none|all`: a person says which of the shop's present orders the till already has.

`none` needs nothing of the shop: every order is told to the till. `all` fixes today's highest order
id; orders still open at or under it are listed, and those that the till lacks are named with
`--not-in-till`: they keep stock at once and are told to the till by the next pass.

    show_baseline(settings, wiring, output, BaselineOptions("all", not_in_till=(809,)))
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, Engine

from protocol.errors import NeedsPersonError, Text, UsageError
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.lock import run_lock
from protocol.records import Role
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.orders import book
from shop_agent.orders.bundles import Cursor, LightOrder, light_order
from shop_agent.orders.collect import read_in_states, read_newest
from shop_agent.orders.gather import LIGHT
from shop_agent.orders.positions import has_baseline, move_cursor, set_baseline
from shop_agent.orders.roles import role_of
from shop_agent.prestashop.client import Webservice
from shop_agent.profile import Profile, read_profile
from shop_agent.replica import Replica
from shop_agent.state import METADATA
from shop_agent.wiring import MIGRATIONS, Wiring, open_shop, paths_of

Which = Literal["none", "all"]
#: Roles in which an order is still to be served.
OPEN: frozenset[Role] = frozenset(
    {
        "awaiting_payment", "paid", "payable_on_delivery", "preparing", "backorder_paid",
        "backorder_unpaid", "unknown",
    }
)  # fmt: skip


class BaselineSetError(NeedsPersonError):
    """The baseline was set before; another one would forget orders."""

    code = "E-AGT-023"
    what = Text("Le repère des commandes est déjà posé", "The baseline of orders is set already")
    remedy = Text(
        "Le reposer ferait oublier les commandes venues depuis ; si c'est voulu, --replace",
        "Setting it again would forget the orders since then; if it is meant, --replace",
    )


class NoSuchOrderError(UsageError):
    """An order that was named is not among those of the baseline."""

    code = "E-AGT-024"
    what = Text(
        "Pas de commande numéro {missing} parmi celles d'aujourd'hui",
        "No order number {missing} among today's",
    )
    remedy = Text(
        "Donner les numéros (ID) que PrestaShop montre dans Commandes",
        "Give the numbers (ID) that PrestaShop shows under Orders",
    )


class NothingLacksError(UsageError):
    """With `none` the till lacks every order: none need be named."""

    code = "E-AGT-025"
    what = Text("--not-in-till ne va qu'avec « all »", "--not-in-till goes with « all » only")
    remedy = Text("Enlever l'un des deux", "Remove one of the two")


@dataclass(frozen=True)
class BaselineOptions:
    """What a person said.

    Args:
        which: The till has none of the shop's orders, or all of today's.
        not_in_till: Order ids that it lacks all the same.
        replace: Set it again.
    """

    which: Which
    not_in_till: tuple[int, ...] = ()
    replace: bool = False


@dataclass(frozen=True)
class _Present:
    """The shop's orders now: where reading begins, the newest date, those to be served or named."""

    profile: Profile
    cursor: Cursor
    newest_add: str
    open: tuple[LightOrder, ...]
    lacking: tuple[LightOrder, ...]


def show_baseline(
    settings: AgentSettings, wiring: Wiring, output: Output, options: BaselineOptions
) -> int:
    """Set the baseline and tell which orders are still open.

    Raises:
        BaselineSetError: When it is set and `replace` is not said.
        NoSuchOrderError: When an order that the till lacks is not in the shop.
        ComptoirError: When the shop does not answer; it is asked for `all` only.
    """
    if options.which == "none" and options.not_in_till:
        raise NothingLacksError
    paths = paths_of(settings)
    with (
        run_lock(paths.folder, command=f"{PROGRAM} baseline", now=wiring.clock()),
        opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
    ):
        _require_unset(engine, options)
        if options.which == "none":
            return _set_none(engine, output)
        with open_shop(settings, wiring) as shop:
            present = _read(shop, settings, engine, options.not_in_till)
        _set_all(engine, settings, present)
    _tell(present, output)
    return DONE


def _require_unset(engine: Engine, options: BaselineOptions) -> None:
    with engine.connect() as connection:
        if has_baseline(connection) and not options.replace:
            raise BaselineSetError


def _set_none(engine: Engine, output: Output) -> int:
    with engine.begin() as connection:
        set_baseline(connection, 0, (), "")
        Replica(connection).mark_all_dirty(("stock",))  # other orders keep stock now
        move_cursor(connection, Cursor())
    output.say(_NONE)
    output.emit("baseline", which="none", up_to=0, open=[], not_in_till=[])
    return DONE


def _read(
    shop: Webservice, settings: AgentSettings, engine: Engine, named: Collection[int]
) -> _Present:
    with engine.connect() as connection:
        instance = Replica(connection).setting("instance")
    profile = read_profile(
        shop, settings.shop.url, shop_id=settings.shop.shop_id, instance=instance
    )
    cursor, newest_add = read_newest(shop, profile)
    dead = settings.orders.dead_states
    states = [state for state in profile.states if role_of(state, profile, dead) in OPEN]
    open_ones = read_in_states(shop, profile, [0, *states], up_to=cursor.after_id)
    found = shop.find_any("orders", "id", sorted(named), display=LIGHT) if named else ()
    lacking = tuple(light_order(order, profile) for order in found if order.id <= cursor.after_id)
    missing = sorted(set(named) - {order.id for order in lacking})
    if missing:
        raise NoSuchOrderError(missing=", ".join(map(str, missing)))
    return _Present(profile, cursor, newest_add or "", open_ones, lacking)


def _set_all(engine: Engine, settings: AgentSettings, present: _Present) -> None:
    lacking = [order.id for order in present.lacking]
    with engine.begin() as connection:
        # Order uids begin with this name: it is kept from the first day.
        Replica(connection).set_setting("instance", present.profile.instance)
        set_baseline(connection, present.cursor.after_id, lacking, present.newest_add)
        Replica(connection).mark_all_dirty(("stock",))  # other orders keep stock now
        move_cursor(connection, present.cursor)
        _enter(connection, present, settings.orders.dead_states)


def _enter(connection: Connection, present: _Present, dead: Collection[int]) -> None:
    """Enter what the till lacks into the order book: it keeps stock, and is read whole next."""
    for order in present.lacking:
        # Without its lines: what they keep is worked out when it is read whole, packs known.
        book.note(connection, replace(order, lines=()), role_of(order.state, present.profile, dead))


def _tell(present: _Present, output: Output) -> None:
    lacking = {order.id for order in present.lacking}
    text = _ALL if not lacking else _ALL_BUT
    output.say(text, up_to=present.cursor.after_id, lacking=", ".join(map(str, sorted(lacking))))
    if present.open:
        output.say(_OPEN)
    for order in present.open:
        output.say(literal(_line(order, present, output, lacking)))
    output.emit(
        "baseline",
        which="all",
        up_to=present.cursor.after_id,
        open=_values(present.open, present),
        not_in_till=sorted(lacking),
    )


def _line(order: LightOrder, present: _Present, output: Output, lacking: Collection[int]) -> str:
    has = _LACKS if order.id in lacking else _HAS
    state = _state_name(order, present)
    return f"{order.id}  {order.reference}  {order.date_add}  {state}  " + has.in_lang(output.lang)


def _values(orders: Sequence[LightOrder], present: _Present) -> list[dict[str, object]]:
    return [
        {
            "id": order.id,
            "reference": order.reference,
            "placed_at": order.date_add,
            "state": _state_name(order, present),
        }
        for order in orders
    ]


def _state_name(order: LightOrder, present: _Present) -> str:
    state = present.profile.states.get(order.state)
    return state.name if state else str(order.state)


_NONE = Text(
    "Repère posé : la caisse n'a encore aucune commande du site, toutes lui seront envoyées",
    "Baseline set: the till has no order of the site yet, all will be sent to it",
)
_ALL = Text(
    "Repère posé : la caisse a toutes les commandes jusqu'au numéro {up_to}",
    "Baseline set: the till has all orders up to number {up_to}",
)
_ALL_BUT = Text(
    "Repère posé : la caisse a les commandes jusqu'au numéro {up_to}, sauf {lacking}",
    "Baseline set: the till has the orders up to number {up_to}, except {lacking}",
)
_OPEN = Text(
    "Encore à servir ; si la caisse n'en a pas certaines : "
    "« shop-agent baseline all --replace --not-in-till NUMÉROS »",
    "Still to be served; if the till lacks some: "
    "« shop-agent baseline all --replace --not-in-till NUMBERS »",
)
_HAS = Text("en caisse", "in the till")
_LACKS = Text("pas en caisse : sera envoyée", "not in the till: will be sent")
