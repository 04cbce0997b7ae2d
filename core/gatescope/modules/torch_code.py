"""Blocks of a module's packed parameters as lines of PyTorch. Needs no torch."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatescope.cells.quantities import Quantity
from gatescope.modules.spec import ModuleSpec

Numbers = NDArray[np.floating[Any]]

MOST_NUMBERS = 2000
"""Blocks of more numbers are not written out."""


def block_code(spec: ModuleSpec, parameter: str, gate: str | None, numbers: Numbers) -> str:
    """Return lines that cut a gate's rows out of a parameter, and that write its numbers out.

    Parameters
    ----------
    spec : ModuleSpec
        The module's arguments.
    parameter : str
        As torch names it, such as `weight_ih_l0`.
    gate : str, optional
        Whose rows, by the quantity's name; not given for a parameter that is not packed (`weight_hr`).
    numbers : ndarray
        The block, (H, columns) or (H,).

    Returns
    -------
    str
        Such as `W_if = lstm.weight_ih_l0[4:8, :]`, and the literal `W_if_values`, whose numbers read back to the bit.
        In place of more than `MOST_NUMBERS` numbers there is a comment.
    """
    packed = gate is not None and len(spec.cell.packed) > 1
    name = _variable(spec, parameter, gate)
    part = _rows(spec, gate, numbers.ndim) if packed and gate is not None else ""
    remark = f"# {_shape(spec, parameter)}{_whose(spec, gate) if packed else ''}"
    order = [_order(spec, parameter)] if packed else []
    return "\n".join([*order, f"{name} = {_module(spec)}.{parameter}{part}  {remark}", *_literal(name, spec, numbers)])


def bias_sum_code(spec: ModuleSpec, parameters: tuple[str, str], gate: str, numbers: Numbers) -> str:
    """Return lines that add both biases of a gate, and that write the sum out.

    Parameters
    ----------
    spec : ModuleSpec
        The module's arguments.
    parameters : tuple of str
        The names of both biases.
    gate : str
        Whose, by the quantity's name.
    numbers : ndarray
        The sum, (H,).
    """
    packed = len(spec.cell.packed) > 1
    name = f"b_{_quantity(spec, gate).torch_name}" if packed else "b"
    part = _rows(spec, gate, 1) if packed else ""
    both = " + ".join(f"{_module(spec)}.{parameter}{part}" for parameter in parameters)
    use = "a step needs them apart" if spec.cell.keeps_biases_apart(gate) else "a step only needs the sum"
    line = f"{name} = {both}  # (hidden_size,){_whose(spec, gate) if packed else ''}; {use}"
    order = [_order(spec, parameters[0])] if packed else []
    return "\n".join([*order, line, *_literal(name, spec, numbers)])


def _module(spec: ModuleSpec) -> str:
    return re.sub("cell$", "_cell", spec.kind.lower())


def _quantity(spec: ModuleSpec, gate: str) -> Quantity:
    return spec.cell.quantity(gate)


def _variable(spec: ModuleSpec, parameter: str, gate: str | None) -> str:
    """Return the name that torch's documentation has for the block, such as W_if; of a single block W_ih."""
    kind, ends = re.match(r"(weight|bias)_(ih|hh|hr)", parameter).groups()  # type: ignore[union-attr]  # all are so named
    letter = _quantity(spec, gate).torch_name if gate is not None and len(spec.cell.packed) > 1 else ends[1]
    return f"{'W' if kind == 'weight' else 'b'}_{ends[0]}{letter}"


def _rows(spec: ModuleSpec, gate: str, dimensions: int) -> str:
    rows = spec.gate_rows(gate)
    return f"[{rows.start}:{rows.stop}{', :' * (dimensions - 1)}]"


def _order(spec: ModuleSpec, parameter: str) -> str:
    letters = ", ".join(_quantity(spec, gate).torch_name for gate in spec.cell.packed)
    return f"# {parameter} holds {len(spec.cell.packed)} blocks of {spec.hidden_size} rows: {letters}"


def _whose(spec: ModuleSpec, gate: str | None) -> str:
    return "" if gate is None else f", the {_quantity(spec, gate).title}'s rows"


def _shape(spec: ModuleSpec, parameter: str) -> str:
    """Return a block's shape in the names of the module's arguments."""
    h = "proj_size" if spec.proj_size else "hidden_size"
    if parameter.startswith("bias"):
        return "(hidden_size,)"
    if parameter.startswith("weight_hr"):
        return "(proj_size, hidden_size)"
    if parameter.startswith("weight_hh"):
        return f"(hidden_size, {h})"
    deeper = not spec.is_cell and not re.search(r"_l0(_reverse)?$", parameter)
    read = f"2 * {h}" if spec.bidirectional else h
    return f"(hidden_size, {read if deeper else 'input_size'})"


def _literal(name: str, spec: ModuleSpec, numbers: Numbers) -> list[str]:
    if numbers.size > MOST_NUMBERS:
        return [f"# {numbers.size} numbers: too many to write out"]
    if numbers.ndim == 1:
        return [f"{name}_values = torch.tensor([{_row(numbers)}], dtype=torch.{spec.dtype})"]
    rows = [f"        [{_row(row)}]," for row in numbers]
    return [f"{name}_values = torch.tensor(", "    [", *rows, "    ],", f"    dtype=torch.{spec.dtype},", ")"]


def _row(numbers: Numbers) -> str:
    return ", ".join(_format_exactly(number) for number in numbers)


def _format_exactly(number: np.floating[Any]) -> str:
    """Return the shortest form that reads back the same; torch reads it as a float64, and rounds that."""
    if not np.isfinite(number):
        return f"torch.{number}" if number != -np.inf else "-torch.inf"
    text = str(number)
    return text if type(number)(float(text)) == number else repr(float(number))
