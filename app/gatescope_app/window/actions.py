"""Every action of the window: its text, its keys, its icon. Menus, toolbar and tooltips are made from these."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QWidget

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look import language


@dataclass(frozen=True)
class Spec:
    """One action as it is declared; texts are marked for translation and looked up in the context `actions`."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False


ACTIONS: tuple[Spec, ...] = (
    Spec("new_network", QT_TRANSLATE_NOOP("actions", "&New network…"), QT_TRANSLATE_NOOP("actions", "Choose a kind of recurrent network and its arguments"), ("Ctrl+N",), "mdi6.graph-outline"),
    Spec("sequence", QT_TRANSLATE_NOOP("actions", "&Sequence…"), QT_TRANSLATE_NOOP("actions", "Type, paste or open a sequence, or pick an example"), ("Ctrl+E",), "mdi6.format-list-numbered"),
    Spec("open", QT_TRANSLATE_NOOP("actions", "&Open…"), QT_TRANSLATE_NOOP("actions", "Open a sequence, a checkpoint with a trained network, or a recording"), ("Ctrl+O",), "mdi6.folder-open-outline"),
    Spec("save_trace", QT_TRANSLATE_NOOP("actions", "Save &trace…"), QT_TRANSLATE_NOOP("actions", "Write the whole trace to a file that can be opened again"), ("Ctrl+Shift+S",), "mdi6.content-save-outline"),
    Spec("export", QT_TRANSLATE_NOOP("actions", "E&xport CSV…"), QT_TRANSLATE_NOOP("actions", "Write every gate and state of every step to a file"), ("Ctrl+S",), "mdi6.table-arrow-down"),
    Spec("quit", QT_TRANSLATE_NOOP("actions", "&Quit"), QT_TRANSLATE_NOOP("actions", "Close the window"), ("Ctrl+Q",)),
    Spec("undo", QT_TRANSLATE_NOOP("actions", "&Undo"), QT_TRANSLATE_NOOP("actions", "Take back the last what-if edit"), ("Ctrl+Z",), "mdi6.undo"),
    Spec("redo", QT_TRANSLATE_NOOP("actions", "&Redo"), QT_TRANSLATE_NOOP("actions", "Do again what was undone"), ("Ctrl+Shift+Z", "Ctrl+Y"), "mdi6.redo"),
    Spec("reset", QT_TRANSLATE_NOOP("actions", "Reset to &original"), QT_TRANSLATE_NOOP("actions", "Take all what-if edits away"), ("Ctrl+Shift+R",), "mdi6.restore"),
    Spec("what_if", QT_TRANSLATE_NOOP("actions", "&What if…"), QT_TRANSLATE_NOOP("actions", "Change an input, a state, a weight, or hold a quantity, and see what follows"), ("Ctrl+W",), "mdi6.flask-outline"),
    Spec("branch", QT_TRANSLATE_NOOP("actions", "New &branch…"), QT_TRANSLATE_NOOP("actions", "Go on with edits under another name; this one stays as it is"), ("Ctrl+Shift+B",), "mdi6.source-branch"),
    Spec("compare_original", QT_TRANSLATE_NOOP("actions", "&Compare the edited run"), QT_TRANSLATE_NOOP("actions", "Show where it parts from the original, or from the branch that it is held against"), ("Ctrl+Shift+O",)),
    Spec("first", QT_TRANSLATE_NOOP("actions", "&First step"), QT_TRANSLATE_NOOP("actions", "Go to the step that runs first"), ("Home",), "mdi6.skip-backward"),
    Spec("reverse_continue", QT_TRANSLATE_NOOP("actions", "Re&verse continue"), QT_TRANSLATE_NOOP("actions", "Go back to the breakpoint before, or to the beginning"), ("Shift+F5",), "mdi6.step-backward-2"),
    Spec("step_back", QT_TRANSLATE_NOOP("actions", "Step &back"), QT_TRANSLATE_NOOP("actions", "Go to the step that ran before"), ("Shift+F10", "Left"), "mdi6.debug-step-over"),
    Spec("step", QT_TRANSLATE_NOOP("actions", "&Step"), QT_TRANSLATE_NOOP("actions", "Go to the step that runs next"), ("F10", "Right"), "mdi6.debug-step-over"),
    Spec("step_into", QT_TRANSLATE_NOOP("actions", "Step &into"), QT_TRANSLATE_NOOP("actions", "Go to the next phase inside the cell"), ("F11",), "mdi6.debug-step-into"),
    Spec("step_back_into", QT_TRANSLATE_NOOP("actions", "Step back i&nto"), QT_TRANSLATE_NOOP("actions", "Go to the phase before"), ("Ctrl+F11",)),
    Spec("step_out", QT_TRANSLATE_NOOP("actions", "Step &out"), QT_TRANSLATE_NOOP("actions", "Finish the cell"), ("Shift+F11",), "mdi6.debug-step-out"),
    Spec("continue", QT_TRANSLATE_NOOP("actions", "&Continue"), QT_TRANSLATE_NOOP("actions", "Go to the next breakpoint; where none is hit, play"), ("F5",), "mdi6.step-forward-2"),
    Spec("play", QT_TRANSLATE_NOOP("actions", "&Play"), QT_TRANSLATE_NOOP("actions", "Step by itself up to a breakpoint, or pause"), ("Ctrl+F5",), "mdi6.play", checkable=True),
    Spec("last", QT_TRANSLATE_NOOP("actions", "&Last step"), QT_TRANSLATE_NOOP("actions", "Go to the step that runs last"), ("End",), "mdi6.skip-forward"),
    Spec("toggle_breakpoint", QT_TRANSLATE_NOOP("actions", "&Toggle breakpoint"), QT_TRANSLATE_NOOP("actions", "Stop at this step, or no longer"), ("F9",)),
    Spec("new_breakpoint", QT_TRANSLATE_NOOP("actions", "&New breakpoint…"), QT_TRANSLATE_NOOP("actions", "Stop where a condition holds, such as f[3] < 0.1"), ("Ctrl+F9",)),
    Spec("remove_breakpoints", QT_TRANSLATE_NOOP("actions", "&Remove all breakpoints"), QT_TRANSLATE_NOOP("actions", "Stop nowhere"), ("Ctrl+Shift+F9",)),
    Spec("new_watch", QT_TRANSLATE_NOOP("actions", "New &watch…"), QT_TRANSLATE_NOOP("actions", "Follow an expression, such as mean(o)"), ("Ctrl+Shift+W",)),
    Spec("faster", QT_TRANSLATE_NOOP("actions", "Fas&ter"), QT_TRANSLATE_NOOP("actions", "Play more steps a second"), ("Ctrl+Up",)),
    Spec("slower", QT_TRANSLATE_NOOP("actions", "Slo&wer"), QT_TRANSLATE_NOOP("actions", "Play fewer steps a second"), ("Ctrl+Down",)),
    Spec("go_to", QT_TRANSLATE_NOOP("actions", "&Go to step…"), QT_TRANSLATE_NOOP("actions", "Type the number of a step"), ("Ctrl+G",)),
    Spec("compare", QT_TRANSLATE_NOOP("actions", "Co&mpare with PyTorch"), QT_TRANSLATE_NOOP("actions", "Show the errors of every step"), ("Ctrl+M",)),
    Spec("keep", QT_TRANSLATE_NOOP("actions", "&Keep this run for comparison"), QT_TRANSLATE_NOOP("actions", "Compare other runs with this one"), ("Ctrl+K",)),
    Spec("compare_kept", QT_TRANSLATE_NOOP("actions", "Compare with the kept &run"), QT_TRANSLATE_NOOP("actions", "Show where this run and the kept one part"), ("Ctrl+Shift+M",)),
    Spec("forget", QT_TRANSLATE_NOOP("actions", "Forg&et the kept run"), QT_TRANSLATE_NOOP("actions", "End the comparison of two runs"), ("Ctrl+Shift+K",)),
    Spec("next_quantity", QT_TRANSLATE_NOOP("actions", "Ne&xt quantity"), QT_TRANSLATE_NOOP("actions", "Select the quantity after this one in all panels"), ("Ctrl+Right",)),
    Spec("previous_quantity", QT_TRANSLATE_NOOP("actions", "Pre&vious quantity"), QT_TRANSLATE_NOOP("actions", "Select the quantity before this one in all panels"), ("Ctrl+Left",)),
    Spec("next_unit", QT_TRANSLATE_NOOP("actions", "&Next unit"), QT_TRANSLATE_NOOP("actions", "Select the unit after this one in all panels"), ("Ctrl+PgDown",)),
    Spec("previous_unit", QT_TRANSLATE_NOOP("actions", "Pr&evious unit"), QT_TRANSLATE_NOOP("actions", "Select the unit before this one in all panels"), ("Ctrl+PgUp",)),
    Spec("show_all", QT_TRANSLATE_NOOP("actions", "Show &all steps"), QT_TRANSLATE_NOOP("actions", "Undo zooming in the plots"), ("Ctrl+0",)),
    Spec("all_units", QT_TRANSLATE_NOOP("actions", "Show all &units"), QT_TRANSLATE_NOOP("actions", "Tick every unit in the legend"), ("Ctrl+U",)),
    Spec("one_unit", QT_TRANSLATE_NOOP("actions", "Show only the selected un&it"), QT_TRANSLATE_NOOP("actions", "Untick every other unit in the legend"), ("Ctrl+I",)),
    Spec("lines", QT_TRANSLATE_NOOP("actions", "Draw &lines"), QT_TRANSLATE_NOOP("actions", "A line for each unit"), ("Ctrl+1",)),
    Spec("heat", QT_TRANSLATE_NOOP("actions", "Draw &heat maps"), QT_TRANSLATE_NOOP("actions", "A row for each unit"), ("Ctrl+2",)),
    Spec("auto", QT_TRANSLATE_NOOP("actions", "Draw what &suits"), QT_TRANSLATE_NOOP("actions", "Lines up to 32 units, heat maps above"), ("Ctrl+3",)),
    Spec("larger", QT_TRANSLATE_NOOP("actions", "La&rger type"), QT_TRANSLATE_NOOP("actions", "For the last row of a classroom"), ("Ctrl++", "Ctrl+=")),
    Spec("smaller", QT_TRANSLATE_NOOP("actions", "S&maller type"), QT_TRANSLATE_NOOP("actions", "Make all text smaller"), ("Ctrl+-",)),
    Spec("reset_layout", QT_TRANSLATE_NOOP("actions", "Reset la&yout"), QT_TRANSLATE_NOOP("actions", "Put all panels back where they were at first"), ("Ctrl+Shift+0",)),
    Spec("close_message", QT_TRANSLATE_NOOP("actions", "&Close message"), QT_TRANSLATE_NOOP("actions", "Close the line above the panels"), ("Esc",)),
    Spec("keys", QT_TRANSLATE_NOOP("actions", "&Keys"), QT_TRANSLATE_NOOP("actions", "List every key"), ("F1",)),
    Spec("about", QT_TRANSLATE_NOOP("actions", "&About Gatescope"), QT_TRANSLATE_NOOP("actions", "Version and where the log is"), ("Shift+F1",)),
)  # fmt: skip


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """Return every action by its name, as children of `parent`, without texts yet."""
    actions = {}
    for spec in ACTIONS:
        action = QAction(parent)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        if spec.icon:
            action.setIcon(_blank())  # keeps the place until `set_icons`
        parent.addAction(action)
        actions[spec.name] = action
    return actions


def _blank() -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


def retranslate(actions: dict[str, QAction]) -> None:
    """Set texts and tooltips, with the keys in them, in the current language."""
    for spec in ACTIONS:
        action = actions[spec.name]
        action.setText(QCoreApplication.translate("actions", spec.text))
        action.setIconText(language.without_accelerator(action.text()))  # on the toolbar, and in the list of keys
        set_tip(action, QCoreApplication.translate("actions", spec.tip))


def set_tip(action: QAction, tip: str) -> None:
    """Set an action's tooltip, with its keys in it."""
    action.setToolTip(f"{tip} ({keys_of(action)})" if action.shortcuts() else tip)
    action.setStatusTip(action.toolTip())


def keys_of(action: QAction) -> str:
    """Return an action's keys as the system writes them."""
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())


def set_icons(actions: dict[str, QAction], colour: str, disabled: str) -> None:
    """Give the actions icons in the theme's colours."""
    import qtawesome  # noqa: PLC0415 - its fonts are loaded once the window is up

    for spec in ACTIONS:
        if spec.icon:
            options = {"hflip": True} if spec.name == "step_back" else {}
            icon = qtawesome.icon(spec.icon, color=colour, color_disabled=disabled, **options)
            actions[spec.name].setIcon(icon)
