"""Cells that torch does not have: each is one class, added where the built-in ones are, compared with one's own module.

An LSTM with peepholes (Gers, Schraudolph and Schmidhuber, "Learning Precise Timing with LSTM Recurrent Networks", 2002)
and one with layer norm (Ba, Kiros and Hinton, "Layer Normalization", 2016).
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.analysis.equations.texts import as_latex, as_text
from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.cell import Cell
from gatescope.cells.kinds import LSTM, RNN_TANH, add_cell
from gatescope.cells.quantities import Quantity
from gatescope.cells.rounding import both_sides, product_error, sigmoid_error, tanh_error
from gatescope.cells.values import Holding, Summands, Values, as_computed
from gatescope.cells.weights import Weights
from gatescope.formats.checkpoints import open_checkpoint
from gatescope.modules.network import build
from gatescope.traces.layers import one_step
from gatescope.traces.trace import Trace

K, H = 3, 4
EPSILON = 1e-5


class LikeLSTM(Cell):
    """What both have in common with an LSTM."""

    packed = ("i", "f", "c_tilde", "o")
    states = ("h", "c")
    memory_state = "c"

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        return gates["f"], gates["i"] * gates["c_tilde"]


def c_error(errors: Values, step: Values, before: Values, u: float) -> Tensor:
    """Bound the error of f * C + i * C̃, with two products and their sum."""
    f, i, c_tilde, c = (*(step[name].abs() for name in ("f", "i", "c_tilde")), before["c"].abs())
    from_i = c_tilde * (errors["i"] + 2 * u * i)
    return c * (errors["f"] + 2 * u * f) + from_i + (i + errors["i"]) * errors["c_tilde"]


# ---- an LSTM with peepholes ----


class PeepholeLSTMCell(nn.Module):
    """As somebody writes it: one matrix for both inputs, and three vectors."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs + hidden, 4 * hidden)
        self.peepholes = nn.Parameter(torch.randn(3, hidden))

    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = states
        i, f, g, o = self.linear(torch.cat([x, h], dim=-1)).chunk(4, dim=-1)
        to_i, to_f, to_o = self.peepholes
        c = torch.sigmoid(f + to_f * c) * c + torch.sigmoid(i + to_i * c) * torch.tanh(g)
        return torch.sigmoid(o + to_o * c) * torch.tanh(c), c


