"""Files that people have are read without running anything in them; what is no such file is refused in one line."""

from __future__ import annotations

import io
import os
import pickle
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from gatescope.formats.checkpoints import open_checkpoint


def test_a_dict_inside_itself_ends(tmp_path: Path) -> None:
    saved: dict[str, Any] = {"model": nn.LSTM(5, 3).state_dict()}
    saved["again"] = {"back": saved}
    torch.save(saved, tmp_path / "m.pt")
    assert [found.prefix for found in open_checkpoint(tmp_path / "m.pt").modules] == [""]


class Shadowing:
    """Is unpickled as a state dict with attributes in the place of its methods."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    def __reduce__(self) -> tuple[Any, ...]:
        return OrderedDict, (), {"items": 5, "keys": 5, "values": 5}, None, iter(self.state.items())


def test_a_name_in_a_file_shadows_no_method_of_a_dict(tmp_path: Path) -> None:
    lstm = nn.LSTM(5, 3)
    for number, saved in enumerate([Shadowing(lstm.state_dict()), {"model": Shadowing(lstm.state_dict())}]):
        path = tmp_path / f"{number}.pt"
        torch.save(saved, path)
        (found,) = open_checkpoint(path).modules
        assert torch.equal(found.weights()["weight_hh_l0"], lstm.weight_hh_l0)


def test_a_name_in_a_file_shadows_no_method_of_a_tensor(tmp_path: Path) -> None:
    lstm = nn.LSTM(5, 3)
    for parameter in lstm.parameters():
        parameter.detach = parameter.clone = 5  # type: ignore[assignment, method-assign]
    path = tmp_path / "m.pt"
    torch.save(dict(lstm.named_parameters()), path)
    (found,) = open_checkpoint(path).modules
    assert torch.equal(found.weights()["weight_hh_l0"], nn.Parameter.detach(lstm.weight_hh_l0))


def test_opening_reads_no_tensors_of_a_large_safetensors_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.safetensors"
    safetensors.torch.save_file(nn.ModuleDict({"encoder": nn.LSTM(5, 3)}).state_dict(), path)
    read: list[str] = []
    original = safetensors.safe_open

    class Spy:
        def __init__(self, *args: Any, **options: Any) -> None:
            self.file = original(*args, **options)

        def __getattr__(self, name: str) -> Any:
            read.append(name)
            return getattr(self.file, name)

        def get_tensor(self, name: str) -> Any:
            read.append(f"tensor {name}")
            return self.file.get_tensor(name)

    monkeypatch.setattr("gatescope.formats.saved_tensors.safe_open", Spy)
    (found,) = open_checkpoint(path).modules
    assert read
    assert not [name for name in read if name.startswith("tensor")]
    found.weights()
    names = [name for name in read if name.startswith("tensor")]
    assert names == [f"tensor encoder.{name}" for name in found.shapes]


@pytest.mark.parametrize("save", ["zip", "legacy", "pickle 2", "pickle 4"])
def test_nothing_in_a_pickle_is_run(save: str, tmp_path: Path, trap: Any, refused: Any) -> None:
    path = tmp_path / "m.pt"
    if save.startswith("pickle"):
        path.write_bytes(pickle.dumps({"trap": trap}, int(save[-1])))
    else:
        saved = {**nn.LSTM(5, 3).state_dict(), "trap": trap}
        torch.save(saved, path, _use_new_zipfile_serialization=save == "zip")
    error = refused(path)
    assert not trap.path.exists()
    if save != "pickle 4":  # refused before it gets to the name
        assert error.code == "checkpoint_needs_code"
        assert f"{os.name}.mkdir" in str(error)
    if save.startswith("pickle"):
        pickle.loads(path.read_bytes())
    else:
        torch.load(path, weights_only=False)
    assert trap.path.exists()  # the trap works


@pytest.mark.parametrize("new", [True, False])
def test_a_whole_pickled_module_is_refused_by_its_class_with_the_way_out(
    new: bool, tmp_path: Path, refused: Any
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the old format looks for the source of the classes
        torch.save(nn.LSTM(5, 3), tmp_path / "m.pt", _use_new_zipfile_serialization=new)
    error = refused(tmp_path / "m.pt")
    assert error.code == "checkpoint_needs_code"
    assert "torch.nn.modules.rnn.LSTM" in str(error)
    assert "model.state_dict()" in str(error)


def script_archive() -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated, but there are files
        torch.jit.save(torch.jit.script(nn.Linear(2, 2)), buffer)
    return buffer.getvalue()


def bytes_of(saved: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(saved, buffer, **options)
    return buffer.getvalue()


def compressed(archive: bytes) -> bytes:
    """Write an archive of torch.save again, compressed, as a zip bomb is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return buffer.getvalue()


