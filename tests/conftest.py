"""What all tests share."""

from __future__ import annotations

import os

# Before any import of Qt: without a screen and without this, Qt ends the process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before any import of torch, and for the programs that tests start: with a worker on each core, further threads of
# torch only wait for one another, which took half of the time of all tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import settings

# A slow machine is no failure, so nothing here is timed. A test that needs more examples, or fewer, says how many times
# `settings.default.max_examples`: then it has more in `make soak` too.
settings.register_profile("gatescope", deadline=None, max_examples=40)
# `make soak`: other examples each time, and many. Where one fails, the line to put above the test repeats it.
settings.register_profile("soak", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("gatescope")
