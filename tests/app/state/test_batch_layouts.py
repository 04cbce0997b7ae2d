"""How a batch is read, and how the same sequences are laid out for another network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import gatescope as gs
from gatescope.formats.sequences import Sequence
from gatescope_app.state.batch_layouts import (
    describe_reading,
    laid_out,
    read_as,
    reading_is_open,
    require_reading,
)
from gatescope_app.state.runs import Setup
from gatescope_app.state.sources import FromSeed

Make = Callable[..., Setup]


class Untold(FromSeed):
    """Weights that do not tell batch_first, as those of a checkpoint."""

    tells_batch_first = False


def test_an_array_is_read_both_ways() -> None:
    values = np.zeros((10, 28, 4))
    assert str(describe_reading(values, batch_first=True)) == "10 sequences of 28 steps"
    assert str(describe_reading(values, batch_first=False)) == "28 sequences of 10 steps"
    assert str(describe_reading(np.zeros((1, 28, 4)), batch_first=True)) == "1 sequence of 28 steps"
    assert str(describe_reading(np.zeros((1, 28, 4)), batch_first=False)) == "28 sequences of 1 step"
    assert str(describe_reading(np.zeros((1, 1, 4)), batch_first=True)) == "1 sequence of 1 step"


def test_reading_otherwise_keeps_the_array_and_the_weights(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(4, 3)", steps=7, batch=10)
    other = read_as(setup, batch_first=True)
    assert other.sequence is setup.sequence
    assert other.source is setup.source
    assert (other.steps, other.batch_size, other.spec.batch_first) == (10, 7, True)
    assert read_as(setup, batch_first=False) is setup


def test_a_cells_array_is_turned_round(make_setup: Make) -> None:
    setup = make_setup("nn.LSTMCell(4, 3)", steps=7, batch=10)
    other = read_as(setup, batch_first=True)
    assert (other.steps, other.batch_size, other.spec) == (10, 7, setup.spec)
    assert np.array_equal(other.inputs(6)[9], setup.inputs(9)[6])


@pytest.mark.parametrize("kind", ["LSTM", "LSTMCell"])
def test_the_same_sequences_are_laid_out_as_another_network_takes_them(make_setup: Make, kind: str) -> None:
    setup = make_setup("nn.LSTM(4, 3, batch_first=True)", steps=7, batch=10)
    spec = gs.ModuleSpec(4, 3, kind=kind)
    other = Setup(spec, laid_out(setup.sequence, setup.spec, spec))
    assert (other.steps, other.batch_size) == (7, 10)
    assert all(np.array_equal(other.inputs(b), setup.inputs(b)) for b in range(10))
    assert laid_out(setup.sequence, setup.spec, setup.spec) is setup.sequence
    single = Sequence(np.zeros((7, 4)))
    assert laid_out(single, setup.spec, spec) is single


def test_it_is_open_only_while_the_weights_do_not_tell_and_no_batch_was_fed(make_setup: Make) -> None:
    single, batch = make_setup("nn.LSTM(4, 3)"), make_setup("nn.LSTM(4, 3)", batch=2)
    assert not reading_is_open(single)
    assert reading_is_open(replace(single, source=Untold()))
    assert not reading_is_open(replace(batch, source=Untold()))
    said = replace(single, source=Untold(), spec=replace(single.spec, batch_first=True))
    assert not reading_is_open(said)


def test_a_batch_is_refused_where_the_weights_do_not_tell(make_setup: Make) -> None:
    batch = make_setup("nn.LSTM(4, 3)", steps=7, batch=10)
    require_reading(batch, "model.pt")
    require_reading(replace(make_setup("nn.LSTM(4, 3)"), source=Untold()), "model.pt")
    with pytest.raises(gs.GatescopeError, match="7 sequences of 10 steps with the batch first, 10 sequences of 7"):
        require_reading(replace(batch, source=Untold()), "model.pt")
