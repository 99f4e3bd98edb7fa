"""The webservice: from a request to an answer, with PrestaShop's order of checks.

Key, method, resource, permission, then the resource itself. A request runs inside one
transaction; what a failing batch wrote before its failure stays.

    service = Webservice(core)
    service.handle(Request("GET", "/api/products", (("display", "[id]"),), headers, b"")).status
"""

from collections.abc import Callable
from decimal import Decimal

from demo.prestashop import access
from demo.prestashop.answers import (
    CHALLENGE,
    COOKIE,
    HTML,
    JSON,
    XML,
    Answer,
    Request,
    service_headers,
    sha1_header,
)
from demo.prestashop.core import Core
from demo.prestashop.families.base import Family
from demo.prestashop.families.registry import make_families
from demo.prestashop.images import Images
from demo.prestashop.json_answers import to_entity, to_errors, to_list, to_names
from demo.prestashop.prices import asked_price
from demo.prestashop.query import Query, parse_query
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import (
    AbsentError,
    PhpDiedError,
    RefusedError,
    broken_query,
    closest,
    php_warning,
    quoted,
)
from demo.prestashop.saving import parse_body, save_all
from demo.prestashop.selection import select_ids
from demo.prestashop.showing import show
from demo.prestashop.storing import money
from demo.prestashop.views import EntityView, Shown
from demo.prestashop.xml_answers import (
    entities_document,
    errors_document,
    id_document,
    ids_document,
    list_document,
    root_document,
)
from demo.prestashop.xml_schemas import schema_document

_SCHEMA_HELP = (
    "Please select a schema of type 'synopsis' to get the whole schema informations (which fields"
    " are required, which kind of content...) or 'blank' to get an empty schema to fill before"
    " using POST request"
)
_SEARCH_HELP = "You have to set both the 'language' and 'query' parameters to get a result"
_DISABLED = (
    "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office"
)


