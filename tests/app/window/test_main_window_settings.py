"""The window starts whatever the settings hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QPoint, QSettings, QSize

from gatescope_app.look.appearance import LARGEST, Appearance
from gatescope_app.state.runs import example_setup
from gatescope_app.state.settings import settings
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_layouts import LAYOUTS

Open = Callable[..., MainWindow]

STRANGE: tuple[Any, ...] = (
    "", "\0", "nan", "1e999", "-1", "9" * 5000, "true", "{}", "[" * 5000, "\ud7ff…", 3, -(2**40), 1e300, True,
    b"\xff\xfe", QByteArray(b"\x01\xd9\xd0\xcb\0\x03\0\0" + b"\xff" * 60), ["a", "b"], [], {"a": 1},
    QPoint(1, 2), QSize(),
)  # fmt: skip


@pytest.fixture
def keys(show_window: Open, hands: Any) -> list[str]:
    """Return every key that the window writes."""
    window = show_window(example_setup("hello"))
    hands.press("Ctrl++", "Ctrl+-", "F6", "F8", "F7", "Ctrl+Q")
    window.close()
    return [*settings().allKeys(), "reduce_motion", "recent_files", "start_page_shown", "folder_session"]


def test_a_wrong_value_of_any_key_is_left_alone(show_window: Open, hands: Any, keys: list[str]) -> None:
    assert {"geometry", "layout_name", "arrangement_debug", "type_size", "theme", "language"} <= set(keys)
    rng = random.Random(0)
    for _ in range(4):
        for key in keys:
            settings().setValue(key, rng.choice(STRANGE))
        appearance = Appearance()
        appearance.apply()
        window = show_window(example_setup("hello"), wait=False)
        assert window.layouts.name in LAYOUTS
        assert window.layouts.describe().panels() == set(window.docks)
        assert appearance.theme.name in ("light", "dark")
        hands.press("F6", "F7", "F8", "Ctrl++")
        hands.wait_for_run(window)
        window.close()
        appearance.deleteLater()


def test_a_geometry_of_wrong_bytes_leaves_a_window_that_can_be_seen(show_window: Open, hands: Any) -> None:
    first = show_window(example_setup("hello"))
    good = bytes(first.saveGeometry().data())
    first.close()
    rng = random.Random(0)
    for _ in range(6):
        damaged = bytearray(good)
        for _ in range(3):
            damaged[rng.randrange(8, len(damaged))] = rng.randrange(256)
        settings().setValue("geometry", QByteArray(bytes(damaged)))
        window = MainWindow(example_setup("hello"), first.appearance)
        assert 0 < window.width() <= 100_000
        assert 0 < window.height() <= 100_000
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("size", ["9" * 4000, "-5", "0", "1e3", "٣", "large"])
def test_a_wrong_size_of_type_is_one_that_can_be_read(own_surroundings: Path, size: str) -> None:
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    settings().setValue("type_size", size)
    appearance = Appearance()
    appearance.apply()
    appearance.change_size(1)
    assert 8 <= appearance._size <= LARGEST
    appearance.deleteLater()
