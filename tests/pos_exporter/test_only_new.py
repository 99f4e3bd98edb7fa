"""Of articles that the site has, only stock and prices go on; nothing that stays is lost."""

import json
from decimal import Decimal

import pytest

from pos_exporter.belonging import owners_of
from pos_exporter.changes import UNSAID, compare, fingerprint
from pos_exporter.only_new import Before, without_old_texts
from protocol.records import (
    Article,
    Brand,
    Photo,
    Price,
    Promotion,
    Record,
    Stock,
    Variant,
    record_line,
)


def article(key: str, name: str = "Derby", amount: str = "9.90", tax: str = "N") -> Article:
    price = Price(amount=Decimal(amount))
    return Article(key=key, reference=key, name={"fr": name}, price=price, tax_rate=tax)


def photo(key: str, owner: str) -> Photo:
    return Photo(key=key, article=owner, sha256="0" * 64, size=9, position=1)


OLD: tuple[Record, ...] = (
    article("1"),
    Variant(key="11", article="1", values=("size|38",)),
    Stock(key="v:11", quantity=2),
    photo("p1", "1"),
    Brand(key="B", name="Zoé"),
)


def goes(*now: Record, on_site: tuple[str, ...] = ("1",)) -> tuple[dict[str, Record], set[str]]:
    """Return what goes, by kind and key, and what is kept back, when OLD was said before."""
    said = {(r.kind, r.key): fingerprint(r) for r in OLD}
    lines = {(r.kind, r.key): record_line(r) for r in OLD}
    changes = compare(now, said, (), {})
    before = Before(said, lines.get, on_site)
    sent, kept = without_old_texts(changes, before, owners_of([*OLD, *now]))
    for record in sent.records:
        thing = (record.kind, record.key)
        assert thing in sent.gone or sent.fingerprints[thing] == fingerprint(record)
    assert len(sent.fingerprints) + len(sent.gone) == len(sent.records)
    return {f"{r.kind}/{r.key}": r for r in sent.records}, {f"{k}/{n}" for k, n in kept}


def test_a_changed_text_stays_and_a_changed_price_goes() -> None:
    assert goes(article("1", name="Autre"), *OLD[1:]) == ({}, {"article/1"})
    changed = article("1", amount="19.90")
    assert goes(changed, *OLD[1:]) == ({"article/1": changed}, set())
    assert goes(article("1", tax="R"), *OLD[1:])[0].keys() == {"article/1"}


def test_text_and_price_at_once_go_as_the_old_text_with_the_new_price() -> None:
    sent, kept = goes(article("1", name="Autre", amount="19.90"), *OLD[1:])
    assert sent == {"article/1": article("1", amount="19.90")}
    assert kept == set()
    assert json.loads(record_line(sent["article/1"]))["name"] == {"fr": "Derby"}


def test_stock_and_promotions_go() -> None:
    stock = Stock(key="v:11", quantity=1)
    cut = Promotion(key="x", variant="11", percent=Decimal(10))
    sent, kept = goes(*OLD[:2], stock, *OLD[3:], cut)
    assert (set(sent), kept) == ({"stock/v:11", "promotion/x"}, set())


def test_a_new_variant_and_a_new_photo_of_an_old_article_stay() -> None:
    new = Variant(key="12", article="1", values=("size|39",))
    figure = Stock(key="v:12", quantity=5)
    sent, kept = goes(*OLD, new, figure, photo("p2", "1"))
    assert (sent, kept) == ({}, {"variant/12", "stock/v:12", "photo/p2"})


def test_a_new_article_goes_whole() -> None:
    new = (article("2"), Variant(key="21", article="2", values=("size|38",)), photo("p3", "2"))
    sent, kept = goes(*OLD, *new)
    assert (set(sent), kept) == ({"article/2", "variant/21", "photo/p3"}, set())


def test_what_the_site_never_took_may_still_be_mended() -> None:
    sent, kept = goes(article("1", name="Autre"), *OLD[1:], on_site=())
    assert (set(sent), kept) == ({"article/1"}, set())


def test_what_is_asked_for_again_goes_whole() -> None:
    said = {(r.kind, r.key): fingerprint(r) for r in OLD} | {("article", "1"): UNSAID}
    changed = article("1", name="Autre")
    changes = compare([changed, *OLD[1:]], said, (), {})
    before = Before(said, lambda thing: None, ("1",))
    assert without_old_texts(changes, before, owners_of(OLD))[0].records == (changed,)


def test_what_is_gone_goes_but_a_photo() -> None:
    sent, kept = goes(OLD[0], *OLD[4:])
    assert (set(sent), kept) == ({"variant/11", "stock/v:11"}, {"photo/p1"})


def test_lists_are_of_no_article() -> None:
    sent, kept = goes(*OLD[:4], Brand(key="B", name="Zoé & fils"))
    assert (set(sent), kept) == ({"brand/B"}, set())


@pytest.mark.parametrize("twice", [1, 2])
def test_what_stays_goes_once_the_choice_is_off(twice: int) -> None:
    changed = article("1", name="Autre")
    for _ in range(twice):
        assert goes(changed, *OLD[1:])[1] == {"article/1"}
    said = {(r.kind, r.key): fingerprint(r) for r in OLD}
    assert compare([changed, *OLD[1:]], said, (), {}).records == (changed,)
