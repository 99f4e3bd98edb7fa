"""The chain of one article and its verdict, from values alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocol.errors import ComptoirError
from shop_agent.errors import NoTaxGroupError, ParentMissingError
from shop_agent.history import Change
from shop_agent.policy_errors import DraftError, HeldModeError, HeldPriceError
from shop_agent.prestashop.errors import ShopUnreachableError
from shop_agent.reconcile.showing import Shown
from shop_agent.reconcile.stock import Figure, Share
from shop_agent.why.judge import chain, judge
from shop_agent.why.values import Edit, Evidence, Site, Special, Step, Told

AT = "2026-11-24T08:45:00Z"
FIGURE = Figure("a:1042", 5, {"uid-a": 1}, 1, 3, 3, 12)
SHOWN = Shown(active=True, price=Decimal(10), default_category=3, categories=frozenset({2, 3}))
SITE = Site(SHOWN, price=Decimal(12), figures=(FIGURE,), orders={"uid-a": "XKBKNABJK"}, images=1)
LINKED = Change(AT, 4, "article", "1042", "products", 7, "", 0, None, "created", (1, 12), "till")
THERE = Evidence(
    "1042", "BOT-1 Derby", (1, 12), AT, ps_id=7, linked=LINKED, site=SITE, photos=(1, 1),
    labels={"a:1042": "BOT-1"},
)  # fmt: skip
ABSENT = Evidence("1042", "BOT-1 Derby", (1, 12), AT)


def told(state: str, error: ComptoirError) -> Told:
    return Told("article", "1042", "BOT-1 Derby", state, error.problem(), AT)


def named(steps: tuple[Step, ...], name: str) -> list[Step]:
    return [step for step in steps if step.name == name]


def test_what_visitors_see_is_online_with_its_arithmetic() -> None:
    steps = chain(THERE)
    assert judge(THERE, steps)[0] is True
    assert "no" not in {step.mark for step in steps}
    [stock] = named(steps, "stock")
    assert "5 − 1 (XKBKNABJK) − 1 (réserve) = 3" in stock.text.fr
    assert "1-12" in named(steps, "till")[0].text.fr
    assert "7" in named(steps, "linked")[0].text.fr


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (ABSENT, "E-SEE-022"),
        (replace(ABSENT, told=told("refused", NoTaxGroupError(rate="8.5"))), "E-AGT-002"),
        (replace(ABSENT, told=told("held", HeldModeError(mode="observe"))), "E-HLD-001"),
        (
            replace(ABSENT, told=told("waiting", ParentMissingError(parent="category BOT"))),
            "E-AGT-001",
        ),
        (replace(THERE, site=None, is_missing=True), "E-SEE-023"),
        (replace(THERE, site=replace(SITE, shown=replace(SHOWN, active=False))), "E-SEE-002"),
        (
            replace(
                THERE, told=told("applied", DraftError()),
                site=replace(SITE, shown=replace(SHOWN, active=False)),
            ),
            "E-SEE-001",
        ),
        (replace(THERE, site=replace(SITE, off_categories=frozenset({3}))), "E-SEE-003"),
        (replace(THERE, site=replace(SITE, shown=replace(SHOWN, visibility="none"))), "E-SEE-004"),
        (replace(THERE, site=replace(SITE, shown=replace(SHOWN, price=Decimal(0)))), "E-SEE-006"),
        (
            replace(
                THERE, gone="discontinued", fate="inactive",
                site=replace(SITE, shown=replace(SHOWN, active=False)),
            ),
            "E-SEE-021",
        ),
    ],
)  # fmt: skip
def test_each_reason_of_not_being_online_has_its_code(evidence: Evidence, code: str) -> None:
    steps = chain(evidence)
    online, verdict = judge(evidence, steps)
    first = next(
        step for mark in ("no", "wait") for step in steps if step.mark == mark and step.code
    )
    assert (online, first.code) == (False, code)
    assert first.text.fr in verdict.fr
    assert first.text.en in verdict.en


def test_a_held_price_leaves_what_is_online_online() -> None:
    held = told("held", HeldPriceError(key="price/article/1042", shown="49.90 → 0.49"))
    steps = chain(replace(THERE, told=held))
    assert judge(replace(THERE, told=held), steps)[0] is True
    [step] = named(steps, "held")
    assert (step.code, step.mark) == ("E-HLD-003", "no")
    assert "shop-agent sync --accept price/article/1042" in step.remedy.fr


def test_a_shop_out_of_reach_leaves_it_open() -> None:
    error = ShopUnreachableError(place="shop")
    evidence = replace(THERE, site=None, unreachable=error.problem())
    assert judge(evidence, chain(evidence))[0] is None


def test_no_stock_is_online_but_sold_out() -> None:
    empty = replace(FIGURE, quantity=0, kept={}, target=0, shown=0)
    evidence = replace(THERE, site=replace(SITE, figures=(empty,)))
    online, verdict = judge(evidence, chain(evidence))
    assert online is True
    assert verdict != judge(THERE, chain(THERE))[1]


def test_sizes_prices_texts_and_parts_are_told() -> None:
    special = Special(8, is_ours=True, gives="−20 %", combination=31, until="2027-01-31 23:59:59")
    evidence = replace(
        THERE,
        variants={"v1": 31, "v2": None},
        labels={"v:v1": "BOT-1-39", "v:v2": "BOT-1-40"},
        edits=(Edit("name", "fr", AT, "Nom du site"),),
        parts=(Told("variant", "v2", "BOT-1-40", "refused", NoTaxGroupError().problem(), AT),),
        site=replace(
            SITE, combinations=frozenset({31}), prices={31: Decimal(12), 32: Decimal(15)},
            specials=(special,), figures=(replace(FIGURE, key="v:v1", shown=9),),
        ),
    )  # fmt: skip
    steps = chain(evidence)
    assert "BOT-1-40" in named(steps, "sizes")[0].text.fr
    assert "BOT-1-39" not in named(steps, "sizes")[0].text.fr
    assert "12 – 15" in named(steps, "price")[0].text.fr
    assert all(part in named(steps, "special")[0].text.fr for part in ("−20 %", "31", "2027-01-31"))
    assert named(steps, "edited")[0].code == "E-AGT-010"
    assert named(steps, "parts")[0].code == "E-AGT-002"
    assert "9" in named(steps, "stock")[0].text.fr


def test_a_figure_is_told_order_by_order() -> None:
    shares = {
        "uid-a": Share(3, counted=1),
        "uid-b": Share(2, settled=2),
        "uid-c": Share(1, released=1),
    }
    figure = replace(FIGURE, kept={"uid-a": 2}, shares=shares)
    steps = named(chain(replace(THERE, site=replace(SITE, figures=(figure,)))), "order")
    assert len(steps) == 3
    for step, parts in zip(
        steps,
        (
            ("XKBKNABJK", "3 gard", "1 déjà", "− 2"),
            ("uid-b", "2 réglée", "− 0"),
            ("1 libérée", "− 0"),
        ),
        strict=True,
    ):
        assert all(part in step.text.fr for part in parts), step.text.fr


def test_a_silent_till_and_an_oversale_are_told_with_the_figure() -> None:
    silent = replace(FIGURE, kept={}, buffer=2, target=0, shown=0, silent=True)
    oversold = replace(FIGURE, kept={"uid-a": 7}, buffer=0, target=0, shown=0)
    for figure, word in ((silent, "caisse muette"), (oversold, "survente")):
        [stock] = named(chain(replace(THERE, site=replace(SITE, figures=(figure,)))), "stock")
        assert word in stock.text.fr
