"""Language, theme, size of type and layout: switched while it runs, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QMenu,
    QStyle,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QWidget,
)

from gatescope_app.look import theme as themes
from gatescope_app.look.appearance import LARGEST, SMALLEST, Appearance
from gatescope_app.panels.gates.unit_list import UnitList
from gatescope_app.state.runs import example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

IN_FRONT = "compare"


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def choose_language(window: MainWindow, hands: Any, name: str) -> None:
    hands.click_menu(window.menus.menus["language"], window.menus.languages.by_name[name])
    QApplication.processEvents()  # Qt tells the widgets by a posted event


def choose_theme(window: MainWindow, hands: Any, name: str) -> None:
    hands.click_menu(window.menus.themes, window.menus.themes.by_name[name])
    QApplication.processEvents()  # as above, of the palette


def titles(window: MainWindow) -> dict[str, str]:
    return {name: dock.windowTitle() for name, dock in window.docks.items()}


def test_chinese_while_running_and_english_again(window: MainWindow, hands: Any) -> None:
    english = titles(window)
    choose_language(window, hands, "zh_CN")
    chinese = titles(window)
    assert all(is_chinese(title) for title in chinese.values()), chinese
    assert all(is_chinese(menu.title()) for name, menu in window.menus.menus.items() if name != "language")
    assert all(is_chinese(action.text()) for action in window.actions_by_name.values())
    assert all(is_chinese(action.toolTip()) for action in window.actions_by_name.values())
    choose_language(window, hands, "en")
    assert titles(window) == english


def test_plots_inspector_badge_and_compare_speak_chinese_too(window: MainWindow, hands: Any) -> None:
    choose_language(window, hands, "zh_CN")
    inspector: Any = window.views["inspector"]
    compare: Any = window.views["compare"]
    notes: Any = window.views["notes"]
    assert "遗忘门" in window.gates.plots["f"].title.text()
    assert "细胞状态" in window.gates.plots["c"].title.text()
    for text in (
        inspector.where.text(), window.toolbar.badge.text(), compare.words.verdict.text(), compare.words.detail.text(),
        compare.words.legend.text(), notes.text.toPlainText(), window.views["sequence"].caption.text(),  # type: ignore[attr-defined]
    ):  # fmt: skip
        assert is_chinese(text), text


def test_the_windows_title_stays_the_examples_in_either_language(window: MainWindow, hands: Any) -> None:
    english = window.windowTitle()
    assert english == "hello to ohlol: one letter, two answers[*] – Gatescope"
    choose_language(window, hands, "zh_CN")
    assert is_chinese(window.windowTitle())
    choose_language(window, hands, "en")
    assert window.windowTitle() == english


def test_a_change_of_language_keeps_step_selection_and_choices(show_window: Open, make_setup: Any, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, num_layers=2, bidirectional=True)", batch=2))
    hands.press("F10", "F10", "Ctrl+2", "Ctrl+Up")
    window.session.look_at(layer=1, direction="reverse", batch=1, unit=3)
    before = window.session.state
    choose_language(window, hands, "zh_CN")
    hands.expect_unchanged(window, before)
    assert window.gates.direction.currentData() == "reverse"
    assert window.gates.direction.currentText() == "反向"
    assert window.gates.style_box.currentIndex() == 2
    assert window.gates.units.currentRow() == 3
    assert window.toolbar.slider.value() == 2
    hands.press("F10")
    assert window.session.state.cursor.t == 1  # the reverse direction runs towards 0


def test_the_language_is_remembered(window: MainWindow, hands: Any) -> None:
    choose_language(window, hands, "zh_CN")
    assert Appearance().language == "zh_CN"
    assert window.menus.languages.by_name["zh_CN"].isChecked()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_theme_colours_window_plots_and_badge(window: MainWindow, hands: Any, name: str) -> None:
    choose_theme(window, hands, "light" if name == "dark" else "dark")
    choose_theme(window, hands, name)
    theme = themes.DARK if name == "dark" else themes.LIGHT
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert palette.color(QPalette.ColorRole.Text) == QColor(theme.text)
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(theme.disabled)
    plots = [plot.plot for plot in window.gates.plots.values()]
    plots += [plot.widget for plot in window.views["compare"].plots.values()]  # type: ignore[attr-defined]
    for plot in plots:
        image = plot.grab().toImage()
        assert image.pixelColor(image.width() - 4, image.height() // 2) == QColor(theme.base)
    assert theme.matches in window.toolbar.badge.styleSheet()
    for quantity, plot in window.gates.plots.items():
        assert theme.quantities[quantity] in plot.heading.text()


def test_the_theme_is_remembered_and_ticked(window: MainWindow, hands: Any) -> None:
    choose_theme(window, hands, "dark")
    assert window.menus.themes.by_name["dark"].isChecked()
    appearance = Appearance()
    assert appearance.choice == "dark"
    assert appearance.theme is themes.DARK


def test_stepping_goes_on_in_the_other_theme(window: MainWindow, hands: Any) -> None:
    hands.press("F10")
    choose_theme(window, hands, "dark")
    assert window.session.state.cursor.t == 1
    hands.press("F10")
    assert window.gates.plots["f"].item.known == range(3)


def test_larger_and_smaller_type_reach_every_panel_and_stop_at_their_limits(window: MainWindow, hands: Any) -> None:
    usual = QApplication.font().pointSize()
    hands.press("Ctrl++", "Ctrl+=")
    assert QApplication.font().pointSize() == usual + 2
    for widget in (window.toolbar.place, window.gates.labels["units"], window.views["inspector"], window.banner):
        assert widget.font().pointSize() == usual + 2, widget
    for label in window.gates.findChildren(QLabel):
        assert label.font().pointSize() == usual + 2, label.text()
    hands.press(*["Ctrl+-"] * 20)
    assert QApplication.font().pointSize() == SMALLEST
    hands.press(*["Ctrl++"] * 20)
    assert QApplication.font().pointSize() == LARGEST


def test_the_size_of_type_is_remembered(window: MainWindow, hands: Any) -> None:
    usual = QApplication.font().pointSize()
    hands.press("Ctrl++")
    hands.press("Ctrl++")
    Appearance().apply()
    assert QApplication.font().pointSize() == usual + 2


def test_the_layout_is_remembered_and_can_be_reset(show_window: Open, hands: Any) -> None:
    first = show_window(example_setup("hello"))
    first.docks["notes"].close()
    hands.press("Ctrl+Q")
    assert not first.isVisible()
    second = show_window(example_setup("hello"))
    assert not second.docks["notes"].isVisible()
    assert second.docks["sequence"].isVisible()
    hands.press("Ctrl+Shift+0")
    assert all(dock.isVisible() for dock in second.docks.values())


def test_broken_settings_do_not_keep_the_window_from_opening(show_window: Open) -> None:
    from gatescope_app.state.settings import settings

    for name in ("geometry", "layout_debug", "layout_name", "theme", "language", "type_size"):
        settings().setValue(name, "nonsense")
    appearance = Appearance()
    assert (appearance.choice, appearance.language) == ("system", "en")
    assert show_window(example_setup("hello")).isVisible()


@pytest.mark.parametrize("theme", [themes.LIGHT, themes.DARK], ids=lambda theme: theme.name)
def test_text_stands_out_from_its_background(theme: themes.Theme) -> None:
    pairs = [(theme.text, theme.window), (theme.text, theme.base), (theme.on_accent, theme.accent)]
    pairs += [
        (theme.on_verdict, colour) for colour in (theme.matches, theme.warning, theme.differs, theme.cannot_compare)
    ]
    pairs += [(colour, theme.base) for colour in theme.quantities.values()]
    for ink, paper in pairs:
        assert contrast(QColor(ink), QColor(paper)) >= 4.5, f"{ink} on {paper}"  # WCAG AA


@pytest.mark.parametrize("name", ["dark", "light"])
def test_an_unticked_box_stands_out_from_its_background(window: MainWindow, hands: Any, name: str) -> None:
    inspector: Any = window.views["inspector"]
    compare: Any = window.views["compare"]
    choose_theme(window, hands, "light" if name == "dark" else "dark")
    choose_theme(window, hands, name)
    compare.words.ensureWidgetVisible(compare.words.arbiter.box)
    for box in (inspector.pre_activations, compare.words.arbiter.box):
        assert box.isVisible()
        assert not box.isChecked()
        assert weakest_side(box, place_of_box(box)) >= 3, box.text()  # WCAG AA, for what is no text


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_box_of_an_unticked_unit_stands_out_from_the_list(window: MainWindow, hands: Any, name: str) -> None:
    choose_theme(window, hands, "light" if name == "dark" else "dark")
    choose_theme(window, hands, name)
    units = window.gates.units
    units.show_only({0})
    theme = themes.DARK if name == "dark" else themes.LIGHT
    assert weakest_side(units.viewport(), place_of_unit(units, 1)) >= 3
    bar = units.horizontalScrollBar().palette()
    assert bar.color(QPalette.ColorRole.Window) == QColor(theme.window)  # only the boxes have a colour of their own


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_frame_of_a_menu_stands_out_from_the_menu(window: MainWindow, hands: Any, name: str) -> None:
    choose_theme(window, hands, "light" if name == "dark" else "dark")
    choose_theme(window, hands, name)
    menu = window.menuBar().actions()[0].menu()
    assert isinstance(menu, QMenu)
    image = menu.grab().toImage()
    width, height = image.width(), image.height()
    background = image.pixelColor(2, 2)
    for at in ((0, height // 2), (width - 1, height // 2), (width // 2, 0), (width // 2, height - 1)):
        assert contrast(image.pixelColor(*at), background) >= 3, at  # WCAG AA, for what is no text


def place_of_box(box: QCheckBox) -> QRect:
    option = QStyleOptionButton()
    box.initStyleOption(option)
    return box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)


def place_of_unit(units: UnitList, unit: int) -> QRect:
    option = QStyleOptionViewItem()
    units.initViewItemOption(option)
    option.rect = units.visualItemRect(units.item(unit))
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    return units.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, units)


def weakest_side(widget: QWidget, box: QRect) -> float:
    """Return how much the faintest of a box's four sides stands out, from the middle outwards."""
    image = widget.window().grab().toImage()
    box = box.translated(widget.mapTo(widget.window(), QPoint()))
    background, middle = image.pixelColor(box.topLeft() - QPoint(1, 1)), box.center()
    sides = [[(x, middle.y()) for x in half] for half in halves(box.left(), box.right())]
    sides += [[(middle.x(), y) for y in half] for half in halves(box.top(), box.bottom())]
    return min(max(contrast(image.pixelColor(*at), background) for at in side) for side in sides)


def halves(first: int, last: int) -> tuple[range, range]:
    middle = (first + last) // 2
    return range(first, middle), range(middle + 1, last + 1)


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of the Web Content Accessibility Guidelines 2."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
