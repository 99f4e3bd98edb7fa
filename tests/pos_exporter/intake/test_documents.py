"""Orders as files: rows and elements, byte for byte, whatever a customer typed."""

import csv
import io
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_exporter.intake.documents import render
from pos_exporter.mapping.drop_folder import DropFolder
from pos_exporter.mapping.write_back import WriteFormats
from protocol.program.yaml_config import ConfigError
from tests.pos_exporter.intake.orders import ADDRESS, line, order
from tests.pos_exporter.mapping.samples import mapping_of

FRENCH = WriteFormats.model_validate({"decimal": ",", "date": "%d/%m/%Y", "tax_rates": {20: "1"}})
ROWS = [
    {"columns": {"TYPE": {"const": "E"}, "REF": "order_reference", "NOM": "delivery_name"}},
    {
        "foreach": "lines",
        "columns": {"TYPE": {"const": "L"}, "ART": "sellable_key", "QTE": "quantity",
                    "PU": "unit_price_tax_included", "TVA": "tax_code"},
    },
]  # fmt: skip
XML = {
    "root": "commandes",
    "order": {
        "element": "commande",
        "attributes": {"ref": "order_reference", "type": "event"},
        "children": [
            {"element": "date", "text": "placed_at"},
            {"element": "nom", "text": {"bind": "delivery_name", "cut": 12}},
            {"element": "lignes", "children": [
                {"element": "ligne", "foreach": "lines", "attributes": {"no": "line_number"},
                 "children": [{"element": "art", "text": "sellable_key"}]},
            ]},
        ],
    },
}  # fmt: skip


def files(**told: Any) -> DropFolder:
    return DropFolder.model_validate(told)


def rows_of(**told: Any) -> DropFolder:
    return files(csv={"rows": ROWS, **told})


def made(rules: DropFolder, **changes: object) -> bytes:
    one = order("U1", line(1, "a:1002", 2), line(2, "v:100101"), **changes)
    return render([(one, "order")], rules, FRENCH, "Europe/Paris")


def test_rows_byte_for_byte() -> None:
    assert made(rows_of(encoding="cp1252")) == (
        'E;REFU1;"Zoé O\'Hara; DROP TABLE CLIENT"\r\nL;1002;2;49,90;1\r\nL;100101;1;49,90;1\r\n'
    ).encode("cp1252")


def test_a_heading_other_signs_and_quotes_everywhere() -> None:
    told = rows_of(delimiter="|", newline="\n", header=True, quote="always").csv
    assert told is not None
    assert made(files(csv=told)).decode().splitlines()[:2] == [
        '"TYPE"|"REF"|"NOM"', '"E"|"REFU1"|"Zoé O\'Hara; DROP TABLE CLIENT"',
    ]  # fmt: skip


def test_a_till_that_knows_no_quotes_gets_spaces() -> None:
    address = ADDRESS.model_copy(update={"last_name": 'a;b"c\r\nd'})
    assert made(rows_of(quote="never"), delivery=address).splitlines()[0] == (
        "E;REFU1;Zoé a b'c d".encode()
    )


def test_a_letter_that_the_encoding_lacks_loses_its_accent() -> None:
    address = ADDRESS.model_copy(update={"first_name": "Łukasz", "last_name": "Dvořák 👞 Œuvre"})
    first = made(rows_of(encoding="cp1252"), delivery=address).splitlines()[0]
    assert first == b"E;REFU1;?ukasz Dvor\xe1k ? \x8cuvre"


def test_several_orders_in_one_file() -> None:
    orders = [order("U1", line(1, "a:1")), order("U2", line(1, "a:2"))]
    told = render([(one, "order") for one in orders], rows_of(), FRENCH, "Europe/Paris")
    assert [row.split(b";")[1] for row in told.splitlines()] == [b"REFU1", b"1", b"REFU2", b"2"]


def test_elements() -> None:
    told = made(files(xml=XML))
    assert told.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<commandes>")
    [one] = ElementTree.fromstring(told)  # noqa: S314 - our own
    assert one.attrib == {"ref": "REFU1", "type": "order"}
    assert (one.findtext("date"), one.findtext("nom")) == ("24/11/2026", "Zoé O'Hara; ")
    lines = one.findall("lignes/ligne")
    assert [(row.get("no"), row.findtext("art")) for row in lines] == [
        ("1", "1002"), ("2", "100101"),
    ]  # fmt: skip


def test_xml_in_another_encoding_loses_nothing() -> None:
    address = ADDRESS.model_copy(update={"first_name": "Łukasz", "last_name": "👞"})
    told = made(files(xml={**XML, "encoding": "iso-8859-1"}), delivery=address)
    assert ElementTree.fromstring(told).findtext("commande/nom") == "Łukasz 👞"  # noqa: S314


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_whatever_a_customer_types_the_form_holds(name: str) -> None:
    address = ADDRESS.model_copy(update={"first_name": "x", "last_name": name})
    text = made(rows_of(), delivery=address).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row[0] for row in read] == ["E", "L", "L"]
    assert [len(row) for row in read] == [3, 5, 5]
    [one] = ElementTree.fromstring(made(files(xml=XML), delivery=address))  # noqa: S314
    assert len(one.findall("lignes/ligne")) == 2


FILES = """
till: {name: t}
entities: {}
write_back:
  mode: drop_folder
  files:
"""


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("    csv: {rows: [{columns: {A: nothing}}]}\n", "E-MAP-003"),
        ("    csv: {rows: [{columns: {A: quantity}}]}\n", "E-MAP-003"),
        ("    csv: {rows: [{columns: {A: {bind: note, const: x}}}]}\n", "E-MAP-008"),
        ("    csv: {encoding: klingon, rows: [{columns: {A: note}}]}\n", "E-MAP-090"),
        ("    xml: {root: a b, order: {element: o}}\n", "E-MAP-090"),
        ("    xml: {root: a, order: {element: o, text: quantity}}\n", "E-MAP-003"),
        ("    xml: {root: a, order: {element: o, text: note, children: [{element: p}]}}\n",
         "E-MAP-008"),
        ("    done_folder: ../x\n    xml: {root: a, order: {element: o}}\n", "E-MAP-090"),
        ("    prefix: done\n", "E-MAP-008"),
        ("    name: W.CSV\n    ok_suffix: .ok\n    csv: {rows: [{columns: {A: note}}]}\n",
         "E-MAP-091"),
    ],
)  # fmt: skip
def test_mistakes_in_the_file_are_told(told: str, code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        mapping_of(FILES + told)
    assert code in {problem.code for problem in refused.value.problems}


def test_a_mode_needs_its_part_and_no_other() -> None:
    bad: Mapping[str, str] = {
        "mode: drop_folder": "E-MAP-008",
        "mode: http\n  files: {csv: {rows: [{columns: {A: note}}]}}": "E-MAP-008",
        "mode: procedure": "E-MAP-008",
    }
    for told, code in bad.items():
        with pytest.raises(ConfigError) as refused:
            mapping_of(f"till: {{name: t}}\nentities: {{}}\nwrite_back:\n  {told}\n")
        assert code in {problem.code for problem in refused.value.problems}
    for told in ("mode: none", "mode: http"):
        assert mapping_of(f"till: {{name: t}}\nentities: {{}}\nwrite_back:\n  {told}\n").write_back
