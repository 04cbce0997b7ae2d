"""Checkpoints that people have: every recurrent module inside is found and read, and nothing in a file is run."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings, strategies as st
from torch import Tensor, nn

from gatescope.formats.checkpoints import Checkpoint, FoundModule, open_checkpoint
from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.spec import ModuleSpec

MODULES: dict[str, Callable[[], nn.Module]] = {
    "nn.LSTM(5, 3)": lambda: nn.LSTM(5, 3),
    "nn.LSTM(5, 3, num_layers=2, bidirectional=True)": lambda: nn.LSTM(5, 3, 2, bidirectional=True),
    "nn.LSTM(5, 3, bias=False)": lambda: nn.LSTM(5, 3, bias=False),
    "nn.LSTM(3, 3, bias=False)": lambda: nn.LSTM(3, 3, bias=False),
    "nn.LSTM(12, 3)": lambda: nn.LSTM(12, 3),
    "nn.LSTM(1, 1)": lambda: nn.LSTM(1, 1),
    "nn.LSTM(5, 4, proj_size=2)": lambda: nn.LSTM(5, 4, proj_size=2),
    "nn.LSTM(2, 4, num_layers=3, bias=False, bidirectional=True, proj_size=1)": lambda: nn.LSTM(
        2, 4, 3, bias=False, bidirectional=True, proj_size=1
    ),
    "nn.LSTM(5, 3, num_layers=12)": lambda: nn.LSTM(5, 3, 12),
    "nn.LSTM(5, 3, dtype=torch.float64)": lambda: nn.LSTM(5, 3, dtype=torch.float64),
    "nn.LSTM(5, 3, dtype=torch.float16)": lambda: nn.LSTM(5, 3, dtype=torch.float16),
    "nn.LSTM(5, 3, dtype=torch.bfloat16)": lambda: nn.LSTM(5, 3, dtype=torch.bfloat16),
    "nn.GRU(5, 3, num_layers=2)": lambda: nn.GRU(5, 3, 2),
    "nn.GRU(5, 3, bidirectional=True)": lambda: nn.GRU(5, 3, bidirectional=True),
    "nn.RNN(5, 3)": lambda: nn.RNN(5, 3),
    "nn.RNN(5, 3, num_layers=2, bias=False, bidirectional=True)": lambda: nn.RNN(
        5, 3, 2, bias=False, bidirectional=True
    ),
    "nn.LSTMCell(5, 3)": lambda: nn.LSTMCell(5, 3),
    "nn.LSTMCell(5, 3, bias=False)": lambda: nn.LSTMCell(5, 3, bias=False),
    "nn.GRUCell(5, 3)": lambda: nn.GRUCell(5, 3),
    "nn.RNNCell(5, 3)": lambda: nn.RNNCell(5, 3),
}

Save = Callable[[Any, Path], Path]


class Tagger(nn.Module):
    """A model as people have it: an LSTM between other layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.encoder = nn.ModuleDict({"lstm": nn.LSTM(5, 3, 2, bidirectional=True)})
        self.out = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.out(self.encoder["lstm"](self.embedding(x))[0])
        return out


def save_zip(saved: Any, path: Path) -> Path:
    torch.save(saved, path.with_suffix(".pt"))
    return path.with_suffix(".pt")


def save_legacy(saved: Any, path: Path) -> Path:
    torch.save(saved, path.with_suffix(".pth"), _use_new_zipfile_serialization=False)
    return path.with_suffix(".pth")


def save_safetensors(saved: dict[str, Tensor], path: Path) -> Path:
    safetensors.torch.save_file(saved, path.with_suffix(".safetensors"))
    return path.with_suffix(".safetensors")


SAVES = [save_zip, save_legacy, save_safetensors]
PICKLES = [save_zip, save_legacy]


