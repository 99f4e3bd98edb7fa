"""Writing by PUT, PATCH and POST: what is reset, what is kept, batches, broken bodies."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Answered, Asker, product_xml, texts
from tests.demo.prestashop.conftest import TestClock


def manufacturer(name: str, identifier: int = 0) -> str:
    """Return a manufacturer."""
    inner = f"<id>{identifier}</id>" if identifier else ""
    return f"<manufacturer>{inner}<active>1</active><name>{name}</name></manufacturer>"


def names(ask: Asker) -> list[str]:
    """Return the names of all manufacturers."""
    return ask.get("manufacturers?display=[name]").values("*/*/name")


def errors(answer: Answered) -> tuple[int, list[int]]:
    """Return the status and the codes."""
    return answer.status, answer.codes


def test_put_resets_what_is_missing(ask: Asker, clock: TestClock) -> None:
    ask.new_id("products", product_xml("KEEP"))
    clock.forward(60)
    answer = ask("PUT", "products/1", "<product><id>1</id><price>10.5</price></product>")
    assert answer.status == 200
    read = ask.get("products/1").tree[0]
    reset = {
        name: read.findtext(name)
        for name in ("active", "state", "reference", "id_category_default", "price", "condition")
    }
    assert reset == {
        "active": "0",
        "state": "0",
        "reference": "",
        "id_category_default": "0",
        "price": "10.500000",
        "condition": "new",
    }
    assert read.findtext("date_add") == "2026-11-24 03:31:00"
    assert {node.text or "" for node in read.iterfind("name/language")} == {""}
    assert [node.text for node in read.iterfind("associations/categories/category/id")] == ["2"]
    assert read.find("associations/stock_availables/stock_available") is not None


def test_patch_changes_only_what_is_sent(ask: Asker, clock: TestClock) -> None:
    ask.new_id("products", product_xml("KEEP"))
    before = ask.get("products/1").tree[0]
    clock.forward(60)
    assert (
        ask("PATCH", "products/1", "<product><id>1</id><price>11.5</price></product>").status == 200
    )
    after = ask.get("products/1").tree[0]
    changed = [
        node.tag
        for node, other in zip(before, after, strict=True)
        if node.tag != "associations" and (node.text != other.text or len(node) != len(other))
    ]
    assert changed == ["price", "date_upd"]


def test_patch_replaces_a_text_in_all_languages(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    body = '<product><id>1</id><name><language id="1">Only</language></name></product>'
    ask("PATCH", "products", body)
    assert ask.get("products/1").values("product/name/language") == ["Only", ""]


def test_patch_keeps_other_languages_of_a_required_text(ask: Asker) -> None:
    body = '<category><id>2</id><name><language id="1">Start</language></name></category>'
    assert ask("PATCH", "categories", body).status == 200
    assert ask.get("categories/2").values("category/name/language") == ["Start", "Accueil"]


def test_patch_validates_what_it_did_not_send(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.execute("UPDATE products_lang SET meta_description = 'a {b}' WHERE id = 1 AND id_lang = 2")
    answer = ask("PATCH", "products", "<product><id>1</id><price>5</price></product>")
    assert errors(answer) == (400, [84])
    assert "Product-&gt;meta_description" in answer.message


def test_patch_of_a_setting_without_date_is_refused_and_put_works(ask: Asker) -> None:
    body = "<configuration><id>49</id><value>0</value></configuration>"
    assert errors(ask("PATCH", "configurations", body)) == (400, [85])
    full = (
        "<configuration><id>49</id><name>PS_DISP_UNAVAILABLE_ATTR</name><value>0</value>"
        "<date_add>2026-01-01 00:00:00</date_add></configuration>"
    )
    assert ask("PUT", "configurations", full).status == 200
    assert ask.get("configurations/49").value("configuration/value") == "0"


def test_ids_are_asked_for_and_forbidden(ask: Asker) -> None:
    assert errors(ask("PUT", "manufacturers/1", manufacturer("A"))) == (400, [90])
    assert errors(ask("PATCH", "manufacturers/1", manufacturer("A"))) == (400, [90])
    assert errors(ask("POST", "manufacturers", manufacturer("A", 7))) == (400, [91])
    assert errors(ask("PUT", "manufacturers", manufacturer("A", 7))) == (404, [92])
    assert errors(ask("PATCH", "manufacturers", manufacturer("A", 7))) == (404, [92])


def test_the_id_of_the_body_counts_not_that_of_the_address(ask: Asker) -> None:
    ask("POST", "manufacturers", manufacturer("A") + manufacturer("B"))
    assert ask("PUT", "manufacturers/1", manufacturer("C", 2)).status == 200
    assert names(ask) == ["A", "C"]


def test_the_element_name_and_unknown_elements_are_ignored(ask: Asker) -> None:
    body = "<supplier><name>Wrong</name><bogus>1</bogus></supplier>"
    answer = ask("POST", "manufacturers", body)
    assert (answer.status, answer.tree[0].tag) == (201, "manufacturer")


def test_a_batch_answers_all_its_entities_in_order(ask: Asker) -> None:
    answer = ask("POST", "manufacturers", "".join(manufacturer(name) for name in "ABC"))
    assert answer.status == 201
    assert answer.values("manufacturer/id") == ["1", "2", "3"]
    assert answer.values("manufacturer/link_rewrite") == ["a", "b", "c"]


def test_a_batch_stops_at_the_first_error_and_keeps_what_is_before(ask: Asker) -> None:
    body = manufacturer("A") + manufacturer("Bad{}") + manufacturer("C")
    answer = ask("POST", "manufacturers", body)
    assert errors(answer) == (400, [85])
    assert names(ask) == ["A"]
    body = manufacturer("A2", 1) + manufacturer("X", 999) + manufacturer("A3", 1)[:0]
    assert errors(ask("PUT", "manufacturers", body)) == (404, [92])
    assert names(ask) == ["A2"]


def test_a_missing_field_in_a_batch_keeps_what_is_before(ask: Asker) -> None:
    body = manufacturer("A") + "<manufacturer><active>1</active></manufacturer>"
    answer = ask("POST", "manufacturers", body)
    assert errors(answer) == (400, [41])
    assert answer.message == 'parameter "name" required'
    assert names(ask) == ["A"]


def test_the_same_id_twice_writes_nothing(ask: Asker) -> None:
    ask("POST", "manufacturers", manufacturer("A"))
    body = manufacturer("B", 1) + manufacturer("C", 1)
    assert errors(ask("PATCH", "manufacturers", body)) == (400, [89])
    assert names(ask) == ["A"]


def test_one_entity_without_id_in_a_batch_writes_nothing(ask: Asker) -> None:
    ask("POST", "manufacturers", manufacturer("A"))
    assert errors(ask("PUT", "manufacturers", manufacturer("B", 1) + manufacturer("C"))) == (
        400,
        [90],
    )
    assert names(ask) == ["A"]


def test_entities_inside_the_plural_are_not_found(ask: Asker) -> None:
    ask("POST", "manufacturers", manufacturer("A"))
    body = f"<manufacturers>{manufacturer('B', 1)}</manufacturers>"
    assert errors(ask("PUT", "manufacturers", body)) == (400, [90])


def test_a_crash_in_a_batch_keeps_what_is_before(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    ask.new_id("products", product_xml())
    stock = "<stock_available><id>{}</id><id_product>{}</id_product></stock_available>"
    first = "<stock_available><id>1</id><quantity>5</quantity></stock_available>"
    answer = ask("PATCH", "stock_availables", first + stock.format(2, 1))
    assert (answer.status, answer.body) == (500, b"")
    read = ask.get("stock_availables?display=[quantity,id_product]")
    assert read.values("*/*/quantity") == ["5", "0"]
    assert read.values("*/*/id_product") == ["1", "2"]


def test_json_answer_of_a_batch_shows_only_the_last(ask: Asker) -> None:
    body = manufacturer("A") + manufacturer("B")
    answer = ask("POST", "manufacturers?output_format=JSON", body)
    assert answer.status == 201
    assert answer.json["manufacturer"]["name"] == "B"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", [127]),
        (b"hello", [3, 3, 3, 127]),
        (b'{"manufacturer": {"name": "J"}}', [3, 3, 3, 127]),
        (b"<prestashop><manufacturer><name>x</manufacturer></prestashop>", [3, 3, 3, 127]),
        (
            b"<prestashop><manufacturer><name>a\x01</name></manufacturer></prestashop>",
            [3, 3, 3, 127],
        ),
        (b"<prestashop><m><name>caf\xe9</name></m></prestashop>", [3, 3, 3, 127]),
    ],
)
def test_a_body_that_is_no_xml_is_500(ask: Asker, body: bytes, codes: list[int]) -> None:
    answer = ask("POST", "manufacturers", body)
    assert errors(answer) == (500, codes)
    assert names(ask) == []


def test_a_body_that_begins_with_xml_equals(ask: Asker) -> None:
    body = b"xml=<prestashop>" + manufacturer("A").encode() + b"</prestashop>"
    assert ask("POST", "manufacturers", body).status == 201


def test_ps_method_overrides_the_verb(ask: Asker) -> None:
    ask("POST", "manufacturers", manufacturer("A"))
    patch = "<manufacturer><id>1</id><name>B</name></manufacturer>"
    assert ask("POST", "manufacturers?ps_method=PATCH", patch).status == 200
    assert names(ask) == ["B"]
    assert ask("GET", "manufacturers/1?ps_method=DELETE").status == 200
    assert names(ask) == []


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("products", "<manufacturer_name>x</manufacturer_name>", "manufacturer_name"),
        ("products", "<quantity>1</quantity>", "quantity"),
        ("categories", "<level_depth>2</level_depth>", "level_depth"),
        ("categories", "<nb_products_recursive>2</nb_products_recursive>", "nb_products_recursive"),
        ("manufacturers", "<link_rewrite>x</link_rewrite>", "link_rewrite"),
    ],
)
def test_fields_that_nobody_may_write(ask: Asker, resource: str, body: str, field: str) -> None:
    ask.new_id("products", product_xml())
    ask.new_id("manufacturers", manufacturer("A"))
    answer = ask("PATCH", resource, f"<x><id>1</id>{body}</x>")
    assert errors(answer) == (400, [93])
    assert answer.message.startswith(f'parameter "{field}" not writable')


def test_an_unknown_association_is_refused(ask: Asker) -> None:
    body = "<x><name>A</name><associations><bogus/></associations></x>"
    assert errors(ask("POST", "manufacturers", body)) == (400, [86])


def test_delete_of_several_is_all_or_nothing(ask: Asker) -> None:
    ask("POST", "manufacturers", "".join(manufacturer(name) for name in "ABC"))
    answer = ask("DELETE", "manufacturers?id=[1,4444]")
    assert errors(answer) == (404, [87])
    assert answer.message == "Id(s) not exists: 4444"
    assert names(ask) == ["A", "B", "C"]
    gone = ask("DELETE", "manufacturers/?id=[1,2]")
    assert (gone.status, gone.content_type, gone.body) == (200, None, b"")
    assert names(ask) == ["C"]


def test_the_answer_to_a_post_shows_what_was_sent(ask: Asker) -> None:
    answer = ask("POST", "products", product_xml(price="8.3"))
    assert answer.value("product/price") == "8.3"
    assert answer.value("product/weight") == ""
    description = answer.tree.find("product/description/language")
    assert description is not None and description.items() == [("id", "1")]
    stock = answer.value("product/associations/stock_availables/stock_available/id")
    assert stock == "1"
    assert ask.get("products/1").value("product/price") == "8.300000"


def test_texts_lose_their_tags(ask: Asker) -> None:
    ask.new_id("products", product_xml(more="<location>a\n<![CDATA[<b>b</b>]]></location>"))
    assert ask.get("products/1").value("product/location") == "a\nb"


def test_a_text_in_one_language_leaves_the_other_empty(ask: Asker) -> None:
    body = f'<product><price>1</price><name><language id="1">{"A"}</language></name></product>'
    ask.new_id("products", body)
    assert ask.get("products/1").values("product/name/language") == ["A", ""]
    assert texts("x", "y").count("language") == 4
