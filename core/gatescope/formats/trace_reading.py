"""Reading one segment of a trace file, and checking all that it claims; `trace_file` describes the format."""

from __future__ import annotations

import json
import math
import mmap
import os
import reprlib
import sys
import weakref
from collections.abc import Callable
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any, BinaryIO

import torch
from torch import Tensor

from gatescope.cells.arithmetic import BFLOAT16, IEEE32, Arithmetic
from gatescope.edits.checks import Shape
from gatescope.edits.edits import Hold, checked_holds
from gatescope.formats.trace_segment import (
    DTYPES,
    LONG,
    MOST_HEADER,
    START,
    VERSION,
    Part,
    end_of,
    places,
    required,
    with_cells,
)
from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.original_call import ReturnedApart
from gatescope.traces.trace import Trace


class FileBytes:
    """The bytes of a file, to which another program may be adding.

    Parameters
    ----------
    file : BinaryIO
        Open for reading.
    copied_up_to : int
        Bytes up to which a file is read into memory; a larger one is mapped, and must not be shortened while its
        tensors are in use: the system ends a process that reads what is gone from under a map.

    Attributes
    ----------
    is_mapped : bool
        Whether its tensors show the file itself.
    path : path
        As it was opened.
    """

    def __init__(self, file: BinaryIO, copied_up_to: int) -> None:
        self.path, self.is_mapped = file.name, os.fstat(file.fileno()).st_size > copied_up_to
        self._bytes = _mapped(file) if self.is_mapped else _read_whole(file)
        self._address = torch.frombuffer(self._bytes, dtype=torch.uint8).data_ptr() if len(self._bytes) else 0
        # Of its own, and open as long as the map: another file may have taken the path by the time of a copy.
        # Without a buffer, which would hold what was there before.
        self._file = open(os.dup(file.fileno()), "rb", buffering=0)  # noqa: SIM115 - closed by the next line
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return len(self._bytes)

    def copied(self, start: int, count: int) -> bytes:
        """Read without a map, which would end the process where the file was shortened meanwhile."""
        return bytes(self._read(start, count))

    def tensor(self, part: Part) -> Tensor:
        """Return a tensor that shows the bytes."""
        if 0 in part.shape:  # of an empty batch
            return torch.empty(part.shape, dtype=part.dtype)
        flat = torch.frombuffer(self._bytes, dtype=part.dtype, count=math.prod(part.shape), offset=part.start)
        return flat.view(part.shape)

    def copied_tensor(self, part: Part) -> Tensor:
        """Return a tensor with bytes of its own, read without a map."""
        raw = self._read(part.start, part.end - part.start)
        return torch.frombuffer(raw, dtype=part.dtype).view(part.shape)

    def detached(self, tensor: Tensor) -> Tensor:
        """Return what `tensor` returned with bytes of its own, as they are in the file now; a copy as it is."""
        start = tensor.data_ptr() - self._address
        if not self.is_mapped or not 0 <= start < len(self):
            return tensor
        return self.copied_tensor(Part(tuple(tensor.shape), tensor.dtype, start, start + tensor.nbytes))

    def _read(self, start: int, count: int) -> bytearray:
        if start + count > len(self):
            raise GatescopeError("trace_cut")
        found = bytearray(count)
        left = memoryview(found)
        self._file.seek(start)
        while left:  # the system gives no more than 2 GiB at a time
            done = self._file.readinto(left)
            if not done:
                raise GatescopeError("trace_cut")
            left = left[done:]
        return found


def _read_whole(file: BinaryIO) -> bytearray:
    file.seek(0)
    return bytearray(file.read())


def _mapped(file: BinaryIO) -> mmap.mmap:
    """Map a file so that what is written to the memory stays there: torch has no tensors that cannot be written to."""
    if sys.platform == "win32":
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    # Without this flag Linux refuses a file larger than its memory; older Pythons have no name for it.
    unreserved = getattr(mmap, "MAP_NORESERVE", 0x4000 if sys.platform == "linux" else 0)
    return mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE | unreserved, prot=mmap.PROT_READ | mmap.PROT_WRITE)


def read_segment(source: FileBytes, start: int, before: list[tuple[str, Trace]]) -> tuple[str, Trace, int]:
    """Return a trace, its name and where it ends; nothing is believed that the file says of itself.

    Raises
    ------
    GatescopeError
        Which says what is wrong, but not where.
    """
    raw = _header(source, start)
    header = _json(raw[8:])
    info = _read_metadata(header.pop("__metadata__", None))
    parts = _parts(header, start + len(raw))
    end = required("end", (8,), torch.uint8, parts.pop("end", None))
    if source.copied(end.start, 8) != end_of(raw):
        raise GatescopeError("trace_header_damaged")
    return info["name"], _trace(source, info, parts, before), end.end