def assert_same(found: FoundModule, module: nn.Module) -> None:
    """Assert that `found` is the module: names in their order, dtypes, and every bit."""
    expected = dict(module.state_dict())
    weights = found.weights()
    assert found.problem is None
    assert list(weights) == list(expected) == list(found.shapes)
    for name, right in expected.items():
        assert found.shapes[name] == tuple(right.shape)
        assert weights[name].dtype == right.dtype
        assert f"torch.{found.dtype}" == str(right.dtype)
        assert torch.equal(weights[name].view(torch.uint8), right.view(torch.uint8))  # bit for bit, NaN too


def arguments_of(found: FoundModule) -> ModuleSpec:
    return found.spec("tanh" if found.nonlinearity_unknown else None)


def assert_one_line(error: GatescopeError) -> None:
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) < 700
    assert str(error).isprintable()


def problem_of(tensors: dict[str, Tensor], path: Path) -> str:
    """Save tensors that do not make a module; return what is said about them, and see that they cannot be used."""
    (found,) = open_checkpoint(save_zip(tensors, path)).modules
    assert isinstance(found.problem, Message)
    for use in (found.spec, found.weights, lambda: open_checkpoint(path.with_suffix(".pt")).find(found.prefix)):
        with pytest.raises(GatescopeError) as caught:
            use()
        assert caught.value.code == "in_file"
        assert str(found.problem) in str(caught.value)
        assert_one_line(caught.value)
    return str(found.problem)


# ---------------------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("constructor", MODULES)
def test_every_module_is_found_with_its_arguments_and_bits(constructor: str, save: Save, tmp_path: Path) -> None:
    module = MODULES[constructor]()
    (found,) = open_checkpoint(save(module.state_dict(), tmp_path / "m")).modules
    assert found.prefix == ""
    assert arguments_of(found).constructor() == constructor
    assert found.kind == type(module).__name__
    assert list(found.shapes) == list(arguments_of(found).parameters())
    assert_same(found, module)


@pytest.mark.parametrize("save", SAVES)
def test_an_lstm_inside_a_larger_model_is_found_by_its_prefix(save: Save, tmp_path: Path) -> None:
    model = Tagger()
    checkpoint = open_checkpoint(save(model.state_dict(), tmp_path / "model"))
    (found,) = checkpoint.modules
    assert found.prefix == "encoder.lstm"
    assert found.spec() == ModuleSpec(5, 3, num_layers=2, bidirectional=True)
    assert checkpoint.find("encoder.lstm") is found
    assert_same(found, model.encoder["lstm"])


@pytest.mark.parametrize("save", SAVES)
def test_data_parallel_is_just_a_part_of_the_prefix(save: Save, tmp_path: Path) -> None:
    model = nn.DataParallel(Tagger())
    (found,) = open_checkpoint(save(model.state_dict(), tmp_path / "model")).modules
    assert found.prefix == "module.encoder.lstm"


@pytest.mark.parametrize("save", PICKLES)
@pytest.mark.parametrize("key", ["state_dict", "model_state_dict", "model", "net"])
@pytest.mark.parametrize("optimizer_key", ["optimizer", "optim_state"])
def test_a_training_checkpoint_holds_its_model_and_not_its_optimizer(
    key: str, optimizer_key: str, save: Save, tmp_path: Path
) -> None:
    model = Tagger()
    optimizer = torch.optim.Adam(model.parameters(), amsgrad=True)
    model(torch.arange(4)).sum().backward()
    optimizer.step()
    saved = {"epoch": 3, optimizer_key: optimizer.state_dict(), key: model.state_dict(), "loss": [0.5, None]}
    (found,) = open_checkpoint(save(saved, tmp_path / "last")).modules
    assert found.prefix == "encoder.lstm"
    assert_same(found, model.encoder["lstm"])


