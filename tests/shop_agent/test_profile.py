"""What a shop says of itself, and how it is kept between passes."""

from decimal import Decimal

import pytest

from shop_agent.prestashop.entities import Entity, FieldValue
from shop_agent.profile import (
    SETTINGS,
    Profile,
    ShopIncompleteError,
    dump,
    instance_of,
    load,
    read_profile,
)
from tests.shop_agent.orders.little_shop import LittleShop

URL = "https://shop.example/boutique"
COMMON = {
    "PS_LANG_DEFAULT": "2",
    "PS_CURRENCY_DEFAULT": "1",
    "PS_COUNTRY_DEFAULT": "8",
    "PS_TIMEZONE": "Europe/Paris",
    "PS_SHOP_NAME": "Aux Souliers",
    "PS_SHOP_DEFAULT": "1",
    "PS_OS_PAYMENT": "32",
    "PS_MAIL_PASSWD": "secret",
}


def made(resource: str, number: int, **fields: FieldValue) -> Entity:
    return Entity(resource, number, fields)


def setting(number: int, name: str, value: str, shop: str = "", group: str = "") -> Entity:
    return made("configurations", number, name=name, value=value, id_shop=shop, id_shop_group=group)


def group(number: int, name: str, active: str = "1", deleted: str = "0") -> Entity:
    return made("tax_rule_groups", number, name=name, active=active, deleted=deleted)


def rule(number: int, of_group: int, tax: int, **fields: str) -> Entity:
    usual = {"id_country": "8", "id_state": "0", "zipcode_from": "0", "zipcode_to": "0"}
    named = {"id_tax_rules_group": str(of_group), "id_tax": str(tax)}
    return made("tax_rules", number, **{**usual, **named, **fields})


def shoe_shop() -> LittleShop:
    flags = {"paid": "0", "shipped": "0", "delivery": "0", "logable": "0", "deleted": "0"}
    return LittleShop(
        *(setting(number, *pair) for number, pair in enumerate(COMMON.items(), start=1)),
        made("languages", 1, iso_code="en", active="1"),
        made("languages", 2, iso_code="FR", active="1"),
        made("languages", 3, iso_code="de", active="0"),
        made("currencies", 1, iso_code="EUR"),
        made("countries", 8, iso_code="FR"),
        made("shops", 1, name="Web", id_shop_group="1", id_category="2", deleted="0"),
        made("shops", 2, name="Pro", id_shop_group="1", id_category="40", deleted="0"),
        group(1, "Normal"),
        group(2, "Réduit"),
        group(3, "Normal bis"),
        group(4, "Ancien", deleted="1"),
        group(5, "Belge"),
        group(6, "Corse"),
        made("taxes", 1, rate="20.000"),
        made("taxes", 2, rate="5.500"),
        made("taxes", 3, rate="8.500"),
        made("taxes", 4, rate="21.000"),
        rule(1, 1, 1),
        rule(2, 1, 3, zipcode_from="97100", zipcode_to="97499"),
        rule(3, 2, 2),
        rule(4, 3, 1),
        rule(5, 4, 3),
        rule(6, 5, 4, id_country="3"),
        rule(7, 6, 3, id_state="12"),
        made("order_states", 32, name={1: "Paid", 2: "Payé"}, module_name="",
             **{**flags, "paid": "1", "logable": "1"}),
        made("order_states", 31, name={1: "Cheque", 2: "Chèque"}, module_name="ps_checkpayment",
             **{**flags, "deleted": "1"}),
    )  # fmt: skip


def read(shop: LittleShop, **wanted: object) -> Profile:
    with shop.serve() as stub, stub.open() as webservice:
        return read_profile(webservice, URL, **wanted)  # type: ignore[arg-type]  # arguments by name


def test_a_shop_says_what_planning_needs() -> None:
    profile = read(shoe_shop())
    assert (profile.version, profile.name, profile.shop_id) == ("8.2.1", "Aux Souliers", 1)
    assert (profile.timezone, profile.currency, profile.country) == ("Europe/Paris", "EUR", "FR")
    assert list(profile.languages.items()) == [(2, "fr"), (1, "en")]
    assert profile.home_category == 2
    assert profile.instance == "shop.example/boutique/1"
    paid, cheque = profile.states[32], profile.states[31]
    assert (paid.name, paid.paid, paid.logable, paid.deleted) == ("Payé", True, True, False)
    assert (cheque.paid, cheque.deleted, cheque.module_name) == (False, True, "ps_checkpayment")


