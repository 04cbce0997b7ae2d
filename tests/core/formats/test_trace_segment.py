"""What is written of a trace: every field has its place, and nothing that follows from the rest is there twice."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import nn

from gatescope.formats.trace_file import TraceWriter, read_traces, save_trace
from gatescope.traces.trace import CellTrace, Trace


def test_a_trace_that_does_not_fit_its_network_is_not_saved(tmp_path: Path, small_trace: Any, refusal: Any) -> None:
    trace = small_trace()
    cell = trace.cell()
    values = {**cell.values, "h": cell.h.double()}
    error = refusal(lambda: trace.with_cell(dataclasses.replace(cell, values=values)).save(tmp_path / "one.gates"))
    assert str(error) == "l0.forward.h must be torch.float32 (3, 2, 2), but it is torch.float64 (3, 2, 2)."
    values.pop("h")
    error = refusal(lambda: trace.with_cell(dataclasses.replace(cell, values=values)).save(tmp_path / "one.gates"))
    assert str(error) == "l0.forward.h is missing."
    assert not list(tmp_path.iterdir())


def test_a_file_of_one_trace_is_a_safetensors_file(tmp_path: Path, small_trace: Any) -> None:
    trace = small_trace(nn.LSTM(2, 3, dtype=torch.bfloat16), tokens=["a", "b", "c"])
    save_trace(trace, tmp_path / "one.safetensors")
    read = safetensors.torch.load_file(tmp_path / "one.safetensors")
    assert torch.equal(read["l0.forward.c_tilde"], trace.cell().c_tilde)
    assert torch.equal(read["weights.weight_hh_l0"], trace.weights["weight_hh_l0"])


def test_what_follows_from_the_rest_is_not_written(tmp_path: Path, small_trace: Any) -> None:
    save_trace(small_trace(nn.RNN(2, 64, 4), steps=100), tmp_path / "one.gates")
    read = safetensors.torch.load_file(tmp_path / "one.gates")
    assert [name for name in read if name.endswith(".x")] == []
    save_trace(small_trace(nn.RNN(2, 64, 2, bidirectional=True)), tmp_path / "one.gates")
    read = safetensors.torch.load_file(tmp_path / "one.gates")
    assert [name for name in read if name.endswith(".x")] == ["l1.forward.x"]


def test_a_change_in_one_bit_of_the_weights_is_seen(tmp_path: Path, small_trace: Any) -> None:
    module = nn.RNN(2, 2)
    torch.nn.init.zeros_(module.bias_hh_l0)
    with TraceWriter(tmp_path / "all.gates") as writer:
        writer.append("", small_trace(module))
        torch.nn.init.constant_(module.bias_hh_l0, -0.0)
        writer.append("", small_trace(module))
    _, last = [trace for _, trace in read_traces(tmp_path / "all.gates").traces]
    assert torch.signbit(last.weights["bias_hh_l0"]).all()


def test_a_header_that_could_not_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_trace: Any, refusal: Any
) -> None:
    monkeypatch.setattr("gatescope.formats.trace_segment.MOST_HEADER", 1000)
    assert refusal(lambda: save_trace(small_trace(), tmp_path / "one.gates")).code == "trace_header_too_long"


def test_every_field_of_a_trace_is_known_here() -> None:
    cell = {
        "layer",
        "direction",
        "cell",
        "x",
        "before",
        "weights",
        "values",
        "lengths",
        "graph",
        "h_from_kernel",
        "holds",
    }
    trace = {
        "spec",
        "weights",
        "x",
        "batched",
        "cells",
        "arithmetic",
        "tokens",
        "seed",
        "lengths",
        "in_order",
        "source",
        "holds",
        "returned",
    }
    nowhere = {"module", "call"}  # no file holds a module: reading it would run code
    assert {field.name for field in dataclasses.fields(CellTrace)} == cell  # a new one needs a place in the file
    assert {field.name for field in dataclasses.fields(Trace)} == trace | nowhere
