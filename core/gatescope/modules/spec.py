"""What a recurrent module is made of: its arguments, their ranges, and the shapes that follow.

Needs no torch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache, cached_property
from math import prod
from typing import Any, Literal

from gatescope.cells.cell import Cell
from gatescope.cells.kinds import TORCH_CELLS, find_cell, own_kinds
from gatescope.messages.message import GatescopeError, describe_all
from gatescope.messages.number_format import format_whole
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope.modules.memory_needed import require_memory

Direction = Literal["forward", "reverse"]

ITEM_BYTES = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2}

LAYERS: tuple[str, ...] = tuple(dict.fromkeys(cell.name for cell in TORCH_CELLS))
KINDS: tuple[str, ...] = (*LAYERS, *(f"{kind}Cell" for kind in LAYERS))
"""The modules of torch.nn that can be traced: the layers, and the cells, which are fed one step at a time."""


@dataclass(frozen=True)
class Argument:
    """One argument of the modules as people meet it: its name, what it does, what is allowed."""

    name: str
    help: str
    allowed: str


ARGUMENTS: tuple[Argument, ...] = (
    Argument("input_size", QT_TRANSLATE_NOOP("engine", "K, how many numbers x_t has at each step"), "≥ 1"),
    Argument("hidden_size", QT_TRANSLATE_NOOP("engine", "H, how many units each layer has"), "≥ 1"),
    Argument("num_layers", QT_TRANSLATE_NOOP("engine", "layers stacked on each other; each reads the h of the one below"), "≥ 1"),  # noqa: E501 - one row each
    Argument("nonlinearity", QT_TRANSLATE_NOOP("engine", "whether h_t is tanh(a_t) or relu(a_t)"), "tanh, relu"),
    Argument("bias", QT_TRANSLATE_NOOP("engine", "whether b_ih and b_hh are added"), "True, False"),
    Argument("batch_first", QT_TRANSLATE_NOOP("engine", "whether a batch comes as (B, T, K) instead of (T, B, K)"), "True, False"),  # noqa: E501
    Argument("dropout", QT_TRANSLATE_NOOP("engine", "acts between layers while training; never after the last layer"), "0 … 1"),  # noqa: E501
    Argument("bidirectional", QT_TRANSLATE_NOOP("engine", "adds a second direction that reads from the end to the start"), "True, False"),  # noqa: E501
    Argument("proj_size", QT_TRANSLATE_NOOP("engine", "h gets this many units through W_hr; 0 means no projection"), "0 … hidden_size - 1"),  # noqa: E501
    Argument("device", QT_TRANSLATE_NOOP("engine", "where it is computed"), "cpu, cuda, cuda:N"),
    Argument("dtype", QT_TRANSLATE_NOOP("engine", "the numbers it computes with"), ", ".join(ITEM_BYTES)),
)  # fmt: skip

_SIZES = ("input_size", "hidden_size", "num_layers", "proj_size")
_FLAGS = ("bias", "batch_first", "bidirectional")


@dataclass(frozen=True)
class ModuleSpec:
    """The arguments of a recurrent module of torch.nn, checked on construction; or the sizes of one of one's own.

    Parameters
    ----------
    input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, nonlinearity
        As those of torch's modules; `ARGUMENTS` says of each what it does and what is allowed.
    device : str
        `cpu`, `cuda` or `cuda:N`.
    dtype : {"float32", "float64", "float16", "bfloat16"}
        What it computes with.
    kind : {"LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"}
        Which module.

    Raises
    ------
    GatescopeError
        Where the module could not be built with them, naming the argument and what is allowed.
    """

    input_size: int
    hidden_size: int
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    dropout: float = 0.0
    bidirectional: bool = False
    proj_size: int = 0
    device: str = "cpu"
    dtype: str = "float32"
    kind: str = "LSTM"
    nonlinearity: str = "tanh"

    def __post_init__(self) -> None:
        for name in _SIZES:
            _check_size(name, getattr(self, name), least=0 if name == "proj_size" else 1)
        for name in _FLAGS:
            if not isinstance(getattr(self, name), bool):
                raise GatescopeError("not_a_bool", name=name, value=getattr(self, name))
        _check_dropout(self.dropout)
        if self.proj_size >= self.hidden_size:
            raise GatescopeError("proj_too_large", hidden=self.hidden_size, value=self.proj_size)
        if not isinstance(self.dtype, str) or self.dtype not in ITEM_BYTES:
            raise GatescopeError("dtype_unsupported", value=self.dtype)
        _check_device_name(self.device)
        if self.kind not in (known := (*KINDS, *own_kinds())):
            raise GatescopeError("kind_unknown", allowed=describe_all(known), value=self.kind)
        if self.nonlinearity not in ("tanh", "relu"):
            raise GatescopeError("nonlinearity_unknown", value=self.nonlinearity)
        for argument in fields(self):
            if argument.name not in arguments_of(self.kind) and getattr(self, argument.name) != argument.default:
                raise GatescopeError("not_of_this_module", module=self.module_name, name=argument.name)
        # Twice: the network's parameters, and the copy that a trace keeps.
        require_memory(2 * self.parameter_count * ITEM_BYTES[self.dtype], self.constructor)

    @cached_property
    def cell(self) -> Cell:
        """The cell that the module runs, with its quantities and equations."""
        cell = find_cell(self.kind, self.nonlinearity)
        assert cell is not None, "the kind is checked on construction"
        return cell

    @property
    def module_name(self) -> str:
        """What the module is called in code: `nn.LSTM`, or the class of one's own."""
        return f"nn.{self.kind}" if self.kind in KINDS else self.kind

    @property
    def is_cell(self) -> bool:
        """Whether it is an nn.LSTMCell or the like, which is fed one step at a time, as all of one's own are."""
        return self.kind not in LAYERS

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions each layer runs in."""
        return ("forward", "reverse") if self.bidirectional else ("forward",)

    @property
    def output_size(self) -> int:
        """P, the number of units of h in one direction."""
        return self.proj_size or self.hidden_size

    def layer_input_size(self, layer: int) -> int:
        """Return how many numbers `layer` reads at each step: K, or all directions of the layer below."""
        return self.input_size if layer == 0 else self.output_size * len(self.directions)

    def cells(self) -> list[tuple[int, Direction]]:
        """Return each (layer, direction) in the order of h_n and of the parameters."""
        return [(layer, direction) for layer in range(self.num_layers) for direction in self.directions]

    def cell_parameters(self, layer: int, direction: Direction) -> dict[str, tuple[int, ...]]:
        """Return the names and shapes of the parameters of one `layer` and `direction`, in the module's order."""
        suffix = "" if self.is_cell else f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
        rows = len(self.cell.packed) * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {
            f"weight_ih{suffix}": (rows, self.layer_input_size(layer)),
            f"weight_hh{suffix}": (rows, self.output_size),
        }
        if self.bias:
            shapes |= {f"bias_ih{suffix}": (rows,), f"bias_hh{suffix}": (rows,)}
        if self.proj_size:
            shapes[f"weight_hr{suffix}"] = (self.proj_size, self.hidden_size)
        return shapes | self.cell.further_shapes(self.input_size, self.hidden_size)

    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Return the names and shapes of all parameters, in the module's order."""
        return {name: shape for cell in self.cells() for name, shape in self.cell_parameters(*cell).items()}

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        # Layers from the second on are alike, so that absurd num_layers costs nothing here.
        first, deeper = (self._layer_count(layer) for layer in (0, 1))
        return first + (self.num_layers - 1) * deeper

    def _layer_count(self, layer: int) -> int:
        shapes = self.cell_parameters(layer, "forward").values()
        return len(self.directions) * sum(prod(shape) for shape in shapes)

    def gate_rows(self, gate: str) -> slice:
        """Return the rows of the packed tensors that belong to `gate`, one of `cell.packed`."""
        block = self.cell.packed.index(gate)
        return slice(block * self.hidden_size, (block + 1) * self.hidden_size)

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states before the first step: `h0`, and `c0` of an LSTM."""
        return tuple(f"{name}0" for name in self.cell.states)

    def state_shape(self, name: str, batch: int | None) -> tuple[int, ...]:
        """Return the shape of the state `name`, h0 or c0, for `batch` elements; None means unbatched."""
        size = self.output_size if name == "h0" else self.hidden_size
        if self.is_cell:
            return (size,) if batch is None else (batch, size)
        cells = self.num_layers * len(self.directions)
        return (cells, size) if batch is None else (cells, batch, size)

    def constructor(self) -> str:
        """Return the line that makes this network in PyTorch, with only what differs from the defaults."""
        parts = [str(self.input_size), str(self.hidden_size)]
        for field in fields(self)[2:]:
            value = getattr(self, field.name)
            if value != field.default and field.name != "kind":
                parts.append(f"{field.name}={_as_python(field.name, value)}")
        return f"{self.module_name}({', '.join(parts)})"


@cache
def arguments_of(kind: str) -> tuple[str, ...]:
    """Return the fields of `ModuleSpec` that say something about that kind, in the order of torch's arguments."""
    if kind not in LAYERS:
        names: tuple[str, ...] = ("input_size", "hidden_size", "bias")
        names += ("nonlinearity",) if kind == "RNNCell" else ()
    else:
        names = ("input_size", "hidden_size", "num_layers")
        names += ("nonlinearity",) if kind == "RNN" else ()
        names += ("bias", "batch_first", "dropout", "bidirectional")
        names += ("proj_size",) if kind == "LSTM" else ()
    return (*names, "device", "dtype", "kind")


def _as_python(name: str, value: Any) -> str:
    return f"torch.{value}" if name == "dtype" else repr(value)


def _check_size(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise GatescopeError("not_whole", name=name, value=value)
    if value < least:
        raise GatescopeError("out_of_range", name=name, allowed=f"≥ {least}", value=format_whole(value))
    if value >= 2**63:
        raise GatescopeError("out_of_range", name=name, allowed=f"{least} … 2^63 - 1", value=format_whole(value))


def _check_dropout(value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise GatescopeError("out_of_range", name="dropout", allowed="0 … 1", value=format_whole(value))


def _check_device_name(value: Any) -> None:
    # Two digits: torch has no index beyond 127, and quietly takes a larger one for another.
    if not isinstance(value, str) or not re.fullmatch(r"cpu|cuda(:(0|[1-9][0-9]?))?", value):
        raise GatescopeError("device_unknown", value=value)
