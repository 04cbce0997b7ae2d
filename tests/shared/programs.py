"""Programs that run one recurrent layer by themselves: right ones in other orders of rounding, and wrong ones.

Each starts from the weights and the states of a trace and runs the whole sequence in the working type. What it computed
takes the place of the record, as if that program had been traced. Tests and benchmarks share this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

import gatescope as gs
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters
from gatescope.traces.trace import Trace


@dataclass(frozen=True)
class Moment:
    """When a number is computed: t, the states before this step, and those before each step until now."""

    t: int
    before: Values
    history: list[Values]


Nonlinearity = Callable[[Tensor], Tensor]
After = Callable[[str, Tensor, Moment], Tensor]
Sums = Callable[[Tensor, Tensor | None, Tensor], Tensor]
"""W v + b of rows v, (N, G), from W (G, K), b (G,) or None and v (N, K)."""


def both_products(x: Tensor, h: Tensor, p: Parameters, sums: Sums) -> Tensor:
    """Return W_ih x + b_ih + W_hh h + b_hh, each product with its bias."""
    return sums(p.w_ih, p.b_ih, x) + sums(p.w_hh, p.b_hh, h)


def by_linear(w: Tensor, b: Tensor | None, v: Tensor) -> Tensor:
    """Return W v + b as torch computes it."""
    return linear(v, w, b)


def reset_after(r: Tensor, h: Tensor, w: Tensor, b: Tensor | None, sums: Sums) -> Tensor:
    """Return what a GRU's n takes from h, in the form of torch: the product, and r times it."""
    return r * sums(w, b, h)


@dataclass(frozen=True)
class Program:
    """A program that runs one layer. As it stands it is right; each field is a place where it may do something else.

    Parameters
    ----------
    weights : callable
        Changes the parameters before the run.
    inputs : callable
        Changes the input, (T, B, K).
    fed : callable
        Changes the states that a step reads.
    after : callable
        Changes each number as soon as it is computed, so that what is computed from it follows: `z_f`, `f`, `c` ...
    sigmoid, tanh, shown : callable
        The nonlinearities of the gates, of the candidate, and of the memory of an LSTM; None for that of the module.
    sums : callable
        Computes W v + b.
    products : callable
        Computes W_ih x + b_ih + W_hh h + b_hh, given `sums`.
    reset : callable
        Computes what a GRU's n takes from h.
    written : callable
        Computes a GRU's h from z, n and the h before.
    """

    weights: Callable[[Parameters], Parameters] = lambda p: p
    inputs: Callable[[Tensor], Tensor] = lambda x: x
    fed: Callable[[Moment], Values] = lambda now: now.before
    after: After = lambda name, value, now: value
    sigmoid: Nonlinearity = torch.sigmoid
    tanh: Nonlinearity | None = None
    shown: Nonlinearity = torch.tanh
    sums: Sums = by_linear
    products: Callable[[Tensor, Tensor, Parameters, Sums], Tensor] = both_products
    reset: Callable[[Tensor, Tensor, Tensor, Tensor | None, Sums], Tensor] = reset_after
    written: Callable[[Tensor, Tensor, Tensor], Tensor] = lambda z, n, h: (1 - z) * n + z * h

    def step(self, cell: TorchCell, x: Tensor, p: Parameters, now: Moment) -> Values:
        """Compute one step of the program: every quantity of the cell, (B, units)."""
        steps = {"LSTM": self._lstm, "GRU": self._gru, "RNN": self._rnn}
        nonlinearity = self.tanh or (torch.relu if cell.nonlinearity == "relu" else torch.tanh)
        return steps[cell.name](x, self.fed(now), p, nonlinearity, lambda name, value: self.after(name, value, now))

    def _lstm(self, x: Tensor, s: Values, p: Parameters, tanh: Nonlinearity, kept: Kept) -> Values:
        z_i, z_f, z_c, z_o = self.products(x, s["h"], p, self.sums).chunk(4, dim=-1)
        f, i = kept("f", self.sigmoid(kept("z_f", z_f))), kept("i", self.sigmoid(kept("z_i", z_i)))
        c_tilde, o = kept("c_tilde", tanh(kept("z_c", z_c))), kept("o", self.sigmoid(kept("z_o", z_o)))
        c = kept("c", f * s["c"] + i * c_tilde)
        return {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": kept("h", o * self.shown(c))}

    def _gru(self, x: Tensor, s: Values, p: Parameters, tanh: Nonlinearity, kept: Kept) -> Values:
        gates, (w_ih, w_hh, b_ih, b_hh) = _split(p, 2 * s["h"].shape[-1])
        z_r, z_z = self.products(x, s["h"], gates, self.sums).chunk(2, dim=-1)
        r, z = kept("r", self.sigmoid(kept("z_r", z_r))), kept("z", self.sigmoid(kept("z_z", z_z)))
        n = kept("n", tanh(kept("z_n", self.sums(w_ih, b_ih, x) + self.reset(r, s["h"], w_hh, b_hh, self.sums))))
        return {"r": r, "z": z, "n": n, "h": kept("h", self.written(z, n, s["h"]))}

    def _rnn(self, x: Tensor, s: Values, p: Parameters, tanh: Nonlinearity, kept: Kept) -> Values:
        a = kept("a", self.products(x, s["h"], p, self.sums))
        return {"a": a, "h": kept("h", tanh(a))}


Kept = Callable[[str, Tensor], Tensor]


def _split(p: Parameters, rows: int) -> tuple[Parameters, tuple[Tensor, Tensor, Tensor | None, Tensor | None]]:
    """Return the first rows of the parameters, and the others."""
    last = p.mapped(lambda value: value[rows:])
    return p.mapped(lambda value: value[:rows]), (last.w_ih, last.w_hh, last.b_ih, last.b_hh)


@torch.no_grad()
def traced(trace: Trace, program: Program) -> Trace:
    """Return the trace of one layer in one direction as if that program had run in its place, and recorded itself."""
    cell = trace.cell()
    assert isinstance(cell.cell, TorchCell)
    p = program.weights(cell.weights.parameters)
    history, rows = [cell.before], []
    for t, x in enumerate(program.inputs(cell.x)):
        rows.append(program.step(cell.cell, x, p, Moment(t, history[-1], history)))
        history.append({name: rows[-1][name] for name in cell.cell.states})
    values = {name: torch.stack([row[name] for row in rows]).to(cell.x.dtype) for name in cell.cell.names}
    return trace.with_cell(replace(cell, values=values, h_from_kernel=False))


Change = Callable[[nn.Module, Tensor], Tensor]
"""Changes a module's weights in their place, and returns the input that it is to read instead."""


@torch.no_grad()
def network(
    kind: str, hidden: int, dtype: torch.dtype, *, steps: int = 32, seed: int = 0, change: Change | None = None
) -> Trace:
    """Return a trace of a layer with torch's default weights, from random states: what the programs are tried on.

    `kind` is LSTM, GRU, RNN (with tanh) or RNN relu.
    """
    name, *nonlinearity = kind.split()
    options = {"nonlinearity": nonlinearity[0]} if nonlinearity else {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = getattr(nn, name)(min(hidden, 64), hidden, **options)
        x = torch.randn(steps, 3, module.input_size)
        states = [torch.randn(1, 3, hidden).mul(size).to(dtype) for size in (0.5, 2.0)]  # h, and C of an LSTM
        x = x if change is None else change(module, x)
    return gs.trace(module.to(dtype).eval(), x.to(dtype), tuple(states) if name == "LSTM" else states[0])
