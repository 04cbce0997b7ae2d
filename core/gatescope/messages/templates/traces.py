"""What is said about traces: recording, looking things up, verdicts."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

TRACES: dict[str, str] = {
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
    "no_such_phase": QT_TRANSLATE_NOOP("engine", "phase must be one of {allowed}, but it is {value}."),
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
    "no_backward": QT_TRANSLATE_NOOP(
        "engine",
        "No gradient has come to layer {layer}, {direction}: first call backward() on something that is computed from "
        "it.",
    ),
    "no_preactivation_graph": QT_TRANSLATE_NOOP(
        "engine",
        "Gradients are kept of the quantities, not of {name}: multiply that of {gate} by the slope of its "
        "nonlinearity.",
    ),
    "no_graph": QT_TRANSLATE_NOOP("engine", "There are no gradients of {name}: trace with grad=True to have them."),
    # verdicts
    "matches": QT_TRANSLATE_NOOP("engine", "matches {module} ({percent} % of the rounding bound)"),
    "step_by_step": QT_TRANSLATE_NOOP("engine", "{module}, called step by step"),
    "reference_missing": QT_TRANSLATE_NOOP(
        "engine", "cannot be compared: {module} is no module of torch.nn, and no file holds it"
    ),
    "differs": QT_TRANSLATE_NOOP(
        "engine",
        "does not match {module}: first at t = {t}, {quantity} of unit {unit} ({where}), {times} times the rounding "
        "bound",
    ),
    "deviates": QT_TRANSLATE_NOOP(
        "engine",
        "matches {module} within the worst case of rounding, but deviates by more than rounding is likely to: "
        "{quantity} of unit {unit} by {error} at t = {t} ({where}), where {bound} would be likely",
    ),
    "deviates_in_gate": QT_TRANSLATE_NOOP(
        "engine",
        "matches {module} within the worst case of rounding, but deviates by more than rounding is likely to: "
        "{quantity} of unit {unit} by {error} at t = {t} ({where}), where {bound} would be likely; that is {z_error} "
        "in {z}",
    ),
    "record_differs": QT_TRANSLATE_NOOP("engine", "the trace is wrong: the {place} in it is not what ran"),
    "module_differs": QT_TRANSLATE_NOOP(
        "engine", "the module does something else than its weights: {reasons}; its {place} differs by {error}"
    ),
    "attached_pre_hook": QT_TRANSLATE_NOOP("engine", "it has the forward pre-hook {name}"),
    "attached_hook": QT_TRANSLATE_NOOP("engine", "it has the forward hook {name}"),
    "attached_global_pre_hook": QT_TRANSLATE_NOOP("engine", "all modules have the forward pre-hook {name}"),
    "attached_global_hook": QT_TRANSLATE_NOOP("engine", "all modules have the forward hook {name}"),
    "attached_method": QT_TRANSLATE_NOOP("engine", "its {method} is replaced by {name}"),
    "attached_class": QT_TRANSLATE_NOOP("engine", "its class is {name}"),
    "attached_parametrizations": QT_TRANSLATE_NOOP("engine", "{names} have parametrizations"),
    "attached_flat_weights": QT_TRANSLATE_NOOP(
        "engine", "it runs with other numbers than its parameters {names} (its _flat_weights are stale)"
    ),
    "attached_nothing": QT_TRANSLATE_NOOP("engine", "nothing attached to it was found that could explain it"),
    "returned_when_recorded": QT_TRANSLATE_NOOP("engine", "it returned something else when it was recorded"),
    "call_raises": QT_TRANSLATE_NOOP("engine", "the call raises {reason}"),
    "call_returns": QT_TRANSLATE_NOOP("engine", "its {place} is {given}, not {expected}"),
    "not_asked_absent": QT_TRANSLATE_NOOP(
        "engine", "The module itself was not called: the trace comes from a file, or was converted."
    ),
    "not_asked_held": QT_TRANSLATE_NOOP("engine", "The module itself was not called: values are held by hand."),
    "not_asked_changed": QT_TRANSLATE_NOOP(
        "engine", "The module itself was not called: after the run, {name} changed."
    ),
    "not_asked_moving": QT_TRANSLATE_NOOP(
        "engine", "The module itself was not called: each call changes its own {names}."
    ),
    "not_asked_compiled": QT_TRANSLATE_NOOP("engine", "The module itself was not called: it is compiled."),
    "arguments_of_module": QT_TRANSLATE_NOOP("engine", "its arguments"),
    "deviates_on_average": QT_TRANSLATE_NOOP(
        "engine",
        "matches {module} within the worst case of rounding, but deviates systematically: {quantity} of unit {unit} by "
        "{error} on average over {steps} steps (layer {layer}, {direction}), where {bound} would be likely",
    ),
    "deviates_over_units": QT_TRANSLATE_NOOP(
        "engine",
        "matches {module} within the worst case of rounding, but deviates systematically: {quantity} by {error} on "
        "average over {steps} steps of {units} units (layer {layer}, {direction}), where {bound} would be likely",
    ),
    "would_have_seen": QT_TRANSLATE_NOOP("engine", "would have seen a constant error of {errors}"),
    "error_in": QT_TRANSLATE_NOOP("engine", "{error} in {quantity}"),
    "forward": QT_TRANSLATE_NOOP("engine", "forward"),
    "reverse": QT_TRANSLATE_NOOP("engine", "reverse"),
    "place_in_run": QT_TRANSLATE_NOOP("engine", "layer {layer}, {direction}"),
    "place_in_batch": QT_TRANSLATE_NOOP("engine", "layer {layer}, {direction}, batch element {batch}"),
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
        "the two runs differ: first at t = {t}, {quantity} of unit {unit} ({where}), {times} times the rounding bound",
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
    "obtained_stepped": QT_TRANSLATE_NOOP("engine", "returned by {module}, called step by step"),
    "obtained_shown": QT_TRANSLATE_NOOP("engine", "shown by the kernel of {module}, whose other gates were held"),
    "obtained_cross_checked": QT_TRANSLATE_NOOP(
        "engine",
        "shown by the kernel of {module}, whose other gates were held; at {rows} rows cross-checked with what "
        "PyTorch's native kernel was seen to compute ({percent} % of the rounding bound apart)",
    ),
    "obtained_not_everywhere": QT_TRANSLATE_NOOP(
        "engine",
        "{how}; values that could not be shown, since pre-activations there are too near the largest number of {dtype} "
        "for another gate to be held: {count}",
    ),
}
