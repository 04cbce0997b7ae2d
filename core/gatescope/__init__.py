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

if TYPE_CHECKING:  # the same table for type checkers, which see no import that a function does
    from gatescope.analysis.equations.equation import Equation as Equation
    from gatescope.analysis.equations.texts import format_equations as format_equations
    from gatescope.analysis.equations.unit_equations import Equations as Equations
    from gatescope.analysis.half_life import half_lives as half_lives
    from gatescope.analysis.origins import Origins as Origins
    from gatescope.analysis.saturation import Saturation as Saturation, saturation as saturation
    from gatescope.cells.cell import Cell as Cell
    from gatescope.cells.kinds import add_cell as add_cell
    from gatescope.debugging.breakpoints import Breakpoint as Breakpoint, Scope as Scope
    from gatescope.debugging.hits import Hits as Hits, find_hits as find_hits
    from gatescope.debugging.stepper import Stepper as Stepper
    from gatescope.edits.edits import (
        Hold as Hold,
        InputEdit as InputEdit,
        StateEdit as StateEdit,
        TokenEdit as TokenEdit,
        WeightEdit as WeightEdit,
    )
    from gatescope.edits.history import History as History
    from gatescope.messages.message import Cancelled as Cancelled, GatescopeError as GatescopeError
    from gatescope.modules.constructor import parse_constructor as parse_constructor
    from gatescope.modules.network import build as build
    from gatescope.modules.spec import ModuleSpec as ModuleSpec
    from gatescope.recording.recorder import RecordingWarning as RecordingWarning
    from gatescope.recording.recording import Recording as Recording, load as load, record as record
    from gatescope.traces.order import Cursor as Cursor
    from gatescope.traces.trace import CellTrace as CellTrace, Trace as Trace
    from gatescope.traces.tracer import trace as trace
    from gatescope.verification.comparison import Comparison as Comparison, compare as compare
    from gatescope.verification.effects import Effect as Effect, effect as effect
    from gatescope.verification.report import Report as Report
    from gatescope.verification.verify import verify as verify

_HOMES = {
    "Breakpoint": "debugging.breakpoints",
    "Cancelled": "messages.message",
    "Cell": "cells.cell",
    "CellTrace": "traces.trace",
    "Comparison": "verification.comparison",
    "Cursor": "traces.order",
    "Effect": "verification.effects",
    "Equation": "analysis.equations.equation",
    "Equations": "analysis.equations.unit_equations",
    "GatescopeError": "messages.message",
    "History": "edits.history",
    "Hits": "debugging.hits",
    "Hold": "edits.edits",
    "InputEdit": "edits.edits",
    "ModuleSpec": "modules.spec",
    "Origins": "analysis.origins",
    "Recording": "recording.recording",
    "RecordingWarning": "recording.recorder",
    "Report": "verification.report",
    "Saturation": "analysis.saturation",
    "Scope": "debugging.breakpoints",
    "StateEdit": "edits.edits",
    "Stepper": "debugging.stepper",
    "TokenEdit": "edits.edits",
    "Trace": "traces.trace",
    "WeightEdit": "edits.edits",
    "add_cell": "cells.kinds",
    "build": "modules.network",
    "compare": "verification.comparison",
    "effect": "verification.effects",
    "find_hits": "debugging.hits",
    "format_equations": "analysis.equations.texts",
    "half_lives": "analysis.half_life",
    "load": "recording.recording",
    "parse_constructor": "modules.constructor",
    "record": "recording.recording",
    "saturation": "analysis.saturation",
    "trace": "traces.tracer",
    "verify": "verification.verify",
}
"""The public interface: each name and the module that it is imported from when it is first used."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: torch takes seconds to import, and a window cannot wait."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if f"{__name__}.traces.trace" in sys.modules:
        import_module(f"{__name__}.formats.trace_methods")  # binds `Trace.to_csv` and the like
    globals()[name] = value
    return value
