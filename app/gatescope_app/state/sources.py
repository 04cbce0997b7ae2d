"""Where the weights of a network come from. Needs no Qt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gatescope.analysis.heads import Head, LinearHead
from gatescope.modules.spec import ModuleSpec

if TYPE_CHECKING:  # these import torch, which takes seconds; the window is there before it
    from torch import Tensor

    from gatescope.edits.edits import WeightEdit
    from gatescope.formats.checkpoints import FoundModule
    from gatescope.formats.saved_heads import SavedLinear
    from gatescope.formats.sequences import Sequence
    from gatescope.modules.network import Recurrent
    from gatescope.traces.trace import Trace


class Source(ABC):
    """Makes the network of a spec.

    Attributes
    ----------
    seed : int or None
        The seed of the initial weights, where they come from one.
    """

    seed: int | None = None

    @property
    def recorded(self) -> Trace | None:
        """What is to be shown as it is; nothing is run then."""
        return None

    @property
    def name(self) -> str:
        """What the weights are called on the command line."""
        return self.place

    @property
    def place(self) -> str:
        """The user's file that they come from, and where in it; empty where there is none."""
        return ""

    @property
    def can_be_made_again(self) -> bool:
        """Whether they are the program's own: of a seed or an example, which nobody has to find again."""
        return False

    @property
    def tells_batch_first(self) -> bool:
        """Whether it is known how its module takes a batch; else that has to be asked where there is one."""
        return True

    @property
    def head(self) -> Head | None:
        """What was trained to answer on top of the network: it stays with these weights, and goes with them."""
        return None

    @abstractmethod
    def network(self, spec: ModuleSpec) -> Recurrent:
        """Build the network on the device of `spec`, in its dtype."""

    def weights(self, spec: ModuleSpec) -> Mapping[str, Tensor]:
        """Return the numbers of the network of a spec by their names, on the CPU."""
        from gatescope.modules.network import weights_of  # noqa: PLC0415 - imports torch

        on_cpu = replace(spec, device="cpu")
        return weights_of(self.network(on_cpu), on_cpu)

    def rerun(self) -> Source:
        """Return the source of the same weights for another sequence, device or dtype."""
        return self


@dataclass(frozen=True)
class FromSeed(Source):
    """PyTorch's own initial weights.

    Parameters
    ----------
    seed : int
        What they are drawn from.
    drawn : dict, optional
        What it gave for one network, where a file kept that: another PyTorch may draw other numbers.
    """

    seed: int = 0
    drawn: Mapping[str, Tensor] | None = field(default=None, compare=False, repr=False)

    @property
    def can_be_made_again(self) -> bool:
        return True

    @property
    def name(self) -> str:
        return f"seed {self.seed}"

    def network(self, spec: ModuleSpec) -> Recurrent:
        from gatescope.modules.network import build  # noqa: PLC0415 - imports torch

        if self.drawn is not None and _are_of(spec, self.drawn):
            return _around(spec, self.drawn)
        return build(spec, self.seed)


@dataclass(frozen=True)
class FromExample(Source):
    """The trained weights of an example."""

    path: Path
    answers: Head | None = None

    @property
    def can_be_made_again(self) -> bool:
        return True

    @property
    def head(self) -> Head | None:
        return self.answers

    @property
    def name(self) -> str:
        return "trained weights"

    def network(self, spec: ModuleSpec) -> Recurrent:
        from gatescope.formats.weights_file import load_weights  # noqa: PLC0415 - imports torch

        return load_weights(spec, self.path)


@dataclass(frozen=True, eq=False)
class FromCheckpoint(Source):
    """A module inside a user's file, and the nn.Linear that was chosen as its head."""

    found: FoundModule
    path: Path
    linear: SavedLinear | None = None

    @property
    def tells_batch_first(self) -> bool:
        return False

    @property
    def place(self) -> str:
        return f"{self.path.name}::{self.found.prefix}" if self.found.prefix else self.path.name

    @cached_property
    def _read(self) -> tuple[dict[str, Tensor], LinearHead | None]:
        # Read once, both together: the network stays the one that was chosen, whatever happens to the file meanwhile.
        return self.found.weights(), None if self.linear is None else self.linear.read()

    @property
    def head(self) -> Head | None:
        return None if self.linear is None else self._read[1]

    def weights(self, spec: ModuleSpec) -> Mapping[str, Tensor]:
        return self._read[0]

    def network(self, spec: ModuleSpec) -> Recurrent:
        return _around(spec, self._read[0])


