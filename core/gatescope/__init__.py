"""Gatescope's engine: every gate of a recurrent network, step by step, checked against torch's own modules.

>>> import gatescope as gs
>>> trace = gs.trace(module, x)
>>> gs.verify(trace).matches
True
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gatescope.analysis.equations.unit_equations import Equations
    from gatescope.analysis.half_life import half_lives
    from gatescope.analysis.origins import Origins
    from gatescope.analysis.saturation import Saturation, saturation
    from gatescope.debugging.stepper import Stepper
    from gatescope.edits.edits import Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
    from gatescope.edits.history import History
    from gatescope.messages.message import Cancelled, GatescopeError
    from gatescope.modules.constructor import parse_constructor
    from gatescope.modules.network import build
    from gatescope.modules.spec import ModuleSpec
    from gatescope.recording.recording import Recording, load, record
    from gatescope.traces.order import Cursor
    from gatescope.traces.trace import CellTrace, Trace
    from gatescope.traces.tracer import trace
    from gatescope.verification.comparison import Comparison, compare
    from gatescope.verification.effects import Effect, effect
    from gatescope.verification.report import Report
    from gatescope.verification.verify import verify

_HOMES = {
    "Cancelled": "messages.message",
    "CellTrace": "traces.trace",
    "Comparison": "verification.comparison",
    "Cursor": "traces.order",
    "Effect": "verification.effects",
    "Equations": "analysis.equations.unit_equations",
    "GatescopeError": "messages.message",
    "History": "edits.history",
    "Hold": "edits.edits",
    "InputEdit": "edits.edits",
    "ModuleSpec": "modules.spec",
    "Origins": "analysis.origins",
    "Recording": "recording.recording",
    "Report": "verification.report",
    "Saturation": "analysis.saturation",
    "StateEdit": "edits.edits",
    "Stepper": "debugging.stepper",
    "TokenEdit": "edits.edits",
    "Trace": "traces.trace",
    "WeightEdit": "edits.edits",
    "build": "modules.network",
    "compare": "verification.comparison",
    "effect": "verification.effects",
    "half_lives": "analysis.half_life",
    "load": "recording.recording",
    "parse_constructor": "modules.constructor",
    "record": "recording.recording",
    "saturation": "analysis.saturation",
    "trace": "traces.tracer",
    "verify": "verification.verify",
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
    if f"{__name__}.traces.trace" in sys.modules:
        import_module(f"{__name__}.formats.trace_methods")  # binds `Trace.to_csv` and the like
    globals()[name] = value
    return value
