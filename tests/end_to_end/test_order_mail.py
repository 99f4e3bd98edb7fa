"""E-mails about new orders, through whole runs: told once, never in the way, never in the clear."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import Play, opened_play
from tests.equipment.mail_sink import HOST, MailSink
from tests.protocol.channel.servers import free_port

CLARA, CUSTOMER = "clara@example.fr", "camille@example.fr"


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path) as opened:
        opened.pair()
        opened.stage.settle(2)
        yield opened


def mail(play: Play, port: int, **choices: Any) -> None:
    """Switch e-mails on, in the settings file."""
    path = play.stage.exporter_file
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["mail"] = {
        "host": HOST, "port": port, "sender": "caisse@example.fr", "to": [CLARA],
        "tls": "plain", "allow_plain": True, **choices,
    }  # fmt: skip
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")


def buy(play: Play) -> str:
    [row] = play.shop.query("SELECT id FROM products WHERE reference LIKE '%-1002'")
    order = play.shop.place_order(CUSTOMER, [(int(str(row["id"])), 0, 1)], state=2)
    play.stage.sync_shop()
    [found] = play.shop.query("SELECT reference FROM orders WHERE id = ?", order)
    return str(found["reference"])


def test_an_order_is_told_of_once_by_reference_and_total(play: Play) -> None:
    with MailSink() as sink:
        mail(play, sink.port)
        assert play.pos("sync", "--json").code == 0
        reference = buy(play)
        assert play.pos("sync", "--json").last["orders"]["imported"] == 1
        [text] = sink.sent_to(CLARA)
        assert reference in text.splitlines()[0]
        assert CUSTOMER not in text
        play.stage.sync_shop()
        play.pos("sync", "--full")
        assert len(sink.sent_to(CLARA)) == 1
        assert play.pos("doctor", "--json").check("A04")["state"] == "ok"


def test_a_mail_server_that_is_away_stops_nothing_and_is_told(play: Play) -> None:
    mail(play, free_port())
    assert play.pos("sync", "--json").code == 0
    buy(play)
    run = play.pos("sync", "--json")
    assert (run.code, run.last["orders"]["imported"]) == (0, 1)
    check = play.pos("doctor", "--json").check("A04")
    assert (check["state"], check["code"]) == ("attention", "E-MAIL-001")
    with MailSink() as sink:
        mail(play, sink.port)
        assert play.pos("sync", "--json").code == 0
        assert len(sink.sent_to(CLARA)) == 1


def test_mail_in_the_clear_must_be_allowed(play: Play) -> None:
    mail(play, 25, allow_plain=False)
    said = play.pos("sync", "--json")
    assert (said.code, said.codes) == (2, {"E-MAIL-004"})
    mail(play, 25, to=["Clara <clara@example.fr>, eve@example.fr"])
    assert play.pos("sync", "--json").code == 2
