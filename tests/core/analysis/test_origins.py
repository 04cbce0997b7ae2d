"""Where a value came from: memories unrolled over the steps that wrote them, and the terms of a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.cells.kinds import CELLS
from gatescope.traces.trace import Trace, as_numpy

MakeTrace = Callable[..., Trace]
LSTM, GRU = CELLS[:2]
ENDS = ("forward", "reverse")


def numbers(trace: Trace, name: str, where: tuple[int, str, int, int]) -> Any:
    """One quantity of one unit over all positions, in float64."""
    layer, direction, batch, unit = where
    return as_numpy(trace.cell(layer, direction).quantity(name))[:, batch, unit].astype(np.float64)


def order_of(trace: Trace, direction: str, batch: int) -> list[int]:
    length = len(trace) if trace.lengths is None else int(trace.lengths[batch])
    steps = list(range(length))
    return steps if direction == "forward" else steps[::-1]


def most_apart(trace: Trace, where: tuple[int, str, int, int]) -> dict[int, float]:
    """How far the recorded memory may be, after each step, from the recurrence run exactly on the recorded gates.

    Let S follow S_t = kept_t S_(t-1) + written_t exactly. What is recorded rounds every product, sum and 1 - z once, so
    one step leaves that by at most ((1 + u)^n - 1) (|kept_t S_(t-1)| + |written_t|), where n is the most roundings that
    one of the two terms goes through: 2 in f C + i C̃, 3 in (1 - z) n + z h. A result below the normal range is rounded
    by at most u times the smallest normal number besides. A GRU's h may be the kernel's own, whose gates are off by the
    rounding of their pre-activations, too: then a step is off by at most what the verification allows it. What earlier
    steps were off by is multiplied by kept_t.
    """
    layer, direction, batch, unit = where
    cell, arithmetic = trace.cell(layer, direction), trace.arithmetic
    u = arithmetic.unit_roundoff
    if trace.spec.cell is LSTM:
        state, roundings, kept = "c", 2, numbers(trace, "f", where)
        written = numbers(trace, "i", where) * numbers(trace, "c_tilde", where)
    else:
        state, roundings, kept = "h", 3, numbers(trace, "z", where)
        written = (1 - kept) * numbers(trace, "n", where)
    recorded = numbers(trace, state, where)
    allowed = as_numpy(gs.verify(trace).bound("h", layer, direction))[:, batch] if cell.h_from_kernel else None
    before, apart, result = float(cell.before[state][batch, unit]), 0.0, {}
    for t in order_of(trace, direction, batch):
        own = ((1 + u) ** roundings - 1) * (abs(kept[t] * before) + abs(written[t])) + 3 * u * arithmetic.tiny
        if state == "h" and allowed is not None:
            own = float(allowed[t, unit])
        apart = result[t] = kept[t] * apart + own
        before = recorded[t]
    return result


def check_unrolled(trace: Trace, where: tuple[int, str, int, int]) -> None:
    """Compare every step's unrolling with plain loops, and its sum with what was recorded."""
    layer, direction, batch, unit = where
    origins, most = gs.Origins(trace, *where), most_apart(trace, where)
    keeps, state = ("f", "c") if trace.spec.cell is LSTM else ("z", "h")
    kept, recorded = numbers(trace, keeps, where), numbers(trace, state, where)
    initial = float(trace.cell(layer, direction).before[state][batch, unit])
    done: list[int] = []
    for t in order_of(trace, direction, batch):
        done.append(t)
        terms = origins.memory(t)
        assert terms.steps.tolist() == done
        assert terms.recorded == recorded[t]
        assert not terms.set_by_hand.any()
        for s, left, share, written in zip(done, terms.left, terms.shares, terms.written, strict=True):
            later = [kept[r] for r in done[done.index(s) + 1 :]]
            assert left == pytest.approx(np.prod(later), rel=1e-12)
            assert share == left * written
        assert terms.initial_share == pytest.approx(initial * np.prod([kept[r] for r in done]), rel=1e-12)
        # Each share is made of at most len(done) + 3 products in float64, and as many are added up.
        sums = np.abs(terms.shares).sum() + abs(terms.initial_share)
        assert abs(terms.total - terms.recorded) <= most[t] + (2 * len(done) + 6) * 2.0**-53 * sums


