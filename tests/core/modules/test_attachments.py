"""What is attached to a module is named, and a module as PyTorch makes it has nothing."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from gatescope.modules.attachments import attachments, has_moving_norm


def codes(module: nn.Module) -> list[str]:
    return [message.code for message in attachments(module)]


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_a_plain_module_has_nothing_however_it_was_trained_or_loaded(kind: str) -> None:
    module = getattr(nn, kind)(4, 3)
    assert attachments(module) == ()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    returned = module(torch.randn(2, 4) if kind.endswith("Cell") else torch.randn(5, 2, 4))
    (returned if isinstance(returned, torch.Tensor) else returned[0]).sum().backward()
    optimizer.step()
    assert attachments(module) == ()
    module.load_state_dict(getattr(nn, kind)(4, 3).state_dict())
    module.double().eval()
    assert attachments(module) == ()


def test_each_attachment_is_named() -> None:
    module = nn.LSTM(4, 3)

    def watch(*_: object) -> None: ...

    module.register_forward_hook(watch)
    module.register_forward_pre_hook(watch)
    module.forward = watch  # type: ignore[method-assign,assignment]  # what is looked for
    nn.utils.parametrizations.weight_norm(module, "weight_hh_l0")
    assert codes(module) == ["attached_pre_hook", "attached_hook", "attached_method", "attached_parametrizations"]
    assert "watch" in str(attachments(module)[0])
    assert "weight_hh_l0" in str(attachments(module)[3])


def test_flat_weights_are_stale_where_their_numbers_are_others() -> None:
    module = nn.GRU(4, 3)
    module._flat_weights = [weight.detach().clone() for weight in module._flat_weights]
    assert attachments(module) == ()  # the same numbers
    with torch.no_grad():
        module.weight_hh_l0.add_(1)
    assert codes(module) == ["attached_flat_weights"]
    assert "weight_hh_l0" in str(attachments(module)[0])


def test_a_spectral_norm_moves_in_training_only() -> None:
    module = nn.LSTM(4, 3)
    assert not has_moving_norm(module)
    nn.utils.spectral_norm(module, "weight_hh_l0")
    assert has_moving_norm(module)
    assert not has_moving_norm(module.eval())
