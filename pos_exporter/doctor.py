"""`doctor`: looks at everything that a run needs, and says what to do about what is amiss.

show_doctor(settings, wiring, output)      # exit code: the worst check's
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Engine

from pos_exporter.cases import OpenCasesError, site_cases
from pos_exporter.config import ExporterSettings
from pos_exporter.errors import UnprovenStateError
from pos_exporter.intake.open import missing_parts
from pos_exporter.intake.port import TillNotWritableError
from pos_exporter.lost import lost_error, lost_orders
from pos_exporter.mail.port import MailError
from pos_exporter.mapping.check import check_mapping
from pos_exporter.mapping.errors import PurchasePricesLeaveError
from pos_exporter.mapping.model import TillMapping, load_mapping
from pos_exporter.source.port import Source
from pos_exporter.state import LINK, METADATA, STATE
from pos_exporter.wiring import MIGRATIONS, Wiring, mailer_of, open_source, paths_of, where_to_write
from protocol.errors import ComptoirError, NeedsPersonError, Text
from protocol.keys import load_keys
from protocol.program.channel_checks import check_channel
from protocol.program.checks import Check, attention, failed, good, tell
from protocol.program.command import opened_state
from protocol.program.config_problems import ConfigError
from protocol.program.console import Output
from protocol.program.engine import reading
from protocol.program.link_view import read_link
from protocol.program.machine_checks import check_link, check_machine, check_pairing
from protocol.program.runs import last_finished
from protocol.program.settings import StatePaths


class WritableTillError(NeedsPersonError):
    """The account that reads the till may also write, as far as can be told."""

    code = "E-DOC-030"
    what = Text(
        "Rien ne prouve que ce compte ne peut pas écrire dans la caisse",
        "Nothing proves that this account cannot write to the till",
    )
    remedy = Text(
        "Donner sous till.url un compte qui a seulement le droit de lire (SELECT)",
        "Give an account under till.url that may only read (SELECT)",
    )


class TillReadsOnlyError(NeedsPersonError):
    """Orders cannot enter the till: a part of what that needs is missing."""

    code = "E-DOC-031"
    what = Text(
        "Les commandes web n'entreront pas dans la caisse : il manque {missing}",
        "Web orders will not enter the till: {missing} is missing",
    )
    remedy = Text(
        "Compléter, ou saisir les commandes à la main : elles attendent sur la page",
        "Add it, or enter the orders by hand: they wait on the page",
    )


_MAPPING = Text("Mapping {file}", "Mapping {file}")
_TILL = Text("Caisse « {name} » joignable", "Till « {name} » reachable")
_READ_ONLY = Text("Lecture seule de la caisse", "The till is only read")
_QUERIES = Text("{count} requêtes et leurs colonnes", "{count} queries and their columns")
_QUERY = Text("Requête du mapping", "Query of the mapping")
_PURCHASE_PRICES = Text("Prix d'achat", "Purchase prices")
_WRITE_BACK = Text("Entrée des commandes en caisse", "Orders into the till")
_KEPT = Text("La caisse a toujours les commandes du site", "The till still has the site's orders")
_MAIL = Text("Messagerie {host}", "Mail server {host}")
_STATE = Text("Base d'état", "State database")
_KEYS = Text("Clés", "Keys")
_POSITION = Text("Position prouvée", "Position proven")
_CASES = Text("Cas à voir", "Cases to look at")


def show_doctor(settings: ExporterSettings, wiring: Wiring, output: Output) -> int:
    """Tell each check as it is made; return the worst one's exit code."""
    return tell(_checks(settings, wiring), output)


def _checks(settings: ExporterSettings, wiring: Wiring) -> Iterator[Check]:
    paths = paths_of(settings)
    yield from check_machine(paths)
    try:
        yield check_pairing(paths, load_keys(paths.keys))
    except ComptoirError as error:
        yield failed("M08", _KEYS, error)
    yield from _check_till(settings, wiring)
    yield from check_channel(
        settings.channel, "pos", wiring.open_channel, wiring.random_bytes, wiring.clock
    )
    yield from _check_mail(settings, wiring)
    yield from _check_state(paths, wiring)


def _check_mail(settings: ExporterSettings, wiring: Wiring) -> Iterator[Check]:
    mailer = mailer_of(settings, wiring)
    if mailer is None or settings.mail is None:
        return
    try:
        mailer.check()
    except MailError as error:
        yield attention("A04", _MAIL, error, host=settings.mail.host)
    else:
        yield good("A04", _MAIL, host=settings.mail.host)


# --- the till --------------------------------------------------------------------------------


def _check_till(settings: ExporterSettings, wiring: Wiring) -> Iterator[Check]:
    file = settings.till.mapping
    try:
        mapping = load_mapping(file, wiring.environment)
    except ConfigError as error:
        for problem in error.problems:
            yield failed("T04", _MAPPING, problem, file=file)
        return
    yield good("T04", _MAPPING, file=file)
    source = open_source(settings, mapping)
    try:
        with source:
            is_read_only = source.check_read_only()
    except ComptoirError as error:
        yield failed("T02", _TILL, error, name=mapping.till.name)
        return
    yield good("T02", _TILL, name=mapping.till.name)
    if is_read_only:
        yield good("T03", _READ_ONLY)
    else:
        yield attention("T03", _READ_ONLY, WritableTillError())
    yield from _check_queries(mapping, source)
    if mapping.send_purchase_price:
        yield attention("T07", _PURCHASE_PRICES, PurchasePricesLeaveError(place=file))
    yield _check_write_back(settings, mapping)


def _check_queries(mapping: TillMapping, source: Source) -> Iterator[Check]:
    try:
        problems = check_mapping(mapping, source)
    except ComptoirError as error:
        yield failed("T05", _QUERY, error)
        return
    for problem in problems:
        yield failed("T05", _QUERY, problem)
    if not problems:
        yield good("T05", _QUERIES, count=sum(1 for _ in mapping.queries()))


def _check_write_back(settings: ExporterSettings, mapping: TillMapping) -> Check:
    url, folder, secret = where_to_write(settings)
    lacking = missing_parts(mapping.write_back, url, folder, secret)
    if lacking:
        return attention("T06", _WRITE_BACK, TillReadsOnlyError(missing=", ".join(lacking)))
    if folder is not None and not folder.is_dir():
        problem = TillNotWritableError(place=folder, reason="till.write_folder")
        return failed("T06", _WRITE_BACK, problem)
    return good("T06", _WRITE_BACK)


# --- our own state ---------------------------------------------------------------------------


def _check_state(paths: StatePaths, wiring: Wiring) -> Iterator[Check]:
    try:
        with opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
            yield good("M09", _STATE)
            yield from _check_memory(engine, wiring.clock)
    except ComptoirError as error:
        yield failed("M09", _STATE, error)


def _check_memory(engine: Engine, clock: Callable[[], datetime]) -> Iterator[Check]:
    with reading(engine).connect() as connection:
        lost = lost_error(lost_orders(connection))
        last = last_finished(connection, STATE.run)
        view = read_link(connection, LINK, "pos")
        cases = sum(one.answer is None for one in site_cases(connection))
    if view.recovering:
        yield attention("A02", _POSITION, UnprovenStateError(place=view.recovering))
    else:
        yield good("A02", _POSITION)
    yield attention("A03", _CASES, OpenCasesError(count=cases)) if cases else good("A03", _CASES)
    yield attention("T08", _KEPT, lost) if lost is not None else good("T08", _KEPT)
    yield from check_link(view, clock(), last.finished_at if last else None)
