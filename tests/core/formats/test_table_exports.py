"""A trace as Parquet and as an xarray.Dataset: every number of it, bit for bit, and nothing else."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace, as_numpy

MODULES: dict[str, Callable[[], nn.Module]] = {
    "LSTM": lambda: nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2),
    "GRU": lambda: nn.GRU(3, 4, 2, dtype=torch.float64),
    "RNN": lambda: nn.RNN(3, 4, nonlinearity="relu", dtype=torch.bfloat16),
    "LSTMCell": lambda: nn.LSTMCell(3, 4),
}


def made(name: str, **options: Any) -> Trace:
    module = MODULES[name]()
    x = torch.randn(5, 2, 3, dtype=next(module.parameters()).dtype)
    return gs.trace(module, x, tokens=list("abcde"), **options)  # type: ignore[arg-type]


def refusal(call: Callable[[], object]) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


# ------------------------------------------------------------------------------------------------- Parquet


@pytest.mark.parametrize("name", MODULES)
def test_a_parquet_table_has_every_number_in_its_place(name: str, tmp_path: Path) -> None:
    trace = made(name)
    trace.to_parquet(tmp_path / "trace.parquet")
    table = pl.read_parquet(tmp_path / "trace.parquet")
    assert table.columns == ["t", "token", "batch", "layer", "direction", "unit", *trace.spec.cell.names]
    assert table.height == 5 * 2 * len(trace.cells) * 4
    assert table.select("t", "batch", "layer", "direction", "unit").is_unique().all()
    for (layer, direction), cell in trace.cells.items():
        own = table.filter(pl.col("layer") == layer, pl.col("direction") == direction)
        for quantity in trace.spec.cell.names:
            values = as_numpy(cell.quantity(quantity))
            column = own.filter(pl.col("unit") < values.shape[-1])[quantity]
            assert column.null_count() == 0
            assert column.to_numpy().dtype == values.dtype
            assert np.array_equal(column.to_numpy(), values.reshape(-1))
            assert own.filter(pl.col("unit") >= values.shape[-1])[quantity].is_null().all()
    assert table["token"].to_list() == [token for token in "abcde" for _ in range(table.height // 5)]


def test_a_table_has_only_the_steps_that_there_are(tmp_path: Path) -> None:
    packed = pack_padded_sequence(torch.randn(5, 3, 2), torch.tensor([2, 5, 1]), enforce_sorted=False)
    trace = gs.trace(nn.GRU(2, 2), packed)
    trace.to_parquet(tmp_path / "trace.parquet")
    table = pl.read_parquet(tmp_path / "trace.parquet")
    assert "token" not in table.columns
    assert table.group_by("batch").len().sort("batch")["len"].to_list() == [2 * 2, 5 * 2, 1 * 2]
    assert not table["h"].is_nan().any()


def test_the_table_does_not_depend_on_the_size_of_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = made("LSTM")
    trace.to_parquet(tmp_path / "whole.parquet")
    monkeypatch.setattr("gatescope.formats.table_columns._PART", 1)
    trace.to_parquet(tmp_path / "parts.parquet")
    assert pl.read_parquet(tmp_path / "parts.parquet").equals(pl.read_parquet(tmp_path / "whole.parquet"))


def test_progress_reaches_one_and_a_cancel_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatescope.formats.table_columns._PART", 1)
    seen: list[float] = []
    made("GRU").to_parquet(tmp_path / "trace.parquet", progress=seen.append)
    assert seen == [0.2, 0.4, 0.6, 0.8, 1.0]

    def cancel(fraction: float) -> None:
        if fraction > 0.5:
            raise gs.Cancelled

    before = (tmp_path / "trace.parquet").read_bytes()
    with pytest.raises(gs.Cancelled):
        made("GRU").to_parquet(tmp_path / "trace.parquet", progress=cancel)
    assert (tmp_path / "trace.parquet").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    error = refusal(lambda: made("GRU").to_parquet(tmp_path / "none" / "trace.parquet"))
    assert error.code == "file_unwritable"
    (tmp_path / "trace.parquet").mkdir()
    assert refusal(lambda: made("GRU").to_parquet(tmp_path / "trace.parquet")).code == "file_is_folder"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_full_disk_is_a_clear_error() -> None:
    error = refusal(lambda: made("GRU").to_parquet("/dev/full"))
    assert str(error) == "/dev/full cannot be written: No space left on device. Nothing was changed there."


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_memory_stays_flat_while_a_table_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatescope.formats.table_columns._PART", 1 << 16)
    traces = [gs.trace(nn.GRU(4, 64), torch.randn(steps, 64, 4)) for steps in (50, 1000)]  # 1000: 300 MB of table
    small, large = (peak_of(lambda trace=trace: trace.to_parquet(tmp_path / "t.parquet")) for trace in traces)  # type: ignore[misc]
    assert large - small < 120 << 20


def peak_of(work: Callable[[], object]) -> int:
    """Return by how many bytes the memory in use grows at most."""
    process, peaks, done = psutil.Process(), [0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.is_set():
            peaks.append(process.memory_info().rss - before)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    return max(peaks)


# ------------------------------------------------------------------------------------------------- xarray


@pytest.mark.parametrize("name", MODULES)
def test_a_dataset_has_every_number_under_its_names(name: str) -> None:
    pytest.importorskip("xarray")
    trace = made(name, seed=3)
    data = trace.to_xarray()
    assert list(data.data_vars) == list(trace.spec.cell.names)
    for (layer, direction), cell in trace.cells.items():
        for quantity in trace.spec.cell.names:
            own = data[quantity].sel(layer=layer, direction=direction)
            assert own.dims == ("t", "batch", "unit_h" if quantity == "h" and trace.spec.proj_size else "unit")
            assert np.array_equal(own.to_numpy(), as_numpy(cell.quantity(quantity)))
    assert data["token"].to_numpy().tolist() == list("abcde")
    assert float(data["h"].isel(t=2, batch=1)[0, 0, 0]) == float(trace.cell().h[2, 1, 0])
    assert data.attrs == {"module": trace.spec.constructor(), "arithmetic": trace.arithmetic.name, "seed": 3}


def test_a_dataset_is_a_copy_and_has_nan_where_there_is_no_step() -> None:
    pytest.importorskip("xarray")
    packed = pack_padded_sequence(torch.randn(5, 2, 2), torch.tensor([2, 5]), enforce_sorted=False)
    trace = gs.trace(nn.GRU(2, 2), packed)
    data = trace.to_xarray()
    assert data["h"].notnull().all(("unit", "layer", "direction")).sum("t").to_numpy().tolist() == [2, 5]
    data["h"][:] = 7.0
    assert not (trace.cell().h == 7).any()


def test_without_xarray_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    error = refusal(made("GRU").to_xarray)
    assert str(error) == ("xarray is not installed; install it with pip install xarray, or use to_parquet or to_numpy.")
