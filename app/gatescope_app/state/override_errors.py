"""An error in a method that Qt calls stays an error: before Python 3.12 PySide would end the process over many of them.

There, an error that C code raises, such as an index out of range, has no exception object until somebody catches it.
PySide takes the error that leaves a method of ours, where Python called Qt and Qt called it, and reads its object
without having one made (`Shiboken::Errors::storePythonOverrideErrorOrPrint`, seen in 6.11.3): a segmentation fault.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken


def survive_override_errors() -> None:
    """See to it in all classes that there are and will be; call it before the first widget is made."""
    if sys.version_info >= (3, 12):
        return
    Shiboken.Object.__init_subclass__ = classmethod(_catch_in_overrides)  # type: ignore[assignment]  # of any class
    for each in _subclasses(Shiboken.Object):
        _catch_in_overrides(each)


def _subclasses(base: type) -> Iterator[type]:
    found: list[type] = base.__subclasses__()
    for each in found:
        yield each
        yield from _subclasses(each)


def _catch_in_overrides(made: type) -> None:
    """Have the methods of a class of ours that Qt may call catch what leaves them."""
    if _is_qts(made):
        return
    known = {name for base in made.__mro__ if _is_qts(base) for name in vars(base)}
    for name, method in list(vars(made).items()):
        if name in known and isinstance(method, FunctionType) and not hasattr(method, "__wrapped__"):
            setattr(made, name, _catching(method))


def _is_qts(made: type) -> bool:
    return made.__module__.startswith(("PySide6.", "shiboken6", "Shiboken"))


def _catching(method: FunctionType) -> Any:
    @wraps(method)
    def catching(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except BaseException:
            raise  # now it has an object

    return catching
