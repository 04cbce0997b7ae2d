"""`gatescope trace`: the window's work, for scripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from math import isnan
from pathlib import Path

from gatescope.constructor import parse_constructor
from gatescope.messages import GatescopeError
from gatescope.quantities import NAMES
from gatescope.sequences import Numbers, from_text, read_array, read_sequence
from gatescope_app.command_line import DIFFERS, MATCHES, show
from gatescope_app.runs import Run, Setup, example_setup, run

_ENDS = 8  # steps shown at the start and at the end of a long trace
_UNITS = 4  # units shown of each step


def trace_command(options: argparse.Namespace) -> int:
    """Run the network, print the steps and the verdict; return the exit status."""
    result = run(_setup(options))
    if options.csv is not None:  # before anything is printed, so that it is there even if nobody reads on
        result.trace.to_csv(options.csv, options.layout, report=result.report)
    if not options.quiet:
        weights = f"seed {result.trace.seed}" if result.trace.seed is not None else "trained weights"
        show([f"{result.trace.spec.constructor()}  {weights}  {result.trace.arithmetic.name}", *table(result)])
    show(verdict(result))
    return MATCHES if result.report.matches else DIFFERS


def verdict(result: Run) -> Iterator[str]:
    """Yield whether the trace matches, and where the largest difference is."""
    worst = result.report.worst
    yield str(result.report.verdict)
    if isnan(worst.ratio):
        yield "nothing could be compared"
    else:
        yield (
            f"largest difference {worst.error:.2g} of {worst.bound:.2g} at t = {worst.t}, "
            f"{worst.quantity}[{worst.unit}], layer {worst.layer}, {worst.direction}, batch element {worst.batch}"
        )


def table(result: Run) -> Iterator[str]:
    """Yield the lines of a table of the last layer: its first and last steps, and of each the first units."""
    trace = result.trace
    layer, units = trace.spec.num_layers - 1, min(_UNITS, trace.spec.hidden_size)
    cut = "" if units == trace.spec.hidden_size else f", units 0 to {units - 1} of {trace.spec.hidden_size}"
    for direction in trace.spec.directions:
        yield f"layer {layer}, {direction}, batch element 0{cut}"
        yield f"{'t':>7} {'token':5} {'unit':>4}" + "".join(f"{name:>9}" for name in NAMES)
        columns = [result.values(name, layer, direction, 0) for name in NAMES]
        for t in _shown_steps(len(trace)):
            if t is None:
                yield f"{'...':>7}"
                continue
            token = repr(trace.tokens[t])[1:-1] if trace.tokens else ""
            for unit in range(units):
                start = f"{t:>7} {token:5}" if unit == 0 else " " * 13
                # With a projection h has fewer units than the rest.
                numbers = (f"{column[t, unit]:9.4f}" for column in columns if unit < column.shape[1])
                yield f"{start} {unit:>4}" + "".join(numbers)


def _shown_steps(steps: int) -> list[int | None]:
    """Return the steps to show, None for a gap."""
    if steps <= 2 * _ENDS:
        return list(range(steps))
    return [*range(_ENDS), None, *range(steps - _ENDS, steps)]


def _setup(options: argparse.Namespace) -> Setup:
    setup = _network_and_sequence(options)
    if options.seed is not None:
        # A seed asks for initial weights, also where an example has trained ones.
        setup = replace(setup, seed=_seed(options.seed), weights=None)
    if options.dtype is not None:
        setup = replace(setup, spec=replace(setup.spec, dtype=options.dtype))
    if options.device is not None:
        setup = replace(setup, spec=replace(setup.spec, device=_device(options.device)))
    return replace(setup, h0=_state(options.h0), c0=_state(options.c0))


def _network_and_sequence(options: argparse.Namespace) -> Setup:
    if options.example is not None:
        setup = example_setup(options.example)
        if options.module is None:
            return setup
        # Another network on the example's sequence: its weights come from the seed.
        return Setup(parse_constructor(options.module), setup.sequence)
    if options.module is None:
        raise GatescopeError("constructor_empty")
    spec = parse_constructor(options.module)
    sequence = from_text(options.text) if options.text is not None else read_sequence(options.input)
    return Setup(spec, sequence)


def _seed(seed: int) -> int:
    if not 0 <= seed < 2**63:
        raise GatescopeError("out_of_range", name="seed", allowed="0 … 2^63 - 1", value=seed)
    return seed


def _device(name: str) -> str:
    if name != "auto":
        return name
    from gatescope.arithmetic import cuda_devices  # noqa: PLC0415 - imports torch

    return "cuda" if cuda_devices() else "cpu"


def _state(path: Path | None) -> Numbers | None:
    return None if path is None else read_array(path)
