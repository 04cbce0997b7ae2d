"""The CSV file: its columns, its order, its bits, and the JSON file beside it."""

from __future__ import annotations

import csv
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.cells.lstm import LSTM
from gatescope.traces.trace import Trace
from gatescope.verification.findings import Deviation

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]

LONG = "t,batch,layer,direction,unit,f,i,c_tilde,c,o,h,c_ref,h_ref,c_err,h_err"
LONG_WITH_TOKENS = "t,token,batch,layer,direction,unit,f,i,c_tilde,c,o,h,c_ref,h_ref,c_err,h_err"


def written(trace: Trace, folder: Path, layout: Any = "long") -> tuple[list[str], list[dict[str, str]]]:
    """Write a trace and read it back: the header and the rows."""
    path = folder / "trace.csv"
    trace.to_csv(path, layout)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


def same_bits(text: str, value: torch.Tensor) -> bool:
    """Whether text reads back to exactly this float, of its own type; any NaN is like any other."""
    kind = {torch.float32: np.float32, torch.float64: np.float64}[value.dtype]
    read, expected = kind(text), kind(value.item())
    return bool(read.tobytes() == expected.tobytes() or (np.isnan(read) and np.isnan(expected)))


def assert_holds(rows: list[dict[str, str]], report: gs.Report) -> None:
    """Compare every row of a long file with the trace and the report."""
    trace = report.trace
    for row in rows:
        key = int(row["layer"]), row["direction"]
        place = int(row["t"]), int(row["batch"]), int(row["unit"])
        cell = trace.cell(*key)
        columns = {name: cell.quantity(name) for name in LSTM.names}
        columns |= {f"{name}_ref": report.reference(name, *key) for name in ("c", "h")}
        columns |= {f"{name}_err": report.resynced(name, *key) for name in ("c", "h")}
        for name, values in columns.items():
            if place[2] >= values.shape[-1]:
                assert row[name] == ""
            else:
                assert same_bits(row[name], values[place]), (name, row)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_long_holds_every_number_to_the_bit(make_trace: MakeTrace, tmp_path: Path, dtype: torch.dtype) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True, steps=5, batch=3, dtype=dtype)
    header, rows = written(trace, tmp_path)
    assert ",".join(header) == LONG
    assert len(rows) == 5 * 3 * 2 * 2 * 4
    assert_holds(rows, gs.verify(trace))


def test_long_is_sorted_by_t_batch_layer_direction_unit(make_trace: MakeTrace, tmp_path: Path) -> None:
    trace = make_trace(3, 2, 2, bidirectional=True, steps=3, batch=2)
    _, rows = written(trace, tmp_path)
    keys = [(int(r["t"]), int(r["batch"]), int(r["layer"]), r["direction"], int(r["unit"])) for r in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys) == 3 * 2 * 2 * 2 * 2


def test_errors_are_the_distance_of_the_columns_they_compare(make_trace: MakeTrace, tmp_path: Path) -> None:
    _, rows = written(make_trace(3, 4, scale=4), tmp_path)
    for row in rows:
        for name in ("c", "h"):
            ours, reference, error = (np.float32(row[key]) for key in (name, f"{name}_ref", f"{name}_err"))
            assert error == abs(ours - reference)


def test_tokens_have_a_column_only_where_there_are_any(make_lstm: MakeLSTM, tmp_path: Path) -> None:
    tokens = ["h", ",", '"', "\n", "好", "", " ", "\udc80"]
    trace = gs.trace(make_lstm(2, 2), torch.ones(8, 2), tokens=tokens)
    header, rows = written(trace, tmp_path)
    assert ",".join(header) == LONG_WITH_TOKENS
    shown = [*tokens[:-1], "\\udc80"]  # half of a surrogate pair has no form in UTF-8
    assert [row["token"] for row in rows] == [token for token in shown for _ in range(2)]
    header, rows = written(trace, tmp_path, "wide")
    assert header[:3] == ["t", "token", "batch"]
    assert [row["token"] for row in rows] == shown


def test_nan_and_infinity_are_written_and_read_back(make_lstm: MakeLSTM, tmp_path: Path) -> None:
    x = torch.ones(5, 2)
    x[3, 0] = torch.nan
    c0 = torch.tensor([[torch.inf, -torch.inf]])
    trace = gs.trace(make_lstm(2, 2), x, (torch.zeros(1, 2), c0))
    _, rows = written(trace, tmp_path)
    assert_holds(rows, gs.verify(trace))
    assert {row["c"] for row in rows} == {"inf", "-inf", "NaN"}


