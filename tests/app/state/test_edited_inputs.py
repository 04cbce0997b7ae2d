"""Setups with edits by hand: what is fed, started from and computed with then; and what is left of them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import gatescope as gs
from gatescope.edits.edits import Edit, Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope.formats.sequences import Sequence
from gatescope_app.cli.command_line import main
from gatescope_app.cli.console import MATCHES
from gatescope_app.state.network_changes import with_network
from gatescope_app.state.runs import (
    Setup,
    edited,
    example_setup,
    on_device,
    recorded_setup,
    run,
    with_arithmetic,
    with_sequence,
)
from gatescope_app.state.sources import Edited, FromSeed

Make = Callable[..., Setup]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(gs.GatescopeError) as error:
        call()
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


@pytest.fixture
def recorded(tmp_path: Path) -> Setup:
    """Return a recorded run of an LSTM with states of its own."""
    module = gs.build(gs.ModuleSpec(3, 4), 1)
    trace = gs.trace(module, torch.randn(5, 2, 3), (torch.ones(1, 2, 4), torch.ones(1, 2, 4)), tokens=list("abcde"))
    trace.save(tmp_path / "run.gates")
    return recorded_setup(gs.load(tmp_path / "run.gates").only, "run.gates")


# ---- what is changed ----


def test_without_edits_it_is_the_original_itself(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    assert edited(setup, ()) is setup
    assert edited(edited(setup, (InputEdit(0, 0, 1.0),)), ()) is setup


@pytest.mark.parametrize("line", ["nn.LSTM(3, 4)", "nn.LSTM(3, 4, batch_first=True)", "nn.GRUCell(3, 4)"])
@pytest.mark.parametrize("batch", [None, 2])
def test_an_input_is_changed_in_every_layout(make_setup: Make, line: str, batch: int | None) -> None:
    setup = make_setup(line, batch=batch)
    before = setup.sequence.values.copy()
    element = 0 if batch is None else 1
    changed = edited(setup, (InputEdit(3, 2, 0.5, element), InputEdit(4, 0, 0.25), InputEdit(4, 0, 0.75)))
    right = np.array(setup.inputs(element))
    right[3, 2] = 0.5
    if batch is None:
        right[4, 0] = 0.75
    np.testing.assert_array_equal(changed.inputs(element), right)
    np.testing.assert_array_equal(setup.sequence.values, before)
    assert float(run(changed).trace.x[3, element, 2]) == 0.5
    assert (changed.original, changed.seed, changed.states) == (setup, setup.seed, setup.states)


def test_a_token_is_its_name_and_its_numbers() -> None:
    setup = example_setup("hello")
    row = tuple(setup.inputs(0)[3])
    changed = edited(setup, (TokenEdit(0, "l", row),))
    assert changed.sequence.tokens == ("l", *(setup.sequence.tokens or ())[1:])
    np.testing.assert_array_equal(changed.inputs(0)[0], row)
    result = run(changed)
    assert result.trace.tokens == changed.sequence.tokens
    assert result.report.verdict.code == "matches"  # nn.LSTM has a counterpart of all of it


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize(
    "line", ["nn.LSTM(3, 4, 2, bidirectional=True)", "nn.LSTMCell(3, 4)", "nn.LSTM(3, 4, proj_size=2)"]
)
def test_a_state_is_made_where_there_was_none(make_setup: Make, line: str, batch: int | None) -> None:
    setup = make_setup(line, batch=batch)
    layer, direction = setup.spec.cells()[-1]
    element = 0 if batch is None else 1
    changed = edited(setup, (StateEdit("c0", layer, direction, 1, 0.5, element),))
    assert changed.states["c0"].shape == setup.spec.state_shape("c0", batch)
    result = run(changed)
    c0 = result.trace.cell(layer, direction).c0
    assert c0.nonzero().tolist() == [[element, 1]]
    assert float(c0[element, 1]) == 0.5
    assert result.report.verdict.code == "matches"
    assert setup.states == {}


def test_a_state_that_is_there_keeps_its_other_numbers(recorded: Setup) -> None:
    changed = edited(recorded, (StateEdit("h0", 0, "forward", 2, 0.5, 1),))
    h0 = run(changed).trace.cell().h0
    assert h0.flatten().tolist() == [1.0] * 6 + [0.5, 1.0]
    assert set(changed.states) == {"h0", "c0"}


def test_a_weight_is_changed_and_the_source_says_so(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", seed=7)
    changed = edited(setup, (WeightEdit("weight_ih_l0", (3, 1), 0.2), WeightEdit("bias_hh_l0", (15,), -1.0)))
    assert isinstance(changed.source, Edited)
    assert (changed.source.name, changed.source.seed, changed.source.place) == ("seed 7, edited", None, "")
    ours, theirs = run(changed), run(setup)
    assert (ours.trace.seed, theirs.trace.seed) == (None, 7)
    assert float(ours.trace.weights["weight_ih_l0"][3, 1]) == pytest.approx(0.2)
    assert float(ours.trace.weights["bias_hh_l0"][15]) == -1.0
    different = [name for name, w in ours.trace.weights.items() if not torch.equal(w, theirs.trace.weights[name])]
    assert different == ["weight_ih_l0", "bias_hh_l0"]
    assert ours.report.verdict.code == "matches"


def test_other_edits_keep_the_seed(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", seed=7)
    assert run(edited(setup, (InputEdit(0, 0, 1.0), Hold("f", 1.0)))).trace.seed == 7


def test_holds_are_run_with(make_setup: Make) -> None:
    setup = make_setup("nn.GRU(3, 4)")
    hold = Hold("z", 0.5, 2, 4)
    result = run(edited(setup, (hold,)))
    assert result.trace.holds == result.setup.holds == (hold,)
    assert result.report.verdict.code == "matches_where_comparable"


def test_all_kinds_at_once_act_as_each_alone(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    edits = (
        Hold("f", 1.0, 4, 5),
        InputEdit(1, 0, 2.0),
        StateEdit("h0", 0, "forward", 0, 0.5),
        WeightEdit("bias_ih_l0", (0,), 1.0),
    )
    result = run(edited(setup, edits))
    module = setup.source.network(setup.spec)
    with torch.no_grad():
        module.bias_ih_l0[0] = 1.0
    x, h0 = torch.as_tensor(setup.sequence.values, dtype=torch.float32).clone(), torch.zeros(1, 4)
    x[1, 0], h0[0, 0] = 2.0, 0.5
    right = gs.trace(module, x, (h0, torch.zeros(1, 4)), holds=[Hold("f", 1.0, 4, 5)])
    assert gs.effect(right, result.trace).first is None


def test_undone_edits_give_the_original_run_bit_for_bit(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4, 2)")
    history = gs.History().do(WeightEdit("weight_ih_l0", (0, 0), 3.0)).do(Hold("f", 0.0, 2))
    first = run(setup).trace
    assert gs.effect(first, run(edited(setup, history.edits)).trace).first is not None
    assert gs.effect(first, run(edited(setup, history.undo().undo().edits)).trace).first is None


# ---- what is refused ----


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (InputEdit(9, 0, 1.0), "“x[0] at t = 9 set to 1” does not fit this run: t must be 0 … 5, but it is 9."),
        (TokenEdit(0, "a", (1.0,) * 3), "The edit “token at t = 0 set to 'a'” does not fit this run: The steps of"),
        (Hold("r", 1.0), "The edit “r held at 1 at every step” does not fit this run: The quantity must be f, i"),
        (WeightEdit("weight_ih_l1", (0, 0), 1.0), "parameter must be weight_ih_l0, weight_hh_l0, bias_ih_l0,"),
    ],
)  # fmt: skip
def test_an_edit_of_another_network_is_refused_by_its_name(make_setup: Make, edit: Edit, words: str) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    assert words in refusal(lambda: edited(setup, (InputEdit(0, 0, 1.0), edit)))


def test_a_packed_sequence_is_edited_where_it_is(tmp_path: Path) -> None:
    from torch.nn.utils.rnn import pack_padded_sequence

    packed = pack_padded_sequence(torch.randn(5, 2, 3), [5, 2], enforce_sorted=False)
    gs.trace(gs.build(gs.ModuleSpec(3, 4), 1), packed).save(tmp_path / "run.gates")
    setup = recorded_setup(gs.load(tmp_path / "run.gates").only, "run.gates")
    assert "t must be 0 … 1, but it is 2." in refusal(lambda: edited(setup, (InputEdit(2, 0, 1.0, 1),)))
    trace = run(edited(setup, (InputEdit(1, 0, 1.0, 1),))).trace
    assert float(trace.x[1, 1, 0]) == 1.0
    assert trace.x[2:, 1].isnan().all()


# ---- recordings, and what is left of edits elsewhere ----


def test_a_recording_with_edits_is_run_again_from_its_weights(recorded: Setup) -> None:
    result = run(edited(recorded, (InputEdit(4, 0, 1.0),)))
    assert result.trace is not recorded.source.recorded
    assert recorded.source.recorded is not None
    first = gs.effect(recorded.source.recorded, result.trace).first
    assert first is not None
    assert first.t == 4
    assert result.setup.source.name == "run.gates"


def test_a_recording_of_a_held_run_keeps_its_holds_when_it_is_run_again(tmp_path: Path) -> None:
    hold = Hold("f", 0.25, 2, 3)
    gs.trace(gs.build(gs.ModuleSpec(3, 4), 1), torch.randn(5, 3), holds=[hold]).save(tmp_path / "held.gates")
    setup = recorded_setup(gs.load(tmp_path / "held.gates").only, "held.gates")
    assert run(setup).trace.holds == (hold,)
    again = run(edited(setup, (InputEdit(4, 0, 1.0), Hold("i", 0.5)))).trace
    assert again.holds == (hold, Hold("i", 0.5))
    assert with_sequence(setup, Sequence(np.ones((2, 3)))).holds == ()
    assert main(["trace", str(tmp_path / "held.gates")]) == MATCHES


def test_edits_stay_on_another_device_or_in_another_arithmetic(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    edits = (InputEdit(1, 0, 2.0), Hold("f", 1.0), WeightEdit("bias_ih_l0", (0,), 1.0))
    for moved in (on_device(edited(setup, edits), "cpu"), with_arithmetic(edited(setup, edits), "ieee")):
        assert moved.edits == edits
        assert moved.unedited.source == FromSeed(0)
        assert moved.holds == (Hold("f", 1.0),)
        assert gs.effect(run(moved).trace, run(edited(setup, edits)).trace).first is None
    assert on_device(setup, "cpu").edits == ()


def test_another_sequence_or_network_begins_without_edits(make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    changed = edited(
        setup,
        (
            InputEdit(1, 0, 2.0),
            StateEdit("h0", 0, "forward", 0, 1.0),
            Hold("f", 1.0),
            WeightEdit("bias_ih_l0", (0,), 1.0),
        ),
    )
    other = with_sequence(changed, Sequence(np.ones((4, 3))))
    assert (other.edits, other.holds, other.original, other.source) == ((), (), None, FromSeed(0))
    network = with_network(changed, gs.ModuleSpec(3, 4, kind="GRU"), FromSeed(2))
    assert (network.edits, network.holds, network.states) == ((), (), {})
    assert network.sequence is setup.sequence


@pytest.mark.parametrize("name", ["hello", "latch", "brackets", "sine", "impulse"])
def test_every_example_can_be_edited(name: str) -> None:
    setup = example_setup(name)
    gate = setup.spec.cell.gates[0]
    any_of_it: tuple[Edit, ...] = (InputEdit(1, 0, 0.5), Hold(gate, 0.5, 1, 3), WeightEdit("bias_ih_l0", (0,), 1.0))
    result = run(edited(setup, any_of_it))
    assert result.report.verdict.code == "matches_where_comparable"
    assert result.setup.example is setup.example


def test_a_setup_says_what_edits_must_fit(make_setup: Make) -> None:
    setup: Any = make_setup("nn.LSTM(3, 4, batch_first=True)", batch=2)
    shape = setup.shape
    assert (shape.spec, shape.steps, shape.batch, shape.tokens, shape.lengths) == (setup.spec, 6, 2, False, None)
