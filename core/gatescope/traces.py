"""The record of a run: every quantity of every step, immutable once computed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gatescope.arithmetic import Arithmetic
from gatescope.equations import CellWeights, Step
from gatescope.messages import GatescopeError
from gatescope.quantities import NAMES
from gatescope.spec import Direction, LSTMSpec

if TYPE_CHECKING:
    from gatescope.csv_export import Layout
    from gatescope.messages import Progress
    from gatescope.report import Report


@dataclass(frozen=True, eq=False)
class CellTrace:
    """What one layer computed in one direction.

    Parameters
    ----------
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        In either direction, the index t is the position in the input.
    x : Tensor
        What the cell read, (T, B, K); for a deeper layer the h of all directions of the layer below.
    h0, c0 : Tensor
        The state before its first step, (B, P) and (B, H).
    weights : CellWeights
        Its parameters, packed.
    steps : Step
        Each quantity (T, B, H), h (T, B, P).
    """

    layer: int
    direction: Direction
    x: Tensor
    h0: Tensor
    c0: Tensor
    weights: CellWeights
    steps: Step

    @property
    def f(self) -> Tensor:
        """Forget gate f_t, (T, B, H)."""
        return self.steps.f

    @property
    def i(self) -> Tensor:
        """Input gate i_t, (T, B, H)."""
        return self.steps.i

    @property
    def c_tilde(self) -> Tensor:
        """Candidate C̃_t, torch's g, (T, B, H)."""
        return self.steps.c_tilde

    @property
    def g(self) -> Tensor:
        """Torch's name for `c_tilde`."""
        return self.steps.c_tilde

    @property
    def c(self) -> Tensor:
        """Cell state C_t, (T, B, H)."""
        return self.steps.c

    @property
    def o(self) -> Tensor:
        """Output gate o_t, (T, B, H)."""
        return self.steps.o

    @property
    def h(self) -> Tensor:
        """Hidden state h_t, (T, B, P)."""
        return self.steps.h

    @property
    def z_f(self) -> Tensor:
        """Pre-activation of f, (T, B, H)."""
        return self.steps.z_f

    @property
    def z_i(self) -> Tensor:
        """Pre-activation of i, (T, B, H)."""
        return self.steps.z_i

    @property
    def z_c(self) -> Tensor:
        """Pre-activation of C̃, (T, B, H)."""
        return self.steps.z_c

    @property
    def z_o(self) -> Tensor:
        """Pre-activation of o, (T, B, H)."""
        return self.steps.z_o

    def quantity(self, name: str) -> Tensor:
        """Return the quantity of that name (`f i c_tilde c o h`, `g`, or `z_f` and so on), over all steps.

        Raises
        ------
        GatescopeError
            `no_such_quantity` for any other name.
        """
        name = "c_tilde" if name == "g" else name
        if name not in Step._fields:
            raise GatescopeError("no_such_quantity", allowed=", ".join((*NAMES, *Step._fields[:4])), value=name)
        value: Tensor = getattr(self.steps, name)
        return value

    @property
    def last(self) -> int:
        """The position of the step that ran last: 0 in the reverse direction."""
        return len(self.x) - 1 if self.direction == "forward" else 0

    @cached_property
    def h_before(self) -> Tensor:
        """The h that each step started from, (T, B, P)."""
        return self._before(self.h, self.h0)

    @cached_property
    def c_before(self) -> Tensor:
        """The C that each step started from, (T, B, H)."""
        return self._before(self.c, self.c0)

    def _before(self, states: Tensor, first: Tensor) -> Tensor:
        if self.direction == "forward":
            return torch.cat([first[None], states[:-1]])
        return torch.cat([states[1:], first[None]])


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything computed for one run of a network.

    Parameters
    ----------
    spec : LSTMSpec
        The network's arguments.
    weights : dict of str to Tensor
        The network's parameters as they were, by nn.LSTM's names.
    x : Tensor
        The input, (T, B, K), whatever layout it was given in.
    batched : bool
        Whether the input had a batch dimension; without one, B is 1 here.
    cells : dict
        A `CellTrace` for each (layer, direction), in the order of h_n.
    arithmetic : Arithmetic
        The arithmetic that ran.
    tokens : tuple of str, optional
        What each step is called, where the sequence was text.
    seed : int, optional
        The seed of the initial weights, where they came from one.
    """

    spec: LSTMSpec
    weights: dict[str, Tensor]
    x: Tensor
    batched: bool
    cells: dict[tuple[int, Direction], CellTrace]
    arithmetic: Arithmetic
    tokens: tuple[str, ...] | None = None
    seed: int | None = None

    def __len__(self) -> int:
        """T, the number of steps."""
        return len(self.x)

    @property
    def batch_size(self) -> int:
        """B, the number of batch elements; 1 for unbatched input."""
        return self.x.shape[1]

    def cell(self, layer: int = 0, direction: str = "forward") -> CellTrace:
        """Return what one layer computed in one direction.

        Raises
        ------
        GatescopeError
            Where the network has no such layer or direction.
        """
        if layer not in range(self.spec.num_layers):
            raise GatescopeError("no_such_layer", last=self.spec.num_layers - 1, value=layer)
        for own in self.spec.directions:
            if own == direction:
                return self.cells[layer, own]
        raise GatescopeError("no_such_direction", allowed=", ".join(self.spec.directions), value=direction)

    @cached_property
    def output(self) -> Tensor:
        """The h of the last layer, all directions side by side, shaped as nn.LSTM's `output`."""
        top = [self.cells[self.spec.num_layers - 1, direction].h for direction in self.spec.directions]
        output = torch.cat(top, dim=-1)  # (T, B, D*P)
        if not self.batched:
            return output[:, 0]
        return output.transpose(0, 1) if self.spec.batch_first else output

    @cached_property
    def h_n(self) -> Tensor:
        """The last h of each layer and direction, (L*D, B, P), or (L*D, P) for unbatched input."""
        return self._final("h")

    @cached_property
    def c_n(self) -> Tensor:
        """The last C of each layer and direction, (L*D, B, H), or (L*D, H) for unbatched input."""
        return self._final("c")

    def _final(self, name: str) -> Tensor:
        states = torch.stack([cell.quantity(name)[cell.last] for cell in self.cells.values()])
        return states if self.batched else states[:, 0]

    def to_csv(
        self,
        path: str | os.PathLike[str],
        layout: Layout = "long",
        *,
        report: Report | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write the trace as CSV, and `PATH.json` beside it with where it came from.

        Parameters
        ----------
        path : path
            Written whole or not at all.
        layout : {"long", "wide"}
            A row for each unit at each step, or a row for each step.
        report : Report, optional
            The verification of this trace; computed when not given.
        progress : callable, optional
            Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

        Raises
        ------
        GatescopeError
            Where the file cannot be written.
        """
        from gatescope.csv_export import write_csv  # noqa: PLC0415 - files know traces, not the reverse
        from gatescope.verification import verify  # noqa: PLC0415

        write_csv(report or verify(self, gates=True), path, layout, progress)
