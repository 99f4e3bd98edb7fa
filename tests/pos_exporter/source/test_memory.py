"""The memory source keeps the contract, whether it claims one moment or not."""

from collections.abc import Mapping

import pytest

from pos_exporter.source.memory import MemorySource
from pos_exporter.source.port import Parameter, Row, Source
from tests.contracts.source import ALL, NOTHING, ONE, ROWS, SEVERAL, SourceContract


class _MemoryTill:
    def __init__(self, *, one_snapshot: bool) -> None:
        self._rows: list[Row] = [{"REF": ref, "QTE": units} for ref, units in ROWS]
        self._source = MemorySource(
            {}, columns={NOTHING: ("REF", "QTE")}, one_snapshot=one_snapshot
        )
        self._lay()

    def _lay(self) -> None:
        rows = list(self._rows)

        def one(params: Mapping[str, Parameter]) -> list[Row]:
            return [row for row in rows if row["REF"] == params["ref"]]

        def several(params: Mapping[str, Parameter]) -> list[Row]:
            refs = params["refs"]
            assert isinstance(refs, tuple)
            return [row for row in rows if row["REF"] in refs]

        self._source.answers |= {ALL: rows, ONE: one, SEVERAL: several, NOTHING: []}

    def source(self) -> Source:
        return self._source

    def change(self, ref: str, quantity: int) -> None:
        self._rows = [r if r["REF"] != ref else {"REF": ref, "QTE": quantity} for r in self._rows]
        self._lay()

    def go_away(self) -> None:
        self._source.reachable = False


class TestMemorySource(SourceContract):
    """The contract, in memory."""

    @pytest.fixture(params=[True, False], ids=["one moment", "no moment"])
    def till(self, request: pytest.FixtureRequest) -> _MemoryTill:
        return _MemoryTill(one_snapshot=request.param)
