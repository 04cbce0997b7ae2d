"""A small picture of every view in one appearance, to be looked at: `make screenshots` takes them anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatescope_app.pictures.screenshots import offscreen, opened, wait_for
from gatescope_app.window.panel_table import CENTRE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gatescope_app.state.runs import Setup
    from gatescope_app.window.main_window import MainWindow

APPEARANCES = {"light": ("light", 1), "dark": ("dark", 1), "200": ("light", 2)}
"""The theme and the scale of each. Qt takes the scale from the environment, so each has a process of its own."""

_ALIKE = 0xFFF8F8F8  # the bits in which colours that look alike are the same
_SETTLED = 600  # milliseconds for what is typeset and read beside the window
_NETWORKS = {
    "bidirectional": "nn.LSTM(4, 6, num_layers=2, bidirectional=True)",
    "projection": "nn.LSTM(4, 6, proj_size=3)",
    "gru": "nn.GRU(4, 5)",
    "rnn": "nn.RNN(4, 5)",
}


def take_all(folder: Path, appearance: str) -> None:
    """Save a picture of each view to `folder`, named after the view and the appearance."""
    from gatescope_app.state.runs import example_setup  # noqa: PLC0415 - Qt, here and below, only after `offscreen`

    theme, _ = APPEARANCES[appearance]

    def save(named: Iterator[tuple[str, QWidget]]) -> None:
        for name, widget in named:
            _save_small(widget, folder / f"{name}-{appearance}.png")

    with opened(example_setup("hello"), theme) as window:
        _prepare(window)
        save(_views(window))
        save(_pages(window))
    for name, line in _NETWORKS.items():
        with opened(_random(line), theme) as window:
            save(_drawings(window, name))


def _save_small(widget: QWidget, path: Path) -> None:
    """Save what a widget shows in at most 256 colours, which take a third of the bytes of all."""
    import numpy as np  # noqa: PLC0415 - with the window
    from PySide6.QtCore import Qt  # noqa: PLC0415 - as above
    from PySide6.QtGui import QImage  # noqa: PLC0415 - as above

    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours, counts = np.unique(np.frombuffer(image.constBits(), np.uint32), return_counts=True)
    often = colours[np.argsort(-counts)]
    _, first = np.unique(often & _ALIKE, return_index=True)  # of those that look alike the most frequent one
    table = often[np.sort(first)[:256]].tolist()
    nearest = Qt.ImageConversionFlag.ThresholdDither
    image.convertToFormat(QImage.Format.Format_Indexed8, table, nearest).save(str(path), quality=0)  # 0 packs best


def _prepare(window: MainWindow) -> None:
    """Go to a step, with something to be seen in every panel."""
    from gatescope.debugging.breakpoints import Breakpoint  # noqa: PLC0415 - with the window
    from gatescope.edits.edits import Hold  # noqa: PLC0415 - as above

    window.debugger.add(Breakpoint("f[2] > 0.99 and token == 'l'"))
    window.debugger.watch("mean(o)")
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    wait_for(lambda: window.session.state.ghost is not None)
    for _ in range(3):
        window.session.step()
    window.session.look_at(unit=2, quantity="f")


def _views(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    yield CENTRE.name, window.gates
    for name in window.docks:
        yield name, _brought_up(window, name)


def _pages(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Turn to the pages that lie behind the first one of a view."""
    views: dict[str, Any] = dict(window.views)  # each is of its own kind
    for index, name in ((1, "memory-over-time"), (2, "memory-text")):
        views["memory"].tabs.setCurrentIndex(index)
        yield name, _brought_up(window, "memory")
    views["weights"].buttons["histograms"].click()
    yield "weights-histograms", _brought_up(window, "weights")
    views["inspector"].tabs.setCurrentIndex(1)
    yield "inspector-weights", _brought_up(window, "inspector")
    window.session.look_at(quantity="c")
    yield "origins-memory", _brought_up(window, "origins")


def _drawings(window: MainWindow, name: str) -> Iterator[tuple[str, QWidget]]:
    """Draw another network's cell, half way through a step, and the network."""
    diagram: Any = window.views["diagram"]
    for _ in range(2 * len(window.session.state.setup.spec.cell.phases) - 2):
        window.session.step_into()
    yield f"diagram-{name}", _brought_up(window, "diagram")
    if name == "bidirectional":
        order = window.session.state.order
        window.session.go(order.at(len(order) - 1))  # where both sides of what output and h_n share are computed
        diagram.pages["network"].click()
        yield "network-bidirectional", _brought_up(window, "diagram")


def _brought_up(window: MainWindow, name: str) -> QWidget:
    """Return a panel's contents once they are complete."""
    from PySide6.QtTest import QTest  # noqa: PLC0415 - as above

    window.panels.show(name)
    QTest.qWait(_SETTLED)
    return window.docks[name].widget()


def _random(line: str) -> Setup:
    """Return an untrained network and seven steps for it."""
    import numpy as np  # noqa: PLC0415 - with the window

    from gatescope.formats.sequences import Sequence  # noqa: PLC0415 - as above
    from gatescope.modules.constructor import parse_constructor  # noqa: PLC0415 - as above
    from gatescope_app.state.runs import Setup  # noqa: PLC0415 - as above

    return Setup(parse_constructor(line), Sequence(np.random.default_rng(0).normal(size=(7, 4))))


def main() -> None:
    """Take the pictures in the folder and appearance given."""
    folder, appearance = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = str(APPEARANCES[appearance][1])
    offscreen()
    take_all(folder, appearance)


if __name__ == "__main__":
    main()
