"""The mail server keeps what it is given, by address."""

import smtplib
from email.message import EmailMessage

from tests.equipment.mail_sink import HOST, MailSink


def test_a_mail_is_kept_with_all_that_it_says() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Votre colis", "clara@example.com", "z@example.com"
    mail.set_content("Suivi : 6A1 é")
    mail.add_alternative("<p>6A1</p>", subtype="html")
    with MailSink() as sink:
        with smtplib.SMTP(HOST, sink.port) as client:
            client.send_message(mail)
        [text] = sink.sent_to("z@example.com")
        assert sink.sent_to("other@example.com") == []
    assert text.splitlines()[:2] == ["Votre colis", "Suivi : 6A1 é"]
    assert "<p>6A1</p>" in text
