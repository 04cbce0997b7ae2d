"""The LSTM.

Symbols: N rows (steps and batch elements), K numbers read at each step, H hidden units, P units of h (H, or
proj_size). The packed weights are blocks of rows in torch's order i, f, g, o; g is the textbook's C̃.

References
----------
Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997; in the form with a
forget gate of Gers, Schmidhuber and Cummins, 2000. Packing and projection: documentation of torch.nn.LSTM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatescope.cells.quantities import Quantity
from gatescope.cells.rounding import SumErrors, both_sides, sigmoid_error, tanh_error, tanh_slope
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Holding, Scan, Summands, Values, as_computed
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.probe import Probe
    from gatescope.cells.weights import Weights


class _LSTM(TorchCell):
    name = "LSTM"
    packed = ("i", "f", "c_tilde", "o")
    states = ("h", "c")
    memory_state = "c"
    made_of = {"c": ("f", "i", "c_tilde"), "h": ("o", "c")}  # noqa: RUF012 - read only
    quantities = (
        Quantity("f", "f", "f", QT_TRANSLATE_NOOP("engine", "forget gate"), "f_t = σ(z_f)", 0.0, 1.0, "z_f"),
        Quantity("i", "i", "i", QT_TRANSLATE_NOOP("engine", "input gate"), "i_t = σ(z_i)", 0.0, 1.0, "z_i"),
        Quantity("c_tilde", "C̃", "g", QT_TRANSLATE_NOOP("engine", "candidate"), "C̃_t = tanh(z_c)", -1.0, 1.0, "z_c"),
        Quantity("c", "C", "c", QT_TRANSLATE_NOOP("engine", "cell state"), "C_t = f_t * C_(t-1) + i_t * C̃_t", None, None),
        Quantity("o", "o", "o", QT_TRANSLATE_NOOP("engine", "output gate"), "o_t = σ(z_o)", 0.0, 1.0, "z_o"),
        Quantity("h", "h", "h", QT_TRANSLATE_NOOP("engine", "hidden state"), "h_t = o_t * tanh(C_t)", -1.0, 1.0),
    )  # fmt: skip

    def preactivations(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z_i, z_f, z_c, z_o = w.of_both(xh)  # W [x_t, h_(t-1)] + b: four (N, H)
        return {"z_f": z_f, "z_i": z_i, "z_c": z_c, "z_o": z_o}

    def activate(self, z: Values) -> Values:
        return {
            "f": z["z_f"].sigmoid_(),
            "i": z["z_i"].sigmoid_(),
            "c_tilde": z["z_c"].tanh_(),
            "o": z["z_o"].sigmoid_(),
        }

    def advance(self, gates: Values, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        c = held("c", gates["f"] * before["c"] + gates["i"] * gates["c_tilde"])
        h = gates["o"] * c.tanh()
        return {"c": c, "h": w.projected(h)}

    def memory(self, gates: Values, before: Values, scan: Scan) -> Values:
        return {"c": scan(gates["f"], gates["i"] * gates["c_tilde"], before["c"])}

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        return gates["f"], gates["i"] * gates["c_tilde"]

    def summands(self, step: Values, before: Values) -> Summands:
        return {
            "c": {"f_t * C_(t-1)": (step["f"], before["c"]), "i_t * C̃_t": (step["i"], step["c_tilde"])},
            "h": {"o_t * tanh(C_t)": (step["o"], step["c"].tanh())},
        }

    def gathered(self, values: Values, of_memory: Tensor, scan: Scan, arithmetic: Arithmetic) -> Tensor:
        # Two computations of C from the same h part by dC_t = f_t dC_(t-1) + (one step's rounding). What had come
        # together before step t reaches h_t through f_t, the slope of tanh and o_t.
        f, o = (values[name].clamp(0, 1) for name in ("f", "o"))  # recorded numbers: not trusted beyond their range
        apart = scan(f, of_memory.clone(), of_memory.new_zeros(of_memory.shape[1:]))
        reached = f[1:] * apart[:-1]
        size = values["c"][1:].abs()
        # Never more than from |C| to what is `reached` nearer to 0, which counts where tanh is flat.
        far = size.tanh() - (size - reached).tanh() + 4 * arithmetic.unit_roundoff
        shown = of_memory.new_zeros(of_memory.shape)
        shown[1:] = o[1:] * (tanh_slope(size.tanh(), reached) * reached).minimum(far)
        return shown

    def carried(self, sums: SumErrors, before: Values, step: Values, arithmetic: Arithmetic) -> Values:
        u, c_before = arithmetic.unit_roundoff, before["c"].abs()
        f, i, o, c_tilde = (step[name].abs() for name in ("f", "i", "o", "c_tilde"))  # one held may be negative
        dz_i, dz_f, dz_c, dz_o = sums.of_both()
        df, di, do = (sigmoid_error(gate, dz, arithmetic) for gate, dz in ((f, dz_f), (i, dz_i), (o, dz_o)))
        dc_tilde = tanh_error(c_tilde, dz_c, arithmetic)

        # f * C + i * C̃, with two products and their sum.
        dc = c_before * df.add(f, alpha=2 * u) + c_tilde * di.add(i, alpha=2 * u) + (i + di) * dc_tilde
        memory = step["c"].tanh().abs_()
        d_memory = tanh_error(memory, dc, arithmetic)
        shown = o * memory  # (N, H); this is |h_t| before a projection
        dh = ((o + do) * d_memory).addcmul_(memory, do).add_(shown, alpha=u)
        dh = sums.projected(shown, dh)
        return both_sides({"f": df, "i": di, "c_tilde": dc_tilde, "c": dc, "o": do, "h": dh}, arithmetic)

    def reveal(self, probe: Probe) -> Values:
        # With gates held open or shut, what the kernel returns is a gate: C_t = f * C_(t-1) with i shut; from
        # C_(t-1) = 0, C_t = i with C̃ = 1, and C_t = C̃ with i open. A huge power of two for C_(t-1) leaves f exact
        # and makes tanh(C_t) = 1, so that h_t is o.
        indicators = (("i", -1.0), ("c_tilde", 1.0), ("i", 1.0), ("f", 1.0))
        held = probe.without_projection().with_indicators(*indicators)
        huge = 2.0**100 if probe.wide_range else 2.0**13
        shut = held.step(on=(0,), c=huge)
        f, o = held.shown(shut["c"] / huge, "i"), held.shown(shut["h"], "i")
        if bool((shut["c"] < 64).any()):
            o = held.shown(held.step(on=(0, 3), c=huge)["h"], "i", "f")
        i = held.shown(held.step(on=(1,), c=0.0)["c"], "c_tilde")
        c_tilde = held.shown(held.step(on=(2,), c=0.0)["c"], "i")
        return {"f": f, "i": i, "c_tilde": c_tilde, "o": o}

    def observed(self, calls: list[tuple[str, Tensor, Tensor]]) -> Values:
        (_, _, i), (_, _, f), (_, _, c_tilde), (_, _, o), (_, _, _tanh_c) = calls
        return {"f": f, "i": i, "c_tilde": c_tilde, "o": o}


LSTM = _LSTM()
