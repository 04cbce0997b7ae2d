"""The canvas that a scene is shown on, and what the scenes of the cell and the network share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsSceneMouseEvent, QGraphicsView, QToolTip

from gatescope_app.look.theme import Theme
from gatescope_app.state.session_state import State

_STEP = 1.25
_LEAST, _MOST = 0.05, 12.0
_IN, _OUT, _FIT = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus,), (Qt.Key.Key_0,)
_NOTCH = 120.0  # of a wheel, as Qt counts


class DiagramCanvas(QGraphicsView):
    """Shows one scene at a time. Ctrl+wheel and + and - zoom, 0 fits; a zoomed drawing can be dragged.

    Signals
    -------
    resized()
        There is more or less room.
    """

    resized = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fits = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(1, 1, 1, 1)  # or nothing of it would be seen below the viewport, to Qt
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 80)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.resetCachedContent()
        self.viewport().update()

    def show_scene(self, scene: QGraphicsScene) -> None:
        """Show a scene, all of it."""
        old = self.scene()
        if old is not None:
            old.sceneRectChanged.disconnect(self._on_area)
        self.setScene(scene)
        scene.sceneRectChanged.connect(self._on_area)
        self.fit()

    def _on_area(self, _area: QRectF) -> None:
        self.resetCachedContent()
        if self._fits:
            self.fit()

    # zoom

    @property
    def zoom(self) -> float:
        """How large the scene is shown."""
        return self.transform().m11()

    def zoom_in(self) -> None:
        """Show it larger."""
        self.zoom_by(_STEP)

    def zoom_out(self) -> None:
        """Show it smaller."""
        self.zoom_by(1 / _STEP)

    def zoom_by(self, factor: float) -> None:
        """Show it larger or smaller, around the mouse or else the middle."""
        wanted = min(max(self.zoom * factor, _LEAST), _MOST)
        self._set_fits(fits=False)
        self.scale(wanted / self.zoom, wanted / self.zoom)

    def fit(self) -> None:
        """Show all of it, as large as there is room; from now on with every change of the room."""
        self._set_fits(fits=True)
        area, room = self.sceneRect(), self.maximumViewportSize()
        if area.isEmpty() or room.isEmpty():
            return
        zoom = min(room.width() / area.width(), room.height() / area.height())
        self.resetTransform()
        self.scale(zoom, zoom)
        self.centerOn(area.center())

    def _set_fits(self, *, fits: bool) -> None:
        self._fits = fits
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(bars)
        self.setVerticalScrollBarPolicy(bars)
        self.setDragMode(QGraphicsView.DragMode.NoDrag if fits else QGraphicsView.DragMode.ScrollHandDrag)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Go on showing all of it, where all was shown."""
        super().resizeEvent(event)
        self.resized.emit()
        if self._fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(_STEP ** (event.angleDelta().y() / _NOTCH))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and fit; the scene has the other keys."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        key = Qt.Key(event.key())
        for keys, act in ((_IN, self.zoom_in), (_OUT, self.zoom_out), (_FIT, self.fit)):
            if plain and key in keys:
                act()
                event.accept()
                return
        super().keyPressEvent(event)

    # focus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the frame of what has the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, _area: QRectF | QRect) -> None:
        """Draw a frame where the keys go here."""
        if self.hasFocus():
            painter.resetTransform()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(QColor(self._theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))


class DiagramScene(QGraphicsScene):
    """A drawing of a state. Its items are only looked at; the scene has the mouse and the keys.

    Signals
    -------
    pointed(str or None)
        What the mouse is over, as `Session.point_at` takes it.
    """

    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: State | None = None
        self._mouse: tuple[QPointF, QPoint] | None = None  # where it is, in the drawing and on the screen

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; `old` is what is shown now, None for nothing that could be kept."""
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of the run that is shown."""
        self._state = None

    @property
    def description(self) -> str:
        """What is shown, for those who do not see it."""
        raise NotImplementedError

    def pointed_at(self, place: QPointF) -> str | None:
        """Return what a place stands for, as `Session.point_at` takes it."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._mouse = (event.scenePos(), event.screenPos())
        self.pointed.emit(self.pointed_at(event.scenePos()))
        super().mouseMoveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say that nothing is pointed at when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._mouse = None
            QToolTip.hideText()
            self.pointed.emit(None)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key without modifiers stands for here; the window has the others."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self._state is not None and self.press(Qt.Key(event.key()), self._state):
            event.accept()
        else:
            super().keyPressEvent(event)

    def press(self, key: Qt.Key, state: State) -> bool:
        """Do what a key stands for, and return whether it stands for something."""
        raise NotImplementedError
