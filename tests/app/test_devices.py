"""The device menu: what is there can be chosen, what is not says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gatescope.messages import GatescopeError, Message
from gatescope_app import main_window, session
from gatescope_app.devices import Devices
from gatescope_app.main_window import MainWindow
from gatescope_app.runs import example_setup

Open = Callable[..., MainWindow]
ABSENT = Devices((), Message("no_cuda", {"device": "cuda", "reason": Message("cuda_not_built", {})}))


def entries(window: MainWindow) -> list[Any]:
    return window.menus.menus["device"].actions()


def test_the_cpu_is_ticked_and_absent_cuda_is_grey_with_its_reason(
    show_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_window, "find_devices", lambda: ABSENT)
    cpu, cuda = entries(show_window(example_setup("hello")))
    assert cpu.text() == "CPU"
    assert cpu.isEnabled()
    assert cpu.isChecked()
    assert cuda.text().startswith("CUDA")
    assert not cuda.isEnabled()
    assert "this PyTorch is built without CUDA" in cuda.text()
    assert "this PyTorch is built without CUDA" in cuda.toolTip()


def test_the_toolbar_names_the_device_and_opens_the_same_menu(window: MainWindow) -> None:
    assert window.toolbar.device.text() == "CPU"
    assert window.toolbar.device.menu() is window.menus.menus["device"]


def test_each_cuda_device_found_is_listed(show_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "find_devices", lambda: Devices(("cuda:0", "cuda:1")))
    window = show_window(example_setup("hello"))
    assert [entry.text() for entry in entries(window)] == ["CPU", "CUDA:0", "CUDA:1"]
    assert all(entry.isEnabled() for entry in entries(window))


def test_a_device_that_fails_says_so_and_the_cpu_goes_on(
    show_window: Open, monkeypatch: pytest.MonkeyPatch, hands: Any, qtbot: Any
) -> None:
    monkeypatch.setattr(main_window, "find_devices", lambda: Devices(("cuda:0",)))
    window = show_window(example_setup("hello"))
    before = window.session.state

    def refuse(*_args: object) -> None:
        raise GatescopeError("no_cuda", device="cuda:0", reason=Message("cuda_not_found", {}))

    monkeypatch.setattr(session, "run", refuse)
    entries(window)[1].trigger()
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert window.banner.isVisible()
    assert "There is no CUDA device cuda:0" in window.banner.label.text()
    assert window.session.state is before
    assert window.toolbar.device.text() == "CPU"
    assert [entry.isChecked() for entry in entries(window)] == [True, False]
    hands.press("F10")
    assert window.session.state.cursor.t == 1