class PeepholeLSTM(LikeLSTM):
    name = "PeepholeLSTMCell"
    made_of = {"c": ("f", "i", "c_tilde"), "o": ("c",), "h": ("o", "c")}  # noqa: RUF012 - read only
    quantities = (
        Quantity("f", "f", "f", "forget gate", "f_t = σ(z_f)", 0.0, 1.0, "z_f"),
        Quantity("i", "i", "i", "input gate", "i_t = σ(z_i)", 0.0, 1.0, "z_i"),
        Quantity("c_tilde", "C̃", "g", "candidate", "C̃_t = tanh(z_c)", -1.0, 1.0, "z_c"),
        Quantity("c", "C", "c", "cell state", "C_t = f_t * C_(t-1) + i_t * C̃_t", None, None),
        Quantity("o", "o", "o", "output gate", "o_t = σ(z_o)", 0.0, 1.0, "z_o"),
        Quantity("h", "h", "h", "hidden state", "h_t = o_t * tanh(C_t)", -1.0, 1.0),
    )

    def further_shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        return {f"weight_c{gate}": (hidden_size,) for gate in "ifo"}

    def parameters_of(self, module: Any) -> dict[str, Tensor]:
        weight, bias, hidden = module.linear.weight, module.linear.bias, module.peepholes.shape[1]
        own = {"weight_ih": weight[:, :-hidden], "weight_hh": weight[:, -hidden:], "bias_ih": bias}
        peepholes = {f"weight_c{gate}": row for gate, row in zip("ifo", module.peepholes, strict=True)}
        return own | {"bias_hh": torch.zeros_like(bias)} | peepholes

    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z_i, z_f, z_c, z_o = w.of_both(xh)
        z_i, z_f = (z + w.further[f"weight_c{gate}"] * before["c"] for z, gate in ((z_i, "i"), (z_f, "f")))
        i, f, c_tilde = held("i", z_i.sigmoid()), held("f", z_f.sigmoid()), held("c_tilde", z_c.tanh())
        c = held("c", f * before["c"] + i * c_tilde)
        z_o = z_o + w.further["weight_co"] * c
        o = held("o", z_o.sigmoid())
        values = {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": held("h", o * c.tanh())}
        return values | {"z_f": z_f, "z_i": z_i, "z_c": z_c, "z_o": z_o}

    def summands(self, step: Values, before: Values) -> Summands:
        return LSTM.summands(step, before)

    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        u, terms, c_before = arithmetic.unit_roundoff, xh.shape[-1] + 4, before["c"].abs()
        f, i, c_tilde, c, o = (step[name].abs() for name in ("f", "i", "c_tilde", "c", "o"))
        size_i, size_f, size_c, size_o = w.magnitudes.of_both(xh.abs())
        to_i, to_f, to_o = (w.magnitudes.further[f"weight_c{gate}"] for gate in "ifo")
        di = sigmoid_error(i, product_error(terms, size_i + to_i * c_before, arithmetic), arithmetic)
        df = sigmoid_error(f, product_error(terms, size_f + to_f * c_before, arithmetic), arithmetic)
        dc_tilde = tanh_error(c_tilde, product_error(terms, size_c, arithmetic), arithmetic)
        dc = c_error({"f": df, "i": di, "c_tilde": dc_tilde}, step, before, u)
        # C_t goes into o with its own error.
        dz_o = product_error(terms, size_o + to_o * c, arithmetic) + to_o * dc
        do, memory = sigmoid_error(o, dz_o, arithmetic), c.tanh()
        dh = (o + do) * tanh_error(memory, dc, arithmetic) + memory * do + u * o * memory
        return both_sides({"f": df, "i": di, "c_tilde": dc_tilde, "c": dc, "o": do, "h": dh}, arithmetic)


# ---- an LSTM with layer norm ----


class LayerNormLSTMCell(nn.Module):
    """As in the paper: what comes from x, what comes from h, and the cell state are each normalised."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.from_x, self.from_h = nn.Linear(inputs, 4 * hidden, bias=False), nn.Linear(hidden, 4 * hidden, bias=False)
        self.norm_x, self.norm_h = nn.LayerNorm(4 * hidden, EPSILON), nn.LayerNorm(4 * hidden, EPSILON)
        self.norm_c = nn.LayerNorm(hidden, EPSILON)

    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = states
        gates = self.norm_x(self.from_x(x)) + self.norm_h(self.from_h(h))
        i, f, g, o = gates.chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.norm_c(c)), c


class Normalised:
    """Layer norm of (blocks, N, H) over blocks and units, and its error where each number is off by up to `error`."""

    def __init__(self, values: Tensor, w: Weights, name: str) -> None:
        self.mean = values.mean(dim=(0, 2), keepdim=True)
        self.apart = values - self.mean
        self.variance = (self.apart * self.apart).mean(dim=(0, 2), keepdim=True)
        self.scale = (self.variance + EPSILON).rsqrt()
        weight, bias = (w.further[f"{name}_{part}"].view(len(values), 1, -1) for part in ("weight", "bias"))
        self.weight, self.bias, self.values = weight, bias, values
        self.result = self.apart * self.scale * weight + bias

    def error(self, error: Tensor, u: float) -> Tensor:
        n, (values, apart) = self.apart.shape[0] * self.apart.shape[2], (self.values.abs(), self.apart.abs())
        d_mean = error.mean(dim=(0, 2), keepdim=True) + n * u * values.mean(dim=(0, 2), keepdim=True)
        d_apart = error + d_mean + u * apart
        # Welford's way: n κ u of the variance, κ² = 1 + mean² / variance (Chan, Golub and LeVeque, 1983).
        own = (n + 2) * u * (self.variance + self.mean.abs() * self.variance.sqrt())
        d_variance = (d_apart * (2 * apart + d_apart)).mean(dim=(0, 2), keepdim=True) + own
        least = (self.variance + EPSILON - d_variance).clamp(min=0)
        d_scale = least.rsqrt() - self.scale + 4 * u * self.scale
        d_product = self.scale * d_apart + apart * d_scale + d_apart * d_scale
        size = self.weight.abs() * self.scale * apart
        return self.weight.abs() * d_product + 3 * u * size + u * self.bias.abs()


class LayerNormLSTM(LikeLSTM):
    name = "LayerNormLSTMCell"
    made_of = {"c": ("f", "i", "c_tilde"), "h": ("o", "c")}  # noqa: RUF012 - read only
    mixing = ("h",)
    quantities = (
        *PeepholeLSTM.quantities[:-1],
        Quantity("h", "h", "h", "hidden state", "h_t = o_t * tanh(LN(C_t))", -1.0, 1.0),
    )

    def further_shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        sizes = {"norm_x": 4 * hidden_size, "norm_h": 4 * hidden_size, "norm_c": hidden_size}
        return {f"{name}_{part}": (size,) for name, size in sizes.items() for part in ("weight", "bias")}

    def parameters_of(self, module: Any) -> dict[str, Tensor]:
        norms = {name: getattr(module, name) for name in ("norm_x", "norm_h", "norm_c")}
        own = {f"{name}_{part}": getattr(norm, part) for name, norm in norms.items() for part in ("weight", "bias")}
        return {"weight_ih": module.from_x.weight, "weight_hh": module.from_h.weight} | own

    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z = Normalised(w.of_x(xh), w, "norm_x").result + Normalised(w.of_h(xh), w, "norm_h").result
        z_i, z_f, z_c, z_o = z
        i, f, o = held("i", z_i.sigmoid()), held("f", z_f.sigmoid()), held("o", z_o.sigmoid())
        c_tilde = held("c_tilde", z_c.tanh())
        c = held("c", f * before["c"] + i * c_tilde)
        h = held("h", o * Normalised(c[None], w, "norm_c").result[0].tanh())
        values = {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": h}
        return values | {"z_f": z_f, "z_i": z_i, "z_c": z_c, "z_o": z_o}

    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        u, size = arithmetic.unit_roundoff, xh.abs()
        norms = Normalised(w.of_x(xh), w, "norm_x"), Normalised(w.of_h(xh), w, "norm_h")
        sizes = w.magnitudes.of_x(size), w.magnitudes.of_h(size)
        from_x, from_h = (product_error(xh.shape[-1], sums, arithmetic) for sums in sizes)
        dz = norms[0].error(from_x, u) + norms[1].error(from_h, u)
        dz_i, dz_f, dz_c, dz_o = dz + u * (norms[0].result.abs() + norms[1].result.abs())
        f, i, c_tilde, o = (step[name].abs() for name in ("f", "i", "c_tilde", "o"))
        df, di, do = (sigmoid_error(s, dz, arithmetic) for s, dz in ((f, dz_f), (i, dz_i), (o, dz_o)))
        dc_tilde = tanh_error(c_tilde, dz_c, arithmetic)
        dc = c_error({"f": df, "i": di, "c_tilde": dc_tilde}, step, before, u)
        norm = Normalised(step["c"][None], w, "norm_c")
        memory = norm.result[0].tanh().abs()
        d_memory = tanh_error(memory, norm.error(dc[None], u)[0], arithmetic)
        dh = (o + do) * d_memory + memory * do + u * o * memory
        return both_sides({"f": df, "i": di, "c_tilde": dc_tilde, "c": dc, "o": do, "h": dh}, arithmetic)


add_cell(PeepholeLSTM())
add_cell(LayerNormLSTM())

OWN = (PeepholeLSTMCell, LayerNormLSTMCell)
each = pytest.mark.parametrize("own", OWN)


def make(own: Callable[..., nn.Module], seed: int = 0, dtype: torch.dtype = torch.float32) -> nn.Module:
    """Return a module whose parameters are all drawn, those of a norm too."""
    torch.manual_seed(seed)
    module = own(K, H).to(dtype)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.5)
    return module


def sequence(steps: int = 7, batch: int = 5, seed: int = 1, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(steps, batch, K, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def states(batch: int = 5, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    h, c = torch.randn(2, batch, H, generator=torch.Generator().manual_seed(2), dtype=dtype)
    return h, c


def run(module: nn.Module, x: Tensor, hx: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Return h and C of every step, as the module itself computes them."""
    each_step = []
    with torch.no_grad():
        for x_t in x:
            hx = module(x_t, hx)
            each_step.append(hx)
    h, c = (torch.stack(of) for of in zip(*each_step, strict=True))
    return h, c


# ---- the trace ----


@each
def test_the_trace_is_what_the_module_computes(own: type[nn.Module]) -> None:
    for seed in range(5):
        module, x = make(own, seed, torch.float64), sequence(seed=seed, dtype=torch.float64)
        trace = gs.trace(module, x, states(dtype=torch.float64))
        h, c = run(module, x, states(dtype=torch.float64))
        torch.testing.assert_close(trace.output, h)
        torch.testing.assert_close(trace.cell().c, c)
        assert set(trace.to_numpy()) == {f"l0.forward.{name}" for name in ("f", "i", "c_tilde", "c", "o", "h")}


@each
def test_it_matches_the_module_called_step_by_step(own: type[nn.Module]) -> None:
    for seed in range(10):
        trace = gs.trace(make(own, seed), sequence(seed=seed), states())
        report = gs.verify(trace, gates=True)
        assert report.matches, report.verdict
        assert report.worst.ratio > 0.001  # the bound is not out of all proportion
        assert str(report.verdict).startswith(f"matches {own.__name__}, called step by step (")


@each
def test_only_the_states_are_compared_and_it_says_by_whom(own: type[nn.Module]) -> None:
    module, x = make(own), sequence()
    report = gs.verify(gs.trace(module, x, states()), gates=True)
    assert report.compared == report.states == ("c", "h")
    for name in report.compared:
        assert str(report.obtained(name)) == f"returned by {own.__name__}, called step by step"
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        report.obtained("f")
    freely, (h, c) = report.run_freely()[0, "forward"], run(module, x, states())
    assert torch.equal(freely["h"], h)
    assert torch.equal(freely["c"], c)
    assert torch.equal(report.free_running("h"), (report.trace.cell().h - h).abs())
    assert report.arbiter("h").reference.largest > 0


@each
def test_the_reference_is_the_module_as_it_was(own: type[nn.Module]) -> None:
    module, x = make(own), sequence()
    trace = gs.trace(module, x)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(2)
    assert gs.verify(trace).matches
    assert gs.compare(trace, gs.trace(make(own), x)).matches
    assert not gs.compare(trace, gs.trace(module, x)).matches


def test_a_module_that_takes_no_batch_is_called_row_by_row() -> None:
    class OneRow(PeepholeLSTM):
        name = "OneRowCell"
        takes_batch = False

    class OneRowCell(PeepholeLSTMCell):
        def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            assert x.dim() == 1
            return super().forward(x, states)

    add_cell(OneRow())
    trace = gs.trace(make(OneRowCell), sequence())
    assert trace.spec.kind == "OneRowCell"
    assert gs.verify(trace).matches
    assert gs.verify(gs.trace(make(OneRowCell), sequence()[:, 0])).matches


# ---- planted faults ----


class SwappedGates(PeepholeLSTMCell):
    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = states
        f, i, g, o = self.linear(torch.cat([x, h], dim=-1)).chunk(4, dim=-1)
        to_i, to_f, to_o = self.peepholes
        c = torch.sigmoid(f + to_f * c) * c + torch.sigmoid(i + to_i * c) * torch.tanh(g)
        return torch.sigmoid(o + to_o * c) * torch.tanh(c), c


class NoPeepholeToO(PeepholeLSTMCell):
    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = states
        i, f, g, o = self.linear(torch.cat([x, h], dim=-1)).chunk(4, dim=-1)
        to_i, to_f, _ = self.peepholes
        c = torch.sigmoid(f + to_f * c) * c + torch.sigmoid(i + to_i * c) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class PeepholeOfTheStepBefore(PeepholeLSTMCell):
    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, before = states
        i, f, g, o = self.linear(torch.cat([x, h], dim=-1)).chunk(4, dim=-1)
        to_i, to_f, to_o = self.peepholes
        c = torch.sigmoid(f + to_f * before) * before + torch.sigmoid(i + to_i * before) * torch.tanh(g)
        return torch.sigmoid(o + to_o * before) * torch.tanh(c), c


class NotNormalised(LayerNormLSTMCell):
    def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = states
        i, f, g, o = (self.norm_x(self.from_x(x)) + self.norm_h(self.from_h(h))).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class AnotherEpsilon(LayerNormLSTMCell):
    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.norm_h.eps = 1e-3


FAULTS = {SwappedGates: "c", NoPeepholeToO: "h", PeepholeOfTheStepBefore: "h", NotNormalised: "h", AnotherEpsilon: "c"}


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda faulty: faulty.__name__)
def test_a_fault_in_the_module_is_found(faulty: type[nn.Module]) -> None:
    report = gs.verify(gs.trace(make(faulty), sequence(), states()))
    assert not report.matches
    assert report.verdict.code == "differs"
    assert report.first_difference is not None
    assert (report.first_difference.t, report.first_difference.quantity) == (0, FAULTS[faulty])
    assert "Cell, called step by step: first at t = 0" in str(report.verdict)


