"""Copying blocks of the Weights panel as lines of PyTorch."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from PySide6.QtWidgets import QApplication

from gatescope_app.panels.weights.maps import SUM, MapPlace
from gatescope_app.window.main_window import MainWindow

IN_FRONT = "weights"


def view_of(window: MainWindow) -> Any:
    return window.views["weights"]


def click(window: MainWindow, hands: Any, place: MapPlace) -> None:
    canvas = view_of(window).canvas
    hands.click(canvas.viewport(), canvas.rect_of(place).center().toPoint())


def weight(window: MainWindow, name: str) -> Any:
    return window.session.state.run.trace.weights[name]  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "name"), [("w_ih", "W_if"), ("w_hh", "W_hf"), ("b_ih", "b_if"), ("b_hh", "b_hf")])
def test_the_block_at_the_cursor_is_copied_as_torch_code(window: MainWindow, hands: Any, kind: str, name: str) -> None:
    click(window, hands, MapPlace(kind, 5, 0))
    hands.click(view_of(window).buttons["copy"])
    code = QApplication.clipboard().text()
    found: dict[str, Any] = {"torch": torch, "lstm": _module(window)}
    exec(code, found)
    block = weight(window, view_of(window).canvas.maps.get(kind).name)[4:8]
    assert torch.equal(found[name], block)
    assert torch.equal(found[f"{name}_values"], block)
    assert view_of(window).reading.text().startswith(f"Copied: {name} = lstm.")


def test_ctrl_c_copies_the_sum_as_a_sum(window: MainWindow, hands: Any) -> None:
    click(window, hands, MapPlace(SUM, 9, 0))
    hands.press("Ctrl+C")
    assert "b_g = lstm.bias_ih_l0[8:12] + lstm.bias_hh_l0[8:12]" in QApplication.clipboard().text()


class _Module:
    """Stands for the person's own module."""


def _module(window: MainWindow) -> _Module:
    module = _Module()
    vars(module).update(window.session.state.run.trace.weights)  # type: ignore[union-attr]
    return module