@st.composite
def runs(draw: Any, kinds: tuple[str, ...] = ("LSTM", "GRU", "LSTMCell", "GRUCell")) -> tuple[Trace, tuple[Any, ...]]:
    """A run of any shape, and a place in it."""
    kind = draw(st.sampled_from(kinds))
    width, hidden, steps, batch = (draw(st.integers(1, most)) for most in (4, 4, 12, 3))
    options: dict[str, Any] = {"bias": draw(st.booleans())}
    options["dtype"] = draw(st.sampled_from([torch.float32, torch.float64, torch.bfloat16, torch.float16]))
    packed = False
    if not kind.endswith("Cell"):
        options |= {"num_layers": draw(st.integers(1, 2)), "bidirectional": draw(st.booleans())}
        packed = draw(st.booleans())
        if kind == "LSTM" and hidden > 1:
            options["proj_size"] = draw(st.integers(0, hidden - 1))
        if kind == "RNN":
            options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw(st.integers(0, 1000)))
        module = getattr(nn, kind)(width, hidden, **options)
        with torch.no_grad():
            for weight in module.parameters():
                weight.mul_(draw(st.sampled_from([1.0, 6.0])))
        x = torch.randn(steps, batch, width, dtype=options["dtype"])
        hx = started(module, batch, options["dtype"]) if draw(st.booleans()) else None
    if packed:
        lengths = [draw(st.integers(1, steps)) for _ in range(batch)]
        x = pack_padded_sequence(x, lengths, enforce_sorted=False)
    trace = gs.trace(module, x, hx)
    layer = draw(st.integers(0, trace.spec.num_layers - 1))
    direction = draw(st.sampled_from(trace.spec.directions))
    return trace, (layer, direction, draw(st.integers(0, batch - 1)), draw(st.integers(0, hidden - 1)))


def started(module: Any, batch: int, dtype: torch.dtype) -> Any:
    """States to start from that are not zero."""
    cells = () if isinstance(module, nn.RNNCellBase) else (module.num_layers * (2 if module.bidirectional else 1),)
    h = torch.randn(*cells, batch, getattr(module, "proj_size", 0) or module.hidden_size, dtype=dtype)
    c = torch.randn(*cells, batch, module.hidden_size, dtype=dtype)
    return (h, c) if isinstance(module, nn.LSTM | nn.LSTMCell) else h


# ---- the memory ----


@settings(max_examples=2 * settings.default.max_examples)
@given(runs())
def test_the_shares_are_the_products_and_add_up_to_the_recorded_memory(run: tuple[Trace, tuple[Any, ...]]) -> None:
    trace, where = run
    check_unrolled(trace, where)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("direction", ENDS)
def test_long_memories_add_up_as_well(make_trace: MakeTrace, kind: str, direction: str) -> None:
    trace = make_trace(3, 4, kind=kind, steps=150, bidirectional=True, scale=3.0)
    for unit in range(4):
        check_unrolled(trace, (0, direction, 1, unit))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda gates: (gates["f"] * (1 + 2.0**-20), gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["f"], gates["i"] * gates["c_tilde"] * (1 + 2.0**-20)),
        lambda gates: (gates["f"].roll(1), gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["o"], gates["i"] * gates["c_tilde"]),
        lambda gates: (gates["f"], gates["f"] * gates["c_tilde"]),
    ],
    ids=["f off by 16 u", "written off by 16 u", "f of another step", "o for f", "f for i"],
)
def test_a_wrong_factor_is_found_by_these_checks(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, wrong: Any
) -> None:
    trace = make_trace(3, 4, steps=40, scale=2.0)
    check_unrolled(trace, (0, "forward", 0, 1))
    monkeypatch.setattr(type(LSTM), "kept_and_written", lambda _, gates: wrong(gates))
    with pytest.raises(AssertionError):
        check_unrolled(trace, (0, "forward", 0, 1))


