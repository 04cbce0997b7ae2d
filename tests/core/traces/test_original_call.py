"""The call that a trace is of: kept as it is, noticed where it changes, and no part of copies."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

import gatescope as gs
from gatescope.traces.original_call import OriginalCall


def test_it_holds_the_same_memory_and_no_graph() -> None:
    x = torch.randn(5, 2, 4, requires_grad=True)
    call = gs.trace(nn.LSTM(4, 3), x * 1, (torch.zeros(1, 2, 3), torch.ones(1, 2, 3))).call
    assert call is not None
    assert call.x.grad_fn is None
    leaf = gs.trace(nn.GRU(4, 3), x).call
    assert leaf is not None
    assert leaf.x.data_ptr() == x.data_ptr()


def test_it_notices_changes_that_torch_does_not_count() -> None:
    numbers = np.zeros((3, 2), dtype=np.float32)
    call = OriginalCall.of(nn.RNN(2, 2), torch.from_numpy(numbers), torch.zeros(1, 2))
    assert call.is_fed_the_same
    numbers[1, 1] = 5
    assert not call.is_fed_the_same


def test_it_notices_changes_of_states_and_of_packed_sequences() -> None:
    packed = pack_sequence([torch.randn(2, 4), torch.randn(5, 4)], enforce_sorted=False)
    h0, c0 = torch.zeros(1, 2, 3), torch.zeros(1, 2, 3)
    for changed in (c0, packed.data):
        call = OriginalCall.of(nn.LSTM(4, 3), packed, (h0, c0))
        assert call.is_fed_the_same
        changed[0] += 1
        assert not call.is_fed_the_same


def test_copies_of_a_trace_are_without_it() -> None:
    module = nn.LSTM(4, 3)
    module.register_forward_hook(lambda *_: None)  # which cannot be pickled
    trace = gs.trace(module, torch.randn(5, 2, 4))
    assert trace.call is not None
    for other in (copy.deepcopy(trace), pickle.loads(pickle.dumps(trace)), trace.mapped(torch.clone)):
        assert other.call is None
        assert torch.equal(other.cell().h, trace.cell().h)