@each
@pytest.mark.parametrize("name", ["c", "h"])
def test_a_wrong_record_is_found(own: type[nn.Module], name: str) -> None:
    trace = gs.trace(make(own), sequence())
    trace.cell().values[name][3, 2, 1] += 1e-3
    first = gs.verify(trace).first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit) == (3, 2, 1)


# ---- holding values, gradients ----


@each
@pytest.mark.parametrize("name", ["f", "i", "c_tilde", "c", "o", "h"])
def test_what_is_held_has_no_counterpart_and_all_that_follows_is_compared(own: type[nn.Module], name: str) -> None:
    module, x = make(own), sequence()
    trace = gs.trace(module, x, holds=[gs.Hold(name, 0.25, 2, 4, units=(1,), batch=(0, 3))])
    assert (trace.cell().values[name][2:4, [0, 3], 1] == 0.25).all()
    report = gs.verify(trace)
    assert report.verdict.code == "matches_where_comparable"
    assert torch.equal(trace.output[:2], gs.trace(module, x).output[:2])
    trace.cell().values["h"][3, 0, 1] += 1e-3
    assert gs.verify(trace).verdict.code == "differs"


@each
def test_what_each_quantity_is_made_of_is_what_the_equations_use(own: type[nn.Module]) -> None:
    recorded = gs.trace(make(own), sequence(), states()).cell()
    cell, before = recorded.cell, {name: recorded.state_before(name)[3] for name in recorded.cell.states}

    def reached(source: str) -> set[str]:
        def more(name: str, value: Tensor) -> Tensor:
            return value + 0.25 if name == source else value

        step, changed = (one_step(cell, recorded.weights, recorded.x[3], before, hold) for hold in (as_computed, more))
        return {name for name in cell.names if not torch.equal(step[name], changed[name])}

    for source in cell.names:
        following, last = {source}, set[str]()
        while following != last:
            last = following
            following = following | {name for name, of in cell.made_of.items() if following & {*of}}
        assert reached(source) == following


