"""What importing the engine costs, and what it needs: no Qt ever, and torch only when something is computed."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys

import pytest

import gatescope as gs


def run_alone(code: str) -> str:
    """Run code in an interpreter of its own; return what it prints."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module",
    [
        "gatescope", "gatescope.messages.message", "gatescope.modules.spec", "gatescope.modules.constructor",
        "gatescope.formats.sequences", "gatescope.cells.kinds", "gatescope.debugging.stepper",
        "gatescope.debugging.expressions.compiled", "gatescope.debugging.breakpoints", "gatescope.edits.history",
        "gatescope.formats.files", "gatescope.formats.readers",
        "gatescope_app.cli.command_line",
        "gatescope_app.state.session_file", "gatescope_app.state.recovery", "gatescope_app.state.autosave",
        "gatescope_app.state.runs", "gatescope_app.state.recorded_traces", "gatescope_app.cli.trace_command",
    ],
)  # fmt: skip
def test_nothing_imports_torch_before_something_is_computed(module: str) -> None:
    assert run_alone(f"import sys, {module}; print('torch' in sys.modules)") == "False"


def test_the_names_for_a_window_that_opens_at_once_need_no_torch() -> None:
    names = "gs.GatescopeError, gs.Cancelled, gs.ModuleSpec, gs.parse_constructor, gs.Stepper, gs.Cursor"
    assert run_alone(f"import sys, gatescope as gs; {names}; print('torch' in sys.modules)") == "False"


def test_the_engine_works_where_qt_cannot_be_imported() -> None:
    code = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph", "qtawesome"):
    sys.modules[name] = None
import gatescope as gs, torch
print(gs.verify(gs.trace(torch.nn.LSTM(2, 2), torch.ones(3, 2))).matches)
"""
    assert run_alone(code) == "True"


def test_a_verdict_needs_none_of_torchs_compiler() -> None:
    code = """
import sys, torch, gatescope as gs
report = gs.verify(gs.trace(torch.nn.LSTM(2, 2), torch.ones(3, 2)), gates=True)
print(report.matches, "torch._dynamo" in sys.modules, "sympy" in sys.modules)
"""
    assert run_alone(code) == "True False False"


def test_every_public_name_is_there_and_any_other_is_not() -> None:
    for name in gs.__all__:
        assert getattr(gs, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        gs.nothing  # noqa: B018 - the lookup is the test


def test_the_package_and_the_engine_name_the_same_version() -> None:
    assert importlib.metadata.version("gatescope") == gs.__version__
