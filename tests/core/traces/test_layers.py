"""One layer in one direction: the plain loop, the kernel with what follows from its h, and the scan."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gatescope.cells.arithmetic import IEEE64
from gatescope.cells.cell import Cell
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_TANH
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.modules.kernel import sequence
from gatescope.modules.network import cell_weights, live_weights, spec_of
from gatescope.traces import layers
from gatescope.traces.layers import by_equations, by_kernel, one_step, rows_apart, scan

CELLS = [LSTM, GRU, RNN_TANH]
T, B, K, H = 7, 2, 3, 4


def drawn(cell: Cell, dtype: torch.dtype = torch.float64) -> tuple[Weights, Tensor, Values]:
    module = getattr(nn, cell.name)(K, H, dtype=dtype).requires_grad_(requires_grad=False)
    spec = spec_of(module)
    w = cell_weights(spec, live_weights(module, spec), 0, "forward")
    return w, torch.randn(T, B, K, dtype=dtype), {name: torch.randn(B, H, dtype=dtype) for name in cell.states}


def ignored(_count: int) -> None:
    pass


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("reverse", [False, True])
def test_the_loop_is_one_step_after_the_other(cell: Cell, reverse: bool) -> None:
    w, x, before = drawn(cell)
    counted: list[int] = []
    record = by_equations(cell, w, x, before, reverse=reverse, present=None, done=counted.append)
    assert counted == [1] * T
    for t in range(T - 1, -1, -1) if reverse else range(T):
        step = cell.step(torch.cat([x[t], before["h"]], dim=1), before, w)
        assert all(torch.equal(record[name][t], step[name]) for name in cell.names)
        before = {name: step[name] for name in cell.states}


@pytest.mark.parametrize("reverse", [False, True])
def test_past_its_end_an_element_keeps_its_states(reverse: bool) -> None:
    w, x, before = drawn(LSTM)
    present = torch.arange(T)[:, None] < torch.tensor([T, 3])
    record = by_equations(LSTM, w, x, before, reverse=reverse, present=present, done=ignored)
    for name in LSTM.states:
        kept = before[name] if reverse else record[name][2]
        assert all(torch.equal(record[name][t][1], kept[1]) for t in range(3, T))
    short = by_equations(LSTM, w, x[:3], before, reverse=reverse, present=None, done=ignored)
    assert all(torch.equal(record[name][t][1], short[name][t][1]) for name in LSTM.names for t in range(3))


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("part", [1 << 24, 1])
def test_what_the_kernel_does_not_return_follows_from_its_h(
    cell: TorchCell, reverse: bool, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "_PART", part)
    w, x, before = drawn(cell)
    counted: list[int] = []
    record = by_kernel(cell, w, x, before, reverse=reverse, done=counted.append)
    assert sum(counted) == T
    ran, rows = (x.flip(0) if reverse else x), {name: of.flip(0) if reverse else of for name, of in record.items()}
    if part > T:
        assert torch.equal(rows["h"], sequence(cell, w, ran, before)[0])
    states = dict(before)
    for t in range(T):
        xh = torch.cat([ran[t], states["h"]], dim=1)
        step = cell.step(xh, states, w)
        bounds = cell.bound(xh, states, w, step, IEEE64)  # products of other sizes may add up in another order
        for name in cell.names[:-1]:  # but for h, which is the kernel's
            assert bool(((rows[name][t] - step[name]).abs() <= bounds[name]).all()), name
        states = {name: rows[name][t] for name in cell.states}


def test_a_scan_is_its_recurrence() -> None:
    kept, written, before = torch.rand(T, B, H), torch.randn(T, B, H), torch.randn(B, H)
    expected = []
    for t in range(T):
        before_t = expected[-1] if expected else before
        expected.append(kept[t] * before_t + written[t])
    place = written.clone()
    assert torch.equal(scan(kept, place, before), torch.stack(expected))
    assert torch.equal(place, torch.stack(expected))  # in the place of what was written
    infinite = scan(kept, torch.full((T, B, H), torch.inf), before)
    assert bool(infinite.isinf().all())  # and no warning


def test_in_16_bits_a_row_that_is_not_finite_is_computed_beside_no_other() -> None:
    seen: list[Any] = []

    def step(x: Tensor, before: Values) -> Values:
        seen.append(x.isfinite().all())
        return {"h": x.sum(dim=0, keepdim=True).expand_as(x) * 0 + x}  # a product that mixes rows

    x = torch.tensor([[1.0, 2.0], [torch.inf, 3.0]], dtype=torch.float16)
    h = rows_apart(step, x, {"h": torch.zeros_like(x)})["h"]
    assert h[0].tolist() == [1.0, 2.0]
    assert not h[1].isfinite().all()
    assert [bool(finite) for finite in seen] == [False, True]
    seen.clear()
    rows_apart(step, x.float(), {"h": torch.zeros(2, 2)})  # no such products there
    assert len(seen) == 1


def test_one_step_reads_x_and_h_side_by_side() -> None:
    w, x, before = drawn(GRU)
    expected = GRU.step(torch.cat([x[0], before["h"]], dim=1), before, w)
    assert all(torch.equal(value, expected[name]) for name, value in one_step(GRU, w, x[0], before).items())


@pytest.mark.parametrize(("cell", "gates"), [(LSTM, 4), (GRU, 3), (RNN_TANH, 1)], ids=["LSTM", "GRU", "RNN"])
def test_a_part_has_as_many_steps_as_there_is_room_for_their_gates(
    cell: Cell, gates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    w, _, _ = drawn(cell)
    for room, steps in ((gates * H * 3 * 5, 5), (gates * H * 3 * 6 - 1, 5), (1, 1)):
        monkeypatch.setattr(layers, "_PART", room)
        assert layers.steps_at_once(cell, w.hidden_size, 3) == steps
    monkeypatch.setattr(layers, "_PART", gates * H * 5)
    assert [layers.steps_at_once(cell, w.hidden_size, batch) for batch in (0, 1, 2, 5, 6)] == [5, 5, 2, 1, 1]


class Elsewhere(Tensor):
    """Numbers that are taken for those of another device, on which torch itself must go from step to step."""

    device = torch.device("cuda")  # type: ignore[assignment]  # a property in its base


def test_a_scan_on_another_device_is_the_same_recurrence() -> None:
    kept, written, before = torch.rand(T, B, H), torch.randn(T, B, H), torch.randn(B, H)
    expected = scan(kept, written.clone(), before)
    place = written.as_subclass(Elsewhere)
    found = scan(kept.as_subclass(Elsewhere), place, before.as_subclass(Elsewhere))
    assert found is place
    torch.testing.assert_close(found.as_subclass(Tensor), expected, rtol=1e-6, atol=1e-6)  # one rounding less


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("place", ["x", "h"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_one_number_of_a_row_that_is_not_finite_reaches_no_other_row(
    dtype: torch.dtype, place: str, value: float
) -> None:
    def step(x: Tensor, before: Values) -> Values:
        mixed = (x.sum() + before["h"].sum()) * 0  # a product that mixes rows
        return {"h": x + before["h"] + mixed, "c": x + mixed}

    x, h = torch.ones(3, 2, dtype=dtype), torch.full((3, 2), 2.0, dtype=dtype)
    {"x": x, "h": h}[place][1, 0] = value
    found = rows_apart(step, x, {"h": h})
    for name, right in (("h", 3.0), ("c", 1.0)):
        assert found[name][[0, 2]].tolist() == [[right, right]] * 2
        assert not found[name][1].isfinite().any()  # as it came, where all rows were computed together
