"""What every recurrent cell tells about itself; one that torch has tells more, see `gatescope.cells.torch_cell`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gatescope.cells.quantities import Quantity
from gatescope.cells.values import Holding, Summands, Values, as_computed
from gatescope.messages.message import GatescopeError, describe_all

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.weights import Weights


class Cell(ABC):
    """One kind of recurrent cell.

    A cell that torch does not have derives from this class. What it is compared with is the module of a person's own
    that runs it, called step by step.

    Attributes
    ----------
    name : str
        What the module is called: `LSTM` of `nn.LSTM` and `nn.LSTMCell`; of a cell that torch does not have, the class
        of the modules that run it.
    nonlinearity : str or None
        The value of the module's argument of that name, where it has one.
    quantities : tuple of Quantity
        What a step computes, in teaching order; h is the last.
    packed : tuple of str
        The gates in the order of their blocks of rows in `weight_ih`, `weight_hh` and the biases.
    states : tuple of str
        What one step hands to the next, h first, in the order of the module's hx.
    memory_state : str or None
        The state of which each step keeps a part and adds to it, see `kept_and_written`; None where there is none.
    made_of : dict of str to tuple of str
        The quantities that others of the same step are computed from directly.
    scaled_by : dict of str to str
        For a gate the other one that multiplies all that its pre-activation takes from h, biases too: r of a GRU's n.
    mixing : tuple of str
        The quantities of which every unit is computed from all units of those in `made_of`, as by layer norm.
    takes_batch : bool
        Whether a module of a person's own takes x_t of N rows, (N, K); else it is called with one row, (K,), at a time.
    """

    name: str
    nonlinearity: str | None = None
    quantities: tuple[Quantity, ...]
    packed: tuple[str, ...]
    states: tuple[str, ...] = ("h",)
    memory_state: str | None = None
    made_of: dict[str, tuple[str, ...]]
    scaled_by: dict[str, str] = {}  # noqa: RUF012 - read only
    mixing: tuple[str, ...] = ()
    takes_batch: bool = True

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the quantities, in teaching order."""
        return tuple(quantity.name for quantity in self.quantities)

    def quantity(self, name: str) -> Quantity:
        """Return one of the quantities by its own `name`."""
        return self.quantities[self.names.index(name)]

    def keeps_biases_apart(self, gate: str) -> bool:
        """Whether a step multiplies one of the biases of `gate` before it adds the other, as a GRU does for n."""
        return gate in self.scaled_by

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
        done = frozenset(self.phases[: self.phases.index(phase) + 1])
        # What a gate of the same step goes into is known once that gate is, as z_n of a GRU once r is.
        z = (
            q.preactivation
            for q in self.quantities
            if q.preactivation and done.issuperset(self.made_of.get(q.name, ()))
        )
        return done & {*self.names} | (frozenset(z) if "preactivations" in done else frozenset())

    def named(self, name: str) -> str:
        """Return the quantity's own name for `name`, which may be the letter that torch uses.

        Raises
        ------
        GatescopeError
            `no_such_quantity` where the cell has neither.
        """
        allowed = (*self.names, *self.preactivation_names)
        own = {quantity.torch_name: quantity.name for quantity in self.quantities} | {one: one for one in allowed}
        if name not in own:
            raise GatescopeError("no_such_quantity", allowed=describe_all(allowed), value=name)
        return own[name]

    @abstractmethod
    def step(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        """Compute one step of N rows: the equations of the cell.

        Parameters
        ----------
        xh : Tensor
            [x_t, h_(t-1)] side by side, (N, K+P).
        before : dict
            The states before the step, each (N, units).
        w : Weights
            The cell's parameters.
        held : callable
            What to hold: each quantity is passed through it as soon as it is computed, so that the others follow.

        Returns
        -------
        dict
            Every quantity, (N, units). A cell that computes its pre-activations nowhere else adds them.
        """

    def preactivations(self, xh: Tensor, before: Values, w: Weights, held: Holding = as_computed) -> Values:
        """Return what the nonlinearities are applied to, each (N, H); `xh`, `before`, `w` and `held` are as for `step`."""
        step = self.step(xh, before, w, held)
        return {name: step[name] for name in self.preactivation_names}

    def kept_and_written(self, gates: Values) -> tuple[Tensor, Tensor]:
        """Return kept_t and written_t of S_t = kept_t * S_(t-1) + written_t, where S is the `memory_state`.

        Both are made of the `gates` of a step, and have their shape.

        Raises
        ------
        NotImplementedError
            Where there is no such state.
        """
        raise NotImplementedError

    def summands(self, step: Values, before: Values) -> Summands:
        """Return what the states of a `step`, all its quantities, are the sums of; `before` are the states before it.

        A state that is no sum of products, or is not to be shown as one, is left out.
        """
        return {}

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

    # What a cell that torch does not have tells about the modules that run it.

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the modules that run this cell: of a cell that torch does not have, the class of the module."""
        return (self.name,)

    def further_shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the parameters beside the four of every cell, for `input_size` K and `hidden_size` H.

        A step finds them in `Weights.further`.
        """
        return {}

    def parameters_of(self, module: Any) -> dict[str, Tensor]:
        """Return the parameters of a `module` by the cell's names.

        These are weight_ih (GH, K) and weight_hh (GH, H), where the module has biases bias_ih and bias_hh (GH,), and
        those of `further_shapes`. The blocks of rows are in the order of `packed`.
        """
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", *self.further_shapes(1, 1))
        found = {name: getattr(module, name, None) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def call(self, module: Any, x: Tensor, before: Values) -> Values:
        """Let a `module` run one step of N rows, `x` (N, K); return the states after it, each (N, units) as `before`.

        It is called as nn.LSTMCell is: with x_t and a tuple of the states, or the only one; and returns the same.
        """
        states = tuple(before[name] for name in self.states)
        after = module(x, states if len(states) > 1 else states[0])
        return dict(zip(self.states, after if len(states) > 1 else (after,), strict=True))
