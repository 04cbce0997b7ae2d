"""What an edit changes: where two runs first part, and by how much."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.effects import Effect

MakeTrace = Callable[..., Trace]
MakeModule = Callable[..., Any]


def changed(trace: Trace, *places: tuple[int, str, str, tuple[int, int, int]], value: float = 9.0) -> Trace:
    """Return the trace with numbers of some cells changed: (layer, direction, quantity, place)."""
    for layer, direction, name, place in places:
        cell = trace.cell(layer, direction)
        values = cell.values[name].clone()
        values[place] = value
        trace = trace.with_cell(dataclasses.replace(cell, values=cell.values | {name: values}))
    return trace


def place_of(effect: Effect) -> tuple[Any, ...]:
    first = effect.first
    assert first is not None
    return first.layer, first.direction, first.quantity, (first.t, first.batch, first.unit)


def test_equal_runs_part_nowhere(make_trace: MakeTrace) -> None:
    effect = gs.effect(make_trace(3, 4, 2), make_trace(3, 4, 2))
    assert effect.first is None
    assert effect.output_change.size == effect.final_change.size == 0
    assert [str(message) for message in effect.summary] == ["nothing changes, bit for bit"]
    assert float(effect.difference("c", 1).abs().max()) == 0


def test_the_first_place_is_that_of_the_run_with_both_values(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    effect = gs.effect(trace, changed(trace, (0, "forward", "c", (4, 1, 2)), (0, "forward", "f", (4, 1, 3))))
    assert place_of(effect) == (0, "forward", "f", (4, 1, 3))  # teaching order within a step
    assert effect.first is not None
    assert effect.first.original == float(trace.cell().f[4, 1, 3])
    assert effect.first.edited == 9.0
    assert float(effect.difference("f")[4, 1, 3]) == pytest.approx(9.0 - effect.first.original)


@pytest.mark.parametrize("quantity", ["f", "i", "c_tilde", "c", "o", "h"])
@pytest.mark.parametrize("place", [(0, 0, 0), (5, 1, 3)])
def test_any_single_number_is_found(make_trace: MakeTrace, quantity: str, place: tuple[int, int, int]) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    for layer, direction in trace.cells:
        spot = (layer, direction, quantity, place)
        assert place_of(gs.effect(trace, changed(trace, spot))) == spot


def test_in_one_direction_all_layers_of_a_step_come_before_the_next_step(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2)
    late, early = (0, "forward", "f", (4, 0, 0)), (1, "forward", "h", (3, 1, 1))
    assert place_of(gs.effect(trace, changed(trace, late, early))) == early
    below, above = (0, "forward", "h", (3, 1, 1)), (1, "forward", "f", (3, 0, 0))
    assert place_of(gs.effect(trace, changed(trace, above, below))) == below


def test_in_two_directions_a_layer_is_complete_before_the_next_begins(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    below, above = (0, "reverse", "h", (5, 1, 1)), (1, "forward", "f", (0, 0, 0))
    assert place_of(gs.effect(trace, changed(trace, above, below))) == below
    forward, reverse = (0, "forward", "h", (5, 0, 0)), (0, "reverse", "f", (5, 0, 0))
    assert place_of(gs.effect(trace, changed(trace, reverse, forward))) == forward
    first, later = (0, "reverse", "h", (5, 1, 1)), (0, "reverse", "f", (2, 0, 0))
    assert place_of(gs.effect(trace, changed(trace, later, first))) == first


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell"])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2}, {"bidirectional": True}])
def test_a_hold_is_where_the_runs_part(make_lstm: MakeModule, kind: str, options: dict[str, Any]) -> None:
    if kind.endswith("Cell") and options:
        return
    module, x = make_lstm(3, 4, kind=kind, **options), torch.randn(8, 2, 3)
    plain = gs.trace(module, x)
    for name in plain.spec.cell.names:
        for layer, direction in plain.cells:
            hold = gs.Hold(name, 0.3, 4, 6, layer, direction, units=(2,), batch=(1,))
            first = 4 if direction == "forward" else 5
            found = gs.effect(plain, gs.trace(module, x, holds=[hold]))
            assert place_of(found) == (layer, direction, name, (first, 1, 2))


def test_an_edited_input_is_felt_from_its_step_on(make_lstm: MakeModule) -> None:
    module, x = make_lstm(3, 4), torch.randn(8, 2, 3)
    other = x.clone()
    other[5, 1, 2] += 1
    effect = gs.effect(gs.trace(module, x), gs.trace(module, other))
    assert place_of(effect)[3][:2] == (5, 1)
    assert bool((effect.difference("h")[:5] == 0).all())
    assert bool((effect.difference("h")[:, 0] == 0).all())


def test_what_the_output_changes_is_told(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    below = changed(trace, (0, "forward", "h", (2, 0, 0)))
    effect = gs.effect(trace, below)
    assert effect.output_change.size == 0  # the record alone was changed: the output of the last layer is the same
    assert effect.final_change.size == 0
    top = gs.effect(trace, changed(below, (1, "reverse", "h", (0, 1, 3)), value=-5.0))
    change = top.output_change
    assert (change.t, change.layer, change.direction, change.batch, change.unit) == (0, 1, "reverse", 1, 3)
    assert change.size == pytest.approx(float((trace.cell(1, "reverse").h[0, 1, 3] + 5).abs()))
    assert top.final_change == change  # t = 0 is the reverse direction's last step
    size = f"{change.size:.3g}"
    assert [str(message) for message in top.summary][1:] == [
        f"output changes by up to {size}: at t = 0, unit 3 (layer 1, reverse, batch element 1)",
        f"h_n changes by up to {size}: at t = 0, unit 3 (layer 1, reverse, batch element 1)",
    ]
    assert [str(message) for message in effect.summary][1:] == [
        "output stays the same, bit for bit", "h_n stays the same, bit for bit",
    ]  # fmt: skip


def test_nan_is_the_same_as_nan_and_else_infinitely_far(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    spot = (0, "forward", "h", (3, 1, 1))
    bad = changed(trace, spot, value=torch.nan)
    assert gs.effect(bad, bad).first is None
    effect = gs.effect(trace, bad)
    assert place_of(effect) == spot
    assert effect.output_change.size == torch.inf
    assert "is nan instead of" in str(effect.summary[0])


def test_the_words_show_even_the_smallest_change(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    place = (3, 1, 1)
    value = float(torch.nextafter(trace.cell().h[place], torch.tensor(9.0)))
    effect = gs.effect(trace, changed(trace, (0, "forward", "h", place), value=value))
    edited, original = str(effect.summary[0]).rpartition(" is ")[2].split(" instead of ")
    assert edited != original
    assert float(edited) == pytest.approx(value)


def test_packed_sequences_end_where_they_end(make_lstm: MakeModule) -> None:
    module = make_lstm(3, 4, bidirectional=True)
    packed = pack_padded_sequence(torch.randn(8, 2, 3), [3, 8], enforce_sorted=False)
    plain = gs.trace(module, packed)
    effect = gs.effect(plain, gs.trace(module, packed, holds=[gs.Hold("h", 0.5, 2, 3, batch=(0,))]))
    assert place_of(effect) == (0, "forward", "h", (2, 0, 0))
    assert (effect.final_change.t, effect.final_change.batch) == (2, 0)
    assert gs.effect(plain, plain).first is None


def test_other_dtypes_are_compared_in_the_finer_one(make_lstm: MakeModule) -> None:
    x = torch.randn(6, 2, 3)
    single, half = (gs.trace(make_lstm(3, 4, dtype=d), x.to(d)) for d in (torch.float32, torch.float16))
    assert gs.effect(single, half).difference("h").dtype == torch.float32
    assert gs.effect(half, half).difference("h").dtype == torch.float32
    assert gs.effect(single, half).first is not None


def test_runs_of_another_shape_are_refused(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    for other in (make_trace(3, 5), make_trace(3, 4, steps=7), make_trace(3, 4, kind="GRU")):
        with pytest.raises(gs.GatescopeError, match="Only runs of the same shape can be compared"):
            gs.effect(trace, other)
    with pytest.raises(gs.GatescopeError, match="A trace is needed"):
        gs.effect(trace, None)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(gs.GatescopeError, match="The quantity must be"):
        gs.effect(trace, trace).difference("r")


def test_progress_is_told_and_may_cancel(make_trace: MakeTrace) -> None:
    trace, told = make_trace(3, 4, 2), list[float]()
    gs.effect(trace, trace, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(_: float) -> None:
        raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        gs.effect(trace, trace, progress=stop)


def test_the_name_is_the_function_whatever_was_imported_first() -> None:
    import gatescope.verification.effects

    assert gs.effect is gatescope.verification.effects.effect
    assert gs.Effect is gatescope.verification.effects.Effect
