"""What one step is summed up from: the terms of a pre-activation, and the products of its states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

import gatescope as gs
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]
Numbers = Callable[..., Any]
OrderOf = Callable[[Trace, str, int], list[int]]
KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")


@settings(max_examples=2 * settings.default.max_examples)
@given(data=st.data())
def test_the_terms_add_up_to_the_preactivation(data: Any, runs: Any, numbers: Numbers, order_of: OrderOf) -> None:
    """A sum of n products in any order is off by at most `product_roundoff(n)` times the sum of their magnitudes.

    A GRU's r * (W_hn h + b_hn) is one rounding more, and its sum with the rest another.
    """
    trace, where = data.draw(runs(kinds=KINDS))
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


@given(data=st.data())
def test_a_step_in_short_adds_up_to_its_states(data: Any, runs: Any, numbers: Numbers, order_of: OrderOf) -> None:
    trace, where = data.draw(runs(kinds=KINDS))
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