def by_hand(f: list[float], written: list[float], c: list[float], c0: float = 0.0) -> Trace:
    """A run whose one unit has these numbers."""
    trace = gs.trace(nn.LSTM(1, 1), torch.zeros(len(f), 1))
    cell = trace.cell()
    shaped = {name: torch.tensor(of).view(-1, 1, 1) for name, of in (("f", f), ("c_tilde", written), ("c", c))}
    values = {**cell.values, **shaped, "i": torch.ones(len(f), 1, 1)}
    return trace.with_cell(replace(cell, values=values, before={**cell.before, "c": torch.tensor([[c0]])}))


def test_it_says_how_much_of_each_step_is_left() -> None:
    trace = by_hand([0.5, 0.25, 0.5], [1.0, -0.5, 0.25], [3.0, 0.25, 0.375], c0=4.0)
    terms = gs.Origins(trace).memory(2)
    assert (terms.state, terms.t, terms.recorded) == ("c", 2, 0.375)
    assert terms.steps.tolist() == [0, 1, 2]
    assert terms.written.tolist() == [1.0, -0.5, 0.25]
    assert terms.left.tolist() == [0.125, 0.5, 1.0]
    assert terms.shares.tolist() == [0.125, -0.25, 0.25]
    assert (terms.initial, terms.initial_left, terms.initial_share) == (4.0, 0.0625, 0.25)
    assert terms.total == 0.375


def test_the_largest_shares_come_first_the_earlier_of_equals_before_the_later_and_nan_last() -> None:
    nan = float("nan")
    trace = by_hand([1.0] * 5, [1.0, -3.0, nan, 1.0, 2.0], [1.0, -2.0, nan, nan, nan])
    terms = gs.Origins(trace).memory(4)
    assert terms.largest(5).tolist() == terms.largest(9).tolist() == [1, 4, 0, 3, 2]
    assert terms.largest(2).tolist() == [1, 4]


def test_what_is_long_forgotten_underflows_to_nothing() -> None:
    steps = 5000
    trace = by_hand([0.5] * steps, [0.5] * steps, [1.0] * steps, c0=1.0)
    terms = gs.Origins(trace).memory(steps - 1)
    assert terms.total == 1.0
    assert terms.initial_share == terms.shares[0] == 0.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["f", "c_tilde"])
def test_nan_and_infinity_stay_what_they_are(make_trace: MakeTrace, bad: float, name: str) -> None:
    trace = make_trace(3, 4, steps=8)
    cell = trace.cell()
    values = {key: value.clone() for key, value in cell.values.items()}
    values[name][3, 0, 1] = bad
    for t in range(3, 8):
        values["c"][t] = values["f"][t] * values["c"][t - 1] + values["i"][t] * values["c_tilde"][t]
    origins = gs.Origins(trace.with_cell(replace(cell, values=values)), unit=1)
    assert np.isfinite(origins.memory(2).total)
    for t in range(3, 8):
        terms = origins.memory(t)
        assert not terms.set_by_hand.any()
        assert not np.isfinite(terms.total)
        assert len(terms.largest(4)) == 4


def test_a_plain_rnn_has_no_memory_and_it_is_said_why(make_trace: MakeTrace) -> None:
    for kind in ("RNN", "RNNCell"):
        with pytest.raises(gs.GatescopeError, match="A plain RNN keeps nothing") as refused:
            gs.Origins(make_trace(3, 4, kind=kind)).memory(2)
        assert refused.value.code == "no_memory"


# ---- held by hand ----


