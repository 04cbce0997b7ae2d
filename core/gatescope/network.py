"""Build a torch.nn.LSTM from a spec, and read a spec and weights from one."""

from __future__ import annotations

from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from gatescope.arithmetic import require_device
from gatescope.equations import CellWeights
from gatescope.files import readable_file
from gatescope.messages import GatescopeError
from gatescope.spec import Direction, LSTMSpec

_DTYPES = {"float32": torch.float32, "float64": torch.float64}


def build(spec: LSTMSpec, seed: int) -> nn.LSTM:
    """Build a network with PyTorch's own initial weights.

    The numbers are those of `torch.manual_seed(seed); nn.LSTM(...)` on the CPU, whatever the device, so that
    a seed means one network. The caller's random state is left alone. The network is in evaluation mode.
    """
    device = require_device(spec.device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = nn.LSTM(**arguments(spec, "cpu"))
    return module.eval().to(device)


def arguments(spec: LSTMSpec, device: torch.device | str) -> dict[str, object]:
    """Return the keyword arguments that make nn.LSTM from `spec` on `device`."""
    names = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "bidirectional", "proj_size")
    values: dict[str, object] = {name: getattr(spec, name) for name in names}
    # nn.LSTM warns about dropout with a single layer, where it does nothing.
    dropout = spec.dropout if spec.num_layers > 1 else 0.0
    return values | {"dropout": dropout, "device": device, "dtype": _DTYPES[spec.dtype]}


def with_weights(spec: LSTMSpec, weights: dict[str, Tensor]) -> nn.LSTM:
    """Build a network around existing parameters, in evaluation mode, without touching any random state."""
    module = nn.LSTM(**arguments(spec, "meta"))
    module.load_state_dict(weights, assign=True)
    module.requires_grad_(requires_grad=False)
    module.flatten_parameters()
    return module.eval()


def load_weights(spec: LSTMSpec, path: Path) -> nn.LSTM:
    """Build a network with the weights of a safetensors file that has nn.LSTM's parameter names.

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
    device, dtype = require_device(spec.device), _DTYPES[spec.dtype]
    return with_weights(spec, {name: tensor.to(device, dtype) for name, tensor in weights.items()})


def spec_of(module: nn.LSTM) -> LSTMSpec:
    """Return the arguments that a network was built with."""
    weight = module.weight_ih_l0
    device = str(weight.device)
    return LSTMSpec(
        input_size=module.input_size,
        hidden_size=module.hidden_size,
        num_layers=module.num_layers,
        bias=module.bias,
        batch_first=module.batch_first,
        dropout=float(module.dropout),
        bidirectional=module.bidirectional,
        proj_size=module.proj_size,
        device=device,
        dtype=str(weight.dtype).removeprefix("torch."),
    )


def weights_of(module: nn.LSTM, spec: LSTMSpec) -> dict[str, Tensor]:
    """Return copies of all parameters by name; later training does not change them."""
    # getattr, not state_dict: a parametrised weight is computed, and its state has other names.
    return {name: getattr(module, name).detach().clone() for name in spec.parameters()}


def cell_weights(spec: LSTMSpec, weights: dict[str, Tensor], layer: int, direction: Direction) -> CellWeights:
    """Pick the parameters of one layer in one direction."""
    by_kind = {name.split("_l")[0]: weights[name] for name in spec.cell_parameters(layer, direction)}
    return CellWeights(
        by_kind["weight_ih"],
        by_kind["weight_hh"],
        by_kind.get("bias_ih"),
        by_kind.get("bias_hh"),
        by_kind.get("weight_hr"),
    )
