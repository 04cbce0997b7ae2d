"""What stays of a setup when its network becomes another: weights, sequences, states and edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.edits.edits import Hold, InputEdit, StateEdit, TokenEdit
from gatescope.edits.history import History
from gatescope.formats.checkpoints import open_checkpoint
from gatescope_app.state.network_changes import (
    fits_weights,
    left_out,
    takes_sequence,
    with_arguments,
    with_fitting_edits,
    with_network,
)
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, example_setup, recorded_setup, run
from gatescope_app.state.sources import FromCheckpoint, FromSeed

Make = Callable[..., Setup]


@pytest.mark.parametrize(
    ("argument", "fits"),
    [
        ({"batch_first": True}, True), ({"dropout": 0.5}, True), ({"dtype": "float64"}, True), ({"bias": False}, False),
        ({"hidden_size": 5}, False), ({"bidirectional": True}, False), ({"proj_size": 2}, False),
        ({"num_layers": 3}, False), ({"kind": "GRU"}, False), ({"input_size": 3}, False),
    ],
)  # fmt: skip
def test_weights_fit_where_every_parameter_does(argument: dict[str, object], fits: bool) -> None:
    old = gs.ModuleSpec(4, 3, 2)
    new = replace(old, **argument)  # type: ignore[arg-type]
    assert fits_weights(old, new) is fits
    assert (old.parameters() == new.parameters()) is fits


def test_other_arguments_keep_the_numbers_of_a_checkpoint(make_setup: Make, tmp_path: Path) -> None:
    lstm = nn.LSTM(3, 4, 2)
    torch.save(lstm.state_dict(), tmp_path / "m.pt")
    (found,) = open_checkpoint(tmp_path / "m.pt").modules
    setup = replace(make_setup("nn.LSTM(3, 4, num_layers=2)", batch=2), source=FromCheckpoint(found, tmp_path / "m.pt"))
    new = with_arguments(setup, gs.ModuleSpec(3, 4, 2, batch_first=True, dropout=0.5, dtype="float64"))
    weights = run(new).trace.weights
    assert all(torch.equal(weights[name], value.double()) for name, value in lstm.state_dict().items())


def test_a_recorded_batch_keeps_its_sequences_states_and_lengths(tmp_path: Path) -> None:
    gru = nn.GRU(2, 3, batch_first=True)
    x = nn.utils.rnn.pack_padded_sequence(torch.randn(3, 5, 2), [2, 5, 3], batch_first=True, enforce_sorted=False)
    with gs.record(gru, batch=None, path=tmp_path / "run.gates"):
        gru(x, torch.ones(1, 3, 3))
    old = recorded_setup(gs.load(tmp_path / "run.gates").traces[0], "run.gates")
    new = with_arguments(old, replace(old.spec, batch_first=False))
    assert (new.steps, new.batch_size, new.lengths) == (5, 3, (2, 5, 3))
    assert all(np.array_equal(new.inputs(b), old.inputs(b), equal_nan=True) for b in range(3))
    assert np.array_equal(new.states["h0"], old.states["h0"])
    assert new.source.recorded is None  # it is run now, with the same weights
    before, after = run(old).trace, run(new).trace
    assert torch.allclose(before.h_n, after.h_n, atol=1e-6)


def test_nothing_changes_without_another_argument() -> None:
    setup = example_setup("hello")
    assert with_arguments(setup, setup.spec) is setup


def test_an_example_goes_with_other_numbers_only() -> None:
    setup = example_setup("hello")
    assert with_arguments(setup, replace(setup.spec, batch_first=True)).example is setup.example
    assert with_network(setup, setup.spec, FromSeed(1)).example is None
    rnn = replace(setup, spec=gs.ModuleSpec(4, 4, kind="RNN"))
    assert with_arguments(rnn, replace(rnn.spec, nonlinearity="relu")).example is None


def test_the_arithmetic_stays_where_it_is_computed_as_before(make_setup: Make) -> None:
    setup = replace(make_setup("nn.LSTM(3, 4)"), arithmetic="ieee")
    assert with_arguments(setup, replace(setup.spec, batch_first=True)).arithmetic == "ieee"
    assert with_arguments(setup, replace(setup.spec, dtype="float64")).arithmetic is None


def test_what_a_network_cannot_take_becomes_an_impulse(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", batch=2)
    assert takes_sequence(setup, gs.ModuleSpec(3, 9, kind="GRUCell"))
    assert not takes_sequence(replace(setup, lengths=(6, 2)), gs.ModuleSpec(3, 9, kind="GRUCell"))
    other = with_network(setup, gs.ModuleSpec(5, 4), FromSeed(1))
    assert other.sequence.values.shape == (20, 5)


def test_edits_that_fit_stay_in_every_branch() -> None:
    setup = example_setup("hello")
    token, state = TokenEdit(1, "h", (0.0, 1.0, 0.0, 0.0)), StateEdit("h0", 0, "forward", 3, 0.5)
    history = History().do(token, state).branch("other").do(Hold("f", 1.0))
    former = Revision(setup, history, against="main")
    now = with_fitting_edits(former, with_network(setup, gs.ModuleSpec(4, 3), FromSeed(0)))
    assert (now.history.branches, now.history.current, now.against) == (("main", "other"), "other", "main")
    assert now.history.edits_of("main") == (token,)
    assert now.history.edits == (token, Hold("f", 1.0))
    assert left_out(former, now) == (state,)


def test_edits_of_a_sequence_go_with_it(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    former = Revision(setup, History().do(InputEdit(1, 0, 2.0), Hold("f", 1.0)))
    now = with_fitting_edits(former, with_network(setup, gs.ModuleSpec(5, 4), FromSeed(0)))
    assert now.history.edits == (Hold("f", 1.0),)
    assert left_out(former, now) == (InputEdit(1, 0, 2.0),)
