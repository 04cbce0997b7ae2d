"""What an expression means: its names, its functions, and what lies before the first and after the last step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

import gatescope as gs
from gatescope.debugging.expressions.compiled import Expression, compile_condition, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.messages.message import Message
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]

NAN = float("nan")


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Return a trace of two layers in both directions, whose input is a text of seven characters."""
    torch.manual_seed(0)
    sequence = torch.randn(7, 4)
    return replace(gs.trace(nn.LSTM(4, 3, num_layers=2, bidirectional=True), sequence), tokens=tuple("hello, "))


def names_of(trace: Trace) -> Names:
    return Names.of(trace.spec, tokens=trace.tokens is not None, reference=True)


def evaluated(text: str, trace: Trace, layer: int = 0, direction: str = "forward", report: Any = None) -> Any:
    return compile_expression(text, names_of(trace)).evaluate(StepArrays(trace, report, layer, direction))


def with_values(trace: Trace, direction: str = "forward", lengths: list[int] | None = None, **values: Any) -> Trace:
    """Return a trace whose first cell has those values of unit 0: one for each step, of the only batch element."""
    cell = trace.cell(0, direction)
    changed = dict(cell.values)
    for name, steps in values.items():
        changed[name] = cell.values[name].clone()
        changed[name][..., 0] = torch.tensor(steps)[:, None]
    return trace.with_cell(replace(cell, values=changed, lengths=None if lengths is None else torch.tensor(lengths)))


# ---------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_every_quantity_and_preactivation_is_a_name_and_its_values_are_the_traces(kind: str, direction: str) -> None:
    trace = gs.trace(getattr(nn, kind)(4, 3, bidirectional=True), torch.randn(5, 2, 4))
    cell = trace.cell(0, direction)
    for name in (*trace.spec.cell.names, *trace.spec.cell.preactivation_names):
        assert np.array_equal(evaluated(name, trace, 0, direction), cell.quantity(name).numpy()), name
    assert np.array_equal(evaluated("x", trace, 0, direction), trace.x.numpy())


def test_torch_s_letter_is_another_name(trace: Trace) -> None:
    assert np.array_equal(evaluated("g", trace), trace.cell().c_tilde.numpy())
    assert compile_expression("g[0] > f[1]", names_of(trace)).uses == {"c_tilde", "f"}


def test_the_names_of_the_place_say_where_the_cell_is(trace: Trace) -> None:
    batch = gs.trace(nn.LSTM(4, 3), torch.randn(6, 2, 4))
    assert evaluated("t", batch).tolist() == [[t, t] for t in range(6)]
    assert evaluated("batch", batch).tolist() == [[0, 1]] * 6
    assert evaluated("layer", trace, 1).tolist() == [[1]] * 7
    assert evaluated("direction", trace, 1, "reverse").tolist() == [["reverse"]] * 7
    assert evaluated("token", trace).ravel().tolist() == list("hello, ")


def test_a_deeper_layer_reads_the_h_of_the_one_below(trace: Trace) -> None:
    below = torch.cat([trace.cell(0, "forward").h, trace.cell(0, "reverse").h], dim=-1)
    assert np.array_equal(evaluated("x", trace, 1), below.numpy())


def test_a_unit_of_x_that_only_a_wider_layer_has_is_nan_in_the_others(trace: Trace) -> None:
    assert np.isnan(evaluated("x[5]", trace, 0)).all()
    assert evaluated("x[5]", trace, 0).dtype == np.float32
    assert np.isfinite(evaluated("x[5]", trace, 1)).all()
    assert not evaluated("(x > 0)[5] or (x <= 0)[5]", trace, 0).any()
    assert np.array_equal(evaluated("mean(x)", trace, 0), trace.x.numpy().mean(-1))
    assert compile_expression("x", names_of(trace)).width == 6
    assert evaluated("x", trace, 0).shape == (7, 1, 4)


def test_h_of_a_projection_has_fewer_units_and_no_range() -> None:
    names = Names.of(gs.ModuleSpec(4, 8, proj_size=2))
    with pytest.raises(ExpressionError, match="h has the units 0 to 1, but not 2"):
        compile_expression("h[2]", names)
    with pytest.raises(ExpressionError, match="h has none"):
        compile_expression("saturated(h, 0.9)", names)
    assert compile_expression("saturated(o[7], 0.9)", names).width is None


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (gs.ModuleSpec(4, 3, kind="RNN", nonlinearity="relu"), "saturated(h, 0.9)"),
        (gs.ModuleSpec(4, 3, kind="RNN"), "saturated(a, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(z_f, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(f + i, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(c[1], 0.9)"),
    ],
)
def test_what_has_no_range_cannot_be_saturated(spec: gs.ModuleSpec, text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, Names.of(spec))
    assert caught.value.code == "expression_no_limits"