@each
def test_gradients_reach_the_module_and_every_quantity(own: type[nn.Module]) -> None:
    module, x = make(own, dtype=torch.float64), sequence(dtype=torch.float64)
    trace = gs.trace(module, x, grad=True)
    trace.output.sum().backward()
    ours = [parameter.grad.clone() for parameter in module.parameters() if parameter.grad is not None]
    module.zero_grad()
    hx, outputs = (torch.zeros(5, H, dtype=torch.float64),) * 2, []
    for x_t in x:
        hx = module(x_t, hx)
        outputs.append(hx[0])
    torch.stack(outputs).sum().backward()
    for mine, parameter in zip(ours, module.parameters(), strict=True):
        torch.testing.assert_close(mine, parameter.grad)
    for name in trace.spec.cell.names:
        assert trace.cell().grad(name).abs().sum() > 0
    assert gs.verify(trace).matches


# ---- everything else that reads a trace ----


@each
def test_preactivations_are_what_the_gates_are_made_of(own: type[nn.Module]) -> None:
    cell = gs.trace(make(own), sequence(), states()).cell()
    for name in ("f", "i", "o"):
        torch.testing.assert_close(cell.quantity(f"z_{name}").sigmoid(), cell.quantity(name))
    torch.testing.assert_close(cell.z_c.tanh(), cell.g)


