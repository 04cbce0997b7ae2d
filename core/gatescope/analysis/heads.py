"""What stands on top of a recurrent module and makes an answer of its output: the head of a network.

Importing this needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # takes seconds, and a window is there before it
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class LinearHead:
    """An nn.Linear that reads the output of the recurrent module.

    Parameters
    ----------
    name : str
        Where it is in the model, such as `decoder.out`.
    weight : Tensor
        (V, F), a row for each of V classes; F is the module's output size times its directions.
    bias : Tensor, optional
        (V,).
    """

    name: str
    weight: Tensor
    bias: Tensor | None = None

    @property
    def classes(self) -> int:
        """V, how many answers there are to choose from."""
        return self.weight.shape[0]

    @property
    def features(self) -> int:
        """F, how many numbers it reads."""
        return self.weight.shape[1]

    @property
    def label(self) -> str:
        """What it is, such as `out: Linear(8 → 4)`."""
        return linear_label(self.name, self.features, self.classes, bias=self.bias is not None)

    @property
    def is_classifier(self) -> bool:
        """Whether the softmax of its scores tells anything; of a single score it is 1, whatever the score."""
        return self.classes > 1

    def scores(self, output: Tensor) -> Tensor:
        """Return `output @ weight.T + bias`, (..., V), for an output (..., F), in the dtype of the output."""
        import torch.nn.functional as F  # noqa: PLC0415 - see above

        bias = None if self.bias is None else self.bias.to(output)
        return F.linear(output, self.weight.to(output), bias)

    def like(self, output: Tensor) -> LinearHead:
        """Return the same head on the device and in the dtype of an output, so that this is done only once."""
        bias = None if self.bias is None else self.bias.to(output)
        return LinearHead(self.name, self.weight.to(output), bias)


@dataclass(frozen=True, eq=False)
class UnitsHead:
    """No layer at all: the network was trained to give the largest h to the unit that stands for the right answer.

    Parameters
    ----------
    classes : int
        How many units there are, in all directions.
    """

    classes: int
    is_classifier = False  # h itself was trained, not its softmax

    @property
    def features(self) -> int:
        """How many numbers it reads."""
        return self.classes

    def scores(self, output: Tensor) -> Tensor:
        """Return the output itself."""
        return output

    def like(self, _output: Tensor) -> UnitsHead:
        """Return the head itself: it holds no numbers."""
        return self


Head = LinearHead | UnitsHead


def linear_label(name: str, features: int, classes: int, *, bias: bool) -> str:
    """Return an nn.Linear as people write it, with its place in the model."""
    linear = f"Linear({features} → {classes}{'' if bias else ', bias=False'})"
    return f"{name}: {linear}" if name else linear
