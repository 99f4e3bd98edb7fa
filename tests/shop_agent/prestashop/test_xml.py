"""XML in and out: shapes, noise, dangers, and the identity of render then parse."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_agent.prestashop.entities import Entity, FieldValue, Write
from shop_agent.prestashop.errors import (
    IllegalCharacterError,
    QueryBugError,
    UnreadableAnswerError,
)
from shop_agent.prestashop.xml import (
    WsError,
    parse_entities,
    parse_errors,
    render_entities,
)
from tests.shop_agent.prestashop.stub_shop import entities, errors

PRODUCT = """<product>
\t<id><![CDATA[12]]></id>
\t<price><![CDATA[23.900000]]></price>
\t<reference><![CDATA[]]></reference>
\t<name><language id="1" xlink:href="http://x/1"><![CDATA[A & B]]></language>
<language id="2"><![CDATA[]]></language></name>
<associations>
<categories nodeType="category" api="categories">
\t<category xlink:href="http://x/api/categories/2">\n\t<id><![CDATA[2]]></id>\n\t</category>
\t<category xlink:href="http://x/api/categories/3">\n\t<id><![CDATA[3]]></id>\n\t</category>
</categories>
<images nodeType="image" api="images"/>
</associations>
</product>"""


def parse(inside: str, resource: str = "products") -> tuple[Entity, ...]:
    return parse_entities(entities(inside).encode(), resource)


def test_one_entity_has_its_fields_languages_and_associations() -> None:
    (product,) = parse(PRODUCT)
    assert product == Entity(
        "products",
        12,
        {"price": "23.900000", "reference": "", "name": {1: "A & B", 2: ""}},
        {"categories": ({"id": "2"}, {"id": "3"}), "images": ()},
    )
    assert product.number("price") == Decimal("23.9")
    assert product.whole("reference") == 0
    assert not product.flag("reference")


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_list_of_none_one_or_many_is_a_tuple_in_the_shops_order(count: int) -> None:
    rows = "".join(f"<tax><id>{count - n}</id><rate>{n}</rate></tax>" for n in range(count))
    assert [tax.id for tax in parse(f"<taxes>\n{rows}\n</taxes>", "taxes")] == [
        count - n for n in range(count)
    ]


def test_siblings_of_a_batch_read_like_a_list() -> None:
    assert [tax.id for tax in parse("<tax><id>5</id></tax><tax><id>4</id></tax>", "taxes")] == [
        5,
        4,
    ]


def test_a_bare_list_gives_ids_alone() -> None:
    (found,) = parse('<products><product id="7" xlink:href="http://x/7"/></products>')
    assert found == Entity("products", 7)


def test_the_list_of_credit_slips_has_a_node_of_its_own() -> None:
    assert parse("<order_slips>\n</order_slips>", "order_slip") == ()
    assert parse("<order_slips><order_slip><id>1</id></order_slip></order_slips>", "order_slip")


def test_a_row_without_columns_takes_its_id_from_its_address() -> None:
    (found,) = parse(
        "<combination><id>1</id><associations><product_option_values>"
        '<product_option_value xlink:href="http://x/api/product_option_values/8">\n'
        "</product_option_value></product_option_values></associations></combination>",
        "combinations",
    )
    assert found.rows("product_option_values") == ({"id": "8"},)


def test_noise_around_the_document_and_stored_control_characters_are_cut_off() -> None:
    body = entities("<tax><id>1</id><rate><![CDATA[a\x0bb]]></rate></tax>").encode()
    noisy = b"<br />\n<b>Deprecated</b>: <?php in x.php<br />\n" + body + b"\n<b>Notice</b>: x"
    assert parse_entities(noisy, "taxes")[0].text("rate") == "ab"


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<taxes>",
        "<product><id>1</id></product>",
        "<tax><rate>20</rate></tax>",
        "<tax><id>0</id></tax>",
        "<tax><id>-1</id></tax>",
        "<tax><id>1</id><rate>1</rate><rate>2</rate></tax>",
        "<tax><id>1</id><rate><deep>1</deep></rate></tax>",
        '<tax><id>1</id><name><language id="x">a</language></name></tax>',
        "<tax><id>1</id><associations><rows><row/></rows></associations></tax>",
        "<tax><id>1</id><rate>&unknown;</rate></tax>",
        "<errors><error><code>1</code></error></errors>",
    ],
)
def test_another_shape_is_refused(inside: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        parse(inside, "taxes")


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE p [<!ENTITY x "boom">]>',
        '<!-- <prestashop --><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE p>",
    ],
)
def test_a_doctype_is_refused(head: str) -> None:
    body = f'<?xml version="1.0"?>{head}<prestashop><tax><id>1</id></tax></prestashop>'
    with pytest.raises(UnreadableAnswerError) as caught:
        parse_entities(body.encode(), "taxes")
    assert caught.value.facts["reason"] == "DOCTYPE"


def test_a_doctype_inside_a_text_is_just_text() -> None:
    (found,) = parse("<tax><id>1</id><rate><![CDATA[<!DOCTYPE html>]]></rate></tax>", "taxes")
    assert found.text("rate") == "<!DOCTYPE html>"


def test_too_many_bytes_are_not_parsed() -> None:
    body = entities("<tax><id>1</id></tax>").encode()
    assert parse_entities(body, "taxes", limit=len(body))
    with pytest.raises(UnreadableAnswerError):
        parse_entities(body, "taxes", limit=len(body) - 1)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ('Validation error: "Property Product-&gt;name is not valid"', "name"),
        ("Property Product->reference is not valid", "reference"),
        ("The range of property StockAvailable-&gt;quantity is currently 0.", "quantity"),
        ('parameter "id_cart" required', "id_cart"),
        ("Invalid ID", None),
    ],
)
def test_the_field_of_an_error_is_found(message: str, field: str | None) -> None:
    (error,) = parse_errors(errors(85, message=message).encode())
    assert (error.code, error.field) == (85, field)


def test_errors_without_the_wrapper_and_no_errors() -> None:
    told = b"<errors><error><code>76</code><message>no</message></error></errors>"
    bare = b'<?xml version="1.0"?>\n' + told
    assert parse_errors(bare) == (WsError(76, "no"),)
    assert parse_errors(b"") == ()
    assert parse_errors(b"<?xml <errors> broken") == ()
    assert [error.code for error in parse_errors(errors(3, 35).encode())] == [3, 35]


def test_associations_come_in_the_order_prestashop_needs() -> None:
    write = Write(
        fields={"id_product": "1"},
        associations={"images": [{"id": "9"}], "product_option_values": [{"id": "5"}]},
    )
    body = render_entities("combinations", [write]).decode()
    assert body.index("product_option_values") < body.index("<images>")


def test_several_entities_stand_side_by_side_with_their_ids_first() -> None:
    body = render_entities(
        "stock_availables", [Write(3, {"quantity": "7"}), Write(4, {"quantity": "-1"})]
    ).decode()
    assert body.endswith(
        "<prestashop><stock_available><id>3</id><quantity>7</quantity></stock_available>"
        "<stock_available><id>4</id><quantity>-1</quantity></stock_available></prestashop>"
    )


def test_an_association_that_we_do_not_write_is_our_fault() -> None:
    with pytest.raises(QueryBugError):
        render_entities("products", [Write(1, associations={"combinations": []})])


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_carry_is_refused_with_its_field(sign: str) -> None:
    with pytest.raises(IllegalCharacterError) as caught:
        render_entities("products", [Write(1, {"name": {1: "ok", 2: f"a{sign}b"}})])
    assert caught.value.facts["field"] == "name"
    assert caught.value.facts["character"] == f"U+{ord(sign):04X}"


legal = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda sign: sign >= " " or sign in "\t\n\r"
    ),
    max_size=40,
)
values: st.SearchStrategy[FieldValue] = st.one_of(
    legal, st.dictionaries(st.integers(1, 99), legal, min_size=1, max_size=3)
)


@given(
    st.dictionaries(st.sampled_from(["reference", "name", "description", "price"]), values),
    st.lists(st.fixed_dictionaries({"id": legal, "quantity": legal}), max_size=3),
)
def test_render_then_parse_is_the_identity(
    fields: dict[str, FieldValue], rows: list[dict[str, str]]
) -> None:
    write = Write(8, fields, {"product_bundle": rows} if rows else {})
    (read,) = parse_entities(render_entities("products", [write]), "products")
    assert read == Entity("products", 8, fields, {"product_bundle": tuple(rows)} if rows else {})
