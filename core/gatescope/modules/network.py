"""Build a recurrent module of torch.nn from a spec, and read a spec and weights from one, or from one of one's own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from gatescope.cells.arithmetic import require_device
from gatescope.cells.cell import Cell
from gatescope.cells.kinds import find_cell
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.weights import Parameters, Weights
from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import KINDS, Direction, ModuleSpec, arguments_of

Recurrent = nn.LSTM | nn.GRU | nn.RNN | nn.LSTMCell | nn.GRUCell | nn.RNNCell

_drawing = threading.Lock()
"""All threads draw from one generator: who sets its seed has it alone until the numbers are drawn."""

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
        Where the machine has no such device; `cannot_build` for a module of one's own.
    """
    device = require_device(spec.device)
    with _drawing, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module: Recurrent = _class_of(spec)(**arguments(spec, "cpu"))
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
    module: Recurrent = _class_of(spec)(**arguments(spec, "meta"))
    module.load_state_dict(weights, assign=True)
    module.requires_grad_(requires_grad=False)
    if isinstance(module, nn.RNNBase):
        module.flatten_parameters()
    return module.eval()


def _class_of(spec: ModuleSpec) -> type[Any]:
    if spec.kind not in CLASSES:
        raise GatescopeError("cannot_build", module=spec.kind)
    return CLASSES[spec.kind]


def own_cell(module: nn.Module) -> Cell | None:
    """Return the cell that a module of one's own runs: the one with the name of its class; None for other modules."""
    named = (find_cell(base.__name__) for base in type(module).__mro__)
    return next((cell for cell in named if cell is not None and not isinstance(cell, TorchCell)), None)


def spec_of(module: nn.Module) -> ModuleSpec:
    """Return the arguments that a network was built with; of one's own the sizes of its parameters."""
    own = own_cell(module)
    if own is not None:
        return _own_spec(own, own.parameters_of(module))
    kind = next(kind for kind, own_class in CLASSES.items() if isinstance(module, own_class))
    weight = first_weight(module)
    values = {name: getattr(module, name) for name in arguments_of(kind) if name not in ("device", "dtype", "kind")}
    if "dropout" in values:
        values["dropout"] = float(values["dropout"])
    return ModuleSpec(**values, device=str(weight.device), dtype=_dtype_name(weight), kind=kind)


def _own_spec(cell: Cell, parameters: dict[str, Tensor]) -> ModuleSpec:
    weight = parameters["weight_ih"]  # (GH, K)
    spec = ModuleSpec(
        weight.shape[1], len(weight) // len(cell.packed), bias="bias_ih" in parameters,
        device=str(weight.device), dtype=_dtype_name(weight), kind=cell.name,
    )  # fmt: skip
    expected, given = spec.parameters(), {name: tuple(value.shape) for name, value in parameters.items()}
    for name in {**expected, **given}:
        if expected.get(name) != given.get(name):
            shapes = {"expected": expected.get(name), "given": given.get(name)}
            raise GatescopeError("own_parameter", module=cell.name, name=name, **shapes)
    return spec


def _dtype_name(weight: Tensor) -> str:
    return str(weight.dtype).removeprefix("torch.")


def first_weight(module: nn.Module) -> Tensor:
    """Return the `weight_ih` of the first layer; its dtype and device are the module's."""
    own = own_cell(module)
    name = "weight_ih_l0" if isinstance(module, nn.RNNBase) else "weight_ih"
    with parametrizations_kept(module):
        weight: Any = getattr(module, name, None) if own is None else own.parameters_of(module)[name]
    if not isinstance(weight, Tensor):
        raise GatescopeError("parameter_missing", name=name, given=weight)
    return weight


def live_weights(module: nn.Module, spec: ModuleSpec) -> dict[str, Tensor]:
    """Return all parameters by name, as the module has them.

    Raises
    ------
    GatescopeError
        `parameter_missing`, `parameters_differ`, `parameter_shape` where the module itself could not run with them.
    """
    own = own_cell(module)
    if own is not None:
        return own.parameters_of(module)
    expected = spec.parameters()
    with parametrizations_kept(module):
        # getattr, not state_dict: a parametrised weight is computed, and its state has other names.
        weights: dict[str, Any] = {name: getattr(module, name, None) for name in expected}
    _require_alike(weights)
    for name, shape in expected.items():
        if weights[name].shape != shape:
            raise GatescopeError("parameter_shape", name=name, given=tuple(weights[name].shape), expected=shape)
    return weights


@contextlib.contextmanager
def parametrizations_kept(module: nn.Module) -> Iterator[None]:
    """Read weights as in evaluation: in training a spectral norm changes its own state each time it is read."""
    own: nn.ModuleDict = getattr(module, "parametrizations", nn.ModuleDict())
    training = [part for part in own.modules() if part.training]
    for part in training:
        part.training = False
    try:
        yield
    finally:
        for part in training:
            part.training = True


def _require_alike(weights: dict[str, Any]) -> None:
    missing = next((name for name, weight in weights.items() if not isinstance(weight, Tensor)), None)
    if missing is not None:
        raise GatescopeError("parameter_missing", name=missing, given=weights[missing])
    types = {name: _describe_type(weight) for name, weight in weights.items()}
    first = next(iter(types))
    other = next((name for name, kind in types.items() if kind != types[first]), None)
    if other is not None:
        raise GatescopeError("parameters_differ", name=other, given=types[other], first=first, expected=types[first])


def _describe_type(weight: Tensor) -> str:
    layout = "" if weight.layout == torch.strided else f", {weight.layout}"
    return f"{weight.dtype} ({weight.device}{layout})"


def weights_of(module: nn.Module, spec: ModuleSpec) -> dict[str, Tensor]:
    """Return copies of all parameters by name; later training does not change them."""
    return {name: weight.detach().clone() for name, weight in live_weights(module, spec).items()}


def cell_weights(spec: ModuleSpec, weights: dict[str, Tensor], layer: int, direction: Direction) -> Weights:
    """Pick the parameters of one layer in one direction."""
    names = spec.cell_parameters(layer, direction)
    by_kind = {name if spec.is_cell else name.split("_l")[0]: weights[name] for name in names}
    others = (by_kind.pop(kind, None) for kind in ("bias_ih", "bias_hh", "weight_hr"))
    parameters = Parameters(by_kind.pop("weight_ih"), by_kind.pop("weight_hh"), *others)
    return Weights(spec.cell.packed, parameters, by_kind)
