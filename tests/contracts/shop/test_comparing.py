"""What is compared and what is taken out first; a shop that deviates is found out."""

import json
from dataclasses import replace

import pytest

from demo.prestashop import Shop, serve
from tests.contracts.shop.answers import Answer, facts, made_ids, named_field
from tests.contracts.shop.bodies import both, ids, one
from tests.contracts.shop.differences import Difference, Known, differences, weigh
from tests.contracts.shop.expected import digests, missed
from tests.contracts.shop.handles import NOWHERE, Handles
from tests.contracts.shop.model import Deed, Step
from tests.contracts.shop.runner import Heard, Target, changed, run_script
from tests.stories.shopfront import Shopfront
from tests.stories.simulated import SimulatedShopfront

KEY = "COMPARINGKEY00000000000000000001"
MADE = Step(
    "made",
    "POST",
    "products",
    201,
    body=one(
        "product",
        {"price": "10", "name": both("a", "b"), "reference": "R-1"},
        {"categories": ids("category", "2")},
    ),
    makes=("shoe",),
    again=("products/{shoe}",),
)
PRICED = Step(
    "priced",
    "PATCH",
    "products",
    200,
    body=one("product", {"id": "{shoe}", "price": "12"}),
    again=("products?filter[reference]=R-1&display=[id,price]",),
    pause=True,
)


def xml(body: str) -> Answer:
    return Answer(200, "text/xml;charset=utf-8", f'<?xml version="1.0"?>\n{body}'.encode())


def product(host: str, identifier: int, price: str = "10.000000", key: str = "0" * 32) -> Answer:
    return xml(
        f'<prestashop xmlns:xlink="http://www.w3.org/1999/xlink"><product><id>{identifier}</id>'
        f'<id_lang xlink:href="{host}/api/languages/2">2</id_lang><price>{price}</price>'
        f'<id_default_image xlink:href="{host}/api/images/products/{identifier}/7">7'
        f"</id_default_image><date_add>2026-01-02 03:04:0{identifier}</date_add>"
        f"<secure_key>{key}</secure_key></product></prestashop>"
    )


def speak(steps: list[Step], changed: str = "", fault: str = "") -> list[Heard]:
    """Run steps on a shop whose products are changed behind its back after the first step."""
    with Shop(None, key=KEY) as shop, serve(shop) as server:

        def wait() -> None:
            if changed:
                shop.execute(changed)
            if fault:
                shop.fail_next(fault, method="PATCH")

        return run_script(Target(server.url, {"full": KEY}, wait), steps)


def test_hosts_ids_dates_and_keys_are_taken_out() -> None:
    here, there = Handles(), Handles()
    here.learn("products", "3", "shoe")
    there.learn("products", "8", "shoe")
    found = facts(product("http://a.test", 3), here)
    assert found == facts(product("https://b.test:8080/shop", 8, key="f" * 32), there)
    assert found["prestashop/product/id"] == "{shoe}"
    assert found["prestashop/product/id_lang"] == "2"
    assert found["prestashop/product/date_add"] == "<date>"
    assert found["prestashop/product/id_default_image@href"] == "images/products/{shoe}/{images#1}"


@pytest.mark.parametrize(
    "other",
    [
        product("http://a.test", 3, price="10.5"),
        product("http://a.test", 3, key="short"),
        product("http://a.test", 4),
        replace(product("http://a.test", 3), status=201),
    ],
)
def test_values_forms_and_status_are_kept(other: Answer) -> None:
    here, there = Handles(), Handles()
    for handles in (here, there):
        handles.learn("products", "3", "shoe")
    assert facts(product("http://a.test", 3), here) != facts(other, there)


def test_an_error_is_its_code_and_the_field_it_names() -> None:
    error = "<error><code>85</code><message>Property Product-&amp;gt;ean13 is bad</message></error>"
    for root in (f"<prestashop><errors>{error}</errors></prestashop>", f"<errors>{error}</errors>"):
        assert facts(xml(root), Handles())["error.1"] == "85 ean13"
    tree = {"errors": [{"code": 41, "message": 'parameter "price" required'}]}
    answer = Answer(400, "application/json", json.dumps(tree).encode())
    assert facts(answer, Handles())["error.1"] == "41 price"
    assert named_field("The length of property Manufacturer-&gt;name is 65") == "name"
    assert named_field("Invalid ID") == ""