@pytest.mark.parametrize("told", [True, False], ids=["held", "only seen in the numbers"])
@pytest.mark.parametrize(("kind", "state"), [("LSTM", "c"), ("GRU", "h")])
@pytest.mark.parametrize(("direction", "after", "before"), [("forward", 6, 2), ("reverse", 1, 5)])
def test_a_memory_that_was_set_by_hand_begins_there(
    make_lstm: Any, told: bool, kind: str, state: str, direction: str, after: int, before: int
) -> None:
    module = make_lstm(3, 4, kind=kind, bidirectional=True)
    x = torch.randn(8, 2, 3, generator=torch.Generator().manual_seed(1))
    hold = gs.Hold(state, 0.75, start=3, stop=5, direction=direction, units=(2,), batch=(1,))
    trace = gs.trace(module, x, holds=(hold,))
    if not told:
        trace = trace.with_cell(replace(trace.cell(0, direction), holds=()))
    terms = gs.Origins(trace, 0, direction, 1, 2).memory(after)
    last = 4 if direction == "forward" else 3  # of the held steps, in the order of the run
    assert terms.steps[terms.set_by_hand].tolist() == ([3, 4] if direction == "forward" else [4, 3])
    assert terms.written[terms.set_by_hand].tolist() == [0.75, 0.75]
    number = terms.steps.tolist().index(last)
    assert not terms.shares[:number].any()
    assert not terms.left[:number].any()
    assert (terms.initial_share, terms.shares[number]) == (0.0, 0.75 * terms.left[number])
    assert terms.total == pytest.approx(terms.recorded, rel=1e-5)
    for elsewhere in ((0, direction, 0, 2), (0, direction, 1, 1)):
        assert not gs.Origins(trace, *elsewhere).memory(after).set_by_hand.any()
    assert not gs.Origins(trace, 0, direction, 1, 2).memory(before).set_by_hand.any()


def test_what_a_held_memory_hides_is_forgotten_even_if_it_was_not_finite(make_lstm: Any) -> None:
    x = torch.zeros(6, 3)
    x[1, 0] = torch.nan
    trace = gs.trace(make_lstm(3, 4), x, holds=(gs.Hold("c", 0.5, start=3, stop=4), gs.Hold("h", 0.0, start=3, stop=4)))
    terms = gs.Origins(trace).memory(5)
    assert np.isnan(terms.written[1])
    assert terms.total == pytest.approx(terms.recorded, rel=1e-5)


def test_a_held_gate_is_a_factor_like_any_other(make_lstm: Any) -> None:
    x = torch.randn(8, 3, generator=torch.Generator().manual_seed(1))
    trace = gs.trace(make_lstm(3, 4), x, holds=(gs.Hold("f", 1.0), gs.Hold("i", 0.0, start=4)))
    terms = gs.Origins(trace).memory(7)
    assert terms.left.tolist() == [1.0] * 8
    assert not terms.shares[4:].any()
    assert terms.total == pytest.approx(terms.recorded, rel=1e-6)
    assert not terms.set_by_hand.any()


# ---- the terms of a pre-activation ----


@settings(max_examples=2 * settings.default.max_examples)
@given(runs(kinds=("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")), st.data())
def test_the_terms_add_up_to_the_preactivation(run: tuple[Trace, tuple[Any, ...]], data: Any) -> None:
    """A sum of n products in any order is off by at most `product_roundoff(n)` times the sum of their magnitudes.

    A GRU's r * (W_hn h + b_hn) is one rounding more, and its sum with the rest another.
    """
    trace, where = run
    layer, direction, batch, _ = where
    steps = order_of(trace, direction, batch)
    gate = data.draw(st.sampled_from(trace.spec.cell.packed))
    t = data.draw(st.sampled_from(steps))
    cell = trace.cell(layer, direction)
    terms = gs.Origins(trace, *where).terms(gate, t)
    assert len(terms) == cell.x.shape[-1] + cell.h.shape[-1] + 2 * trace.spec.bias
    size = np.abs(terms.products).sum()
    roundoff = trace.arithmetic.product_roundoff(len(terms) + 3) + 2 * trace.arithmetic.unit_roundoff
    assert abs(terms.total - terms.z) <= roundoff * size + trace.arithmetic.tiny
    assert terms.value == numbers(trace, gate, where)[t]
    before = cell.h0[batch] if t == steps[0] else cell.h[steps[steps.index(t) - 1], batch]
    for term in terms:
        assert trace.weights[term.parameter][term.index].item() == term.weight
        assert term.product == term.factor * (term.weight * term.input)
        column = term.index[-1]
        inputs = {"x": cell.x[t, batch], "below": cell.x[t, batch], "h0": before, "h": before}
        assert term.input == (1.0 if term.source == "bias" else inputs[term.source][column].item())
        assert (term.source == "h0") <= (t == steps[0])
        assert (term.source == "x") <= (layer == 0)
        after_r = gate == "n" and "hh" in term.parameter
        assert term.factor == (numbers(trace, "r", where)[t] if after_r else 1.0)
    assert {term.parameter for term in terms} <= set(trace.spec.cell_parameters(layer, direction))
    assert len({(term.parameter, term.index) for term in terms}) == len(terms)
    magnitudes = np.abs(terms.products)
    assert (magnitudes[:-1] >= magnitudes[1:]).all()
    assert [term.product for term in terms] == terms.products.tolist()


