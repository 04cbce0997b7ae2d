"""A small picture of every view in one appearance, to be looked at: `make screenshots` takes them anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import Hold
from gatescope.formats.sequences import Sequence
from gatescope.modules.constructor import parse_constructor
from gatescope_app.pictures.offscreen_stage import complete_window, use_no_screen, wait_until
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_table import CENTRE

APPEARANCES = {"light": ("light", 1), "dark": ("dark", 1), "200": ("light", 2)}
"""The theme and the scale of each. Qt takes the scale from the environment, so each has a process of its own."""

_ALIKE = 0xFFF8F8F8  # the bits in which colours that look alike are the same
_SETTLED = 600  # milliseconds for what is typeset and read beside the window
NETWORKS = {
    "diagram-bidirectional": "nn.LSTM(4, 6, num_layers=2, bidirectional=True)",
    "diagram-projection": "nn.LSTM(4, 6, proj_size=3)",
    "diagram-gru": "nn.GRU(4, 5)",
    "diagram-rnn": "nn.RNN(4, 5)",
}
"""The pictures of other networks' cells."""

PAGES: dict[str, tuple[str, Callable[[Any], object]]] = {
    "memory-over-time": ("memory", lambda view: view.tabs.setCurrentIndex(1)),
    "memory-text": ("memory", lambda view: view.tabs.setCurrentIndex(2)),
    "weights-histograms": ("weights", lambda view: view.buttons["histograms"].click()),
    "inspector-weights": ("inspector", lambda view: view.tabs.setCurrentIndex(1)),
    "origins-memory": ("origins", lambda view: view.session.look_at(quantity="c")),
}
"""The pictures of what lies behind the first page of a panel: which panel, and how to turn to it."""

NETWORK = "network-bidirectional"
"""The picture of an unrolled network."""


def take_all(folder: Path, appearance: str) -> None:
    """Save a picture of each view to `folder`, named after the view and the appearance."""
    theme, _ = APPEARANCES[appearance]

    def save(pictures: Iterator[tuple[str, QWidget]]) -> None:
        for name, widget in pictures:
            _save_small(widget, folder / f"{name}-{appearance}.png")

    with complete_window(example_setup("hello"), theme) as window:
        _prepare(window)
        save(_views(window))
        save(_pages(window))
    for name, line in NETWORKS.items():
        with complete_window(_random(line), theme) as window:
            save(_drawings(window, name))


def _save_small(widget: QWidget, path: Path) -> None:
    """Save what a widget shows in at most 256 colours, which take a third of the bytes of all."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours, counts = np.unique(np.frombuffer(image.constBits(), np.uint32), return_counts=True)
    often = colours[np.argsort(-counts)]
    _, first = np.unique(often & _ALIKE, return_index=True)  # of those that look alike the most frequent one
    table = often[np.sort(first)[:256]].tolist()
    nearest = Qt.ImageConversionFlag.ThresholdDither
    image.convertToFormat(QImage.Format.Format_Indexed8, table, nearest).save(str(path), quality=0)  # 0 packs best


def _prepare(window: MainWindow) -> None:
    """Go to a step, with something to be seen in every panel."""
    window.debugger.add(Breakpoint("f[2] > 0.99 and token == 'l'"))
    window.debugger.watch("mean(o)")
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    wait_until(lambda: window.session.state.ghost is not None)
    for _ in range(3):
        window.session.step()
    window.session.look_at(unit=2, quantity="f")


def _views(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    yield CENTRE.name, window.gates
    for name in window.docks:
        yield name, _bring_up(window, name)


def _pages(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    for name, (panel, turn_to) in PAGES.items():
        turn_to(window.views[panel])
        yield name, _bring_up(window, panel)


def _drawings(window: MainWindow, name: str) -> Iterator[tuple[str, QWidget]]:
    """Draw another network's cell, half way through a step, and the network."""
    spec = window.session.state.setup.spec
    for _ in range(2 * len(spec.cell.phases) - 2):
        window.session.step_into()
    yield name, _bring_up(window, "diagram")
    if spec.bidirectional:
        order = window.session.state.order
        window.session.go(order.at(len(order) - 1))  # where both sides of what output and h_n share are computed
        diagram: Any = window.views["diagram"]
        diagram.pages["network"].click()
        yield NETWORK, _bring_up(window, "diagram")


def _bring_up(window: MainWindow, name: str) -> QWidget:
    """Return a panel's contents once they are complete."""
    window.panels.show(name)
    QTest.qWait(_SETTLED)
    return window.docks[name].widget()


def _random(line: str) -> Setup:
    """Return an untrained network and seven steps for it."""
    return Setup(parse_constructor(line), Sequence(np.random.default_rng(0).normal(size=(7, 4))))


def main() -> None:
    """Take the pictures in the folder and appearance given."""
    folder, appearance = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    use_no_screen(scale=APPEARANCES[appearance][1])
    take_all(folder, appearance)


if __name__ == "__main__":
    main()