def test_err_is_the_largest_error_over_its_bound_of_each_step(trace: Trace) -> None:
    report = gs.verify(trace, gates=True)
    for layer, direction in trace.cells:
        ratios = [report.ratio(name, layer, direction).numpy().max(-1) for name in report.compared]
        assert np.array_equal(evaluated("err", trace, layer, direction, report), np.max(ratios, axis=0))
    assert (evaluated("err", trace, report=report) < 1).all()


def test_err_leaves_out_what_is_nan_and_is_nan_where_nothing_can_be_compared() -> None:
    module, x = nn.LSTM(4, 3), torch.randn(4, 1, 4)
    trace = gs.trace(module, x)
    damaged = trace.cell().values | {"c": trace.cell().c.clone()}
    damaged["c"][2, 0, 1] = NAN
    report = gs.verify(trace.with_cell(replace(trace.cell(), values=damaged)), gates=False)
    err = evaluated("err", trace, report=report)
    assert np.isfinite(err[:2]).all()
    assert np.isinf(err[2])  # ours is not finite there, torch's is
    with torch.no_grad():
        module.weight_ih_l0[4] = NAN  # the forget gate of unit 1
    partly = gs.trace(module, x)
    assert partly.cell().f[0, 0, 1].isnan()
    assert np.isfinite(evaluated("err", partly, report=gs.verify(partly, gates=True))[0])
    x[1] = NAN
    nothing = gs.trace(module, x)
    assert np.isnan(evaluated("err", nothing, report=gs.verify(nothing))[1:]).all()
    assert np.isnan(evaluated("err", trace)).all()


def test_a_name_that_this_run_does_not_have_is_refused_with_the_reason() -> None:
    names = Names.of(gs.ModuleSpec(4, 3, kind="GRU"))
    with pytest.raises(ExpressionError, match="the steps of this sequence are numbers"):
        compile_expression('token == "l"', names)
    with pytest.raises(ExpressionError, match=r"not compared with nn\.GRU"):
        compile_expression("err > 1", names)
    assert "token" not in names.by_name
    assert {"token", "err"} <= set(Names.of(names.spec, tokens=True, reference=True).by_name)


def test_quantities_are_the_traces_own_memory_and_cannot_be_written_to(trace: Trace) -> None:
    arrays = StepArrays(trace)
    f = compile_expression("f", names_of(trace)).evaluate(arrays)
    assert np.shares_memory(f, trace.cell().f.numpy())
    assert arrays.read("f") is arrays.read("f")
    one = compile_expression("f", names_of(trace)).value_at(arrays, 1)
    assert isinstance(one, np.ndarray)
    for array in (f, arrays.read("f"), one):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_numbers_of_16_bits_follow_their_arrays() -> None:
    module, x = nn.LSTM(4, 3).to(torch.bfloat16), torch.randn(5, 4, dtype=torch.bfloat16)
    trace = gs.trace(module, x)
    assert evaluated("f", trace).dtype == np.float32
    assert np.array_equal(evaluated("f[0] * 2", trace), trace.cell().f[..., 0].float().numpy() * 2)


@pytest.mark.parametrize("tokens", [("a", "long" * 500, "a"), ("a", "a\0", "a")])
def test_tokens_of_any_length_are_compared_as_they_are(tokens: tuple[str, ...]) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(3, 1)), tokens=tokens)
    assert evaluated('token == "a"', trace).ravel().tolist() == [True, False, True]
    assert evaluated("token == prev(token)", trace).ravel().tolist() == [False, False, False]
    assert evaluated("token", trace).nbytes < 10_000


TOKENS = [(r'"\n"', "\n"), (r"'\''", "'"), (r'"\\"', "\\"), ('"你"', "你"), ('"{"', "{")]


@pytest.mark.parametrize(("written", "token"), TOKENS)
def test_any_token_can_be_written(written: str, token: str) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(2, 1)), tokens=(token, "x"))
    assert evaluated(f"token == {written}", trace).ravel().tolist() == [True, False]
    assert evaluated(f"{written} != token", trace).ravel().tolist() == [False, True]


