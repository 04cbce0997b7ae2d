"""Which tensors of a checkpoint may be the head of a network, and which one is it beyond doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import nn

from gatescope.analysis.heads import LinearHead
from gatescope.formats.checkpoints import FoundModule, open_checkpoint
from gatescope.messages.message import GatescopeError

RNN = nn.LSTM(5, 3, bidirectional=True)  # gives 6 numbers


def saved(path: Path, **parts: nn.Module) -> FoundModule:
    """Save modules as one model; return the recurrent one as it is found."""
    torch.save(nn.ModuleDict(parts).state_dict(), path / "model.pt")
    return open_checkpoint(path / "model.pt").modules[0]


def labels(found: FoundModule) -> list[str]:
    return [linear.label for linear in found.heads]


def likely(found: FoundModule) -> str | None:
    return None if found.likely_head is None else found.likely_head.name


def test_the_linear_over_both_directions_is_the_head(tmp_path: Path) -> None:
    out = nn.Linear(6, 4)
    found = saved(tmp_path, embedding=nn.Embedding(11, 5), rnn=RNN, out=out)
    assert labels(found) == ["out: Linear(6 → 4)"]
    assert found.likely_head is not None
    head = found.likely_head.read()
    assert isinstance(head, LinearHead)
    assert (head.name, head.classes, head.features, head.label) == ("out", 4, 6, "out: Linear(6 → 4)")
    assert torch.equal(head.weight, out.weight)
    assert head.bias is not None
    assert torch.equal(head.bias, out.bias)


@pytest.mark.parametrize(
    ("module", "width"),
    [(nn.LSTM(5, 6, proj_size=3), 3), (nn.GRU(5, 6, 2, bidirectional=True), 12), (nn.LSTMCell(5, 6), 6)],
)
def test_the_width_is_that_of_the_output(module: nn.Module, width: int, tmp_path: Path) -> None:
    others = {f"fc{size}": nn.Linear(size, 2) for size in (3, 6, 12, 24)}
    assert labels(saved(tmp_path, rnn=module, **others)) == [f"fc{width}: Linear({width} → 2)"]


def test_a_linear_of_another_width_and_a_matrix_of_another_name_are_no_heads(tmp_path: Path) -> None:
    found = saved(tmp_path, rnn=RNN, fc=nn.Linear(5, 4), conv=nn.Conv1d(6, 4, 1), norm=nn.LayerNorm(6))
    assert (found.heads, found.likely_head) == ((), None)


def test_an_embedding_is_not_taken_for_a_head(tmp_path: Path) -> None:
    parts: dict[str, nn.Module] = {"embedding": nn.Embedding(4, 6), "rnn": RNN}
    assert saved(tmp_path, **parts).heads == ()
    tied = saved(tmp_path, **parts, decoder=nn.Linear(6, 4))
    assert (labels(tied), likely(tied)) == (["decoder: Linear(6 → 4)"], "decoder")


def test_a_linear_without_bias_looks_like_an_embedding_and_is_left_to_a_person(tmp_path: Path) -> None:
    found = saved(tmp_path, encoder=nn.Embedding(4, 6), rnn=RNN, out=nn.Linear(6, 9, bias=False))
    assert labels(found) == ["encoder: Linear(6 → 4, bias=False)", "out: Linear(6 → 9, bias=False)"]
    assert found.likely_head is None
    assert found.heads[1].read().bias is None


def test_those_with_a_bias_come_first(tmp_path: Path) -> None:
    found = saved(tmp_path, encoder=nn.Embedding(4, 6), rnn=RNN, out=nn.Linear(6, 4))
    assert [linear.name for linear in found.heads] == ["out", "encoder"]
    assert likely(found) == "out"


def test_of_several_with_a_bias_none_is_chosen(tmp_path: Path) -> None:
    found = saved(tmp_path, rnn=RNN, tags=nn.Linear(6, 4), words=nn.Linear(6, 9))
    assert labels(found) == ["tags: Linear(6 → 4)", "words: Linear(6 → 9)"]
    assert found.likely_head is None


def test_a_layer_between_is_not_chosen(tmp_path: Path) -> None:
    found = saved(tmp_path, rnn=RNN, fc1=nn.Linear(6, 32), fc2=nn.Linear(32, 10))
    assert labels(found) == ["fc1: Linear(6 → 32)"]
    assert found.likely_head is None


@pytest.mark.parametrize(
    ("norm", "wanted"), [(nn.LayerNorm(6), None), (nn.BatchNorm1d(6), None), (nn.LayerNorm(5), "out")]
)
def test_what_may_be_normalised_first_is_not_chosen(norm: nn.Module, wanted: str | None, tmp_path: Path) -> None:
    found = saved(tmp_path, rnn=RNN, norm=norm, out=nn.Linear(6, 4))
    assert labels(found) == ["out: Linear(6 → 4)"]
    assert likely(found) == wanted


def test_a_square_head_does_not_follow_itself(tmp_path: Path) -> None:
    assert likely(saved(tmp_path, rnn=RNN, out=nn.Linear(6, 6))) == "out"


def test_of_two_models_in_a_file_each_has_its_own_head(tmp_path: Path) -> None:
    model = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)})
    other = nn.ModuleDict({"rnn": nn.LSTM(5, 3, bidirectional=True), "out": nn.Linear(6, 4)})
    torch.save({"model": model.state_dict(), "ema": other.state_dict()}, tmp_path / "two.pt")
    for found, own in zip(open_checkpoint(tmp_path / "two.pt").modules, (model, other), strict=True):
        assert labels(found) == ["out: Linear(6 → 4)"]
        assert found.likely_head is not None
        assert torch.equal(found.likely_head.read().weight, own["out"].weight)  # type: ignore[arg-type]


def test_parts_that_were_saved_apart_still_find_each_other(tmp_path: Path) -> None:
    torch.save({"encoder": RNN.state_dict(), "decoder": nn.Linear(6, 4).state_dict()}, tmp_path / "parts.pt")
    assert likely(open_checkpoint(tmp_path / "parts.pt").modules[0]) == "decoder"


def test_what_an_optimizer_keeps_is_no_head(tmp_path: Path) -> None:
    tensors = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)}).state_dict()
    moments = {f"exp_avg.{name}": tensor.clone() for name, tensor in tensors.items()}
    safetensors.torch.save_file({**tensors, **moments}, tmp_path / "m.safetensors")
    (found,) = open_checkpoint(tmp_path / "m.safetensors").modules
    assert labels(found) == ["out: Linear(6 → 4)"]


@pytest.mark.parametrize(
    "change",
    [
        {"out.weight": torch.ones(4, 6, dtype=torch.int32)},
        {"out.weight": torch.ones(4, 6).to_sparse()},
        {"out.weight": torch.ones(4, 6, 1)},
        {"out.weight": torch.ones(0, 6)},
    ],
)
def test_what_cannot_be_computed_with_is_no_head(change: dict[str, Any], tmp_path: Path) -> None:
    tensors = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)}).state_dict()
    torch.save({**tensors, **change}, tmp_path / "m.pt")
    assert open_checkpoint(tmp_path / "m.pt").modules[0].heads == ()


@pytest.mark.parametrize(
    "bias", [torch.ones(5), torch.ones(4, 6), torch.ones(4, 1), torch.tensor(1.0), torch.ones(4, dtype=torch.int64)]
)
def test_what_has_a_bias_that_does_not_fit_is_no_linear_without_one(bias: torch.Tensor, tmp_path: Path) -> None:
    tensors = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)}).state_dict()
    torch.save({**tensors, "out.bias": bias}, tmp_path / "m.pt")
    (found,) = open_checkpoint(tmp_path / "m.pt").modules
    assert (labels(found), found.likely_head) == ([], None)


def test_a_bias_in_another_precision_is_added_all_the_same(tmp_path: Path) -> None:
    tensors = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)}).state_dict()
    tensors["out.weight"] = tensors["out.weight"].half()
    torch.save(tensors, tmp_path / "m.pt")
    (found,) = open_checkpoint(tmp_path / "m.pt").modules
    assert found.likely_head is not None
    head, h = found.likely_head.read(), torch.ones(1, 6)
    assert torch.equal(head.scores(h), h @ tensors["out.weight"].float().T + tensors["out.bias"])


def test_the_head_is_a_copy_and_a_changed_file_is_noticed(tmp_path: Path) -> None:
    found = saved(tmp_path, rnn=RNN, out=nn.Linear(6, 4))
    assert found.likely_head is not None
    head = found.likely_head.read()
    weight = head.weight.clone()
    saved(tmp_path, rnn=RNN, out=nn.Linear(6, 5))
    assert torch.equal(head.weight, weight)
    with pytest.raises(GatescopeError) as caught:
        found.likely_head.read()
    assert caught.value.code == "checkpoint_changed"


def test_a_name_in_a_file_cannot_write_on_a_terminal(tmp_path: Path) -> None:
    tensors = {f"rnn.{name}": tensor for name, tensor in RNN.state_dict().items()}
    torch.save({**tensors, "o\x1b[2Jut\n.weight": torch.ones(4, 6)}, tmp_path / "m.pt")
    (linear,) = open_checkpoint(tmp_path / "m.pt").modules[0].heads
    assert linear.label.isprintable()


def test_a_module_that_cannot_be_used_has_no_head(tmp_path: Path) -> None:
    tensors = nn.ModuleDict({"rnn": RNN, "out": nn.Linear(6, 4)}).state_dict()
    torch.save({**tensors, "rnn.weight_hh_l0": torch.ones(3, dtype=torch.int8)}, tmp_path / "m.pt")
    (found,) = open_checkpoint(tmp_path / "m.pt").modules
    assert found.problem is not None
    assert found.heads == ()
