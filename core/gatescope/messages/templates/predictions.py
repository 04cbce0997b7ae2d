"""What is said about the classes of a head and their targets."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

PREDICTIONS: dict[str, str] = {
    "labels_count": QT_TRANSLATE_NOOP(
        "engine",
        "There are {classes} classes, but {given} labels; write {classes} characters, or {classes} names with commas "
        "between them.",
    ),
    "label_twice": QT_TRANSLATE_NOOP("engine", "The label {label} is there twice; each class needs its own."),
    "no_such_class": QT_TRANSLATE_NOOP("engine", "There is no class {given}; write {allowed}."),
    "class_numbers": QT_TRANSLATE_NOOP("engine", "numbers from 0 to {last}, with spaces between them"),
    "class_labels": QT_TRANSLATE_NOOP("engine", "one of {labels}, or a number from 0 to {last}"),
    "targets_count": QT_TRANSLATE_NOOP(
        "engine",
        "There are {steps} steps, but {given} targets; write one for each step, or a single one for the last step.",
    ),
}
