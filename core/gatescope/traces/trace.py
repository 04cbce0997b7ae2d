"""The record of a run: every quantity of every step, immutable once computed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.cell import Cell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.edits.active_holds import ActiveHolds
from gatescope.edits.edits import Hold
from gatescope.messages.message import GatescopeError, Message, describe_all
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.original_call import OriginalCall, ReturnedApart

if TYPE_CHECKING:
    import xarray

    from gatescope.messages.message import Progress

    _Path = str | os.PathLike[str]


@dataclass(frozen=True, eq=False, repr=False)
class CellTrace:
    """What one layer computed in one direction.

    Its quantities are attributes as well, by their own names and by torch's: `cell.f`, `cell.c_tilde` or `cell.g`,
    `cell.z_f`; of a GRU `cell.r` and so on. All tensors are of the module's dtype and on its device. The methods
    take as `name` what a quantity is called in either way.

    Parameters
    ----------
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        In either direction, the index t is the position in the input.
    cell : Cell
        The kind of cell, which names its quantities.
    x : Tensor
        What the cell read, (T, B, K); for a deeper layer the h of all directions of the layer below.
    before : dict
        The states before its first step: `h` (B, P), and `c` (B, H) of an LSTM.
    weights : Weights
        Its parameters.
    values : dict
        Each quantity (T, B, H), h (T, B, P); NaN where a packed sequence has ended.
    lengths : Tensor, optional
        How many steps each batch element has, (B,), where they differ.
    graph : dict, optional
        With `grad=True`, the tensors of single steps that autograd knows: for each quantity T of (B, units).
    h_from_kernel : bool
        Whether h are the bits that torch's kernel returned, and the other states have run on their own history beside
        it; but for the steps at which something is held.
    holds : tuple of Hold
        What was held by hand while it ran.
    """

    layer: int
    direction: Direction
    cell: Cell
    x: Tensor
    before: Values
    weights: Weights
    values: Values
    lengths: Tensor | None = None
    graph: dict[str, list[Tensor]] | None = None
    h_from_kernel: bool = False
    holds: tuple[Hold, ...] = ()

    def __repr__(self) -> str:
        return f"<CellTrace: {self.cell.name}, layer {self.layer}, {self.direction}, x {tuple(self.x.shape)}>"

    def __getattr__(self, name: str) -> Tensor:
        # Only asked for what is no field. A name that is no quantity must stay an AttributeError, as copy expects.
        if name.startswith("__") or name in ("cell", "values"):
            raise AttributeError(name)
        try:
            return self.quantity(name)
        except GatescopeError as error:
            raise AttributeError(str(error)) from None

    def quantity(self, name: str) -> Tensor:
        """Return a quantity or a pre-activation over all steps, (T, B, units).

        Pre-activations are computed anew from x and h when they are asked for. Of h the units are P, else H.

        Raises
        ------
        GatescopeError
            `no_such_quantity` for a name that this kind of cell does not have.
        """
        if name in self.values:
            return self.values[name]
        own = self.cell.named(name)
        return self.values[own] if own in self.values else self._preactivation(own)

    def state_before(self, name: str) -> Tensor:
        """Return the `h` or `c` that each step started from, (T, B, units)."""
        states, first = self.quantity(name), self.before[name][None]
        if self.direction == "forward":
            return torch.cat([first, states[:-1]])
        before = torch.cat([states[1:], first])
        if self.lengths is None:
            return before
        # In reverse, a shorter element starts at its own end.
        starts = self._t >= (self.lengths - 1).to(self.x.device)
        return torch.where(starts[..., None], first, before)

    def grad(self, name: str) -> Tensor:
        """Return the gradient of a quantity, (T, B, units), after `backward` on something made from the trace.

        It is 0 at steps that do not act on what `backward` was called on. As everywhere in autograd, the gradients of
        several calls add up; `module.zero_grad()` does not reach them, a new trace begins anew.

        Raises
        ------
        GatescopeError
            `no_graph` where the trace was made without `grad=True`; `no_preactivation_graph`; and `no_backward` where
            no gradient has come to this layer and direction, which would look like one that vanished.
        """
        own = self.cell.named(name)
        if self.graph is None:
            raise GatescopeError("no_graph", name=name)
        if own not in self.graph:
            gate = next(quantity.name for quantity in self.cell.quantities if quantity.preactivation == own)
            raise GatescopeError("no_preactivation_graph", name=name, gate=gate)
        if all(step.grad is None for steps in self.graph.values() for step in steps):
            raise GatescopeError("no_backward", layer=self.layer, direction=Message(self.direction))
        grads = torch.stack([torch.zeros_like(s) if s.grad is None else s.grad for s in self.graph[own]])
        return grads if self.present is None else grads.masked_fill(~self.present[..., None], torch.nan)

    @property
    def held(self) -> ActiveHolds:
        """Where its quantities are held by hand, and at what; false where they are not."""
        return ActiveHolds(self.holds, self.cell, self.weights, self.x)

    @property
    def present(self) -> Tensor | None:
        """Where the elements have a step, (T, B); None where all have all."""
        return None if self.lengths is None else self._t < self.lengths.to(self.x.device)

    @property
    def h0(self) -> Tensor:
        """The h before the first step, (B, P)."""
        return self.before["h"]

    @property
    def c0(self) -> Tensor:
        """The C before the first step of an LSTM, (B, H)."""
        return self.before["c"]

    def last(self, name: str) -> Tensor:
        """Return a state after the step that ran last, (B, units): at position 0 in the reverse direction."""
        states = self.quantity(name)
        if self.direction == "reverse":
            return states[0]
        if self.lengths is None:
            return states[-1]
        ends = self.lengths.to(states.device) - 1  # (B,)
        return states[ends, torch.arange(len(ends), device=states.device)]

    def mapped(self, change: Callable[[Tensor], Tensor]) -> CellTrace:
        """Return the record with `change` made of every tensor of numbers, and without a graph."""
        before, values = ({name: change(value) for name, value in of.items()} for of in (self.before, self.values))
        weights = self.weights.mapped(change)
        return replace(self, x=change(self.x), before=before, values=values, weights=weights, graph=None)

    @property
    def _t(self) -> Tensor:
        return torch.arange(len(self.x), device=self.x.device)[:, None]

    def _preactivation(self, name: str) -> Tensor:
        x, before = self.x, {state: self.state_before(state) for state in self.cell.states}
        absent = None if self.present is None else ~self.present[..., None]
        if absent is not None:  # a product in a 16-bit type carries the NaN of one row into others
            x, before = x.masked_fill(absent, 0), {state: of.masked_fill(absent, 0) for state, of in before.items()}
        xh = torch.cat([x, before["h"]], dim=-1)  # (T, B, K+P)
        rows = {state: of.flatten(0, 1) for state, of in before.items()}
        with torch.no_grad(), torch.autocast(xh.device.type, enabled=False):
            z = self.cell.preactivations(xh.flatten(0, 1), rows, self.weights, self.held)[name]
        z = z.view(*xh.shape[:2], z.shape[-1])
        return z.clone() if absent is None else z.masked_fill(absent, torch.nan)  # no part that keeps all gates


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """Everything computed for one run of a network.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments.
    weights : dict of str to Tensor
        The network's parameters as they were, by the module's names.
    x : Tensor
        The input, (T, B, K), whatever layout it was given in; NaN where a packed sequence has ended.
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
    lengths : Tensor, optional
        How many steps each batch element has, (B,), where the input was a PackedSequence.
    in_order : bool
        Whether that PackedSequence held its elements in the order of the batch, the longest first.
    source : str, optional
        Where it was recorded, such as `encoder.lstm`.
    holds : tuple of Hold
        What was held by hand while it ran, by the quantities' own names; of several of one value the later acts.
    module : nn.Module, optional
        Of a cell that torch does not have, a copy of the module as it was: what the run is compared with. No file has
        it.
    call : OriginalCall, optional
        The call that it is of, so that the module itself can be asked; no file and no changed copy has it.
    returned : ReturnedApart, optional
        How far what the module returned is from the trace, where that was seen while it was recorded.
    """

    spec: ModuleSpec
    weights: dict[str, Tensor]
    x: Tensor
    batched: bool
    cells: dict[tuple[int, Direction], CellTrace]
    arithmetic: Arithmetic
    tokens: tuple[str, ...] | None = None
    seed: int | None = None
    lengths: Tensor | None = None
    in_order: bool = False
    source: str | None = None
    holds: tuple[Hold, ...] = ()
    module: nn.Module | None = None
    call: OriginalCall | None = None
    returned: ReturnedApart | None = None

    def __repr__(self) -> str:
        source = "" if self.source is None else f", {self.source}"
        return f"<Trace: {self.spec.constructor()}, T = {len(self)}, B = {self.batch_size}{source}>"

    def __len__(self) -> int:
        """T, the number of steps."""
        return len(self.x)

    @property
    def batch_size(self) -> int:
        """B, the number of batch elements; 1 for unbatched input."""
        return self.x.shape[1]

    def cell(self, layer: int = 0, direction: str = "forward") -> CellTrace:
        """Return what one layer computed in one direction.

        Parameters
        ----------
        layer : int
            From 0.
        direction : {"forward", "reverse"}
            Which of the layer's directions.

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
        raise GatescopeError("no_such_direction", allowed=describe_all(self.spec.directions), value=direction)

    def mapped(self, change: Callable[[Tensor], Tensor]) -> Trace:
        """Return the trace with `change` made of every tensor of numbers, and without a graph."""
        cells = {key: cell.mapped(change) for key, cell in self.cells.items()}
        weights = {name: change(weight) for name, weight in self.weights.items()}
        return replace(self, weights=weights, x=change(self.x), cells=cells, call=None, returned=None)

    def with_cell(self, cell: CellTrace) -> Trace:
        """Return the trace with `cell` in place of its own record of that layer and direction."""
        return replace(self, cells={**self.cells, (cell.layer, cell.direction): cell})

    @cached_property
    def output(self) -> Tensor | PackedSequence:
        """The h of the last layer, all directions side by side, as the module's `output`.

        Of nn.LSTMCell and the like it is h after every step, (T, B, H).
        """
        with self._keeping_graph():
            return self._output()

    def _output(self) -> Tensor | PackedSequence:
        output = side_by_side([self.cells[self.spec.num_layers - 1, way].h for way in self.spec.directions])
        if self.lengths is not None:
            return pack_padded_sequence(output, self.lengths.cpu(), enforce_sorted=self.in_order)
        if not self.batched:
            return output[:, 0]
        return output.transpose(0, 1) if self.spec.batch_first else output

    @cached_property
    def h_n(self) -> Tensor:
        """The last h of each layer and direction, (L*D, B, P), or (L*D, P) for unbatched input."""
        return self._final("h")

    @cached_property
    def c_n(self) -> Tensor:
        """The last C of each layer and direction of an LSTM, (L*D, B, H), or (L*D, H) for unbatched input."""
        return self._final("c")

    def _final(self, name: str) -> Tensor:
        with self._keeping_graph():
            states = torch.stack([cell.last(name) for cell in self.cells.values()])
            return states if self.batched else states[:, 0]

    def _keeping_graph(self) -> torch.set_grad_enabled:
        # What is kept must not depend on who asks for it first, inside torch.no_grad or not.
        return torch.set_grad_enabled(any(cell.graph is not None for cell in self.cells.values()))

    def to_numpy(self) -> dict[str, Any]:
        """Return every quantity as an array: `l0.forward.f` and so on, each (T, B, units); bfloat16 as float32."""
        return {
            f"l{layer}.{direction}.{name}": as_numpy(values)
            for (layer, direction), cell in self.cells.items()
            for name, values in cell.values.items()
        }

    if TYPE_CHECKING:
        # Bound by `gatescope.formats.trace_methods`, where they are documented: a trace knows nothing of files.
        def to_csv(
            self, path: _Path, layout: Literal["long", "wide"] = "long", *, report: Any = None,
            progress: Progress | None = None,
        ) -> None: ...  # fmt: skip
        def save(self, path: _Path, progress: Progress | None = None) -> None: ...
        def to_parquet(self, path: _Path, progress: Progress | None = None) -> None: ...
        def to_xarray(self) -> xarray.Dataset: ...


def side_by_side(tensors: list[Tensor]) -> Tensor:
    """Join tensors along their last dimension; a single one is not copied."""
    return tensors[0] if len(tensors) == 1 else torch.cat(tensors, dim=-1)


def as_numpy(tensor: Tensor) -> Any:
    """Return a tensor as an array in memory; numpy has no bfloat16, whose values float32 holds exactly."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