def test_a_preactivation_is_known_once_all_is_that_goes_into_it() -> None:
    cell = PeepholeLSTM()
    assert "z_o" not in cell.known("preactivations")
    assert {"z_f", "z_i", "z_c"} <= cell.known("preactivations")
    assert "z_o" in cell.known("c")


@each
def test_terms_sum_up_to_the_preactivation_whatever_the_cell_adds(own: type[nn.Module]) -> None:
    trace = gs.trace(make(own), sequence(), states())
    for t in (0, 4):
        for gate in ("f", "i", "c_tilde", "o"):
            terms = gs.Origins(trace, batch=1, unit=2).terms(gate, t)
            assert terms.total == pytest.approx(terms.z, rel=1e-5, abs=1e-6)
            rest = [term for term in terms if term.source == "rest"]
            assert len(rest) == (own is LayerNormLSTMCell or gate != "c_tilde")
            assert all(term.name == "⋯" for term in rest)


def test_the_rest_of_a_peepholes_terms_is_the_peephole() -> None:
    module = make(PeepholeLSTMCell)
    trace = gs.trace(module, sequence(), states())
    (rest,) = [term for term in gs.Origins(trace, unit=2).terms("o", 4) if term.source == "rest"]
    peephole = module.get_parameter("peepholes")[2, 2].item()
    assert rest.product == pytest.approx(peephole * trace.cell().c[4, 0, 2].item(), rel=1e-4)


