"""What the engine says to people: a code, its parameters, and the English template.

The engine never builds a sentence anywhere else. A window can therefore say the same thing in another
language: it looks the template up by its text and fills in the same parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[float], None]
"""Told the fraction done, from 0 to 1, while long work goes on; it may raise `Cancelled` to stop the work."""


def fraction_of(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Return what one of several equal parts of the work tells its own fraction to."""
    if progress is None:
        return None
    return lambda fraction: progress((part + fraction) / parts)


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation and return it; needs no Qt."""
    return text


MESSAGES: dict[str, str] = {
    # networks
    "not_whole": QT_TRANSLATE_NOOP("engine", "{name} must be a whole number, but it is {value}."),
    "out_of_range": QT_TRANSLATE_NOOP("engine", "{name} must be {allowed}, but it is {value}."),
    "not_a_bool": QT_TRANSLATE_NOOP("engine", "{name} must be True or False, but it is {value}."),
    "proj_too_large": QT_TRANSLATE_NOOP(
        "engine", "proj_size must be 0 (no projection) or smaller than hidden_size {hidden}, but it is {value}."
    ),
    "too_much_memory": QT_TRANSLATE_NOOP(
        "engine", "{what} needs {needed} of memory, but this machine has {available} free; choose smaller sizes."
    ),
    "out_of_memory": QT_TRANSLATE_NOOP("engine", "The memory ran out; choose smaller sizes or a shorter sequence."),
    "dtype_unsupported": QT_TRANSLATE_NOOP("engine", "dtype must be float32 or float64, but it is {value}."),
    "device_unknown": QT_TRANSLATE_NOOP("engine", "device must be cpu, cuda or cuda:N, but it is {value}."),
    "no_cuda": QT_TRANSLATE_NOOP("engine", "There is no CUDA device {device}: {reason}. Use the CPU."),
    "cuda_not_built": QT_TRANSLATE_NOOP("engine", "this PyTorch is built without CUDA"),
    "cuda_not_found": QT_TRANSLATE_NOOP("engine", "no working NVIDIA driver and device were found"),
    "cuda_only_these": QT_TRANSLATE_NOOP("engine", "there are only {names}"),
    "not_lstm": QT_TRANSLATE_NOOP("engine", "The module must be a plain torch.nn.LSTM, but it is a {value}."),
    "dropout_in_training": QT_TRANSLATE_NOOP(
        "engine",
        "The module is in training mode with dropout {dropout} between its layers, so its masks cannot be "
        "known; call module.eval() first.",
    ),
    # constructor text
    "constructor_empty": QT_TRANSLATE_NOOP("engine", "Type a constructor such as nn.LSTM(4, 3, num_layers=2)."),
    "constructor_too_long": QT_TRANSLATE_NOOP(
        "engine", "A constructor has at most {limit} characters, but this text has {length}."
    ),
    "constructor_syntax": QT_TRANSLATE_NOOP(
        "engine", "This is not a plain call such as nn.LSTM(4, 3): it cannot be read near character {column}."
    ),
    "constructor_not_a_call": QT_TRANSLATE_NOOP(
        "engine", "Only a plain nn.LSTM(...) call is understood, but here is: {part}"
    ),
    "constructor_other_class": QT_TRANSLATE_NOOP("engine", "Only nn.LSTM is understood, but here is: {part}"),
    "constructor_not_literal": QT_TRANSLATE_NOOP(
        "engine", "The value of {name} must be written out (a number, True, False or a name of a dtype), not: {part}"
    ),
    "constructor_unknown_argument": QT_TRANSLATE_NOOP("engine", "nn.LSTM has no argument {name}; it has {known}."),
    "constructor_too_many": QT_TRANSLATE_NOOP(
        "engine", "nn.LSTM takes at most {limit} arguments by position, but here are {given}."
    ),
    "constructor_twice": QT_TRANSLATE_NOOP("engine", "The argument {name} is given twice."),
    "constructor_missing": QT_TRANSLATE_NOOP("engine", "nn.LSTM needs input_size and hidden_size; {name} is missing."),
    # sequences
    "sequence_empty": QT_TRANSLATE_NOOP("engine", "The sequence is empty; it needs at least one step."),
    "sequence_ragged": QT_TRANSLATE_NOOP(
        "engine", "Row {row} has {given} values, but the rows before it have {expected}."
    ),
    "sequence_not_numeric": QT_TRANSLATE_NOOP("engine", "Row {row}, column {column} is not a number: {value}"),
    "sequence_width": QT_TRANSLATE_NOOP(
        "engine", "Each step has {given} values, but the network takes {expected} (its input_size)."
    ),
    "sequence_dimensions": QT_TRANSLATE_NOOP(
        "engine",
        "A sequence has 2 dimensions (T, {width}), or 3 with a batch ({batch}); this one has the shape {given}.",
    ),
    "sequence_dtype": QT_TRANSLATE_NOOP(
        "engine", "The sequence has dtype {given}, but the network computes in {expected}."
    ),
    "sequence_device": QT_TRANSLATE_NOOP("engine", "The sequence is on {given}, but the network is on {expected}."),
    "sequence_not_tensor": QT_TRANSLATE_NOOP(
        "engine", "The sequence must be a dense torch.Tensor, but it is a {given}."
    ),
    "tokens_length": QT_TRANSLATE_NOOP("engine", "There are {given} tokens for {expected} steps."),
    "text_outside_vocabulary": QT_TRANSLATE_NOOP(
        "engine", "The character {character} at position {position} is not in the vocabulary {vocabulary}."
    ),
    "state_shape": QT_TRANSLATE_NOOP("engine", "{name} must have the shape {expected}, but it has {given}."),
    "state_dtype": QT_TRANSLATE_NOOP("engine", "{name} has dtype {given}, but the sequence has {expected}."),
    "state_device": QT_TRANSLATE_NOOP("engine", "{name} is on {given}, but the sequence is on {expected}."),
    "state_not_pair": QT_TRANSLATE_NOOP("engine", "hx must be the pair (h0, c0), but it is a {given}."),
    # files
    "file_missing": QT_TRANSLATE_NOOP("engine", "There is no file {path}."),
    "file_is_folder": QT_TRANSLATE_NOOP("engine", "{path} is a folder; a file is needed."),
    "file_unreadable": QT_TRANSLATE_NOOP("engine", "{path} cannot be read: {reason}."),
    "file_ending": QT_TRANSLATE_NOOP("engine", "{path} must end in {allowed}."),
    "file_not_text": QT_TRANSLATE_NOOP("engine", "{path} is not a CSV text file in UTF-8."),
    "file_not_npy": QT_TRANSLATE_NOOP("engine", "{path} is not a NumPy .npy file: {reason}."),
    "file_has_objects": QT_TRANSLATE_NOOP(
        "engine", "{path} holds Python objects, which are never unpickled; save it as an array of numbers."
    ),
    "file_not_real_numbers": QT_TRANSLATE_NOOP("engine", "{path} holds {given}; an array of real numbers is needed."),
    "file_weights": QT_TRANSLATE_NOOP("engine", "{path} does not hold the weights of this network: {reason}."),
    "file_unwritable": QT_TRANSLATE_NOOP("engine", "{path} cannot be written: {reason}. Nothing was changed there."),
    "in_file": QT_TRANSLATE_NOOP("engine", "{path}: {problem}"),
    "layout_unknown": QT_TRANSLATE_NOOP("engine", "layout must be long or wide, but it is {value}."),
    # looking things up in a trace
    "no_such_layer": QT_TRANSLATE_NOOP("engine", "layer must be from 0 to {last}, but it is {value}."),
    "no_such_direction": QT_TRANSLATE_NOOP("engine", "direction must be {allowed}, but it is {value}."),
    "no_such_step": QT_TRANSLATE_NOOP("engine", "t must be from 0 to {last}, but it is {value}."),
    "no_such_quantity": QT_TRANSLATE_NOOP("engine", "The quantity must be {allowed}, but it is {value}."),
    # verdicts
    "matches": QT_TRANSLATE_NOOP("engine", "matches nn.LSTM ({percent} % of the rounding bound)"),
    "differs": QT_TRANSLATE_NOOP(
        "engine",
        "does not match nn.LSTM: first at t = {t}, {quantity} of unit {unit} (layer {layer}, {direction}, "
        "batch element {batch}), {times} times the rounding bound",
    ),
    "forward": QT_TRANSLATE_NOOP("engine", "forward"),
    "reverse": QT_TRANSLATE_NOOP("engine", "reverse"),
    "in_cell": QT_TRANSLATE_NOOP("engine", "{quantity} (layer {layer}, {direction})"),
    "and_down": QT_TRANSLATE_NOOP("engine", "{place} (in the reverse direction from there down)"),
    "in_bound": QT_TRANSLATE_NOOP("engine", "the rounding bound of {quantity} (layer {layer}, {direction})"),
    "cannot_compare": QT_TRANSLATE_NOOP("engine", "cannot compare from t = {t} on: NaN or infinity appears in {where}"),
}


@dataclass(frozen=True)
class Message:
    """One statement of the engine.

    Parameters
    ----------
    code : str
        A key of `MESSAGES`.
    params : dict
        The values for the template's fields; a value may itself be a `Message`.
    """

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the message in English, in one line whatever the values hold."""
        return " ".join(MESSAGES[self.code].format(**self.params).splitlines())


class GatescopeError(ValueError):
    """Something that a person can put right: bad input, a file, a missing device.

    Parameters
    ----------
    code : str
        A key of `MESSAGES`.
    **params
        The values for the template's fields.
    """

    def __init__(self, code: str, /, **params: Any) -> None:
        self.message = Message(code, params)
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        """The key of the message."""
        return self.message.code


class Cancelled(Exception):  # noqa: N818 - a request that was granted, not an error
    """Raised by a progress callback to stop the work that called it."""
