"""What is to be run, and what came of it: shared by the window and the command line. Needs no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gatescope.constructor import parse_constructor
from gatescope.messages import GatescopeError, Progress
from gatescope.sequences import Numbers, Sequence, from_text
from gatescope.spec import LSTMSpec
from gatescope_resources.examples import Example, load_example

if TYPE_CHECKING:  # torch takes seconds to import; the window is there before it
    from gatescope.report import Report
    from gatescope.traces import Trace


@dataclass(frozen=True, eq=False)
class Setup:
    """A network, the sequence to feed it and the states to start from.

    Parameters
    ----------
    spec : LSTMSpec
        The network's arguments, with its device.
    sequence : Sequence
        Its width is the network's input size.
    seed : int
        For the initial weights.
    weights : Path, optional
        A safetensors file to load instead.
    h0, c0 : ndarray, optional
        Shaped as the module takes them; zeros when missing.
    example : Example, optional
        The example that this is.
    """

    spec: LSTMSpec
    sequence: Sequence
    seed: int = 0
    weights: Path | None = None
    h0: Numbers | None = None
    c0: Numbers | None = None
    example: Example | None = None

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

    def values(self, name: str, layer: int, direction: str, batch: int) -> NDArray[Any]:
        """Return one quantity of one batch element over all steps, (T, units)."""
        key = (name, layer, direction, batch)
        if key not in self._arrays:  # on CUDA this copies
            self._arrays[key] = self.trace.cell(layer, direction).quantity(name)[:, batch].cpu().numpy()
        return self._arrays[key]


def example_setup(name: str) -> Setup:
    """Return an example as something to run."""
    example = load_example(name)
    if example.text is not None:
        sequence = from_text(example.text, example.vocabulary)
    else:
        sequence = Sequence(np.array(example.values))
    spec = parse_constructor(example.module)
    return Setup(spec, sequence, example.seed, example.weights_path, example=example)


def run(setup: Setup, progress: Progress | None = None) -> Run:
    """Build the network, trace it over the sequence and verify the trace.

    Raises
    ------
    GatescopeError
        As the engine does.
    Cancelled
        As `progress` does.
    """
    import torch  # noqa: PLC0415 - takes seconds

    setup.sequence.require_width(setup.spec)
    try:
        return _run(setup, progress)
    except (MemoryError, torch.cuda.OutOfMemoryError):
        raise GatescopeError("out_of_memory") from None


def _run(setup: Setup, progress: Progress | None) -> Run:
    import torch  # noqa: PLC0415 - takes seconds

    import gatescope as gs  # noqa: PLC0415 - imports torch with the names used here
    from gatescope.network import build, load_weights  # noqa: PLC0415 - imports torch

    module = load_weights(setup.spec, setup.weights) if setup.weights else build(setup.spec, setup.seed)
    like = next(module.parameters())

    def tensor(values: Numbers) -> torch.Tensor:
        return torch.as_tensor(values, dtype=like.dtype, device=like.device)

    trace = gs.trace(
        module,
        tensor(setup.sequence.values),
        _states(setup, tensor),
        tokens=setup.sequence.tokens,
        seed=None if setup.weights else setup.seed,
        progress=_part(progress, 0.0, 0.8),
    )
    report = gs.verify(trace, gates=True, progress=_part(progress, 0.8, 1.0))
    report.verdict, report.worst, report.nonfinite  # noqa: B018 - computed here, where nobody waits for them
    return Run(setup, trace, report)


def _states(setup: Setup, tensor: Callable[[Numbers], Any]) -> tuple[Any, Any] | None:
    if setup.h0 is None and setup.c0 is None:
        return None
    batch = setup.batch_size if setup.batched else None
    given = {"h0": setup.h0, "c0": setup.c0}
    h0, c0 = (
        tensor(np.zeros(setup.spec.state_shape(name, batch)) if values is None else values)
        for name, values in given.items()
    )
    return h0, c0


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Map the progress of one part of the work onto the whole."""
    if progress is None:
        return None
    return lambda fraction: progress(start + fraction * (end - start))


def on_device(setup: Setup, device: str) -> Setup:
    """Return the same setup on another device."""
    return replace(setup, spec=replace(setup.spec, device=device))


def with_network(setup: Setup, spec: LSTMSpec, seed: int) -> Setup:
    """Return the setup with another network, whose weights come from the seed.

    The sequence stays where the network can take it, else an impulse takes its place; the initial states stay
    where their shapes do.
    """
    sequence = setup.sequence if setup.sequence.width == spec.input_size else impulse(spec.input_size)
    new = Setup(spec, sequence, seed)
    batch = new.batch_size if new.batched else None
    states = {
        name: state
        for name in ("h0", "c0")
        if (state := getattr(setup, name)) is not None and state.shape == spec.state_shape(name, batch)
    }
    return replace(new, **states)


def for_sequence(sequence: Sequence) -> Setup:
    """Return a small network that takes the sequence, and the sequence."""
    return Setup(LSTMSpec(sequence.width, hidden_size=8), sequence)


def impulse(width: int) -> Sequence:
    """Return twenty steps of zeros with ones at the third."""
    values = np.zeros((20, width))
    values[2] = 1.0
    return Sequence(values)
