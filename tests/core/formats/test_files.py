"""An export is written whole or not at all: an older file survives every refusal and leaves nothing beside it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gatescope as gs
from gatescope.formats.files import whole_files
from gatescope.messages.message import GatescopeError
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an older export in it."""
    (tmp_path / "trace.csv").write_text("older")
    (tmp_path / "trace.csv.json").write_text("{}")
    return tmp_path


def assert_nothing_changed(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["trace.csv", "trace.csv.json"]
    assert (folder / "trace.csv").read_text() == "older"
    assert (folder / "trace.csv.json").read_text() == "{}"


def refused(call: Callable[[], object]) -> gs.GatescopeError:
    with pytest.raises(gs.GatescopeError) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def test_an_older_file_is_replaced(make_trace: MakeTrace, folder: Path) -> None:
    make_trace(2, 2).to_csv(folder / "trace.csv")
    assert (folder / "trace.csv").read_text().startswith("t,batch,")
    assert (folder / "trace.csv.json").read_text().startswith("{\n")
    assert len(list(folder.iterdir())) == 2


def test_progress_reaches_one_and_never_falls(
    make_trace: MakeTrace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatescope.formats.table_columns._PART", 1)
    seen: list[float] = []
    make_trace(2, 2, steps=9).to_csv(tmp_path / "trace.csv", progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) == 9
    assert seen[-1] == 1


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_a_cancel_leaves_everything_as_it_was(
    make_trace: MakeTrace, folder: Path, monkeypatch: pytest.MonkeyPatch, layout: Any
) -> None:
    monkeypatch.setattr("gatescope.formats.table_columns._PART", 1)

    def cancel(fraction: float) -> None:
        if fraction > 0.5:
            raise gs.Cancelled

    with pytest.raises(gs.Cancelled):
        make_trace(2, 2).to_csv(folder / "trace.csv", layout, progress=cancel)
    assert_nothing_changed(folder)


def test_an_unknown_layout_is_refused(make_trace: MakeTrace, folder: Path) -> None:
    error = refused(lambda: make_trace(2, 2).to_csv(folder / "trace.csv", "tall"))  # type: ignore[arg-type]
    assert error.code == "layout_unknown"
    assert "long or wide" in str(error)
    assert_nothing_changed(folder)


def test_a_folder_that_is_not_there(make_trace: MakeTrace, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "trace.csv"
    error = refused(lambda: make_trace(2, 2).to_csv(path))
    assert error.code == "file_unwritable"
    assert str(error) == f"{path} cannot be written: No such file or directory. Nothing was changed there."


def test_a_folder_under_the_name_of_the_file(make_trace: MakeTrace, tmp_path: Path) -> None:
    (tmp_path / "trace.csv").mkdir()
    assert refused(lambda: make_trace(2, 2).to_csv(tmp_path / "trace.csv")).code == "file_is_folder"
    assert [path.name for path in tmp_path.iterdir()] == ["trace.csv"]


def test_a_folder_under_the_name_of_the_json_file(make_trace: MakeTrace, tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("older")
    (tmp_path / "trace.csv.json").mkdir()
    error = refused(lambda: make_trace(2, 2).to_csv(tmp_path / "trace.csv"))
    assert error.code == "file_is_folder"
    assert "trace.csv.json" in str(error)
    assert (tmp_path / "trace.csv").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_may_not_be_written_to(
    make_trace: MakeTrace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: Any) -> Any:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # as root, no mode bits would refuse

    monkeypatch.setattr("gatescope.formats.files.tempfile.mkstemp", refuse)
    error = refused(lambda: make_trace(2, 2).to_csv(folder / "trace.csv"))
    assert error.code == "file_unwritable"
    assert "Permission denied" in str(error)
    assert_nothing_changed(folder)


@pytest.mark.parametrize("name", ["fsync", "replace", "chmod"])
def test_a_disk_that_refuses_at_the_end(
    make_trace: MakeTrace, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"gatescope.formats.files.os.{name}", full)
    error = refused(lambda: make_trace(2, 2).to_csv(folder / "trace.csv"))
    assert error.code == "file_unwritable"
    assert "No space left on device" in str(error)
    assert_nothing_changed(folder)


def test_a_disk_that_is_full_while_writing(
    make_trace: MakeTrace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("polars.DataFrame.write_csv", full)
    error = refused(lambda: make_trace(2, 2).to_csv(folder / "trace.csv"))
    assert (
        str(error) == f"{folder / 'trace.csv'} cannot be written: No space left on device. Nothing was changed there."
    )
    assert_nothing_changed(folder)


LIMITED = """
import resource, sys
from pathlib import Path
import gatescope as gs, torch
trace = gs.trace(gs.build(gs.ModuleSpec(2, 64), 0), torch.ones(200, 2))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
for layout in ("long", "wide"):
    try:
        trace.to_csv(Path(sys.argv[1]) / "trace.csv", layout)
    except gs.GatescopeError as error:
        print(error.code, str(error.message.params["path"]).endswith("trace.csv"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of a file")
def test_a_write_that_the_system_cuts_off(folder: Path) -> None:
    """A real refusal in the middle of the file, as of a full disk, through the writer's own error handling."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stdout.split() == ["file_unwritable", "True"] * 2
    assert_nothing_changed(folder)


def test_an_error_within_the_block_passes_and_leaves_nothing(folder: Path) -> None:
    def fail() -> None:
        with whole_files(folder / "trace.csv") as (file,):
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert_nothing_changed(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode bits")
def test_the_mode_is_the_usual_one_and_an_older_files_is_kept(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with whole_files(tmp_path / "new") as (file,):
            file.write(b"")
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    (tmp_path / "new").chmod(0o600)
    with whole_files(tmp_path / "new") as (file,):
        file.write(b"newer")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").read_bytes() == b"newer"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes of this kind")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_files(pipe) as (file,):
            file.write(b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_goes_on_pointing_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole_files(tmp_path / "link") as (file,):
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    with whole_files(tmp_path / ("n" * 255)) as (file,):
        file.write(b"")
    assert [len(path.name) for path in tmp_path.iterdir()] == [255]


def test_where_one_of_two_files_cannot_be_written_neither_is(folder: Path) -> None:
    def write() -> None:
        with whole_files(folder / "trace.csv", folder / "missing" / "trace.json") as (file, beside):
            file.write(b"half")
            beside.write(b"half")

    with pytest.raises(GatescopeError, match="missing"):
        write()
    assert_nothing_changed(folder)
