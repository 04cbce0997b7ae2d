"""The table of columns: one entry is all that a further column needs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.formats import table_columns, table_exports
from gatescope.formats.table_columns import NUMBERS, PLACES, NumberColumn, PlaceColumn, Rows


@pytest.fixture
def trace() -> gs.Trace:
    return gs.trace(nn.LSTM(2, 3, bidirectional=True), torch.ones(4, 2, 2), tokens=list("abcd"))


def header_of(trace: gs.Trace, path: Path, layout: str = "long") -> list[str]:
    trace.to_csv(path, layout)  # type: ignore[arg-type]
    return pl.read_csv(path).columns


def test_a_further_place_is_in_every_table(trace: gs.Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PlaceColumn("left", 0, lambda rows: [len(rows.trace) - 1 - t for t in rows.steps])
    monkeypatch.setattr(table_columns, "PLACES", (PLACES[0], entry, *PLACES[1:]))
    for layout in ("long", "wide"):
        assert header_of(trace, tmp_path / "trace.csv", layout)[:3] == ["t", "left", "token"]
        table = pl.read_csv(tmp_path / "trace.csv")
        assert (table["t"] + table["left"] == 3).all()
    trace.to_parquet(tmp_path / "trace.parquet")
    assert pl.read_parquet(tmp_path / "trace.parquet").columns[:2] == ["t", "left"]


def test_a_place_of_cells_or_units_is_not_in_the_wide_layout(
    trace: gs.Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = PlaceColumn("parity", 3, lambda rows: [unit % 2 for unit in range(rows.trace.spec.hidden_size)])
    monkeypatch.setattr(table_columns, "PLACES", (*PLACES, entry))
    assert "parity" in header_of(trace, tmp_path / "trace.csv")
    assert "parity" not in header_of(trace, tmp_path / "trace.csv", "wide")


def test_a_further_number_is_in_every_table(trace: gs.Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def before(rows: Rows, cell: gs.CellTrace, name: str) -> torch.Tensor:
        return cell.state_before(name)[rows.part]

    entry = NumberColumn("{}_before", lambda rows: ("c",), before, wide=True)
    for module in (table_columns, table_exports):
        monkeypatch.setattr(module, "NUMBERS", (*NUMBERS, entry))
    assert header_of(trace, tmp_path / "trace.csv")[-1] == "c_before"
    assert header_of(trace, tmp_path / "trace.csv", "wide")[-1] == "l0.reverse.c_before.2"
    trace.to_parquet(tmp_path / "trace.parquet")
    table = pl.read_parquet(tmp_path / "trace.parquet").filter(direction="forward", t=0)
    assert table["c_before"].to_list() == [0.0] * 6
    variable = trace.to_xarray()["c_before"]
    assert variable.dims == ("t", "batch", "layer", "direction", "unit")
    assert torch.equal(torch.tensor(variable.values[:, :, 0, 0]), trace.cell().state_before("c"))
