"""The Breakpoints panel: what is set, how often it is hit, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope
from gatescope_app.dialogs.breakpoint_dialog import BreakpointDialog
from gatescope_app.look import language
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.breakpoints.breakpoints_view import BreakpointsView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session

Make = Callable[..., Setup]
Open = Callable[[Setup], BreakpointsView]

SPACE, DELETE = "Space", "Del"


@pytest.fixture
def open_panel(show_alone: Callable[..., tuple[Session, Debugger, BreakpointsView]]) -> Open:
    """Return a function that shows the panel alone, on a run that is complete."""
    return lambda setup: show_alone(BreakpointsView, setup, 390, 260)[-1]


def run(view: BreakpointsView, setup: Setup, qtbot: Any) -> None:
    before = view.session.state.run
    view.session.start(setup)
    qtbot.waitUntil(lambda: view.session.state.run is not before and not view.session.drifter.busy, timeout=60_000)


@pytest.fixture
def panel(open_panel: Open) -> BreakpointsView:
    """Return the panel on `hello`, five steps of an LSTM."""
    return open_panel(example_setup("hello"))


def set_(view: BreakpointsView, *breakpoints: Breakpoint) -> None:
    view.debugger.set_all(breakpoints)


def lines(view: BreakpointsView) -> list[tuple[str, str]]:
    """Return the first line of each row: what it is, and its hits."""
    return [(row.text, row.hits) for row in view.list.rows.rows]


def breakpoints(view: BreakpointsView) -> tuple[Breakpoint, ...]:
    return view.session.state.breakpoints


def box_of(view: BreakpointsView, row: int) -> QPoint:
    """Return where the box of a row is."""
    index, option = view.list.rows.index(row, 0), QStyleOptionViewItem()
    view.list.initViewItemOption(option)
    option.rect = view.list.visualRect(index)
    view.list.delegate.initStyleOption(option, index)
    element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    return view.list.style().subElementRect(element, option, view.list).center()


# what it shows


def test_the_mismatch_with_pytorch_is_listed_like_any_other(panel: BreakpointsView) -> None:
    assert lines(panel) == [("where it stops matching PyTorch: err > 1", "no hits")]
    assert panel.summary.text() == "No stop in this run"


def test_each_row_says_what_it_is_and_how_often_it_is_hit(panel: BreakpointsView) -> None:
    set_(panel, Breakpoint("t > 1"), Breakpoint(t=3), Breakpoint("t > 1", t=4), Breakpoint("t >= 0", every=2))
    assert lines(panel) == [("t > 1", "3 hits"), ("t = 3", "1 hit"), ("t = 4 · t > 1", "1 hit"), ("t >= 0", "2 hits")]
    assert panel.summary.text() == "4 stops in this run"


def test_what_is_not_usual_is_said_in_a_second_line(panel: BreakpointsView, make_setup: Make, qtbot: Any) -> None:
    run(panel, make_setup("nn.LSTM(3, 4)", steps=5, batch=5), qtbot)
    scope = Scope(frozenset({0}), frozenset({"forward"}), frozenset({0, 2, 3, 4}))
    set_(
        panel, Breakpoint("t > 1", message="t is {t}", scope=scope), Breakpoint("t > 1", once=True, nth=2),
        Breakpoint("t > 1", every=3), Breakpoint("t > 1"),
    )  # fmt: skip
    assert [row.below for row in panel.list.rows.rows] == [
        "log: t is {t} · layer 0 · forward · batch element 0, 2-4", "once · only hit 2", "every 3 hits", "",
    ]  # fmt: skip
    heights = [panel.list.visualRect(panel.list.rows.index(row, 0)).height() for row in range(4)]
    assert heights[0] == heights[1] == heights[2] > heights[3]


def test_a_condition_that_this_network_does_not_have_says_so_in_its_row(
    panel: BreakpointsView, make_setup: Make, qtbot: Any
) -> None:
    set_(panel, Breakpoint("f[1] < 2"), Breakpoint("h[1] < 2"))
    assert lines(panel) == [("f[1] < 2", "5 hits"), ("h[1] < 2", "5 hits")]
    run(panel, make_setup("nn.GRU(3, 4)", steps=6), qtbot)
    first, second = panel.list.rows.rows
    assert first.below.startswith("✗ There is no f")
    assert first.hits == ""
    assert second.hits == "6 hits"
    tooltip = panel.list.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip == f"f[1] < 2\n{first.problem}"
    run(panel, example_setup("hello"), qtbot)
    assert lines(panel) == [("f[1] < 2", "5 hits"), ("h[1] < 2", "5 hits")]


def test_the_problem_of_a_row_is_painted_in_the_colour_of_errors(panel: BreakpointsView) -> None:
    set_(panel, Breakpoint("f[1] < 2"))
    assert not has_colour(panel.list.viewport().grab().toImage(), LIGHT.differs)
    set_(panel, Breakpoint("f[77] < 2"))
    assert has_colour(panel.list.viewport().grab().toImage(), LIGHT.differs)
    panel.set_theme(DARK)
    assert has_colour(panel.list.viewport().grab().toImage(), DARK.differs)


def has_colour(picture: QImage, colour: str) -> bool:
    wanted = QColor(colour).rgb()
    return any(picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height()))


def test_a_step_repaints_and_reads_nothing(panel: BreakpointsView, monkeypatch: pytest.MonkeyPatch) -> None:
    set_(panel, *(Breakpoint(f"c[0] > {n / 100}") for n in range(100)))
    painted = []
    monkeypatch.setattr(panel.list, "set_rows", painted.append)
    for _ in range(4):
        panel.session.step()
    assert not painted
    set_(panel)
    assert len(painted) == 1


def test_a_change_of_one_row_keeps_the_selection_and_the_place(panel: BreakpointsView) -> None:
    set_(panel, *(Breakpoint(f"c[0] > {n / 100}") for n in range(100)))
    panel.list.select(60)
    place = panel.list.verticalScrollBar().value()
    assert place > 0
    panel.debugger.enable(59, enabled=False)
    assert panel.list.selected == [60]
    assert panel.list.verticalScrollBar().value() == place


def test_hidden_it_waits_and_shown_it_catches_up(panel: BreakpointsView) -> None:
    panel.hide()
    set_(panel, Breakpoint(t=2))
    assert lines(panel) != [("t = 2", "1 hit")]
    panel.show()
    assert lines(panel) == [("t = 2", "1 hit")]


def test_an_empty_list_says_how_to_begin(panel: BreakpointsView, hands: Any) -> None:
    empty = panel.list.grab().toImage()
    panel.debugger.remove_all()
    assert panel.list.rows.rowCount() == 0
    assert panel.list.grab().toImage() != empty
    assert "F9" in panel.list.placeholder


# adding


def test_the_focus_of_the_panel_is_in_its_field(panel: BreakpointsView) -> None:
    panel.list.setFocus()
    panel.entry.setFocus()
    assert QApplication.focusWidget() is panel.field.line


def test_a_condition_is_typed_and_added_with_enter(panel: BreakpointsView, hands: Any) -> None:
    panel.entry.setFocus()
    hands.type("mean(o) > 0")
    hands.press("Return")
    assert breakpoints(panel) == (MISMATCH, Breakpoint("mean(o) > 0"))
    assert lines(panel)[1] == ("mean(o) > 0", "5 hits")
    assert panel.list.selected == [1]
    assert panel.field.text() == ""
    assert panel.field.line.hasFocus()


def test_a_condition_that_is_wrong_is_not_added(panel: BreakpointsView, hands: Any) -> None:
    panel.entry.setFocus()
    hands.type("f[99] < 1")
    hands.press("Return")
    assert breakpoints(panel) == (MISMATCH,)
    assert panel.field.note.text() == "✗ f has the units 0 to 3, but not 99."
    assert panel.field.text() == "f[99] < 1"


def test_the_field_follows_the_network(panel: BreakpointsView, hands: Any, make_setup: Make, qtbot: Any) -> None:
    panel.field.line.setText("f[0] < 1")
    assert panel.field.line.error is None
    assert "f[0] < 0.1" in panel.field.line.placeholderText()
    run(panel, make_setup("nn.GRU(3, 4)", steps=6), qtbot)
    assert panel.field.line.error is not None
    assert "r[0] < 0.1" in panel.field.line.placeholderText()


# keys and mouse


def test_a_click_on_a_box_lets_a_breakpoint_rest(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, Breakpoint("t > 1"), Breakpoint(t=3))
    hands.click(panel.list.viewport(), box_of(panel, 0))
    assert breakpoints(panel) == (Breakpoint("t > 1", enabled=False), Breakpoint(t=3))
    assert panel.summary.text() == "1 stop in this run"
    assert lines(panel)[0] == ("t > 1", "3 hits")
    hands.click(panel.list.viewport(), box_of(panel, 0))
    assert breakpoints(panel)[0].enabled


def test_space_ticks_all_that_are_selected(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, Breakpoint(t=1), Breakpoint(t=2, enabled=False), Breakpoint(t=3))
    hands.click_cell(panel.list, 0)
    hands.press("Shift+Down")
    seen = []
    for _ in range(3):
        hands.press(SPACE)
        seen.append([one.enabled for one in breakpoints(panel)])
    assert seen == [[True, True, True], [False, False, True], [True, True, True]]


def test_the_list_is_reached_and_used_by_keyboard_alone(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, Breakpoint(t=1), Breakpoint(t=2))
    panel.entry.setFocus()
    hands.press("Shift+Tab", SPACE, "Down", DELETE)
    assert breakpoints(panel) == (Breakpoint(t=1, enabled=False),)
    hands.press("Tab")
    assert panel.field.line.hasFocus()


def test_del_removes_what_is_selected_and_selects_what_follows(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, *(Breakpoint(t=t) for t in range(5)))
    hands.click_cell(panel.list, 1)
    hands.press("Shift+Down", DELETE)
    assert [one.t for one in breakpoints(panel)] == [0, 3, 4]
    assert panel.list.selected == [1]
    hands.press(DELETE, DELETE, DELETE)
    assert breakpoints(panel) == ()
    hands.press(DELETE, SPACE, "F2", "Return", "Ctrl+Return")
    assert breakpoints(panel) == ()


def test_buttons_remove_one_and_all(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, *(Breakpoint(t=t) for t in range(4)))
    panel.list.select(2)
    hands.click(panel.buttons["remove"])
    assert [one.t for one in breakpoints(panel)] == [0, 1, 3]
    hands.click(panel.buttons["remove_all"])
    assert breakpoints(panel) == ()


def test_buttons_can_be_pressed_where_they_would_do_something(panel: BreakpointsView, hands: Any) -> None:
    def enabled() -> set[str]:
        return {name for name, button in panel.buttons.items() if button.isEnabled()}

    set_(panel, Breakpoint(t=1), Breakpoint(t=2))
    panel.list.clearSelection()
    assert enabled() == {"add", "remove_all"}
    panel.list.select(0)
    assert enabled() == {"add", "change", "next", "remove", "remove_all"}
    panel.list.selectAll()
    assert enabled() == {"add", "remove", "remove_all"}
    panel.debugger.remove_all()
    assert enabled() == {"add"}


def test_ctrl_enter_goes_to_the_next_hit_and_around_the_end(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, Breakpoint("t == 1 or t == 3"))
    hands.click_cell(panel.list, 0)
    seen = []
    for _ in range(3):
        hands.press("Ctrl+Return")
        seen.append(panel.session.state.cursor.t)
    hands.click(panel.buttons["next"])
    assert [*seen, panel.session.state.cursor.t] == [1, 3, 1, 3]


def test_the_next_hit_is_shown_in_a_batch_element_that_has_it(open_panel: Open, make_setup: Make, hands: Any) -> None:
    panel = open_panel(make_setup("nn.LSTM(3, 4)", steps=5, batch=3))
    set_(panel, Breakpoint("t == 2 and batch == 1"))
    hands.click_cell(panel.list, 0)
    hands.press("Ctrl+Return")
    assert (panel.session.state.cursor.t, panel.session.state.batch) == (2, 1)


# the dialog


@pytest.mark.parametrize("way", ["F2", "Return", "double click", "button"])
def test_a_breakpoint_is_changed_in_a_dialog(panel: BreakpointsView, hands: Any, way: str) -> None:
    set_(panel, Breakpoint(t=1), Breakpoint("t > 1", enabled=False))
    hands.click_cell(panel.list, 1)

    def change(dialog: BreakpointDialog) -> None:
        assert dialog.windowTitle() == "Change breakpoint"
        hands.replace_text(dialog.condition.line, "t > 2")
        hands.click(dialog.once)
        hands.click(dialog.ok)

    ways = {
        "double click": lambda: hands.double_click_cell(panel.list, 1),
        "button": lambda: hands.click(panel.buttons["change"]),
    }
    hands.in_dialog(ways.get(way, lambda: hands.press(way)), change)
    assert breakpoints(panel) == (Breakpoint(t=1), Breakpoint("t > 2", enabled=False, once=True))


def test_a_double_click_on_the_box_only_ticks(panel: BreakpointsView, hands: Any, qtbot: Any) -> None:
    set_(panel, Breakpoint(t=1))
    place = box_of(panel, 0)
    hands.click(panel.list.viewport(), place)
    qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert QApplication.activeModalWidget() is None


def test_a_cancelled_change_leaves_everything(panel: BreakpointsView, hands: Any) -> None:
    before = (Breakpoint("t > 1", every=2),)
    set_(panel, *before)
    hands.click_cell(panel.list, 0)

    def give_up(dialog: BreakpointDialog) -> None:
        hands.replace_text(dialog.condition.line, "t > 2")
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: hands.press("Return"), give_up)
    assert breakpoints(panel) == before


def test_ins_adds_one_that_begins_with_what_is_typed(panel: BreakpointsView, hands: Any) -> None:
    panel.entry.setFocus()
    hands.type("t > 0")
    panel.list.setFocus()

    def accept(dialog: BreakpointDialog) -> None:
        assert dialog.windowTitle() == "New breakpoint"
        assert dialog.condition.text() == "t > 0"
        hands.choose(dialog.counting, 2)
        hands.set_number(dialog.count, 3)
        hands.click(dialog.ok)

    hands.in_dialog(lambda: hands.press("Ins"), accept)
    assert breakpoints(panel) == (MISMATCH, Breakpoint("t > 0", every=3))
    assert panel.field.text() == ""


def test_a_breakpoint_that_is_used_up_while_it_is_changed_comes_back_as_chosen(
    panel: BreakpointsView, hands: Any
) -> None:
    set_(panel, Breakpoint("t > 1", once=True), Breakpoint(t=1))
    hands.click_cell(panel.list, 0)

    def change(dialog: BreakpointDialog) -> None:
        set_(panel, Breakpoint(t=1))
        hands.click(dialog.ok)

    hands.in_dialog(lambda: hands.press("F2"), change)
    assert breakpoints(panel) == (Breakpoint(t=1), Breakpoint("t > 1", once=True))


@pytest.mark.parametrize("key", ["F2", "Ins"])
def test_a_condition_that_another_networks_run_cannot_have_is_refused(
    panel: BreakpointsView, make_setup: Make, hands: Any, key: str
) -> None:
    """The run was under way when the dialog was opened."""
    refused: list[Any] = []
    panel.session.refused.connect(refused.append)
    set_(panel, Breakpoint("c[0] > 1"))
    hands.click_cell(panel.list, 0)
    panel.field.line.setText("c[0] > 2")

    def answer(dialog: BreakpointDialog) -> None:
        run(panel, make_setup("nn.RNN(3, 4)"), hands.qtbot)
        hands.click(dialog.ok)

    hands.in_dialog(lambda: hands.press(key), answer)
    assert len(refused) == 1
    assert breakpoints(panel) == (Breakpoint("c[0] > 1"),)
    assert panel.field.text() == "c[0] > 2"


@pytest.fixture
def open_dialog_on(panel: BreakpointsView, make_setup: Make, hands: Any) -> Iterator[Callable[..., BreakpointDialog]]:
    """Return a function that shows the dialog on a breakpoint of a deep network in both directions."""
    dialogs: list[BreakpointDialog] = []
    setup = make_setup("nn.LSTM(3, 5, num_layers=4, bidirectional=True)", steps=6, batch=9)

    def show(one: Breakpoint = Breakpoint(), setup: Setup = setup) -> BreakpointDialog:  # noqa: B008 - frozen
        names = Debugger(Session(setup, panel)).names
        dialog = BreakpointDialog(one, setup, names, LIGHT)
        dialogs.append(dialog)
        hands.bring_up(dialog)
        return dialog

    yield show
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()


FULL = Breakpoint(
    "f[3] < 0.1", t=4, scope=Scope(frozenset({0, 2, 3}), frozenset({"reverse"}), frozenset({8})), nth=3,
    message="f = {f[3]}", enabled=False,
)  # fmt: skip


@pytest.mark.parametrize("one", [FULL, Breakpoint(t=0), Breakpoint("t > 1", every=2, once=True), MISMATCH])
def test_the_dialog_shows_a_breakpoint_and_gives_it_back_as_it_was(open_dialog_on: Any, one: Breakpoint) -> None:
    dialog = open_dialog_on(one)
    assert dialog.chosen == one
    assert dialog.ok.isEnabled()


def test_everything_can_be_asked_for_by_keyboard_and_mouse(open_dialog_on: Any, hands: Any) -> None:
    dialog = open_dialog_on()
    assert not dialog.ok.isEnabled()
    hands.replace_text(dialog.condition.line, "f[3] < 0.1")
    hands.press("Tab")
    hands.press(SPACE)
    hands.set_number(dialog.step, 4)
    hands.replace_text(dialog.layers.line, "0, 2-3")
    hands.choose(dialog.direction, 2)
    hands.replace_text(dialog.batch.line, " 8 ")
    hands.choose(dialog.counting, 1)
    hands.set_number(dialog.count, 3)
    hands.choose(dialog.action, 1)
    assert not dialog.ok.isEnabled()
    hands.replace_text(dialog.message.line, "f = {f[3]}")
    assert dialog.ok.isEnabled()
    assert dialog.chosen == Breakpoint(**{**vars(FULL), "enabled": True})
    hands.choose(dialog.action, 0)
    hands.click(dialog.once)
    assert dialog.chosen.once
    assert dialog.chosen.message is None


@pytest.mark.parametrize("text", ["9", "0, 4", "-1", "1-", "2-1", "a", "0,,1", "0.5", "0 1", "99999999999999"])
def test_numbers_that_are_not_there_are_refused_beside_their_field(open_dialog_on: Any, hands: Any, text: str) -> None:
    dialog = open_dialog_on(Breakpoint("t > 1"))
    hands.replace_text(dialog.layers.line, text)
    assert dialog.layers.note.text() == "✗ 0 to 3, such as 0, 2-3"
    assert not dialog.ok.isEnabled()
    dialog.layers.line.setText(" 0 , 2 – 3，1")  # QTest knows no such keys
    assert dialog.layers.note.text() == "0 to 3, such as 0, 2-3"
    assert dialog.ok.isEnabled()
    assert dialog.chosen.scope.layers == frozenset({0, 1, 2, 3})


def test_a_wrong_condition_or_message_keeps_ok_from_being_pressed(open_dialog_on: Any, hands: Any) -> None:
    dialog = open_dialog_on(Breakpoint("t > 1", message="t = {t}"))
    for edit, wrong, right in ((dialog.condition, "f[9] < 0", "f[4] < 0"), (dialog.message, "{f[9]}", "{f[4]}")):
        hands.replace_text(edit.line, wrong)
        assert not dialog.ok.isEnabled()
        hands.press("Return")
        assert dialog.isVisible()
        assert edit.note.text() == "✗ f has the units 0 to 4, but not 9."
        hands.replace_text(edit.line, right)
        assert dialog.ok.isEnabled()


def test_without_a_condition_a_step_is_enough(open_dialog_on: Any, hands: Any) -> None:
    dialog = open_dialog_on()
    hands.click(dialog.at_step, QPoint(8, dialog.at_step.height() // 2))
    assert dialog.ok.isEnabled()
    assert dialog.chosen == Breakpoint(t=0)


def test_what_a_network_does_not_have_is_not_asked_for(open_dialog_on: Any, make_setup: Make) -> None:
    plain = make_setup("nn.LSTM(3, 5)", steps=6)
    dialog = open_dialog_on(Breakpoint("t > 1"), plain)
    assert not any(field.isVisible() for field in (dialog.layers, dialog.direction, dialog.batch))
    dialog = open_dialog_on(FULL, plain)
    assert all(field.isVisible() for field in (dialog.layers, dialog.direction, dialog.batch))
    assert not dialog.ok.isEnabled()


# what is gone


def test_a_breakpoint_that_is_gone_can_still_be_changed_which_sets_it_again(panel: BreakpointsView, hands: Any) -> None:
    set_(panel, Breakpoint("t > 1"))
    panel.list.select(0)
    panel.set_in_front(False)  # so that its list is of before
    panel.debugger.remove_all()

    def change(dialog: BreakpointDialog) -> None:
        hands.replace_text(dialog.condition.line, "t > 2")
        hands.press("Return")

    panel.list.setFocus()
    hands.in_dialog(lambda: hands.press("F2"), change)
    assert breakpoints(panel) == (Breakpoint("t > 2"),)


def test_what_is_done_with_a_breakpoint_that_is_gone_touches_no_other(panel: BreakpointsView, hands: Any) -> None:
    first, second = Breakpoint("t > 1"), Breakpoint("t > 2")
    set_(panel, first, second)
    panel.list.select(1)
    panel.set_in_front(False)
    set_(panel, Breakpoint("t > 3"), Breakpoint("t > 4"))
    panel.list.setFocus()
    hands.press("Space", "Ctrl+Return", "Del")
    hands.click(panel.list.viewport(), box_of(panel, 0))
    assert breakpoints(panel) == (Breakpoint("t > 3"), Breakpoint("t > 4"))
    assert panel.session.state.cursor.t == 0


# looks


def test_every_control_has_a_name_and_a_tooltip_with_its_key(panel: BreakpointsView) -> None:
    keys = {"add": "Ins", "change": "F2", "next": "Ctrl+Enter", "remove": "Del", "remove_all": "Ctrl+Shift+F9"}
    for name, button in panel.buttons.items():
        assert button.accessibleName()
        assert keys[name] in button.toolTip()
        assert not button.icon().isNull()
    assert panel.list.accessibleName() == "Breakpoints"
    assert panel.field.line.accessibleName()
    text = panel.list.rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "where it stops matching PyTorch: err > 1, no hits"


def test_larger_type_makes_the_rows_higher(panel: BreakpointsView) -> None:
    before = panel.list.visualRect(panel.list.rows.index(0, 0)).height()
    font = QApplication.font()
    font.setPointSize(18)
    QApplication.setFont(font)
    panel.set_theme(LIGHT)
    QApplication.processEvents()
    assert panel.list.visualRect(panel.list.rows.index(0, 0)).height() > before


def test_a_change_of_language_says_everything_again(panel: BreakpointsView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "tr", lambda text: f"<{text}>", raising=False)
    language.use("zh_CN")
    QApplication.processEvents()
    assert panel.summary.text() == "<No stop in this run>"
    assert panel.field.note.text().startswith("<")
