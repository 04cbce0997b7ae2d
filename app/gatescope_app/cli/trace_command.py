"""`gatescope trace`: the window's work, for scripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from math import isnan

from gatescope.messages.message import Message
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope_app.cli.console import DIFFERS, MATCHES, show
from gatescope_app.cli.console_language import Translate, describe, in_english, translate
from gatescope_app.cli.trace_setup import setup_of
from gatescope_app.state.batch_layouts import describe_reading
from gatescope_app.state.runs import Run, run

_ENDS = 8  # steps shown at the start and at the end of a long trace
_UNITS = 4  # units shown of each step


def trace_command(options: argparse.Namespace) -> int:
    """Run the network, print the steps and the verdict; return the exit status."""
    result = run(setup_of(options))
    if options.csv is not None:  # before anything is printed, so that it is there even if nobody reads on
        from gatescope.formats.csv_export import write_csv  # noqa: PLC0415 - imports torch

        write_csv(result.report, options.csv, options.layout)
    if options.quiet:
        show(verdict(result, in_english))
    else:
        show([headline(result), *table(result)])
        show([*verdict(result), *sensitivity(result)])
    return MATCHES if result.report.matches else DIFFERS


def headline(result: Run) -> str:
    """Return what ran; of a batch also how it was read."""
    setup, trace = result.setup, result.trace
    read = describe_reading(setup.sequence.values, batch_first=setup.spec.batch_first) if setup.batched else ""
    parts = (trace.spec.constructor(), setup.source.name, describe(read), trace.arithmetic.name)
    return "  ".join(filter(None, parts))


def verdict(result: Run, translate: Translate = translate) -> Iterator[str]:
    """Yield whether the trace matches, and where the largest difference is."""
    worst = result.report.worst
    yield describe(result.report.verdict, translate)
    if isnan(worst.ratio):
        yield translate("console", "nothing could be compared")
        return
    text = translate(
        "console",
        "largest difference {error} of {bound} at t = {t}, {quantity}[{unit}], layer {layer}, {direction}, batch"
        " element {batch}",
    )
    yield text.format(
        error=f"{worst.error:.2g}", bound=f"{worst.bound:.2g}", t=worst.t, quantity=worst.quantity, unit=worst.unit,
        layer=worst.layer, direction=describe(Message(worst.direction), translate), batch=worst.batch,
    )  # fmt: skip


def sensitivity(result: Run) -> Iterator[str]:
    """Yield how small a fault would have been found, where nothing larger is wrong."""
    from gatescope.verification.detectable import describe_detectable  # noqa: PLC0415 - imports torch

    found = describe_detectable(result.report)
    if found is not None:
        yield describe(found)


def table(result: Run) -> Iterator[str]:
    """Yield the lines of a table of the last layer: its first and last steps, and of each the first units."""
    trace = result.trace
    if not trace.batch_size:
        return
    names = trace.spec.cell.names
    layer, units = trace.spec.num_layers - 1, min(_UNITS, trace.spec.hidden_size)
    for direction in trace.spec.directions:
        yield _caption(trace.spec, layer, direction, units)
        yield f"{'t':>7} {'token':5} {'unit':>4}" + "".join(f"{name:>9}" for name in names)
        columns = [result.values(name, layer, direction, 0) for name in names]
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


def _caption(spec: ModuleSpec, layer: int, direction: Direction, units: int) -> str:
    text = translate("console", "layer {layer}, {direction}, batch element 0")
    if units < spec.hidden_size:
        text = translate("console", "layer {layer}, {direction}, batch element 0, units 0 to {last} of {units}")
    way = describe(Message(direction))
    return text.format(layer=layer, direction=way, last=units - 1, units=spec.hidden_size)


def _shown_steps(steps: int) -> list[int | None]:
    """Return the steps to show, None for a gap."""
    if steps <= 2 * _ENDS:
        return list(range(steps))
    return [*range(_ENDS), None, *range(steps - _ENDS, steps)]
