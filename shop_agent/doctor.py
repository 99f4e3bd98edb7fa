"""`doctor`: looks at everything that a pass needs, and says what to do about what is amiss.

show_doctor(settings, wiring, output)      # exit code: the worst check's
"""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine

from protocol.errors import ComptoirError, NeedsPersonError, Text
from protocol.keys import Keys, load_keys
from protocol.program.channel_checks import check_channel
from protocol.program.checks import Check, attention, failed, good, tell
from protocol.program.command import opened_state
from protocol.program.console import Output
from protocol.program.engine import reading
from protocol.program.link_view import read_link
from protocol.program.machine_checks import check_clock, check_link, check_machine, check_pairing
from protocol.program.runs import last_finished
from protocol.program.settings import StatePaths
from protocol.records import TaxRate
from shop_agent.case_errors import OpenCasesError
from shop_agent.cases import open_cases
from shop_agent.config import AgentSettings
from shop_agent.display import find_obstacle
from shop_agent.errors import NoTaxGroupError, RecoveringError
from shop_agent.group_checks import check_groups, groups_used
from shop_agent.orders.positions import has_baseline
from shop_agent.pass_ import NoBaselineError
from shop_agent.photo_checks import check_legends
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.errors import PermissionMissingError, VersionTooOldError
from shop_agent.prestashop.rights import missing, needed, read_clock, read_rights
from shop_agent.prestashop.versions import OLDEST
from shop_agent.profile import Profile, read_profile
from shop_agent.reconcile.policy import effective
from shop_agent.replica import Replica
from shop_agent.state import LINK, METADATA, STATE
from shop_agent.wiring import MIGRATIONS, Wiring, open_shop, paths_of

SLOW_SECONDS = 2.0


class SlowShopError(NeedsPersonError):
    """One small question took long: a first load will take very long."""

    code = "E-DOC-020"
    what = Text("La boutique répond en {seconds} s", "The shop answers in {seconds} s")
    remedy = Text(
        "Prévoir le premier chargement la nuit ; voir avec l'hébergeur",
        "Plan the first load for the night; ask the host",
    )


_REACHED = Text(
    "Boutique {url}, clé acceptée, {milliseconds} ms",
    "Shop {url}, key accepted, {milliseconds} ms",
)
_SHOP = Text("Boutique {url}", "Shop {url}")
_VERSION = Text("PrestaShop {version}", "PrestaShop {version}")
_BOXES = Text(
    "Droits de la clé : les {count} cases nécessaires sont cochées",
    "The key's rights: all {count} boxes needed are ticked",
)
_BOX = Text("Case {verb} de « {resource} »", "Box {verb} of « {resource} »")
_PROFILE = Text("Réglages de la boutique", "The shop's settings")
_LANGUAGES = Text("Langues : {languages} ; devise {currency}", "Languages: {languages}; currency "
                  "{currency}")  # fmt: skip
_TAXES = Text("Taux de taxe de la boutique : {rates}", "The shop's tax rates: {rates}")
_TAX = Text("Taux de taxe de la caisse", "The till's tax rate")
_GROUPS = Text("Groupes de clients", "Customer groups")
_DISPLAY = Text("Tailles épuisées cachées", "Sizes without stock hidden")
_STATE = Text("Base d'état", "State database")
_BASELINE = Text("Repère des commandes", "Baseline of orders")
_POSITION = Text("Position prouvée", "Position proven")
_CASES = Text("Cas à voir", "Cases to look at")


def show_doctor(settings: AgentSettings, wiring: Wiring, output: Output) -> int:
    """Tell each check as it is made; return the worst one's exit code."""
    return tell(_checks(settings, wiring), output)


def _checks(settings: AgentSettings, wiring: Wiring) -> Iterator[Check]:
    paths = paths_of(settings)
    yield from check_machine(paths)
    keys, broken = _load_keys(paths)
    yield broken or check_pairing(paths, keys)
    yield from check_channel(
        settings.channel, "shop", wiring.open_channel, wiring.random_bytes, wiring.clock
    )
    profile = yield from _check_shop(settings, wiring)
    yield from _check_state(paths, wiring, profile)
    if profile is not None:
        yield from _check_groups(settings, wiring, profile)


def _load_keys(paths: StatePaths) -> tuple[Keys | None, Check | None]:
    try:
        return load_keys(paths.keys), None
    except ComptoirError as error:
        return None, failed("M08", _STATE, error)


# --- the shop --------------------------------------------------------------------------------


