"""The bits of tensors: whether two hold the same, and a short number that tells whether one has changed."""

from __future__ import annotations

import zlib

import torch
from torch import Tensor


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors hold the same bits; NaN is the same as itself, and 0 is not -0."""
    if one.shape != other.shape or one.dtype != other.dtype or one.device != other.device:
        return False
    return torch.equal(_bits(one), _bits(other))


def checksum(tensor: Tensor, start: int = 0) -> int:
    """Return the CRC-32 of the bits of a tensor, in the order of its indices; `start` is that of what is before it."""
    return zlib.crc32(_bits(tensor).cpu().contiguous().numpy().data, start)


def _bits(tensor: Tensor) -> Tensor:
    """Return the bits of each number as a whole number."""
    return tensor.detach().view({2: torch.int16, 4: torch.int32, 8: torch.int64}[tensor.dtype.itemsize])
