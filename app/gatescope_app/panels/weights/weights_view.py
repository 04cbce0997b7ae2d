"""The packed parameters as heat maps, with the gates' blocks of rows."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QComboBox, QStackedWidget, QToolTip, QWidget

from gatescope.analysis.histograms import Histogram, initial_bound
from gatescope.edits.edits import WeightEdit
from gatescope.modules.spec import ModuleSpec
from gatescope.modules.torch_code import bias_sum_code, block_code
from gatescope_app.look.colour_maps import diverging_colours
from gatescope_app.look.theme import Theme
from gatescope_app.panels.weights import weight_texts as texts
from gatescope_app.panels.weights.canvas import WeightCanvas
from gatescope_app.panels.weights.histogram_page import HistogramPage
from gatescope_app.panels.weights.maps import SUM, CellMaps, MapPlace, cell_maps, histograms_of
from gatescope_app.panels.weights.scale import STEP
from gatescope_app.panels.weights.selection import Selection
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.cell_editors import parse_number
from gatescope_app.widgets.colour_scale import ColourScale
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.paragraph import Paragraph
from gatescope_app.widgets.value_label import ElidedValueLabel
from gatescope_app.widgets.view import PanelParts, View

if TYPE_CHECKING:
    from gatescope_app.state.runs import Run

_AT_ONCE = 300_000  # numbers that are gathered, or counted, in a moment
_BUTTONS = {
    "histograms": "mdi6.chart-histogram", "biases": "mdi6.help-circle-outline", "copy": "mdi6.content-copy",
    "fit": "mdi6.fit-to-page-outline", "read": "mdi6.numeric", "smaller": "mdi6.magnify-minus-outline",
    "larger": "mdi6.magnify-plus-outline",
}  # fmt: skip


class WeightsView(View):
    """All parameters of the cell that is looked at: which rows are which gate, number by number."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self._editor = parts.editor
        self.reader, self.counter = Worker(self), Worker(self)
        self._read_from: tuple[object, ...] = ()  # what the maps are of
        self._selection = Selection()
        self._counted: dict[str, tuple[Histogram, ...]] = {}  # by gate, of the maps on show
        self.gate, self.buttons = QComboBox(), IconButtons(_BUTTONS)
        self.why, self.reading, self.scale = Paragraph(), ElidedValueLabel(), ColourScale(self.theme)
        self.canvas, self.histograms = WeightCanvas(self.theme), HistogramPage(self.theme)
        self.pages = QStackedWidget()
        self.entry = self.canvas
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.pages.addWidget(self.canvas)
        self.pages.addWidget(self.histograms)
        self.why.hide()
        choice = QWidget()
        fill_row(choice, self.gate, STRETCH, margins=(0, 0, 0, 0))
        foot = fill_row(None, (self.reading, 1), self.scale)
        fill_column(self, self.buttons.beside(choice), self.why, (self.pages, 1), foot, margins=(6, 4, 6, 2), spacing=3)

    def _connect(self) -> None:
        for name in ("histograms", "biases"):
            self.buttons[name].setCheckable(True)
        self.gate.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.gate.activated.connect(lambda _: self.session.look_at(quantity=self.gate.currentData()))
        self.buttons["histograms"].toggled.connect(self._turn_page)
        self.buttons["biases"].toggled.connect(self.why.setVisible)
        self.buttons["copy"].clicked.connect(self.copy_code)
        self.buttons["fit"].clicked.connect(self.canvas.zoom_to_fit)
        self.buttons["read"].clicked.connect(self.canvas.zoom_to_read)
        self.buttons["smaller"].clicked.connect(lambda: self.canvas.zoom_by(1 / STEP))
        self.buttons["larger"].clicked.connect(lambda: self.canvas.zoom_by(STEP))
        self.canvas.picked.connect(self._on_picked)
        self.canvas.block_picked.connect(lambda gate: self.session.look_at(quantity=gate))
        self.canvas.hovered.connect(self._on_hovered)
        self.canvas.edit_asked.connect(self._edit)
        self.canvas.copy_asked.connect(self.copy_code)
        self.canvas.hint_clicked.connect(self.buttons["biases"].toggle)
        self.canvas.field.entered.connect(self._editor.do)

    def retranslate(self) -> None:
        self.buttons.set_texts({
            "histograms": (
                self.tr("Histograms"), self.tr("Histograms of the chosen gate's weights, instead of the maps")
            ),
            "biases": self.tr("Why there are two biases"),
            "copy": (
                self.tr("Copy the block as torch code"),
                self.tr("Copy the block at the cursor as torch code (Ctrl+C in the maps)"),
            ),
            "fit": (self.tr("Show the maps whole"), self.tr("Show the maps whole (0 in the maps)")),
            "read": self.tr("Show the numbers large enough to read"),
            "smaller": (self.tr("Zoom out"), self.tr("Zoom out (- or Ctrl+wheel in the maps)")),
            "larger": (self.tr("Zoom in"), self.tr("Zoom in (+ or Ctrl+wheel in the maps)")),
        })  # fmt: skip
        self.gate.setToolTip(self.tr("Which gate's block is chosen, here and in all panels"))
        self.gate.setAccessibleName(self.tr("Gate"))
        self.why.label.setAccessibleName(self.tr("Why there are two biases"))
        self.canvas.hint = self.tr("why two?")
        self.canvas.setAccessibleName(self.tr("Weights as heat maps"))
        self.canvas.setWhatsThis(
            self.tr(
                "Up, Down, Page Up and Page Down go through the rows, Shift+Left and Shift+Right through the columns."
                " F2, Enter or a double click types another number."
            )
        )
        if self.canvas.maps is not None:
            self._name(self.canvas.maps.spec)
        self.scale.setToolTip(
            self.tr(
                "One scale for all maps, up to the largest magnitude. Where several numbers share a pixel, it shows the"
                " one that is furthest from zero"
            )
        )

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.histograms.theme = theme
        self.canvas.set_theme(theme)
        super().set_theme(theme)
        self._show_scale()

    def forget(self) -> None:
        self.reader.cancel()
        self.counter.cancel()
        self._read_from = ()
        self.canvas.set_maps(None)
        self.canvas.state = None

    def apply(self, old: State | None, new: State) -> None:
        """Show the cell that is looked at; a step within it changes nothing here."""
        if new.run is None:
            return
        source = (new.run, new.focus.layer, new.focus.direction)
        if self._read_from != source:
            self._read_from = source
            self._read(new, new.run)
        elif old is None or _marked(old) != _marked(new):
            self._mark(new)

    # reading the parameters

    def _read(self, state: State, run: Run) -> None:
        """Gather the cell's parameters; many of them off the GUI thread."""
        layer, direction, trace = state.focus.layer, state.focus.direction, run.trace
        size = sum(prod(shape) for shape in trace.spec.cell_parameters(layer, direction).values())
        self.counter.cancel()
        self._counted = {}
        if size > _AT_ONCE:
            self.canvas.set_maps(None, self.tr("Reading the weights…"))
            self.histograms.show_histograms((), self.theme.text, 1.0, self.tr("Reading the weights…"))
        self.reader.run(
            lambda progress: cell_maps(trace, layer, direction, progress), self._show_maps, self.session.failed.emit,
            at_once=size <= _AT_ONCE,
        )  # fmt: skip

    def _show_maps(self, maps: CellMaps) -> None:
        self.canvas.set_maps(maps)
        self._show_scale()
        self._name(maps.spec)
        self._mark(self.session.state)

    def _show_scale(self) -> None:
        if self.canvas.maps is not None:
            limit = self.canvas.maps.limit
            self.scale.set_scale(-limit, limit, diverging_colours(self.theme), self.theme)

    def _name(self, spec: ModuleSpec) -> None:
        """List the blocks in teaching order, with the projection that makes h; and say what the biases are for."""
        self.why.set_text(texts.explain_two_biases(spec) if spec.bias else texts.describe_no_biases())
        gates = [one.name for one in spec.cell.quantities if one.name in spec.cell.packed]
        self.gate.clear()
        for gate in gates + (["h"] if spec.proj_size else []):
            self.gate.addItem(texts.choice_label(spec, gate), gate)

    # what is selected

    def _mark(self, state: State) -> None:
        maps = self.canvas.maps
        if maps is None:
            return
        cursor = self._selection.follow(maps, state)
        self.gate.setCurrentIndex(self.gate.findData(self._selection.gate))
        self.canvas.set_state(state, texts.edited_places(state, maps), cursor)
        self._say(self.canvas.pointed_place or cursor)
        self._show_histograms(maps)

    def _on_picked(self, place: MapPlace) -> None:
        assert self.canvas.maps is not None
        before = self.session.state
        self._selection.go(self.canvas.maps, place)
        self.session.look_at(**self._selection.looked_at(self.canvas.maps, place))
        if self.session.state is before:  # only the column is another
            self._mark(before)

    def _on_hovered(self, place: MapPlace | None) -> None:
        maps = self.canvas.maps
        if maps is not None:
            self._say(place or self.canvas.cursor_place)
            self.session.point_at(None if place is None else self._selection.symbol(maps, place, self.session.state))

    def _say(self, place: MapPlace | None) -> None:
        text = "" if place is None else self.canvas.describe_place(place)
        self.reading.setText(text.replace("\n", " · "))
        self.canvas.setAccessibleDescription(text)

    # histograms

    def _turn_page(self, histograms: bool) -> None:
        self.pages.setCurrentWidget(self.histograms if histograms else self.canvas)
        for name in ("fit", "read", "smaller", "larger"):
            self.buttons[name].setEnabled(not histograms)
        self.scale.setVisible(not histograms)
        if self.canvas.maps is not None:
            self._show_histograms(self.canvas.maps)

    def _show_histograms(self, maps: CellMaps) -> None:
        """Count the chosen gate's numbers, where that is to be seen; many of them off the GUI thread."""
        gate = self._selection.gate
        if self.pages.currentWidget() is not self.histograms:
            return
        if gate not in self._counted:
            at_once = sum(one.numbers.size for one in maps) <= _AT_ONCE
            if not at_once:
                self.histograms.show_histograms((), self.theme.text, 1.0, self.tr("Counting…"))
            self.counter.run(
                lambda _: histograms_of(maps, gate), lambda found: self._on_counted(maps, gate, found),
                self.session.failed.emit, at_once=at_once,
            )  # fmt: skip
            return
        colour, bound = self.theme.quantities[gate], initial_bound(maps.spec.hidden_size)
        self.histograms.show_histograms(self._counted[gate], colour, bound)

    def _on_counted(self, maps: CellMaps, gate: str, found: tuple[Histogram, ...]) -> None:
        if maps is self.canvas.maps:
            self._counted[gate] = found
            self._show_histograms(maps)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a number and its block."""
        maps, viewport = self.canvas.maps, self.canvas.viewport()
        place = self.canvas.place_at(menu.place_in(viewport).toPointF()) if menu.is_over(viewport) else None
        place = self.canvas.cursor_place if menu.by_key else place
        if maps is not None and place is not None:
            self.canvas.picked.emit(place)
            number, one = maps.number(place), maps.get(place.kind)
            if number is not None:
                if one.editable:
                    menu.offer(self.tr("Compute with another number…"), self._edit, keys="F2")
                menu.offer_number(texts.number_name(one, place), number)
        menu.offer_buttons(self.buttons, copy="Ctrl+C")
        menu.addSeparator()
        menu.offer_buttons(self.buttons, histograms="", fit="0", read="", larger="+", smaller="-")

    # copying and editing

    def copy_code(self) -> None:
        """Copy the lines of PyTorch for the block at the cursor."""
        maps, cursor = self.canvas.maps, self.canvas.cursor_place
        if maps is None or cursor is None:
            return
        code = _code(maps, cursor, self._selection.gate)
        if code is not None:
            QApplication.clipboard().setText(code)
            line = next(line for line in code.splitlines() if not line.startswith("#"))
            self.reading.setText(self.tr("Copied: {code}").format(code=line))

    def _edit(self) -> None:
        """Type another number at the cursor, or say why not."""
        maps, place = self.canvas.maps, self.canvas.cursor_place
        if maps is None or place is None:
            return
        self.canvas.reveal(place)
        number, one, cell = maps.number(place), maps.get(place.kind), self.canvas.rect_of(place)
        if number is None or not one.editable:
            where = self.canvas.viewport().mapToGlobal(cell.bottomLeft().toPoint())
            QToolTip.showText(where, self.canvas.describe_place(place), self.canvas.viewport(), QRect())
            return
        name = texts.number_name(one, place)
        self.canvas.open_field(place, str(number), name, lambda text: self._read_edit(place, text))

    def _read_edit(self, place: MapPlace, text: str) -> WeightEdit:
        """Return the edit for a number that was typed, or raise GatescopeError."""
        assert self.canvas.maps is not None
        one = self.canvas.maps.get(place.kind)
        value = parse_number(texts.number_name(one, place), text)
        edit = WeightEdit(one.name, one.index(place.row, place.column), value)
        edit.check(self.session.state.setup.shape)
        return edit


def _marked(state: State) -> tuple[object, ...]:
    """Return what the marks depend on."""
    return state.focus, state.quantity, state.pointed, state.ghost, state.revision, state.setup


def _code(maps: CellMaps, place: MapPlace, gate: str) -> str | None:
    """Return the lines for a block; None for a sum that there is not."""
    one = maps.get(place.kind)
    block = one.block_of(gate)
    if block is None:
        return None
    numbers = one.numbers[block.rows, 0] if one.vector else one.numbers[block.rows]
    if one.kind == SUM:
        return bias_sum_code(maps.spec, (maps.get("b_ih").name, maps.get("b_hh").name), gate, numbers)
    return block_code(maps.spec, one.name, None if one.kind == "w_hr" else gate, numbers)
