"""The weights of one network in a safetensors file, under the names that its module gives them."""

from __future__ import annotations

from pathlib import Path

import safetensors
import safetensors.torch
import torch

from gatescope.cells.arithmetic import require_device
from gatescope.formats.files import readable_file
from gatescope.messages.message import GatescopeError
from gatescope.modules.network import Recurrent, with_weights
from gatescope.modules.spec import ModuleSpec


def load_weights(spec: ModuleSpec, path: Path) -> Recurrent:
    """Build a network with the weights of a safetensors file that has the module's parameter names.

    Raises
    ------
    GatescopeError
        Where the file cannot be read or does not hold exactly the parameters of `spec`.
    """
    try:
        weights = safetensors.torch.load_file(readable_file(path))
    except (safetensors.SafetensorError, OSError) as error:
        raise GatescopeError("file_weights", path=path, reason=error) from None
    given = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    if given != spec.parameters():
        raise GatescopeError("file_weights", path=path, reason=f"{given} is not {spec.parameters()}")
    device, dtype = require_device(spec.device), getattr(torch, spec.dtype)
    return with_weights(spec, {name: tensor.to(device, dtype) for name, tensor in weights.items()})