@pytest.mark.parametrize("save", PICKLES)
def test_of_several_state_dicts_the_keys_are_part_of_the_prefix(save: Save, tmp_path: Path) -> None:
    gru, lstm, cell = nn.GRU(2, 3), nn.LSTM(2, 3), nn.RNNCell(2, 3)
    saved = {"nets": {"a": gru.state_dict(), "b": nn.ModuleDict({"lstm": lstm}).state_dict()}, 7: cell.state_dict()}
    checkpoint = open_checkpoint(save(saved, tmp_path / "m"))
    assert {found.prefix for found in checkpoint.modules} == {"nets.a", "nets.b.lstm", "7"}
    for prefix, module in (("nets.a", gru), ("nets.b.lstm", lstm), ("7", cell)):
        assert_same(checkpoint.find(prefix), module)


def test_several_modules_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    model = nn.ModuleDict({"z": nn.LSTM(5, 3), "a": nn.GRU(5, 3), "m": nn.RNNCell(5, 3)})
    checkpoint = open_checkpoint(save_zip(model.state_dict(), tmp_path / "m"))
    assert [(found.prefix, found.kind) for found in checkpoint.modules] == [
        ("z", "LSTM"),
        ("a", "GRU"),
        ("m", "RNNCell"),
    ]
    with pytest.raises(GatescopeError, match="no recurrent module 'b'; it has 'z', 'a', 'm'") as caught:
        checkpoint.find("b")
    assert caught.value.code == "checkpoint_no_prefix"


def test_names_of_many_modules_are_counted_in_the_error(tmp_path: Path) -> None:
    model = nn.ModuleList([nn.GRUCell(1, 1) for _ in range(30)])
    with pytest.raises(GatescopeError, match="'7' and 22 more"):
        open_checkpoint(save_zip(model.state_dict(), tmp_path / "m")).find("no")


@pytest.mark.parametrize("module", [nn.RNN(5, 3), nn.RNNCell(5, 3)])
def test_the_nonlinearity_of_an_rnn_is_asked_for(module: nn.Module, tmp_path: Path) -> None:
    (found,) = open_checkpoint(save_zip(module.state_dict(), tmp_path / "m")).modules
    assert found.nonlinearity_unknown
    assert found.spec("relu").nonlinearity == "relu"
    assert found.spec("tanh").nonlinearity == "tanh"
    assert_same(found, module)  # the weights are the same for both
    with pytest.raises(GatescopeError, match="tanh or relu") as caught:
        found.spec()
    assert caught.value.code == "nonlinearity_needed"
    with pytest.raises(GatescopeError, match="'tanh' or 'relu', but it is elu"):
        found.spec("elu")


def test_the_nonlinearity_of_an_lstm_is_known(tmp_path: Path) -> None:
    (found,) = open_checkpoint(save_zip(nn.LSTM(5, 3).state_dict(), tmp_path / "m")).modules
    assert not found.nonlinearity_unknown
    with pytest.raises(GatescopeError, match="no argument nonlinearity"):
        found.spec("relu")


def test_nan_and_negative_zero_are_read_as_they_are(tmp_path: Path) -> None:
    module = nn.LSTM(5, 3)
    with torch.no_grad():
        module.weight_hh_l0.fill_(float("nan"))
        module.bias_ih_l0.fill_(-0.0)
    for save in SAVES:
        assert_same(open_checkpoint(save(module.state_dict(), tmp_path / "m")).modules[0], module)


