"""Which floating-point arithmetic runs on a device, and its unit roundoff."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from gatescope.messages import GatescopeError, Message


@dataclass(frozen=True)
class Arithmetic:
    """The arithmetic of a run.

    Parameters
    ----------
    name : str
        `IEEE float32`, `IEEE float64` or `TF32`.
    unit_roundoff : float
        u: half the distance from 1 to the next number of the working type.
    operand_roundoff : float
        The relative error of rounding an operand of a matrix product before it is multiplied: 0 for IEEE,
        2^-11 for TF32 (10 bits of fraction; NVIDIA, A100 white paper, 2020).
    """

    name: str
    unit_roundoff: float
    operand_roundoff: float = 0.0


IEEE32 = Arithmetic("IEEE float32", 2.0**-24)
IEEE64 = Arithmetic("IEEE float64", 2.0**-53)
TF32 = Arithmetic("TF32", 2.0**-24, 2.0**-11)


def running_arithmetic(device: torch.device, dtype: torch.dtype) -> Arithmetic:
    """Return the arithmetic that nn.LSTM or our own products use now on `device` for `dtype`.

    TF32 is named where either of the two may use it, since then both may differ by it.
    """
    if dtype == torch.float64:
        return IEEE64
    if device.type != "cuda" or torch.cuda.get_device_capability(device)[0] < 8:
        return IEEE32
    return TF32 if _tf32_switched_on() else IEEE32


def _tf32_switched_on() -> bool:
    # Reading the old flags after the new ones were set raises, so ask only the kind that this torch has.
    rnn, matmul = getattr(torch.backends.cudnn, "rnn", None), torch.backends.cuda.matmul
    if rnn is not None and hasattr(rnn, "fp32_precision"):
        return "tf32" in (rnn.fp32_precision, matmul.fp32_precision)
    return bool(torch.backends.cudnn.allow_tf32 or matmul.allow_tf32)


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
            reason = Message("cuda_only_these", {"names": ", ".join(cuda_devices())})
        if reason is not None:
            raise GatescopeError("no_cuda", device=name, reason=reason)
    return device
