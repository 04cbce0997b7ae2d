"""Gatescope's engine: every gate of an LSTM, step by step, checked against torch.nn.LSTM.

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
    from gatescope.constructor import parse_constructor
    from gatescope.messages import Cancelled, GatescopeError
    from gatescope.network import build
    from gatescope.report import Report
    from gatescope.spec import LSTMSpec
    from gatescope.stepper import Cursor, Stepper
    from gatescope.traces import CellTrace, Trace
    from gatescope.tracing import trace
    from gatescope.verification import verify

_HOMES = {
    "Cancelled": "messages",
    "CellTrace": "traces",
    "Cursor": "stepper",
    "GatescopeError": "messages",
    "LSTMSpec": "spec",
    "Report": "report",
    "Stepper": "stepper",
    "Trace": "traces",
    "build": "network",
    "parse_constructor": "constructor",
    "trace": "tracing",
    "verify": "verification",
}

__all__ = [
    "Cancelled",
    "CellTrace",
    "Cursor",
    "GatescopeError",
    "LSTMSpec",
    "Report",
    "Stepper",
    "Trace",
    "build",
    "parse_constructor",
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