@dataclass(frozen=True, eq=False)
class FromRecording(Source):
    """The network that a trace was recorded from; the trace itself until another run is asked for.

    Parameters
    ----------
    trace : Trace
        As it was read.
    where : str
        The file, and the trace's name and call.
    whole : bool
        Whether the trace itself is what is looked at.
    sequence : Sequence, optional
        What the trace was fed, as it is in the file.
    """

    trace: Trace
    where: str
    whole: bool = True
    sequence: Sequence | None = None

    @property
    def place(self) -> str:
        return self.where

    @property
    def recorded(self) -> Trace | None:
        return self.trace if self.whole else None

    def weights(self, spec: ModuleSpec) -> Mapping[str, Tensor]:
        return self.trace.weights

    def network(self, spec: ModuleSpec) -> Recurrent:
        return _around(spec, self.trace.weights)

    def rerun(self) -> Source:
        return replace(self, whole=False)


@dataclass(frozen=True, eq=False)
class FromSession(Source):
    """Weights that the file of a session kept, and what is known of them.

    Parameters
    ----------
    kept : dict
        By their names, on the CPU.
    called, where : str
        `name` and `place` of the source that they came from.
    answers : Head, optional
        Its head.
    layout_known : bool
        Its `tells_batch_first`.
    """

    kept: Mapping[str, Tensor]
    called: str
    where: str = ""
    answers: Head | None = None
    layout_known: bool = True

    @property
    def tells_batch_first(self) -> bool:
        return self.layout_known

    @property
    def name(self) -> str:
        return self.called

    @property
    def place(self) -> str:
        return self.where

    @property
    def head(self) -> Head | None:
        return self.answers

    def weights(self, spec: ModuleSpec) -> Mapping[str, Tensor]:
        return self.kept

    def network(self, spec: ModuleSpec) -> Recurrent:
        return _around(spec, self.kept)


@dataclass(frozen=True, eq=False)
class Edited(Source):
    """The weights of another source with some numbers changed by hand.

    Parameters
    ----------
    source : Source
        Where the others come from.
    edits : tuple of WeightEdit
        Of several of one number the later one counts.
    """

    source: Source
    edits: tuple[WeightEdit, ...]

    @property
    def name(self) -> str:
        return f"{self.source.name}, edited"

    @property
    def place(self) -> str:
        return self.source.place

    @property
    def tells_batch_first(self) -> bool:
        return self.source.tells_batch_first

    @property
    def head(self) -> Head | None:
        return self.source.head

    def network(self, spec: ModuleSpec) -> Recurrent:
        import torch  # noqa: PLC0415 - takes seconds

        module = self.source.network(spec)
        with torch.no_grad():
            for edit in self.edits:
                getattr(module, edit.parameter)[edit.index] = edit.value
        return module

    def rerun(self) -> Source:
        return Edited(self.source.rerun(), self.edits)


def _are_of(spec: ModuleSpec, weights: Mapping[str, Tensor]) -> bool:
    """Whether weights are those of a network, in its dtype."""
    shapes = {name: tuple(weight.shape) for name, weight in weights.items()}
    return shapes == spec.parameters() and {str(one.dtype) for one in weights.values()} == {f"torch.{spec.dtype}"}


def _around(spec: ModuleSpec, weights: Mapping[str, Tensor]) -> Recurrent:
    import torch  # noqa: PLC0415 - takes seconds

    from gatescope.cells.arithmetic import require_device  # noqa: PLC0415 - imports torch
    from gatescope.modules.network import with_weights  # noqa: PLC0415 - as above

    device, dtype = require_device(spec.device), getattr(torch, spec.dtype)
    return with_weights(spec, {name: weight.to(device, dtype, copy=True) for name, weight in weights.items()})
