"""What is to be run, and what came of it: shared by the window and the command line. Needs no Qt."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.heads import Head, UnitsHead
from gatescope.debugging.hits import RunArrays
from gatescope.edits.checks import Shape
from gatescope.edits.edits import Edit, Hold, WeightEdit
from gatescope.formats.sequences import Numbers, Sequence, from_text
from gatescope.messages.message import GatescopeError, Progress
from gatescope.modules.constructor import parse_constructor
from gatescope.modules.spec import ModuleSpec
from gatescope_app.state.edited_inputs import edited_sequence, edited_states
from gatescope_app.state.sources import Edited, FromExample, FromRecording, FromSeed, Source
from gatescope_app.state.value_ranges import value_range
from gatescope_resources.examples import Example, load_example

if TYPE_CHECKING:  # torch takes seconds to import; the window is there before it
    from gatescope.traces.trace import Trace
    from gatescope.verification.comparison import Comparison
    from gatescope.verification.report import Report

Arithmetic = Literal["ieee", "tf32"]


@dataclass(frozen=True, eq=False)
class Setup:
    """A network, the sequence to feed it and the states to start from.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments, with its device.
    sequence : Sequence
        Its width is the network's input size.
    source : Source
        Where the weights come from.
    states : dict
        `h0`, and `c0` of an LSTM, shaped as the module takes them; zeros when missing.
    lengths : tuple of int, optional
        How many steps each batch element has, where they differ; the sequence is NaN behind them.
    example : Example, optional
        The example that this is.
    arithmetic : {"ieee", "tf32"}, optional
        Which products float32 is computed with; as PyTorch is set when not given.
    holds : tuple of Hold
        What is held by hand while it runs.
    edits : tuple of Edit
        What was changed by hand, which is in the parts above already; see `edited`.
    original : Setup, optional
        What it was before the edits; None where there are none.
    """

    spec: ModuleSpec
    sequence: Sequence
    source: Source = FromSeed()  # noqa: RUF009 - frozen
    states: Mapping[str, Numbers] = field(default_factory=dict)
    lengths: tuple[int, ...] | None = None
    example: Example | None = None
    arithmetic: Arithmetic | None = None
    holds: tuple[Hold, ...] = ()
    edits: tuple[Edit, ...] = ()
    original: Setup | None = None

    @property
    def seed(self) -> int:
        """The seed of the weights, or of those that a network made from this one gets."""
        return self.source.seed or 0

    @property
    def head(self) -> Head | None:
        """What answers on top of the network, where it came with one."""
        return self.source.head

    @property
    def batched(self) -> bool:
        """Whether the sequence has a batch dimension."""
        return self.sequence.values.ndim == 3

    @property
    def batch_size(self) -> int:
        """B; 1 for a sequence without a batch."""
        return int(self.sequence.values.shape[0 if self.spec.batch_first else 1]) if self.batched else 1

    @property
    def steps(self) -> int:
        """T."""
        return int(self.sequence.values.shape[1 if self.batched and self.spec.batch_first else 0])

    @property
    def shape(self) -> Shape:
        """What edits of it must fit."""
        return Shape(self.spec, self.steps, self.batch_size, self.sequence.tokens is not None, self.lengths)

    @property
    def unedited(self) -> Setup:
        """The setup before the edits."""
        return self.original or self

    def inputs(self, batch: int) -> Numbers:
        """Return what one batch element feeds, (T, K)."""
        values = self.sequence.values
        if not self.batched:
            return values
        return values[batch] if self.spec.batch_first else values[:, batch]


@dataclass(frozen=True, eq=False)
class Run:
    """A setup, its trace and its verification."""

    setup: Setup
    trace: Trace
    report: Report
    _arrays: dict[tuple[Any, ...], NDArray[Any]] = field(default_factory=dict, repr=False)
    _ranges: dict[tuple[Any, ...], tuple[float, float]] = field(default_factory=dict, repr=False)

    @property
    def arithmetic(self) -> Arithmetic:
        """Which of the two was in force; whatever is not TF32 counts as the other."""
        return "tf32" if self.trace.arithmetic.name == "TF32" else "ieee"

    @cached_property
    def arrays(self) -> RunArrays:
        """The arrays that expressions are evaluated on."""
        return RunArrays(self.trace, self.report)

    def values(self, name: str, layer: int, direction: str, batch: int) -> NDArray[Any]:
        """Return one quantity of one batch element over all steps, (T, units)."""
        key = (name, layer, direction, batch)
        if key not in self._arrays:
            from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

            self._arrays[key] = as_numpy(self.trace.cell(layer, direction).quantity(name)[:, batch])  # CUDA copies
        return self._arrays[key]

    def range_of(self, name: str, layer: int, direction: str, batch: int) -> tuple[float, float]:
        """Return between which numbers one quantity lies, for axes and colours."""
        key = (name, layer, direction, batch)
        if key not in self._ranges:
            self._ranges[key] = value_range(self.setup.spec.cell.quantity(name), self.values(*key))
        return self._ranges[key]


def example_setup(name: str) -> Setup:
    """Return an example as something to run."""
    example = load_example(name)
    if example.text is not None:
        sequence = from_text(example.text, example.vocabulary)
    else:
        sequence = Sequence(np.array(example.values))
    spec = parse_constructor(example.module)
    source: Source = FromSeed(example.seed)
    if example.weights_path is not None:
        source = FromExample(example.weights_path, UnitsHead(spec.output_size) if example.units_answer else None)
    return Setup(spec, sequence, source, example=example)


def recorded_setup(trace: Trace, place: str) -> Setup:
    """Return a recorded trace as something to look at, and to run again with another sequence or elsewhere.

    Parameters
    ----------
    trace : Trace
        As it was read from a file.
    place : str
        The file, and the trace's name and call, as the command line takes them.
    """
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

    spec = replace(trace.spec, device="cpu")  # wherever it was recorded, it is read into memory
    values = as_numpy(trace.x)  # (T, B, K)
    if not trace.batched:
        values = values[:, 0]
    elif spec.batch_first:
        values = values.swapaxes(0, 1)
    lengths = None if trace.lengths is None else tuple(trace.lengths.tolist())
    sequence = Sequence(values, trace.tokens)
    source = FromRecording(trace, place, sequence=sequence)
    return Setup(spec, sequence, source, _states_of(trace), lengths, holds=trace.holds)


def _states_of(trace: Trace) -> dict[str, Numbers]:
    """Return the states before the first step, shaped as the module takes them; none where all are zero."""
    import torch  # noqa: PLC0415 - takes seconds

    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - as above

    cells = trace.cells.values()
    names = trace.spec.cell.states
    before = {f"{name}0": as_numpy(torch.stack([cell.before[name] for cell in cells])) for name in names}
    if not any(np.any(state) for state in before.values()):
        return {}
    batch = trace.batch_size if trace.batched else None
    return {name: state.reshape(trace.spec.state_shape(name, batch)) for name, state in before.items()}


def run(setup: Setup, progress: Progress | None = None) -> Run:
    """Build the network, trace it over the sequence and verify the trace.

    Raises
    ------
    GatescopeError
        As the engine does.
    Cancelled
        As `progress` does.
    """
    setup.sequence.require_width(setup.spec)
    with _memory_errors_explained():
        return _run(setup, progress)


def compare(one: Run, other: Run, progress: Progress | None = None) -> Comparison:
    """Compare two runs; raise GatescopeError where they cannot be compared."""
    import gatescope as gs  # noqa: PLC0415 - imports torch with the names used here

    with _memory_errors_explained():
        comparison = gs.compare(one.trace, other.trace, progress=progress)
        comparison.verdict  # noqa: B018 - computed here, where nobody waits for it
        return comparison


@contextlib.contextmanager
def _memory_errors_explained() -> Iterator[None]:
    import torch  # noqa: PLC0415 - takes seconds

    try:
        yield
    except (MemoryError, torch.cuda.OutOfMemoryError):
        raise GatescopeError("out_of_memory") from None


def _run(setup: Setup, progress: Progress | None) -> Run:
    import gatescope as gs  # noqa: PLC0415 - imports torch with the names used here

    chosen: dict[str, Any] = {} if setup.arithmetic is None else {"arithmetic": setup.arithmetic}
    trace = setup.source.recorded
    traced = 0.0 if trace is not None else 0.8  # of the work
    if trace is None:
        trace = _traced(setup, chosen, _part(progress, 0.0, traced))
    report = gs.verify(trace, gates=True, progress=_part(progress, traced, 1.0), **chosen)
    report.verdict, report.worst, report.nonfinite  # noqa: B018 - computed here, where nobody waits for them
    return Run(setup, trace, report)


def _traced(setup: Setup, chosen: dict[str, Any], progress: Progress | None) -> Trace:
    import torch  # noqa: PLC0415 - takes seconds

    import gatescope as gs  # noqa: PLC0415 - imports torch with the names used here

    module = setup.source.network(setup.spec)
    like = next(module.parameters())

    def tensor(values: Numbers) -> torch.Tensor:
        return torch.as_tensor(values, dtype=like.dtype, device=like.device)

    return gs.trace(
        module,
        _x(setup, tensor),
        _hx(setup, tensor),
        holds=setup.holds,
        tokens=setup.sequence.tokens,
        seed=setup.source.seed,
        progress=progress,
        **chosen,
    )


def _x(setup: Setup, tensor: Callable[[Numbers], Any]) -> Any:
    """Return the sequence as the module takes it: packed where its elements differ in length."""
    from torch.nn.utils.rnn import pack_padded_sequence  # noqa: PLC0415 - imports torch

    x = tensor(setup.sequence.values)
    if setup.lengths is None:
        return x
    return pack_padded_sequence(x, list(setup.lengths), setup.spec.batch_first, enforce_sorted=False)


def _hx(setup: Setup, tensor: Callable[[Numbers], Any]) -> Any:
    """Return the states as the module takes them: h0 alone, or (h0, c0) of an LSTM; None for zeros."""
    spec = setup.spec
    strange = next((name for name in setup.states if name not in spec.states), None)
    if strange is not None:
        raise GatescopeError("not_of_this_module", module=f"nn.{spec.kind}", name=strange)
    if not setup.states:
        return None
    batch = setup.batch_size if setup.batched else None
    zeros = {name: np.zeros(spec.state_shape(name, batch)) for name in spec.states}
    states = [tensor(state) for state in (zeros | dict(setup.states)).values()]
    return tuple(states) if len(states) > 1 else states[0]


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Map the progress of one part of the work onto the whole."""
    if progress is None:
        return None
    return lambda fraction: progress(start + fraction * (end - start))


