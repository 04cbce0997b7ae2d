"""From starting Python to the window's first paint, over `import torch` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from figures import Figure, seconds

ROUNDS = 5

_FIRST_PAINT = """
import sys
from gatescope_app.window.launch import open_window
application, window = open_window(None)
while not window.painted:
    application.processEvents()
assert "torch" not in sys.modules
import os
os._exit(0)
"""


def bench_start() -> Iterator[Figure]:
    """Measure both from the start of a fresh Python; the bare start of Python is taken off both."""
    bare, paint, torch = (
        min(seconds(lambda code=code: _python(code)) for _ in range(ROUNDS))
        for code in ("", _FIRST_PAINT, "import torch, os; os._exit(0)")
    )
    detail = f"{paint - bare:.2f} s over {torch - bare:.2f} s"
    yield Figure("first paint over importing torch", (paint - bare) / (torch - bare), 0.4, detail)


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
