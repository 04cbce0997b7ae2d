"""What is attached to a module of torch.nn that may make a call of it something else than its weights tell."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules import module as every_module
from torch.nn.utils.spectral_norm import SpectralNorm

from gatescope.messages.message import Message, describe_all
from gatescope.modules.bits import same_bits
from gatescope.modules.network import CLASSES, parametrizations_kept


def attachments(module: nn.Module) -> tuple[Message, ...]:
    """Name what may make a module return something else than a fresh one with its weights does; often that is nothing.

    These are hooks, also those of all modules, a forward of its own, a class that is derived from torch's,
    parametrizations, and flat weights that are not the parameters.
    """
    # There is no public way to the hooks.
    found = [Message("attached_pre_hook", {"name": _name(hook)}) for hook in module._forward_pre_hooks.values()]
    found += [Message("attached_hook", {"name": _name(hook)}) for hook in module._forward_hooks.values()]
    of_all = every_module._global_forward_pre_hooks.values()
    found += [Message("attached_global_pre_hook", {"name": _name(hook)}) for hook in of_all]
    of_all = every_module._global_forward_hooks.values()
    found += [Message("attached_global_hook", {"name": _name(hook)}) for hook in of_all]
    found += [
        Message("attached_method", {"method": method, "name": _name(vars(module)[method])})
        for method in ("forward", "_call_impl")
        if method in vars(module)
    ]
    parametrized = getattr(module, "parametrizations", ())
    own = type(module).__bases__[0] if parametrized else type(module)  # a parametrization derives a class as well
    if own not in CLASSES.values():
        found.append(Message("attached_class", {"name": own.__qualname__}))
    if parametrized:
        found.append(Message("attached_parametrizations", {"names": describe_all(parametrized)}))
    stale = _stale_weights(module)
    if stale:
        found.append(Message("attached_flat_weights", {"names": describe_all(stale)}))
    return tuple(found)


def has_moving_norm(module: nn.Module) -> bool:
    """Whether an older spectral norm changes the weights with each call, as it does in training mode."""
    return any(
        isinstance(hook, SpectralNorm) and part.training
        for part in module.modules()
        for hook in part._forward_pre_hooks.values()
    )


def _name(hook: Any) -> str:
    return getattr(hook, "__qualname__", type(hook).__qualname__)


@torch.no_grad()
def _stale_weights(module: nn.Module) -> list[str]:
    """Return the parameters in place of which an nn.LSTM, nn.GRU or nn.RNN runs with other numbers."""
    if not isinstance(module, nn.RNNBase):
        return []
    with parametrizations_kept(module):
        if module._weights_have_changed():  # type: ignore[no-untyped-call]  # torch's method has no types
            return []  # its forward takes them anew
        weights = [getattr(module, name) for name in module._flat_weights_names]
    named = zip(module._flat_weights_names, weights, module._flat_weights, strict=False)
    return [name for name, weight, flat in named if not _is_same(weight, flat)]


def _is_same(weight: Tensor, flat: Any) -> bool:
    return flat is weight or (isinstance(flat, Tensor) and same_bits(weight, flat))
