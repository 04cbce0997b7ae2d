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
from PySide6.QtGui import QImage, QPainter, QPixmap

from gatescope_app.state.error_log import log
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:
    from gatescope.messages.message import Progress

KEPT = 256
"""How many symbols are remembered: those of one kind of cell are about 40."""


@dataclass(frozen=True)
class Wanted:
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


@dataclass(frozen=True)
class Typeset:
    """The same, ready to be painted on the GUI thread."""

    pixmap: QPixmap
    origin: QPointF
    width: float
    alone: float
    subscript: float


def draw(wanted: Wanted) -> TypesetSymbol:
    """Typeset a symbol; takes milliseconds, the first time some hundred."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - only who looks at equations waits for it

    whole = _latex(wanted.latex, wanted)
    renderer = QSvgRenderer(QByteArray(whole.svg().encode()))
    box: QRectF = renderer.viewBoxF()
    image = QImage(_whole(box.width() * wanted.scale), _whole(box.height() * wanted.scale), _FORMAT)
    image.setDevicePixelRatio(wanted.scale)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, box.width(), box.height()))
    painter.end()
    # What ziamath says of a symbol alone is how far its ink goes, which is not where the next one begins; and an
    # operator before a digit gets space for a sum, which is ours to give.
    alone = float(whole.getsize()[0]) + max(box.left() + _RIM, 0.0)
    width = _width(wanted.latex + "0", wanted) - _width("0", wanted)
    subscript = width if "_" in wanted.latex else _width(wanted.latex + "_{0}", wanted) - _width("{}_{0}", wanted)
    return TypesetSymbol(image, box.topLeft(), width, alone, subscript)


_RIM = 1.0  # pixels that ziamath leaves free around a symbol
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


def _whole(size: float) -> int:
    return max(1, round(size + 0.5))


def _latex(latex: str, wanted: Wanted) -> Any:
    from ziamath.config import config  # noqa: PLC0415 - as above
    from ziamath.zmath import Latex  # noqa: PLC0415 - as above

    config.svg2 = False  # Qt shows nothing of what is new in SVG 2
    return Latex(latex, size=wanted.size, color=wanted.colour)


def _width(latex: str, wanted: Wanted) -> float:
    return float(_latex(latex, wanted).getsize()[0])


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

    def __init__(self, parent: QObject, draw: Callable[[Wanted], TypesetSymbol] = draw) -> None:
        super().__init__(parent)
        self._draw = draw
        self._worker = Worker(self)
        self._kept: OrderedDict[Wanted, Typeset | None] = OrderedDict()  # None: it cannot be typeset
        self._asked: dict[Wanted, None] = {}
        self._failure_reported = False

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def busy(self) -> bool:
        """Whether some are still being typeset."""
        return bool(self._asked)

    def get(self, wanted: Wanted) -> Typeset | None:
        """Return a symbol at once; None while it is not there, and where it cannot be typeset."""
        if wanted in self._kept:
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        self._asked[wanted] = None
        if not self._worker.busy:
            self._start()
        return None

    def _start(self) -> None:
        asked = tuple(self._asked)[:KEPT]
        self._worker.start(lambda progress: self._made(asked, progress), self._on_made, self._on_failed)

    def _made(self, asked: tuple[Wanted, ...], progress: Progress) -> dict[Wanted, TypesetSymbol | Exception]:
        """Typeset those that are asked for; what goes wrong with one is no reason to leave out the others."""
        made: dict[Wanted, TypesetSymbol | Exception] = {}
        for number, wanted in enumerate(asked):
            progress(number / len(asked))
            try:
                made[wanted] = self._draw(wanted)
            except Exception as error:  # noqa: BLE001 - of a foreign library; logged, and the symbol stays plain text
                made[wanted] = error
        return made

    def _on_made(self, made: dict[Wanted, TypesetSymbol | Exception]) -> None:
        for wanted, drawing in made.items():
            self._asked.pop(wanted, None)
            self._keep(wanted, drawing)
        if self._asked:
            self._start()
        self.arrived.emit()

    def _keep(self, wanted: Wanted, drawing: TypesetSymbol | Exception) -> None:
        if isinstance(drawing, Exception):
            self._log(drawing, wanted)
            self._kept[wanted] = None
        else:
            pixmap = QPixmap.fromImage(drawing.image)
            self._kept[wanted] = Typeset(pixmap, drawing.origin, drawing.width, drawing.alone, drawing.subscript)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _on_failed(self, error: Exception) -> None:
        self._asked.clear()
        self._log(error, None)

    def _log(self, error: Exception, wanted: Wanted | None) -> None:
        if not self._failure_reported:
            self._failure_reported = True
            log.warning("%s cannot be typeset and is shown as plain text", wanted and wanted.latex, exc_info=error)