# -------------------------------------------------------------------------------- before and after the steps


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_prev_is_the_step_that_ran_before_and_at_first_the_initial_state(direction: str) -> None:
    module = nn.LSTM(4, 3, bidirectional=True)
    states = torch.randn(2, 2, 2, 3)
    trace = gs.trace(module, torch.randn(5, 2, 4), tuple(states))
    cell = trace.cell(0, direction)
    for name in ("h", "c"):
        assert np.array_equal(evaluated(f"prev({name})", trace, 0, direction), cell.state_before(name).detach().numpy())
    first = 0 if direction == "forward" else 4
    twice = evaluated("prev(prev(c[1]))", trace, 0, direction)
    assert np.isnan(twice[first]).all()
    assert np.array_equal(twice[abs(first - 1)], cell.c0[:, 1].numpy())
    t = evaluated("prev(t)", trace, 0, direction)[:, 0]
    expected = [NAN, 0, 1, 2, 3] if direction == "forward" else [1, 2, 3, 4, NAN]
    assert np.array_equal(t, expected, equal_nan=True)
    t = evaluated("next(t)", trace, 0, direction)[:, 0]
    expected = [1, 2, 3, 4, NAN] if direction == "forward" else [NAN, 0, 1, 2, 3]
    assert np.array_equal(t, expected, equal_nan=True)


def test_before_the_first_step_only_what_reads_nothing_but_states_is_known() -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.ones(2, 1), (torch.ones(1, 1), torch.ones(1, 1))), tokens=("a", "b"))
    at_first = {
        "prev(c[0] > 0.5)": True, "prev(not c[0] > 0.5)": False, "prev(any(h == 1) and layer == 0)": True,
        "prev(not f[0] > 2)": False, "prev(c[0] > 0.5 or f[0] > 0)": False, 'prev(token != "b")': False,
        "prev(isnan(f))": False, "prev(next(c[0]) > -9)": False, "prev(t) < 1": False, "prev(sum(f > 2)) == 0": False,
        'prev(token) == ""': True, "prev(batch) == 0": True,
    }  # fmt: skip
    for text, expected in at_first.items():
        assert evaluated(text, trace)[0, 0] == expected, text
    assert evaluated('next(token) == ""', trace).ravel().tolist() == [False, True]
    assert evaluated("next(not f[0] > 2)", trace).ravel().tolist() == [True, False]


def packed() -> Trace:
    """Return a trace of a packed sequence of three elements of 2, 4 and 1 steps."""
    sequences = [torch.randn(steps, 2) for steps in (2, 4, 1)]
    return gs.trace(nn.LSTM(2, 3, bidirectional=True), pack_sequence(sequences, enforce_sorted=False))


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize("text", ["not f[0] > 2", "t >= 0", "1 < 2", "batch >= 0", "not prev(t) > 9"])
def test_a_condition_never_holds_where_a_packed_sequence_has_no_step(direction: str, text: str) -> None:
    trace = packed()
    condition = compile_condition(text, names_of(trace))
    arrays = StepArrays(trace, None, 0, direction)
    present = np.arange(4)[:, None] < [2, 4, 1]
    assert np.array_equal(condition.evaluate(arrays), present)
    for t, batch in np.ndindex(4, 3):
        assert condition.value_at(arrays, t, batch) is bool(present[t, batch])


def test_what_has_no_step_is_nan_or_empty() -> None:
    trace = packed()
    absent = np.arange(4)[:, None] >= [2, 4, 1]
    for text in ("t", "f[0]", "c", "layer", "sum(f > 2)"):
        assert np.array_equal(np.isnan(evaluated(text, trace)).reshape(4, 3, -1).all(-1), absent), text
    assert np.array_equal(evaluated("direction", trace) == "", absent)
    arrays = StepArrays(trace)
    assert np.isnan(compile_expression("c", names_of(trace)).value_at(arrays, 3, 0)).all()
    assert compile_expression("direction", names_of(trace)).value_at(arrays, 3, 0) == ""


def test_in_reverse_a_shorter_element_starts_at_its_own_end() -> None:
    trace = packed()
    cell = trace.cell(0, "reverse")
    trace = trace.with_cell(replace(cell, before={name: torch.full((3, 3), 7.0) for name in cell.before}))
    before = evaluated("prev(c[0])", trace, 0, "reverse")
    assert [before[1, 0], before[3, 1], before[0, 2]] == [7, 7, 7]
    assert np.array_equal(before[:3, 1], cell.c[1:, 1, 0].detach().numpy())
    after = evaluated("next(t)", trace)
    assert np.array_equal(after, [[1, 1, NAN], [NAN, 2, NAN], [NAN, 3, NAN], [NAN] * 3], equal_nan=True)


# ------------------------------------------------------------------------------------------------ functions


