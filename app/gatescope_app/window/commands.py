"""What each action of the window does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gatescope_app.window.about import show_about

if TYPE_CHECKING:
    from gatescope_app.window.main_window import MainWindow

Command = Callable[[], object]


def commands_of(window: MainWindow) -> dict[str, Command]:
    """Return the command of each action by its name; `play` follows its own tick."""
    return {**_files(window), **_moves(window), **_edits(window), **_looks(window)}


def _files(window: MainWindow) -> dict[str, Command]:
    requests = window.requests
    return {
        "new_network": requests.network, "sequence": requests.sequence, "open": requests.file,
        "save_trace": requests.save_trace, "export": requests.export, "quit": window.close,
        "keys": window.show_keys, "about": lambda: show_about(window), "close_message": window.banner.hide,
    }  # fmt: skip


def _moves(window: MainWindow) -> dict[str, Command]:
    session, debugger, toolbar = window.session, window.debugger, window.toolbar
    return {
        "first": session.first, "last": session.last, "step": session.step, "step_back": session.step_back,
        "step_into": _by_hand(window, session.step_into), "step_out": _by_hand(window, session.step_out),
        "step_back_into": _by_hand(window, session.step_back_into),
        "continue": lambda: debugger.once_found(lambda: _continue(window)),
        "reverse_continue": debugger.reverse_continue, "go_to": window.requests.step,
        "faster": lambda: toolbar.change_speed(1), "slower": lambda: toolbar.change_speed(-1),
        "toggle_breakpoint": debugger.toggle, "remove_breakpoints": debugger.remove_all,
        "new_breakpoint": lambda: window.panels.show("breakpoints"), "new_watch": lambda: window.panels.show("watches"),
    }  # fmt: skip


def _by_hand(window: MainWindow, move: Command) -> Command:
    """Return a move that ends the playing: who goes into a cell wants to look at it."""

    def command() -> None:
        window.player.stop()
        move()

    return command


def _continue(window: MainWindow) -> None:
    """Go to the next breakpoint; where none is hit in the whole run, play or pause."""
    if window.player.playing:
        window.player.stop()
    elif window.debugger.any_stop:
        window.debugger.continue_()
    else:
        window.player.set_playing(playing=True)


def _edits(window: MainWindow) -> dict[str, Command]:
    editor = window.editor
    return {
        "undo": editor.undo, "redo": editor.redo, "reset": editor.reset, "what_if": window.requests.what_if,
        "branch": window.requests.branch, "compare_original": lambda: _show_effect(window),
    }  # fmt: skip


def _looks(window: MainWindow) -> dict[str, Command]:
    session, appearance = window.session, window.appearance
    return {
        "keep": window.keep, "forget": session.forget_kept, "compare": lambda: _compare_with_pytorch(window),
        "compare_kept": lambda: _compare_with_kept(window),
        "next_quantity": lambda: session.look_at_next("quantity", 1),
        "previous_quantity": lambda: session.look_at_next("quantity", -1),
        "next_unit": lambda: session.look_at_next("unit", 1),
        "previous_unit": lambda: session.look_at_next("unit", -1),
        "show_all": lambda: window.gates.show_all(),  # noqa: PLW0108 - the plots come later
        "all_units": lambda: window.gates.units.show_only(set(range(window.gates.units.count()))),
        "one_unit": lambda: window.gates.units.show_only({session.state.focus.unit}),
        "lines": lambda: window.gates.set_style("lines"), "heat": lambda: window.gates.set_style("heat"),
        "auto": lambda: window.gates.set_style("auto"), "larger": lambda: appearance.change_size(1),
        "smaller": lambda: appearance.change_size(-1), "reset_layout": window.layouts.reset,
    }  # fmt: skip


def _compare_with_pytorch(window: MainWindow) -> None:
    """Show the comparison with PyTorch, also after another one."""
    window.session.leave_comparison()
    window.panels.show("compare")


def _compare_with_kept(window: MainWindow) -> None:
    """Compare the two runs, and show what comes of it."""
    window.session.compare_with_kept()
    window.panels.show("compare")


def _show_effect(window: MainWindow) -> None:
    """Show what the edits changed."""
    window.session.show_effect()
    window.panels.show("compare")
