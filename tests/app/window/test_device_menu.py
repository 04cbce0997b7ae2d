"""The device menu: what is there can be chosen, what is not says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.state import revisions
from gatescope_app.state.devices import Devices
from gatescope_app.state.runs import Run, Setup, example_setup, run
from gatescope_app.window import main_window
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
ABSENT = Devices((), Message("no_cuda", {"device": "cuda", "reason": Message("cuda_not_built", {})}))


def entries(window: MainWindow) -> list[Any]:
    """Return the devices; below them, behind a line, is the arithmetic."""
    actions = window.menus.menus["device"].actions()
    assert actions[-2].isSeparator()
    assert actions[-1].menu() is window.menus.device.arithmetic
    return actions[:-2]


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

    monkeypatch.setattr(revisions, "run", refuse)
    entries(window)[1].trigger()
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert window.banner.isVisible()
    assert "There is no CUDA device cuda:0" in window.banner.label.text()
    hands.expect_unchanged(window, before)
    assert window.toolbar.device.text() == "CPU"
    assert [entry.isChecked() for entry in entries(window)] == [True, False]
    hands.press("F10")
    assert window.session.state.cursor.t == 1


def arithmetics(window: MainWindow) -> tuple[Any, Any]:
    ieee, tf32 = window.menus.device.arithmetic.actions()
    return ieee, tf32


def test_the_arithmetic_is_chosen_on_cuda_only_and_says_so(window: MainWindow) -> None:
    ieee, tf32 = arithmetics(window)
    assert ieee.isChecked()
    assert ieee.text() == "&IEEE float32"
    assert not tf32.isEnabled()
    assert "only on CUDA" in tf32.text()
    assert "only on CUDA" in tf32.toolTip()


def test_an_arithmetic_chosen_reaches_the_run_and_is_ticked(
    show_window: Open, monkeypatch: pytest.MonkeyPatch, hands: Any, qtbot: Any
) -> None:
    from gatescope.cells.arithmetic import TF32

    monkeypatch.setattr(main_window, "find_devices", lambda: Devices(("cuda:0",)))
    asked: list[Any] = []

    def as_if_on_cuda(setup: Setup, _progress: object = None) -> Run:
        asked.append((setup.spec.device, setup.arithmetic))
        result = run(replace(setup, spec=replace(setup.spec, device="cpu"), arithmetic=None))
        tf32 = setup.arithmetic == "tf32"
        trace = replace(result.trace, arithmetic=TF32 if tf32 else result.trace.arithmetic)
        return replace(result, setup=setup, trace=trace)

    monkeypatch.setattr(revisions, "run", as_if_on_cuda)
    window = show_window(example_setup("hello"))
    hands.click_menu(window.menus.menus["device"], entries(window)[1])
    hands.wait_for_run(window)
    assert all(action.isEnabled() for action in arithmetics(window))
    hands.press("Ctrl+Alt+T")
    hands.wait_for_run(window)
    assert asked == [("cpu", None), ("cuda:0", None), ("cuda:0", "tf32")]
    assert arithmetics(window)[1].isChecked()
    assert window.toolbar.device.text() == "CUDA:0 · TF32"
    hands.click_menu(window.menus.menus["device"], entries(window)[0])
    hands.wait_for_run(window)
    assert asked[-1] == ("cpu", None)  # the CPU has no TF32
    assert arithmetics(window)[0].isChecked()
    assert window.toolbar.device.text() == "CPU"


def test_the_arithmetic_of_float64_is_not_chosen(show_window: Open, make_setup: Callable[..., Setup]) -> None:
    window = show_window(make_setup("nn.LSTM(3, 2, dtype=torch.float64)"))
    window.menus.device.set_arithmetic("cuda", "float64", "ieee")
    assert "only for float32" in arithmetics(window)[1].text()
