"""Floating-point arithmetics, their unit roundoffs, and the switches of PyTorch that choose one.

Which of them runs is found out in `gatescope.modules.arithmetic_probe`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch

from gatescope.messages.message import GatescopeError, Message, describe_all

ArithmeticName = Literal["ieee", "tf32"]

FLOAT32_ROUNDOFF = 2.0**-24

_MANY = 100  # products, more than are ever rounded when a sum of 16-bit numbers is stored


@dataclass(frozen=True)
class Arithmetic:
    """The arithmetic of a run.

    Parameters
    ----------
    name : str
        `IEEE float32` and so on; what operands are rounded to, such as `TF32` or `BF16 products`; `bfloat16 sums` where
        16-bit numbers are not added up in float32.
    unit_roundoff : float
        u: half the distance from 1 to the next number of the working type.
    tiny : float
        The smallest normal number of the working type.
    operand_roundoff : float
        The relative error of rounding an operand of a matrix product before it is multiplied: 0 for IEEE,
        2^-11 for TF32 (10 bits of fraction; NVIDIA, A100 white paper, 2020), 2^-8 for bfloat16; twice that where it is
        cut off.
    stored_roundings : float
        How often a sum of products is rounded to the working type on its way, where it is added up in float32: for the
        16-bit types. 0 where the working type is that of the sum.
    largest : float
        The largest number of the working type.
    relative_tanh : bool
        Whether tanh is right to a few units in the last place however small its value is; else to a few u of 1.
    elementary : float
        What sigmoid and tanh may be off by themselves, in u: sigmoid of 1, tanh of its value where it is that exact.
        On the CPU, oneDNN's sigmoid near 0 was seen off by 100 u of its value, its tanh nowhere by more than 2.
    """

    name: str
    unit_roundoff: float
    tiny: float
    operand_roundoff: float = 0.0
    stored_roundings: float = 0.0
    largest: float = torch.finfo(torch.float32).max
    relative_tanh: bool = True
    elementary: float = 6.0

    @property
    def flushed(self) -> float:
        """What a number below it may be taken for 0, as an operand or as a result: the smallest normal one of the sums.

        A processor does that when it is told to (`torch.set_flush_denormal`), and some kernels do it by themselves.
        Sums of 16-bit types are added up in float32, and what is below float16's normal range is a normal float32.
        """
        return min(self.tiny, IEEE32.tiny) if self.stored_roundings else self.tiny

    def product_roundoff(self, terms: int) -> float:
        """Return what a sum of so many products may be off by, in parts of the sum of their magnitudes."""
        added_up = FLOAT32_ROUNDOFF if self.stored_roundings else self.unit_roundoff
        return terms * added_up + self.stored_roundings * self.unit_roundoff + 2 * self.operand_roundoff


# 16-bit types are added up in float32; the products with x and with h, two biases and their sums are stored.
IEEE16 = Arithmetic("IEEE float16", 2.0**-11, 2.0**-14, stored_roundings=6.0, largest=torch.finfo(torch.float16).max)
BFLOAT16 = Arithmetic("bfloat16", 2.0**-8, 2.0**-126, stored_roundings=6.0, largest=torch.finfo(torch.bfloat16).max)
IEEE32 = Arithmetic("IEEE float32", 2.0**-24, 2.0**-126)
IEEE64 = Arithmetic("IEEE float64", 2.0**-53, 2.0**-1022, largest=torch.finfo(torch.float64).max)
TF32 = Arithmetic("TF32", 2.0**-24, 2.0**-126, 2.0**-11)
BF16 = Arithmetic("BF16 products", 2.0**-24, 2.0**-126, 2.0**-8)
# Operands in two parts: each loses up to 2^-16, and the product of the lesser parts is left out.
BF16_TWICE = Arithmetic("BF16x2 products", 2.0**-24, 2.0**-126, 2.0**-15)

_IEEE = {torch.float16: IEEE16, torch.bfloat16: BFLOAT16, torch.float32: IEEE32, torch.float64: IEEE64}


def ieee(dtype: torch.dtype) -> Arithmetic:
    """Return the arithmetic of a dtype in which no operand is rounded before it is multiplied."""
    return _IEEE[dtype]


def coarser(one: Arithmetic, other: Arithmetic) -> Arithmetic:
    """Return the less exact of two."""
    worse = max(one, other, key=lambda arithmetic: (arithmetic.unit_roundoff, arithmetic.product_roundoff(_MANY)))
    return replace(worse, relative_tanh=one.relative_tanh and other.relative_tanh)


def precision_switches(device: torch.device) -> tuple[object, ...]:
    """Return all that can be set while a program runs and may change in what a device computes."""
    if device.type == "cuda":
        cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
        reduced = matmul.allow_fp16_reduced_precision_reduction, matmul.allow_bf16_reduced_precision_reduction
        switches = (getattr(owner, switch) for owner, switch in _cuda_switches())
        return (*switches, *reduced, cudnn.enabled, cudnn.deterministic, cudnn.benchmark)
    onednn: Any = torch.backends.mkldnn  # a module that torch makes a class of
    if hasattr(onednn, "matmul"):
        precisions = [onednn.matmul.fp32_precision, onednn.rnn.fp32_precision]
    else:  # where the newer switches are, the older one must not be read once they were set
        precisions = [torch.get_float32_matmul_precision()]
    return (*precisions, onednn.enabled, torch.get_num_threads())


@contextmanager
def computing_in(name: ArithmeticName | None, device: torch.device) -> Iterator[None]:
    """Have float32 products on a CUDA device computed in IEEE arithmetic or in TF32, and restore what was set.

    Parameters
    ----------
    name : {"ieee", "tf32"} or None
        None changes nothing. The CPU computes in IEEE arithmetic unless told otherwise, and has no TF32 to choose.
    device : torch.device
        Where it is to hold.

    Raises
    ------
    GatescopeError
        `arithmetic_unknown`, `tf32_needs_cuda`, or `arithmetic_not_set` where torch does not take the setting.
    """
    if name not in (None, "ieee", "tf32"):
        raise GatescopeError("arithmetic_unknown", value=name)
    if device.type != "cuda" and name == "tf32":
        raise GatescopeError("tf32_needs_cuda", device=device)
    if name is None or device.type != "cuda":
        yield
        return
    switches = _cuda_switches()
    before = [getattr(owner, switch) for owner, switch in switches]
    try:
        for owner, switch in switches:
            _set(owner, switch, name if switch == "fp32_precision" else name == "tf32")
        yield
    finally:
        for (owner, switch), value in zip(switches, before, strict=True):
            setattr(owner, switch, value)


def _cuda_switches() -> list[tuple[Any, str]]:
    """Return the two that count: of cuDNN's recurrent kernels, and of products; the general one does not reach them."""
    rnn, matmul = getattr(torch.backends.cudnn, "rnn", None), torch.backends.cuda.matmul
    if hasattr(rnn, "fp32_precision"):
        return [(rnn, "fp32_precision"), (matmul, "fp32_precision")]
    return [(torch.backends.cudnn, "allow_tf32"), (matmul, "allow_tf32")]


def _set(owner: Any, switch: str, value: str | bool) -> None:
    setattr(owner, switch, value)
    if getattr(owner, switch) != value:
        raise GatescopeError("arithmetic_not_set", value=value, found=getattr(owner, switch))


def cuda_devices() -> list[str]:
    """Return the names of the CUDA devices as torch writes them, `cuda:0` and so on."""
    return [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []


def cuda_absence() -> Message | None:
    """Return why there is no CUDA device, None where there is one."""
    if torch.cuda.is_available():
        return None
    return Message("cuda_not_found" if torch.version.cuda else "cuda_not_built")


def require_device(name: str) -> torch.device:
    """Return the device of that name.

    Raises
    ------
    GatescopeError
        `no_cuda` where it is a CUDA device that this machine does not have.
    """
    device = torch.device(name)
    if device.type == "cuda":
        reason = cuda_absence()
        if reason is None and (device.index or 0) >= torch.cuda.device_count():
            reason = Message("cuda_only_these", {"names": describe_all(cuda_devices())})
        if reason is not None:
            raise GatescopeError("no_cuda", device=name, reason=reason)
    return device
