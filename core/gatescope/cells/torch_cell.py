"""What a cell that torch has tells about torch's kernel, beside what every cell tells."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from gatescope.cells.cell import Cell
from gatescope.cells.rounding import WorstSums
from gatescope.cells.values import Holding, Scan, Values, as_computed

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.probe import Probe
    from gatescope.cells.rounding import SumErrors
    from gatescope.cells.weights import Weights


class TorchCell(Cell):
    """A cell whose layers and steps torch computes in one kernel: what it is compared with.

    A step is in three parts, so that the gates of all steps can be computed at once from the h that the kernel returns.
    """

    @property
    def kinds(self) -> tuple[str, ...]:
        """The modules of torch.nn that run this cell: a layer, and one that is fed step by step."""
        return (self.name, f"{self.name}Cell")

    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        z = self.preactivations(xh, before, w, held)
        if any(value.requires_grad for value in z.values()):
            # Autograd forbids writing into parts of a tensor. What is a gate already is not written into.
            z = {name: value if name in self.gates else value.clone() for name, value in z.items()}
        gates = self.activate(z)
        if held is as_computed:  # not asked for each value: small steps would take a tenth longer
            return gates | self.advance(gates, before, w)
        gates = {name: held(name, gate) for name, gate in gates.items()}
        return gates | {name: held(name, state) for name, state in self.advance(gates, before, w, held).items()}

    @abstractmethod
    def preactivations(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        """Compute what the nonlinearities are applied to.

        Parameters
        ----------
        xh : Tensor
            [x_t, h_(t-1)] side by side, (N, K+P).
        before : dict
            The states before the step; of none but h, which `xh` has as well, when all steps are computed at once.
        w : Weights
            The cell's parameters.
        held : callable
            What to hold of the gates that are computed on the way.

        Returns
        -------
        dict
            Each (N, H); with them the gates that had to be computed on the way.
        """

    @abstractmethod
    def activate(self, z: Values) -> Values:
        """Turn pre-activations into gates, in place to save memory: what was `z_f` is `f` afterwards."""

    @abstractmethod
    def advance(self, gates: Values, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        """Compute the states after a step from its gates and the states before it.

        Where a state is computed from another, it is from what that one is held at.
        """

    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        return self.carried(WorstSums(w, xh, arithmetic), before, step, arithmetic)

    @abstractmethod
    def carried(self, sums: SumErrors, before: Values, step: Values, arithmetic: Arithmetic) -> Values:
        """Carry what the sums of a step may be off by through its equations.

        Parameters
        ----------
        sums : SumErrors
            What they may be off by.
        before, step, arithmetic
            As for `bound`.

        Returns
        -------
        dict
            As `bound` does.
        """

    def memory(self, gates: Values, before: Values, scan: Scan) -> Values:
        """Compute the states other than h of all steps at once, from their gates and the states before the first."""
        return {}

    def gathered(self, values: Values, of_memory: Tensor, scan: Scan, arithmetic: Arithmetic) -> Tensor:
        """Bound what the memory gathers on a history of its own and h shows of it, (T, B, H).

        Parameters
        ----------
        values : dict
            Quantities of all steps, (T, B, units), in the order of the run.
        of_memory : Tensor
            What the memory may be off by in each step, (T, B, H).
        scan : callable
            Solves the recurrence of what is gathered.
        arithmetic : Arithmetic
            That of the bounds.

        Raises
        ------
        NotImplementedError
            Where h is the only state.
        """
        raise NotImplementedError

    @property
    def revealing(self) -> TorchCell:
        """The cell whose kernel shows the gates: this one, but for a nonlinearity that hides them."""
        return self

    @abstractmethod
    def reveal(self, probe: Probe) -> Values:
        """Let torch's kernel show the gates that it does not return, without any equation of ours.

        Parameters
        ----------
        probe : Probe
            Runs one step of N rows with parameters that can be changed.

        Returns
        -------
        dict
            Each of `gates`, (N, H); NaN where another cannot be held, see `Probe.shown`.
        """

    @abstractmethod
    def observed(self, calls: list[tuple[str, Tensor, Tensor]]) -> Values:
        """Pick the gates out of the elementwise operations that torch's native kernel ran for one step.

        Parameters
        ----------
        calls : list of (str, Tensor, Tensor)
            Name, argument and result of each sigmoid, tanh and relu, in their order.
        """