@given(
    kind=st.sampled_from(["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"]),
    inputs=st.integers(1, 20),
    hidden=st.integers(1, 12),
    layers=st.integers(1, 4),
    bias=st.booleans(),
    bidirectional=st.booleans(),
    projection=st.integers(0, 5),
    prefix=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    save=st.sampled_from(SAVES),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_module_under_any_prefix_is_found_again(
    tmp_path: Path,
    kind: str,
    inputs: int,
    hidden: int,
    layers: int,
    bias: bool,
    bidirectional: bool,
    projection: int,
    prefix: str,
    save: Save,
) -> None:
    options: dict[str, Any] = {"bias": bias}
    if not kind.endswith("Cell"):
        options |= {"num_layers": layers, "bidirectional": bidirectional}
    if kind == "LSTM" and projection < hidden:
        options["proj_size"] = projection
    module = getattr(nn, kind)(inputs, hidden, **options)
    state = {f"{prefix}.{name}" if prefix else name: tensor for name, tensor in module.state_dict().items()}
    (found,) = open_checkpoint(save(state, tmp_path / "m")).modules
    assert found.prefix == prefix
    assert arguments_of(found) == ModuleSpec(inputs, hidden, kind=kind, **options)
    assert_same(found, module)


# ---------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("save", SAVES)
def test_weights_are_copies_that_outlive_the_file(save: Save, tmp_path: Path) -> None:
    module = nn.LSTM(5, 3)
    path = save(module.state_dict(), tmp_path / "m")
    weights = open_checkpoint(path).modules[0].weights()
    path.write_bytes(b"")
    assert torch.equal(weights["weight_hh_l0"], module.weight_hh_l0)
    assert not any(tensor.requires_grad for tensor in weights.values())


@pytest.mark.parametrize("save", SAVES)
def test_a_file_that_changed_since_is_noticed(save: Save, tmp_path: Path) -> None:
    path = save(nn.LSTM(5, 3).state_dict(), tmp_path / "m")
    (found,) = open_checkpoint(path).modules
    for other in (nn.LSTM(5, 4), nn.GRU(5, 3), nn.LSTM(5, 3, bias=False), nn.LSTM(5, 3).double()):
        save(other.state_dict(), tmp_path / "m")
        with pytest.raises(GatescopeError, match="has changed since"):
            found.weights()
    path.unlink()
    with pytest.raises(GatescopeError, match="There is no file"):
        found.weights()


def test_the_content_decides_on_the_format(tmp_path: Path) -> None:
    module = nn.LSTM(5, 3)
    path = save_safetensors(module.state_dict(), tmp_path / "m").rename(tmp_path / "m.bin")
    assert_same(open_checkpoint(path).modules[0], module)
    path = save_zip(module.state_dict(), tmp_path / "m").rename(tmp_path / "m.ckpt")
    assert_same(open_checkpoint(os.fspath(path)).modules[0], module)  # type: ignore[arg-type]  # a str does as well


# ---------------------------------------------------------------------------------------------- planted faults


def without(module: nn.Module, *names: str) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in module.state_dict().items() if name not in names}


def changed(module: nn.Module, name: str, change: Callable[[Tensor], Tensor]) -> dict[str, Tensor]:
    return {own: change(tensor) if own == name else tensor for own, tensor in module.state_dict().items()}


@pytest.mark.parametrize("name", nn.LSTM(5, 3, 2, bidirectional=True).state_dict())
def test_a_missing_tensor_is_named(name: str, tmp_path: Path) -> None:
    assert f"{name} is missing." in problem_of(without(nn.LSTM(5, 3, 2, bidirectional=True), name), tmp_path / "m")


@pytest.mark.parametrize("module", [nn.LSTM(5, 3), nn.GRUCell(5, 3), nn.LSTM(5, 3, bias=False)])
def test_a_missing_tensor_of_the_only_cell_is_named(module: nn.Module, tmp_path: Path) -> None:
    for name in module.state_dict():
        assert f"{name} is missing." in problem_of(without(module, name), tmp_path / "m")


