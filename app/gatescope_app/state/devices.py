"""Which devices there are."""

from __future__ import annotations

from dataclasses import dataclass

from gatescope.messages.message import Message


@dataclass(frozen=True)
class Devices:
    """The CUDA devices, and why there is none where there is none."""

    cuda: tuple[str, ...] = ()
    absence: Message | None = None


def find_devices() -> Devices:
    """Ask torch, which takes seconds to import."""
    from gatescope.cells.arithmetic import cuda_absence, cuda_devices  # noqa: PLC0415 - imports torch

    return Devices(tuple(cuda_devices()), cuda_absence())
