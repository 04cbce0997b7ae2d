"""The pictures of the README, and those of each view: `make screenshots` takes them anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtTest import QTest

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import Hold
from gatescope_app.pictures.offscreen_stage import save_picture, use_no_screen, wait_until
from gatescope_app.pictures.view_pictures import APPEARANCES
from gatescope_app.window.main_window import MainWindow


def _debug(window: MainWindow) -> None:
    """Stop where a condition holds, go into the cell, and hold a gate open."""
    window.debugger.toggle(1)
    window.debugger.add(Breakpoint("f[2] > 0.99 and token == 'l'"))
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    wait_until(lambda: window.session.state.ghost is not None)
    window.session.look_at(unit=3)
    window.session.run_to(2)
    for _ in range(6):
        window.session.step_into()
    for name in ("where", "origins"):
        window.panels.show(name)


def _teach(window: MainWindow) -> None:
    """Arrange the window for a class, at a gate that closes."""
    window.layouts.choose("teach")
    window.session.look_at(unit=2, quantity="o")
    QTest.qWait(1000)  # the symbols are typeset beside the window


def main() -> None:
    """Make the README's pictures in the folder given, and those of every view in `views` below it."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for appearance in APPEARANCES:
        views = [sys.executable, "-m", "gatescope_app.pictures.view_pictures", str(folder / "views"), appearance]
        subprocess.run(views, check=True)
    use_no_screen()
    save_picture("hello", folder / "teach.png", t=3, prepare=_teach)
    save_picture("hello", folder / "light.png", t=3)
    save_picture("hello", folder / "debugger.png", t=2, prepare=_debug)
    save_picture("brackets", folder / "dark.png", theme="dark", t=6)
    save_picture("latch", folder / "chinese.png", language="zh_CN", t=4)


if __name__ == "__main__":
    main()
