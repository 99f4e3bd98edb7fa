"""The search finds a word however it is wrapped, so that not finding one means something."""

import base64
import gzip
import zlib
from pathlib import Path

import pytest

from tests.equipment.wire_search import find_readable

WORD = "Quetzalcanari"
_LINE = f'{{"name":"Mme {WORD}"}}'.encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_LINE, id="plain"),
        pytest.param(f"Mme {WORD}".encode("utf-16"), id="utf-16"),
        pytest.param(_LINE.hex().encode(), id="hexadecimal"),
        pytest.param(base64.b64encode(_LINE), id="base64"),
        pytest.param(base64.b64encode(b"x" + _LINE), id="base64, one byte on"),
        pytest.param(base64.b64encode(b"xy" + _LINE), id="base64, two bytes on"),
        pytest.param(b"HEADER" * 9 + zlib.compress(_LINE), id="zlib after a header"),
        pytest.param(b"\0" * 300 + gzip.compress(_LINE), id="gzip after a header"),
    ],
)
def test_a_word_is_found(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.pkt").write_bytes(content)
    assert find_readable(tmp_path, ["Absent", WORD]) == [("deep/file.pkt", WORD)]


def test_a_word_in_a_files_name_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.pkt").write_bytes(b"")
    assert find_readable(tmp_path, [WORD]) == [(f"{WORD}.pkt", WORD)]