def _check_shop(settings: AgentSettings, wiring: Wiring) -> Generator[Check, None, Profile | None]:
    url = settings.shop.url
    with open_shop(settings, wiring) as shop:
        began = wiring.elapsed()
        try:
            rights = read_rights(shop)
        except ComptoirError as error:
            yield failed("W01", _SHOP, error, url=url)
            return None
        yield _reached(url, wiring.elapsed() - began)
        yield _check_version(shop)
        lacking = missing(rights, shop.version)
        for resource, verb in lacking:
            refused = PermissionMissingError(place=url, verb=verb, resource=resource)
            yield failed("W05", _BOX, refused, verb=verb, resource=resource)
        if not lacking:
            yield good("W05", _BOXES, count=sum(map(len, needed(shop.version).values())))
        yield from _check_shop_clock(settings, wiring)
        profile = yield from _check_profile(shop, settings)
        if profile is not None:
            yield from _check_display(shop, settings, wiring, profile)
        return profile


def _reached(url: str, seconds: float) -> Check:
    facts = {"url": url, "milliseconds": round(seconds * 1000)}
    if seconds > SLOW_SECONDS:
        slow = SlowShopError(place=url, seconds=f"{seconds:.1f}")
        return attention("W01", _REACHED, slow, **facts)
    return good("W01", _REACHED, **facts)


def _check_version(shop: Webservice) -> Check:
    version = shop.version
    if version is not None and version < OLDEST:
        error = VersionTooOldError(version=version, oldest=OLDEST)
        return failed("W07", _VERSION, error, version=version)
    return good("W07", _VERSION, version=version or "?")


def _check_shop_clock(settings: AgentSettings, wiring: Wiring) -> Iterator[Check]:
    with wiring.open_session() as session:
        theirs = read_clock(session, settings.shop.url, settings.shop.timeout)
    if theirs is not None:
        yield check_clock(settings.shop.url, theirs, wiring.clock())


def _check_profile(
    shop: Webservice, settings: AgentSettings
) -> Generator[Check, None, Profile | None]:
    try:
        profile = read_profile(shop, settings.shop.url, shop_id=settings.shop.shop_id)
    except ComptoirError as error:
        yield failed("W06", _PROFILE, error)
        return None
    languages = ", ".join(profile.languages.values())
    yield good("W06", _LANGUAGES, languages=languages, currency=profile.currency)
    rates = ", ".join(f"{rate} %" for rate in sorted(profile.tax_groups) if rate)
    yield good("W06", _TAXES, rates=rates or "—")
    return profile


def _check_display(
    shop: Webservice, settings: AgentSettings, wiring: Wiring, profile: Profile
) -> Iterator[Check]:
    """Check that hiding sizes without stock has an effect, where the merchant wants it."""
    try:
        url = paths_of(settings).url
        with (
            opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
            reading(engine).connect() as connection,
        ):
            policy = Replica(connection).policy()
        if effective(policy, settings.policy.lock()).empty_combinations != "hide":
            return
        obstacle = find_obstacle(shop, profile.settings)
    except ComptoirError as error:
        yield failed("W09", _DISPLAY, error)
        return
    yield attention("W09", _DISPLAY, obstacle) if obstacle else good("W09", _DISPLAY)


# --- our own state ---------------------------------------------------------------------------


def _check_state(paths: StatePaths, wiring: Wiring, profile: Profile | None) -> Iterator[Check]:
    try:
        with opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
            yield good("M09", _STATE)
            yield from _check_memory(engine, wiring.clock, profile)
    except ComptoirError as error:
        yield failed("M09", _STATE, error)


def _check_groups(settings: AgentSettings, wiring: Wiring, profile: Profile) -> Iterator[Check]:
    try:
        url = paths_of(settings).url
        with (
            opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
            reading(engine).connect() as connection,
        ):
            named = groups_used(Replica(connection))
        if not named:
            return
        with open_shop(settings, wiring) as shop:
            yield from check_groups(shop, profile, named)
    except ComptoirError as error:
        yield failed("W08", _GROUPS, error)


def _check_memory(
    engine: Engine, clock: Callable[[], datetime], profile: Profile | None
) -> Iterator[Check]:
    with reading(engine).connect() as connection:
        last = last_finished(connection, STATE.run)
        view = read_link(connection, LINK, "shop")
        baseline = has_baseline(connection)
        cases = open_cases(connection)
        legends = list(check_legends(Replica(connection)))
        rates = [
            fact.record.rate
            for fact in Replica(connection).facts("tax_rate", dirty_only=False)
            if fact.gone is None and isinstance(fact.record, TaxRate)
        ]
    yield good("A01", _BASELINE) if baseline else failed("A01", _BASELINE, NoBaselineError())
    if view.recovering:
        yield attention("A02", _POSITION, RecoveringError(place=view.recovering))
    else:
        yield good("A02", _POSITION)
    yield from check_link(view, clock(), last.finished_at if last else None)
    if cases:
        yield attention("A03", _CASES, OpenCasesError(count=len(cases)))
    else:
        yield good("A03", _CASES)
    yield from legends
    for rate in _without_group(rates, profile):
        yield attention("W06", _TAX, NoTaxGroupError(rate=rate))


def _without_group(rates: list[Decimal], profile: Profile | None) -> list[Decimal]:
    if profile is None:
        return []
    return sorted({rate for rate in rates if rate not in profile.tax_groups})
