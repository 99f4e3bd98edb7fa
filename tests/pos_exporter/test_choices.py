"""The merchant's choices: typed, all mistakes told at their place, and a version that grows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from pos_exporter.choices import PolicySettings
from pos_exporter.config import load_settings
from pos_exporter.policy_memory import last_policy, remember, versioned
from pos_exporter.state import METADATA
from protocol.program.config_problems import ConfigError
from protocol.program.engine import make_engine
from protocol.records import Brakes, Filter, Pilot, Policy, StockChoices

FILE = """channel: {folder: {path: /tmp/x}}
till: {url: "sqlite://", mapping: m.yaml}
policy:
"""


def loaded(tmp_path: Path, policy: str) -> Policy:
    file = tmp_path / "pos-exporter.yaml"
    file.write_text(FILE + policy, encoding="utf-8")
    return load_settings(file, {}).policy.record()


def test_every_choice_travels(tmp_path: Path) -> None:
    policy = loaded(
        tmp_path,
        """
  owners: {article.name: till, article.default_category: site}
  buffer: 1
  buffers: {F01: 2, "007": 3}
  gone: {discontinued: hidden, vanished: leave}
  default_language: de
  fill_languages: false
  mode: stock
  pilot: {articles: [1042], categories: [F01]}
  only_flagged: false
  only_new: true
  filter: {categories: [F01], brands: [B], suppliers: [S], in_stock: true, with_photo: true}
  new_articles: draft
  empty_combinations: hide
  brakes: {price_percent: 30, mass_percent: 10, mass_count: 5, edited_percent: 3}
  stock: {oversale: zero, strict: false, unpaid_days: 5, silent_after_hours: 20, silent_buffer: 2,
          silent_low: 1}
""",
    )
    assert policy == Policy(
        version=1, owners={"article.name": "till", "article.default_category": "site"}, buffer=1,
        buffers={"F01": 2, "007": 3}, gone={"discontinued": "hidden", "vanished": "leave"},
        default_language="de", fill_languages=False, mode="stock",
        pilot=Pilot(articles=("1042",), categories=("F01",)), only_flagged=False, only_new=True,
        filter=Filter(categories=("F01",), brands=("B",), suppliers=("S",), in_stock=True,
                      with_photo=True),
        new_articles="draft", empty_combinations="hide",
        brakes=Brakes(price_percent=30, mass_percent=10, mass_count=5, edited_percent=3),
        stock=StockChoices(oversale="zero", strict=False, unpaid_days=5, silent_after_hours=20,
                           silent_buffer=2, silent_low=1),
    )  # fmt: skip


def test_a_silence_without_a_limit_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "  stock: {silent_low: 1}\n")
    assert [one.code for one in caught.value.problems] == ["E-CFG-042"]


def test_what_is_not_chosen_is_not_said(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "  buffer: 0\n  filter: {in_stock: false, brands: []}\n")
    assert policy.model_dump(mode="json") == {
        "kind": "policy", "key": "policy", "version": 1, "owners": {}, "buffer": "0", "gone": {},
        "default_language": "fr",
    }  # fmt: skip


def test_all_mistakes_are_told_each_at_its_place(tmp_path: Path) -> None:
    wrong = """  mode: pause
  owners:
    article.nom: till
    article.name: caisse
  gone: {discontinued: deleted}
  buffers: {F01: -1}
  filter: {brand: [B]}
  pilot: {articles: []}
  brakes: {mass_percent: 200}
  new_articles: yes please
  only_new: peut-être
"""
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, wrong)
    places = {p.place.split("yaml:")[1]: p.code for p in raised.value.problems}
    assert places == {
        "4:9": "E-CFG-013", "6:5": "E-CFG-040", "7:19": "E-CFG-013", "8:24": "E-CFG-013",
        "9:18": "E-CFG-014", "10:12": "E-CFG-011", "11:10": "E-CFG-041", "12:26": "E-CFG-014",
        "13:17": "E-CFG-013", "14:13": "E-CFG-012",
    }  # fmt: skip


@pytest.fixture
def state() -> Iterator[Engine]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


def version(engine: Engine, settings: PolicySettings) -> int:
    with engine.begin() as connection:
        policy = versioned(connection, settings.record())
        remember(connection, policy)
    return policy.version


def test_the_version_grows_with_each_change_and_with_nothing_else(state: Engine) -> None:
    choices = [
        PolicySettings(), PolicySettings(), PolicySettings(buffer=1), PolicySettings(buffer=1),
        PolicySettings(), PolicySettings(mode="observe"),
    ]  # fmt: skip
    assert [version(state, one) for one in choices] == [1, 1, 2, 2, 3, 4]


def test_looking_at_a_version_does_not_count_it(state: Engine) -> None:
    version(state, PolicySettings())
    with state.begin() as connection:
        for _ in range(2):
            assert versioned(connection, PolicySettings(buffer=1).record()).version == 2
        last = last_policy(connection)
    assert last is not None
    assert last.version == 1
