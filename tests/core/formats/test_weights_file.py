"""A network with the weights of a safetensors file: their bits, in the dtype of the spec, and nothing but them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

import gatescope as gs
from gatescope.formats.weights_file import load_weights
from gatescope.modules.spec import ModuleSpec

SPEC = ModuleSpec(4, 3, num_layers=2, bidirectional=True)


@pytest.fixture
def state() -> dict[str, Tensor]:
    weights = nn.LSTM(4, 3, 2, bidirectional=True).state_dict()
    weights["bias_hh_l0"][0] = -0.0  # equal to 0, but not in its bits
    return weights


def test_the_network_has_every_bit_of_the_file(state: dict[str, Tensor], tmp_path: Path) -> None:
    save_file(state, tmp_path / "weights.safetensors")
    module = load_weights(SPEC, tmp_path / "weights.safetensors")
    assert isinstance(module, nn.LSTM)
    assert not module.training
    read = module.state_dict()
    assert list(read) == list(state)
    assert all(torch.equal(read[name].view(torch.int32), weight.view(torch.int32)) for name, weight in state.items())


def test_the_dtype_is_that_of_the_spec(state: dict[str, Tensor], tmp_path: Path) -> None:
    save_file(state, tmp_path / "weights.safetensors")
    spec = ModuleSpec(4, 3, num_layers=2, bidirectional=True, dtype="float64")
    read = load_weights(spec, tmp_path / "weights.safetensors").state_dict()
    assert {weight.dtype for weight in read.values()} == {torch.float64}
    assert all(torch.equal(read[name], weight.double()) for name, weight in state.items())  # float64 holds them exactly


@pytest.mark.parametrize("fault", ["one is missing", "one too many", "another shape", "of a larger model"])
def test_a_file_with_other_parameters_is_refused(fault: str, state: dict[str, Tensor], tmp_path: Path) -> None:
    changed = {
        "one is missing": {name: weight for name, weight in state.items() if name != "bias_hh_l1"},
        "one too many": state | {"weight_hr_l0": torch.ones(2, 3)},
        "another shape": state | {"weight_hh_l0": torch.ones(12, 4)},
        "of a larger model": {f"encoder.{name}": weight for name, weight in state.items()},
    }
    path = tmp_path / "weights.safetensors"
    save_file(changed[fault], path)
    with pytest.raises(gs.GatescopeError) as caught:
        load_weights(SPEC, path)
    assert caught.value.code == "file_weights"
    assert str(path) in str(caught.value)


def test_what_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(gs.GatescopeError) as caught:
        load_weights(SPEC, path)
    assert caught.value.code == "file_missing"
    path.write_bytes(b"t,f,i\n1,2,3\n" * 50)
    with pytest.raises(gs.GatescopeError) as caught:
        load_weights(SPEC, path)
    assert caught.value.code == "file_weights"
