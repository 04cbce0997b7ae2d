"""The cell as a drawing, and the network unrolled over time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gatescope.messages.message import GatescopeError
from gatescope.traces.order import Cursor
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.canvas import DiagramCanvas
from gatescope_app.panels.diagram.cell_motion import prefers_less_motion, set_prefers_less_motion, system_reduces_motion
from gatescope_app.panels.diagram.cell_scene import CellScene
from gatescope_app.panels.diagram.diagram_texts import CellTexts
from gatescope_app.panels.diagram.drawing_export import ScenePicture, write_picture
from gatescope_app.panels.diagram.network_scene import NetworkScene
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.file_dialogs import ask_save_path
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.value_label import ElidedValueLabel
from gatescope_app.widgets.view import PanelParts, View

_ICONS = {
    "zoom_in": "mdi6.magnify-plus-outline",
    "zoom_out": "mdi6.magnify-minus-outline",
    "fit": "mdi6.fit-to-page-outline",
    "motion": "mdi6.motion-play-outline",
    "export": "mdi6.file-image-outline",
}


class DiagramView(View):
    """Two pages on one canvas: the cell that the cursor is in, and the whole network over time."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.cell, self.network = CellScene(self.theme), NetworkScene(self.theme)
        self._texts = CellTexts(self)
        self.cell.setParent(self)
        self.network.setParent(self)
        self.canvas = DiagramCanvas(self.theme)
        self.pages = {"cell": QToolButton(), "network": QToolButton()}
        self.caption = ElidedValueLabel()
        self.caption.setAutoFillBackground(True)  # or panel and dock are painted again below it
        self.buttons = IconButtons(_ICONS)
        self._lay_out()
        self._connect()
        self.canvas.show_scene(self.cell)
        self.entry = self.canvas
        self.retranslate()

    def _lay_out(self) -> None:
        switch, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for page in self.pages.values():
            page.setCheckable(True)
            page.setAutoRaise(True)
            row.addWidget(page)
        row.addSpacing(8)
        row.addWidget(self.caption, 1)
        switch.setLayout(row)
        fill_column(self, self.buttons.beside(switch), (self.canvas, 1), margins=(4, 2, 4, 2), spacing=2)

    def _connect(self) -> None:
        session, buttons = self.session, self.buttons
        self.cell.quantity_picked.connect(lambda name: session.look_at(quantity=name))
        self.cell.unit_picked.connect(lambda unit: session.look_at(unit=unit))
        self.cell.pointed.connect(session.point_at)
        self.network.cursor_picked.connect(session.go)
        self.network.cell_opened.connect(self.open_cell)
        self.network.pointed.connect(session.point_at)
        self.canvas.resized.connect(self._on_room)
        # No group of buttons that exclude each other: of these Tab reaches one only.
        self.pages["cell"].setChecked(True)
        self.pages["cell"].clicked.connect(lambda: self.turn_to("cell"))
        self.pages["network"].clicked.connect(lambda: self.turn_to("network"))
        buttons["zoom_in"].clicked.connect(self.canvas.zoom_in)
        buttons["zoom_out"].clicked.connect(self.canvas.zoom_out)
        buttons["fit"].clicked.connect(self.canvas.fit)
        buttons["motion"].setCheckable(True)
        buttons["motion"].setChecked(not prefers_less_motion())
        buttons["motion"].toggled.connect(lambda moves: set_prefers_less_motion(not moves))
        buttons["export"].clicked.connect(self.export)

    # the view

    def retranslate(self) -> None:
        self.pages["cell"].setText(self.tr("Cell"))
        self.pages["network"].setText(self.tr("Network"))
        motion = self.tr("Let values move along the wires when a phase is stepped into (F11)")
        self.buttons.set_texts({
            "zoom_in": (self.tr("Zoom in"), self.tr("Zoom in (+, Ctrl+wheel)")),
            "zoom_out": (self.tr("Zoom out"), self.tr("Zoom out (-, Ctrl+wheel)")),
            "fit": (self.tr("Fit"), self.tr("Show all of the drawing (0)")),
            "motion": (self.tr("Moving values"), motion),
            "export": (self.tr("Export drawing"), self.tr("Save the drawing as SVG, PNG or PDF")),
        })  # fmt: skip
        self.pages["cell"].setToolTip(
            self.tr(
                "The cell that the cursor is in, with the numbers on its wires. Up and Down select another unit, Page "
                "Up and Page Down another quantity"
            )
        )
        self.pages["network"].setToolTip(self.tr("All layers over time, from which a double click opens a cell"))
        for page in self.pages.values():
            page.setAccessibleName(page.text())

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.canvas.set_theme(theme)
        self.cell.set_theme(theme)
        self.network.set_theme(theme)
        super().set_theme(theme)

    def forget(self) -> None:
        self.cell.forget()
        self.network.forget()

    def apply(self, old: State | None, new: State) -> None:
        """Show another state on the page in front."""
        self.front.apply(old, new)
        self.caption.setText(self._texts.format_caption(new))
        self._describe()

    # pages

    @property
    def front(self) -> CellScene | NetworkScene:
        """The page that is shown."""
        return self.cell if self.pages["cell"].isChecked() else self.network

    def turn_to(self, name: str) -> None:
        """Show "cell" or "network"."""
        for page, button in self.pages.items():
            button.setChecked(page == name)
        if self.canvas.scene() is not self.front:
            self.canvas.show_scene(self.front)
            self.refresh()
            self.canvas.fit()

    def _on_room(self) -> None:
        if self.front is self.network:
            self.network.suit_room()

    def open_cell(self, cursor: Cursor) -> None:
        """Go to a cell, and show it."""
        self.session.go(cursor)
        self.turn_to("cell")

    def _describe(self) -> None:
        in_cell = self.front is self.cell
        self.buttons["motion"].setEnabled(in_cell and not system_reduces_motion())
        self.canvas.setAccessibleName(self.tr("Cell diagram") if in_cell else self.tr("Network over time"))
        self.canvas.setAccessibleDescription(self.front.description)

    # the menu

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with what lies there, and with the whole drawing."""
        place = self.canvas.mapToScene(menu.place_in(self.canvas.viewport()))
        if self.front is self.cell:
            self._offer_quantity_at(menu, self.session.state.quantity if menu.by_key else self.cell.pointed_at(place))
        else:
            node = None if menu.by_key else self.network.node_at(place)
            self._offer_cell(menu, self.session.state.cursor if node is None else node.target)
        menu.addSeparator()
        menu.offer_buttons(self.buttons, zoom_in="+", zoom_out="-", fit="0", export="")

    def _offer_quantity_at(self, menu: ContextMenu, name: str | None) -> None:
        state = self.session.state
        quantity = next((one for one in state.setup.spec.cell.quantities if one.name == name), None)
        if quantity is not None:
            text = self.tr("Select {symbol}").format(symbol=quantity.symbol)
            menu.offer(
                text, lambda: self.session.look_at(quantity=quantity.name), enabled=quantity.name != state.quantity
            )
        if name is not None and name in (*state.setup.spec.cell.names, *state.setup.spec.cell.preactivation_names):
            self.offer_quantity(menu, name, state.unit)

    def _offer_cell(self, menu: ContextMenu, cursor: Cursor | None) -> None:
        if cursor is not None:
            menu.offer(
                self.tr("Go there"), lambda: self.session.go(cursor), enabled=cursor != self.session.state.cursor
            )
            menu.offer(self.tr("Open this cell"), lambda: self.open_cell(cursor), keys="Return")

    # export

    def export(self) -> None:
        """Ask where to save the drawing, and in which format."""
        filters = [self.tr("SVG drawing (*.svg)"), self.tr("PNG picture (*.png)"), self.tr("PDF document (*.pdf)")]
        name = "cell.svg" if self.front is self.cell else "network.svg"
        path, _ = ask_save_path(self, "drawing", self.tr("Export drawing"), name, filters)
        if path is not None:
            self.save_picture(path)

    def save_picture(self, path: Path) -> None:
        """Save the page in front; where that fails, say why."""
        try:
            write_picture(ScenePicture(self.front, self.caption.text(), self.front.type_size), path)
        except GatescopeError as error:
            self.session.refused.emit(error.message)