@pytest.mark.parametrize("wrong", ["W_ih", "W_hh", "b_ih", "b_hh"])
def test_a_wrong_weight_is_found_by_the_sum(make_trace: MakeTrace, wrong: str) -> None:
    terms = gs.Origins(make_trace(5, 4, steps=6), unit=2).terms("f", 3)
    size, u = np.abs(terms.products).sum(), 2.0**-24
    assert abs(terms.total - terms.z) <= (len(terms) + 3) * u * size
    off = next(term.product for term in terms if term.name.startswith(wrong)) * 1e-3
    assert abs(terms.total + off - terms.z) > (len(terms) + 3) * u * size


def test_terms_are_named_as_in_formulas_and_by_the_modules_parameters(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    terms = gs.Origins(trace, 1, "reverse", unit=2).terms("f", 5)  # the reverse direction begins at the last step
    by_name = {term.name: term for term in terms}
    assert {name for name in by_name if name.startswith("b")} == {"b_ih[6]", "b_hh[6]"}  # f has the second block of 4
    assert by_name["b_hh[6]"].parameter == "bias_hh_l1_reverse"
    assert by_name["W_ih[6, 7]"].parameter == "weight_ih_l1_reverse"
    assert {term.source for term in terms} == {"below", "h0", "bias"}
    assert terms[0].name == max(terms, key=lambda term: abs(term.product)).name
    assert [term.name for term in terms[:2]] == [terms[0].name, terms[1].name]
    assert (terms.gate, terms.scaled_by) == ("f", None)


def test_a_gate_may_be_called_by_torchs_letter_or_by_its_preactivation(make_trace: MakeTrace) -> None:
    origins = gs.Origins(make_trace(3, 4))
    assert {origins.terms(name, 2).gate for name in ("c_tilde", "g", "z_c")} == {"c_tilde"}
    for name in ("c", "h", "tanh"):
        with pytest.raises(gs.GatescopeError, match="must be f, i, c_tilde, o, but it is"):
            origins.terms(name, 2)


def test_what_a_reset_gate_lets_through_of_h_is_multiplied_by_it(make_lstm: Any) -> None:
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(1))
    trace = gs.trace(make_lstm(3, 4, kind="GRU"), x, holds=(gs.Hold("r", 0.25, start=2),))
    terms = gs.Origins(trace, unit=1).terms("n", 4)
    assert terms.scaled_by == "r"
    assert {term.factor for term in terms if "hh" in term.parameter} == {0.25}
    assert terms.total == pytest.approx(terms.z, abs=1e-6)
    assert np.tanh(terms.z) == pytest.approx(terms.value, abs=1e-6)
    r = gs.Origins(trace, unit=1)
    assert [r.terms("r", t).held for t in range(6)] == [False, False, True, True, True, True]
    assert not terms.held


