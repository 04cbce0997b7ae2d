"""Export: the file on the disk is the trace, or nothing was changed there."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from gatescope.edits.edits import Hold, InputEdit, WeightEdit
from gatescope.formats import csv_export
from gatescope_app.window.main_window import MainWindow


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lets the system's dialog answer with a path and a kind of file."""

    def answer(path: Path | str, kind: int = 0) -> None:
        def get(_parent: object, _title: str, _name: str, kinds: str) -> tuple[str, str]:
            return str(path), kinds.split(";;")[kind]

        monkeypatch.setattr(QFileDialog, "getSaveFileName", get)

    return answer


def export(window: MainWindow, hands: Any, qtbot: Any) -> None:
    hands.press("Ctrl+Shift+E")
    qtbot.waitUntil(lambda: not window.exporter.worker.busy)


def test_exporting_writes_every_number_of_the_trace(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any
) -> None:
    path = tmp_path / "trace.csv"
    save_as(path)
    export(window, hands, qtbot)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 * 4
    cell = window.session.state.run.trace.cell()  # type: ignore[union-attr]
    for row in rows:
        t, unit = int(row["t"]), int(row["unit"])
        assert row["token"] == "hello"[t]
        for name in ("f", "i", "c_tilde", "c", "o", "h"):
            assert np.float32(row[name]) == cell.quantity(name)[t, 0, unit].item()
    assert (tmp_path / "trace.csv.json").exists()
    assert f"Wrote {path}" in window.statusBar().currentMessage()


def test_the_second_kind_of_file_has_a_row_for_each_step(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any
) -> None:
    save_as(tmp_path / "wide.csv", kind=1)
    export(window, hands, qtbot)
    lines = (tmp_path / "wide.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    assert "l0.forward.f.0" in lines[0]


def test_cancelling_the_dialog_writes_nothing(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any
) -> None:
    before = sorted(tmp_path.iterdir())
    save_as("")
    export(window, hands, qtbot)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("place", ["missing/trace.csv", "folder"])
def test_a_place_that_cannot_be_written_is_refused_in_the_banner(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any, place: str
) -> None:
    (tmp_path / "folder").mkdir()
    save_as(tmp_path / place)
    export(window, hands, qtbot)
    assert window.banner.isVisible()
    assert str(tmp_path / place) in window.banner.label.text()
    assert list((tmp_path / "folder").iterdir()) == []
    hands.press("F10")
    assert window.session.state.cursor.t == 1


def test_a_disk_that_fills_up_leaves_the_older_file_intact(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("old")

    def full(*_args: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_export, "frames", full)
    save_as(path)
    export(window, hands, qtbot)
    assert "cannot be written: No space left on device" in window.banner.label.text()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["trace.csv"]


def test_the_cancel_button_stops_a_long_export_and_leaves_nothing(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    path = tmp_path / "trace.csv"
    path.write_text("old")
    cancelled = threading.Event()
    frames, parts_of = csv_export.frames, csv_export.parts_of
    monkeypatch.setattr(csv_export, "parts_of", lambda trace: parts_of(trace) * 2)

    def slow(*args: Any) -> Any:
        for frame in [*frames(*args)] * 2:
            yield frame  # the progress that follows the first part is told; the second waits for the button
            cancelled.wait(30)

    monkeypatch.setattr(csv_export, "frames", slow)
    save_as(path)
    hands.press("Ctrl+Shift+E")
    bar = window.status.job_bars["export"]
    qtbot.waitUntil(bar.isVisible)
    assert bar.label.text() == "Exporting…"
    qtbot.waitUntil(lambda: bar.bar.value() == 500)
    hands.press("F10")  # nothing blocks
    assert window.session.state.cursor.t == 1
    hands.click(bar.cancel)
    cancelled.set()
    assert not bar.isVisible()
    window.exporter.worker.wait()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["trace.csv"]
    assert "Wrote" not in window.statusBar().currentMessage()


def test_what_was_edited_stands_beside_the_export(
    window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path, save_as: Any
) -> None:
    for edit in (WeightEdit("weight_ih_l0", (1, 2), 0.5), InputEdit(2, 0, -1.0), Hold("f", 1.0, units=(3,))):
        window.editor.do(edit)
    qtbot.waitUntil(lambda: len(window.session.state.setup.edits) == 3)
    save_as(tmp_path / "trace.csv")
    export(window, hands, qtbot)
    edits = json.loads((tmp_path / "trace.csv.json").read_text(encoding="utf-8"))["edits"]
    assert [edit["kind"] for edit in edits] == ["WeightEdit", "InputEdit", "Hold"]
    assert (edits[0]["index"], edits[1]["value"], edits[2]["units"]) == ([1, 2], -1.0, [3])