def _header(source: FileBytes, start: int) -> bytes:
    """Return the header with its length."""
    raw = source.copied(start, 8 + len(START))
    length = int.from_bytes(raw[:8], "little")
    if raw[8:] != START or length > MOST_HEADER:
        raise GatescopeError("trace_header_damaged")
    return source.copied(start, 8 + length)


def _json(text: Any) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise GatescopeError("trace_header_damaged")
    return values


def _optional(kind: type) -> Callable[[Any], bool]:
    return lambda value: value is None or type(value) is kind


_MOST_STEPS_OF_NONE = 1 << 20
_FITS: dict[str, Callable[[Any], bool]] = {
    "name": lambda value: isinstance(value, str),
    "spec": lambda value: isinstance(value, dict),
    "arithmetic": lambda value: isinstance(value, dict),
    "batched": lambda value: isinstance(value, bool),
    "in_order": lambda value: isinstance(value, bool),
    "seed": _optional(int),
    "source": _optional(str),
    "weights_in": _optional(int),
    "h_from_kernel": lambda value: isinstance(value, list) and all(type(one) is bool for one in value),
    "holds": lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    "returned": lambda value: value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value)),
}


def _read_metadata(metadata: Any) -> dict[str, Any]:
    """Return what a header says that is no tensor."""
    try:
        version = int(metadata["version"])
    except (TypeError, KeyError, ValueError):
        raise GatescopeError("trace_header_damaged") from None
    if version > VERSION:
        raise GatescopeError("trace_newer")
    info = {"holds": [], "returned": None} | _json(metadata.get("trace"))  # a file may be older than these
    for name, fits in _FITS.items():
        _require_value(name, info.get(name), name in info and fits(info[name]))
    return info


def _require_value(name: str, value: Any, fits: bool) -> None:
    if not fits:
        raise GatescopeError("trace_value_wrong", name=_short(name), value=reprlib.repr(value))


def _short(name: str) -> str:
    return name if len(name) < LONG else f"{name[:LONG]}…"


def _parts(header: dict[str, Any], start: int) -> dict[str, Part]:
    parts, first = {}, start
    for name, entry in header.items():
        parts[name] = part = _part(name, entry, first, start)
        start = part.end
    return parts


def _part(name: str, entry: Any, first: int, start: int) -> Part:
    try:
        shape, dtype, offsets = tuple(entry["shape"]), DTYPES[entry["dtype"]], tuple(entry["data_offsets"])
    except (TypeError, KeyError):
        raise GatescopeError("trace_header_damaged") from None
    fits = len(shape) <= 3 and all(type(size) is int and size >= 0 for size in shape)  # (T, B, units) at most
    end = start + math.prod(shape) * dtype.itemsize if fits else start
    _require_value(name, entry, fits and offsets == (start - first, end - first) and start % dtype.itemsize == 0)
    return Part(shape, dtype, start, end)


def _trace(source: FileBytes, info: dict[str, Any], parts: dict[str, Part], before: list[tuple[str, Trace]]) -> Trace:
    spec, arithmetic = _spec(info["spec"]), _arithmetic(info["arithmetic"])
    steps, batch = _sizes(spec, parts, info["batched"])
    lengths = _lengths(source, parts.pop("lengths", None), steps, batch)
    _check_packing(spec, info, lengths)
    from_kernel = info["h_from_kernel"]
    # With a projection h never is: what is asked of such a trace needs as many h as C.
    fits = len(from_kernel) == len(spec.cells()) and not (any(from_kernel) and spec.proj_size)
    _require_value("h_from_kernel", from_kernel, fits)
    tokens = _tokens(source, parts, steps)
    tensors = _known_weights(info["weights_in"], before)
    for name, shape, usual in places(spec, steps, batch):
        given: Part | Tensor | None = parts.pop(name, None) or tensors.get(usual or name)
        found = required(name, shape, getattr(torch, spec.dtype), given)
        tensors[name] = source.tensor(found) if isinstance(found, Part) else found
    for name in parts:
        raise GatescopeError("trace_part_unknown", name=_short(name))
    weights = {name: tensors[f"weights.{name}"] for name in spec.parameters()}
    trace = Trace(
        spec, weights, tensors["x"], info["batched"], {}, arithmetic, tokens, info["seed"], lengths, info["in_order"],
        info["source"], _holds(info["holds"], Shape(spec, steps, batch)), returned=_returned(info["returned"]),
    )  # fmt: skip
    return with_cells(trace, tensors, from_kernel)