def test_terms_that_are_not_finite_come_last_and_do_not_warn(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    x = trace.x.clone()
    x[2, 0] = torch.tensor([torch.nan, torch.inf, 1.0])
    terms = gs.Origins(trace.with_cell(replace(trace.cell(), x=x))).terms("o", 2)
    assert np.isinf(terms.products[0])
    assert np.isnan(terms[-1].product)
    assert np.isnan(terms.total)


# ---- a step in short ----


@given(runs(kinds=("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")), st.data())
def test_a_step_in_short_adds_up_to_its_states(run: tuple[Trace, tuple[Any, ...]], data: Any) -> None:
    trace, where = run
    t = data.draw(st.sampled_from(order_of(trace, where[1], where[2])))
    sums = gs.Origins(trace, *where).sums(t)
    expected = [name for name in trace.spec.cell.names if name in trace.spec.cell.states]
    assert [one.state for one in sums] == [name for name in expected if name != "h" or not trace.spec.proj_size]
    roundoff = max(trace.arithmetic.unit_roundoff * 64, 1e-5)  # a GRU's gates are not those of the kernel
    for one in sums:
        assert one.recorded == numbers(trace, one.state, where)[t]
        assert one.total == pytest.approx(one.recorded, abs=roundoff * (1 + abs(one.recorded)))


def test_a_step_in_short_names_its_products(make_trace: MakeTrace) -> None:
    formulas = {
        kind: [[of.formula for of in one.summands] for one in gs.Origins(make_trace(3, 4, kind=kind)).sums(2)]
        for kind in ("LSTM", "GRU", "RNN")
    }
    assert formulas == {
        "LSTM": [["f_t * C_(t-1)", "i_t * C̃_t"], ["o_t * tanh(C_t)"]],
        "GRU": [["z_t * h_(t-1)", "(1 - z_t) * n_t"]],
        "RNN": [["tanh(a_t)"]],
    }


def test_a_trace_with_a_graph_is_taken_apart_as_well(make_lstm: Any) -> None:
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(1))
    for kind in ("LSTM", "GRU"):
        origins = gs.Origins(gs.trace(make_lstm(3, 4, kind=kind), x, grad=True), unit=1)
        assert origins.memory(5).total == pytest.approx(origins.memory(5).recorded, abs=1e-6)
        gate = origins.terms("f" if kind == "LSTM" else "n", 5)
        assert gate.total == pytest.approx(gate.z, abs=1e-6)
        assert all(one.total == pytest.approx(one.recorded, abs=1e-6) for one in origins.sums(5))


# ---- bad input ----


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"unit": 4}, "unit must be from 0 to 3, but it is 4"),
        ({"unit": -1}, "unit must be from 0 to 3, but it is -1"),
        ({"batch": 2}, "batch must be from 0 to 1, but it is 2"),
        ({"layer": 1}, "layer must be from 0 to 0, but it is 1"),
        ({"direction": "backward"}, "direction must be forward, but it is backward"),
    ],
)
def test_a_place_that_the_run_does_not_have_is_refused(make_trace: MakeTrace, where: Any, words: str) -> None:
    with pytest.raises(gs.GatescopeError, match=words):
        gs.Origins(make_trace(3, 4), **where)


@pytest.mark.parametrize("t", [3, -1])
@pytest.mark.parametrize("ask", ["memory", "sums", "terms"])
def test_a_step_behind_the_elements_own_end_is_refused(ask: str, t: int) -> None:
    x = pack_padded_sequence(torch.randn(5, 2, 3), [5, 3], enforce_sorted=False)
    origins = gs.Origins(gs.trace(nn.LSTM(3, 4), x), batch=1)
    assert list(origins.steps) == [0, 1, 2]
    arguments = ("f", t) if ask == "terms" else (t,)
    with pytest.raises(gs.GatescopeError, match=f"t must be from 0 to 2, but it is {t}"):
        getattr(origins, ask)(*arguments)


def test_a_memory_that_nothing_was_written_to_is_zero_however_far_its_gates_are_held() -> None:
    trace = gs.trace(
        gs.build(gs.ModuleSpec(3, 5), 0), torch.ones(400, 3), holds=[gs.Hold("f", 10.0), gs.Hold("i", 0.0)]
    )
    memory = gs.Origins(trace).memory(399)
    assert (memory.total, memory.recorded) == (0.0, 0.0)