@each
def test_memory_sums_saturation_and_half_lives(own: type[nn.Module]) -> None:
    trace = gs.trace(make(own), sequence(), states())
    memory = gs.Origins(trace, unit=1).memory(6)
    assert memory.total == pytest.approx(memory.recorded, rel=1e-5)
    assert not memory.set_by_hand.any()
    assert list(gs.saturation(trace)) == ["f", "i", "o"]
    assert np.isfinite(gs.half_lives(trace)).all()
    sums = {one.state: one for one in gs.Origins(trace).sums(3)}
    assert set(sums) == ({"c", "h"} if own is PeepholeLSTMCell else set())
    for one in sums.values():
        assert one.total == pytest.approx(one.recorded, rel=1e-5)


@each
def test_a_memory_that_was_set_by_hand_is_seen(own: type[nn.Module]) -> None:
    trace = gs.trace(make(own), sequence())
    trace.cell().values["c"][3, 0, 1] += 0.1
    assert gs.Origins(trace, unit=1).memory(6).set_by_hand.tolist() == [t in (3, 4) for t in range(7)]


@each
def test_equations_are_as_the_cell_writes_them(own: type[nn.Module]) -> None:
    trace = gs.trace(make(own), sequence(), states())
    equations = gs.Equations(trace, unit=1)
    for quantity in trace.spec.cell.quantities:
        equation = equations.of(quantity.name, 3)
        assert equation.agrees
        right = quantity.equation.partition(" = ")[2].replace(" * ", "·")
        number = f"{abs(float(trace.cell().quantity(quantity.name)[3, 0, 1])):.4f}"
        text = as_text([equation])
        assert right in text
        assert number in text
        assert as_latex([equation])
    trace.cell().values["o"][3, 0, 1] += 0.1
    assert not gs.Equations(trace, unit=1).of("o", 3).agrees


@each
def test_an_equation_of_what_is_held_says_what_it_would_be(own: type[nn.Module]) -> None:
    trace = gs.trace(make(own), sequence(), holds=[gs.Hold("f", 0.25, 3, 4)])
    equation = gs.Equations(trace, unit=1).of("f", 3)
    assert equation.left is None
    assert equation.result.value == pytest.approx(float(trace.cell().z_f[3, 0, 1].sigmoid()), rel=1e-5)