def test_the_group_of_a_rate_holds_for_the_whole_country() -> None:
    profile = read(shoe_shop())
    assert profile.tax_groups == {Decimal(20): 1, Decimal("5.5"): 2, Decimal(0): 0}
    assert profile.tax_names[3] == "Normal bis"


def test_a_group_without_tax_is_used_when_the_shop_has_one() -> None:
    shop = shoe_shop()
    shop.put(group(9, "Exonéré"), made("taxes", 9, rate="0.000"), rule(9, 9, 9))
    assert read(shop).tax_groups[Decimal(0)] == 9


def test_only_settings_that_are_used_are_asked_for() -> None:
    shop = shoe_shop()
    with shop.serve() as stub, stub.open() as webservice:
        profile = read_profile(webservice, URL)
    assert "PS_MAIL_PASSWD" not in SETTINGS
    assert "PS_MAIL_PASSWD" not in profile.settings
    assert profile.settings["PS_OS_PAYMENT"] == "32"
    asked = [seen.query for seen in stub.seen if seen.path == "/api/configurations"]
    assert all("PS_MAIL_PASSWD" not in query["filter[name]"] for query in asked)
    assert len(stub.seen) == 11


def test_a_shop_s_own_setting_wins_over_its_group_s_and_the_common_one() -> None:
    shop = shoe_shop()
    shop.put(
        setting(50, "PS_SHOP_NAME", "Le groupe", group="1"),
        setting(51, "PS_SHOP_NAME", "La boutique pro", shop="2", group="1"),
        setting(52, "PS_TIMEZONE", "Europe/Brussels", group="9"),
    )
    first, second = read(shop), read(shop, shop_id=2)
    assert first.name == "Le groupe"
    assert (second.name, second.home_category) == ("La boutique pro", 40)
    assert first.timezone == second.timezone == "Europe/Paris"
    assert second.instance == "shop.example/boutique/2"


def test_shops_that_share_stock_share_its_rows() -> None:
    shop = shoe_shop()
    own = made("stock_availables", 1, id_shop="1", id_shop_group="0")
    shop.put(own)
    assert read(shop).group_id == 0
    shop.put(made("stock_availables", 1, id_shop="0", id_shop_group="1"))
    assert read(shop).group_id == 1


@pytest.mark.parametrize(
    ("resource", "number"),
    [("configurations", 1), ("configurations", 3), ("configurations", 4), ("languages", 2),
     ("currencies", 1), ("countries", 8), ("shops", 1)],
)  # fmt: skip
def test_a_shop_that_does_not_say_something_needed_needs_a_person(
    resource: str, number: int
) -> None:
    shop = shoe_shop()
    shop.remove(resource, number)
    with pytest.raises(ShopIncompleteError) as caught:
        read(shop)
    assert caught.value.facts["resource"] == resource


def test_a_setting_that_should_be_an_id() -> None:
    shop = shoe_shop()
    shop.put(setting(3, "PS_COUNTRY_DEFAULT", "France"))
    with pytest.raises(ShopIncompleteError) as caught:
        read(shop)
    assert caught.value.facts["missing"] == "PS_COUNTRY_DEFAULT"


def test_a_profile_is_kept_as_text() -> None:
    profile = read(shoe_shop())
    assert load(dump(profile)) == profile
    assert load(dump(profile).replace('"version"', '"edition"')) is None
    assert load("{") is None


def test_the_name_given_at_pairing_is_kept() -> None:
    assert read(shoe_shop(), instance="old.example/1").instance == "old.example/1"


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/boutique",
        "http://Shop.Example/boutique/",
        "https://user:pass@shop.example/boutique/api",
        "shop.example/boutique",
    ],
)
def test_one_shop_has_one_name_however_its_address_is_written(url: str) -> None:
    assert instance_of(url, 1) == "shop.example/boutique/1"


def test_customer_groups_are_known_by_every_name() -> None:
    shop = shoe_shop()
    shop.put(
        made("groups", 3, name={1: "Customer", 2: "Client"}),
        made("groups", 4, name={1: "Pros", 2: "Pros"}),
    )
    with shop.serve() as stub, stub.open() as webservice:
        profile = read_profile(webservice, URL)
    assert profile.groups == {3: ("Customer", "Client"), 4: ("Pros",)}
    assert load(dump(profile)) == profile
