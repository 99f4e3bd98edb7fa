"""Steps: customers, addresses, messages."""

from tests.contracts.shop.bodies import Value, ids, one
from tests.contracts.shop.model import Step

_ZOE: dict[str, Value] = {
    "passwd": "secret-words-1",
    "lastname": "Durand",
    "firstname": "Zoé",
    "email": "zoe.script@example.com",
    "active": "1",
    "id_default_group": "3",
    "id_lang": "2",
}
_HOME: dict[str, Value] = {
    "id_customer": "{zoe}",
    "id_country": "8",
    "alias": "Maison",
    "lastname": "Durand",
    "firstname": "Zoé",
    "address1": "3 rue de l'Invention",
    "postcode": "29000",
    "city": "Quimper",
    "phone": "0298000000",
}
_EMAIL = "customers?filter[email]=[{}]&display=[id,email,is_guest,active]&sort=[id_ASC]"


def _customer(changes: dict[str, Value], without: str = "") -> str:
    values = {name: one for name, one in (_ZOE | changes).items() if name != without}
    return one("customer", values)


def _refused(
    name: str, changes: dict[str, Value], code: int, status: int = 400, without: str = ""
) -> Step:
    field = without or next(iter(changes))
    changed = changes if "email" in changes else {**changes, "email": "bad.script@example.com"}
    return Step(f"customer: {name}", "POST", "customers", status, codes=(code,), field=field,
                body=_customer(changed, without),
                again=(_EMAIL.format("bad.script@example.com"),))  # fmt: skip


CUSTOMERS = (
    Step("customer", "POST", "customers", 201, body=_customer({}), makes=("zoe",),
         keeps=(), again=("customers/{zoe}", _EMAIL.format("zoe.script@example.com"))),
    Step("customer: its key", "GET", "customers/{zoe}?display=[id,secure_key]", 200,
         keeps=(("zoe_key", "secure_key"),)),
    Step("customer: same address again", "POST", "customers", 500, body=_customer({}),
         again=(_EMAIL.format("zoe.script@example.com"),)),
    Step("customer: a guest with it", "POST", "customers", 500,
         body=_customer({"is_guest": "1", "id_default_group": "2"}),
         again=(_EMAIL.format("zoe.script@example.com"),)),
    Step("customer: a guest", "POST", "customers", 201, makes=("guest",),
         body=_customer({"is_guest": "1", "id_default_group": "2",
                         "email": "guest.script@example.com"}), again=("customers/{guest}",)),
    Step("customer: the guest again", "POST", "customers", 201, makes=("guest2",),
         body=_customer({"is_guest": "1", "email": "guest.script@example.com"}),
         again=("customers/{guest2}",)),
    Step("customer: bare", "POST", "customers", 201, makes=("bare_customer",),
         body=one("customer", {"passwd": "other-words-2", "lastname": "B", "firstname": "A",
                               "email": "bare.script@example.com"}),
         again=("customers/{bare_customer}",)),
    Step("customer: groups and key given", "POST", "customers", 201, makes=("grouped",),
         body=one("customer", {**_ZOE, "email": "group.script@example.com",
                               "secure_key": "0123456789abcdef0123456789abcdef",
                               "newsletter": "1", "optin": "1", "company": "ACME",
                               "siret": "12345678901234", "note": "a <b> c"},
                  {"groups": ids("group", "1", "3")}),
         again=("customers/{grouped}",)),
    _refused("no password", {}, 41, without="passwd"),
    _refused("no name", {}, 41, without="lastname"),
    _refused("name with digits", {"lastname": "Durand2"}, 85),
    _refused("name with <", {"firstname": "Z<"}, 85),
    _refused("name with dots", {"firstname": "Z.A"}, 85),
    _refused("no e-mail address", {"email": "nobody"}, 85),
    Step("customer: short password", "POST", "customers", 201, makes=("short",),
         body=_customer({"email": "short.script@example.com", "passwd": "a"}),
         again=("customers/{short}",)),
    _refused("birthday", {"birthday": "31/12/1999"}, 85),
    Step("customer: PATCH", "PATCH", "customers", 200,
         body=one("customer", {"id": "{zoe}", "firstname": "Zoë", "newsletter": "1"}),
         again=("customers/{zoe}",)),
    Step("customer: PATCH to a taken address", "PATCH", "customers", 500,
         body=one("customer", {"id": "{bare_customer}", "email": "zoe.script@example.com"}),
         again=("customers/{bare_customer}",)),
    Step("customer: PUT without its key", "PUT", "customers", 200,
         body=_customer({"id": "{bare_customer}", "email": "bare.script@example.com"}),
         again=("customers/{bare_customer}",)),
    Step("customer: list", "GET",
         "customers?filter[email]=[zoe.script@example.com|guest.script@example.com]"
         "&display=[id,email,firstname,is_guest]&sort=[id_ASC]", 200),
    Step("customer: DELETE", "DELETE", "customers/{grouped}", 200, again=("customers/{grouped}",)),
)  # fmt: skip


def _address(name: str, changes: dict[str, Value], code: int = 0, without: str = "") -> Step:
    values = {field: one for field, one in (_HOME | changes).items() if field != without}
    field = without or next(iter(changes), "")
    return Step(f"address: {name}", "POST", "addresses", 400, codes=(code,), field=field,
                body=one("address", values))  # fmt: skip


ADDRESSES = (
    Step("address", "POST", "addresses", 201, body=one("address", _HOME), makes=("home",),
         again=("addresses/{home}",)),
    Step("address: of the guest", "POST", "addresses", 201, makes=("guest_home",),
         body=one("address", {**_HOME, "id_customer": "{guest}", "postcode": "ABC",
                              "company": "ACME & fils", "vat_number": "FR12345678901",
                              "other": "2e étage", "phone_mobile": "+33 6 00 00 00 00"}),
         again=("addresses/{guest_home}",)),
    _address("no city", {}, 41, without="city"),
    _address("no country", {}, 41, without="id_country"),
    _address("bad phone", {"phone": "call me"}, 85),
    _address("name with digits", {"lastname": "L33t"}, 85),
    _address("postcode too long", {"postcode": "1234567890123"}, 85),
    _address("alias too long", {"alias": "a" * 33}, 85),
    _address("city with <", {"city": "Qu<mper"}, 85),
    Step("address: PATCH", "PATCH", "addresses", 200,
         body=one("address", {"id": "{home}", "city": "Brest", "phone": ""}),
         again=("addresses/{home}",)),
    Step("address: of the customer", "GET",
         "addresses?filter[id_customer]=[{zoe}]&filter[deleted]=0&display=full", 200),
)  # fmt: skip

STEPS = (*CUSTOMERS, *ADDRESSES)