def test_a_missing_layer_is_named(tmp_path: Path) -> None:
    gone = [f"{kind}_l1" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    problem = problem_of(without(nn.LSTM(5, 3, 3), *gone), tmp_path / "m")
    assert all(f"{name} is missing" in problem for name in gone)


def test_only_the_first_of_many_missing_tensors_are_named(tmp_path: Path) -> None:
    state = {name: tensor for name, tensor in nn.LSTM(5, 3, 8).state_dict().items() if "bias" not in name}
    state |= {"bias_ih_l0": torch.zeros(12)}
    assert "bias_ih_l2 is missing and 11 more" in problem_of(state, tmp_path / "m")


EXTRA = [("LSTM", "weight_ih_l9999"), ("LSTM", "weight_hh"), ("GRU", "weight_hr_l0"), ("LSTMCell", "weight_hr")]


@pytest.mark.parametrize(("kind", "name"), EXTRA)
def test_an_extra_tensor_is_named(kind: str, name: str, tmp_path: Path) -> None:
    problem = problem_of(getattr(nn, kind)(5, 3).state_dict() | {name: torch.ones(1, 3)}, tmp_path / "m")
    assert problem == f"its tensors do not make a module: {name} does not belong to it."


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l0", "weight_hr_l0"])
def test_a_transposed_tensor_is_named_with_both_shapes(name: str, bias: bool, tmp_path: Path) -> None:
    module = nn.LSTM(5, 3, bias=bias, proj_size=2 if name == "weight_hr_l0" else 0)
    right = tuple(module.state_dict()[name].shape)
    problem = problem_of(changed(module, name, lambda tensor: tensor.t()), tmp_path / "m")
    assert f"{name} has the shape {right[::-1]} instead of {right}." in problem


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("name", nn.LSTM(5, 3, 3).state_dict())
@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[..., None], lambda t: t.sum()])
def test_a_wrong_shape_is_named(kind: str, name: str, change: Callable[[Tensor], Tensor], tmp_path: Path) -> None:
    state = getattr(nn, kind)(5, 3, 3).state_dict()
    right, wrong = str(tuple(state[name].shape)), change(state[name])
    if name == "weight_ih_l0" and wrong.dim() != 2:
        right = f"({3 * {'LSTM': 4, 'GRU': 3, 'RNN': 1}[kind]}, input_size)"  # nothing else tells it
    problem = problem_of(state | {name: wrong}, tmp_path / "m")
    assert f"{name} has the shape {tuple(wrong.shape)} instead of {right}." in problem


def test_a_module_of_another_number_of_gates_is_no_module(tmp_path: Path) -> None:
    state = {"weight_ih": torch.ones(6, 5), "weight_hh": torch.ones(6, 3)}
    problem = problem_of(state, tmp_path / "m")
    assert "weight_hh has the shape (6, 3), but it should have 6 rows, and 1/4 (LSTM)" in problem


