"""Find the recurrent modules of torch.nn in the files that people save: safetensors, and state dicts of torch.save.

No code of a file is ever run: torch.load gets weights_only=True, and what that refuses is refused.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from gatescope.cells.kinds import TORCH_CELLS
from gatescope.formats.saved_heads import SavedLinear, heads_of, likely_head, norm_widths, saved_linears
from gatescope.formats.saved_tensors import Entry, Key, is_moment, plain, saved_tensors
from gatescope.messages.message import GatescopeError, Message, describe_several
from gatescope.modules.spec import ITEM_BYTES, ModuleSpec

_OWN = r"(?:weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l[0-9]{1,4}(?:_reverse)?)?"
# What weight_norm, spectral_norm, pruning and torch.nn.utils.parametrize make of such a name.
_PARAMETRIZED = rf"{_OWN}_(?:g|v|u|orig|mask)|parametrizations\.{_OWN}\..+"
_NAME = re.compile(rf"(?:(?P<prefix>.*)\.)?(?P<own>{_OWN}|{_PARAMETRIZED})", re.DOTALL)
# By how many times hidden_size the rows of weight_hh are: of torch's own cells, which alone are told by their tensors.
_KINDS: dict[float, str] = {len(cell.packed): cell.name for cell in TORCH_CELLS}
_LOWEST = ("weight_ih", "weight_ih_l0", "weight_ih_l0_reverse")  # the tensors with input_size columns

_Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class FoundModule:
    """One recurrent module inside a file.

    Attributes
    ----------
    prefix : str
        What stands before its tensors' names, such as `encoder.lstm`; empty for the state dict of the module itself.
    kind : str
        LSTM, GRU, RNN, LSTMCell, GRUCell or RNNCell; empty where a problem hides it.
    shapes : dict
        The shape of each tensor by its name without the prefix, in the order of `ModuleSpec.parameters()`.
    dtype : str
        Such as `float32`.
    problem : Message or None
        Why it cannot be used: tensors that are missing, too many, or of a wrong shape or type.
    heads : tuple of SavedLinear
        What may be the head over its output.
    likely_head : SavedLinear or None
        The one of them that is it beyond reasonable doubt.
    others : tuple of str
        The names of further tensors that stand among its own, such as those of peepholes: torch's module has none of
        them, and computes what the saved one did only where they act outside of the cell.
    """

    prefix: str
    kind: str
    shapes: _Shapes
    dtype: str
    problem: Message | None
    heads: tuple[SavedLinear, ...]
    likely_head: SavedLinear | None
    others: tuple[str, ...]
    _path: Path = field(repr=False)
    _keys: dict[str, Key] = field(repr=False)
    _spec: ModuleSpec | None = field(repr=False)

    @property
    def nonlinearity_unknown(self) -> bool:
        """Whether it is of a kind whose tensors look the same for tanh and relu."""
        return self.kind.startswith("RNN")

    def spec(self, nonlinearity: str | None = None, *, batch_first: bool = False) -> ModuleSpec:
        """Return the arguments of the module, with the default dropout, which no file tells and no evaluation needs.

        Parameters
        ----------
        nonlinearity : {"tanh", "relu"}, optional
            Of an RNN or RNNCell, whose tensors do not tell it.
        batch_first : bool
            How a layer takes a batch, which no tensor tells either; only a batch makes a difference.

        Raises
        ------
        GatescopeError
            `in_file` where there is a problem, `nonlinearity_needed` where an RNN or RNNCell needs the argument.
        """
        spec = self._whole()
        if self.nonlinearity_unknown and nonlinearity is None:
            raise GatescopeError("nonlinearity_needed", path=self._location, module=f"nn.{self.kind}")
        return replace(spec, nonlinearity=nonlinearity or spec.nonlinearity, batch_first=batch_first)

    def weights(self) -> dict[str, Tensor]:
        """Read the tensors: copies on the CPU by name, in the order of `shapes`.

        Raises `in_file` where there is a problem, `checkpoint_changed` where the file no longer holds them.
        """
        self._whole()
        entries = saved_tensors(self._path)
        own = {name: entries.get(key) for name, key in self._keys.items()}
        if own != {name: Entry(shape, self.dtype, Tensor) for name, shape in self.shapes.items()}:
            raise GatescopeError("checkpoint_changed", path=self._path)
        return {name: entry.read().detach().clone().contiguous() for name, entry in own.items() if entry}

    def _whole(self) -> ModuleSpec:
        if self._spec is None or self.problem is not None:
            raise GatescopeError("in_file", path=self._location, problem=self.problem)
        return self._spec

    @property
    def _location(self) -> str:
        return f"{self._path}::{plain(self.prefix)}" if self.prefix else str(self._path)


@dataclass(frozen=True)
class Checkpoint:
    """A file and the recurrent modules inside, in the file's order, also those with a problem."""

    path: Path
    modules: tuple[FoundModule, ...]

    def find(self, prefix: str) -> FoundModule:
        """Return the module with that prefix; raise `checkpoint_no_prefix`, or `in_file` where it has a problem."""
        for module in self.modules:
            if module.prefix == prefix:
                module._whole()
                return module
        known = describe_several([plain(repr(module.prefix)) for module in self.modules], shown=8)
        raise GatescopeError("checkpoint_no_prefix", path=self.path, value=plain(repr(prefix)), known=known)