@pytest.mark.parametrize(
    ("values", "hits"),
    [
        ([-1, 1, 1, -1], [0, 1, 0, 1]),
        ([-1, 0, 1, 0], [0, 1, 0, 1]),  # touching the level is arriving there; leaving it is nothing
        ([1, 0, 1, 0], [0, 1, 0, 1]),
        ([0, 1, 0, 0], [0, 0, 1, 0]),
        ([-1, NAN, 1, -1], [0, 0, 0, 1]),
        ([1, -0.0, -1, 1], [0, 1, 0, 1]),
        ([float("-inf"), float("inf"), 0, 0], [0, 1, 1, 0]),
    ],
)
def test_crosses_is_coming_to_a_level_or_to_its_other_side(values: list[float], hits: list[int]) -> None:
    trace = with_values(gs.trace(nn.LSTM(1, 1, bidirectional=True), torch.zeros(4, 1)), c=values)
    assert evaluated("crosses(c[0], 0)", trace).ravel().tolist() == [bool(hit) for hit in hits]
    turned = with_values(trace, "reverse", c=values[::-1])
    assert evaluated("crosses(c[0], 0)", turned, 0, "reverse").ravel().tolist()[::-1] == [bool(hit) for hit in hits]


def test_crosses_counts_from_the_initial_state() -> None:
    trace = gs.trace(nn.LSTM(1, 1), torch.zeros(1, 1), (torch.zeros(1, 1), torch.full((1, 1), -1.0)))
    assert evaluated("crosses(c[0], -0.9)", with_values(trace, c=[1.0])).tolist() == [[True]]
    assert evaluated("crosses(f[0], 0)", with_values(trace, f=[1.0])).tolist() == [[False]]


def test_crosses_follows_a_level_that_moves_itself() -> None:
    trace = with_values(gs.trace(nn.LSTM(1, 1), torch.zeros(3, 1)), c=[1.0, 1.0, 1.0], f=[2.0, 0.5, 0.25])
    assert evaluated("crosses(c[0], f[0])", trace).ravel().tolist() == [False, True, False]
    assert compile_expression("crosses(c, 0)", names_of(trace)).width == 1


def test_saturated_is_the_fraction_of_units_near_an_end_of_their_range() -> None:
    trace = gs.trace(nn.LSTM(1, 4), torch.zeros(1, 1))
    f = torch.tensor([[[0.95, 0.96, 0.04, NAN]]])
    g = torch.tensor([[[-0.96, 0.96, 0.01, -0.95]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"f": f, "c_tilde": g}))
    assert evaluated("saturated(f, 0.95)", trace).tolist() == [[0.5]]
    assert evaluated("saturated(g, 0.95)", trace).tolist() == [[0.5]]
    assert evaluated("saturated(f, 0.9)", trace).tolist() == [[0.75]]
    assert [evaluated(f"saturated(f[{unit}], 0.95)", trace).item() for unit in range(4)] == [0, 1, 1, 0]
    assert evaluated("saturated(prev(h), 0)", trace).tolist() == [[0]]


def test_isnan_of_a_vector_is_whether_any_unit_is() -> None:
    trace = gs.trace(nn.LSTM(1, 3), torch.zeros(3, 1))
    h = torch.tensor([[[0.0, 1, 2]], [[0, NAN, 2]], [[NAN, NAN, NAN]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"h": h}))
    expected = {
        "isnan(h)": [0, 1, 1], "isnan(h[1])": [0, 1, 1], "isnan(h[0])": [0, 0, 1], "not isnan(h)": [1, 0, 0],
        "any(isnan(h))": [0, 1, 1], "all(isnan(h))": [0, 0, 1], "sum(isnan(h))": [0, 1, 3],
        "all(isfinite(h))": [1, 0, 0], "isnan(h) and t < 2": [0, 1, 0], "prev(isnan(h))": [0, 0, 1],
    }  # fmt: skip
    for text, values in expected.items():
        assert evaluated(text, trace).ravel().tolist() == values, text
    assert compile_condition("isnan(h)", names_of(trace)).width is None


def test_dividing_by_zero_gives_infinity_or_nan_without_a_word(trace: Trace) -> None:
    values = {"1 / 0": np.inf, "0 / 0": NAN, "t % 0": NAN, "(t + 1) / (t - t)": np.inf, "sum(f > 0) // 0": np.inf}
    for text, value in values.items():
        assert np.array_equal(evaluated(text, trace), np.full((7, 1), value), equal_nan=True), text


