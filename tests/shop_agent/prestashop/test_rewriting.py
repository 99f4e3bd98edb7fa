"""Changes before PATCH: the entity goes back as it was read, but for what is wanted."""

import pytest
from lxml import etree

from shop_agent.prestashop.batch import (
    BatchResult,
    NotAttempted,
    Refused,
    Unknown,
    Written,
    write_batch,
)
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.errors import (
    ChangedMeanwhileError,
    EntityGoneError,
    IllegalCharacterError,
    QueryBugError,
    ShopRefusedError,
    ShopUnreachableError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.versions import ShopVersion, capabilities
from shop_agent.prestashop.xml import parse_raw
from tests.shop_agent.prestashop.old_shop import OldShop
from tests.shop_agent.prestashop.stub_shop import Reply, Seen, StubShop, entities

V17 = capabilities(ShopVersion((1, 7, 8, 11)))
DATE = "2026-11-24 03:00:00"
PRODUCT = (
    '<manufacturer_name notFilterable="true">Acme</manufacturer_name><quantity>0</quantity>'
    "<position_in_category>0</position_in_category><id_default_image>4</id_default_image>"
    "<id_default_combination>9</id_default_combination><low_stock_threshold></low_stock_threshold>"
    "<reference>R1</reference><price>10.000000</price><invented>kept</invented>"
    f"<date_upd>{DATE}</date_upd>"
    '<description><language id="1">A &amp; B</language>'
    '<language id="2">&lt;p&gt;Rédigé à la main&#13;\n&lt;/p&gt;</language></description>'
    "<associations><categories><category><id>8</id></category></categories>"
    "<combinations><combination><id>9</id></combination></combinations></associations>"
)


def change(old: OldShop, *writes: Write, version: str = "1.7.8.11") -> BatchResult:
    with StubShop(old) as stub, stub.open(version=version) as shop:
        return write_batch(shop, "CHANGE", "products", writes)


def change_one(old: OldShop, resource: str, write: Write, version: str = "1.7.8.11") -> Entity:
    with StubShop(old) as stub, stub.open(version=version) as shop:
        return shop.change(resource, write)


def products(count: int) -> dict[int, str]:
    return dict.fromkeys(range(1, count + 1), PRODUCT)


def prices(count: int) -> list[Write]:
    return [Write(n, {"price": f"{n}.50"}) for n in range(1, count + 1)]


def test_only_the_wanted_field_changes() -> None:
    old = OldShop("products", products(1))
    assert change_one(old, "products", Write(1, {"price": "12.5"})).text("price") == "12.5"
    assert old.verbs == ["GET", "PUT"]
    assert (old.text(1, "price"), old.text(1, "reference")) == ("12.5", "R1")
    assert old.text(1, "invented") == "kept"
    languages = [node.text for node in old.rows[1].iter("language")]
    assert languages == ["A & B", "<p>Rédigé à la main\r\n</p>"]
    assert old.text(1, "associations/categories/category/id") == "8"


def test_what_a_put_refuses_or_would_undo_is_not_in_it() -> None:
    old = OldShop("products", products(1))
    change_one(old, "products", Write(1, {"price": "12.5"}))
    (sent,) = etree.fromstring(old.bodies[0])
    names = {str(child.tag) for child in sent}
    assert names == {"id", "reference", "price", "invented", "date_upd", "description"}


def test_what_is_left_out_as_read_may_be_written_on_purpose() -> None:
    old = OldShop("products", products(1))
    change_one(old, "products", Write(1, {"id_default_image": "5", "low_stock_threshold": "2"}))
    assert (old.text(1, "id_default_image"), old.text(1, "low_stock_threshold")) == ("5", "2")


def test_a_field_with_a_value_is_put_back_where_an_empty_one_is_left_out() -> None:
    filled = PRODUCT.replace("<low_stock_threshold>", "<low_stock_threshold>3")
    old = OldShop("products", {1: filled})
    change_one(old, "products", Write(1, {"price": "12.5"}))
    assert old.text(1, "low_stock_threshold") == "3"


def test_a_language_that_is_not_named_stays_and_a_new_one_is_added() -> None:
    old = OldShop("products", products(1))
    change_one(old, "products", Write(1, {"description": {1: "New <b>", 3: "Drei"}}))
    told = {node.get("id"): node.text for node in old.rows[1].iter("language")}
    assert told == {"1": "New <b>", "2": "<p>Rédigé à la main\r\n</p>", "3": "Drei"}


def test_associations_are_sent_only_when_they_are_written() -> None:
    old = OldShop("products", products(1))
    change_one(old, "products", Write(1, {}, {"categories": [{"id": "2"}, {"id": "8"}]}))
    (sent,) = etree.fromstring(old.bodies[0])
    (part,) = sent.findall("associations/*")
    assert [row.findtext("id") for row in part] == ["2", "8"]


def test_a_stock_row_goes_back_whole_with_its_shop() -> None:
    row = (
        "<id_product>7</id_product><id_product_attribute>3</id_product_attribute>"
        "<id_shop>1</id_shop><id_shop_group>0</id_shop_group><quantity>9</quantity>"
        "<depends_on_stock>0</depends_on_stock><out_of_stock>1</out_of_stock>"
    )
    old = OldShop("stock_availables", {5: row})
    change_one(old, "stock_availables", Write(5, {"quantity": "4"}), "1.6.1.24")
    sent = {str(child.tag): child.text for child in etree.fromstring(old.bodies[0])[0]}
    assert sent == {
        "id": "5",
        "id_product": "7",
        "id_product_attribute": "3",
        "id_shop": "1",
        "id_shop_group": "0",
        "quantity": "4",
        "depends_on_stock": "0",
        "out_of_stock": "1",
    }


def test_a_setting_goes_back_with_a_date_even_where_patch_exists() -> None:
    row = "<name>PS_X</name><value>1</value><date_add>0000-00-00 00:00:00</date_add>"
    old = OldShop("configurations", {49: row}, version="8.2.1")
    change_one(old, "configurations", Write(49, {"value": "0"}), "8.2.1")
    assert old.verbs == ["GET", "PUT"]
    assert (old.text(49, "name"), old.text(49, "value")) == ("PS_X", "0")
    assert old.text(49, "date_add") == "2000-01-01 00:00:00"
    dated = row.replace("0000-00-00 00:00:00", DATE)
    again = OldShop("configurations", {49: dated})
    change_one(again, "configurations", Write(49, {"value": "0"}))
    assert again.text(49, "date_add") == DATE


@pytest.mark.parametrize("resource", ["customers", "orders", "carts"])
def test_what_a_put_would_harm_is_never_put(resource: str) -> None:
    with (
        StubShop([]) as stub,
        stub.open(version="1.7.8.11") as shop,
        pytest.raises(QueryBugError),
    ):
        shop.prepare("CHANGE", resource, [Write(1, {})])
    assert stub.seen == []


def test_where_patch_exists_nothing_is_read_before() -> None:
    done = Reply(200, entities("<product><id>1</id></product>"))
    with StubShop([done]) as stub, stub.open(version="8.0.5") as shop:
        shop.change("products", Write(1, {"price": "1"}, planned_on="2001-01-01 00:00:00"))
        assert shop.rewrites.count == 0
    assert [seen.verb for seen in stub.seen] == ["PATCH"]


def test_the_version_is_asked_for_before_the_first_change() -> None:
    old = OldShop("products", products(1))

    def answer(seen: Seen) -> Reply:
        if seen.path == "/api/languages":
            headers = {"Content-Type": "text/xml", "PSWS-Version": "1.7.8.11"}
            return Reply(200, entities("<languages/>"), headers)
        return old(seen)

    with StubShop(answer) as stub, stub.open(version="") as shop:
        shop.change("products", Write(1, {"price": "2"}))
    assert [seen.verb for seen in stub.seen] == ["GET", "GET", "PUT"]


def test_blocked_verbs_travel_inside_a_post_here_too() -> None:
    done = Reply(200, entities("<product><id>1</id></product>"))
    with StubShop([done, done]) as stub, stub.open(version="1.7.8", tunnel_verbs=True) as shop:
        shop.change("products", Write(1, {"price": "1"}))
    assert [(seen.verb, seen.query.get("ps_method")) for seen in stub.seen] == [
        ("GET", None),
        ("POST", "PUT"),
    ]


def test_a_tracking_number_is_sent_with_its_mail() -> None:
    row = "<id_order>3</id_order><weight>1.2</weight><tracking_number></tracking_number>"
    old = OldShop("order_carriers", {6: row})
    with StubShop(old) as stub, stub.open(version="1.7.8.11") as shop:
        shop.change("order_carriers", Write(6, {"tracking_number": "T1"}), send_email=True)
    assert (old.mails, old.text(6, "tracking_number"), old.text(6, "weight")) == (True, "T1", "1.2")


def test_the_time_between_reading_and_answer_is_counted() -> None:
    now = [0.0]

    def a_second_passes(shop: OldShop) -> None:
        now[0] += 1.5 if len(shop.bodies) == 0 else 0.5

    old = OldShop("products", products(2), between=a_second_passes)
    with StubShop(old) as stub, stub.open(clock=lambda: now[0], version="1.7.8.11") as shop:
        shop.change("products", Write(1, {"price": "2"}))
        shop.change("products", Write(2, {"price": "2"}))
        times = shop.rewrites
    assert (times.count, times.total_seconds, times.longest_seconds) == (2, 2.0, 1.5)


def test_what_a_person_saves_in_another_field_meanwhile_is_lost_only_inside_the_window() -> None:
    def edit(shop: OldShop) -> None:
        shop.set(1, "reference", "edited")

    before = OldShop("products", products(1))
    edit(before)
    change_one(before, "products", Write(1, {"price": "2"}))
    assert before.text(1, "reference") == "edited"
    inside = OldShop("products", products(1), between=edit)
    change_one(inside, "products", Write(1, {"price": "2"}))
    assert inside.text(1, "reference") == "R1"  # what `rewrites` measures


# --- an entity that changed since the plan ---------------------------------------------------


def test_one_that_changed_since_the_plan_is_left_for_the_next_pass() -> None:
    old = OldShop("products", products(3))
    stale = Write(2, {"price": "2.50"}, planned_on="2026-11-24 02:59:59")
    fresh = Write(3, {"price": "3.50"}, planned_on=DATE)
    result = change(old, Write(1, {"price": "1.50"}), stale, fresh)
    one, two, three = result.outcomes
    assert isinstance(one, Written)
    assert isinstance(three, Written)
    assert isinstance(two, NotAttempted)
    assert isinstance(two.reason, ChangedMeanwhileError)
    assert two.reason.facts == {"planned": "2026-11-24 02:59:59", "found": DATE}
    assert [old.text(n, "price") for n in (1, 2, 3)] == ["1.50", "10.000000", "3.50"]
    assert (result.stopped, old.batches) == (None, [2])


def test_alone_it_is_an_error_and_nothing_is_sent() -> None:
    old = OldShop("products", products(1))
    with pytest.raises(ChangedMeanwhileError):
        change_one(old, "products", Write(1, {"price": "2"}, planned_on="2026-11-24 02:59:59"))
    assert old.verbs == ["GET"]
    assert old.text(1, "price") == "10.000000"


def test_our_own_write_without_an_answer_is_not_taken_for_anothers() -> None:
    """The retry finds the date that our own first try has left."""
    bad = Write(3, {"price": "1,5"}, planned_on=DATE)
    # PrestaShop stores another reference than was sent: looking cannot tell that it is ours
    rewritten = Write(1, {"reference": " R9 "}, planned_on=DATE)

    class Trimming(OldShop):
        def _put(self, sent: list[etree._Element], *, mails: bool) -> Reply:
            for node in sent:
                part = node.find("reference")
                assert part is not None
                part.text = (part.text or "").strip()
            return super()._put(sent, mails=mails)

    old = Trimming("products", products(3))
    result = change(old, rewritten, Write(2, {"price": "2"}, planned_on=DATE), bad)
    assert [type(outcome) for outcome in result.outcomes] == [Written, Written, Refused]
    assert old.text(1, "reference") == "R9"


def test_categories_of_1_6_are_not_compared_since_their_neighbours_move_their_dates() -> None:
    row = f"<name><language id='1'>A</language></name><date_upd>{DATE}</date_upd>"
    stale = Write(3, {"name": {1: "B"}}, planned_on="2026-11-24 02:00:00")
    old = OldShop("categories", {3: row})
    change_one(old, "categories", stale, "1.6.1.24")
    assert old.text(3, "name/language") == "B"
    with pytest.raises(ChangedMeanwhileError):
        change_one(OldShop("categories", {3: row}), "categories", stale, "1.7.8.11")


# --- batches ---------------------------------------------------------------------------------


def test_products_go_ten_by_ten_and_stock_rows_as_many_as_asked() -> None:
    old = OldShop("products", products(23))
    result = change(old, *prices(23))
    assert (old.batches, result.requests) == ([10, 10, 3], 6)
    assert all(isinstance(outcome, Written) for outcome in result.outcomes)
    rows = dict.fromkeys(range(1, 24), "<quantity>0</quantity><id_shop>1</id_shop>")
    stock = OldShop("stock_availables", rows)
    with StubShop(stock) as stub, stub.open(version="1.7.8.11") as shop:
        write_batch(shop, "CHANGE", "stock_availables", [Write(n, {"quantity": "4"}) for n in rows])
    assert stock.batches == [23]


def test_a_poisoned_one_stops_nobody_else() -> None:
    old = OldShop("products", products(5))
    writes = prices(5)
    writes[2] = Write(3, {"price": "1,5"})
    result = change(old, *writes)
    assert [type(outcome) for outcome in result.outcomes] == [
        Written, Written, Refused, Written, Written,
    ]  # fmt: skip
    refused = result.outcomes[2]
    assert isinstance(refused, Refused)
    assert isinstance(refused.error, ShopRefusedError)
    assert [old.text(n, "price") for n in range(1, 6)] == [
        "1.50", "2.50", "10.000000", "4.50", "5.50",
    ]  # fmt: skip
    assert old.batches == [5, 1, 2]
    assert all(old.text(n, "invented") == "kept" for n in range(1, 6))


def test_a_crash_without_effect_stays_unknown_and_the_others_go_on() -> None:
    old = OldShop("products", products(3))
    result = change(old, prices(1)[0], Write(2, {"reference": "crash"}), Write(3, {"price": "3"}))
    assert [type(outcome) for outcome in result.outcomes] == [Written, Unknown, Written]
    unknown = result.outcomes[1]
    assert isinstance(unknown, Unknown)
    assert isinstance(unknown.error, WriteOutcomeUnknownError)


def test_one_that_is_gone_is_told_so_before_anything_is_sent() -> None:
    old = OldShop("products", products(2))
    result = change(old, *prices(3))
    gone = result.outcomes[2]
    assert isinstance(gone, Refused)
    assert isinstance(gone.error, EntityGoneError)
    assert (old.batches, result.stopped) == ([2], None)


def test_one_that_cannot_be_read_back_keeps_no_other() -> None:
    old = OldShop("products", products(6), unreadable=frozenset({4}))
    result = change(old, *prices(6))
    kinds = [type(outcome) for outcome in result.outcomes]
    assert kinds == [Written, Written, Written, NotAttempted, Written, Written]
    left = result.outcomes[3]
    assert isinstance(left, NotAttempted)
    assert isinstance(left.reason, UnreadableAnswerError)
    assert result.stopped is None


def test_a_shop_that_can_read_nothing_back_ends_the_batch() -> None:
    old = OldShop("products", products(12), unreadable=frozenset(range(1, 13)))
    result = change(old, *prices(12))
    assert all(isinstance(outcome, NotAttempted) for outcome in result.outcomes)
    assert isinstance(result.stopped, UnreadableAnswerError)
    assert old.batches == []
    assert sum(o.reason is not None for o in result.outcomes if isinstance(o, NotAttempted)) == 5


def test_a_shop_that_is_away_leaves_everything_unsent() -> None:
    with StubShop([Reply(429)] * 3) as stub, stub.open(version="1.7.8.11") as shop:
        result = write_batch(shop, "CHANGE", "products", prices(2))
    assert result.outcomes == (NotAttempted(), NotAttempted())
    assert isinstance(result.stopped, ShopUnreachableError)


def test_what_xml_cannot_carry_is_refused_alone() -> None:
    old = OldShop("products", products(2))
    result = change(old, Write(1, {"reference": "a\x01"}), Write(2, {"price": "2"}))
    first, second = result.outcomes
    assert isinstance(first, Refused)
    assert isinstance(first.error, IllegalCharacterError)
    assert isinstance(second, Written)


# --- reading raw -----------------------------------------------------------------------------


def test_raw_nodes_keep_carriage_returns_even_inside_cdata() -> None:
    body = entities(
        "<products><product><id>1</id><x><![CDATA[a\r\nb\rc]]></x></product></products>"
    )
    raw = parse_raw(body.encode(), "products")
    assert raw[1].findtext("x") == "a\r\nb\rc"
    assert b"a&#13;\nb&#13;c" in etree.tostring(raw[1])


def test_the_sign_that_stands_in_is_none_of_the_answers_own() -> None:
    text = "\uf8d0\r\uf8d1"
    body = entities(f"<products><product><id>1</id><x>{text}</x></product></products>")
    assert parse_raw(body.encode(), "products")[1].findtext("x") == text


def test_the_same_id_twice_is_not_put_back() -> None:
    twice = entities("<product><id>1</id></product><product><id>1</id></product>")
    with pytest.raises(UnreadableAnswerError):
        parse_raw(twice.encode(), "products")


def test_the_version_says_what_is_left_out() -> None:
    assert V17.left_out("products") == {
        "manufacturer_name", "quantity", "position_in_category", "id_default_image",
        "id_default_combination",
    }  # fmt: skip
    assert V17.left_out("categories") == {"level_depth", "nb_products_recursive"}
    assert V17.left_out("manufacturers") == {"link_rewrite"}
    assert V17.left_out("stock_availables") == frozenset()