@each
def test_csv_has_every_quantity_and_the_reference_of_the_states(own: type[nn.Module], tmp_path: Path) -> None:
    trace = gs.trace(make(own), sequence())
    trace.to_csv(tmp_path / "own.csv")
    with (tmp_path / "own.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7 * 5 * H
    assert list(rows[0])[5:] == ["f", "i", "c_tilde", "c", "o", "h", "c_ref", "h_ref", "c_err", "h_err"]
    assert np.float32(rows[-1]["h"]) == trace.cell().h[-1, -1, -1].numpy()
    assert f'"module": "{own.__name__}(3, 4' in (tmp_path / "own.csv.json").read_text(encoding="utf-8")
    trace.to_csv(tmp_path / "wide.csv", "wide")
    trace.to_parquet(tmp_path / "own.parquet")


@each
def test_a_trace_from_a_file_says_that_its_reference_is_missing(own: type[nn.Module], tmp_path: Path) -> None:
    trace = gs.trace(make(own), sequence())
    trace.save(tmp_path / "own.gates")
    read = gs.load(tmp_path / "own.gates").only
    assert read.spec == trace.spec
    for name, values in trace.cell().values.items():
        assert torch.equal(read.cell().values[name], values)
    for name, weight in trace.cell().weights.further.items():
        assert torch.equal(read.cell().weights.further[name], weight)
    report = gs.verify(read, gates=True)
    assert not report.matches
    assert report.verdict.code == "reference_missing"
    assert own.__name__ in str(report.verdict)
    assert not report.drifts
    assert report.reference("h").isnan().all()
    assert gs.verify(replace(read, module=make(own))).matches
    assert gs.Origins(read).terms("f", 2).z == gs.Origins(trace).terms("f", 2).z


# ---- what is refused ----


def test_a_module_of_an_unknown_class_is_refused() -> None:
    with pytest.raises(gs.GatescopeError) as refused:
        gs.trace(nn.Linear(3, 4), sequence())
    assert refused.value.code == "not_recurrent"


def test_a_cell_cannot_take_the_name_of_one_of_torchs_modules() -> None:
    for name in ("LSTM", "LSTMCell", "RNN"):

        class Thief(PeepholeLSTM):
            pass

        Thief.name = name
        with pytest.raises(gs.GatescopeError) as refused:
            add_cell(Thief())
        assert refused.value.code == "cell_name_taken"
    assert type(gs.ModuleSpec(3, 4).cell) is type(LSTM)
    assert gs.ModuleSpec(3, 4, kind="RNN").cell is RNN_TANH


def test_a_parameter_of_a_wrong_shape_is_named() -> None:
    module = make(PeepholeLSTMCell)
    module.peepholes = nn.Parameter(torch.zeros(3, 2))
    with pytest.raises(gs.GatescopeError) as refused:
        gs.trace(module, sequence())
    assert refused.value.code == "own_parameter"


def test_a_module_that_returns_something_else_is_named() -> None:
    class Summing(PeepholeLSTMCell):
        def forward(self, x: Tensor, states: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            h, c = super().forward(x, states)
            return h.sum(dim=0), c

    trace = gs.trace(make(Summing), sequence())
    with pytest.raises(gs.GatescopeError, match=r"PeepholeLSTMCell should return h as \(35, 4\), but returns \(4,\)"):
        gs.verify(trace)


def test_a_network_of_ones_own_is_not_built_from_its_sizes() -> None:
    spec = gs.trace(make(PeepholeLSTMCell), sequence()).spec
    assert spec.constructor() == "PeepholeLSTMCell(3, 4)"
    with pytest.raises(gs.GatescopeError) as refused:
        build(spec, seed=0)
    assert refused.value.code == "cannot_build"
    assert isinstance(gs.trace(build(gs.ModuleSpec(3, 4), 0), sequence()), Trace)


def test_a_checkpoint_of_torchs_modules_stays_what_it_is_beside_a_cell_of_as_many_gates(tmp_path: Path) -> None:
    torch.save({"a": nn.LSTM(3, 4).state_dict(), "b": nn.LSTMCell(3, 4).state_dict()}, tmp_path / "both.pt")
    assert [module.kind for module in open_checkpoint(tmp_path / "both.pt").modules] == ["LSTM", "LSTMCell"]