def open_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Look into a file for recurrent modules; their numbers are read only when `FoundModule.weights` asks for them.

    A file is one of safetensors, or what torch.save wrote: a state dict, or dicts with state dicts in them at any key.
    Where tensors of recurrent modules are in several dicts, the keys that lead to a dict begin the prefix, joined by
    dots; where they are all in one dict, these keys are left out. The content decides on the format, not the name.

    Raises
    ------
    GatescopeError
        Where the file cannot be read, needs code to be read, or holds no recurrent module.
    """
    path = Path(path)
    entries = saved_tensors(path)
    groups = _grouped(entries)
    if not groups:
        names = describe_several([plain(name) for _, name in entries])
        raise GatescopeError("checkpoint_no_module", path=path, names=names)
    linears, norms = saved_linears(path, entries), norm_widths(entries)
    modules = (_found_module(path, prefix, keys, entries, linears, norms) for prefix, keys in groups)
    return Checkpoint(path, tuple(modules))


def _grouped(keys: Collection[Key]) -> list[tuple[str, dict[str, Key]]]:
    """Return the prefix of each module, and its tensors by their names without it."""
    groups: dict[Key, dict[str, Key]] = {}
    for holder, name in keys:
        match = _NAME.fullmatch(name)
        if match and not is_moment((holder, name)):
            groups.setdefault((holder, match["prefix"] or ""), {})[match["own"]] = (holder, name)
    several = len({holder for holder, _ in groups}) > 1
    paths = [((*holder, prefix) if several else (prefix,), own) for (holder, prefix), own in groups.items()]
    return [(".".join(filter(None, path)), own) for path, own in paths]


def _found_module(
    path: Path,
    prefix: str,
    keys: dict[str, Key],
    entries: dict[Key, Entry],
    linears: list[SavedLinear],
    norms: set[int],
) -> FoundModule:
    own = {name: entries[key] for name, key in keys.items()}
    spec, problem = _identify(own)
    order = [*dict.fromkeys(name for name in (*(spec.parameters() if spec else ()), *own) if name in own)]
    shapes, kind, dtype = {name: own[name].shape for name in order}, spec.kind if spec else "", own[order[0]].dtype
    holder, width = keys[order[0]][0], 0 if spec is None else spec.output_size * len(spec.directions)
    heads = heads_of(holder, width, linears)
    likely = likely_head(heads, linears, norms)
    others = _names_among(keys, entries)
    places = {name: keys[name] for name in order}
    return FoundModule(prefix, kind, shapes, dtype, problem, heads, likely, others, path, places, spec)


def _names_among(own: dict[str, Key], entries: Iterable[Key]) -> tuple[str, ...]:
    """Return the names of other tensors beside a module's own, and below it where it has a name."""
    name, (holder, first) = next(iter(own.items()))
    start = first.removesuffix(name)
    others = [key for key in entries if key[0] == holder and key[1].startswith(start) and key not in own.values()]
    names = [key[1].removeprefix(start) for key in others if not is_moment(key)]
    return tuple(plain(name) for name in names if start or "." not in name)


