"""`gatescope demo`: the main job where there is no screen."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from gatescope.formats.csv_export import write_csv
from gatescope.messages.message import GatescopeError
from gatescope_app.cli.console import DIFFERS, MATCHES, describe_missing_gui, show
from gatescope_app.cli.console_language import translate
from gatescope_app.cli.trace_command import sensitivity, table, verdict
from gatescope_app.state.interrupts import on_interrupt
from gatescope_app.state.runs import example_setup, run


def demo(folder: Path) -> int:
    """Step `hello`, print its table and verdict, write `hello.csv` and a picture of the window to `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatescopeError("file_unwritable", path=folder, reason=error.strerror) from None
    result = run(example_setup("hello"))
    write_csv(result.report, folder / "hello.csv")
    title = translate("console", "hello -> ohlol, {network}: the largest h says the next letter")
    show([title.format(network=result.trace.spec.constructor()), *table(result)])
    show([*verdict(result), *sensitivity(result)])
    show([translate("console", "wrote {path}").format(path=folder / "hello.csv")])
    if importlib.util.find_spec("PySide6") is None:
        show([translate("console", "no picture: {reason}").format(reason=describe_missing_gui())])
    else:
        _save_picture(folder / "hello.png")
        text = translate("console", "wrote {path} (the window, drawn offscreen)")
        show([text.format(path=folder / "hello.png")])
    return MATCHES if result.report.matches else DIFFERS


def _save_picture(path: Path) -> None:
    """Draw the window; an interrupt waits until that is done, as Qt would not let it through."""
    from gatescope_app.pictures.offscreen_stage import save_picture, use_no_screen  # noqa: PLC0415 - imports Qt

    interrupts: list[bool] = []
    use_no_screen()
    with on_interrupt(lambda: interrupts.append(True)):
        save_picture("hello", path)
    if interrupts:
        raise KeyboardInterrupt
