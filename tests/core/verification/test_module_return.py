"""What a module returns is read in one layout, and asking leaves a module as it was."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.verification.module_return import MovingError, OtherwiseError, left_as_it_was, places_of, returned


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_a_return_has_the_layout_of_the_trace(kind: str, one_by_one: bool) -> None:
    module = getattr(nn, kind)(4, 5).eval()
    x = torch.randn(6, 3, 4)
    given = [x, x[:, 0]] if kind.endswith("Cell") else [x, x[:, 0], pack_padded_sequence(x, [6, 2, 1])]
    for sequence in given:
        trace = gs.trace(module, sequence)
        with torch.no_grad():
            theirs, ours = returned(trace, module, sequence, None, one_by_one=one_by_one), places_of(trace)
        assert list(theirs) == list(ours)
        for name, value in ours.items():
            torch.testing.assert_close(theirs[name], value)


def test_a_cell_is_asked_from_the_recorded_states() -> None:
    module = nn.GRUCell(4, 5)
    x = torch.randn(6, 3, 4)
    trace = gs.trace(module, x)
    module.weight_hh.data.mul_(1000)  # on its own history it would be anywhere
    before = torch.cat([torch.zeros(1, 3, 5), trace.cell().h[:-1]])
    with torch.no_grad():
        theirs = returned(trace, module, x, None, one_by_one=True)["h"]
        assert torch.equal(theirs[4], module(x[4], before[4]))


def test_what_is_no_return_of_such_a_module_is_refused() -> None:
    x = torch.randn(6, 3, 4)
    trace = gs.trace(nn.LSTM(4, 5), x)
    right = torch.zeros(6, 3, 5), (torch.zeros(1, 3, 5), torch.zeros(1, 3, 5))
    returned(trace, lambda _x: right, x, None, one_by_one=False)
    for wrong in (None, right[0], (right[0], right[0]), (right[0].double(), right[1]), (right[0][:5], right[1])):
        with pytest.raises(OtherwiseError):
            returned(trace, lambda _x, wrong=wrong: wrong, x, None, one_by_one=False)  # type: ignore[misc]  # of it


def test_buffers_and_random_numbers_stay_as_they_were() -> None:
    module = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout())
    state = torch.get_rng_state()
    with pytest.raises(MovingError, match="running_mean"), left_as_it_was(module, torch.device("cpu")):
        module(torch.randn(8, 3))
    assert torch.equal(module.get_buffer("0.running_mean"), torch.zeros(3))
    assert torch.equal(torch.get_rng_state(), state)
    with left_as_it_was(module.eval(), torch.device("cpu")):
        module(torch.randn(8, 3))
