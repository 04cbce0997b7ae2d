"""A picture shows the real window on a complete run, and depends on nobody's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gatescope_app.pictures.offscreen_stage import complete_window, save_picture
from gatescope_app.state.runs import example_setup
from gatescope_app.window.main_window import MainWindow


def test_a_picture_shows_the_window_as_it_was_prepared(qapp: QApplication, tmp_path: Path) -> None:
    mine = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Gatescope", "Gatescope").fileName()
    seen: list[Any] = []

    def prepare(window: MainWindow) -> None:
        state = window.session.state
        seen.append((state.cursor.t, state.drift_known, window.appearance.language, window.appearance.theme.name))
        window.panels.show("origins")

    save_picture("hello", tmp_path / "picture.png", language="zh_CN", t=3, prepare=prepare)
    assert seen == [(3, True, "zh_CN", "light")]
    image = QImage(str(tmp_path / "picture.png"))
    assert (image.width(), image.height()) == (1440, 900)
    assert image.pixelColor(5, 895).lightness() > 180
    assert not Path(mine).exists()


@pytest.mark.usefixtures("qapp")
def test_a_window_with_changes_is_closed_without_a_question(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    with complete_window(example_setup("hello")) as window:
        window.debugger.toggle(1)
        monkeypatch.setattr(window.files, "leave", lambda _leave: asked.append(True))
    assert not asked
