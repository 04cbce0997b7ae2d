"""All tensors that a file of safetensors or torch.save holds, by name, read safely and only when asked for.

No code of a file is ever run: torch.load gets weights_only=True, and what that refuses is refused.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from gatescope.formats.file_types import (
    EMPTY,
    GIT_LFS,
    PICKLE,
    SAFETENSORS,
    TORCH_LEGACY,
    TORCH_ZIP,
    FileType,
    identify_file,
)
from gatescope.formats.files import readable_file, reason_of
from gatescope.messages.message import GatescopeError, Message

_SAFETENSORS = {"F16": "float16", "F32": "float32", "F64": "float64", "BF16": "bfloat16"}
_NEEDED = re.compile(r"GLOBAL (\S+)|unrecognized function (.+)|must be imported to load (.+)")
_DEEPEST = 16  # nested dicts; a checkpoint has two or three
# What optimizers keep for each parameter, perhaps under its name.
_MOMENTS = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf", "momentum_buffer", "square_avg", "acc_delta"}

Key = tuple[tuple[str, ...], str]
"""The keys of the dicts around a tensor, and its name in the innermost."""


@dataclass(frozen=True)
class Entry:
    """What a file tells about a tensor (`dtype` is the layout of one that is not dense), and how to read it."""

    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Tensor] = field(compare=False)


def saved_tensors(path: Path) -> dict[Key, Entry]:
    """Return all tensors of a file; of most files no numbers are read yet."""
    readable_file(path)
    try:
        return _read(path)
    except GatescopeError as error:
        what = error.message
    except OSError as error:
        raise GatescopeError("file_unreadable", path=path, reason=reason_of(error)) from None
    except UnicodeEncodeError:  # the libraries take names as UTF-8 only
        raise GatescopeError("file_unreadable", path=path, reason=Message("name_no_utf8")) from None
    except Exception as error:  # noqa: BLE001 - of a broken file torch lets out nearly anything
        if needed := _NEEDED.search(str(error)):
            name = plain(needed[needed.lastindex or 0])
            raise GatescopeError("checkpoint_needs_code", path=path, name=name) from None
        detail = f"{type(error).__name__}: {error}".rpartition("WeightsUnpickler error:")[2]
        what = Message("is_damaged", {"detail": plain(detail)})
    raise GatescopeError("checkpoint_unread", path=path, what=what)


def is_moment(key: Key) -> bool:
    """Whether a tensor is what an optimizer keeps for a parameter, and no parameter itself."""
    holder, name = key
    return not _MOMENTS.isdisjoint((*holder, *name.split(".")))


def _read(path: Path) -> dict[Key, Entry]:
    found = identify_file(path)
    if found is SAFETENSORS or (path.suffix == ".safetensors" and found not in (EMPTY, GIT_LFS)):
        return _read_safetensors(path)
    if found in (TORCH_ZIP, TORCH_LEGACY, PICKLE):
        return _read_state_dicts(path, found)
    raise GatescopeError("is_unknown") if found is None else GatescopeError(found.what.code, **found.what.params)


def _read_safetensors(path: Path) -> dict[Key, Entry]:
    file: Any = safe_open(path, framework="pt")
    found: dict[Key, Entry] = {}
    for name in file.keys():  # noqa: SIM118 - it is no dict
        header = file.get_slice(name)
        dtype = _SAFETENSORS.get(header.get_dtype(), header.get_dtype())
        found[(), name] = Entry(tuple(header.get_shape()), dtype, partial(file.get_tensor, name))
    return found


def _read_state_dicts(path: Path, found: FileType) -> dict[Key, Entry]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd but harmless pickles; what is wrong raises
            saved = torch.load(path, map_location="cpu", weights_only=True, mmap=found is TORCH_ZIP)
    except Exception as error:
        if found is PICKLE and not _NEEDED.search(str(error)):  # torch speaks of its own magic number
            raise GatescopeError(PICKLE.what.code) from None
        raise
    if not isinstance(saved, dict):
        raise GatescopeError("is_no_dict", given=type(saved).__name__)
    return {key: _entry(tensor) for key, tensor in _tensors_in(saved, (), set())}


def _tensors_in(holder: dict[Any, Any], path: tuple[str, ...], seen: set[int]) -> Iterator[tuple[Key, Tensor]]:
    """Yield all tensors of nested dicts, but for the states of optimizers; a dict that is there twice counts once."""
    # Methods are taken of the classes: a file may give a dict or a tensor attributes of the same names.
    if id(holder) in seen or len(path) > _DEEPEST or {"state", "param_groups"} <= dict.keys(holder):
        return
    seen.add(id(holder))
    for key, value in dict.items(holder):
        if isinstance(value, Tensor):
            yield (path, str(key)), Tensor.detach(value)
        elif isinstance(value, dict):
            yield from _tensors_in(value, (*path, str(key)), seen)


def _entry(tensor: Tensor) -> Entry:
    form = "nested" if tensor.is_nested else "meta" if tensor.is_meta else str(tensor.layout).removeprefix("torch.")
    dtype = str(tensor.dtype).removeprefix("torch.") if form == "strided" else form
    return Entry(() if form == "nested" else tuple(tensor.shape), dtype, lambda: tensor)


def plain(text: str) -> str:
    """Make text from a file fit for a message: its first line, printable and short."""
    line = (text.strip().splitlines() or [""])[0][:100]
    return "".join(character if character.isprintable() else "?" for character in line)