def npy(save: Callable[..., None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer, np.ones((2, 3)))
    return buffer.getvalue()


STATE = bytes_of(nn.LSTM(5, 3).state_dict())


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "it is empty"),
    "text": (lambda: b"epoch,loss\n1,0.5\n" * 20, "neither a safetensors file nor one that torch.save wrote"),
    "one byte": (lambda: b"\x80", "cut, damaged"),
    "random": (lambda: np.random.default_rng(0).bytes(500), "neither a safetensors file"),
    "npy": (lambda: npy(np.save), "a NumPy file"),
    "npz": (lambda: npy(np.savez), "a zip archive that torch.save did not write"),
    "lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
    "script": (script_archive, "torch.jit.load"),
    "bomb": (lambda: compressed(STATE), "a zip archive that torch.save did not write"),
    "cut": (lambda: STATE[: len(STATE) // 2], "cut, damaged"),
    "protocol": (lambda: bytes_of(nn.LSTM(5, 3).state_dict(), pickle_protocol=4), "Unsupported operand"),
    "tensor": (lambda: bytes_of(torch.ones(3)), "of type Tensor, and not a state dict"),
    "list": (lambda: bytes_of([1, 2]), "of type list, and not a state dict"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_kind_is_refused_in_one_line(name: str, tmp_path: Path, refused: Any) -> None:
    content, said = FILES[name]
    path = tmp_path / "m.pt"
    path.write_bytes(content())
    error = refused(path)
    assert error.code == "checkpoint_unread"
    assert said in str(error)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "checkpoint_unread", "it is empty"),
        (b"text" * 20, "checkpoint_unread", "cut, damaged or of another format (SafetensorError: "),
        (STATE, "checkpoint_unread", "cut, damaged or of another format (SafetensorError: "),
        (b"\x00" * 30, "checkpoint_unread", "cut, damaged or of another format (SafetensorError: "),
        (b"\x02" + b"\x00" * 7 + b"{}", "checkpoint_no_module", "its tensors are: none."),
    ],
    ids=["empty", "text", "zip", "zeros", "no tensors"],
)
def test_what_is_named_safetensors_and_is_not_is_refused(
    content: bytes, code: str, said: str, tmp_path: Path, refused: Any
) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    error = refused(path)
    assert error.code == code
    assert said in str(error)


def test_missing_files_and_folders_are_told_apart(tmp_path: Path, refused: Any) -> None:
    assert refused(tmp_path / "none.pt").code == "file_missing"
    assert refused(tmp_path).code == "file_is_folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is readable to root")
def test_an_unreadable_file_is_said_to_be_one(tmp_path: Path, refused: Any) -> None:
    path = tmp_path / "m.pt"
    torch.save(nn.LSTM(5, 3).state_dict(), path)
    path.chmod(0)
    assert refused(path).code == "file_unreadable"


def test_a_device_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Any) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError(5, "Input/output error")

    path = tmp_path / "m.pt"
    torch.save(nn.LSTM(5, 3).state_dict(), path)
    monkeypatch.setattr(torch, "load", fail)
    assert "Input/output error" in str(refused(path))
