"""What is said about networks: their arguments, and constructor text."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

NETWORKS: dict[str, str] = {
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
    "parameter_missing": QT_TRANSLATE_NOOP(
        "engine", "The module's {name} is no tensor but {given}; a module without biases is made with bias=False."
    ),
    "parameter_shape": QT_TRANSLATE_NOOP(
        "engine", "The module's {name} has the shape {given}, but by the module's arguments it must have {expected}."
    ),
    "parameters_differ": QT_TRANSLATE_NOOP(
        "engine",
        "All parameters of the module must be of one dtype and on one device, but {name} is {given} and {first} is "
        "{expected}.",
    ),
    "cell_name_taken": QT_TRANSLATE_NOOP(
        "engine", "A cell cannot be called {value}: torch.nn has a module of that name."
    ),
    "cannot_build": QT_TRANSLATE_NOOP(
        "engine", "{module} is no module of torch.nn and cannot be built from its sizes; trace your own in Python."
    ),
    "own_parameter": QT_TRANSLATE_NOOP(
        "engine", "Its cell says that {name} of {module} has the shape {expected}, but it has {given}."
    ),
    "own_states": QT_TRANSLATE_NOOP("engine", "{module} should return {name} as {expected}, but returns {given}."),
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
}
