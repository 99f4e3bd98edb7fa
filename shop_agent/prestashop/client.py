"""PrestaShop's webservice as a handful of questions with typed answers.

Rules: what was not found is None or an empty tuple, never an error; one or many come alike. A
write succeeded only if the shop sent the very entities back, with their ids: everything else is
said as refused, impossible, or unknown. Lists are read page by page along the ids, and long lists
of ids are cut so that no address grows too long. There is one way to change entities, whatever the
version: PATCH where it exists, else the whole entity read, merged and put back. What a version
lacks is neither asked nor written (`fitting`).

    with Webservice(Http(url, key, open_session())) as shop:
        shop.ping()                                                  # ShopVersion 8.2.1
        product = shop.get("products", 12)
        shop.change("products", Write(id=12, fields={"price": "16.583333"}))
        for order in shop.iter_all("orders", after=last_id): ...
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, Self

from lxml import etree

from shop_agent.prestashop.answers import Answer, Question, Verb, failure
from shop_agent.prestashop.entities import Entity, FieldValue, Write
from shop_agent.prestashop.errors import (
    EntityGoneError,
    QueryBugError,
    UnreadableAnswerError,
    VersionTooOldError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.fitting import fit_display, fit_write, varies
from shop_agent.prestashop.http import Call, Http, ImageFile
from shop_agent.prestashop.query import ADDRESS_LIMIT, Pair, above, encode, one_of, value_filters
from shop_agent.prestashop.resources import get_resource
from shop_agent.prestashop.rewriting import RewriteTimes, Sending, rewritten
from shop_agent.prestashop.versions import NEWEST, OLDEST, Capabilities, ShopVersion, capabilities
from shop_agent.prestashop.xml import parse_entities, parse_raw, render_entities

#: Which fields to read: all that the resource's table lists, or these.
Display = Sequence[str] | None
#: What is done to entities: POST creates them; a change sets some of their fields.
Deed = Literal["POST", "CHANGE"]
_PAGE = 200
_TUNNELLED: frozenset[Verb] = frozenset({"PUT", "PATCH", "DELETE"})


class Webservice:
    """Questions to one shop; not for several threads at once.

    Args:
        http: The shop's address and key.
        tunnel_verbs: Send PUT, PATCH and DELETE inside a POST, for hosts that block them.
        elapsed: Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        http: Http,
        *,
        tunnel_verbs: bool = False,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._tunnel = tunnel_verbs
        self._elapsed = elapsed
        #: The shop's version, once an answer has told it.
        self.version: ShopVersion | None = None
        #: How long entities that were put back whole were open to others' changes.
        self.rewrites = RewriteTimes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._http.close()

    def guard(self, before_write: Callable[[], None]) -> None:
        """Have this called before each request that may change the shop; it may raise."""
        self._http.before_write = before_write

    @property
    def requests_sent(self) -> int:
        """How many requests went out since this was made."""
        return self._http.requests_sent

    def able(self) -> Capabilities:
        """Return what the shop's version can do; it is asked for when no answer told it yet.

        Raises:
            VersionTooOldError: It is older than the oldest that the agent works with.
        """
        if self.version is None:
            self.ping()
        if self.version is not None and self.version < OLDEST:
            raise VersionTooOldError(place=self._http.address, version=self.version, oldest=OLDEST)
        return NEWEST if self.version is None else capabilities(self.version)

    def lacks(self, resource: str) -> frozenset[str]:
        """Return the fields that this shop's version lacks, `id` when the whole resource.

        They are left out of all that is read and written; who compares fields leaves them out too.
        """
        return self.able().lacks(resource)

    def ping(self) -> ShopVersion | None:
        """Check address, key and one permission with the cheapest request; return the version."""
        self.find("languages", display=("id",), limit=1)
        return self.version

    def get(self, resource: str, entity_id: int) -> Entity | None:
        """Return one entity with all its fields, or None when it does not exist."""
        place = f"{resource} {entity_id}"
        answer = self.ask("GET", resource, f"{resource}/{entity_id}", place=place)
        if answer.says_absent:
            return None
        found = parse_entities(answer.body, resource)
        if [entity.id for entity in found] != [entity_id]:
            raise UnreadableAnswerError(place=place, reason="another entity came")
        return found[0]

    def exists(self, resource: str, entity_id: int) -> bool:
        """Say whether an entity exists, by HEAD: no body travels."""
        path = f"{resource}/{entity_id}"
        return not self.ask("HEAD", resource, path, place=f"{resource} {entity_id}").says_absent

    def find(
        self,
        resource: str,
        filters: Mapping[str, str] | None = None,
        *,
        display: Display = None,
        sort: Sequence[str] = (),
        limit: int | None = None,
    ) -> tuple[Entity, ...]:
        """Return the entities that pass all filters, in one request.

        Args:
            resource: The list to search.
            filters: Field → filter, in the notation that `query` makes.
            display: The fields wanted, `id` always among them; None for the resource's own list.
                What this version lacks is left out; of a resource that it lacks, nothing comes.
            sort: Such as `("date_upd_ASC", "id_ASC")`.
            limit: The most entities.
        """
        chosen = self._chosen(resource, display)
        if not chosen:
            return ()
        query = _list_query(filters or {}, chosen)
        if sort:
            query += (("sort", "[" + ",".join(sort) + "]"),)
        if limit is not None:
            query += (("limit", str(limit)),)
        answer = self.ask("GET", resource, resource, query)
        if answer.says_absent:
            raise UnreadableAnswerError(place=resource, reason="404 for a list")
        return parse_entities(answer.body, resource)

    def find_any(
        self,
        resource: str,
        field: str,
        values: Sequence[int | str],
        *,
        filters: Mapping[str, str] | None = None,
        display: Display = None,
    ) -> tuple[Entity, ...]:
        """Return the entities whose field is exactly one of these values, ordered by id.

        PrestaShop compares without case and takes `_` for any sign: what comes is compared again.
        """
        chosen = self._chosen(resource, display)
        if field not in chosen and chosen:
            chosen = (*chosen, field)
        taken = len(encode(_list_query({**(filters or {}), field: ""}, chosen)))
        room = (
            ADDRESS_LIMIT - len(self._http.address) - taken - len(f"/api/{resource}?ws_key=") - 64
        )
        wanted = {str(value) for value in values}
        found: dict[int, Entity] = {}
        for passing in value_filters(values, room):
            query = {**(filters or {}), field: passing}
            for entity in self.find(resource, query, display=chosen):
                if _values(entity, field) & wanted:
                    found[entity.id] = entity
        return tuple(found[entity_id] for entity_id in sorted(found))

    def iter_all(
        self,
        resource: str,
        filters: Mapping[str, str] | None = None,
        *,
        display: Display = None,
        after: int = 0,
        page: int = _PAGE,
    ) -> Iterator[Entity]:
        """Yield every entity that passes the filters, by rising id, `page` to a request.

        Args:
            resource: The list to read.
            filters: Field → filter; not on `id`, which the paging needs.
            display: As for `find`.
            after: Only greater ids.
            page: Entities per request.
        """
        if "id" in (filters or {}):
            raise QueryBugError(place=resource, reason="paging with a filter on id")
        chosen = self._chosen(resource, display)
        last, more = after, True
        while more:
            query = {**(filters or {}), "id": above(last)}
            found = self.find(resource, query, display=chosen, sort=("id_ASC",), limit=page)
            if any(entity.id <= last for entity in found):
                raise UnreadableAnswerError(place=resource, reason="the filter on id is ignored")
            yield from found
            last = max((entity.id for entity in found), default=last)
            more = len(found) >= page

    def create(self, resource: str, write: Write, *, send_email: bool = False) -> Entity:
        """Create one entity; return it as PrestaShop echoes it (what was not sent is empty)."""
        return self.write("POST", resource, (write,), send_email=send_email)[0]

    def change(self, resource: str, write: Write, *, send_email: bool = False) -> Entity:
        """Change the named fields of one entity alone; return it whole.

        Raises:
            EntityGoneError: It is not there.
            ChangedMeanwhileError: It shows another date than it was planned on; nothing was sent.
        """
        return self.write("CHANGE", resource, (write,), send_email=send_email)[0]

    def delete(self, resource: str, entity_id: int) -> bool:
        """Delete one entity; return whether it was still there.

        PrestaShop may fail after deleting (9.0 with photos): then a look decides.
        """
        place = f"{resource} {entity_id}"
        try:
            self.ask("DELETE", resource, f"{resource}/{entity_id}", place=place)
        except EntityGoneError:
            return False
        except WriteOutcomeUnknownError:
            if self.exists(resource, entity_id):
                raise
        return True

    def delete_all(self, resource: str, ids: Sequence[int]) -> None:
        """Delete several entities in as few requests as can be; those already gone are as good.

        PrestaShop deletes none of them when one is missing, and may fail after deleting: after an
        error a look says what is left.

        Raises:
            WriteOutcomeUnknownError, EntityGoneError: the shop deletes none of those that are left.
        """
        left = list(ids)
        while left:
            listed = (("id", f"[{','.join(str(one) for one in left)}]"),)
            try:
                self.ask("DELETE", resource, resource, listed, place=f"{resource} × {len(left)}")
                return
            except (EntityGoneError, WriteOutcomeUnknownError):
                there = [one.id for one in self.find_any(resource, "id", left, display=("id",))]
                if len(there) == len(left):
                    raise
                left = there

    def write(
        self, deed: Deed, resource: str, writes: Sequence[Write], *, send_email: bool = False
    ) -> tuple[Entity, ...]:
        """Write several entities in one request; return all of them, in order.

        No transaction: after any error some may be written (see `batch`). One that may not be
        sent (gone, or changed since it was planned) stops all, before anything is written.
        """
        sending = self.prepare(deed, resource, writes)
        for problem in sending.set_aside.values():
            raise problem
        return self.send(sending, send_email=send_email)

    def prepare(self, deed: Deed, resource: str, writes: Sequence[Write]) -> Sending:
        """Return the request that makes these writes; for a rewriting the entities are read."""
        place = _place(resource, writes)
        if not writes or any((write.id is None) != (deed == "POST") for write in writes):
            raise QueryBugError(place=place, reason=f"{deed}: id missing or not wanted")
        able = self.able()
        fitted = tuple(fit_write(resource, write, able) for write in writes)
        if deed == "POST" or not able.rewrites(resource):
            body = render_entities(resource, fitted)
            return Sending("POST" if deed == "POST" else "PATCH", resource, fitted, body)
        if not able.may_put(resource):
            raise QueryBugError(place=place, reason=f"{resource} are never put back")
        began = self._elapsed()
        return rewritten(resource, fitted, self._read_raw(resource, fitted), able, began)

    def send(self, sending: Sending, *, send_email: bool = False) -> tuple[Entity, ...]:
        """Send what was prepared; return the entities written, in order."""
        resource, writes = sending.resource, sending.writes
        if not writes:
            return ()
        place = _place(resource, writes)
        query: tuple[Pair, ...] = (("sendemail", "1"),) if send_email else ()
        try:
            answer = self.ask(
                sending.verb, resource, resource, query, body=sending.body, place=place
            )
        finally:
            if sending.read_at is not None:
                self.rewrites.note(self._elapsed() - sending.read_at)
        return _written(answer, resource, writes, place)

    def _read_raw(self, resource: str, writes: Sequence[Write]) -> dict[int, etree._Element]:
        """Return whole entities as the shop gives them, by id; those that are gone are absent."""
        ids = [write.id for write in writes if write.id is not None]
        query: tuple[Pair, ...] = (("display", "full"), ("filter[id]", one_of(ids)))
        place = _place(resource, writes)
        answer = self.ask("GET", resource, resource, query, place=place)
        if answer.says_absent:
            raise UnreadableAnswerError(place=place, reason="404 for a list")
        return parse_raw(answer.body, resource)

    def _chosen(self, resource: str, display: Display) -> tuple[str, ...]:
        """Return the fields to ask for, those that this version lacks left out."""
        chosen = _with_id(display or get_resource(resource).display)
        if not varies(resource, chosen):
            return chosen
        return fit_display(resource, chosen, self.able())

    def ask(
        self,
        verb: Verb,
        resource: str,
        path: str,
        query: tuple[Pair, ...] = (),
        *,
        body: bytes | None = None,
        image: ImageFile | None = None,
        place: str = "",
        limit: int | None = None,
    ) -> Answer:
        """Return the answer to one request; raise unless it is a success or says "absent".

        The primitive under everything above; `images` uses it too. `limit` is the most bytes of
        this answer, when fewer than usual. A photo always travels inside a POST: PHP reads no
        other form.
        """
        size = len(body or b"") + len(image.content if image else b"")
        question = Question(verb, resource, place or resource, self._http.address, size)
        sent: Verb = verb
        if verb in _TUNNELLED and (self._tunnel or image is not None):
            sent, query = "POST", (*query, ("ps_method", verb))
        answer = self._http.exchange(Call(sent, path, query, body, image, limit), question)
        self.version = ShopVersion.parse(answer.version or "") or self.version
        if answer.says_absent and not question.writes:
            return answer
        problem = failure(question, answer)
        if problem is not None:
            raise problem
        return answer