def _identify(own: dict[str, Entry]) -> tuple[ModuleSpec | None, Message | None]:
    """Return what the module is, and what is wrong with it."""
    if changed := [plain(name) for name in own if not re.fullmatch(_OWN, name)]:
        return None, Message("module_parametrized", {"names": describe_several(changed)})
    firsts = {entry.dtype: name for name, entry in reversed(own.items())}
    if len(firsts) > 1 or not firsts.keys() <= ITEM_BYTES.keys():
        given = [Message("tensor_is", {"name": name, "given": dtype}) for dtype, name in firsts.items()]
        return None, Message("module_dtype", {"faults": describe_several(given)})
    shapes = {name: entry.shape for name, entry in own.items()}
    try:
        spec = ModuleSpec(**_arguments(shapes), dtype=next(iter(firsts)))
    except GatescopeError as error:
        return None, error.message
    faults = _find_misfits(spec.parameters(), shapes)
    return spec, Message("module_misfit", {"faults": describe_several(faults)}) if faults else None


def _arguments(shapes: _Shapes) -> dict[str, Any]:
    """Return the arguments that most of the tensors agree on; a transposed one may vote, too."""
    layers = {int(layer[1]) for name in shapes if (layer := re.search("_l([0-9]+)", name))}
    recurrent = [name for name in shapes if "weight_hh" in name]
    if not recurrent:
        missing = Message("tensor_missing", {"name": "weight_hh_l0" if layers else "weight_hh"})
        raise GatescopeError("module_misfit", faults=missing)
    # The rows of weights and biases are the one size that all of them have.
    rows = _most_frequent(size for name, shape in shapes.items() if "_hr" not in name for size in shape[:2])
    output = hidden = _most_frequent(_other_size(rows, shapes[name]) for name in recurrent)
    projections = [shape for name, shape in shapes.items() if "weight_hr_l" in name]
    if projections and rows / output not in _KINDS:
        hidden = _most_frequent(_other_size(output, shape) for shape in projections)
    if rows / hidden not in _KINDS:
        raise GatescopeError("module_rows", name=recurrent[0], given=shapes[recurrent[0]], rows=rows)
    inputs = _most_frequent(_other_size(rows, shapes[name]) for name in _LOWEST if len(shapes.get(name, ())) == 2)
    bias, reverse = (any(part in name for name in shapes) for part in ("bias", "_reverse"))
    options = {"kind": _KINDS[rows / hidden], "input_size": inputs, "hidden_size": hidden, "bias": bias}
    if not layers:
        return options | {"kind": f"{options['kind']}Cell"}
    # A stray name of layer 9999 is one too many; it does not make all the layers below it missing.
    last = max((layer for layer in layers if layer < 2 * len(layers)), default=0)
    projected = output if output != hidden else 0
    return options | {"num_layers": last + 1, "bidirectional": reverse, "proj_size": projected}


def _most_frequent(sizes: Iterable[int]) -> int:
    """Return the most frequent size, of equally frequent ones the first; 1 where there is none or it is 0."""
    return max(1, next((size for size, _ in Counter(sizes).most_common(1)), 1))


def _other_size(size: int, shape: tuple[int, ...]) -> int:
    """Return the columns of a matrix with `size` rows, or its rows where it is transposed."""
    return 1 if len(shape) != 2 else shape[0] if shape[1] == size else shape[1]


def _find_misfits(expected: _Shapes, shapes: _Shapes) -> list[Message]:
    faults = [Message("tensor_missing", {"name": name}) for name in expected if name not in shapes]
    faults += [Message("tensor_extra", {"name": name}) for name in shapes if name not in expected]
    for name in [name for name, right in expected.items() if shapes.get(name, right) != right]:
        unknown = name in _LOWEST and len(shapes[name]) != 2  # nothing else tells input_size
        right = f"({expected[name][0]}, input_size)" if unknown else expected[name]
        faults.append(Message("tensor_shape", {"name": name, "given": shapes[name], "expected": right}))
    return faults
