"""Symbols typeset by ziamath, off the GUI thread.

Only what stays the same from step to step is typeset: letters, operators, names of functions. Steps, indices and
numbers change with every step, and are painted as text in the same font. So after the first moment nothing has to be
typeset any more, and nothing that is shown can be of another step.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from gatescope_app.state.error_log import log
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:
    from gatescope.messages.message import Progress

KEPT = 256
"""How many symbols are remembered: those of one kind of cell are about 40."""


@dataclass(frozen=True)
class SymbolRequest:
    """One symbol: what it is, its size in pixels, its colour, and how many pixels of the screen one of them is."""

    latex: str
    size: int
    colour: str
    scale: float


@dataclass(frozen=True)
class TypesetSymbol:
    """A symbol as ziamath draws it.

    Parameters
    ----------
    image : QImage
        The picture.
    origin : QPointF
        Where its upper left corner is, seen from where the symbol begins on the base line.
    width : float
        How far on the next symbol begins, after a letter.
    alone : float
        The same after an operator, where only its own space to the left is left to its right.
    subscript : float
        How far on a subscript begins, which moves in under letters that lean over.
    """

    image: QImage
    origin: QPointF
    width: float
    alone: float
    subscript: float


Typeset = dict[SymbolRequest, TypesetSymbol | Exception]
"""Symbols, and what went wrong with others."""


def draw(request: SymbolRequest) -> TypesetSymbol:
    """Typeset a symbol; takes milliseconds, the first time some hundred."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - only who looks at equations waits for it

    whole = _latex(request.latex, request)
    renderer = QSvgRenderer(QByteArray(whole.svg().encode()))
    box: QRectF = renderer.viewBoxF()
    image = QImage(_whole(box.width() * request.scale), _whole(box.height() * request.scale), _FORMAT)
    image.setDevicePixelRatio(request.scale)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, box.width(), box.height()))
    painter.end()
    # What ziamath says of a symbol alone is how far its ink goes, which is not where the next one begins; and an
    # operator before a digit gets space for a sum, which is ours to give.
    alone = float(whole.getsize()[0]) + max(box.left() + _RIM, 0.0)
    width = _width(request.latex + "0", request) - _width("0", request)
    subscript = width if "_" in request.latex else _width(request.latex + "_{0}", request) - _width("{}_{0}", request)
    return TypesetSymbol(image, box.topLeft(), width, alone, subscript)


_RIM = 1.0  # pixels that ziamath leaves free around a symbol
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


def _whole(size: float) -> int:
    return max(1, round(size + 0.5))


def _latex(latex: str, request: SymbolRequest) -> Any:
    from ziamath.config import config  # noqa: PLC0415 - as above
    from ziamath.zmath import Latex  # noqa: PLC0415 - as above

    config.svg2 = False  # Qt shows nothing of what is new in SVG 2
    return Latex(latex, size=request.size, color=request.colour)


def _width(latex: str, request: SymbolRequest) -> float:
    return float(_latex(latex, request).getsize()[0])


class Typesetter(QObject):
    """Remembers typeset symbols, and has those made that it does not have.

    Parameters
    ----------
    draw : callable
        Typesets one symbol.

    Signals
    -------
    arrived()
        Some that were asked for are there.
    """

    arrived = Signal()

    def __init__(self, parent: QObject, draw: Callable[[SymbolRequest], TypesetSymbol] = draw) -> None:
        super().__init__(parent)
        self._draw = draw
        self._worker = Worker(self)
        self._kept: OrderedDict[SymbolRequest, TypesetSymbol | None] = OrderedDict()  # None: it cannot be typeset
        self._requests: dict[SymbolRequest, None] = {}
        self._failure_reported = False

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def busy(self) -> bool:
        """Whether some are still being typeset."""
        return bool(self._requests)

    def get(self, request: SymbolRequest) -> TypesetSymbol | None:
        """Return a symbol at once; None while it is not there, and where it cannot be typeset."""
        if request in self._kept:
            self._kept.move_to_end(request)
            return self._kept[request]
        self._requests[request] = None
        if not self._worker.busy:
            self._start()
        return None

    def _start(self) -> None:
        requests = tuple(self._requests)[:KEPT]
        self._worker.start(lambda progress: self._typeset(requests, progress), self._on_made, self._on_failed)

    def _typeset(self, requests: tuple[SymbolRequest, ...], progress: Progress) -> Typeset:
        """Typeset what is asked for; what goes wrong with one is no reason to leave out the others."""
        made: Typeset = {}
        for number, request in enumerate(requests):
            progress(number / len(requests))
            try:
                made[request] = self._draw(request)
            except Exception as error:  # noqa: BLE001 - of a foreign library; logged, and the symbol stays plain text
                made[request] = error
        return made

    def _on_made(self, made: Typeset) -> None:
        for request, drawing in made.items():
            self._requests.pop(request, None)
            self._keep(request, drawing)
        if self._requests:
            self._start()
        self.arrived.emit()

    def _keep(self, request: SymbolRequest, drawing: TypesetSymbol | Exception) -> None:
        if isinstance(drawing, Exception):
            self._log(drawing, request)
            self._kept[request] = None
        else:
            self._kept[request] = drawing
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _on_failed(self, error: Exception) -> None:
        self._requests.clear()
        self._log(error, None)

    def _log(self, error: Exception, request: SymbolRequest | None) -> None:
        if not self._failure_reported:
            self._failure_reported = True
            log.warning("%s cannot be typeset and is shown as plain text", request and request.latex, exc_info=error)
