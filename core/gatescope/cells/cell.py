"""What every recurrent cell tells about itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from gatescope.cells.quantities import Quantity
from gatescope.cells.values import Holding, Scan, Summands, Values, as_computed
from gatescope.messages.message import GatescopeError

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.probe import Probe
    from gatescope.cells.weights import Weights


class Cell(ABC):
    """One kind of recurrent cell.

    Attributes
    ----------
    name : str
        What torch.nn calls the module: `nn.LSTM`, and `nn.LSTMCell` of the same cell.
    nonlinearity : str or None
        The value of the module's argument of that name, where it has one.
    quantities : tuple of Quantity
        What a step computes, in teaching order.
    packed : tuple of str
        The gates in the order of their blocks of rows in `weight_ih`, `weight_hh` and the biases.
    states : tuple of str
        What one step hands to the next, h first, in the order of the module's hx.
    memory_state : str or None
        The state of which each step keeps a part and adds to it, see `kept_and_written`; None where there is none.
    made_of : dict of str to tuple of str
        The quantities that others of the same step are computed from directly.
    """

    name: str
    nonlinearity: str | None = None
    quantities: tuple[Quantity, ...]
    packed: tuple[str, ...]
    states: tuple[str, ...] = ("h",)
    memory_state: str | None = None
    made_of: dict[str, tuple[str, ...]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the quantities, in teaching order."""
        return tuple(quantity.name for quantity in self.quantities)

    def quantity(self, name: str) -> Quantity:
        """Return one of the quantities by its own name."""
        return self.quantities[self.names.index(name)]

    def keeps_biases_apart(self, gate: str) -> bool:
        """Whether a step multiplies one of a gate's biases before it adds the other, as a GRU does for n."""
        return gate in self.made_of

    @cached_property
    def gates(self) -> tuple[str, ...]:
        """The names of what is no state, in teaching order."""
        return tuple(name for name in self.names if name not in self.states)

    @property
    def preactivation_names(self) -> tuple[str, ...]:
        """The names of the pre-activations that are no quantity themselves, in teaching order."""
        return tuple(q.preactivation for q in self.quantities if q.preactivation and q.preactivation not in self.names)

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """The parts of a step in the order in which they are computed; after the last one the step is complete."""
        z = ("preactivations",) if self.preactivation_names else ()
        return ("input", *z, *self.names)

    def known(self, phase: str) -> frozenset[str]:
        """Return the quantities and pre-activations that are computed once `phase` is."""
        done = self.phases[: self.phases.index(phase) + 1]
        return frozenset(done) & {*self.names} | {*(self.preactivation_names if "preactivations" in done else ())}

    def named(self, name: str) -> str:
        """Return the quantity's own name for it or for the letter that torch uses.

        Raises
        ------
        GatescopeError
            `no_such_quantity` where the cell has neither.
        """
        allowed = (*self.names, *self.preactivation_names)
        own = {quantity.torch_name: quantity.name for quantity in self.quantities} | {one: one for one in allowed}
        if name not in own:
            raise GatescopeError("no_such_quantity", allowed=", ".join(allowed), value=name)
        return own[name]

    @abstractmethod
    def preactivations(self, xh: Tensor, w: Weights, held: Holding = as_computed) -> Values:
        """Compute what the nonlinearities are applied to.

        Parameters
        ----------
        xh : Tensor
            [x_t, h_(t-1)] side by side, (N, K+P).
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

    def memory(self, gates: Values, before: Values, scan: Scan) -> Values:
        """Compute the states other than h of all steps at once, from their gates and the states before the first."""
        return {}

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        """Return kept_t and written_t of S_t = kept_t * S_(t-1) + written_t, where S is the `memory_state`."""
        raise NotImplementedError

    @abstractmethod
    def summands(self, step: Values, before: Values) -> Summands:
        """Return what the states of a step are the sums of, given all its quantities and the states before it."""

    def gathered(self, values: Values, bounds: Values, scan: Scan, arithmetic: Arithmetic) -> Tensor:
        """Widen the bound of h by what the other states gather on a history of their own, (T, B, P).

        Parameters
        ----------
        values, bounds : dict
            Quantities and bounds of all steps, (T, B, units), in the order of the run.
        scan : callable
            Solves the recurrence of what is gathered.
        arithmetic : Arithmetic
            That of the bounds.
        """
        return bounds["h"]

    @property
    def revealing(self) -> Cell:
        """The cell whose kernel shows the gates: this one, but for a nonlinearity that hides them."""
        return self

    @abstractmethod
    def bound(self, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic) -> Values:
        """Bound the difference between two correct computations of one step; see `gatescope.cells.rounding`.

        Parameters
        ----------
        xh : Tensor
            [x_t, h_(t-1)], (N, K+P).
        before : dict
            The states before the step, each (N, units).
        w : Weights
            The cell's parameters.
        step : dict
            The step's quantities, computed from these by a correct program; recorded ones would widen their own
            tolerance.
        arithmetic : Arithmetic
            Of the less exact of the two computations.

        Returns
        -------
        dict
            A bound for every quantity, as `step`; infinite or NaN where the step is not finite.
        """

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
            Each of `gates`, (N, H).
        """

    @abstractmethod
    def observed(self, calls: list[tuple[str, Tensor, Tensor]]) -> Values:
        """Pick the gates out of the elementwise operations that torch's native kernel ran for one step.

        Parameters
        ----------
        calls : list of (str, Tensor, Tensor)
            Name, argument and result of each sigmoid, tanh and relu, in their order.
        """
