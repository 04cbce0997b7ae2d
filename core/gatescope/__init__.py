"""Gatescope's engine: every gate of a recurrent network, step by step, checked against torch's own modules.

>>> import gatescope as gs
>>> trace = gs.trace(module, x)
>>> gs.verify(trace).matches
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gatescope.comparison import Comparison, compare
    from gatescope.constructor import parse_constructor
    from gatescope.messages import Cancelled, GatescopeError
    from gatescope.network import build
    from gatescope.recording import Recording, load, record
    from gatescope.report import Report
    from gatescope.spec import ModuleSpec
    from gatescope.stepper import Cursor, Stepper
    from gatescope.traces import CellTrace, Trace
    from gatescope.tracing import trace
    from gatescope.verification import verify

_HOMES = {
    "Cancelled": "messages",
    "CellTrace": "traces",
    "Comparison": "comparison",
    "Cursor": "stepper",
    "GatescopeError": "messages",
    "ModuleSpec": "spec",
    "Recording": "recording",
    "Report": "report",
    "Stepper": "stepper",
    "Trace": "traces",
    "build": "network",
    "compare": "comparison",
    "load": "recording",
    "parse_constructor": "constructor",
    "record": "recording",
    "trace": "tracing",
    "verify": "verification",
}

__all__ = [
    "Cancelled",
    "CellTrace",
    "Comparison",
    "Cursor",
    "GatescopeError",
    "ModuleSpec",
    "Recording",
    "Report",
    "Stepper",
    "Trace",
    "build",
    "compare",
    "load",
    "parse_constructor",
    "record",
    "trace",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: torch takes seconds to import, and a window cannot wait."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
