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
    from gatescope.edits import Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
    from gatescope.effects import Effect, effect
    from gatescope.equations.of_unit import Equations
    from gatescope.gate_saturation import Saturation, saturation
    from gatescope.half_life import half_lives
    from gatescope.history import History
    from gatescope.messages import Cancelled, GatescopeError
    from gatescope.network import build
    from gatescope.order import Cursor
    from gatescope.origins import Origins
    from gatescope.recording import Recording, load, record
    from gatescope.report import Report
    from gatescope.spec import ModuleSpec
    from gatescope.stepper import Stepper
    from gatescope.traces import CellTrace, Trace
    from gatescope.tracing import trace
    from gatescope.verification import verify

_HOMES = {
    "Cancelled": "messages",
    "CellTrace": "traces",
    "Comparison": "comparison",
    "Cursor": "order",
    "Effect": "effects",
    "Equations": "equations.of_unit",
    "GatescopeError": "messages",
    "History": "history",
    "Hold": "edits",
    "InputEdit": "edits",
    "ModuleSpec": "spec",
    "Origins": "origins",
    "Recording": "recording",
    "Report": "report",
    "Saturation": "gate_saturation",
    "StateEdit": "edits",
    "Stepper": "stepper",
    "TokenEdit": "edits",
    "Trace": "traces",
    "WeightEdit": "edits",
    "build": "network",
    "compare": "comparison",
    "effect": "effects",
    "half_lives": "half_life",
    "load": "recording",
    "parse_constructor": "constructor",
    "record": "recording",
    "saturation": "gate_saturation",
    "trace": "tracing",
    "verify": "verification",
}

__all__ = [
    "Cancelled",
    "CellTrace",
    "Comparison",
    "Cursor",
    "Effect",
    "Equations",
    "GatescopeError",
    "History",
    "Hold",
    "InputEdit",
    "ModuleSpec",
    "Origins",
    "Recording",
    "Report",
    "Saturation",
    "StateEdit",
    "Stepper",
    "TokenEdit",
    "Trace",
    "WeightEdit",
    "build",
    "compare",
    "effect",
    "half_lives",
    "load",
    "parse_constructor",
    "record",
    "saturation",
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
