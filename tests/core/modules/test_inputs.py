"""What a module is fed: brought into one layout, and refused where the module would not take it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.modules.inputs import Inputs, checked_inputs
from gatescope.modules.network import first_weight, spec_of

MakeLSTM = Callable[..., nn.LSTM]
X = torch.zeros(5, 2, 4)
STATE = torch.zeros(1, 2, 3)


def read(module: nn.Module, x: Any, hx: Any = None) -> Inputs:
    with torch.no_grad():
        return checked_inputs(spec_of(module), x, hx, first_weight(module))


def refused(module: nn.Module, x: Any, hx: Any = None) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        read(module, x, hx)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("batch_first", [False, True])
def test_every_layout_becomes_time_major(make_lstm: MakeLSTM, batch_first: bool, any_sequence: Tensor) -> None:
    module = make_lstm(4, 3, batch_first=batch_first)
    hx = (torch.randn(1, 2, 3), torch.randn(1, 2, 3))
    found = read(module, any_sequence.transpose(0, 1) if batch_first else any_sequence, hx)
    assert torch.equal(found.x, any_sequence)
    assert found.x.data_ptr() != any_sequence.data_ptr()  # the run's own
    assert found.batched
    assert torch.equal(found.states["h0"], hx[0])
    assert torch.equal(found.states["c0"], hx[1])
    one = read(module, any_sequence[:, 1], (hx[0][:, 1], hx[1][:, 1]))
    assert torch.equal(one.x, any_sequence[:, 1:])
    assert not one.batched
    assert torch.equal(one.states["c0"], hx[1][:, 1:])


def test_a_packed_sequence_is_padded_with_zeros_and_tells_where_it_has_ended() -> None:
    sequences = [torch.randn(length, 4) for length in (2, 5, 3)]
    found = read(nn.GRU(4, 3), nn.utils.rnn.pack_sequence(sequences, enforce_sorted=False))
    assert found.lengths is not None
    assert found.lengths.tolist() == [2, 5, 3]
    assert not found.in_order
    assert found.present is not None
    assert found.present.sum(dim=0).tolist() == [2, 5, 3]
    for index, sequence in enumerate(sequences):
        assert torch.equal(found.x[: len(sequence), index], sequence)
        assert not found.x[len(sequence) :, index].any()
        assert found.present[: len(sequence), index].all()


@pytest.mark.parametrize(
    ("x", "code", "names"),
    [
        (torch.zeros(4), "sequence_dimensions", ["(T, 4)", "(T, B, K)", "(4,)"]),
        (torch.zeros(1, 5, 2, 4), "sequence_dimensions", ["(1, 5, 2, 4)"]),
        (torch.tensor(1.0), "sequence_dimensions", ["()"]),
        (torch.zeros(5, 2, 7), "sequence_width", ["7", "4"]),
        (torch.zeros(5, 1), "sequence_width", ["1", "4"]),
        (torch.zeros(0, 4), "sequence_empty", []),
        (torch.zeros(0, 2, 4), "sequence_empty", []),
        (torch.zeros(0, 0, 4), "sequence_empty", []),
        (X.double(), "sequence_dtype", ["float64", "float32"]),
        (X.half(), "sequence_dtype", ["float16", "float32"]),
        (X.long(), "sequence_dtype", ["int64", "float32"]),
        (X.to(torch.complex64), "sequence_dtype", ["complex64", "float32"]),
        (X.to("meta"), "sequence_device", ["meta", "cpu"]),
        ([[1.0, 2.0, 3.0, 4.0]], "sequence_not_tensor", ["list"]),
        (X.numpy(), "sequence_not_tensor", ["ndarray"]),
        (X[:, 0].to_sparse(), "sequence_not_tensor", ["dense"]),
        (nn.utils.rnn.pack_sequence([torch.zeros(5, 7)]), "sequence_width", ["7", "4"]),
        (nn.utils.rnn.pack_sequence([X[:, 0].double()]), "sequence_dtype", ["float64", "float32"]),
    ],
)
def test_a_sequence_that_does_not_fit_names_what_is_given_and_expected(
    make_lstm: MakeLSTM, x: Any, code: str, names: list[str]
) -> None:
    error = refused(make_lstm(4, 3), x)
    assert error.code == code
    for name in names:
        assert name in str(error)


def test_batch_first_is_told_in_the_networks_own_layout(make_lstm: MakeLSTM) -> None:
    assert "(B, T, K)" in str(refused(make_lstm(4, 3, batch_first=True), torch.zeros(4)))


@pytest.mark.parametrize(
    ("hx", "code", "names"),
    [
        ((torch.zeros(1, 2, 4), STATE), "state_shape", ["h0", "(1, 2, 3)", "(1, 2, 4)"]),
        ((STATE, torch.zeros(2, 2, 3)), "state_shape", ["c0", "(1, 2, 3)", "(2, 2, 3)"]),
        ((STATE[:, :1], STATE), "state_shape", ["h0", "(1, 2, 3)", "(1, 1, 3)"]),
        ((STATE[:, 0], STATE[:, 0]), "state_shape", ["h0", "(1, 2, 3)", "(1, 3)"]),
        ((STATE.double(), STATE), "state_dtype", ["h0", "float64", "float32"]),
        ((STATE, STATE.half()), "state_dtype", ["c0", "float16", "float32"]),
        ((STATE, STATE.to("meta")), "state_device", ["c0", "meta", "cpu"]),
        (STATE, "state_not_pair", ["Tensor"]),
        ((STATE,), "state_not_pair", ["tuple"]),
        ((STATE, STATE, STATE), "state_not_pair", ["tuple"]),
        ({"h0": STATE, "c0": STATE}, "state_not_pair", ["dict"]),
        ((STATE, None), "state_not_pair", ["Tensor", "NoneType"]),
        (([[0.0]], STATE), "state_not_pair", ["list", "Tensor"]),
    ],
)
def test_states_that_do_not_fit_name_what_is_given_and_expected(
    make_lstm: MakeLSTM, hx: Any, code: str, names: list[str]
) -> None:
    error = refused(make_lstm(4, 3), X, hx)
    assert error.code == code
    for name in names:
        assert name in str(error)


def test_states_without_a_batch_have_none_either(make_lstm: MakeLSTM) -> None:
    error = refused(make_lstm(4, 3, 2, bidirectional=True, proj_size=1), X[:, 0], (torch.zeros(4, 1, 1),) * 2)
    assert "(4, 1)" in str(error)
    gs.trace(make_lstm(4, 3), X[:, 0], (STATE[:, 0], STATE[:, 0]))


def test_a_list_of_two_states_is_a_pair(make_lstm: MakeLSTM) -> None:
    module = make_lstm(4, 3)
    listed = gs.trace(module, X, [STATE, STATE])  # type: ignore[arg-type]
    assert torch.equal(listed.output, gs.trace(module, X, (STATE, STATE)).output)


def test_a_packed_sequence_is_nothing_for_a_cell() -> None:
    error = refused(nn.LSTMCell(4, 3), nn.utils.rnn.pack_sequence([X[:, 0]]))
    assert error.code == "sequence_not_tensor"
    assert "PackedSequence" in str(error)


def test_the_state_of_a_gru_is_one_tensor() -> None:
    error = refused(nn.GRU(4, 3), X, (STATE, STATE))
    assert error.code == "state_not_tensor"
    assert "tuple" in str(error)
