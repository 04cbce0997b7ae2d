"""Find what may be the head of a recurrent module among the tensors of a checkpoint: an nn.Linear over its output.

A file tells names and shapes only. So whatever fits is listed, and one is singled out only where nothing else fits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from gatescope.analysis.heads import LinearHead, linear_label
from gatescope.formats.saved_tensors import Entry, Key, is_moment, plain, saved_tensors
from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import ITEM_BYTES


@dataclass(frozen=True)
class SavedLinear:
    """The tensors of an nn.Linear inside a file.

    Attributes
    ----------
    name : str
        Its path in the model, such as `decoder.out`.
    tensors : tuple
        The keys of the weight and, where there is one, the bias; with what the file told of each.
    """

    name: str
    tensors: tuple[tuple[Key, Entry], ...] = field(repr=False)
    _path: Path = field(repr=False)

    @property
    def classes(self) -> int:
        """V; the weight is (V, F)."""
        return self.tensors[0][1].shape[0]

    @property
    def features(self) -> int:
        """F, how many numbers it reads."""
        return self.tensors[0][1].shape[1]

    @property
    def has_bias(self) -> bool:
        """Whether it adds a bias. An nn.Embedding looks like an nn.Linear that does not."""
        return len(self.tensors) > 1

    @property
    def label(self) -> str:
        """How it is listed, such as `out: Linear(8 → 4)`."""
        return linear_label(self.name, self.features, self.classes, bias=self.has_bias)

    @property
    def holder(self) -> tuple[str, ...]:
        """The keys of the dicts that it is in."""
        return self.tensors[0][0][0]

    def read(self) -> LinearHead:
        """Read the tensors: copies on the CPU; raise `checkpoint_changed` where the file no longer holds them."""
        saved = saved_tensors(self._path)
        if any(saved.get(key) != entry for key, entry in self.tensors):
            raise GatescopeError("checkpoint_changed", path=self._path)
        return LinearHead(self.name, *(saved[key].read().detach().clone().contiguous() for key, _ in self.tensors))


def saved_linears(path: Path, tensors: dict[Key, Entry]) -> list[SavedLinear]:
    """Return what may be an nn.Linear, in the order of the file; what is named an embedding and has no bias is none."""
    linears = [
        SavedLinear(plain(name.removesuffix("weight").removesuffix(".")), own, path)
        for key, entry in tensors.items()
        if (name := key[1]).rpartition(".")[2] == "weight" and _is_matrix(entry) and not is_moment(key)
        if (own := _with_bias(key, tensors)) is not None
    ]
    return [linear for linear in linears if linear.has_bias or "emb" not in _path_of(linear).lower()]


def _is_matrix(entry: Entry) -> bool:
    return len(entry.shape) == 2 and 0 not in entry.shape and entry.dtype in ITEM_BYTES


def _with_bias(key: Key, tensors: dict[Key, Entry]) -> tuple[tuple[Key, Entry], ...] | None:
    """Return the weight, and the bias that stands beside it; None where that is not one for each row.

    Such a weight is no nn.Linear's, and to leave its bias out would make other answers than the model's.
    """
    holder, name = key
    beside, weight = (holder, f"{name.removesuffix('weight')}bias"), tensors[key]
    bias = tensors.get(beside)
    if bias is None:
        return ((key, weight),)
    fits = bias.shape == weight.shape[:1] and bias.dtype in ITEM_BYTES
    return ((key, weight), (beside, bias)) if fits else None


def _path_of(linear: SavedLinear) -> str:
    return plain(".".join(filter(None, (*linear.holder, linear.name))))


def heads_of(holder: tuple[str, ...], width: int, linears: Iterable[SavedLinear]) -> tuple[SavedLinear, ...]:
    """Return what may read the output of a module of that dict, which has so many numbers; with a bias first.

    Only where its own state dict has nothing that fits, others count: some people save each part of a model apart.
    """
    fitting = [linear for linear in linears if linear.features == width]
    own = [linear for linear in fitting if linear.holder == holder]
    others = [replace(linear, name=_path_of(linear)) for linear in fitting]
    return tuple(sorted(own or others, key=lambda linear: not linear.has_bias))


def norm_widths(tensors: dict[Key, Entry]) -> set[int]:
    """Return of how many numbers each is what may be an nn.LayerNorm or the like."""
    names = {key: entry.shape for key, entry in tensors.items() if not is_moment(key)}
    return {shape[0] for (_, name), shape in names.items() if name.endswith(".weight") and len(shape) == 1}


def likely_head(
    candidates: Iterable[SavedLinear], linears: Iterable[SavedLinear], norms: Collection[int]
) -> SavedLinear | None:
    """Return the one that is the head beyond reasonable doubt, None where there is doubt.

    It is the only one with a bias; no other nn.Linear reads as many numbers as it gives, which would make it a layer
    between; and nothing may normalise what it reads. With any doubt a person has to choose.

    Parameters
    ----------
    candidates : iterable of SavedLinear
        What fits.
    linears : iterable of SavedLinear
        All of the file.
    norms : collection of int
        As `norm_widths` returns.
    """
    biased = [one for one in candidates if one.has_bias]
    if len(biased) != 1 or biased[0].features in norms:
        return None
    others = [one for one in linears if one.has_bias and one.tensors != biased[0].tensors]
    return None if any(other.features == biased[0].classes for other in others) else biased[0]
