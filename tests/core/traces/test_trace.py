"""What a trace gives of itself: quantities by name, pre-activations, and the states around each step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

import gatescope as gs
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


def packed(lengths: tuple[int, ...]) -> PackedSequence:
    return pack_sequence([torch.randn(n, 4) for n in lengths], enforce_sorted=False)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_steps_past_the_end_are_absent_not_zero(kind: str) -> None:
    trace = gs.trace(getattr(nn, kind)(4, 5, bidirectional=True), packed((3, 7, 5)))
    for cell in trace.cells.values():
        assert cell.present is not None
        assert cell.present.sum(dim=0).tolist() == [3, 7, 5]
        for name in (*cell.cell.names, *cell.cell.preactivation_names):
            values = cell.quantity(name)
            assert values[~cell.present].isnan().all(), name
            assert values[cell.present].isfinite().all(), name
    assert gs.verify(trace, gates=True).nonfinite is None


def test_the_graph_is_kept_whoever_asks_first() -> None:
    trace = gs.trace(nn.LSTM(3, 4), torch.randn(5, 3), grad=True)
    with torch.no_grad():
        assert trace.output.requires_grad
        assert trace.h_n.requires_grad
    trace.output.sum().backward()
    assert float(trace.cell().grad("f").abs().max()) > 0


@pytest.mark.parametrize(
    ("kind", "names"), [("GRU", "r z n h z_r z_z z_n"), ("RNN", "a h"), ("LSTM", "f i g c o h z_c")]
)
def test_quantities_are_attributes(make_trace: MakeTrace, kind: str, names: str) -> None:
    trace = make_trace(3, 5, kind=kind)
    for name in names.split():
        assert getattr(trace.cell(), name).shape == (6, 2, 5)
    with pytest.raises(AttributeError, match="but it is nothing"):
        trace.cell().nothing  # noqa: B018 - asked for
    with pytest.raises(gs.GatescopeError, match="The quantity must be "):
        trace.cell().quantity("nothing")


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_preactivations_of_a_packed_batch_are_numbers_wherever_there_is_a_step(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 2).to(dtype)
    x = nn.utils.rnn.pack_padded_sequence(torch.randn(60, 2, 3).to(dtype), [26, 60], enforce_sorted=False)
    cell = gs.trace(module, x).cell()
    assert cell.present is not None
    assert torch.equal(cell.z_f.isfinite().all(dim=-1), cell.present)


def test_a_preactivation_keeps_no_memory_but_its_own() -> None:
    z = gs.trace(nn.LSTM(3, 8), torch.zeros(50, 3)).cell().z_f
    assert z.untyped_storage().nbytes() == z.nbytes


def test_torchs_letter_g_is_the_candidate(make_trace: MakeTrace) -> None:
    cell = make_trace(3, 4).cell()
    assert cell.g is cell.c_tilde
    assert cell.quantity("g") is cell.quantity("c_tilde")


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_each_step_starts_where_the_one_before_it_ended(direction: str) -> None:
    lengths = (3, 7, 5)
    hx = tuple(torch.randn(2, 3, 5) for _ in range(2))
    trace = gs.trace(nn.LSTM(4, 5, bidirectional=True), packed(lengths), hx)
    cell = trace.cell(0, direction)
    for name in ("h", "c"):
        states, before, first = cell.quantity(name), cell.state_before(name), cell.before[name]
        for element, length in enumerate(lengths):
            ran = range(length) if direction == "forward" else range(length - 1, -1, -1)
            start = first[element]
            for t in ran:
                assert torch.equal(before[t, element], start)
                start = states[t, element]
            assert torch.equal(cell.last(name)[element], start)


def test_arrays_are_named_by_their_place() -> None:
    trace = gs.trace(nn.GRU(4, 5, 2, dtype=torch.bfloat16), torch.randn(6, 4).bfloat16())
    arrays = trace.to_numpy()
    assert list(arrays) == [f"l{layer}.forward.{name}" for layer in (0, 1) for name in ("r", "z", "n", "h")]
    assert torch.equal(torch.from_numpy(arrays["l1.forward.h"]), trace.cell(1).h.float())
    assert repr(trace) == "<Trace: nn.GRU(4, 5, num_layers=2, dtype=torch.bfloat16), T = 6, B = 1>"
