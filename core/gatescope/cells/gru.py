"""The GRU.

Symbols as for the LSTM. The packed weights are blocks of rows in torch's order r, z, n.

References
----------
Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
EMNLP 2014. In torch's form, which applies r_t after the product with h_(t-1): documentation of torch.nn.GRU.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatescope.cells.quantities import Quantity
from gatescope.cells.rounding import SumErrors, both_sides, sigmoid_error, tanh_error
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Holding, Summands, Values, as_computed
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.probe import Probe
    from gatescope.cells.weights import Weights


class _GRU(TorchCell):
    name = "GRU"
    packed = ("r", "z", "n")
    memory_state = "h"
    made_of = {"n": ("r",), "h": ("z", "n")}  # noqa: RUF012 - read only
    scaled_by = {"n": "r"}  # noqa: RUF012 - as above
    quantities = (  # r lets in, z keeps the old state, n is what may be written
        Quantity("r", "r", "r", QT_TRANSLATE_NOOP("engine", "reset gate"), "r_t = σ(z_r)", 0.0, 1.0, "z_r", like="i"),
        Quantity("z", "z", "z", QT_TRANSLATE_NOOP("engine", "update gate"), "z_t = σ(z_z)", 0.0, 1.0, "z_z", like="f"),
        Quantity("n", "n", "n", QT_TRANSLATE_NOOP("engine", "new state"), "n_t = tanh(z_n)", -1.0, 1.0, "z_n", like="c_tilde"),
        Quantity("h", "h", "h", QT_TRANSLATE_NOOP("engine", "hidden state"), "h_t = (1 - z_t) * n_t + z_t * h_(t-1)", -1.0, 1.0),
    )  # fmt: skip

    def preactivations(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z_r, z_z = w.of_both(xh, "r", "z")  # two (N, H)
        (from_x,), (from_h,) = w.of_x(xh, "n"), w.of_h(xh, "n")  # each with its own bias
        r = held("r", z_r.sigmoid())
        return {"z_r": z_r, "z_z": z_z, "z_n": from_x + r * from_h, "r": r}

    def activate(self, z: Values) -> Values:
        return {"r": z["r"], "z": z["z_z"].sigmoid_(), "n": z["z_n"].tanh_()}

    def advance(self, gates: Values, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z = gates["z"]
        return {"h": (1 - z) * gates["n"] + z * before["h"]}

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        return gates["z"], (1 - gates["z"]) * gates["n"]

    def summands(self, step: Values, before: Values) -> Summands:
        return {"h": {"z_t * h_(t-1)": (step["z"], before["h"]), "(1 - z_t) * n_t": (1 - step["z"], step["n"])}}

    def carried(self, sums: SumErrors, before: Values, step: Values, arithmetic: Arithmetic) -> Values:
        u, h_before = arithmetic.unit_roundoff, before["h"]
        r, z, n = step["r"].abs(), step["z"], step["n"]  # one that is held may be negative
        dz_r, dz_z = sums.of_both("r", "z")
        dr, dz = sigmoid_error(r, dz_r, arithmetic), sigmoid_error(z, dz_z, arithmetic)

        # z_n = from_x + r * from_h: both sums, the product, and the error of r.
        (from_x, d_from_x), (from_h, d_from_h) = sums.of_x("n"), sums.of_h("n")
        dz_n = d_from_x + r * d_from_h + dr * (from_h + d_from_h) + 2 * u * (from_x + r * from_h)
        dn = tanh_error(n, dz_n, arithmetic)

        # Kernels write (1 - z) n + z h or n + z (h - n); three roundings of what is at most |n| + |h| hold for both.
        size = n.abs() + h_before.abs()
        dh = (1 - z).abs_() * dn + (size + dn) * dz + 3 * u * size
        return both_sides({"r": dr, "z": dz, "n": dn, "h": dh}, arithmetic)

    def reveal(self, probe: Probe) -> Values:
        # With z = 0 the kernel returns n. With all of n's weights zero, n = 0: from a state of 1 it returns z. With
        # z = 0 and nothing but a small bias inside, n = tanh(r * small), which is r * small up to rounding.
        shut = probe.with_indicators(("z", -1.0))
        n = shut.shown(shut.step(on=(0,))["h"], "z")
        fed = probe.fed_by_input(("z", -1.0))
        z = fed.silenced("n").step(h=1.0)["h"]
        small = fed.silenced("n", b_hh=probe.small)
        r = small.shown(small.step(on=(0,), h=0.0)["h"] / probe.small, "z")
        return {"r": r, "z": z, "n": n}

    def observed(self, calls: list[tuple[str, Tensor, Tensor]]) -> Values:
        (_, _, r), (_, _, z), (_, _, n) = calls
        return {"r": r, "z": z, "n": n}


GRU = _GRU()
