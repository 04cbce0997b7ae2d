"""Build a recurrent module of torch.nn from a spec, and read a spec and weights from one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gatescope.cells.arithmetic import require_device
from gatescope.cells.weights import Parameters, Weights
from gatescope.modules.spec import KINDS, Direction, ModuleSpec, arguments_of

Recurrent = nn.LSTM | nn.GRU | nn.RNN | nn.LSTMCell | nn.GRUCell | nn.RNNCell

CLASSES: dict[str, type[Any]] = {kind: getattr(nn, kind) for kind in KINDS}


def build(spec: ModuleSpec, seed: int) -> Recurrent:
    """Build a network with PyTorch's own initial weights.

    The numbers are those of `torch.manual_seed(seed); nn.LSTM(...)` on the CPU, whatever the device, so that
    a seed means one network. The caller's random state is left alone. The network is in evaluation mode.

    Parameters
    ----------
    spec : ModuleSpec
        Its arguments.
    seed : int
        From 0 to 2^63 - 1.

    Returns
    -------
    nn.LSTM, nn.GRU, nn.RNN, nn.LSTMCell, nn.GRUCell or nn.RNNCell
        On the device and in the dtype of the spec.

    Raises
    ------
    GatescopeError
        Where the machine has no such device.
    """
    device = require_device(spec.device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module: Recurrent = CLASSES[spec.kind](**arguments(spec, "cpu"))
    return module.eval().to(device)


def arguments(spec: ModuleSpec, device: torch.device | str) -> dict[str, object]:
    """Return the keyword arguments that make the module of `spec` on `device`."""
    names = [name for name in arguments_of(spec.kind) if name != "kind"]
    values: dict[str, object] = {name: getattr(spec, name) for name in names}
    if "dropout" in values and spec.num_layers == 1:
        values["dropout"] = 0.0  # torch warns about dropout with a single layer, where it does nothing
    return values | {"device": device, "dtype": getattr(torch, spec.dtype)}


def with_weights(spec: ModuleSpec, weights: dict[str, Tensor]) -> Recurrent:
    """Build a network around existing parameters, in evaluation mode, without touching any random state."""
    module: Recurrent = CLASSES[spec.kind](**arguments(spec, "meta"))
    module.load_state_dict(weights, assign=True)
    module.requires_grad_(requires_grad=False)
    if isinstance(module, nn.RNNBase):
        module.flatten_parameters()
    return module.eval()


def spec_of(module: Recurrent) -> ModuleSpec:
    """Return the arguments that a network was built with."""
    kind = next(kind for kind, own in CLASSES.items() if isinstance(module, own))
    weight = first_weight(module)
    values = {name: getattr(module, name) for name in arguments_of(kind) if name not in ("device", "dtype", "kind")}
    if "dropout" in values:
        values["dropout"] = float(values["dropout"])
    dtype = str(weight.dtype).removeprefix("torch.")
    return ModuleSpec(**values, device=str(weight.device), dtype=dtype, kind=kind)


def first_weight(module: Recurrent) -> Tensor:
    """Return the `weight_ih` of the first layer; its dtype and device are the module's."""
    weight: Tensor = getattr(module, "weight_ih_l0" if isinstance(module, nn.RNNBase) else "weight_ih")
    return weight


def weights_of(module: Recurrent, spec: ModuleSpec) -> dict[str, Tensor]:
    """Return copies of all parameters by name; later training does not change them."""
    # getattr, not state_dict: a parametrised weight is computed, and its state has other names.
    return {name: getattr(module, name).detach().clone() for name in spec.parameters()}


def cell_weights(spec: ModuleSpec, weights: dict[str, Tensor], layer: int, direction: Direction) -> Weights:
    """Pick the parameters of one layer in one direction."""
    by_kind = {name.split("_l")[0]: weights[name] for name in spec.cell_parameters(layer, direction)}
    others = (by_kind.get(kind) for kind in ("bias_ih", "bias_hh", "weight_hr"))
    return Weights(spec.cell.packed, Parameters(by_kind["weight_ih"], by_kind["weight_hh"], *others))