def test_with_a_projection_h_is_empty_for_units_that_it_lacks(make_trace: MakeTrace, tmp_path: Path) -> None:
    trace = make_trace(3, 5, 2, bidirectional=True, proj_size=2)
    header, rows = written(trace, tmp_path)
    assert ",".join(header) == LONG
    assert_holds(rows, gs.verify(trace))
    for row in rows:
        assert (row["h"] == "") == (row["h_ref"] == "") == (row["h_err"] == "") == (int(row["unit"]) >= 2)
        assert row["c"] != ""


def test_wide_has_a_row_for_each_t_and_batch_and_a_column_for_each_unit(make_trace: MakeTrace, tmp_path: Path) -> None:
    trace = make_trace(3, 3, 2, bidirectional=True, proj_size=2, steps=4, batch=2)
    header, rows = written(trace, tmp_path, "wide")
    expected = [
        f"l{layer}.{direction}.{name}.{unit}"
        for layer in (0, 1)
        for direction in ("forward", "reverse")
        for name in LSTM.names
        for unit in range(2 if name == "h" else 3)
    ]
    assert header == ["t", "batch", *expected]
    assert [(int(row["t"]), int(row["batch"])) for row in rows] == [(t, b) for t in range(4) for b in range(2)]
    for row in rows:
        for column in expected:
            layer, direction, name, unit = column.split(".")
            values = trace.cell(int(layer[1:]), direction).quantity(name)
            assert same_bits(row[column], values[int(row["t"]), int(row["batch"]), int(unit)])


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_the_file_does_not_depend_on_the_size_of_its_parts(
    make_lstm: MakeLSTM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: Any
) -> None:
    trace = gs.trace(make_lstm(2, 3), torch.randn(7, 2, 2), tokens=list("abcdefg"))
    trace.to_csv(tmp_path / "whole.csv", layout)
    for part in (1, 6, 13, 20):
        monkeypatch.setattr("gatescope.formats.table_columns._PART", part)
        trace.to_csv(tmp_path / "parts.csv", layout)
        assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_unbatched_input_is_batch_element_zero(make_trace: MakeTrace, tmp_path: Path) -> None:
    _, rows = written(make_trace(3, 2, batch=None, steps=4), tmp_path)
    assert {row["batch"] for row in rows} == {"0"}
    assert len(rows) == 8


def read_json(path: Path) -> dict[str, Any]:
    """Read strict JSON: the words NaN and Infinity are none."""

    def refuse(word: str) -> Any:
        raise AssertionError(f"{word} is not JSON")

    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    return content


def test_beside_it_a_json_file_says_where_it_came_from(make_lstm: MakeLSTM, tmp_path: Path) -> None:
    trace = gs.trace(make_lstm(4, 3, 2, dtype=torch.float64), torch.zeros(5, 2, 4, dtype=torch.float64), seed=7)
    report = gs.verify(trace)
    trace.to_csv(tmp_path / "trace.csv", report=report)
    content = read_json(tmp_path / "trace.csv.json")
    worst = content.pop("worst")
    assert content == {
        "module": "nn.LSTM(4, 3, num_layers=2, dtype=torch.float64)",
        "seed": 7,
        "steps": 5,
        "batch": 2,
        "device": "cpu",
        "arithmetic": "IEEE float64",
        "versions": {
            "gatescope": gs.__version__, "torch": torch.__version__, "python": platform.python_version(),
        },
        "verdict": "matches",
        "verdict_text": str(report.verdict),
    }  # fmt: skip
    assert worst == vars(report.worst)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trace.csv", "trace.csv.json"]


def test_the_json_file_says_where_a_run_deviates(make_lstm: MakeLSTM, tmp_path: Path) -> None:
    trace = gs.trace(make_lstm(4, 3), torch.zeros(5, 1, 4))
    report = gs.verify(trace)
    report.deviation = Deviation(1.2e-5, 3e-6, 2, 0, 0, "forward", "f", 1, ("z_f", 4.8e-5))
    trace.to_csv(tmp_path / "trace.csv", report=report)
    content = read_json(tmp_path / "trace.csv.json")
    assert content["verdict"] == "deviates_in_gate"
    assert content["deviation"] == vars(report.deviation) | {"preactivation": ["z_f", 4.8e-5]}


@pytest.mark.parametrize("fault", [torch.nan, torch.inf])
def test_the_json_file_is_valid_also_where_nothing_can_be_compared(
    make_lstm: MakeLSTM, tmp_path: Path, fault: float
) -> None:
    module = make_lstm(2, 2)
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(fault)
    gs.trace(module, torch.ones(3, 2)).to_csv(tmp_path / "trace.csv")
    content = read_json(tmp_path / "trace.csv.json")
    assert content["verdict"] == "cannot_compare"
    assert content["worst"]["ratio"] == "nan"
    assert content["seed"] is None
