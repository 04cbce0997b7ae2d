"""How often gates are open or closed: counted by hand, against numpy, and over batches of different lengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.analysis.saturation import Saturation, saturation
from gatescope.traces import chunks as whole_run
from gatescope.traces.trace import Trace, as_numpy

MakeTrace = Callable[..., Trace]


def with_values(trace: Trace, name: str, values: Any, layer: int = 0, direction: Any = "forward") -> Trace:
    """The trace with other numbers of one quantity."""
    cell = trace.cell(layer, direction)
    values = torch.as_tensor(values).to(cell.values[name])
    return trace.with_cell(replace(cell, values={**cell.values, name: values}))


def packed_trace(*lengths: int, kind: str = "LSTM", **options: Any) -> Trace:
    """A run over a packed batch."""
    torch.manual_seed(0)
    module = getattr(nn, kind)(3, 4, **options)
    for weight in module.parameters():
        weight.data *= 12
    x = torch.randn(max(lengths), len(lengths), 3)
    with torch.no_grad():
        return gs.trace(module, pack_padded_sequence(x, list(lengths), enforce_sorted=False))


def counted(trace: Trace, name: str, layer: int, direction: str, batch: int | None) -> tuple[Any, Any, int]:
    """The fractions closed and open, and the number of steps, one number at a time."""
    values = as_numpy(trace.cell(layer, direction).quantity(name)).astype(np.float64)
    elements = range(trace.batch_size) if batch is None else [batch]
    lengths = [len(trace)] * trace.batch_size if trace.lengths is None else trace.lengths.tolist()
    rows = [values[t, element] for element in elements for t in range(lengths[element])]
    closed = [sum(row[unit] < 0.1 for row in rows) / len(rows) for unit in range(values.shape[2])]
    opened = [sum(row[unit] > 0.9 for row in rows) / len(rows) for unit in range(values.shape[2])]
    return closed, opened, len(rows)


def assert_counted(found: Saturation, expected: tuple[Any, Any, int]) -> None:
    np.testing.assert_array_equal(found.closed, expected[0])
    np.testing.assert_array_equal(found.open, expected[1])
    assert found.steps == expected[2]


def test_open_and_closed_are_told_apart_and_both_limits_are_excluded(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, steps=5, batch=1, dtype=torch.float64)
    below, above = np.nextafter(0.1, 0), np.nextafter(0.9, 1)
    columns = [[0.0, below, 0.1, 0.5, 0.9], [above, 1.0, 0.95, 0.9, 0.1], [0.5] * 5, [1.0] * 5]
    found = saturation(with_values(trace, "f", np.array(columns).T[:, None]))["f"]
    assert found.closed.tolist() == [0.4, 0.0, 0.0, 0.0]
    assert found.open.tolist() == [0.0, 0.6, 0.0, 1.0]
    assert found.closed_in_all == pytest.approx(0.1)
    assert found.open_in_all == pytest.approx(0.4)
    assert found.not_numbers.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_the_limits_are_not_rounded_to_the_numbers_type(make_trace: MakeTrace, dtype: torch.dtype) -> None:
    trace = make_trace(3, 1, steps=2, batch=1).mapped(lambda of: of.to(dtype))
    nearest = torch.tensor([0.1, 0.9]).to(dtype)
    found = saturation(with_values(trace, "o", nearest[:, None, None]))["o"]
    assert found.closed[0] * 2 == sum(value < 0.1 for value in nearest.double().tolist())
    assert found.open[0] * 2 == sum(value > 0.9 for value in nearest.double().tolist())


def test_other_limits_can_be_given(make_trace: MakeTrace) -> None:
    trace = with_values(make_trace(3, 1, steps=4, batch=1), "i", torch.tensor([0.2, 0.4, 0.6, 0.8])[:, None, None])
    found = saturation(trace, open_above=0.5, closed_below=0.3)["i"]
    assert (found.closed[0], found.open[0]) == (0.25, 0.5)


def test_nan_is_neither_but_is_told_and_counts_as_a_step(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 1, steps=4, batch=1)
    found = saturation(with_values(trace, "f", torch.tensor([0.0, torch.nan, 1.0, torch.nan])[:, None, None]))["f"]
    assert (found.closed[0], found.open[0], found.not_numbers[0], found.steps) == (0.25, 0.25, 2, 4)


@given(
    seed=st.integers(0, 5),
    kind=st.sampled_from(["LSTM", "GRU"]),
    steps=st.integers(1, 9),
    batch=st.sampled_from([None, 1, 3]),
)
def test_every_layer_and_direction_as_counted_one_by_one(
    make_trace: MakeTrace, seed: int, kind: str, steps: int, batch: int | None
) -> None:
    trace = make_trace(
        3, 4, steps=steps, batch=batch, seed=seed, scale=8.0, kind=kind, num_layers=2, bidirectional=True
    )
    for layer, direction in trace.cells:
        for element in (None, *range(trace.batch_size)):
            found = saturation(trace, layer, direction, element)
            assert list(found) == (["f", "i", "o"] if kind == "LSTM" else ["r", "z"])
            for name, one in found.items():
                assert one.quantity == name
                assert_counted(one, counted(trace, name, layer, direction, element))


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_steps_that_an_element_lacks_do_not_count(direction: str) -> None:
    trace = packed_trace(7, 1, 4, bidirectional=True, num_layers=2)
    for element in (None, 0, 1, 2):
        found = saturation(trace, 1, direction, element)
        for name, one in found.items():
            assert_counted(one, counted(trace, name, 1, direction, element))
            assert not one.not_numbers.any()
        assert one.steps == (12 if element is None else (7, 1, 4)[element])


def test_an_off_by_one_in_the_lengths_would_be_seen() -> None:
    trace = packed_trace(7, 1, 4)
    assert trace.lengths is not None
    right = saturation(trace)["f"]
    wrong = {key: replace(cell, lengths=trace.lengths + 1) for key, cell in trace.cells.items()}
    shifted = saturation(replace(trace, cells=wrong))["f"]
    assert shifted.steps != right.steps
    assert shifted.not_numbers.any()


def test_a_long_run_is_gone_through_in_pieces(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = make_trace(3, 4, steps=23, scale=8.0)
    whole = saturation(trace)["f"]
    monkeypatch.setattr(whole_run, "_AT_ONCE", 40)
    fractions: list[float] = []
    pieces = saturation(trace, progress=fractions.append)["f"]
    assert_counted(pieces, (whole.closed, whole.open, whole.steps))
    assert fractions == sorted(fractions)
    assert len(fractions) == 5


def test_it_can_be_stopped(make_trace: MakeTrace) -> None:
    def stop(_fraction: float) -> None:
        raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        saturation(make_trace(3, 4), progress=stop)


def test_a_plain_rnn_has_no_gates(make_trace: MakeTrace) -> None:
    assert saturation(make_trace(3, 4, kind="RNN")) == {}


def test_with_a_projection_there_are_as_many_as_units_of_c(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 5, proj_size=2)
    assert {one.open.shape for one in saturation(trace).values()} == {(5,)}


@pytest.mark.parametrize("batch", [-1, 2, True, 1.0])
def test_refuses_an_element_that_is_not_there(make_trace: MakeTrace, batch: Any) -> None:
    with pytest.raises(gs.GatescopeError) as refused:
        saturation(make_trace(3, 4), batch=batch)
    assert refused.value.message.code == "no_such_element"


def test_refuses_a_layer_that_is_not_there(make_trace: MakeTrace) -> None:
    with pytest.raises(gs.GatescopeError):
        saturation(make_trace(3, 4), layer=1)
