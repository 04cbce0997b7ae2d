"""What is said about files: sequences, checkpoints, traces."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

FILES: dict[str, str] = {
    # files
    "file_missing": QT_TRANSLATE_NOOP("engine", "There is no file {path}."),
    "file_is_folder": QT_TRANSLATE_NOOP("engine", "{path} is a folder; a file is needed."),
    "file_special": QT_TRANSLATE_NOOP("engine", "{path} is a pipe, a socket or a device; a plain file is needed."),
    "file_unreadable": QT_TRANSLATE_NOOP("engine", "{path} cannot be read: {reason}."),
    "name_no_utf8": QT_TRANSLATE_NOOP("engine", "its name is not in UTF-8"),
    "file_ending": QT_TRANSLATE_NOOP("engine", "{path} must end in {allowed}."),
    "file_foreign": QT_TRANSLATE_NOOP("engine", "{path} cannot be opened: it is {what}."),
    "file_of_other_kind": QT_TRANSLATE_NOOP("engine", "{path} is {what}; here a file of {allowed} is needed."),
    "file_is_no_constructor": QT_TRANSLATE_NOOP(
        "engine", "{path} is a file, and no constructor; File > Open (Ctrl+O) opens it."
    ),
    "file_not_text": QT_TRANSLATE_NOOP("engine", "{path} is not a CSV text file in UTF-8."),
    "file_not_npy": QT_TRANSLATE_NOOP("engine", "{path} is not a NumPy .npy file: {reason}."),
    "npy_promises_more": QT_TRANSLATE_NOOP(
        "engine", "its header promises an array of the shape {shape}, {needed} bytes, but it holds {given} bytes"
    ),
    "npy_no_such_shape": QT_TRANSLATE_NOOP("engine", "its header promises the shape {shape}, which no array can have"),
    "file_has_objects": QT_TRANSLATE_NOOP(
        "engine", "{path} holds Python objects, which are never unpickled; save it as an array of numbers."
    ),
    "file_not_real_numbers": QT_TRANSLATE_NOOP("engine", "{path} holds {given}; an array of real numbers is needed."),
    "file_weights": QT_TRANSLATE_NOOP("engine", "{path} does not hold the weights of this network: {reason}."),
    "file_unwritable": QT_TRANSLATE_NOOP("engine", "{path} cannot be written: {reason}. Nothing was changed there."),
    "session_changed_elsewhere": QT_TRANSLATE_NOOP(
        "engine",
        "{path} was changed by another program. What is open here is as before; Save asks before it replaces it.",
    ),
    "session_removed_elsewhere": QT_TRANSLATE_NOOP(
        "engine", "{path} was removed or renamed. What is open here is as before; Save writes the file again."
    ),
    "recovered_instead": QT_TRANSLATE_NOOP(
        "engine",
        "{path} was not opened: what was recovered is on show. File > Open recent opens it once that is saved.",
    ),
    "in_file": QT_TRANSLATE_NOOP("engine", "{path}: {problem}"),
    "layout_unknown": QT_TRANSLATE_NOOP("engine", "layout must be long or wide, but it is {value}."),
    # checkpoints
    "checkpoint_unread": QT_TRANSLATE_NOOP("engine", "{path} is no checkpoint that can be read: it is {what}."),
    "is_empty": QT_TRANSLATE_NOOP("engine", "empty"),
    "is_numpy": QT_TRANSLATE_NOOP("engine", "a NumPy file"),
    "is_safetensors": QT_TRANSLATE_NOOP("engine", "a safetensors file"),
    "is_torch_save": QT_TRANSLATE_NOOP("engine", "a checkpoint that torch.save wrote"),
    "is_recording": QT_TRANSLATE_NOOP("engine", "a recording of Gatescope"),
    "is_session": QT_TRANSLATE_NOOP("engine", "a session of Gatescope"),
    "is_lfs_pointer": QT_TRANSLATE_NOOP("engine", "only a pointer of Git LFS; get the file itself with git lfs pull"),
    "is_unknown": QT_TRANSLATE_NOOP("engine", "neither a safetensors file nor one that torch.save wrote"),
    "is_other_zip": QT_TRANSLATE_NOOP(
        "engine", "a zip archive that torch.save did not write; unpack it and open a file that is in it"
    ),
    "is_npz": QT_TRANSLATE_NOOP(
        "engine",
        "a NumPy .npz, a zip archive that torch.save did not write; save one of its arrays with numpy.save, or weights "
        "as a state dict with torch.save, and open that",
    ),
    "is_tar": QT_TRANSLATE_NOOP("engine", "a tar archive; unpack it and open a file that is in it"),
    "is_compressed": QT_TRANSLATE_NOOP(
        "engine", "compressed with {program}; unpack it and open the file that is in it"
    ),
    "is_web_page": QT_TRANSLATE_NOOP(
        "engine", "a web page (HTML), as a link to a page about a file gives; download the file itself"
    ),
    "is_onnx": QT_TRANSLATE_NOOP(
        "engine", "an ONNX model; save the PyTorch module's state_dict() with torch.save and open that"
    ),
    "is_hdf5": QT_TRANSLATE_NOOP(
        "engine",
        "an HDF5 file, as Keras and MATLAB write them; put its weights into a PyTorch module and save the module's "
        "state_dict() with torch.save, or its numbers with numpy.save, and open that",
    ),
    "is_foreign_model": QT_TRANSLATE_NOOP(
        "engine",
        "a model of {library}; put its weights into a PyTorch module, save the module's state_dict() with torch.save "
        "and open that",
    ),
    "is_foreign_data": QT_TRANSLATE_NOOP(
        "engine", "data in the format {format}; save the numbers as CSV or with numpy.save and open that"
    ),
    "is_pickle": QT_TRANSLATE_NOOP(
        "engine",
        "a Python pickle that torch.save did not write, which may run code and is never loaded; load it where you "
        "trust it, save the state_dict() with torch.save or the array with numpy.save, and open that",
    ),
    "is_torch_tar": QT_TRANSLATE_NOOP(
        "engine",
        "a tar archive of PyTorch 0.1, which cannot be read without running its code; load it with torch.load where "
        "you trust it, save the state_dict() with torch.save and open that",
    ),
    "is_torchscript": QT_TRANSLATE_NOOP(
        "engine", "a TorchScript archive, which holds code; load it with torch.jit.load and torch.save its state_dict()"
    ),
    "is_exported_program": QT_TRANSLATE_NOOP(
        "engine", "a program of torch.export; save its state_dict (or the module's) with torch.save and open that"
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
    "batch_first_needed": QT_TRANSLATE_NOOP(
        "engine",
        "{path}: its weights do not tell batch_first, and {shape} is {first} with the batch first, {second} with the "
        "steps first; say which it is.",
    ),
    "sequence_of_one_step": QT_TRANSLATE_NOOP("engine", "1 sequence of 1 step"),
    "sequence_of_steps": QT_TRANSLATE_NOOP("engine", "1 sequence of {steps} steps"),
    "sequences_of_one_step": QT_TRANSLATE_NOOP("engine", "{batch} sequences of 1 step"),
    "sequences_of_steps": QT_TRANSLATE_NOOP("engine", "{batch} sequences of {steps} steps"),
    "module_has_more": QT_TRANSLATE_NOOP(
        "engine",
        "{path}: among its weights are {names}, which {module} does not have; it computes without them, and so "
        "something else than the saved model, unless they act outside of the cell.",
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
}
