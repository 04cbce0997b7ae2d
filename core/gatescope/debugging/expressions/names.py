"""The names that an expression may use: the quantities of a cell, what it reads, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from gatescope.messages.message import Message
from gatescope.modules.spec import ModuleSpec

Kind = Literal["number", "truth", "text"]


@dataclass(frozen=True)
class Name:
    """One name.

    Parameters
    ----------
    name : str
        As it is written.
    source : str
        The engine's own name: of torch's `g` that is `c_tilde`.
    kind : {"number", "text"}
        What its values are.
    help : Message
        What it is, in one line.
    units : int, optional
        How many values each step has; None for one that is no vector.
    varies : bool
        Whether some layers have fewer units than that.
    limits : (float, float), optional
        The range of its values, where it has both ends.
    """

    name: str
    source: str
    kind: Kind
    help: Message
    units: int | None = None
    varies: bool = False
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Names:
    """The names for the cells of one network.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments.
    tokens : bool
        Whether the steps of its input have names, as those of a text have: `token`.
    reference : bool
        Whether it is compared with torch's module: `err`.
    """

    spec: ModuleSpec
    tokens: bool = False
    reference: bool = False

    @classmethod
    def of(cls, spec: ModuleSpec, *, tokens: bool = False, reference: bool = False) -> Names:
        """Return the names for a network."""
        return cls(spec, tokens, reference)

    @cached_property
    def by_name(self) -> dict[str, Name]:
        """Each name that may be used, in the order in which they are listed."""
        vectors = (self._x, *self._quantities(), *self._preactivations())
        return {name.name: name for name in (*self._of_step(), *vectors, *self._of_place())}

    @cached_property
    def missing(self) -> dict[str, Message]:
        """Why a name that other runs have cannot be used in this one."""
        reasons = {}
        if not self.tokens:
            reasons["token"] = Message("expression_no_token")
        if not self.reference:
            reasons["err"] = Message("expression_no_reference", {"module": self.spec.module_name})
        return reasons

    @property
    def example(self) -> str:
        """One unit of a quantity that every such cell has."""
        return f"{self.spec.cell.names[0]}[0]"

    @property
    def at_start(self) -> frozenset[str]:
        """The sources that are known before the first step: the states, and where the cell is."""
        return frozenset((*self.spec.cell.states, "layer", "direction", "batch"))

    def _of_step(self) -> tuple[Name, ...]:
        token = (Name("token", "token", "text", Message("expression_help_token")),)
        return (Name("t", "t", "number", Message("expression_help_t")), *(token if self.tokens else ()))

    def _of_place(self) -> tuple[Name, ...]:
        err = (Name("err", "err", "number", Message("expression_help_err", {"module": self.spec.module_name})),)
        return (
            Name("layer", "layer", "number", Message("expression_help_layer", {"last": self.spec.num_layers - 1})),
            Name("direction", "direction", "text", Message("expression_help_direction")),
            Name("batch", "batch", "number", Message("expression_help_batch")),
            *(err if self.reference else ()),
        )

    @property
    def _x(self) -> Name:
        # Layers from the second on read the same number.
        widths = {self.spec.layer_input_size(layer) for layer in range(min(2, self.spec.num_layers))}
        help_ = Message("expression_help_x", {"last": max(widths) - 1})
        return Name("x", "x", "number", help_, max(widths), varies=len(widths) > 1)

    def _quantities(self) -> list[Name]:
        names = []
        for quantity in self.spec.cell.quantities:
            units = self.spec.output_size if quantity.name == "h" else self.spec.hidden_size
            # A projected h is a sum of what lay within the range, and may lie beyond it.
            known = quantity.low is not None and quantity.high is not None and units == self.spec.hidden_size
            limits = (float(quantity.low or 0), float(quantity.high or 0)) if known else None
            help_ = Message("expression_help_quantity", {"equation": quantity.equation, "last": units - 1})
            names.append(Name(quantity.name, quantity.name, "number", help_, units, limits=limits))
            if quantity.torch_name != quantity.name:
                other = Message("expression_help_alias", {"name": quantity.name, "last": units - 1})
                names.append(Name(quantity.torch_name, quantity.name, "number", other, units, limits=limits))
        return names

    def _preactivations(self) -> list[Name]:
        cell, units = self.spec.cell, self.spec.hidden_size
        gates = {quantity.preactivation: quantity.name for quantity in cell.quantities}
        fields = {name: {"name": gates[name], "last": units - 1} for name in cell.preactivation_names}
        return [
            Name(name, name, "number", Message("expression_help_preactivation", of), units)
            for name, of in fields.items()
        ]