def _list_query(filters: Mapping[str, str], display: Sequence[str]) -> tuple[Pair, ...]:
    query: list[Pair] = [("display", "[" + ",".join(display) + "]")]
    query += [(f"filter[{name}]", passing) for name, passing in filters.items()]
    if any(name.startswith("date_") or name.endswith("_date") for name in filters):
        query.append(("date", "1"))  # without it PrestaShop does not know the filter
    return tuple(query)


def _place(resource: str, writes: Sequence[Write]) -> str:
    return writes[0].place(resource) if len(writes) == 1 else f"{resource} × {len(writes)}"


def _with_id(display: Sequence[str]) -> tuple[str, ...]:
    return tuple(display) if "id" in display else ("id", *display)


def _values(entity: Entity, field: str) -> set[str]:
    """Return what a field holds: one text, or one per language."""
    if field == "id":
        return {str(entity.id)}
    value: FieldValue = entity.fields.get(field, "")
    return {value} if isinstance(value, str) else set(value.values())


def _written(
    answer: Answer, resource: str, writes: Sequence[Write], place: str
) -> tuple[Entity, ...]:
    """Return the entities that a write's answer holds; unknown unless they are the ones sent."""
    try:
        found = parse_entities(answer.body, resource)
    except UnreadableAnswerError as error:
        raise WriteOutcomeUnknownError(
            answered=True, place=place, reason=error.facts["reason"]
        ) from error
    same = len(found) == len(writes) and all(
        write.id in (None, entity.id) for write, entity in zip(writes, found, strict=True)
    )
    if not same:
        raise WriteOutcomeUnknownError(answered=True, place=place, reason="other entities came")
    return found
