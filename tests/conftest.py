"""What all tests share."""

from __future__ import annotations

import os

# Before any import of Qt: without a screen and without this, Qt ends the process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

# A slow machine is no failure, so nothing here is timed.
settings.register_profile("gatescope", deadline=None, max_examples=40)
settings.load_profile("gatescope")
