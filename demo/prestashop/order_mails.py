"""The mails that an order causes; they are noted in the table `mails`, nothing is sent.

A state has a mail or not; a parcel has one only where its carrier has an address to follow it, and
since 1.7. A mail shows the number that the parcel has at that moment, where it can be followed.

    mail_state(core, order=6, state=4)      # the mail "shipped"
"""

from demo.prestashop.core import Core
from demo.prestashop.order_flags import flag
from demo.prestashop.record import Record


def mail_state(core: Core, order: int, state: int) -> None:
    """Send the mail of a state, when the state has one."""
    if flag(core, state, "send_email"):
        sql = "SELECT template FROM order_states_lang WHERE id = ? AND id_lang = 1"
        send_mail(core, order, core.database.find_text(sql, state) or "")


def send_mail(core: Core, order: int, template: str) -> None:
    """Note a mail to the customer of an order."""
    sql = (
        "INSERT INTO mails (template, recipient, id_order, sent_at, tracking)"
        " SELECT ?, email, ?, ?, (SELECT tracking_number FROM order_carriers p"
        " JOIN carriers c ON c.id = p.id_carrier WHERE p.id_order = ? AND c.url <> ''"
        " ORDER BY p.id DESC LIMIT 1)"
        " FROM customers WHERE id = (SELECT id_customer FROM orders WHERE id = ?)"
    )
    core.database.run(sql, template, order, core.now(), order, order)


def mail_tracking(core: Core, order_carrier: Record) -> None:
    """Send the parcel mail, unless the carrier has no address to follow it."""
    sql = "SELECT url FROM carriers WHERE id = ?"
    if not core.version.mails_numbers:
        return
    if core.database.find_text(sql, order_carrier.integer("id_carrier")):
        send_mail(core, order_carrier.integer("id_order"), "in_transit")
