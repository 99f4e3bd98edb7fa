"""Questions and answers: absence, lists, paging, long lists, writes and their proofs."""

import pytest

from shop_agent.prestashop.entities import Write
from shop_agent.prestashop.errors import (
    EntityGoneError,
    QueryBugError,
    ShopRefusedError,
    UnreadableAnswerError,
    VersionTooOldError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.query import above
from tests.shop_agent.prestashop.stub_shop import (
    HTML_HEADERS,
    SIGNED,
    XML_HEADERS,
    Reply,
    Seen,
    StubShop,
    entities,
    errors,
)

ABSENT = Reply(404, "", SIGNED)


def taxes(*ids: int) -> Reply:
    rows = "".join(f"<tax><id>{n}</id><rate>{n}</rate></tax>" for n in ids)
    return Reply(200, entities(f"<taxes>{rows}</taxes>"))


def products(**references: str) -> Reply:
    rows = "".join(
        f"<product><id>{name[1:]}</id><reference><![CDATA[{reference}]]></reference></product>"
        for name, reference in references.items()
    )
    return Reply(200, entities(f"<products>{rows}</products>"))


def test_what_does_not_exist_is_none() -> None:
    with StubShop([ABSENT, ABSENT]) as stub, stub.open() as shop:
        assert shop.get("products", 9) is None
        assert not shop.exists("products", 9)
    assert [seen.verb for seen in stub.seen] == ["GET", "HEAD"]


def test_noise_before_the_document_does_not_hide_it() -> None:
    body = "<br />\n<b>Deprecated</b>: x<br />\n" + entities("<tax><id>4</id></tax>")
    with StubShop([Reply(200, body)]) as stub, stub.open() as shop:
        found = shop.get("taxes", 4)
        assert found and found.id == 4


def test_another_entity_than_asked_is_not_taken() -> None:
    with (
        StubShop([Reply(200, entities("<tax><id>5</id></tax>"))]) as stub,
        stub.open() as shop,
        pytest.raises(UnreadableAnswerError),
    ):
        shop.get("taxes", 4)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_is_a_tuple_whatever_its_length(count: int) -> None:
    with StubShop([taxes(*range(1, count + 1))]) as stub, stub.open() as shop:
        assert len(shop.find("taxes")) == count


def test_a_list_that_is_404_is_not_an_empty_list() -> None:
    with StubShop([ABSENT]) as stub, stub.open() as shop, pytest.raises(UnreadableAnswerError):
        shop.find("taxes")


def test_what_is_asked_stands_in_the_address() -> None:
    with StubShop([taxes()]) as stub, stub.open() as shop:
        shop.find(
            "taxes",
            {"date_upd": above("2026-11-24 03:17:00")},
            display=("rate",),
            sort=("date_upd_ASC", "id_ASC"),
            limit=5,
        )
    assert stub.seen[0].query == {
        "display": "[id,rate]",
        "filter[date_upd]": ">[2026-11-24 03:17:00]",
        "date": "1",
        "sort": "[date_upd_ASC,id_ASC]",
        "limit": "5",
    }


def test_paging_follows_the_ids_to_the_end() -> None:
    def answer(seen: Seen) -> Reply:
        last = int(seen.query["filter[id]"].strip(">[]"))
        return taxes(*[n for n in range(1, 8) if n > last][: int(seen.query["limit"])])

    with StubShop(answer) as stub, stub.open() as shop:
        assert [tax.id for tax in shop.iter_all("taxes", page=3)] == [1, 2, 3, 4, 5, 6, 7]
        assert [tax.id for tax in shop.iter_all("taxes", page=3, after=6)] == [7]
        assert [tax.id for tax in shop.iter_all("taxes", page=7)] == [1, 2, 3, 4, 5, 6, 7]
    assert len(stub.seen) == 3 + 1 + 2


def test_a_shop_that_ignores_the_filter_does_not_trap_us() -> None:
    with StubShop(lambda seen: taxes(1, 2)) as stub, stub.open() as shop:
        with pytest.raises(UnreadableAnswerError):
            list(shop.iter_all("taxes", page=2))
        with pytest.raises(QueryBugError):
            list(shop.iter_all("taxes", {"id": "[1]"}))
    assert len(stub.seen) == 2


def test_long_lists_of_ids_are_cut_so_that_addresses_stay_short() -> None:
    asked: list[int] = []

    def answer(seen: Seen) -> Reply:
        part = [int(n) for n in seen.query["filter[id]"].strip("[]").split("|")]
        asked.extend(part)
        return taxes(*part)

    ids = list(range(100_000, 103_000))
    with StubShop(answer) as stub, stub.open() as shop:
        assert [tax.id for tax in shop.find_any("taxes", "id", ids)] == ids
    assert asked == ids
    assert 5 <= len(stub.seen) <= 8
    assert max(len(seen.raw) for seen in stub.seen) < 6000


def test_values_are_compared_again_exactly_and_odd_ones_asked_alone() -> None:
    def answer(seen: Seen) -> Reply:
        alone = seen.query["filter[reference]"] == "X|Y"
        return products(n4="X|Y") if alone else products(n2="b_1", n1="A", n3="a", n5="bX1")

    with StubShop(answer) as stub, stub.open() as shop:
        found = shop.find_any(
            "products", "reference", ["A", "b_1", "X|Y", "", "A"], display=("id",)
        )
    assert [entity.id for entity in found] == [1, 2, 4]
    assert [seen.query["filter[reference]"] for seen in stub.seen] == ["X|Y", "[A|b_1]"]


def test_no_values_ask_nothing() -> None:
    with StubShop([]) as stub, stub.open() as shop:
        assert shop.find_any("products", "id", []) == ()
    assert stub.seen == []


def test_a_creation_returns_what_came_with_its_id() -> None:
    body = entities("<product><id>20</id><price>1</price></product>")
    with StubShop([Reply(201, "noise " + body)]) as stub, stub.open() as shop:
        assert shop.create("products", Write(None, {"price": "1"})).id == 20
    assert stub.seen[0].verb == "POST"
    assert b"<product><price>1</price></product>" in stub.seen[0].body


def test_emails_are_sent_only_when_asked() -> None:
    done = Reply(201, entities("<order_history><id>5</id></order_history>"))
    history = Write(None, {"id_order": "6", "id_order_state": "4"})
    with StubShop([done, done]) as stub, stub.open() as shop:
        shop.create("order_histories", history)
        shop.create("order_histories", history, send_email=True)
    assert [seen.query for seen in stub.seen] == [{}, {"sendemail": "1"}]


@pytest.mark.parametrize(
    "body",
    [
        "Invalid new order status",
        entities(""),
        entities("<products/>"),
        entities("<product><price>1</price></product>"),
        entities("<product><id>2</id></product>"),
        entities("<product><id>1</id></product><product><id>2</id></product>"),
        "<prestashop>",
        "",
    ],
)
def test_a_write_that_does_not_show_its_entity_is_unknown(body: str) -> None:
    with (
        StubShop([Reply(200, body)]) as stub,
        stub.open() as shop,
        pytest.raises(WriteOutcomeUnknownError),
    ):
        shop.change("products", Write(1, {"price": "1"}))


def test_a_write_answered_in_html_is_unknown() -> None:
    body = entities("<product><id>1</id></product>")
    with (
        StubShop([Reply(200, body, HTML_HEADERS)]) as stub,
        stub.open() as shop,
        pytest.raises(WriteOutcomeUnknownError),
    ):
        shop.change("products", Write(1, {"price": "1"}))


def test_a_refusal_is_told_with_place_and_field() -> None:
    body = errors(84, message='Validation error: "Property Product-&gt;name is not valid"')
    with (
        StubShop([Reply(400, body)]) as stub,
        stub.open() as shop,
        pytest.raises(ShopRefusedError) as caught,
    ):
        shop.change("products", Write(12, {"name": {1: "a;b"}}))
    assert caught.value.place == "products 12"
    assert caught.value.facts["field"] == "name"


def test_creations_have_no_id_and_changes_have_one() -> None:
    with StubShop([]) as stub, stub.open() as shop:
        with pytest.raises(QueryBugError):
            shop.create("products", Write(1))
        with pytest.raises(QueryBugError):
            shop.change("products", Write(None))
        with pytest.raises(QueryBugError):
            shop.write("CHANGE", "products", [])
    assert stub.seen == []


def test_deleting_tells_whether_it_was_there() -> None:
    gone = Reply(404, errors(87))
    with StubShop([Reply(200, "", SIGNED), gone]) as stub, stub.open() as shop:
        assert shop.delete("products", 3)
        assert not shop.delete("products", 3)


def test_a_deletion_that_fails_afterwards_is_looked_up() -> None:
    broken = Reply(500, "", HTML_HEADERS)
    there = Reply(200, "", XML_HEADERS)
    with StubShop([broken, ABSENT, broken, there]) as stub, stub.open() as shop:
        assert shop.delete("products", 3)
        with pytest.raises(WriteOutcomeUnknownError):
            shop.delete("products", 4)


def test_changing_what_is_gone() -> None:
    with (
        StubShop([Reply(404, errors(92))]) as stub,
        stub.open() as shop,
        pytest.raises(EntityGoneError),
    ):
        shop.change("products", Write(9, {"price": "1"}))


def test_blocked_verbs_can_travel_inside_a_post() -> None:
    done = Reply(200, entities("<product><id>1</id></product>"))
    replies = [done, Reply(200, "", SIGNED), done]
    with StubShop(replies) as stub, stub.open(tunnel_verbs=True) as shop:
        shop.change("products", Write(1, {"price": "1"}))
        shop.delete("products", 1)
        shop.create("products", Write(None, {"price": "1"}))
    assert [(seen.verb, seen.query.get("ps_method")) for seen in stub.seen] == [
        ("POST", "PATCH"),
        ("POST", "DELETE"),
        ("POST", None),
    ]


def told(version: str, inside: str) -> Reply:
    headers = {"Content-Type": "text/xml;charset=utf-8", "PSWS-Version": version}
    return Reply(200, entities(inside), headers)


def test_what_the_version_lacks_is_not_asked_for() -> None:
    none = told("1.6.1.24", "<products/>")
    with StubShop([none, none]) as stub, stub.open(version="1.6.1.24") as shop:
        shop.find("products", display=("id", "mpn", "reference", "product_bundle[id,quantity]"))
        shop.find_any("products", "reference", ["A"])
        assert "state" in shop.lacks("products")
        assert shop.find("messages") == ()
        assert shop.find_any("messages", "id_order", [3]) == ()
        assert list(shop.iter_all("order_cart_rules")) == []
    first, second = (seen.query["display"] for seen in stub.seen)
    assert first == "[id,reference,product_bundle[id,quantity]]"
    assert "product_bundle[id,quantity]" in second
    assert not {"mpn", "isbn", "state", "product_type"} & set(second.strip("[]").split(","))


def test_the_version_is_asked_for_only_when_a_question_depends_on_it() -> None:
    replies = [told("8.2.1", "<taxes/>"), told("8.2.1", "<languages/>"), told("8.2.1", "<orders/>")]
    with StubShop(replies[:1]) as stub, stub.open(version="") as shop:
        shop.find("taxes")
    assert len(stub.seen) == 1
    with StubShop(replies[1:]) as stub, stub.open(version="") as shop:
        shop.find("orders", display=("id", "note"))
        assert str(shop.version) == "8.2.1"
    assert [seen.path for seen in stub.seen] == ["/api/languages", "/api/orders"]
    assert stub.seen[1].query["display"] == "[id,note]"


def test_what_the_version_lacks_is_not_written() -> None:
    done = told("1.6.1.24", "<product><id>7</id></product>")
    bundle = {"product_bundle": [{"id": "3", "id_product_attribute": "0", "quantity": "2"}]}
    with StubShop([done]) as stub, stub.open(version="1.6.1.24") as shop:
        shop.create("products", Write(None, {"state": "1", "price": "2"}, bundle))
    assert b"<product><price>2</price><associations><product_bundle><product><id>3</id>" in (
        stub.seen[0].body
    )
    assert b"state" not in stub.seen[0].body
    assert b"id_product_attribute" not in stub.seen[0].body


@pytest.mark.parametrize("version", ["1.5.6.3", "1.6.0.14"])
def test_a_shop_that_is_too_old_is_named_before_anything_is_written(version: str) -> None:
    with StubShop([]) as stub, stub.open(version=version) as shop:
        with pytest.raises(VersionTooOldError) as caught:
            shop.change("products", Write(1, {"price": "1"}))
        with pytest.raises(VersionTooOldError):
            shop.create("products", Write(None, {"price": "1"}))
    assert caught.value.facts == {"version": version, "oldest": "1.6.1"}
    assert stub.seen == []


def test_a_resource_that_we_do_not_use_is_our_fault() -> None:
    with StubShop([]) as stub, stub.open() as shop, pytest.raises(QueryBugError):
        shop.find("employees")
