"""What is said about what-if edits."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

EDITS: dict[str, str] = {
    # labels
    "edit_input": QT_TRANSLATE_NOOP("engine", "x[{column}] at t = {t} set to {value}"),
    "edit_token": QT_TRANSLATE_NOOP("engine", "token at t = {t} set to {token}"),
    "edit_set": QT_TRANSLATE_NOOP("engine", "{place} set to {value}"),
    "edit_hold": QT_TRANSLATE_NOOP("engine", "{what} held at {value} {when}"),
    "edit_of_unit": QT_TRANSLATE_NOOP("engine", "{quantity} of unit {unit}"),
    "edit_at": QT_TRANSLATE_NOOP("engine", "at t = {t}"),
    "edit_during": QT_TRANSLATE_NOOP("engine", "at t = {first} to {last}"),
    "edit_from": QT_TRANSLATE_NOOP("engine", "from t = {t} on"),
    "edit_always": QT_TRANSLATE_NOOP("engine", "at every step"),
    "edit_in_cell": QT_TRANSLATE_NOOP("engine", "{edit} (layer {layer}, {direction})"),
    "edit_in_batch": QT_TRANSLATE_NOOP("engine", "{edit} (batch element {batch})"),
    "edit_reset": QT_TRANSLATE_NOOP("engine", "reset to the original"),
    "edit_removed": QT_TRANSLATE_NOOP("engine", "without: {edit}"),
    # edits that cannot be made
    "edit_not_number": QT_TRANSLATE_NOOP("engine", "{name} must be a finite number, but it is {value}."),
    "edit_not_text": QT_TRANSLATE_NOOP("engine", "{name} must be text, but it is {value}."),
    "edit_not_several": QT_TRANSLATE_NOOP(
        "engine", "{name} must be one or more numbers such as (2,) or (0, 3), but it is {value}."
    ),
    "edit_index": QT_TRANSLATE_NOOP(
        "engine", "{name} has the shape {shape}, so its index needs a number for each dimension, but it is {value}."
    ),
    "edit_no_tokens": QT_TRANSLATE_NOOP(
        "engine", "The steps of this sequence are numbers without tokens; change x[0], x[1] and so on instead."
    ),
    "edit_misfit": QT_TRANSLATE_NOOP("engine", "The edit “{edit}” does not fit this run: {reason}"),
    "holds_unknown": QT_TRANSLATE_NOOP(
        "engine", "holds must be a list of gs.Hold(quantity, value, ...), but here is one of type {given}."
    ),
    "holds_too_many": QT_TRANSLATE_NOOP("engine", "A run can have {limit} holds, but here are {given}."),
    # what edits change
    "effect_none": QT_TRANSLATE_NOOP("engine", "nothing changes, bit for bit"),
    "effect_first": QT_TRANSLATE_NOOP(
        "engine",
        "the runs part at t = {t}: {quantity} of unit {unit} ({where}) is {edited} instead of {original}",
    ),
    "effect_changes": QT_TRANSLATE_NOOP(
        "engine",
        "{name} changes by up to {size}: at t = {t}, unit {unit} ({where})",
    ),
    "effect_same": QT_TRANSLATE_NOOP("engine", "{name} stays the same, bit for bit"),
    # verdicts of runs with holds
    "matches_where_comparable": QT_TRANSLATE_NOOP(
        "engine",
        "matches {module} wherever it has a counterpart ({percent} % of the rounding bound); values held by hand: "
        "{count}",
    ),
    "nothing_to_compare": QT_TRANSLATE_NOOP(
        "engine", "nothing can be compared with {module}: every value is held by hand or follows from one that is"
    ),
    "batch_empty": QT_TRANSLATE_NOOP(
        "engine", "nothing can be compared with {module}: the batch is empty, it has no sequence"
    ),
    "runs_held_differently": QT_TRANSLATE_NOOP(
        "engine", "the two runs were not held by hand alike (one: {one}; the other: {other})"
    ),
    "no_drift": QT_TRANSLATE_NOOP(
        "engine", "There is no drift of a run with values held by hand: {module} cannot run beside it on its own."
    ),
    # history
    "no_such_edit": QT_TRANSLATE_NOOP("engine", "There are {count} edits, so there is no edit {value}."),
    "no_such_branch": QT_TRANSLATE_NOOP("engine", "There is no branch {value}; there is {names}."),
    "branch_name": QT_TRANSLATE_NOOP(
        "engine", "The name of a branch must have 1 to {limit} characters in one line, but it is {value}."
    ),
    "branch_taken": QT_TRANSLATE_NOOP("engine", "There is a branch {value} already; choose another name."),
    "last_branch": QT_TRANSLATE_NOOP("engine", "{value} is the only branch; there must be one."),
    # changes that can be undone
    "change_network": QT_TRANSLATE_NOOP("engine", "network {network}"),
    "change_sequence": QT_TRANSLATE_NOOP("engine", "another sequence"),
    "change_device": QT_TRANSLATE_NOOP("engine", "run on {device}"),
    "change_arithmetic": QT_TRANSLATE_NOOP("engine", "run in {arithmetic}"),
    "change_breakpoints": QT_TRANSLATE_NOOP("engine", "breakpoints"),
    "change_watches": QT_TRANSLATE_NOOP("engine", "watches"),
    "change_labels": QT_TRANSLATE_NOOP("engine", "labels of the classes"),
    "change_targets": QT_TRANSLATE_NOOP("engine", "targets"),
    "change_notes": QT_TRANSLATE_NOOP("engine", "notes"),
    "branch_made": QT_TRANSLATE_NOOP("engine", "new branch {name}"),
    "branch_switched": QT_TRANSLATE_NOOP("engine", "go to branch {name}"),
    "branch_renamed": QT_TRANSLATE_NOOP("engine", "rename the branch to {name}"),
    "branch_dropped": QT_TRANSLATE_NOOP("engine", "drop branch {name}"),
    "branch_held_against": QT_TRANSLATE_NOOP("engine", "hold against another run"),
    "edit_several": QT_TRANSLATE_NOOP("engine", "{count} edits: {first} and others"),
}
