"""What the wires of a cell carry at a step, of the batch element looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gatescope_app.state.known_values import is_known, steps_present
from gatescope_app.state.value_ranges import reach

if TYPE_CHECKING:  # the first imports torch
    from gatescope.traces.one_unit import OneUnit
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session import State


UnitValues = NDArray[Any]
WireValues = dict[str, UnitValues]
"""Numbers by name: "x", a state before the step as "c_before", a quantity, a product by its formula, "tanh(C_t)"."""


_MOST = 64  # cells whose numbers are kept; they are views of the run's, so this bounds only their count


class CellNumbers:
    """The numbers of one cell and batch element of a run.

    Parameters
    ----------
    state : State
        Of which the run, and what is looked at, is taken.
    """

    def __init__(self, state: State) -> None:
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        assert state.run is not None
        self._run, self._focus = state.run, state.focus
        self._trace = state.run.trace.cell(state.focus.layer, state.focus.direction)
        self._x: UnitValues = as_numpy(self._trace.x[:, state.focus.batch])  # (T, K)
        self._first: WireValues = {
            name: as_numpy(first[state.focus.batch]) for name, first in self._trace.before.items()
        }  # each (units,)
        self._x_reach = reach(self._x)
        self._one: OneUnit | None = None

    def at(self, state: State) -> WireValues:
        """Return what is computed by now at the current step."""
        t = state.cursor.t
        if t >= steps_present(state):
            return {}
        before = {f"{name}_before": self._before(name, state) for name in self._first}
        known = {name: state.values(name)[t] for name in state.setup.spec.cell.names if is_known(state, name)}
        return {"x": self._x[t], **before, **known, **self._sums(state, known)}

    def _before(self, name: str, state: State) -> UnitValues:
        """Return a state before the step."""
        values: UnitValues = self._first[name] if is_first(state) else state.values(name)[step_before(state)]
        return values

    def _sums(self, state: State, known: WireValues) -> WireValues:
        """Return the products that the known states are summed up from, and tanh(C_t), in float64."""
        import torch  # noqa: PLC0415 - takes seconds

        def tensor(values: UnitValues) -> torch.Tensor:
            return torch.from_numpy(values.astype(np.float64))

        cell = state.setup.spec.cell
        if cell.memory_state not in known:
            return {}
        step = {name: tensor(state.values(name)[state.cursor.t]) for name in cell.names}
        before = {name: tensor(self._before(name, state)) for name in cell.states}
        found: WireValues = {}
        for of, products in cell.summands(step, before).items():
            if of in known:
                for formula, factors in products.items():
                    found[formula] = torch.stack(factors).prod(dim=0).numpy()
                    found |= {"tanh(C_t)": factors[-1].numpy()} if formula == "o_t * tanh(C_t)" else {}
        return found

    # pre-activations

    def preactivations(self, state: State) -> dict[str, float]:
        """Return those of the selected unit that are computed by now, by their gates."""
        gates = {q.name: q.preactivation for q in state.setup.spec.cell.quantities if q.preactivation != q.name}
        known = {gate: name for gate, name in gates.items() if name is not None and is_known(state, name)}
        if not known:
            return {}
        if self._one is None or self._one.unit != state.focus.unit:
            from gatescope.traces.one_unit import OneUnit  # noqa: PLC0415 - imports torch

            focus = state.focus
            self._one = OneUnit(self._run.trace, focus.layer, focus.direction, focus.batch, focus.unit)
        from gatescope.analysis.preactivation_terms import preactivations_of  # noqa: PLC0415 - as above

        z = preactivations_of(self._one, self._one.number(state.cursor.t))
        return {gate: float(z[name]) for gate, name in known.items()}

    # scales

    def scale(self, name: str, state: State) -> tuple[float, float]:
        """Return the range of a quantity, or of "x"."""
        return (-self._x_reach, self._x_reach) if name == "x" else state.range_of(name)


class RunNumbers:
    """The numbers of all cells of the run that is looked at; each is made when it is first asked for."""

    def __init__(self) -> None:
        self._run: Run | None = None
        self._cells: dict[tuple[int, str, int], CellNumbers] = {}

    def of(self, state: State) -> CellNumbers | None:
        """Return those of the focused cell and batch element; None before the first run."""
        if state.run is not self._run:
            self._run = state.run
            self._cells.clear()
        place = (state.focus.layer, state.focus.direction, state.focus.batch)
        if state.run is not None and place not in self._cells:
            if len(self._cells) >= _MOST:
                self._cells.clear()
            self._cells[place] = CellNumbers(state)
        return self._cells.get(place)


def is_first(state: State) -> bool:
    """Whether the current step is the one that the cell computes first for the batch element."""
    first = 0 if state.focus.direction == "forward" else steps_present(state) - 1
    return state.cursor.t == first


def step_before(state: State) -> int:
    """Return the step that ran before: in reverse the one behind it in the input."""
    return state.cursor.t + (-1 if state.focus.direction == "forward" else 1)