class Webservice:
    """What answers below `/api`.

    Args:
        core: The shop's shared parts.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._database = core.database
        self._version = core.version
        self._families = make_families(core)
        self._images = Images(core)

    def family(self, name: str) -> Family:
        """Return the family of a resource."""
        return self._families[name]

    def handle(self, request: Request) -> Answer:
        """Answer one request."""
        now = self._core.clock().timestamp()
        headers = service_headers(now, self._version.number)
        try:
            with self._database.lock:
                answer = self._safely(request)
        except access.NoKeyError:
            return Answer(401, b"401 Unauthorized", HTML, (CHALLENGE, COOKIE))
        except AbsentError:
            return Answer(404, b"", None, (*headers, COOKIE))
        except PhpDiedError as crash:
            return Answer(crash.status, crash.text.encode(), HTML, (COOKIE,))
        except RefusedError as refusal:
            told = refusal
            if not self._version.warns:
                told = refusal.without_warnings(self._version.silent)
            return self._refusal(request, told, now)
        return Answer(answer.status, answer.body, answer.content_type, (*headers, *answer.headers))

    def _safely(self, request: Request) -> Answer:
        """Run a request in one transaction, which a refusal or a crash does not undo."""
        with self._database.transaction():
            outcome = _outcome(lambda: self._answer(request))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _refusal(self, request: Request, refusal: RefusedError, now: float) -> Answer:
        unnamed = refusal.early and not self._version.names_first
        version = "0" if unnamed else self._version.number
        headers = service_headers(now, version, "0" if refusal.early else "0.004")
        if refusal.status == 401 and refusal.early:
            headers = (CHALLENGE, *headers)
        if request.segments[:1] == ["images"]:
            headers = (*headers, sha1_header(b""))
        if request.wants_json:
            return Answer(refusal.status, to_errors(refusal.errors), JSON, headers)
        return Answer(refusal.status, errors_document(refusal.errors), XML, headers)

    def _answer(self, request: Request) -> Answer:
        if self._core.setting("PS_WEBSERVICE") == "0":
            raise RefusedError(503, (22, _DISABLED), early=True)
        key = access.check_key(self._database, request)
        name = request.segments[0] if request.segments else ""
        if name and name not in self._version.names:
            known = list(self._version.names)
            said = f'Resource of type "{name}" does not exists. Did you mean: '
            said += f'"{closest(name, known)}"? The full list is: {quoted(known)}'
            raise RefusedError(400, (27, said))
        if request.method not in self._version.methods:
            raise RefusedError(405, (23, f"Method {request.method} is not valid"))
        if not name:
            return self._root(request, key)
        access.check_permission(self._database, key, name, request.method)
        if name == "images":
            return self._images.handle(request, request.segments[1:])
        if name == "search":
            raise RefusedError(400, (100, _SEARCH_HELP))
        return self._resource(request, self._families[name])

    def _root(self, request: Request, key: str) -> Answer:
        if request.wants_json and not self._version.json_root:
            raise PhpDiedError
        granted = {
            name: access.granted_methods(self._database, key, name) for name in self._version.names
        }
        if request.wants_json:
            return _json(200, to_names([one for one, methods in granted.items() if methods]))
        name = self._core.setting("PS_SHOP_NAME")
        return _xml(200, root_document(name, granted, self._version.methods, request.base))

    def _resource(self, request: Request, family: Family) -> Answer:
        if request.method in family.resource.forbidden:
            said = f"Method {request.method} is not allowed for the resource {family.resource.name}"
            raise RefusedError(405, (101, said))
        if request.method in {"GET", "HEAD"}:
            return self._read(request, family)
        if request.method == "DELETE":
            return self._delete(request, family)
        return self._write(request, family)

    def _read(self, request: Request, family: Family) -> Answer:
        schema = request.options.get("schema")
        if schema is not None and len(request.segments) == 1:
            return self._schema(request, family, schema)
        if len(request.segments) > 1:
            return self._read_one(request, family, leading_int(request.segments[1]))
        query = parse_query(family.resource, request.pairs, self._core.languages())
        ids = select_ids(self._database, family.resource, query, family.visible(), family.order())
        name, node = family.resource.plural, family.resource.entity
        if query.ids_only and not request.wants_json:
            return _xml(200, ids_document(name, node, ids, request.base))
        if query.ids_only:
            views = [EntityView(node, (Shown("id", str(one), whole=True),)) for one in ids]
        else:
            views = [self._view(family, record, query) for record in family.load(ids)]
        if request.wants_json:
            return _json(200, to_list(name, views, self._version))
        return _xml(200, list_document(name, views, request.base))

    def _schema(self, request: Request, family: Family, kind: str) -> Answer:
        if kind not in {"blank", "synopsis"}:
            raise broken_query((28, _SCHEMA_HELP))
        languages = self._core.languages()
        return _xml(200, schema_document(family.resource, languages, request.base, kind))

    def _read_one(self, request: Request, family: Family, identifier: int) -> Answer:
        record = family.find(identifier)
        if record is None:
            raise AbsentError
        family.check_visible(record)
        display = request.options.get("display", "full")
        if display != "full" and not self._version.single_display and not request.wants_json:
            return _xml(200, id_document(family.resource, record.id, request.base))
        query = _single_query(family, request, self._core.languages())
        view = self._view(family, record, query)
        if not request.wants_json:
            return _xml(200, entities_document([view], request.base))
        if query.ids_only:
            return _json(200, to_entity(view, self._version))
        return _json(200, to_list(family.resource.plural, [view], self._version))

    def _view(self, family: Family, record: Record, query: Query) -> EntityView:
        if not all(wish.options for wish in query.prices):
            if self._version.warns:
                raise PhpDiedError
            raise RefusedError(500, *[php_warning("Illegal string offset")] * 2)
        extra = [
            Shown(wish.name, money(self._price(family, record, dict(wish.options))))
            for wish in query.prices
        ]
        return show(family, record, query, extra)

    def _price(self, family: Family, record: Record, options: dict[str, str]) -> Decimal:
        if family.resource.name == "combinations":
            return asked_price(self._core, record.integer("id_product"), record.id, options)
        return asked_price(self._core, record.id, 0, options)

    def _delete(self, request: Request, family: Family) -> Answer:
        asked = request.segments[1] if len(request.segments) > 1 else ""
        text = asked or request.options.get("id", "").strip("[]")
        ids = list(dict.fromkeys(leading_int(one) for one in text.split(",")))
        found = [(one, family.find(one)) for one in ids]
        missing = [str(one) for one, record in found if record is None]
        if missing:
            absent = (87, f"Id(s) not exists: {', '.join(missing)}")
            warnings = [] if text else [php_warning('Undefined array key "id"', line=1577)]
            raise RefusedError(404, *warnings, absent)
        for _, record in found:
            if record is not None:
                family.delete(record)
        return Answer(200, b"", None, (sha1_header(b""),))

    def _write(self, request: Request, family: Family) -> Answer:
        elements = parse_body(request.body)
        saved: list[Record] = []
        save_all(family, request.method, elements, request.options, saved)
        query = Query(languages=self._core.languages(), full=True)
        views = [show(family, record, query, saved=True) for record in saved]
        status = 201 if request.method == "POST" else 200
        if request.wants_json:
            return _json(status, to_entity(views[-1], self._version) if views else b"[]")
        return _xml(status, entities_document(views, request.base))


def _single_query(family: Family, request: Request, languages: tuple[int, ...]) -> Query:
    """Return the query of one entity; its errors are not drowned in PHP warnings."""
    wanted = ("display", "language")
    pairs = [pair for pair in request.pairs if pair[0] in wanted or pair[0].startswith("price[")]
    try:
        return parse_query(family.resource, pairs, languages)
    except RefusedError as refusal:
        raise RefusedError(400, refusal.errors[0]) from refusal


def _outcome(work: Callable[[], Answer]) -> Answer | Exception:
    try:
        return work()
    except (RefusedError, PhpDiedError, AbsentError, access.NoKeyError) as outcome:
        return outcome


def _xml(status: int, body: bytes) -> Answer:
    return Answer(status, body, XML, (sha1_header(body),))


def _json(status: int, body: bytes) -> Answer:
    return Answer(status, body, JSON, (sha1_header(body),))