def _spec(values: dict[str, Any]) -> ModuleSpec:
    known, needed = {field.name for field in fields(ModuleSpec)}, {"input_size", "hidden_size"}
    short = all(isinstance(value, str | int | float) and len(str(value)) < LONG for value in values.values())
    _require_value("spec", values, needed <= values.keys() <= known and short)
    return ModuleSpec(**values)


def _arithmetic(values: dict[str, Any]) -> Arithmetic:
    kinds = {field.name: type(getattr(IEEE32, field.name)) for field in fields(Arithmetic)}
    # A file may be older than a field that has a default.
    needed = {field.name for field in fields(Arithmetic) if field.default is MISSING}
    fits = needed <= values.keys() <= kinds.keys()
    fits = fits and all(type(value) is kinds[name] for name, value in values.items())
    _require_value("arithmetic", values, fits)
    found = Arithmetic(**values)
    coarsest = BFLOAT16.unit_roundoff
    fits = 0 < found.unit_roundoff <= coarsest and 0 <= found.operand_roundoff <= 2 * coarsest and 0 < found.tiny < 1
    _require_value("arithmetic", values, fits)
    return found


def _holds(values: list[dict[str, Any]], shape: Shape) -> tuple[Hold, ...]:
    known = {field.name for field in fields(Hold)}
    _require_value("holds", values, all({"quantity", "value"} <= one.keys() <= known for one in values))
    return checked_holds([Hold(**one) for one in values], shape)


def _returned(values: list[str] | None) -> ReturnedApart | None:
    if values is None:
        return None
    try:
        place, error, bound = values
        found = ReturnedApart(place, float(error), float(bound))
    except ValueError:
        found = ReturnedApart("", math.nan, math.nan)
    fits = found.place in ("output", "h_n", "c_n") and found.error >= 0 and 0 <= found.bound < math.inf
    _require_value("returned", values, fits)
    return found


def _sizes(spec: ModuleSpec, parts: dict[str, Part], batched: bool) -> tuple[int, int]:
    """Return T and B."""
    shape = parts["x"].shape if "x" in parts else ()
    fits = len(shape) == 3 and shape[0] > 0 and (batched or shape[1] == 1)  # (T, B, K)
    # A batch may be empty; then nothing in the file stands for the steps, which take time all the same.
    _require_value("x", shape, fits and shape[2] > 0 and (shape[1] > 0 or shape[0] <= _MOST_STEPS_OF_NONE))
    # What is asked of each layer takes memory, so there must be something in the file for each.
    _require_value("num_layers", spec.num_layers, spec.num_layers <= len(parts))
    return shape[0], shape[1]


def _lengths(source: FileBytes, part: Part | None, steps: int, batch: int) -> Tensor | None:
    if part is None:
        return None
    _require_value("lengths", part.shape, batch > 0)  # there is no packed sequence of none
    lengths = source.copied_tensor(required("lengths", (batch,), torch.int64, part))
    _require_value("lengths", lengths, int(lengths.min()) >= 1 and int(lengths.max()) == steps)
    return lengths


def _check_packing(spec: ModuleSpec, info: dict[str, Any], lengths: Tensor | None) -> None:
    if lengths is None:
        _require_value("in_order", True, not info["in_order"])
        return
    falling = bool((lengths[1:] <= lengths[:-1]).all())
    _require_value("lengths", lengths, info["batched"] and not spec.is_cell and (falling or not info["in_order"]))


def _tokens(source: FileBytes, parts: dict[str, Part], steps: int) -> tuple[str, ...] | None:
    if not parts.keys() & {"token_ends", "tokens"}:
        return None
    part = required("token_ends", (steps,), torch.int64, parts.pop("token_ends", None))
    ends = [0, *source.copied_tensor(part).tolist()]
    _require_value("token_ends", ends, all(start <= end for start, end in pairwise(ends)))
    text = required("tokens", (ends[-1] + -ends[-1] % 8,), torch.uint8, parts.pop("tokens", None))
    raw = source.copied(text.start, ends[-1])
    try:
        return tuple(raw[start:end].decode(errors="surrogatepass") for start, end in pairwise(ends))
    except UnicodeDecodeError:
        raise GatescopeError("trace_value_wrong", name="tokens", value=reprlib.repr(raw)) from None


def _known_weights(index: int | None, before: list[tuple[str, Trace]]) -> dict[str, Tensor]:
    if index is None:
        return {}
    _require_value("weights_in", index, 0 <= index < len(before))
    return {f"weights.{name}": weight for name, weight in before[index][1].weights.items()}
