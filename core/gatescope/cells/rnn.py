"""The plain recurrent cell, with tanh or relu.

Symbols as for the LSTM. There is one block of rows.

References
----------
Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990; documentation of torch.nn.RNN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatescope.cells.quantities import Quantity
from gatescope.cells.rounding import SumErrors, both_sides, tanh_error
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Holding, Summands, Values, as_computed
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.probe import Probe
    from gatescope.cells.weights import Weights


class _RNN(TorchCell):
    name = "RNN"
    packed = ("a",)
    made_of = {"h": ("a",)}  # noqa: RUF012 - read only

    def __init__(self, nonlinearity: str, low: float, high: float | None) -> None:
        self.nonlinearity = nonlinearity
        self.quantities = (
            Quantity("a", "a", "a", QT_TRANSLATE_NOOP("engine", "pre-activation"), "a_t = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh", None, None, "a", like="c"),
            Quantity("h", "h", "h", QT_TRANSLATE_NOOP("engine", "hidden state"), f"h_t = {nonlinearity}(a_t)", low, high),
        )  # fmt: skip

    def preactivations(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        (a,) = w.of_both(xh)
        return {"a": a}

    def activate(self, z: Values) -> Values:
        return z  # a is itself what is looked at

    def advance(self, gates: Values, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        return {"h": self._applied(gates["a"])}

    def _applied(self, a: Tensor) -> Tensor:
        return a.tanh() if self.nonlinearity == "tanh" else a.relu()

    def summands(self, step: Values, before: Values) -> Summands:
        return {"h": {f"{self.nonlinearity}(a_t)": (self._applied(step["a"]),)}}

    def carried(self, sums: SumErrors, before: Values, step: Values, arithmetic: Arithmetic) -> Values:
        (da,) = sums.of_both()
        dh = tanh_error(step["h"], da, arithmetic) if self.nonlinearity == "tanh" else da.clone()
        return both_sides({"a": da, "h": dh}, arithmetic)

    @property
    def revealing(self) -> TorchCell:
        return RNN_RELU

    def reveal(self, probe: Probe) -> Values:
        # From the kernel with relu: relu(a) - relu(-a) = a, and changing every sign changes no rounding.
        return {"a": probe.step()["h"] - probe.scaled(-1.0).step()["h"]}

    def observed(self, calls: list[tuple[str, Tensor, Tensor]]) -> Values:
        ((_, a, _),) = calls
        return {"a": a}


RNN_TANH = _RNN("tanh", -1.0, 1.0)
RNN_RELU = _RNN("relu", 0.0, None)
