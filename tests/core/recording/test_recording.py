"""What is recorded is what ran: the elements asked for, in every layout, and the calls of cells as sequences."""

from __future__ import annotations

import copy
import threading
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

import gatescope as gs
from gatescope.modules.bits import same_bits
from gatescope.traces.trace import Trace

LAYERS = [nn.LSTM, nn.GRU, nn.RNN]
CELLS = [nn.LSTMCell, nn.GRUCell, nn.RNNCell]


def assert_same(ours: Trace, theirs: Trace) -> None:
    """Compare two traces bit for bit."""
    assert ours.spec == theirs.spec
    assert ours.batched == theirs.batched
    assert (ours.lengths is None) == (theirs.lengths is None)
    assert ours.lengths is None or torch.equal(ours.lengths, theirs.lengths)
    assert same_bits(ours.x, theirs.x)
    for key, cell in theirs.cells.items():
        for values, others in ((cell.values, ours.cells[key].values), (cell.before, ours.cells[key].before)):
            assert all(same_bits(value, others[name]) for name, value in values.items())
    assert all(same_bits(ours.weights[name], weight) for name, weight in theirs.weights.items())


PICKS = [(0, [0]), (-1, [3]), ([2, 0], [2, 0]), (slice(1, 9), [1, 2, 3]), (None, [0, 1, 2, 3])]


@pytest.mark.parametrize(("batch", "kept"), PICKS)
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("kind", LAYERS)
def test_the_trace_of_a_layer_is_that_of_the_elements_asked_for(
    kind: Any, batch_first: bool, batch: Any, kept: list[int], seeded: Any
) -> None:
    module = seeded(lambda: kind(4, 3, 2, bidirectional=True, batch_first=batch_first))
    x, h = torch.randn(4, 7, 4), torch.randn(4, 4, 3)  # (B, T, K), (L*D, B, H)
    x = x if batch_first else x.transpose(0, 1)
    hx, part = (h, h[:, kept]) if kind is not nn.LSTM else ((h, -h), (h[:, kept], -h[:, kept]))
    with gs.record(module, batch=batch) as recording:
        module(x, hx)
        module(hx=hx, input=x)
        module(x)
    picked = x[kept] if batch_first else x[:, kept]
    first, second, third = recording[kind.__name__]
    assert_same(first, gs.trace(module, picked, part))
    assert_same(second, first)
    assert_same(third, gs.trace(module, picked))
    assert first.source == kind.__name__
    assert max(recording.differences[kind.__name__]) < 1e-6


@pytest.mark.parametrize(("batch", "kept"), PICKS)
@pytest.mark.parametrize("in_order", [False, True])
@pytest.mark.parametrize("kind", LAYERS)
def test_the_trace_of_a_packed_sequence(kind: Any, in_order: bool, batch: Any, kept: list[int], seeded: Any) -> None:
    module = seeded(lambda: kind(4, 3, bidirectional=True))
    sequences = [torch.randn(length, 4) for length in ((6, 5, 5, 2) if in_order else (2, 5, 6, 5))]
    with gs.record(module, batch=batch) as recording:
        output, _ = module(pack_sequence(sequences, enforce_sorted=in_order))
    assert isinstance(output, PackedSequence)
    lengths = [len(sequences[index]) for index in kept]
    ordered = in_order and lengths == sorted(lengths, reverse=True)
    assert_same(recording.only, gs.trace(module, pack_sequence([sequences[i] for i in kept], enforce_sorted=ordered)))
    assert recording.differences[kind.__name__][0] < 1e-6


@pytest.mark.parametrize("kind", LAYERS)
def test_input_without_a_batch(kind: Any, X: Tensor) -> None:
    module = kind(4, 3)
    with gs.record(module) as recording:
        module(X[:, 0])
    assert_same(recording.only, gs.trace(module, X[:, 0]))
    assert not recording.only.batched


@pytest.mark.parametrize("batch", [1, None])
@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_calls_of_a_cell_that_continue_each_other_are_one_trace(
    kind: Any, given: bool, batch: int | None, seeded: Any, X: Tensor
) -> None:
    module = seeded(lambda: kind(4, 3))
    state: Any = torch.randn(3, 3) if given else None
    state = (state, -state) if given and kind is nn.LSTMCell else state
    start, step = state, X[0].clone()
    with gs.record(module, batch=batch) as recording:
        for x in X:
            step.copy_(x)  # into the same tensor each time
            state = module(step, state) if batch is None else module(hx=state, input=step)
        assert recording.traces == []  # not until it is known to have ended
    part = slice(None) if batch is None else slice(1, 2)
    start = None if start is None else start[part] if kind is not nn.LSTMCell else tuple(s[part] for s in start)
    assert_same(recording.only, gs.trace(module, X[:, part], start))
    assert recording.differences[kind.__name__][0] < 1e-6


def test_a_cell_without_a_batch(X: Tensor) -> None:
    cell, h = nn.GRUCell(4, 3), None
    with gs.record(cell) as recording:
        for x in X[:, 0]:
            h = cell(x, h)
    assert_same(recording.only, gs.trace(cell, X[:, 0]))


