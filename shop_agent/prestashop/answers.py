"""What an answer of the webservice means: success, absence, or one of our errors.

Rules: pure; PrestaShop's codes and the status decide, never wording. PHP's own warnings (codes 3,
11, 15) say nothing about what happened: beside another code they are ignored, alone they leave a
write's outcome unknown. Only an answer that PrestaShop signed (`PSWS-Version`) may say that an
entity does not exist.

    question = Question("PATCH", "products", place="products 12")
    problem = failure(question, Answer(status=500, media="text/html"))   # WriteOutcomeUnknownError
"""

from dataclasses import dataclass
from typing import Literal

from protocol.errors import ComptoirError
from shop_agent.prestashop.errors import (
    BlockedByHostError,
    EntityGoneError,
    ImageRefusedError,
    KeyRefusedError,
    PermissionMissingError,
    QueryBugError,
    RequestTooLargeError,
    ShopRefusedError,
    ShopUnreachableError,
    UnreadableAnswerError,
    WebserviceDisabledError,
    WriteOutcomeUnknownError,
    WrongAddressError,
)
from shop_agent.prestashop.xml import WsError, parse_errors

WriteVerb = Literal["POST", "PUT", "PATCH", "DELETE"]
Verb = WriteVerb | Literal["GET", "HEAD"]

_PHP_NOISE = frozenset({3, 11, 15})
_DISABLED = frozenset({22})
_KEY = frozenset({17, 18, 19, 20, 21})
_PERMISSION = frozenset({25, 26})
_QUERY = frozenset({23, 27, 28, 32, 33, 34, 35, 38, 89, 90, 91, 100, 101, 127})
_GONE = frozenset({57, 87, 92, 131})
_IMAGE = frozenset({63, 65, 66, 72, 76})
#: Refusals that come with status 500 all the same: 140, this e-mail is taken.
_REFUSED_500 = frozenset({140})
_TRY_LATER = frozenset({502, 503, 504})
_BLOCKED = frozenset({400, 403, 405, 406})


@dataclass(frozen=True)
class Question:
    """What was asked, as far as its answer's meaning depends on it.

    Args:
        verb: The HTTP verb meant (also when it travels inside a POST).
        resource: The resource asked.
        place: How errors name what it is about.
        address: The shop's address, for a person; never with a key.
        size: Bytes of the body sent.
    """

    verb: Verb
    resource: str
    place: str
    address: str = ""
    size: int = 0

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.verb not in ("GET", "HEAD")


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, read to its end.

    Args:
        status: HTTP status.
        media: Media type in lower case, without parameters; empty when not said.
        version: The `PSWS-Version` header, or None: then PrestaShop's webservice did not speak.
        location: Where a redirection points, without its query.
        body: The body, decompressed.
    """

    status: int
    media: str = ""
    version: str | None = None
    location: str = ""
    body: bytes = b""

    @property
    def is_xml(self) -> bool:
        """Whether it says that it is XML."""
        return self.media in ("text/xml", "application/xml")

    @property
    def is_keyless(self) -> bool:
        """Whether this is the plain 401 of a request whose key did not arrive."""
        return self.status == 401 and b"<errors>" not in self.body

    @property
    def says_absent(self) -> bool:
        """Whether PrestaShop says that the entity (or list of images) does not exist."""
        return self.status == 404 and self.version is not None and not self.body.strip()


def failure(question: Question, answer: Answer) -> ComptoirError | None:
    """Return what went wrong, or None when the answer is a success (its entities unread yet)."""
    before = _before_prestashop(question, answer)
    if before is not None:
        return before
    errors = parse_errors(answer.body)
    if errors:
        return _by_code(question, answer, errors)
    if 200 <= answer.status < 300 and _is_full(question, answer):
        return None
    return _wordless(question, answer)


def _is_full(question: Question, answer: Answer) -> bool:
    """Say whether a 2xx answer is what the question asks for: XML, a picture, or signed silence."""
    if question.verb in ("DELETE", "HEAD") and answer.version is not None:
        return not answer.body.strip()
    if question.resource == "images" and question.verb in ("GET", "PUT"):
        return answer.media.startswith("image/") or answer.is_xml
    return answer.is_xml


def _before_prestashop(question: Question, answer: Answer) -> ComptoirError | None:
    """Return the error of an answer given before any entity was looked at."""
    if 300 <= answer.status < 400:
        reason = f"redirected to {answer.location or 'elsewhere'}"
        return WrongAddressError(place=question.place, address=question.address, reason=reason)
    if answer.status == 429:
        return ShopUnreachableError(place=question.place, reason="too many requests (429)")
    if answer.status == 413:
        return RequestTooLargeError(place=question.place, size=question.size)
    if answer.status == 414:
        return QueryBugError(place=question.place, reason="address too long (414)")
    return None


def _by_code(question: Question, answer: Answer, errors: tuple[WsError, ...]) -> ComptoirError:
    """Return the error that PrestaShop's codes stand for; the first telling code decides."""
    place = question.place
    error = next((error for error in errors if error.code not in _PHP_NOISE), errors[0])
    facts = {"shop_code": error.code, "message": error.message[:300], "field": error.field or "?"}
    if error.code in _DISABLED:
        return WebserviceDisabledError(place=place, **facts)
    if error.code in _KEY:
        return KeyRefusedError(place=place, reason=f"code {error.code}", **facts)
    if error.code in _PERMISSION:
        return PermissionMissingError(
            place=place, verb=question.verb, resource=question.resource, **facts
        )
    if error.code in _QUERY:
        return QueryBugError(place=place, reason=f"code {error.code}", **facts)
    if error.code in _GONE:
        return EntityGoneError(place=place, **facts)
    if answer.status >= 500 and error.code not in _REFUSED_500:
        return _broken(question, f"{answer.status}, code {error.code}", **facts)
    if error.code in _IMAGE:
        return ImageRefusedError(place=place, **facts)
    if question.writes and error.code not in _PHP_NOISE:
        return ShopRefusedError(place=place, **facts)
    return _broken(question, f"{answer.status}, code {error.code}", **facts)


def _wordless(question: Question, answer: Answer) -> ComptoirError:
    """Return the error of an answer without any of PrestaShop's codes."""
    status, place = answer.status, question.place
    if status == 401:
        return KeyRefusedError(place=place, reason="the key did not arrive (401)")
    if status == 404 and question.writes and answer.version is not None:
        return EntityGoneError(place=place, shop_code=404)
    if status == 404:
        return WrongAddressError(place=place, address=question.address, reason="404")
    if status in _BLOCKED:
        return BlockedByHostError(place=place, verb=question.verb, reason=status)
    if question.writes:
        return _broken(question, f"{status} {answer.media}".strip())
    if status in _TRY_LATER:
        return ShopUnreachableError(place=place, reason=status)
    if 200 <= status < 300:
        reason = f"{status} {answer.media}".strip()
        return WrongAddressError(place=place, address=question.address, reason=reason)
    return _broken(question, f"{status} {answer.media}".strip())


def _broken(question: Question, reason: str, **facts: object) -> ComptoirError:
    if question.writes:
        return WriteOutcomeUnknownError(answered=True, place=question.place, reason=reason, **facts)
    return UnreadableAnswerError(place=question.place, reason=reason, **facts)