def test_an_upload_has_two_roots_and_its_bytes_do_not_count() -> None:
    one_of = "<image><id>4</id></image>\n<content encode='base64'>{}</content>"
    first, second = xml(one_of.format("AAAA")), xml(one_of.format("BBBB"))
    assert made_ids(first) == ["4"]
    assert facts(first, Handles()) == facts(second, Handles())
    assert facts(first, Handles()) != facts(xml(one_of.format("")), Handles())


def test_no_body_no_xml_and_another_type_are_facts() -> None:
    assert facts(Answer(404, "", b""), Handles()) == {"status": "404", "type": "", "body": "empty"}
    text = facts(Answer(401, "text/html", b"401 Unauthorized", challenged=True), Handles())
    assert (text["body"], text["challenge"]) == ("text", "yes")


def test_ids_without_a_handle_are_counted_within_a_step() -> None:
    handles = Handles()
    handles.learn("orders", "9", "order")
    assert handles.fill("orders/{order}/{nothing}") == f"orders/9/{NOWHERE}"
    assert [handles.name("orders", one) for one in ("9", "11", "12", "11", "0", "999999")] == [
        "{order}",
        "{orders#1}",
        "{orders#2}",
        "{orders#1}",
        "0",
        "999999",
    ]
    assert handles.name("order_states", "11") == "11"
    assert handles.name("categories", "2") == "2"
    handles.forget_counted()
    assert handles.name("orders", "12") == "{orders#1}"


def test_equal_shops_do_not_differ() -> None:
    first, second = speak([MADE, PRICED]), speak([MADE, PRICED])
    assert differences(first, second) == []
    assert digests(first) == digests(second)
    assert missed(first) == []


def test_a_changed_row_is_found() -> None:
    sql = "UPDATE products SET reference = 'R-2'"
    found = differences(speak([MADE, PRICED]), speak([MADE, PRICED], changed=sql))
    assert {(one.step, one.what) for one in found} >= {
        ("priced", "prestashop/product/reference"),
        ("priced", "prestashop/products/product/price"),
    }
    assert "made" not in {one.step for one in found}


def test_a_failure_after_the_write_is_found() -> None:
    deviating = speak([MADE, PRICED], fault="apply_then_500")
    found = differences(speak([MADE, PRICED]), deviating)
    assert (
        Difference("priced", "PATCH products", "status", "200", "500") in found
    )  # and the reading afterwards shows that it was written
    assert all(one.request == "PATCH products" for one in found)
    assert missed(deviating) == ["priced: status 500, not 200"]


def _reprice(front: Shopfront, product: int, price: str) -> None:
    front.act(f"UPDATE products SET price = '{price}' WHERE id = {product}")  # noqa: S608 - ours


def test_a_deed_is_done_before_its_step_is_asked() -> None:
    seen = Step("seen", "GET", "products/{shoe}", 200, deed=Deed(_reprice, ("{shoe}",), ("3.5",)))
    with Shop(None, key=KEY) as shop, serve(shop) as server:
        front = SimulatedShopfront(shop, server.url)
        target = Target(server.url, {"full": KEY}, lambda: None, front)
        heard = run_script(target, [MADE, seen])
    assert heard[-1].facts["prestashop/product/price"] == "3.5"
    with pytest.raises(LookupError):
        speak([MADE, seen])


def test_what_is_sent_back_is_what_was_read_but_for_the_fields_set() -> None:
    put = Step("put", "PUT", "zones", 200, echoes="zones/1", sets=(("name", "{word}"),),
               again=("zones/1",))  # fmt: skip
    with Shop(None, key=KEY) as shop, serve(shop) as server:
        target = Target(server.url, {"full": KEY}, lambda: None, words={"word": "Elsewhere"})
        heard = run_script(target, [put])
    assert heard[-1].facts["prestashop/zone/name"] == "Elsewhere"
    assert changed(b"<p><zone/></p>", ()) == b"<p><zone/></p>"
    with pytest.raises(ValueError, match="not enough values"):
        changed(b"<p><zone/></p>", [("nothing", "x")])


def test_unlisted_and_unseen_differences_are_told_apart() -> None:
    one_of = Difference("step", "GET x", "prestashop/product[2]/price", "1", "2")
    listed = Known("st*", "*/product[2]/price", "because")
    assert weigh([one_of], [listed]) == ([], [])
    assert weigh([], [listed]) == ([], [listed])
    other = Known("step", "*/product/price", "because")
    assert weigh([one_of], [other]) == ([one_of], [other])