def on_device(setup: Setup, device: str) -> Setup:
    """Return the same setup on another device, in the arithmetic that PyTorch is set to there."""
    old = setup.unedited
    new = replace(old, spec=replace(old.spec, device=device), source=old.source.rerun(), arithmetic=None)
    return edited(new, setup.edits)


def with_arithmetic(setup: Setup, arithmetic: Arithmetic) -> Setup:
    """Return the same setup in another arithmetic."""
    old = setup.unedited
    return edited(replace(old, source=old.source.rerun(), arithmetic=arithmetic), setup.edits)


def with_sequence(setup: Setup, sequence: Sequence) -> Setup:
    """Feed the network another sequence, without edits.

    An example's title and notes speak of its own sequence only.
    """
    old = setup.unedited
    return replace(old, sequence=sequence, source=old.source.rerun(), states={}, lengths=None, example=None, holds=())


def edited(original: Setup, edits: tuple[Edit, ...]) -> Setup:
    """Return a setup with edits, which act in their order; the original itself where there are none.

    Raises
    ------
    GatescopeError
        `edit_misfit` where one does not fit, such as those of another network.
    """
    original = original.unedited
    if not edits:
        return original
    shape = original.shape
    for edit in edits:
        try:
            edit.check(shape)
        except GatescopeError as error:
            raise GatescopeError("edit_misfit", edit=edit.label, reason=error.message) from None
    weights = tuple(edit for edit in edits if isinstance(edit, WeightEdit))
    source = original.source.rerun()
    return replace(
        original,
        sequence=edited_sequence(original.sequence, original.spec, edits),
        states=edited_states(original.states, original.spec, original.batch_size if original.batched else None, edits),
        source=Edited(source, weights) if weights else source,
        holds=(*original.holds, *(edit for edit in edits if isinstance(edit, Hold))),
        edits=edits,
        original=original,
    )


def for_sequence(sequence: Sequence) -> Setup:
    """Return a small network that takes the sequence, and the sequence."""
    return Setup(ModuleSpec(sequence.width, hidden_size=8), sequence)


def impulse(width: int) -> Sequence:
    """Return twenty steps of zeros with ones at the third."""
    values = np.zeros((20, width))
    values[2] = 1.0
    return Sequence(values)
