"""An error in a method of ours that Qt calls is reported at once, and Qt goes on with what it would have done itself.

Left to PySide (seen in 6.11.3), an error that leaves such a method while Python is calling Qt is kept, and raised in
the next call of anything in Qt, in the middle of code that has nothing to do with it. And before Python 3.12 PySide
ends the process with a segmentation fault where C code raised it, such as an index out of range: such an error has no
exception object yet, which PySide reads (`Shiboken::Errors::storePythonOverrideErrorOrPrint`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken

_OURS = "gatescope_app"
_AFTER_ERROR = {"None": None, "Any": None, "bool": False, "int": 0}
"""What a method with such an annotation returns after an error; of another kind Qt's own method returns it."""


def report_override_errors() -> None:
    """See to it in all classes of ours that there are and will be; call it before the first widget is made."""
    Shiboken.Object.__init_subclass__ = classmethod(_guard)  # type: ignore[assignment]  # of any class
    for each in _subclasses(Shiboken.Object):
        _guard(each)


def _subclasses(base: type) -> Iterator[type]:
    found: list[type] = base.__subclasses__()
    for each in found:
        yield each
        yield from _subclasses(each)


def _guard(made: type) -> None:
    """Put a guard around the methods of a class of ours that Qt may call."""
    if not made.__module__.startswith(_OURS):
        return
    owners = [base for base in made.__mro__ if base.__module__.startswith("PySide6.")]
    for name, method in list(vars(made).items()):
        if isinstance(method, FunctionType) and not hasattr(method, "__wrapped__"):
            owner = next((base for base in owners if name in vars(base)), None)
            if owner is not None:
                setattr(made, name, _guarded(method, getattr(owner, name)))


def _guarded(method: FunctionType, qts_own: Callable[..., Any]) -> Any:
    returned = str(method.__annotations__.get("return"))

    @wraps(method)
    def guarded(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except Exception:  # noqa: BLE001 - the border to Qt, to which none may pass
            sys.excepthook(*sys.exc_info())
        return _AFTER_ERROR[returned] if returned in _AFTER_ERROR else qts_own(*arguments, **named)

    return guarded
