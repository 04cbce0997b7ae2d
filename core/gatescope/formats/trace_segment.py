"""What a trace is made of in a trace file, and writing one segment of it; `trace_file` describes the format."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from itertools import accumulate, pairwise
from typing import BinaryIO, NamedTuple, TypeVar

import torch
from torch import Tensor

from gatescope.edits.active_holds import holds_of
from gatescope.messages.message import GatescopeError, Progress
from gatescope.modules.network import cell_weights
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.trace import CellTrace, Trace

_FORMAT = "gatescope trace"
VERSION = 1
START = f'{{"__metadata__": {{"format": "{_FORMAT}", "version": "'.encode()
DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "U8": torch.uint8,
}  # fmt: skip
CODES = {dtype: code for code, dtype in DTYPES.items()}

_ALIGNED = 64
MOST_HEADER = 1 << 23  # bytes: JSON may take twenty times as many in memory
LONG = 100  # characters: what is wrong in a module's arguments is repeated in a message
_PIECE = 1 << 26  # bytes written at once: how long a cancel waits


class Place(NamedTuple):
    """A tensor of the network's dtype in a trace; `usual` is another that it equals where it is not written."""

    name: str
    shape: tuple[int, ...]
    usual: str | None = None


class Part(NamedTuple):
    """Where a tensor is in the file, in bytes."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    start: int
    end: int


Found = TypeVar("Found", bound=Tensor | Part)


def places(spec: ModuleSpec, steps: int, batch: int) -> Iterator[Place]:
    """Yield every tensor of numbers that a trace may have, in the order of the file."""
    yield Place("x", (steps, batch, spec.input_size))
    yield from (Place(f"weights.{name}", shape) for name, shape in spec.parameters().items())
    for layer, direction in spec.cells():
        own = f"l{layer}.{direction}"
        units = dict.fromkeys(spec.cell.names, spec.hidden_size) | {"h": spec.output_size}
        yield from (Place(f"{own}.before.{name}", (batch, units[name])) for name in spec.cell.states)
        yield from (Place(f"{own}.{name}", (steps, batch, units[name])) for name in spec.cell.names)
        yield Place(f"{own}.x", (steps, batch, spec.layer_input_size(layer)), _usual_x(spec, layer, direction))
        shapes = spec.cell_parameters(layer, direction)
        yield from (Place(f"{own}.{name}", shape, f"weights.{name}") for name, shape in shapes.items())


def _usual_x(spec: ModuleSpec, layer: int, direction: Direction) -> str | None:
    if layer == 0:
        return "x"
    if not spec.bidirectional:
        return f"l{layer - 1}.forward.h"
    return f"l{layer}.forward.x" if direction == "reverse" else None  # both directions side by side are nowhere else


def _tensors_of(trace: Trace) -> dict[str, Tensor]:
    """Return the tensors of a trace by the names of their places."""
    tensors = {"x": trace.x} | {f"weights.{name}": weight for name, weight in trace.weights.items()}
    for (layer, direction), cell in trace.cells.items():
        given = (*cell.weights.parameters, *cell.weights.further.values())
        weights = [weight for weight in given if weight is not None]
        own = dict(zip(trace.spec.cell_parameters(layer, direction), weights, strict=True))
        own |= {f"before.{name}": state for name, state in cell.before.items()} | cell.values | {"x": cell.x}
        tensors |= {f"l{layer}.{direction}.{name}": tensor for name, tensor in own.items()}
    return tensors


def with_cells(trace: Trace, tensors: dict[str, Tensor], h_from_kernel: list[bool]) -> Trace:
    """Give a trace its cells."""
    spec = trace.spec
    for (layer, direction), from_kernel in zip(spec.cells(), h_from_kernel, strict=True):
        own = f"l{layer}.{direction}"
        weights = {name: tensors[f"{own}.{name}"] for name in spec.cell_parameters(layer, direction)}
        trace.cells[layer, direction] = CellTrace(
            layer, direction, spec.cell, tensors[f"{own}.x"],
            {name: tensors[f"{own}.before.{name}"] for name in spec.cell.states},
            cell_weights(spec, weights, layer, direction),
            {name: tensors[f"{own}.{name}"] for name in spec.cell.names},
            trace.lengths, h_from_kernel=from_kernel, holds=holds_of(trace.holds, layer, direction),
        )  # fmt: skip
    return trace


def required(name: str, shape: tuple[int, ...], dtype: torch.dtype, given: Found | None) -> Found:
    """Return what was given if it is there and as it must be."""
    if given is None:
        raise GatescopeError("trace_part_missing", name=name)
    if tuple(given.shape) != shape or given.dtype != dtype:
        found = f"{given.dtype} {tuple(given.shape)}"
        raise GatescopeError("trace_part_wrong", name=name, expected=f"{dtype} {shape}", given=found)
    return given


def make_segment(name: str, trace: Trace, weights_in: int | None, offset: int) -> list[Tensor]:
    """Return what is written for a trace at that place of the file: the header, then the tensors."""
    tensors = _extras(trace) | _own_tensors(trace, weights_in) | {"end": of_bytes(bytes(8))}
    info = {
        "name": name, "spec": asdict(trace.spec), "batched": trace.batched, "in_order": trace.in_order,
        "arithmetic": asdict(trace.arithmetic), "seed": None if trace.seed is None else int(trace.seed),
        "source": trace.source, "weights_in": weights_in,
        "h_from_kernel": [trace.cells[key].h_from_kernel for key in trace.spec.cells()],
        "holds": [asdict(hold) for hold in trace.holds],
        # As text: JSON has no infinity.
        "returned": None if trace.returned is None else [str(value) for value in trace.returned],
        "torch": torch.__version__, "gatescope": version("gatescope"),
    }  # fmt: skip
    metadata = {"format": _FORMAT, "version": str(VERSION), "trace": json.dumps(info)}
    ends = [0, *accumulate(tensor.nbytes for tensor in tensors.values())]
    listed = {
        key: {"dtype": CODES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": list(offsets)}
        for (key, tensor), offsets in zip(tensors.items(), pairwise(ends), strict=True)
    }
    header = _with_length(json.dumps({"__metadata__": metadata} | listed).encode(), offset)
    return [of_bytes(header), *(tensors | {"end": of_bytes(end_of(header))}).values()]


def _extras(trace: Trace) -> dict[str, Tensor]:
    tensors = {} if trace.lengths is None else {"lengths": trace.lengths}
    if trace.tokens is None:
        return tensors
    texts = [token.encode(errors="surrogatepass") for token in trace.tokens]  # a broken paste may hold half a pair
    ends = [*accumulate(map(len, texts))]
    text = b"".join(texts) + bytes(-ends[-1] % 8)
    return tensors | {"token_ends": torch.tensor(ends), "tokens": of_bytes(text)}


def _own_tensors(trace: Trace, weights_in: int | None) -> dict[str, Tensor]:
    """Return what must be written of the tensors that each trace has."""
    tensors, own = _tensors_of(trace), {}
    for name, shape, usual in places(trace.spec, len(trace), trace.batch_size):
        tensor = required(name, shape, getattr(torch, trace.spec.dtype), tensors.get(name))
        known = weights_in is not None and name.startswith("weights.")
        if not known and (usual is None or not same_bits(tensor, tensors[usual])):
            own[name] = tensor
    return own


def _with_length(header: bytes, offset: int) -> bytes:
    header += b" " * (-(offset + 8 + len(header)) % _ALIGNED)
    if len(header) > MOST_HEADER:
        raise GatescopeError("trace_header_too_long")
    return len(header).to_bytes(8, "little") + header


def end_of(header: bytes) -> bytes:
    """Return what closes a segment, given all that is before its tensors."""
    return b"done" + zlib.crc32(header).to_bytes(4, "little")


def write_segment(file: BinaryIO, segment: list[Tensor], progress: Progress | None = None) -> None:
    """Write a segment, telling how far it is."""
    total, done = size_of(segment), 0
    for tensor in segment:
        left = _raw(tensor).numpy().data
        while left:
            written = file.write(left[:_PIECE])
            done, left = done + written, left[written:]
            if progress is not None:
                progress(done / total)


def size_of(segment: list[Tensor]) -> int:
    """Return the bytes of a segment."""
    return sum(tensor.nbytes for tensor in segment)


def of_bytes(raw: bytes) -> Tensor:
    """Return bytes as a tensor of their own."""
    return torch.frombuffer(bytearray(raw), dtype=torch.uint8) if raw else torch.zeros(0, dtype=torch.uint8)


def _raw(tensor: Tensor, dtype: torch.dtype = torch.uint8) -> Tensor:
    """Return the bits of a tensor as whole numbers."""
    return tensor.detach().cpu().contiguous().view(-1).view(dtype)


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors are equal bit for bit."""
    if one is other or one.shape != other.shape or one.dtype != other.dtype:
        return one is other
    wide = {2: torch.int16, 4: torch.int32, 8: torch.int64}[one.itemsize]  # bytes take twice as long
    return torch.equal(_raw(one, wide), _raw(other, wide))


def same_trace(one: Trace, other: Trace, read: Callable[[Tensor], Tensor] = Tensor.detach) -> bool:
    """Return whether two traces hold the same numbers, bit for bit; `read` gives those of a tensor of the other."""
    ours, theirs = _tensors_of(one), _tensors_of(other)
    return ours.keys() == theirs.keys() and all(same_bits(ours[name], read(theirs[name])) for name in ours)
