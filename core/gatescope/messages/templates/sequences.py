"""What is said about sequences and initial states."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

SEQUENCES: dict[str, str] = {
    # sequences
    "sequence_empty": QT_TRANSLATE_NOOP("engine", "The sequence is empty; it needs at least one step."),
    "batch_without_sequences": QT_TRANSLATE_NOOP("engine", "The batch is empty: it has no sequence to step through."),
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
}
