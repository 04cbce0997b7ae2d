"""torch's kernels called for one layer: the numbers are those of the modules that call the same."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells.cell import Cell
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_TANH
from gatescope.cells.values import Values
from gatescope.modules.kernel import one_cell_step, one_module_step, one_step, sequence, without_remarks
from gatescope.modules.network import cell_weights, live_weights, spec_of

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

KINDS = [("LSTM", {}), ("GRU", {}), ("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {"bias": False})]


def before_of(cell: Cell, rows: int, units: int) -> Values:
    return {name: torch.randn(rows, units) for name in cell.states}


@pytest.mark.parametrize(("kind", "options"), [*KINDS, ("LSTM", {"proj_size": 2})])
@torch.no_grad()
def test_a_sequence_is_what_the_layer_returns(kind: str, options: dict[str, Any]) -> None:
    module = getattr(nn, kind)(4, 3, **options)
    spec = spec_of(module)
    w = cell_weights(spec, live_weights(module, spec), 0, "forward")
    x, sizes = torch.randn(6, 2, 4), {"h": options.get("proj_size", 3), "c": 3}
    before = {name: torch.randn(2, sizes[name]) for name in spec.cell.states}
    states = tuple(state[None] for state in before.values())
    output, after = module(x, states if len(states) > 1 else states[0])
    h, last = sequence(spec.cell, w, x, before)
    assert torch.equal(h, output)  # the same call of the same kernel
    for name, state in zip(spec.cell.states, after if len(states) > 1 else (after,), strict=True):
        assert torch.equal(last[name], state[0])
    one = one_step(spec.cell, w, x[0], before)
    assert torch.equal(one["h"], sequence(spec.cell, w, x[:1], before)[0][0])


@pytest.mark.parametrize(("kind", "options"), KINDS)
@torch.no_grad()
def test_a_step_of_a_cell_is_what_the_cell_returns(kind: str, options: dict[str, Any]) -> None:
    module = getattr(nn, f"{kind}Cell")(4, 3, **options)
    spec = spec_of(module)
    x, before = torch.randn(5, 4), before_of(spec.cell, 5, 3)
    states = tuple(before.values())
    after = module(x, states if len(states) > 1 else states[0])
    found = one_cell_step(spec.cell, cell_weights(spec, live_weights(module, spec), 0, "forward"), x, before)
    for name, state in zip(spec.cell.states, after if len(states) > 1 else (after,), strict=True):
        assert torch.equal(found[name], state)


@torch.no_grad()
def test_a_module_that_takes_one_row_is_called_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    cell, module = LSTM, nn.LSTMCell(4, 3)
    x, before = torch.randn(5, 4), before_of(cell, 5, 3)
    monkeypatch.setattr(LSTM, "takes_batch", False)
    after = one_module_step(cell, module, x, before)
    for n in range(5):
        h, c = module(x[n], (before["h"][n], before["c"][n]))
        assert torch.equal(after["h"][n], h)
        assert torch.equal(after["c"][n], c)


def test_states_of_another_shape_are_refused() -> None:
    class Wider(nn.Module):
        def forward(self, x: Tensor, h: Tensor) -> Tensor:
            return torch.cat([h, h], dim=-1)

    with pytest.raises(gs.GatescopeError) as caught:
        one_module_step(RNN_TANH, Wider(), torch.zeros(5, 4), {"h": torch.zeros(5, 3)})
    assert caught.value.code == "own_states"
    assert tuple(caught.value.message.params[name] for name in ("expected", "given")) == ((5, 3), (5, 6))


def test_only_remarks_on_speed_are_silenced() -> None:
    without_remarks(lambda: warnings.warn("LSTM with projections is not supported with oneDNN", stacklevel=1))
    with pytest.warns(UserWarning, match="something else"):
        without_remarks(lambda: warnings.warn("something else", stacklevel=1))
