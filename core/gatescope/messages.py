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
    "dtype_unsupported": QT_TRANSLATE_NOOP(
        "engine", "dtype must be float32, float64, float16 or bfloat16, but it is {value}."
    ),
    "kind_unknown": QT_TRANSLATE_NOOP("engine", "The module must be one of {allowed}, but it is {value}."),
    "nonlinearity_unknown": QT_TRANSLATE_NOOP("engine", "nonlinearity must be 'tanh' or 'relu', but it is {value}."),
    "not_of_this_module": QT_TRANSLATE_NOOP("engine", "{module} has no argument {name}."),
    "device_unknown": QT_TRANSLATE_NOOP("engine", "device must be cpu, cuda or cuda:N, but it is {value}."),
    "no_cuda": QT_TRANSLATE_NOOP("engine", "There is no CUDA device {device}: {reason}. Use the CPU."),
    "cuda_not_built": QT_TRANSLATE_NOOP("engine", "this PyTorch is built without CUDA"),
    "cuda_not_found": QT_TRANSLATE_NOOP("engine", "no working NVIDIA driver and device were found"),
    "cuda_only_these": QT_TRANSLATE_NOOP("engine", "there are only {names}"),
    "arithmetic_unknown": QT_TRANSLATE_NOOP("engine", "arithmetic must be ieee or tf32, but it is {value}."),
    "tf32_needs_cuda": QT_TRANSLATE_NOOP(
        "engine", "TF32 is computed on CUDA devices only, but the device is {device}."
    ),
    "arithmetic_not_set": QT_TRANSLATE_NOOP(
        "engine", "PyTorch does not take the setting {value} for its products; it stays at {found}."
    ),
    "not_recurrent": QT_TRANSLATE_NOOP("engine", "The module must be a plain {allowed}, but it is a {value}."),
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
        "engine", "Only a plain call such as nn.LSTM(4, 3) is understood, but here is: {part}"
    ),
    "constructor_other_class": QT_TRANSLATE_NOOP("engine", "Only {known} are understood, but here is: {part}"),
    "constructor_not_literal": QT_TRANSLATE_NOOP(
        "engine", "The value of {name} must be written out (a number, True, False or a name of a dtype), not: {part}"
    ),
    "constructor_unknown_argument": QT_TRANSLATE_NOOP("engine", "{module} has no argument {name}; it has {known}."),
    "constructor_too_many": QT_TRANSLATE_NOOP(
        "engine", "{module} takes at most {limit} arguments by position, but here are {given}."
    ),
    "constructor_twice": QT_TRANSLATE_NOOP("engine", "The argument {name} is given twice."),
    "constructor_missing": QT_TRANSLATE_NOOP("engine", "{module} needs input_size and hidden_size; {name} is missing."),
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
    "state_not_tensor": QT_TRANSLATE_NOOP("engine", "hx must be the tensor h0, but it is a {given}."),
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
    # checkpoints
    "checkpoint_unread": QT_TRANSLATE_NOOP("engine", "{path} is no checkpoint that can be read: it is {what}."),
    "is_empty": QT_TRANSLATE_NOOP("engine", "empty"),
    "is_numpy": QT_TRANSLATE_NOOP("engine", "a NumPy file"),
    "is_lfs_pointer": QT_TRANSLATE_NOOP("engine", "only a pointer of Git LFS; get the file itself with git lfs pull"),
    "is_unknown": QT_TRANSLATE_NOOP("engine", "neither a safetensors file nor one that torch.save wrote"),
    "is_other_zip": QT_TRANSLATE_NOOP("engine", "a zip archive that torch.save did not write"),
    "is_torchscript": QT_TRANSLATE_NOOP(
        "engine", "a TorchScript archive, which holds code; load it with torch.jit.load and torch.save its state_dict()"
    ),
    "is_no_dict": QT_TRANSLATE_NOOP("engine", "of type {given}, and not a state dict as model.state_dict() returns it"),
    "is_damaged": QT_TRANSLATE_NOOP("engine", "cut, damaged or of another format ({detail})"),
    "checkpoint_needs_code": QT_TRANSLATE_NOOP(
        "engine",
        "{path} needs {name} to be read, and code in files is never run; load it where that code is, and save "
        "model.state_dict() with torch.save or safetensors.",
    ),
    "checkpoint_no_module": QT_TRANSLATE_NOOP(
        "engine",
        "{path} holds no recurrent module: no tensor has a name such as weight_ih_l0 (in a layer) or weight_ih (in a "
        "cell), alone or at the end as in encoder.lstm.weight_ih_l0; its tensors are: {names}.",
    ),
    "checkpoint_changed": QT_TRANSLATE_NOOP("engine", "{path} has changed since it was opened; open it again."),
    "checkpoint_no_prefix": QT_TRANSLATE_NOOP("engine", "{path} has no recurrent module {value}; it has {known}."),
    "nonlinearity_needed": QT_TRANSLATE_NOOP(
        "engine", "{path}: an {module} computes with tanh or relu, and its weights do not tell which; say which it is."
    ),
    "module_parametrized": QT_TRANSLATE_NOOP(
        "engine",
        "it is parametrized ({names}); before it is saved, call torch.nn.utils.parametrize.remove_parametrizations, or "
        "remove_weight_norm, remove_spectral_norm or prune.remove where one of these was applied.",
    ),
    "module_dtype": QT_TRANSLATE_NOOP(
        "engine", "its tensors must be dense, and all float32, float64, float16 or bfloat16, but {faults}."
    ),
    "module_rows": QT_TRANSLATE_NOOP(
        "engine",
        "{name} has the shape {given}, but it should have {rows} rows, and 1/4 (LSTM), 1/3 (GRU) or 1/1 (RNN) as many "
        "columns; an LSTM with proj_size may have fewer, but also needs weight_hr.",
    ),
    "module_misfit": QT_TRANSLATE_NOOP("engine", "its tensors do not make a module: {faults}."),
    "tensor_missing": QT_TRANSLATE_NOOP("engine", "{name} is missing"),
    "tensor_extra": QT_TRANSLATE_NOOP("engine", "{name} does not belong to it"),
    "tensor_shape": QT_TRANSLATE_NOOP("engine", "{name} has the shape {given} instead of {expected}"),
    "tensor_is": QT_TRANSLATE_NOOP("engine", "{name} is {given}"),
    "nothing": QT_TRANSLATE_NOOP("engine", "none"),
    "and_next": QT_TRANSLATE_NOOP("engine", "{first}, {next}"),
    "and_more": QT_TRANSLATE_NOOP("engine", "{first} and {count} more"),
    # trace files
    "trace_file_foreign": QT_TRANSLATE_NOOP("engine", "{path} is not a trace file of Gatescope."),
    "trace_file_special": QT_TRANSLATE_NOOP("engine", "{path} is a pipe or a device; a recording needs a plain file."),
    "trace_file_changed": QT_TRANSLATE_NOOP(
        "engine", "{path} was changed by another program during the recording; record into a file of its own."
    ),
    "trace_file_unsynced": QT_TRANSLATE_NOOP(
        "engine", "{path} may not be on the disk in full: {reason}. Read it once before you rely on it."
    ),
    "trace_not_appended": QT_TRANSLATE_NOOP(
        "engine", "The trace could not be added to {path}: {reason}. The traces before it are there."
    ),
    "trace_unreadable": QT_TRANSLATE_NOOP("engine", "Trace {number} in {path} cannot be read: {reason}"),
    "trace_cut": QT_TRANSLATE_NOOP("engine", "The file ends before it does."),
    "trace_newer": QT_TRANSLATE_NOOP("engine", "It was written by a newer version of Gatescope; update Gatescope."),
    "trace_header_damaged": QT_TRANSLATE_NOOP("engine", "Its header is damaged."),
    "trace_header_too_long": QT_TRANSLATE_NOOP("engine", "The trace has too many layers for a trace file."),
    "trace_part_missing": QT_TRANSLATE_NOOP("engine", "{name} is missing."),
    "trace_part_unknown": QT_TRANSLATE_NOOP("engine", "A trace of this network has no {name}."),
    "trace_part_wrong": QT_TRANSLATE_NOOP("engine", "{name} must be {expected}, but it is {given}."),
    "trace_value_wrong": QT_TRANSLATE_NOOP("engine", "{name} does not fit the rest: {value}"),
    "xarray_missing": QT_TRANSLATE_NOOP(
        "engine", "xarray is not installed; install it with {command}, or use to_parquet or to_numpy."
    ),
    # recording
    "model_not_module": QT_TRANSLATE_NOOP(
        "engine", "The model to record must be a torch.nn.Module, but it is of type {given}."
    ),
    "model_compiled": QT_TRANSLATE_NOOP(
        "engine",
        "{part} is compiled, and compiled code does not tell what {name} in it reads and returns; record the model "
        "before torch.compile, or a copy that was never compiled.",
    ),
    "nothing_to_record": QT_TRANSLATE_NOOP(
        "engine", "There is nothing to record in the {given}: it holds no {allowed}."
    ),
    "nothing_left_to_record": QT_TRANSLATE_NOOP(
        "engine",
        "There is nothing to record in the {given}: it is made of operations and no longer holds modules; record the "
        "model that it was made from.",
    ),
    "no_such_module": QT_TRANSLATE_NOOP("engine", "modules must name some of {names}, but here is {name}."),
    "batch_unknown": QT_TRANSLATE_NOOP(
        "engine", "batch must be a whole number, several of them, a slice, or None for all, but it is {value}."
    ),
    "batch_beyond": QT_TRANSLATE_NOOP("engine", "batch asks for {batch}, but the call has only {size} batch elements."),
    "call_failed": QT_TRANSLATE_NOOP("engine", "It cannot be traced: {reason}."),
    "call_left_out": QT_TRANSLATE_NOOP(
        "engine", "Call {call} of {name} is not recorded, nor are others like it (see Recording.skipped): {reason}"
    ),
    "call_differs": QT_TRANSLATE_NOOP(
        "engine",
        "The trace of call {call} of {name} differs by up to {difference} from what the module returned, which is more "
        "than rounding usually makes (see Recording.differences); perhaps a hook changed it.",
    ),
    "not_recorded": QT_TRANSLATE_NOOP("engine", "There is no recording of {name}, only of {names}."),
    "not_one_trace": QT_TRANSLATE_NOOP("engine", "There is not one trace but {count}: {names}."),
    "nothing_recorded": QT_TRANSLATE_NOOP("engine", "Nothing has been recorded yet, so there is nothing to save."),
    # looking things up in a trace
    "no_such_layer": QT_TRANSLATE_NOOP("engine", "layer must be from 0 to {last}, but it is {value}."),
    "no_such_direction": QT_TRANSLATE_NOOP("engine", "direction must be {allowed}, but it is {value}."),
    "no_such_step": QT_TRANSLATE_NOOP("engine", "t must be from 0 to {last}, but it is {value}."),
    "no_such_quantity": QT_TRANSLATE_NOOP("engine", "The quantity must be {allowed}, but it is {value}."),
    "report_of_another": QT_TRANSLATE_NOOP(
        "engine", "The report belongs to another trace; give the report of this one."
    ),
    "grad_in_inference_mode": QT_TRANSLATE_NOOP(
        "engine", "There are no gradients in torch.inference_mode(); trace with grad=True outside of it."
    ),
    "not_a_trace": QT_TRANSLATE_NOOP(
        "engine", "A trace is needed, as gs.trace returns it, but this is of type {given}."
    ),
    "tokens_not_texts": QT_TRANSLATE_NOOP(
        "engine", "tokens must be a text, or one text for each step, but it is of type {given}."
    ),
    "no_graph": QT_TRANSLATE_NOOP("engine", "There are no gradients of {name}: trace with grad=True to have them."),
    # verdicts
    "matches": QT_TRANSLATE_NOOP("engine", "matches {module} ({percent} % of the rounding bound)"),
    "differs": QT_TRANSLATE_NOOP(
        "engine",
        "does not match {module}: first at t = {t}, {quantity} of unit {unit} (layer {layer}, {direction}, "
        "batch element {batch}), {times} times the rounding bound",
    ),
    "forward": QT_TRANSLATE_NOOP("engine", "forward"),
    "reverse": QT_TRANSLATE_NOOP("engine", "reverse"),
    "in_cell": QT_TRANSLATE_NOOP("engine", "{quantity} (layer {layer}, {direction})"),
    "and_down": QT_TRANSLATE_NOOP("engine", "{place} (in the reverse direction from there down)"),
    "in_bound": QT_TRANSLATE_NOOP("engine", "the rounding bound of {quantity} (layer {layer}, {direction})"),
    "cannot_compare": QT_TRANSLATE_NOOP("engine", "cannot compare from t = {t} on: NaN or infinity appears in {where}"),
    "reference_unsure": QT_TRANSLATE_NOOP(
        "engine",
        "cannot be told: two ways to the reference's own {quantity} (layer {layer}, {direction}) differ by {times} "
        "times the rounding bound",
    ),
    "runs_match": QT_TRANSLATE_NOOP("engine", "the two runs match ({percent} % of the rounding bound)"),
    "runs_differ": QT_TRANSLATE_NOOP(
        "engine",
        "the two runs differ: first at t = {t}, {quantity} of unit {unit} (layer {layer}, {direction}, batch element "
        "{batch}), {times} times the rounding bound",
    ),
    "runs_fed_differently": QT_TRANSLATE_NOOP("engine", "the two runs were not fed the same: {name} differs"),
    "compare_shapes": QT_TRANSLATE_NOOP(
        "engine", "Only runs of the same shape can be compared, but one is {one}, the other {other}."
    ),
    "compare_lengths": QT_TRANSLATE_NOOP(
        "engine", "Only runs of the same lengths can be compared, but one has {one}, the other {other}."
    ),
    "arbiter_needs_less": QT_TRANSLATE_NOOP(
        "engine", "float64 is the arbiter of coarser types; this run is itself in float64."
    ),
    "obtained_returned": QT_TRANSLATE_NOOP("engine", "returned by the kernel of {module}"),
    "obtained_shown": QT_TRANSLATE_NOOP("engine", "shown by the kernel of {module}, whose other gates were held"),
    "obtained_cross_checked": QT_TRANSLATE_NOOP(
        "engine",
        "shown by the kernel of {module}, whose other gates were held; at {rows} rows cross-checked with what "
        "PyTorch's native kernel was seen to compute ({percent} % of the rounding bound apart)",
    ),
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
