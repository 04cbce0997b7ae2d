"""How far rounding lets two runs drift apart: never less than correct runs do, never enough for a fault to hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification import drift
from gatescope.verification.drift import drift_bounds, is_same_kernel_call

MakeTrace = Callable[..., Trace]
Compare = Callable[[Trace, Any], None]

NETWORKS: dict[str, dict[str, Any]] = {
    "LSTM": {},
    "LSTM without biases, in three layers": {"num_layers": 3, "bias": False},
    "LSTM with a projection": {"proj_size": 2, "num_layers": 2},
    "LSTM in both directions": {"num_layers": 2, "bidirectional": True},
    "GRU": {"bidirectional": True},
    "GRU in two layers": {"num_layers": 2},
    "RNN": {"num_layers": 2, "bidirectional": True},
    "RNN with relu": {"nonlinearity": "relu", "bidirectional": True},
    "LSTMCell": {},
    "GRUCell": {},
    "RNNCell": {},
}
pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
each_network = pytest.mark.parametrize("name", NETWORKS)


def network(name: str, dtype: torch.dtype = torch.float32) -> Any:
    return getattr(nn, name.split(maxsplit=1)[0])(4, 5, dtype=dtype, **NETWORKS[name]).eval()


def largest_part(trace: Trace) -> float:
    """Return the largest difference from the module's own run over its bound, of all states and layers."""
    free, bounds = gs.verify(trace).run_freely(), drift_bounds(trace)
    parts = []
    for key, cell in trace.cells.items():
        for state in cell.cell.states:
            apart = (cell.values[state].double() - free[key][state].double()).abs()
            assert torch.equal(apart.isnan(), bounds[key][state].isnan())
            parts.append(float((apart / bounds[key][state]).nan_to_num(0.0).max()))
    return max(parts)


@each_network
def test_correct_runs_never_part_by_more(name: str) -> None:
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        for steps in (1, 9, 40):
            module = network(name, dtype)
            assert largest_part(gs.trace(module, torch.randn(steps, 3, 4, dtype=dtype))) < 0.5  # and stay well below


@each_network
def test_what_comes_in_the_usual_sizes_is_bounded_by_far_less_than_a_fault(name: str) -> None:
    for dtype, limit in ((torch.float32, 2.0**-12), (torch.float64, 2.0**-40)):  # the root of u; and much less
        bounds = drift_bounds(gs.trace(network(name, dtype), torch.randn(30, 3, 4, dtype=dtype)))
        assert all(float(bound.max()) < limit for of_cell in bounds.values() for bound in of_cell.values())


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_elements_of_a_packed_sequence_drift_from_their_own_start(kind: str) -> None:
    module, x = getattr(nn, kind)(4, 5, bidirectional=True).eval(), torch.randn(9, 3, 4)
    trace = gs.trace(module, pack_padded_sequence(x, [4, 9, 1], enforce_sorted=False))
    bounds = drift_bounds(trace)
    for element, length in enumerate((4, 9, 1)):
        alone = drift_bounds(gs.trace(module, x[:length, element], grad=True))  # step by step too
        for key, of_cell in alone.items():
            for state, bound in of_cell.items():
                torch.testing.assert_close(bounds[key][state][:length, element], bound[:, 0], rtol=1e-5, atol=0.0)
                assert bounds[key][state][length:, element].isnan().all()
    assert largest_part(trace) < 0.5


def test_the_recurrence_of_one_unit_in_numbers() -> None:
    """h_t = relu(w h_(t-1) + v x_t), far from its kink: what t steps gather is sum w^(t-r) b_r, b being one step's."""
    module = nn.RNN(1, 1, nonlinearity="relu", bias=False, dtype=torch.float64)
    with torch.no_grad():
        module.weight_ih_l0.fill_(3.0)
        module.weight_hh_l0.fill_(0.5)
    trace = gs.trace(module, torch.rand(50, 1, dtype=torch.float64) + 1)
    one_step, found = gs.verify(trace).bound("h").flatten(), drift_bounds(trace)[0, "forward"]["h"].flatten()
    expected = torch.zeros(())
    for t in range(50):
        expected = 0.5 * expected + one_step[t]
        # Over more steps than one block has, and the same whatever its length: there is one path only.
        assert float(found[t]) == pytest.approx(float(expected), rel=50 * 2.0**-53, abs=0.0)


