"""The simulator as 1.6.1.24, 1.7.8.11 and 9.0.0 against the recorded answers of real ones."""

# ruff: noqa: S608 - only names of our own tables are put into SQL

import json
import re
from collections.abc import Callable

import pytest
from lxml import etree

from demo.prestashop import Shop
from demo.prestashop.versions import DEFAULT, NUMBERS
from tests.demo.prestashop import recordings
from tests.demo.prestashop.asking import Asker
from tests.demo.prestashop.preparing_versions import (
    body_of,
    content_type_of,
    key_of,
    prepare,
    target_of,
)
from tests.demo.prestashop.unlike import UNLIKE

OTHERS = [number for number in NUMBERS if number != DEFAULT]
_BLANK = ("schema-blank.xml", "schema_blank.xml")
_SYNOPSIS = ("schema-synopsis.xml", "schema_synopsis.xml")
_LISTS = (".list.xml", "/list.xml")
_FULL = (".list_full3.xml", "/full-limit3.xml")
_REPLAYED = ("err.", "w.", "v.", "q.", "echo.", "errors/", "writes/")
_SPECIAL = ("images.", "search.")
Case = tuple[str, str]


def _cases(keep: Callable[[str], bool]) -> list[Case]:
    return [
        (version, name)
        for version in OTHERS
        for name in sorted(recordings.index(version))
        if keep(name) and not name.startswith(_SPECIAL) and (version, name) not in UNLIKE
    ]


def _is_entity(name: str) -> bool:
    return name.endswith(".get.xml") or ("/one-" in name and name.endswith(".xml"))


def _filled(shop: Shop, recorded: recordings.Recording) -> str:
    """Give a resource that has no fixtures an empty row, and return its name."""
    resource = re.split("[/?]", recorded.target)[0]
    if not shop.query(f"SELECT 1 FROM {resource} LIMIT 1"):
        shop.execute(f"INSERT INTO {resource} DEFAULT VALUES")
    return resource


@pytest.fixture
def ask_as(open_demo: Callable[[str], Shop]) -> Callable[[str], Asker]:
    """Asks a shop of a version with the demo fixtures."""
    return lambda version: Asker(open_demo(version))


@pytest.mark.parametrize("version", OTHERS)
def test_recordings_are_there(version: str) -> None:
    recordings.require(version)
    assert len(recordings.index(version)) > 400


@pytest.mark.parametrize(("version", "name"), _cases(lambda one: one.endswith(_BLANK + _SYNOPSIS)))
def test_schema_is_the_recorded_one(
    ask_as: Callable[[str], Asker], version: str, name: str
) -> None:
    recorded = recordings.index(version)[name]
    answer = ask_as(version).get(recorded.target)
    assert answer.status == recorded.status
    assert recordings.shape(answer.tree) == recordings.shape(etree.fromstring(recorded.body))


@pytest.mark.parametrize(("version", "name"), _cases(_is_entity))
def test_entity_has_the_recorded_fields(
    open_demo: Callable[[str], Shop], version: str, name: str
) -> None:
    recorded = recordings.index(version)[name]
    shop = open_demo(version)
    resource = _filled(shop, recorded)
    ask = Asker(shop)
    answer = ask.get(recorded.target)
    if answer.status == 404:  # fixtures of another version: any entity will do
        first = ask.get(f"{resource}?limit=1").tree[0]
        answer = ask.get(f"{resource}/{first[0].get('id')}")
    assert (answer.status, answer.content_type) == (recorded.status, recorded.content_type)
    recordings.same_entity(answer.tree[0], etree.fromstring(recorded.body)[0])


@pytest.mark.parametrize(("version", "name"), _cases(lambda one: one.endswith(_FULL)))
def test_full_list_has_the_recorded_fields(
    open_demo: Callable[[str], Shop], version: str, name: str
) -> None:
    recorded = recordings.index(version)[name]
    shop, theirs = open_demo(version), etree.fromstring(recorded.body)
    if len(theirs[0]):
        _filled(shop, recorded)
    answer = Asker(shop).get(recorded.target)
    assert answer.status == recorded.status
    ours = answer.tree
    assert ours[0].tag == theirs[0].tag
    if len(theirs[0]):
        recordings.same_entity(ours[0][0], theirs[0][0])


@pytest.mark.parametrize(("version", "name"), _cases(lambda one: one.endswith(_LISTS)))
def test_list_of_ids_is_as_recorded(
    ask_as: Callable[[str], Asker], version: str, name: str
) -> None:
    recorded = recordings.index(version)[name]
    answer = ask_as(version).get(recorded.target)
    assert answer.status == recorded.status
    recordings.same_rows(answer.tree[0], etree.fromstring(recorded.body)[0])


def _left(name: str) -> bool:
    """Whether a recording belongs to none of the tests above."""
    ends = (*_BLANK, *_SYNOPSIS, *_LISTS, *_FULL)
    return not name.endswith(ends) and not _is_entity(name)


@pytest.mark.parametrize(("version", "name"), _cases(_left))
def test_replayed_request_gets_the_recorded_answer(
    open_demo: Callable[[str], Shop], version: str, name: str
) -> None:
    recorded = recordings.index(version)[name]
    shop = open_demo(version)
    prepare(shop, version, recorded)
    ask = Asker(shop, key_of(name))
    sent = content_type_of(recorded)
    answer = ask(recorded.method, target_of(recorded), body_of(recorded), sent)
    assert (answer.status, answer.content_type) == (recorded.status, recorded.content_type)
    assert recordings.error_codes(answer.body) == recordings.error_codes(recorded.body)
    assert recordings.refused_property(answer.body) == recordings.refused_property(recorded.body)
    assert answer.headers.get("PSWS-Version") == recorded.headers.get("psws-version")
    if recorded.method == "HEAD" or recorded.status not in {200, 201}:
        return
    if recorded.body.startswith(b"<?xml"):
        ours, theirs = answer.tree, etree.fromstring(recorded.body)
        assert [child.tag for child in ours] == [child.tag for child in theirs]
    elif recorded.content_type == "application/json":
        assert recordings.json_differences(answer.json, json.loads(recorded.body)) == []


@pytest.mark.parametrize("version", OTHERS)
def test_every_exception_has_a_reason_and_a_recording(version: str) -> None:
    recordings.require(version)
    listed = {name: reason for (number, name), reason in UNLIKE.items() if number == version}
    assert set(listed) <= set(recordings.index(version))
    assert all(listed.values())