def test_python_s_numbers_leave_the_type_of_an_array_as_it_is(trace: Trace) -> None:
    for text in ("f[0] * 2", "f[0] + 1 / 3", "f[0] - layer", "-f[0] * (2 + 3 * 4)", "mean(f) % 0.5"):
        assert evaluated(text, trace).dtype == np.float32, text
    assert np.array_equal(evaluated("f[0] + 1 / 3", trace), trace.cell().f.numpy()[..., 0] + 1 / 3)


def test_the_result_has_one_value_for_each_step_and_element_whatever_is_in_it() -> None:
    trace = gs.trace(nn.LSTM(2, 3), torch.randn(4, 2, 2))
    for text in ("1", "t", "batch", "t + batch", "layer == 0", "direction", "f[0]", "1 < 2"):
        assert evaluated(text, trace).shape == (4, 2), text
    for text in ("f", "f + t", "c * batch", "prev(h)"):
        assert evaluated(text, trace).shape == (4, 2, 3), text


# --------------------------------------------------------------------------------------- one value, messages


def test_the_value_at_one_step_is_a_plain_one(trace: Trace) -> None:
    arrays, names = StepArrays(trace), names_of(trace)

    def at(text: str) -> Any:
        return compile_expression(text, names).value_at(arrays, 3)

    assert at("t") == 3.0
    assert isinstance(at("t"), float)
    assert isinstance(at("f[0]"), float)
    assert at("t == 3") is True
    assert at("token") == "l"
    assert at("f").shape == (3,)


def test_the_value_at_one_step_needs_only_the_steps_that_it_reads(trace: Trace) -> None:
    names = names_of(trace)
    for layer, direction in trace.cells:
        arrays = StepArrays(trace, None, layer, direction)
        for text in ("c[0]", "prev(c[0])", "next(next(h[1]))", "prev(prev(prev(t)))", "next(prev(c[2]))", "batch"):
            expression = compile_expression(text, names)
            whole = expression.evaluate(arrays)
            for t in range(7):
                assert np.array_equal(expression.value_at(arrays, t), whole[t, 0], equal_nan=True), (text, t)


def test_a_message_holds_values_as_people_write_them(trace: Trace) -> None:
    trace = with_values(trace, f=[0.43123] * 7, c=[-2.0] * 7)
    arrays, names = StepArrays(trace), names_of(trace)
    written = {
        "f = {f[0]}, C = {c[0]}": "f = 0.4312, C = -2", "{t}: {token}": "3: l", "{{{t}}}": "{3}", "plain": "plain",
        "": "", "{prev(t) / 0} {0 / 0}": "inf NaN", "{t > 2} {t > 3}": "true false", '{token == "}"}': "false",
        "{1e15 * 3} {t + 123456}": "3e+15 123459", "two\nlines": "two lines", "{{f}}": "{f}",
    }  # fmt: skip
    for text, expected in written.items():
        assert compile_message(text, names).at(arrays, 3) == expected
    assert compile_message("{token}{g[0]}", names).uses == {"token", "c_tilde"}
    assert compile_message("plain", names).uses == frozenset()


def test_a_message_shows_at_most_eight_units_of_a_vector() -> None:
    trace = gs.trace(nn.LSTM(1, 9), torch.zeros(1, 1))
    nine = torch.tensor([[[0.12, 0.5, 1, 2, 3, 4, 5, 6, 7]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"f": nine}))
    assert compile_message("{f}", names_of(trace)).at(StepArrays(trace), 0) == "[0.12 0.5 1 2 3 4 5 6 …]"
    assert compile_message("{x > 0}", names_of(trace)).at(StepArrays(trace), 0) == "[false]"


def test_a_token_that_would_break_the_line_is_written_as_in_python() -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(2, 1)), tokens=("\n", "\u202e"))
    message = compile_message("<{token}>", names_of(trace))
    assert [message.at(StepArrays(trace), t) for t in range(2)] == ["<\\n>", "<\\u202e>"]


def test_a_compiled_expression_serves_every_run_of_such_a_network(make_trace: MakeTrace) -> None:
    expression: Expression = compile_expression("f[0]", Names.of(gs.ModuleSpec(4, 3)))
    for seed in range(2):
        trace = make_trace(4, 3, seed=seed)
        assert np.array_equal(expression.evaluate(StepArrays(trace)), trace.cell().f[..., 0].numpy())


def test_a_cell_that_is_not_there_is_refused(trace: Trace) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        StepArrays(trace, None, 2, "forward")
    assert caught.value.message == Message("no_such_layer", {"last": 1, "value": 2})