@pytest.mark.parametrize("change", ["state", "sign of zero", "start", "batch", "weights", "weights behind torch"])
def test_a_cells_sequence_ends_where_a_call_does_not_go_on(change: str, X: Tensor) -> None:
    cell = nn.RNNCell(4, 3, nonlinearity="relu")
    nn.init.constant_(cell.bias_ih, -100.0)  # so that h is 0
    before = copy.deepcopy(cell)
    with gs.record(cell, batch=None) as recording:
        h = cell(X[1], cell(X[0]))
        if change.startswith("weights"):
            (cell.bias_hh.detach() if change == "weights" else cell.bias_hh.data).add_(1)
        changed = {"state": h + 1, "sign of zero": -h, "start": None, "batch": h[:2]}
        cell(X[2, :2] if change == "batch" else X[2], changed.get(change, h))
    first, second = recording.traces
    assert_same(first, gs.trace(before, X[:2]))  # with the weights that ran, not those of today
    assert len(second) == 1


def test_a_cell_that_goes_on_forever_is_written_in_parts(monkeypatch: pytest.MonkeyPatch, X: Tensor) -> None:
    cell, h = nn.GRUCell(4, 3), None
    monkeypatch.setattr("gatescope.recording.recorder._LONGEST", 4 * 3 * len(gs.trace(cell, X).cell().values))
    with gs.record(cell) as recording:
        for x in X:
            h = cell(x, h)
    first, second = recording.traces
    assert (len(first), len(second)) == (4, 3)
    assert same_bits(second.x, X[4:, :1])
    assert recording.differences["GRUCell"][1] < 1e-6


def test_a_shared_module_is_recorded_once_and_found_under_both_names(model: Any, X: Tensor) -> None:
    with gs.record(model, "again") as recording:
        model(X)
    assert recording.names == ("twice",)
    assert list(recording) == ["twice"]
    assert recording["again"][1] is recording["twice"][1]
    assert [trace.source for trace in recording.traces] == ["twice", "twice"]
    with gs.record(model) as recording:
        model(X)
    assert recording.names == model.recurrent


def test_a_wrapped_model_keeps_the_prefix(X: Tensor) -> None:
    model = nn.DataParallel(nn.Sequential(nn.LSTM(4, 3)))
    with gs.record(model) as recording:
        model(X)
    assert recording.names == ("module.0",)
    assert len(recording["module.0"]) == 1


def test_recordings_inside_each_other_both_record(X: Tensor) -> None:
    lstm = nn.LSTM(4, 3)
    with gs.record(lstm) as outer:
        lstm(X)
        with gs.record(lstm, batch=None) as inner:
            lstm(X)
        lstm(X)
    assert (len(outer.traces), len(inner.traces)) == (3, 1)
    assert not lstm._forward_hooks


def test_threads_may_call_the_same_module(X: Tensor) -> None:
    lstm = nn.LSTM(4, 3)
    with gs.record(lstm, batch=None) as recording:
        threads = [threading.Thread(target=lambda: [lstm(X) for _ in range(10)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            assert recording.problem is None  # reading while others write
        for thread in threads:
            thread.join()
    assert len(recording.traces) == len(recording.differences["LSTM"]) == 40
    assert not recording.skipped


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_dtypes(dtype: torch.dtype, X: Tensor) -> None:
    lstm = nn.LSTM(4, 3, dtype=dtype)
    with gs.record(lstm) as recording:
        lstm(X.to(dtype))
    assert recording.only.x.dtype == dtype


@pytest.mark.parametrize("kind", [*LAYERS, *CELLS])
def test_inference_mode(kind: Any, X: Tensor) -> None:
    module, x = kind(4, 3), X if kind in LAYERS else X[0]
    with gs.record(module) as recording, torch.inference_mode():
        module(x)
    assert recording.only.x.dtype == torch.float32
    assert not recording.skipped


@pytest.mark.parametrize("kind", [*LAYERS, *CELLS])
def test_autocast(kind: Any, X: Tensor) -> None:
    module, x = kind(4, 3), X if kind in LAYERS else X[0]
    with torch.autocast("cpu", torch.bfloat16):
        try:
            module(x)
        except RuntimeError as error:  # oneDNN has no LSTM in bfloat16 for processors without AVX-512
            if "could not create a primitive" not in str(error):
                raise
            pytest.skip(f"PyTorch itself cannot run it: {str(error).split('. ')[0]}")
        with gs.record(module) as recording:
            module(x)
            module(x.bfloat16())
    assert [trace.x.dtype for trace in recording.traces] == [torch.float32] * 2
    assert not recording.skipped


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("kind", [*LAYERS, *CELLS])
def test_on_a_cuda_device(kind: Any, X: Tensor) -> None:
    module, x = kind(4, 3).cuda(), X.cuda() if kind in LAYERS else X[0].cuda()
    state = torch.cuda.get_rng_state()
    with gs.record(module, batch=[2, 0]) as recording:
        module(x)
        with torch.autocast("cuda"):
            module(x)
    assert torch.equal(torch.cuda.get_rng_state(), state)
    expected = gs.trace(module, x[:, [2, 0]] if kind in LAYERS else x[None, [2, 0]])
    for trace in recording.traces:
        assert trace.x.device.type == "cpu"
        assert all(same_bits(value, expected.cell().values[name].cpu()) for name, value in trace.cell().values.items())
    assert len(recording.traces) == 2
    assert not recording.skipped
