"""The file of a session: a description and the numbers that it speaks of, in one file of safetensors.

What the description means, only the program that wrote it knows; here it is text of JSON, kept with its checksum.

Format, version 1
-----------------
A safetensors file (https://github.com/huggingface/safetensors). Its metadata are the name and version of this format,
the description, and the CRC-32 of the description. Each tensor is named by its digest, so that none is there twice, and
each is compared with it when it is read: what was changed by the disk or by hand is refused.

Reading copies the numbers into memory, so that the file may be written again while they are in use.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec
import torch
from torch import Tensor

from gatescope.formats.files import readable_file, reason_of, whole_files
from gatescope.formats.trace_segment import CODES, DTYPES
from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope.modules.memory_needed import require_memory

VERSION = 1
_FORMAT = "gatescope session"
_START = f'{{"__metadata__":{{"format":"{_FORMAT}","version":"'.encode()
_MOST_HEADER = 1 << 25
"""Bytes: far more than a description needs, few enough to be taken apart."""
_MOST_AXES = 8
_PIECE = 1 << 24  # bytes read, written or added to a digest at once: how long a cancel waits


@dataclass(frozen=True, eq=False)
class SessionParts:
    """What a session's file holds.

    Parameters
    ----------
    description : bytes
        JSON.
    tensors : dict
        By their digests, on the CPU.
    """

    description: bytes
    tensors: Mapping[str, Tensor]


class _Metadata(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: str
    checksum: str
    description: str


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def digest_of(tensor: Tensor, progress: Progress | None = None) -> str:
    """Return what a tensor is called in a file: another name for every other type, shape or bit."""
    digest = blake2b(f"{CODES[tensor.dtype]} {tuple(tensor.shape)} ".encode(), digest_size=20)
    for piece in _pieces(tensor):
        if progress is not None:
            progress(0.0)
        digest.update(piece)
    return digest.hexdigest()


def write_session_file(
    path: str | os.PathLike[str],
    description: bytes,
    tensors: Mapping[str, Tensor],
    progress: Progress | None = None,
) -> None:
    """Write a session's file, all of it or nothing.

    Parameters
    ----------
    path : path
        A file that is there is replaced when the new one is on the disk.
    description : bytes
        JSON.
    tensors : dict
        By their digests.
    progress : callable, optional
        Told the fraction that is written.

    Raises
    ------
    GatescopeError
        `file_unwritable` where the place or the disk refuses, `session_too_long` for a description beyond 32 MiB.
    """
    header = _header_of(description, tensors)
    if len(header) > _MOST_HEADER:
        raise GatescopeError("session_too_long", path=path)
    total, done = len(header) + sum(tensor.nbytes for tensor in tensors.values()), len(header)
    with whole_files(path) as (file,):
        file.write(header)
        for tensor in tensors.values():
            for piece in _pieces(tensor):
                file.write(piece)
                done += len(piece)
                if progress is not None:
                    progress(done / total)


def read_session_file(path: str | os.PathLike[str], progress: Progress | None = None) -> SessionParts:
    """Read a session's file; nothing is believed that it says of itself.

    Parameters
    ----------
    path : path
        A file that `write_session_file` wrote.
    progress : callable, optional
        Told the fraction that is read.

    Raises
    ------
    GatescopeError
        `session_foreign`, `session_newer`, `session_damaged`; and where the file cannot be read.
    """
    path = Path(path)
    with readable_file(path).open("rb") as file:
        try:
            return _read(path, file, progress)
        except OSError as error:
            raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None


def damaged(path: Path, problem: Message) -> GatescopeError:
    """Return the error about a file that is not as it was written."""
    return GatescopeError("session_damaged", path=path, problem=problem)


def _header_of(description: bytes, tensors: Mapping[str, Tensor]) -> bytes:
    ends = [0, *accumulate(tensor.nbytes for tensor in tensors.values())]
    metadata = _Metadata(_FORMAT, str(VERSION), f"{zlib.crc32(description):08x}", description.decode())
    entries = {
        name: _Entry(CODES[tensor.dtype], list(tensor.shape), offsets)
        for (name, tensor), offsets in zip(tensors.items(), pairwise(ends), strict=True)
    }
    header = msgspec.json.encode({"__metadata__": metadata} | entries)
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header


def _pieces(tensor: Tensor) -> Iterator[memoryview]:
    raw = tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data
    return (raw[start : start + _PIECE] for start in range(0, len(raw), _PIECE))


def _read(path: Path, file: BufferedReader, progress: Progress | None) -> SessionParts:
    size = os.fstat(file.fileno()).st_size
    start = file.read(8 + len(_START))
    length = int.from_bytes(start[:8], "little")
    if start[8:] != _START:
        raise GatescopeError("session_foreign", path=path)
    if length > _MOST_HEADER:
        raise damaged(path, Message("session_header"))
    if 8 + length > size:
        raise damaged(path, Message("session_cut"))
    require_memory(2 * size, str(path))
    metadata, entries = _parsed(path, start[8:] + file.read(length - len(_START)))
    description = metadata.description.encode()
    if metadata.checksum != f"{zlib.crc32(description):08x}":
        raise damaged(path, Message("session_checksum"))
    end = _checked_end(path, entries)
    if 8 + length + end != size:
        raise damaged(path, Message("session_cut"))
    tensors = {}
    for name, entry in entries.items():
        tensors[name] = _tensor(path, file, name, entry)
        if progress is not None:
            progress(entry.data_offsets[1] / max(1, end))
    return SessionParts(description, tensors)


def _parsed(path: Path, header: bytes) -> tuple[_Metadata, dict[str, _Entry]]:
    try:
        rows = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        _require_version(path, rows["__metadata__"])
        metadata = msgspec.json.decode(rows.pop("__metadata__"), type=_Metadata)
        return metadata, {name: msgspec.json.decode(row, type=_Entry) for name, row in rows.items()}
    except (msgspec.MsgspecError, KeyError, UnicodeError, RecursionError):
        raise damaged(path, Message("session_header")) from None


def _require_version(path: Path, metadata: msgspec.Raw) -> None:
    """Refuse a newer version before what it may have changed is looked at."""
    version = msgspec.json.decode(metadata, type=_Version).version
    if not version.isdecimal() or len(version) > 9:
        raise damaged(path, Message("session_header"))
    if int(version) > VERSION:
        raise GatescopeError("session_newer", path=path)


class _Version(msgspec.Struct):
    version: str


def _checked_end(path: Path, entries: Mapping[str, _Entry]) -> int:
    """Return where the numbers end, which stand without gaps in the order of the header."""
    end = 0
    for entry in entries.values():
        known = entry.dtype in DTYPES and all(size >= 0 for size in entry.shape) and len(entry.shape) <= _MOST_AXES
        length = math.prod(entry.shape) * DTYPES[entry.dtype].itemsize if known else -1
        if not known or tuple(entry.data_offsets) != (end, end + length):
            raise damaged(path, Message("session_header"))
        end += length
    return end


def _tensor(path: Path, file: BufferedReader, name: str, entry: _Entry) -> Tensor:
    """Read the next tensor of the file."""
    tensor = torch.empty(math.prod(entry.shape), dtype=DTYPES[entry.dtype])
    for piece in _pieces(tensor):
        if file.readinto(piece) != len(piece):
            raise damaged(path, Message("session_cut"))
    tensor = tensor.view(entry.shape)
    if digest_of(tensor) != name:
        raise damaged(path, Message("session_checksum"))
    return tensor
