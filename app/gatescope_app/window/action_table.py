"""Every action of the window, a row each: menus, toolbar, tooltips and the list of keys are made from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QMainWindow

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.player import Player
from gatescope_app.state.session import Session
from gatescope_app.window.about import show_about
from gatescope_app.window.banner import Banner
from gatescope_app.window.copying import copy_selected, select_all
from gatescope_app.window.help_window import show_help
from gatescope_app.window.keys_dialog import show_keys
from gatescope_app.window.layouts import Layouts
from gatescope_app.window.panels import Panels
from gatescope_app.window.session_files import SessionFiles
from gatescope_app.window.status_bar import StatusBar
from gatescope_app.window.toolbar import Toolbar
from gatescope_app.window.user_requests import UserRequests
from gatescope_resources.help import GLOSSARY


@dataclass(frozen=True)
class ActionParts:
    """What actions act on."""

    window: QMainWindow
    session: Session
    debugger: Debugger
    editor: Editor
    player: Player
    exporter: Exporter
    files: SessionFiles
    requests: UserRequests
    appearance: Appearance
    panels: Panels
    layouts: Layouts
    toolbar: Toolbar
    status: StatusBar
    banner: Banner


Command = Callable[[ActionParts], object]
Condition = Callable[[ActionParts], bool]


@dataclass(frozen=True)
class Action:
    """One action as it is declared; texts are marked for translation in the context `actions`."""

    name: str
    menu: str  # where it stands: a menu, and which of its groups, as "step 2"; lines part the groups
    text: str
    tip: str
    keys: tuple[str, ...]  # the menu shows the first
    do: Command
    icon: str = ""  # one of qtawesome's
    when: Condition = lambda _parts: True  # asked again when a run, an edit, a breakpoint or a file comes or goes
    checkable: bool = False


def _has_run(parts: ActionParts) -> bool:
    return parts.session.state.run is not None


def _can_write(parts: ActionParts) -> bool:
    """Whether there is a run, and no file is being written, which another would end."""
    return _has_run(parts) and not parts.exporter.worker.busy


def _has_two_runs(parts: ActionParts) -> bool:
    state = parts.session.state
    return state.kept is not None and state.kept is not state.run


def _by_hand(move: Callable[[Session], None]) -> Command:
    """Return a move that ends the playing: who goes into a cell wants to look at it."""

    def command(parts: ActionParts) -> None:
        parts.player.stop()
        move(parts.session)

    return command


def _continue(parts: ActionParts) -> None:
    """Go to the next breakpoint; where none is hit in the whole run, play or pause."""
    if parts.player.playing:
        parts.player.stop()
    elif parts.debugger.any_stop:
        parts.debugger.continue_()
    else:
        parts.player.set_playing(playing=True)


def _compare(choose: Callable[[Session], None]) -> Command:
    """Return what chooses the runs to compare, and shows the comparison."""

    def command(parts: ActionParts) -> None:
        choose(parts.session)
        parts.panels.show("compare")

    return command


def _keep(parts: ActionParts) -> None:
    """Keep the run for comparison, and say what that is good for."""
    parts.session.keep()
    parts.status.show_kept()


ACTIONS: tuple[Action, ...] = (
    Action("new_session", "file 1", QT_TRANSLATE_NOOP("actions", "Ne&w session"), QT_TRANSLATE_NOOP("actions", "Begin again, with the first example"), ("Ctrl+Shift+N",), lambda p: p.files.new(), icon="mdi6.file-outline"),
    Action("open", "file 1", QT_TRANSLATE_NOOP("actions", "&Open…"), QT_TRANSLATE_NOOP("actions", "Open a session, a sequence, a checkpoint with a trained network, or a recording"), ("Ctrl+O",), lambda p: p.requests.file(), icon="mdi6.folder-open-outline"),
    Action("save", "file 2", QT_TRANSLATE_NOOP("actions", "&Save"), QT_TRANSLATE_NOOP("actions", "Save everything you made to the file of the session"), ("Ctrl+S",), lambda p: p.files.save(), icon="mdi6.content-save-outline", when=_has_run),
    Action("save_as", "file 2", QT_TRANSLATE_NOOP("actions", "Save &as…"), QT_TRANSLATE_NOOP("actions", "Save the session to another file"), ("Ctrl+Shift+S",), lambda p: p.files.save_as(), icon="mdi6.content-save-edit-outline", when=_has_run),
    Action("new_network", "file 3", QT_TRANSLATE_NOOP("actions", "&New network…"), QT_TRANSLATE_NOOP("actions", "Choose a kind of recurrent network and its arguments"), ("Ctrl+N",), lambda p: p.requests.network(), icon="mdi6.graph-outline"),
    Action("sequence", "file 3", QT_TRANSLATE_NOOP("actions", "Seq&uence…"), QT_TRANSLATE_NOOP("actions", "Type, paste or open a sequence, or pick an example"), ("Ctrl+E",), lambda p: p.requests.sequence(), icon="mdi6.format-list-numbered"),
    Action("save_trace", "file 4", QT_TRANSLATE_NOOP("actions", "Save &trace…"), QT_TRANSLATE_NOOP("actions", "Write the whole trace to a file that can be opened again"), ("Ctrl+Shift+T",), lambda p: p.requests.save_trace(), icon="mdi6.record-circle-outline", when=_can_write),
    Action("export", "file 4", QT_TRANSLATE_NOOP("actions", "E&xport CSV…"), QT_TRANSLATE_NOOP("actions", "Write every gate and state of every step to a file"), ("Ctrl+Shift+E",), lambda p: p.requests.export(), icon="mdi6.table-arrow-down", when=_can_write),
    Action("start_page", "file 5", QT_TRANSLATE_NOOP("actions", "Start &page"), QT_TRANSLATE_NOOP("actions", "Examples, a network, your model or your training: four ways in"), ("Ctrl+Shift+H",), lambda p: p.requests.start_page(), icon="mdi6.home-outline"),
    Action("quit", "file 6", QT_TRANSLATE_NOOP("actions", "&Quit"), QT_TRANSLATE_NOOP("actions", "Close the window"), ("Ctrl+Q",), lambda p: p.window.close()),
    Action("undo", "edit 1", QT_TRANSLATE_NOOP("actions", "&Undo"), QT_TRANSLATE_NOOP("actions", "Take back the last change: of the network, sequence, edits, breakpoints, watches, targets or notes"), ("Ctrl+Z",), lambda p: p.session.undo(), icon="mdi6.undo", when=lambda p: bool(p.session.undo_stack.past)),
    Action("redo", "edit 1", QT_TRANSLATE_NOOP("actions", "&Redo"), QT_TRANSLATE_NOOP("actions", "Do again what was undone"), ("Ctrl+Shift+Z", "Ctrl+Y"), lambda p: p.session.redo(), icon="mdi6.redo", when=lambda p: bool(p.session.undo_stack.future)),
    Action("copy", "edit 2", QT_TRANSLATE_NOOP("actions", "Cop&y"), QT_TRANSLATE_NOOP("actions", "Copy what is selected: cells of a table as a spreadsheet takes them, or text"), ("Ctrl+C",), lambda _: copy_selected(), icon="mdi6.content-copy"),
    Action("select_all", "edit 2", QT_TRANSLATE_NOOP("actions", "Select &all"), QT_TRANSLATE_NOOP("actions", "Select all of the table or text that is worked in"), ("Ctrl+A",), lambda _: select_all(), icon="mdi6.select-all"),
    Action("what_if", "edit 3", QT_TRANSLATE_NOOP("actions", "&What if…"), QT_TRANSLATE_NOOP("actions", "Change an input, a state, a weight, or hold a quantity, and see what follows"), ("Ctrl+W",), lambda p: p.requests.what_if(), icon="mdi6.flask-outline", when=_has_run),
    Action("reset", "edit 3", QT_TRANSLATE_NOOP("actions", "Reset to &original"), QT_TRANSLATE_NOOP("actions", "Take all what-if edits away"), ("Ctrl+Shift+R",), lambda p: p.editor.reset(), icon="mdi6.restore", when=lambda p: bool(p.editor.history.edits)),
    Action("branch", "edit 3", QT_TRANSLATE_NOOP("actions", "New &branch…"), QT_TRANSLATE_NOOP("actions", "Go on with edits under another name; this one stays as it is"), ("Ctrl+Shift+B",), lambda p: p.requests.branch(), icon="mdi6.source-branch", when=_has_run),
    Action("compare_original", "edit 3", QT_TRANSLATE_NOOP("actions", "&Compare the edited run"), QT_TRANSLATE_NOOP("actions", "Show where it parts from the original, or from the branch that it is held against"), ("Ctrl+Shift+O",), _compare(Session.show_effect), when=lambda p: p.session.state.ghost is not None),
    Action("first", "step 1", QT_TRANSLATE_NOOP("actions", "&First step"), QT_TRANSLATE_NOOP("actions", "Go to where the run begins: the first step of the first layer"), ("Home",), lambda p: p.session.first(), icon="mdi6.skip-backward", when=_has_run),
    Action("step_back", "step 1", QT_TRANSLATE_NOOP("actions", "Step &back"), QT_TRANSLATE_NOOP("actions", "Go to the step that ran before"), ("Shift+F10", "Left"), lambda p: p.session.step_back(), icon="mdi6.debug-step-over", when=_has_run),
    Action("step", "step 1", QT_TRANSLATE_NOOP("actions", "&Step"), QT_TRANSLATE_NOOP("actions", "Go to the step that runs next"), ("F10", "Right"), lambda p: p.session.step(), icon="mdi6.debug-step-over", when=_has_run),
    Action("last", "step 1", QT_TRANSLATE_NOOP("actions", "&Last step"), QT_TRANSLATE_NOOP("actions", "Go to where the run ends: the last step of the last layer"), ("End",), lambda p: p.session.last(), icon="mdi6.skip-forward", when=_has_run),
    Action("first_of_layer", "step 1", QT_TRANSLATE_NOOP("actions", "First step of this la&yer"), QT_TRANSLATE_NOOP("actions", "Go to the step that this layer and direction computes first"), ("Ctrl+Home",), lambda p: p.session.first_of_layer(), when=_has_run),
    Action("last_of_layer", "step 1", QT_TRANSLATE_NOOP("actions", "L&ast step of this layer"), QT_TRANSLATE_NOOP("actions", "Go to the step that this layer and direction computes last"), ("Ctrl+End",), lambda p: p.session.last_of_layer(), when=_has_run),
    Action("step_into", "step 2", QT_TRANSLATE_NOOP("actions", "Step &into"), QT_TRANSLATE_NOOP("actions", "Go to the next phase inside the cell"), ("F11",), _by_hand(Session.step_into), icon="mdi6.debug-step-into", when=_has_run),
    Action("step_back_into", "step 2", QT_TRANSLATE_NOOP("actions", "Step back i&nto"), QT_TRANSLATE_NOOP("actions", "Go to the phase before"), ("Ctrl+F11",), _by_hand(Session.step_back_into), when=_has_run),
    Action("step_out", "step 2", QT_TRANSLATE_NOOP("actions", "Step &out"), QT_TRANSLATE_NOOP("actions", "Finish the cell"), ("Shift+F11",), _by_hand(Session.step_out), icon="mdi6.debug-step-out", when=_has_run),
    Action("continue", "step 3", QT_TRANSLATE_NOOP("actions", "&Continue"), QT_TRANSLATE_NOOP("actions", "Go to the next breakpoint; where none is hit, play"), ("F5",), lambda p: p.debugger.once_found(lambda: _continue(p)), icon="mdi6.step-forward-2", when=_has_run),
    Action("reverse_continue", "step 3", QT_TRANSLATE_NOOP("actions", "Re&verse continue"), QT_TRANSLATE_NOOP("actions", "Go back to the breakpoint before, or to the beginning"), ("Shift+F5",), lambda p: p.debugger.reverse_continue(), icon="mdi6.step-backward-2", when=_has_run),
    Action("play", "step 3", QT_TRANSLATE_NOOP("actions", "&Play"), QT_TRANSLATE_NOOP("actions", "Step by itself up to a breakpoint, or pause"), ("Ctrl+F5",), lambda p: p.player.set_playing(not p.player.playing), icon="mdi6.play", when=_has_run, checkable=True),
    Action("faster", "step 3", QT_TRANSLATE_NOOP("actions", "Fas&ter"), QT_TRANSLATE_NOOP("actions", "Play more steps a second"), ("Ctrl+Up",), lambda p: p.toolbar.change_speed(1)),
    Action("slower", "step 3", QT_TRANSLATE_NOOP("actions", "Slo&wer"), QT_TRANSLATE_NOOP("actions", "Play fewer steps a second"), ("Ctrl+Down",), lambda p: p.toolbar.change_speed(-1)),
    Action("go_to", "step 4", QT_TRANSLATE_NOOP("actions", "&Go to step…"), QT_TRANSLATE_NOOP("actions", "Type the number of a step"), ("Ctrl+G",), lambda p: p.requests.step(), when=_has_run),
    Action("compare", "step 5", QT_TRANSLATE_NOOP("actions", "Co&mpare with PyTorch"), QT_TRANSLATE_NOOP("actions", "Show the errors of every step"), ("Ctrl+M",), _compare(Session.leave_comparison), when=_has_run),
    Action("keep", "step 5", QT_TRANSLATE_NOOP("actions", "&Keep this run for comparison"), QT_TRANSLATE_NOOP("actions", "Compare other runs with this one"), ("Ctrl+K",), _keep, when=_has_run),
    Action("compare_kept", "step 5", QT_TRANSLATE_NOOP("actions", "Compare with the kept &run"), QT_TRANSLATE_NOOP("actions", "Show where this run and the kept one part"), ("Ctrl+Shift+M",), _compare(Session.compare_with_kept), when=_has_two_runs),
    Action("forget", "step 5", QT_TRANSLATE_NOOP("actions", "Forg&et the kept run"), QT_TRANSLATE_NOOP("actions", "End the comparison of two runs"), ("Ctrl+Shift+K",), lambda p: p.session.forget_kept(), when=lambda p: p.session.state.kept is not None),
    Action("toggle_breakpoint", "breakpoints 1", QT_TRANSLATE_NOOP("actions", "&Toggle breakpoint"), QT_TRANSLATE_NOOP("actions", "Stop at this step, or no longer"), ("F9",), lambda p: p.debugger.toggle(), when=_has_run),
    Action("new_breakpoint", "breakpoints 1", QT_TRANSLATE_NOOP("actions", "&New breakpoint…"), QT_TRANSLATE_NOOP("actions", "Stop where a condition holds, such as f[3] < 0.1"), ("Ctrl+F9",), lambda p: p.panels.show("breakpoints"), when=_has_run),
    Action("remove_breakpoints", "breakpoints 1", QT_TRANSLATE_NOOP("actions", "&Remove all breakpoints"), QT_TRANSLATE_NOOP("actions", "Stop nowhere"), ("Ctrl+Shift+F9",), lambda p: p.debugger.remove_all(), when=lambda p: bool(p.session.state.breakpoints)),
    Action("new_watch", "breakpoints 2", QT_TRANSLATE_NOOP("actions", "New &watch…"), QT_TRANSLATE_NOOP("actions", "Follow an expression, such as mean(o)"), ("Ctrl+Shift+W",), lambda p: p.panels.show("watches"), when=_has_run),
    Action("lines", "view 1", QT_TRANSLATE_NOOP("actions", "Draw &lines"), QT_TRANSLATE_NOOP("actions", "A line for each unit"), ("Ctrl+1",), lambda p: p.panels.gates.set_style("lines"), when=_has_run),
    Action("heat", "view 1", QT_TRANSLATE_NOOP("actions", "Draw &heat maps"), QT_TRANSLATE_NOOP("actions", "A row for each unit"), ("Ctrl+2",), lambda p: p.panels.gates.set_style("heat"), when=_has_run),
    Action("auto", "view 1", QT_TRANSLATE_NOOP("actions", "Draw what &suits"), QT_TRANSLATE_NOOP("actions", "Lines up to 32 units, heat maps above"), ("Ctrl+3",), lambda p: p.panels.gates.set_style("auto"), when=_has_run),
    Action("next_quantity", "view 2", QT_TRANSLATE_NOOP("actions", "Ne&xt quantity"), QT_TRANSLATE_NOOP("actions", "Select the quantity after this one in all panels"), ("Ctrl+Right",), lambda p: p.session.look_at_next("quantity", 1)),
    Action("previous_quantity", "view 2", QT_TRANSLATE_NOOP("actions", "Pre&vious quantity"), QT_TRANSLATE_NOOP("actions", "Select the quantity before this one in all panels"), ("Ctrl+Left",), lambda p: p.session.look_at_next("quantity", -1)),
    Action("next_unit", "view 2", QT_TRANSLATE_NOOP("actions", "&Next unit"), QT_TRANSLATE_NOOP("actions", "Select the unit after this one in all panels"), ("Ctrl+PgDown",), lambda p: p.session.look_at_next("unit", 1)),
    Action("previous_unit", "view 2", QT_TRANSLATE_NOOP("actions", "Pr&evious unit"), QT_TRANSLATE_NOOP("actions", "Select the unit before this one in all panels"), ("Ctrl+PgUp",), lambda p: p.session.look_at_next("unit", -1)),
    Action("all_units", "view 3", QT_TRANSLATE_NOOP("actions", "Show all &units"), QT_TRANSLATE_NOOP("actions", "Tick every unit in the legend"), ("Ctrl+U",), lambda p: p.panels.gates.units.show_only(set(range(p.panels.gates.units.count()))), when=_has_run),
    Action("one_unit", "view 3", QT_TRANSLATE_NOOP("actions", "Show only the selected un&it"), QT_TRANSLATE_NOOP("actions", "Untick every other unit in the legend"), ("Ctrl+I",), lambda p: p.panels.gates.units.show_only({p.session.state.focus.unit}), when=_has_run),
    Action("show_all", "view 3", QT_TRANSLATE_NOOP("actions", "Show &all steps"), QT_TRANSLATE_NOOP("actions", "Undo zooming in the plots"), ("Ctrl+0",), lambda p: p.panels.gates.show_all(), when=_has_run),
    Action("larger", "view 4", QT_TRANSLATE_NOOP("actions", "La&rger type"), QT_TRANSLATE_NOOP("actions", "For the last row of a classroom"), ("Ctrl++", "Ctrl+="), lambda p: p.appearance.change_size(1)),
    Action("smaller", "view 4", QT_TRANSLATE_NOOP("actions", "S&maller type"), QT_TRANSLATE_NOOP("actions", "Make all text smaller"), ("Ctrl+-",), lambda p: p.appearance.change_size(-1)),
    Action("reset_layout", "view 4", QT_TRANSLATE_NOOP("actions", "Reset la&yout"), QT_TRANSLATE_NOOP("actions", "Put all panels back where they were at first"), ("Ctrl+Shift+0",), lambda p: p.layouts.reset()),
    Action("toolbar", "view 4", QT_TRANSLATE_NOOP("actions", "Tool&bar"), QT_TRANSLATE_NOOP("actions", "Show or hide the toolbar"), ("Ctrl+Alt+B",), lambda p: p.toolbar.setVisible(p.toolbar.isHidden()), checkable=True),
    Action("close_message", "view 4", QT_TRANSLATE_NOOP("actions", "&Close message"), QT_TRANSLATE_NOOP("actions", "Close the line above the panels"), ("Esc",), lambda p: p.banner.hide()),
    Action("keys", "help 1", QT_TRANSLATE_NOOP("actions", "&Keys"), QT_TRANSLATE_NOOP("actions", "Search every key, by menus"), ("F1",), lambda p: show_keys(p.window)),
    Action("panel_help", "help 1", QT_TRANSLATE_NOOP("actions", "Help on this &panel"), QT_TRANSLATE_NOOP("actions", "What the panel with the focus shows, how it is computed, and what to try"), ("Ctrl+F1",), lambda p: show_help(p.window, p.panels.holding(QApplication.focusWidget()))),
    Action("glossary", "help 1", QT_TRANSLATE_NOOP("actions", "&Glossary"), QT_TRANSLATE_NOOP("actions", "What the words mean, from forget gate to rounding bound"), ("Ctrl+Shift+F1",), lambda p: show_help(p.window, GLOSSARY)),
    Action("about", "help 2", QT_TRANSLATE_NOOP("actions", "&About Gatescope"), QT_TRANSLATE_NOOP("actions", "Version and where the log is"), ("Shift+F1",), lambda p: show_about(p.window)),
)  # fmt: skip
"""In the order in which the menus list them."""
