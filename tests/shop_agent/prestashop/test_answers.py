"""The taxonomy: what each kind of answer means, row by row."""

import pytest

from protocol.errors import (
    ComptoirError,
    FatalError,
    NeedsPersonError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
)
from shop_agent.prestashop.answers import Answer, Question, Verb, failure
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
from tests.shop_agent.prestashop.stub_shop import entities, errors


def xml(status: int, body: str = "") -> Answer:
    return Answer(status, "text/xml", "8.2.1", body=body.encode())


def html(status: int, body: str = "", version: str | None = None) -> Answer:
    return Answer(status, "text/html", version, body=body.encode())


def told(status: int, *codes: int) -> Answer:
    return xml(status, errors(*codes))


READ_ROWS = [
    (told(401, 20, 21), KeyRefusedError),
    (told(401, 18), KeyRefusedError),
    (html(401, "401 Unauthorized"), KeyRefusedError),
    (told(401, 26), PermissionMissingError),
    (told(405, 25), PermissionMissingError),
    (told(503, 22), WebserviceDisabledError),
    (told(400, 27), QueryBugError),
    (told(500, 35, 3, 3), QueryBugError),
    (told(500, 32), QueryBugError),
    (told(400, 38), QueryBugError),
    (told(400, 35), QueryBugError),  # 1.7; 8 says 500
    (told(400, 32), QueryBugError),
    (xml(500), UnreadableAnswerError),
    (told(500, 3, 34, 3), QueryBugError),
    (told(500, 3, 11), UnreadableAnswerError),
    (told(500, 61), UnreadableAnswerError),
    (Answer(302, location="http://other/"), WrongAddressError),
    (html(301), WrongAddressError),
    (html(404, "not here"), WrongAddressError),
    (html(404), WrongAddressError),
    (html(200, "<html>welcome"), WrongAddressError),
    (html(200, "Fatal error: Uncaught PDOException"), WrongAddressError),
    (html(403, "forbidden"), BlockedByHostError),
    (html(429), ShopUnreachableError),
    (html(502), ShopUnreachableError),
    (html(503), ShopUnreachableError),
    (html(504), ShopUnreachableError),
    (html(500), UnreadableAnswerError),
    (html(414), QueryBugError),
    (told(404, 131), EntityGoneError),
    (told(400, 57), EntityGoneError),
]
WRITE_ROWS = [
    (told(400, 41), ShopRefusedError),
    (told(400, 84), ShopRefusedError),
    (told(400, 85), ShopRefusedError),
    (told(400, 93), ShopRefusedError),
    (told(400, 999), ShopRefusedError),
    (told(500, 140, 46), ShopRefusedError),
    (told(404, 92), EntityGoneError),
    (told(404, 87), EntityGoneError),
    (told(400, 76), ImageRefusedError),
    (told(400, 72), ImageRefusedError),
    (told(400, 65), ImageRefusedError),
    (told(500, 3), WriteOutcomeUnknownError),
    (told(500, 11, 11, 11), WriteOutcomeUnknownError),
    (told(500, 15), WriteOutcomeUnknownError),
    (told(500, 46), WriteOutcomeUnknownError),
    (told(500, 134), WriteOutcomeUnknownError),
    (told(500, 63), WriteOutcomeUnknownError),
    (html(500), WriteOutcomeUnknownError),
    (html(500, "Error processing order."), WriteOutcomeUnknownError),
    (html(502), WriteOutcomeUnknownError),
    (html(503), WriteOutcomeUnknownError),
    (html(504), WriteOutcomeUnknownError),
    (html(408), WriteOutcomeUnknownError),
    (html(200, "Fatal error"), WriteOutcomeUnknownError),
    (html(200), WriteOutcomeUnknownError),
    (html(200, "Invalid new order status"), WriteOutcomeUnknownError),  # 1.6
    (html(413), RequestTooLargeError),
    (html(429), ShopUnreachableError),
    (html(302), WrongAddressError),
    (html(404, "not here"), WrongAddressError),
    (html(403), BlockedByHostError),
    (told(503, 22), WebserviceDisabledError),
    (told(405, 25), PermissionMissingError),
    (told(401, 20), KeyRefusedError),
    (told(500, 3, 127), QueryBugError),
    (told(400, 89), QueryBugError),
    (told(400, 90), QueryBugError),
    (told(405, 101), QueryBugError),
]


@pytest.mark.parametrize(("answer", "expected"), READ_ROWS)
def test_a_failed_reading(answer: Answer, expected: type[ComptoirError]) -> None:
    problem = failure(Question("GET", "products", "products"), answer)
    assert type(problem) is expected


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("answer", "expected"), WRITE_ROWS)
def test_a_failed_write(answer: Answer, expected: type[ComptoirError], verb: Verb) -> None:
    problem = failure(Question(verb, "products", "products 1"), answer)
    assert type(problem) is expected


@pytest.mark.parametrize(
    ("branch", "classes"),
    [
        (RetryableError, [ShopUnreachableError, UnreadableAnswerError]),
        (OutcomeUnknownError, [WriteOutcomeUnknownError]),
        (
            NeedsPersonError,
            [
                BlockedByHostError,
                KeyRefusedError,
                PermissionMissingError,
                WebserviceDisabledError,
                WrongAddressError,
            ],
        ),
        (
            RefusedItemError,
            [EntityGoneError, ImageRefusedError, RequestTooLargeError, ShopRefusedError],
        ),
        (FatalError, [QueryBugError]),
    ],
)
def test_every_class_tells_the_caller_what_to_do(
    branch: type[ComptoirError], classes: list[type[ComptoirError]]
) -> None:
    assert all(issubclass(found, branch) for found in classes)


def test_an_unclear_answer_says_that_the_server_is_done() -> None:
    problem = failure(Question("POST", "products", "products"), html(500))
    assert isinstance(problem, WriteOutcomeUnknownError)
    assert problem.answered


def test_a_missing_permission_names_resource_and_verb() -> None:
    problem = failure(Question("PATCH", "stock_availables", "stock_availables 3"), told(405, 25))
    assert problem is not None
    assert (problem.facts["verb"], problem.facts["resource"]) == ("PATCH", "stock_availables")


def test_a_refusal_names_its_field() -> None:
    body = errors(85, message="Property Product->reference is not valid")
    problem = failure(Question("PATCH", "products", "products 1"), xml(400, body))
    assert problem is not None
    assert (problem.facts["field"], problem.facts["shop_code"]) == ("reference", "85")
    assert "reference" in problem.problem().line("fr")


@pytest.mark.parametrize(
    ("verb", "resource", "answer"),
    [
        ("GET", "products", xml(200, entities("<products/>"))),
        ("POST", "products", xml(201, entities("<product><id>1</id></product>"))),
        ("DELETE", "products", Answer(200, version="8.2.1")),
        ("DELETE", "products", html(200, "", "8.2.1")),
        ("HEAD", "products", Answer(200, "text/xml", "8.2.1")),
        ("GET", "images", Answer(200, "image/jpeg", "8.2.1", body=b"\xff\xd8")),
    ],
)
def test_successes(verb: Verb, resource: str, answer: Answer) -> None:
    assert failure(Question(verb, resource, resource), answer) is None


def test_only_prestashop_may_say_that_something_does_not_exist() -> None:
    assert Answer(404, version="8.2.1").says_absent
    assert not Answer(404).says_absent
    assert not html(404, "<html>", "8.2.1").says_absent
    assert not Answer(200, version="8.2.1").says_absent
