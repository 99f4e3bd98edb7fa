"""Customers, guests, addresses, messages."""

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker


def customer(email: str = "zoe@example.com", more: str = "") -> str:
    """Return a customer."""
    return (
        "<customer><passwd>secret12345</passwd><lastname>Durand</lastname>"
        f"<firstname>Zoé</firstname><email>{email}</email>{more}</customer>"
    )


def test_a_new_customer_gets_key_hash_language_and_group(ask: Asker) -> None:
    answer = ask("POST", "customers", customer(more="<id_default_group>3</id_default_group>"))
    assert answer.status == 201
    assert len(answer.value("*/secure_key")) == 32
    assert answer.value("*/passwd").startswith("$2y$10$")
    assert answer.value("*/id_lang") == "1"
    assert answer.values("*/associations/groups/group/id") == ["3"]
    read = ask.get("customers/1")
    assert read.value("*/active") == "0"
    assert read.value("*/id_shop") == "1"


def test_a_registered_email_is_taken_and_guests_may_share(ask: Asker) -> None:
    guest = "<is_guest>1</is_guest>"
    for _ in range(2):
        assert ask("POST", "customers", customer(more=guest)).status == 201
    assert ask("POST", "customers", customer()).status == 201
    for late in (customer("ZOE@example.com"), customer(more=guest)):
        answer = ask("POST", "customers", late)
        assert (answer.status, answer.codes) == (500, [140, 46])
    answer = ask("PATCH", "customers", "<x><id>1</id><city>Brest</city></x>")
    assert (answer.status, answer.codes) == (500, [141, 46])
    assert len(ask.get("customers?filter[email]=[zoe@example.com]").tree[0]) == 3


def test_the_hash_sent_back_stays_and_a_new_password_is_hashed(ask: Asker) -> None:
    ask.new_id("customers", customer())
    before = ask.get("customers/1").value("*/passwd")
    ask("PATCH", "customers", f"<x><id>1</id><passwd>{before}</passwd></x>")
    assert ask.get("customers/1").value("*/passwd") == before
    ask("PATCH", "customers", "<x><id>1</id><passwd>another1</passwd></x>")
    assert ask.get("customers/1").value("*/passwd") not in {before, "another1"}


def test_a_short_put_empties_the_secret_key(ask: Asker) -> None:
    ask.new_id("customers", customer())
    answer = ask("PUT", "customers", customer(more="<id>1</id>"))
    assert answer.status == 200
    assert ask.get("customers/1").value("*/secure_key") == ""


def test_groups_are_replaced(ask: Asker) -> None:
    ask.new_id("customers", customer())
    groups = "".join(f"<group><id>{one}</id></group>" for one in (2, 3))
    body = f"<x><id>1</id><associations><groups>{groups}</groups></associations></x>"
    ask("PATCH", "customers", body)
    assert ask.get("customers/1").values("*/associations/groups/group/id") == ["2", "3"]


def test_addresses(ask: Asker) -> None:
    body = (
        "<address><id_customer>1</id_customer><id_country>8</id_country><alias>Home</alias>"
        "<lastname>Durand</lastname><firstname>Zoé</firstname><address1>1 rue de la Paix</address1>"
        "<postcode>ABC</postcode><city>Paris</city></address>"
    )
    answer = ask("POST", "addresses", body)
    assert (answer.status, answer.value("*/id")) == (201, "1")
    assert ask.get("addresses/1").value("*/date_add") == "2026-11-24 03:30:00"
    assert ask("POST", "addresses", "<x><id_country>8</id_country></x>").codes == [41]


def test_deleting_a_customer_hides_the_addresses(shop: Shop, ask: Asker) -> None:
    owner = shop.register_customer("zoe@example.com")
    shop.add_address(owner)
    assert ask("DELETE", f"customers/{owner}").status == 200
    assert ask.get("addresses/1").value("*/deleted") == "1"


def test_messages_and_conversations(ask: Asker) -> None:
    thread = "<x><id_lang>1</id_lang><id_contact>1</id_contact><token>abc</token></x>"
    ask.new_id("customer_threads", thread)
    message = "<x><id_customer_thread>1</id_customer_thread><message>Bonjour</message></x>"
    ask.new_id("customer_messages", message)
    read = ask.get("customer_threads/1")
    assert read.values("*/associations/customer_messages/customer_message/id") == ["1"]
    private = "<x><id_order>8</id_order><message>Hello</message><private>1</private></x>"
    assert ask.new_id("messages", private) == 1
    assert ask.get("messages?filter[id_order]=8").tree[0][0].get("id") == "1"