@each_network
def test_longer_blocks_bound_no_worse(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = gs.trace(network(name, torch.float64), torch.randn(12, 3, 4, dtype=torch.float64))
    by_length = {}
    for length in (1, 5, 100):
        monkeypatch.setattr(drift, "_BLOCK", length)
        by_length[length] = drift_bounds(trace)
    for short, long in ((1, 5), (5, 100)):
        for key, of_cell in by_length[long].items():
            for state, bound in of_cell.items():
                assert (bound <= by_length[short][key][state] * (1 + 1e-12)).all()


def test_where_rounding_can_decide_the_run_nothing_is_claimed() -> None:
    """With weights 16 times larger both runs are right and soon far apart: a finite bound there would be a lie."""
    module = nn.RNN(4, 32).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(16)
    trace = gs.trace(module, torch.randn(200, 1, 4), grad=True)
    bound = drift_bounds(trace)[0, "forward"]["h"]
    free = gs.verify(trace).free_running("h")
    assert float(free.max()) > 0.1
    assert (free <= bound).all()
    finite = bound.isfinite().all(dim=-1)[:, 0]
    assert finite[0]
    assert not finite[-1]
    assert not (finite[1:] & ~finite[:-1]).any()  # once it is infinite it stays so


def test_the_kink_of_relu_is_no_straight_line() -> None:
    """At a pre-activation of 0 the slope on one side is 0, and rounding can take the other run to the other side."""
    module = nn.RNN(2, 2, nonlinearity="relu", bias=False, dtype=torch.float64)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor([[1.0, 0.3], [0.0, 0.0]]))
        module.weight_hh_l0.copy_(torch.tensor([[0.0, 0.0], [1.0, 0.0]]))  # unit 1 repeats what unit 0 was
    at_kink = torch.tensor([[-0.3, 1.0], [0.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    bound = drift_bounds(gs.trace(module, at_kink))[0, "forward"]["h"][:, 0]
    one_step = gs.verify(gs.trace(module, at_kink)).bound("h")[:, 0]
    assert float(bound[1, 1]) >= float(bound[0, 0] + one_step[1, 1])


# ---- planted faults ----


def swap_gates(module: Any) -> None:
    for name, weight in module.named_parameters():
        if "_ih" in name or "_hh" in name:
            first, second, *others = weight.chunk(weight.shape[0] // 5)
            weight.copy_(torch.cat([second, first, *others]))


def drop_bias(module: Any) -> None:
    next(weight for name, weight in module.named_parameters() if "bias" in name).zero_()


def change_one_weight(module: Any) -> None:
    next(weight for name, weight in module.named_parameters() if "weight_hh" in name)[0, 1] += 1e-3


FAULTS = {"swapped gates": swap_gates, "a missing bias": drop_bias, "one weight": change_one_weight}


@pytest.mark.numeric
@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("name", ["LSTM with a projection", "LSTM in both directions", "GRU in two layers", "RNN"])
def test_a_fault_exceeds_it(assert_within_drift: Compare, name: str, plant: Callable[[Any], None]) -> None:
    if plant is swap_gates and name == "RNN":
        return  # it has one gate
    module, x = network(name), torch.randn(12, 3, 4)
    trace = gs.trace(module, x)
    with torch.no_grad():
        assert_within_drift(trace, module(x))
        plant(module)
        returned = module(x)
    with pytest.raises(AssertionError, match="times what rounding allows"):
        assert_within_drift(trace, returned)


@each_network
def test_a_run_shifted_by_one_step_exceeds_it(name: str, assert_within_drift: Compare) -> None:
    trace = gs.trace(network(name), torch.randn(12, 3, 4))
    output, states = trace.output, (trace.h_n, trace.c_n) if "LSTM" in name else trace.h_n
    assert_within_drift(trace, (output, states))
    with pytest.raises(AssertionError, match="output is off"):
        assert_within_drift(trace, (output.roll(1, dims=0), states))
    with pytest.raises(AssertionError, match="h_n is off"):
        assert_within_drift(trace, (output, (trace.h_n + 1e-3, trace.c_n) if "LSTM" in name else trace.h_n + 1e-3))


# ---- which runs are the module's own ----


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("LSTM", {"num_layers": 2}),
        ("GRU", {"bidirectional": True}),
        ("LSTM", {"proj_size": 2}),
        ("RNN", {"batch_first": True}),
        ("GRU", {"dtype": torch.bfloat16}),
        ("LSTMCell", {}),
    ],
)
def test_other_shapes_and_kinds_are_other_calls(make_trace: MakeTrace, kind: str, options: dict[str, Any]) -> None:
    assert not is_same_kernel_call(make_trace(4, 5, kind=kind, **options))


def test_held_or_packed_or_with_a_graph_it_is_another_call() -> None:
    module, x = nn.GRU(4, 5).eval(), torch.randn(6, 2, 4)
    assert is_same_kernel_call(gs.trace(module, x))
    assert is_same_kernel_call(gs.trace(nn.GRU(4, 5, batch_first=True).eval(), x[:, 0]))  # without a batch
    assert not is_same_kernel_call(gs.trace(module, x, grad=True))
    assert not is_same_kernel_call(gs.trace(module, x, holds=[gs.Hold("r", 0.5, start=3)]))
    assert not is_same_kernel_call(gs.trace(module, pack_padded_sequence(x, [6, 2])))


def test_a_trace_with_a_graph_keeps_it() -> None:
    trace = gs.trace(nn.LSTM(4, 5).eval(), torch.randn(6, 2, 4), grad=True)
    drift_bounds(trace)
    trace.output.sum().backward()
    assert float(trace.cell().grad("f").abs().max()) > 0


def test_a_wider_arithmetic_drifts_further() -> None:
    trace = gs.trace(nn.LSTM(4, 5).eval(), torch.randn(6, 2, 4))
    coarse = replace(trace, arithmetic=replace(trace.arithmetic, operand_roundoff=2.0**-20))
    one, other = (drift_bounds(of)[0, "forward"]["h"] for of in (trace, coarse))
    assert (other > one).all()
    assert isinstance(one, Tensor)
