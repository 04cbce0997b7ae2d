"""Wrong programs, 36 for each cell: what verification has to find, from swapped gates to 1e-6 of a gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from programs import Moment, Nonlinearity, Program
from torch import Tensor
from torch.nn.functional import linear

from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters

UNIT, STEP, PERIOD = 2, 3, 4  # where a fault is of one unit, or of one step, or comes again


@dataclass(frozen=True)
class Fault:
    """A wrong program; `size` is how far, in parts of it, the number is off that it computes wrong: 1 for what is
    another number altogether."""

    name: str
    program: Program
    size: float = 1.0


# ---- weights ----


def on_weights(change: Callable[[Parameters], Parameters]) -> Program:
    return Program(weights=change)


def dropped(*names: str) -> Program:
    return on_weights(lambda p: p._replace(**{name: torch.zeros_like(getattr(p, name)) for name in names}))


def with_rows(name: str, rows: slice | int, change: Callable[[Tensor], Tensor]) -> Program:
    """Change some rows of one parameter."""

    def changed(p: Parameters) -> Parameters:
        before = getattr(p, name)
        after = before.clone()
        after[rows] = change(before[rows])
        return p._replace(**{name: after})

    return on_weights(changed)


def of_block(name: str, blocks: int, block: int, change: Callable[[Tensor], Tensor]) -> Program:
    """Change the rows of one of the gates in one parameter."""

    def changed(p: Parameters) -> Parameters:
        size = len(p.w_hh) // blocks
        return with_rows(name, slice(block * size, (block + 1) * size), change).weights(p)

    return on_weights(changed)


def of_unit(name: str, blocks: int, block: int, change: Callable[[Tensor], Tensor]) -> Program:
    """Change the row of one unit of one of the gates in one parameter."""
    return on_weights(lambda p: with_rows(name, block * (len(p.w_hh) // blocks) + UNIT, change).weights(p))


def swapped(one: int, other: int, blocks: int) -> Program:
    """Swap the rows of two gates in all parameters."""
    order = list(range(blocks))
    order[one], order[other] = other, one

    def turned(value: Tensor) -> Tensor:
        parts = value.chunk(blocks)
        return torch.cat([parts[block] for block in order])

    return on_weights(lambda p: p.mapped(turned))


def rounded(dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
    return lambda value: value.to(dtype).to(value.dtype)


def _with_one_sign_turned(w: Tensor) -> Tensor:
    w = w.clone()
    w[UNIT] = torch.where(w[UNIT].abs() == w[UNIT].abs().max(), -w[UNIT], w[UNIT])
    return w


# ---- numbers on the way ----


def on(name: str, change: Callable[[Tensor], Tensor], steps: Callable[[int], bool] = lambda t: True) -> Program:
    """Change a quantity or a pre-activation as soon as it is computed."""

    def after(computed: str, value: Tensor, now: Moment) -> Tensor:
        return change(value) if computed == name and steps(now.t) else value

    return Program(after=after)


def plus(size: float) -> Callable[[Tensor], Tensor]:
    return lambda value: value + size


def times(factor: float) -> Callable[[Tensor], Tensor]:
    return lambda value: value * factor


def in_one_unit(change: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    def changed(value: Tensor) -> Tensor:
        value = value.clone()
        value[:, UNIT] = change(value[:, UNIT])
        return value

    return changed


def at_one_step(t: int) -> bool:
    return t == STEP


def mixed_with_before(name: str, share: float) -> Program:
    """Let a state keep a share of what it was before."""

    def after(computed: str, value: Tensor, now: Moment) -> Tensor:
        return torch.lerp(value, now.before[name], share) if computed == name else value

    return Program(after=after)


def peephole(weight: float) -> Program:
    """Let the forget gate see C_(t-1)."""

    def after(computed: str, value: Tensor, now: Moment) -> Tensor:
        return value + weight * now.before["c"] if computed == "z_f" else value

    return Program(after=after)


# ---- states and inputs ----


def fed(change: Callable[[Moment], Values]) -> Program:
    return Program(fed=change)


def h_fed_as(change: Callable[[Tensor, Moment], Tensor]) -> Program:
    return fed(lambda now: now.before | {"h": change(now.before["h"], now)})


def _of_the_next_element(now: Moment) -> Values:
    return {name: state.roll(1, dims=0) for name, state in now.before.items()}


def lost_every_period(name: str) -> Program:
    def states(now: Moment) -> Values:
        lost = now.t > 0 and now.t % PERIOD == 0
        return now.before | {name: torch.zeros_like(now.before[name])} if lost else now.before

    return fed(states)


# ---- nonlinearities ----


def hard_sigmoid(z: Tensor) -> Tensor:
    return (0.2 * z + 0.5).clamp(0, 1)


def in_table(function: Nonlinearity) -> Nonlinearity:
    """Look a function up in a table with steps of 1/1024, at the entry that is nearest."""
    return lambda z: function((z * 1024).round() / 1024)


def coarse_rational_tanh(z: Tensor) -> Tensor:
    z = z.clamp(-3, 3)
    return z * (27 + z * z) / (27 + 9 * z * z)


def fine_rational_tanh(z: Tensor) -> Tensor:
    """As the continued fraction of tanh has it; off by 1e-4 at 1.7."""
    square = z * z
    return (z * (105 + 10 * square) / (105 + 45 * square + square * square)).clamp(-1, 1)


def unchanged(z: Tensor) -> Tensor:
    return z


# ---- the lists ----


def _of_all(blocks: int) -> list[Fault]:
    """Return the faults that every cell can have."""
    return [
        Fault("b_hh dropped", dropped("b_hh")),
        Fault("b_ih of one gate dropped", of_block("b_ih", blocks, 0, torch.zeros_like)),
        Fault("W_hh dropped", dropped("w_hh")),
        Fault("W_hh of one gate transposed", of_block("w_hh", blocks, blocks - 1, torch.t)),
        Fault("columns of W_hh shifted by one", on_weights(lambda p: p._replace(w_hh=p.w_hh.roll(1, dims=1)))),
        Fault("one weight's sign flipped", on_weights(lambda p: p._replace(w_hh=_with_one_sign_turned(p.w_hh)))),
        Fault("weights rounded to bfloat16", on_weights(lambda p: p.mapped(rounded(torch.bfloat16))), 2.0**-9),
        Fault("weights rounded to float16", on_weights(lambda p: p.mapped(rounded(torch.float16))), 2.0**-12),
        Fault("h not fed back", h_fed_as(lambda h, now: now.history[0]["h"])),
        Fault("h of two steps before fed back", h_fed_as(lambda h, now: now.history[max(0, now.t - 1)]["h"])),
        Fault("one unit of h not fed back", h_fed_as(lambda h, now: in_one_unit(torch.zeros_like)(h))),
        Fault("states of the next batch element", fed(_of_the_next_element)),
        Fault("x one step late", Program(inputs=lambda x: x.roll(1, dims=0))),
        Fault("x rounded to bfloat16", Program(inputs=rounded(torch.bfloat16)), 2.0**-9),
        Fault("h times 1 + 1e-5", on("h", times(1 + 1e-5)), 1e-5),
        Fault("h keeps 1e-3 of h before", mixed_with_before("h", 1e-3), 1e-3),
    ]  # fmt: skip


def _bias_faults(gate: str, blocks: int, block: int) -> list[Fault]:
    return [
        Fault(f"bias of {gate} off by 1e-4", of_block("b_ih", blocks, block, plus(1e-4)), 1e-4),
        Fault(f"bias of {gate} off by 1e-5", of_block("b_ih", blocks, block, plus(1e-5)), 1e-5),
        Fault(f"bias of {gate} off by 1e-4 in one unit", of_unit("b_ih", blocks, block, plus(1e-4)), 1e-4),
    ]


def _scaled(name: str, *sizes: float) -> list[Fault]:
    return [Fault(f"{name} times 1 + {size:g}", on(name, times(1 + size)), size) for size in sizes]


_TABLE = Program(sigmoid=in_table(torch.sigmoid))

LSTM_FAULTS = [
    *_of_all(4),
    Fault("i and f swapped", swapped(0, 1, 4)),
    Fault("f and o swapped", swapped(1, 3, 4)),
    Fault("C̃ and o swapped", swapped(2, 3, 4)),
    Fault("hard sigmoid", Program(sigmoid=hard_sigmoid)),
    Fault("sigmoid from a table of 1/1024", _TABLE, 5e-4),
    Fault("tanh(C) missing", Program(shown=unchanged)),
    Fault("tanh as a coarse rational function", Program(tanh=coarse_rational_tanh, shown=coarse_rational_tanh), 1e-2),
    Fault("tanh as a fine rational function", Program(tanh=fine_rational_tanh, shown=fine_rational_tanh), 1e-4),
    Fault("C clipped at 1", on("c", lambda c: c.clamp(-1, 1))),
    Fault("C lost every 4 steps", lost_every_period("c")),
    *_bias_faults("f", 4, 1),
    Fault("peephole of 1e-3", peephole(1e-3), 1e-3),
    Fault("peephole of 1e-4", peephole(1e-4), 1e-4),
    *_scaled("f", 1e-5, 1e-6),
    Fault("i off by 1e-5", on("i", plus(1e-5)), 1e-5),
    Fault("o of one unit off by 1e-4 at one step", on("o", in_one_unit(plus(1e-4)), at_one_step), 1e-4),
    Fault("C times 1 - 1e-5", on("c", times(1 - 1e-5)), 1e-5),
]


def _reset_before(r: Tensor, h: Tensor, w: Tensor, b: Tensor | None, sums: object) -> Tensor:
    return linear(r * h, w, b)  # as in the paper


def _bias_outside(r: Tensor, h: Tensor, w: Tensor, b: Tensor | None, sums: object) -> Tensor:
    return r * linear(h, w) + (0 if b is None else b)


GRU_FAULTS = [
    *_of_all(3),
    Fault("r and z swapped", swapped(0, 1, 3)),
    Fault("z and n swapped", swapped(1, 2, 3)),
    Fault("hard sigmoid", Program(sigmoid=hard_sigmoid)),
    Fault("sigmoid from a table of 1/1024", _TABLE, 5e-4),
    Fault("reset before the product", Program(reset=_reset_before)),
    Fault("b_hh of n outside the reset", Program(reset=_bias_outside)),
    Fault("no reset", on("r", torch.ones_like)),
    Fault("z for 1 - z", on("z", lambda z: 1 - z)),
    Fault("tanh missing", Program(tanh=unchanged)),
    Fault("tanh as a coarse rational function", Program(tanh=coarse_rational_tanh), 1e-2),
    Fault("tanh as a fine rational function", Program(tanh=fine_rational_tanh), 1e-4),
    Fault("h lost every 4 steps", lost_every_period("h")),
    *_bias_faults("z", 3, 1),
    *_scaled("z", 1e-5, 1e-6),
    Fault("z off by 1e-5", on("z", plus(1e-5)), 1e-5),
    Fault("r off by 1e-4", on("r", plus(1e-4)), 1e-4),
    Fault("n of one unit off by 1e-4 at one step", on("n", in_one_unit(plus(1e-4)), at_one_step), 1e-4),
]


def _rnn_faults(own: Nonlinearity, other: Nonlinearity) -> list[Fault]:
    return [
        *_of_all(1),
        Fault("b_hh of one unit dropped", of_unit("b_hh", 1, 0, torch.zeros_like)),
        Fault("W_ih dropped", dropped("w_ih")),
        Fault("columns of W_ih shifted by one", on_weights(lambda p: p._replace(w_ih=p.w_ih.roll(1, dims=1)))),
        Fault("tanh and relu swapped", Program(tanh=other)),
        Fault("nonlinearity missing", Program(tanh=unchanged)),
        Fault("nonlinearity from a table of 1/1024", Program(tanh=in_table(own)), 5e-4),
        Fault("h clipped at 0.5", on("h", lambda h: h.clamp(-0.5, 0.5))),
        Fault("h lost every 4 steps", lost_every_period("h")),
        *_bias_faults("a", 1, 0),
        *_scaled("a", 1e-3, 1e-4, 1e-5, 1e-6),
        *_scaled("h", 1e-4, 1e-6),
        Fault("a off by 1e-5", on("a", plus(1e-5)), 1e-5),
        Fault("h off by 1e-5", on("h", plus(1e-5)), 1e-5),
        Fault("h of one unit off by 1e-4 at one step", on("h", in_one_unit(plus(1e-4)), at_one_step), 1e-4),
    ]


FAULTS: dict[str, list[Fault]] = {
    "LSTM": LSTM_FAULTS,
    "GRU": GRU_FAULTS,
    "RNN": _rnn_faults(torch.tanh, torch.relu),
    "RNN relu": _rnn_faults(torch.relu, torch.tanh),
}
"""36 of each cell, by what `programs.network` calls it."""