def test_a_projection_without_its_weights_is_explained(tmp_path: Path) -> None:
    problem = problem_of(without(nn.LSTM(5, 3, proj_size=2), "weight_hr_l0"), tmp_path / "m")
    assert "with proj_size may have fewer, but also needs weight_hr" in problem


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "weight_ih has the shape (0, 1) instead of (1, 1), weight_hh has the shape (0, 0) instead of (1, 1)."),
        (10**6, "nn.LSTMCell(1, 1000000, bias=False) needs 29.1 TiB of memory, but this machine has "),
    ],
)
def test_absurd_sizes_are_refused_and_not_tried(size: int, said: str, tmp_path: Path) -> None:
    shapes = {"weight_ih": (4 * size, 1), "weight_hh": (4 * size, size)}
    tensors = {name: torch.zeros(1).expand(shape) if size else torch.zeros(shape) for name, shape in shapes.items()}
    assert said in problem_of(tensors, tmp_path / "m")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.double(), "weight_hh_l0 is float64"),
        (lambda t: t.int(), "weight_hh_l0 is int32"),
        (lambda t: t.to(torch.complex64), "weight_hh_l0 is complex64"),
        (lambda t: t.to_sparse(), "weight_hh_l0 is sparse_coo"),
        (lambda t: t.to("meta"), "weight_hh_l0 is meta"),
        (lambda t: torch.quantize_per_tensor(t, 0.1, 0, torch.qint8), "weight_hh_l0 is qint8"),
        (lambda t: torch.nested.nested_tensor([t[0], t[1, :2]]), "weight_hh_l0 is nested"),
    ],
)
def test_a_tensor_that_cannot_be_computed_with_is_named(
    change: Callable[[Tensor], Tensor], said: str, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls some of these deprecated or a prototype
        state = changed(nn.LSTM(5, 3), "weight_hh_l0", change)
    assert said in problem_of(state, tmp_path / "m")


def test_integers_throughout_are_refused_in_safetensors_too(tmp_path: Path) -> None:
    state = {name: tensor.int() for name, tensor in nn.GRU(5, 3).state_dict().items()}
    (found,) = open_checkpoint(save_safetensors(state, tmp_path / "m")).modules
    assert " is I32." in str(found.problem)


def parametrized(how: str) -> nn.Module:
    module = nn.LSTM(5, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the first two are deprecated
        if how == "weight_norm":
            nn.utils.weight_norm(module, "weight_hh_l0")
        elif how == "spectral_norm":
            nn.utils.spectral_norm(module, "weight_hh_l0")
        else:
            getattr(nn.utils.parametrizations, how.split(".")[1])(module, "weight_hh_l0")
    return module


@pytest.mark.parametrize(
    "how", ["weight_norm", "spectral_norm", "parametrizations.weight_norm", "parametrizations.spectral_norm"]
)
@pytest.mark.parametrize("prefix", ["", "encoder."])
def test_a_parametrized_module_is_told_how_to_be_saved(how: str, prefix: str, tmp_path: Path) -> None:
    module = parametrized(how)
    problem = problem_of({f"{prefix}{name}": tensor for name, tensor in module.state_dict().items()}, tmp_path / "m")
    assert "parametrize.remove_parametrizations" in problem
    assert "weight_hh_l0" in problem
    assert "missing" not in problem
    if how.startswith("parametrizations"):
        nn.utils.parametrize.remove_parametrizations(module, "weight_hh_l0")
        (found,) = open_checkpoint(save_zip(module.state_dict(), tmp_path / "m")).modules
        assert found.spec() == ModuleSpec(5, 3)


def test_other_modules_of_the_file_can_still_be_used(tmp_path: Path) -> None:
    model = nn.ModuleDict({"broken": nn.LSTM(5, 3), "whole": nn.GRU(5, 3)})
    checkpoint = open_checkpoint(save_zip(without(model, "broken.bias_ih_l0"), tmp_path / "m"))
    assert [found.problem is None for found in checkpoint.modules] == [False, True]
    assert_same(checkpoint.find("whole"), model["whole"])
    with pytest.raises(GatescopeError, match=r"::broken: .*bias_ih_l0 is missing"):
        checkpoint.find("broken")


@pytest.mark.parametrize("save", SAVES)
def test_a_file_without_recurrent_modules_says_what_is_looked_for(save: Save, tmp_path: Path, refused: Any) -> None:
    error = refused(save(nn.Sequential(nn.Linear(2, 2), nn.Conv1d(1, 1, 1)).state_dict(), tmp_path / "m"))
    assert error.code == "checkpoint_no_module"
    assert "weight_ih_l0" in str(error)
    assert "0.weight" in str(error)


def test_an_empty_state_dict_has_no_module(tmp_path: Path, refused: Any) -> None:
    assert "tensors are: none" in str(refused(save_zip({}, tmp_path / "m")))


def test_names_in_a_file_cannot_write_on_a_terminal(tmp_path: Path) -> None:
    (found,) = open_checkpoint(save_zip({"a\x1b[2J\n.weight_hh": torch.ones(3, 3)}, tmp_path / "m")).modules
    with pytest.raises(GatescopeError) as caught:
        found.spec("tanh")
    assert_one_line(caught.value)
    assert "a?[2J: its tensors do not make a module: weight_ih is missing." in str(caught.value)


@given(save=st.sampled_from(SAVES), data=st.data())
@settings(max_examples=10 * settings.default.max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_are_read_or_refused(tmp_path: Path, save: Save, data: st.DataObject) -> None:
    path = save(nn.LSTM(5, 3).state_dict(), tmp_path / "m")
    content = bytearray(path.read_bytes())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=6)
    ):
        content[place] = value
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    path.write_bytes(content)
    try:
        for found in open_checkpoint(path).modules:
            use(found)
    except GatescopeError as error:
        assert_one_line(error)


def use(found: FoundModule) -> None:
    try:
        spec, weights = found.spec("tanh" if found.nonlinearity_unknown else None), found.weights()
    except GatescopeError as error:
        assert_one_line(error)
    else:
        assert {name: tuple(tensor.shape) for name, tensor in weights.items()} == spec.parameters()


def test_a_checkpoint_can_be_copied_and_compared(tmp_path: Path) -> None:
    checkpoint = open_checkpoint(save_zip(Tagger().state_dict(), tmp_path / "m"))
    assert isinstance(checkpoint, Checkpoint)
    assert copy.deepcopy(checkpoint) == checkpoint


def test_moments_under_the_names_of_parameters_are_no_modules(tmp_path: Path) -> None:
    state = nn.LSTM(5, 3).state_dict()
    moments = {"exp_avg": {f"lstm.{name}": torch.zeros(1) for name in state}}
    by_name = {"state": {f"lstm.{name}": {"exp_avg": torch.zeros(1), "step": torch.tensor(1)} for name in state}}
    saved = {"model": {f"lstm.{name}": tensor for name, tensor in state.items()}, "moments": moments, "o": by_name}
    assert [found.prefix for found in open_checkpoint(save_zip(saved, tmp_path / "m")).modules] == ["lstm"]
    flat = {f"{start}lstm.{name}": torch.clone(tensor) for name, tensor in state.items() for start in ("", "exp_avg.")}
    assert [found.prefix for found in open_checkpoint(save_safetensors(flat, tmp_path / "m")).modules] == ["lstm"]


def test_tensors_that_share_memory_or_are_views_are_read(tmp_path: Path) -> None:
    module = nn.LSTM(3, 3)
    state = dict(module.state_dict())
    state["weight_hh_l0"] = state["weight_ih_l0"] = torch.randn(3, 12).t()
    weights = open_checkpoint(save_zip(state, tmp_path / "m")).modules[0].weights()
    assert torch.equal(weights["weight_hh_l0"], state["weight_hh_l0"])
    assert all(tensor.is_contiguous() for tensor in weights.values())


def test_tensors_among_a_modules_own_are_named(tmp_path: Path) -> None:
    cell = nn.LSTMCell(5, 3).state_dict()
    further = {"weight_ci": torch.ones(3), "ln.weight": torch.ones(3)}
    files = {
        "alone": (cell, ()),
        "peephole": (cell | {"weight_ci": torch.ones(3), "out.weight": torch.ones(2, 3)}, ("weight_ci",)),
        "named": ({f"a.b.{name}": tensor for name, tensor in (cell | further).items()}, tuple(further)),
        "beside": ({f"a.{name}": tensor for name, tensor in cell.items()} | {"b.weight": torch.ones(3)}, ()),
    }
    for name, (saved, others) in files.items():
        torch.save(saved, tmp_path / name)
        (found,) = open_checkpoint(tmp_path / name).modules
        assert found.others == others, name
        assert found.problem is None


def test_batch_first_is_as_it_is_said(tmp_path: Path) -> None:
    torch.save(nn.GRU(5, 3, batch_first=True).state_dict(), tmp_path / "m.pt")
    (found,) = open_checkpoint(tmp_path / "m.pt").modules
    assert not found.spec().batch_first
    assert found.spec(batch_first=True) == ModuleSpec(5, 3, kind="GRU", batch_first=True)
