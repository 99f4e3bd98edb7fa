"""How a creation without an answer is found again, resource by resource."""

import pytest

from shop_agent.apply import IDENTITIES
from shop_agent.prestashop.entities import FieldValue, Write
from tests.shop_agent.prestashop.stub_shop import Reply, StubShop, entities

SPECIFIC_PRICE: dict[str, FieldValue] = {
    "id_product": "7",
    "id_product_attribute": "0",
    "id_customer": "0",
    "id_cart": "0",
    "from": "2026-12-01 00:00:00",
    "to": "2026-12-31 23:59:59",
    "id_shop": "1",
    "id_shop_group": "0",
    "id_currency": "0",
    "id_country": "0",
    "id_group": "0",
    "from_quantity": "1",
}
SUPPLIED: dict[str, FieldValue] = {
    "id_product": "7",
    "id_product_attribute": "3",
    "id_supplier": "2",
}
VALUE: dict[str, FieldValue] = {"id_feature": "4", "value": {1: "Leather", 2: "Cuir"}}


def node(name: str, entity_id: int, fields: dict[str, FieldValue]) -> str:
    inside = ""
    for field, value in fields.items():
        if not isinstance(value, str):
            value = "".join(
                f'<language id="{lang}">{text}</language>' for lang, text in value.items()
            )
        inside += f"<{field}>{value}</{field}>"
    return f"<{name}><id>{entity_id}</id>{inside}</{name}>"


@pytest.mark.parametrize(
    ("resource", "name", "fields", "others"),
    [
        (
            "specific_prices",
            "specific_price",
            SPECIFIC_PRICE,
            [{"from_quantity": "10"}, {"id_group": "3"}, {"to": "0000-00-00 00:00:00"}],
        ),
        ("product_suppliers", "product_supplier", SUPPLIED, [{"id_supplier": "1"}]),
        (
            "product_feature_values",
            "product_feature_value",
            VALUE,
            [{"value": {1: "x", 2: "Cuir"}}],
        ),
        ("product_features", "product_feature", {"name": {1: "Fabric", 2: "Matière"}}, []),
        ("suppliers", "supplier", {"name": "Acme"}, [{"name": "Acme 2"}]),
    ],
)
def test_only_the_entity_with_the_whole_key_is_ours(
    resource: str,
    name: str,
    fields: dict[str, FieldValue],
    others: list[dict[str, FieldValue]],
) -> None:
    foreign = [node(name, n, {**fields, **other}) for n, other in enumerate(others, start=1)]
    write = Write(None, fields)
    for inside, expected in (
        ("".join([*foreign, node(name, 40, fields)]), 40),
        ("".join(foreign), None),
    ):
        reply = Reply(200, entities(f"<{resource}>{inside}</{resource}>"))
        with StubShop([reply]) as stub, stub.open() as shop:
            (found,) = IDENTITIES[resource].find(shop, resource, [write])
        assert (found.id if found else None) == expected


@pytest.mark.parametrize("lacking", ["id_product", "from_quantity", "id_group"])
def test_without_its_whole_key_a_creation_is_not_sent_with_others(lacking: str) -> None:
    fields = {name: value for name, value in SPECIFIC_PRICE.items() if name != lacking}
    assert IDENTITIES["specific_prices"].knows(Write(None, SPECIFIC_PRICE))
    assert not IDENTITIES["specific_prices"].knows(Write(None, fields))
