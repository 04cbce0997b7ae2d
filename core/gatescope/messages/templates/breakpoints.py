"""What is said about expressions, breakpoints and watches."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

BREAKPOINTS: dict[str, str] = {
    # expressions
    "expression_empty": QT_TRANSLATE_NOOP("engine", "There is no expression yet; write one such as {example}."),
    "expression_too_long": QT_TRANSLATE_NOOP(
        "engine", "An expression has at most {limit} characters, but this one has {length}."
    ),
    "expression_too_deep": QT_TRANSLATE_NOOP("engine", "This is nested deeper than {limit} levels; make it simpler."),
    "expression_not_read": QT_TRANSLATE_NOOP(
        "engine", "This cannot be read as an expression; brackets around a part may help, such as (not a) or (a + b)."
    ),
    "expression_sign": QT_TRANSLATE_NOOP("engine", "{sign} has no meaning in an expression."),
    "expression_sign_instead": QT_TRANSLATE_NOOP("engine", "{sign} has no meaning in an expression; write {instead}."),
    "expression_point": QT_TRANSLATE_NOOP(
        "engine", "A point can only stand within a number: nothing here has parts to ask for by name."
    ),
    "expression_number": QT_TRANSLATE_NOOP("engine", "{number} is not a number; write it such as 3, 0.25 or 1e-3."),
    "expression_number_huge": QT_TRANSLATE_NOOP(
        "engine", "{number} is too large; whole numbers go up to 10^15, numbers with a point or an e up to 1.7e308."
    ),
    "expression_text_open": QT_TRANSLATE_NOOP(
        "engine", "The text that begins here is not closed; {quote} is missing at its end."
    ),
    "expression_escape": QT_TRANSLATE_NOOP(
        "engine", "In a text, a backslash can stand only before another, a quotation mark, n, r or t."
    ),
    "expression_true_false": QT_TRANSLATE_NOOP(
        "engine", "{word} cannot be written; say instead what is to be true, such as f[0] < 0.1."
    ),
    "expression_keyword": QT_TRANSLATE_NOOP(
        "engine", "{word} has no meaning in an expression; its words are and, or, not, names and functions."
    ),
    "expression_value_missing": QT_TRANSLATE_NOOP("engine", "A value is missing here, such as {example} or 0.5."),
    "expression_value_missing_after": QT_TRANSLATE_NOOP(
        "engine", "After {before} a value is missing, such as {example} or 0.5."
    ),
    "expression_unit_missing": QT_TRANSLATE_NOOP("engine", "The number of a unit is missing here, such as 0."),
    "expression_operator_missing": QT_TRANSLATE_NOOP(
        "engine", "An operator is missing before {part}, such as <, + or and."
    ),
    "expression_comma": QT_TRANSLATE_NOOP(
        "engine",
        "A comma has no meaning here; it stands between the values of a function, as in crosses(value, level).",
    ),
    "expression_not_opened": QT_TRANSLATE_NOOP("engine", "There is no {opening} that this {bracket} could close."),
    "expression_not_closed": QT_TRANSLATE_NOOP("engine", "This {bracket} is not closed."),
    "expression_unknown": QT_TRANSLATE_NOOP("engine", "There is no {name}; there are {allowed}."),
    "expression_unknown_near": QT_TRANSLATE_NOOP(
        "engine", "There is no {name}; did you mean {closest}? There are {allowed}."
    ),
    "expression_no_token": QT_TRANSLATE_NOOP(
        "engine", "There is no token: the steps of this sequence are numbers and have no names."
    ),
    "expression_no_reference": QT_TRANSLATE_NOOP("engine", "There is no err: this run is not compared with {module}."),
    "expression_function_alone": QT_TRANSLATE_NOOP("engine", "This is a function, and needs its values: {usage}."),
    "expression_not_a_function": QT_TRANSLATE_NOOP(
        "engine", "{part} is not a function; a unit of a vector is written in square brackets, such as [3]."
    ),
    "expression_values": QT_TRANSLATE_NOOP("engine", "Write {usage}: it takes {expected}, but {given} are given."),
    "expression_no_units": QT_TRANSLATE_NOOP("engine", "{part} has no units: it is one value at each step."),
    "expression_unit_not_whole": QT_TRANSLATE_NOOP(
        "engine", "The unit of {part} must be a whole number from 0 to {last}."
    ),
    "expression_unit_range": QT_TRANSLATE_NOOP("engine", "{part} has the units 0 to {last}, but not {unit}."),
    "expression_units_differ": QT_TRANSLATE_NOOP(
        "engine", "{left} has {one} units, but {right} has {other}, so they cannot be taken unit by unit."
    ),
    "expression_units_vary": QT_TRANSLATE_NOOP(
        "engine",
        "{part} has more units in one layer than in another, so it cannot be taken unit by unit with {other}; "
        "choose one unit, such as [0], or take its mean.",
    ),
    "expression_kind": QT_TRANSLATE_NOOP("engine", "{part} is {given}, but {wanted} is needed here."),
    "expression_a_number": QT_TRANSLATE_NOOP("engine", "a number"),
    "expression_a_truth": QT_TRANSLATE_NOOP("engine", "true or false"),
    "expression_a_text": QT_TRANSLATE_NOOP("engine", "a text"),
    "expression_truth_compared": QT_TRANSLATE_NOOP(
        "engine", "{part} is true or false already, and is not compared; join it with and, or, not."
    ),
    "expression_text_and_number": QT_TRANSLATE_NOOP(
        "engine", "The text {text} cannot be compared with the number {number}."
    ),
    "expression_text_order": QT_TRANSLATE_NOOP("engine", "Texts are compared only with == and !=."),
    "expression_text_place": QT_TRANSLATE_NOOP(
        "engine", 'A text can stand only beside == or !=, as in token == "l" or direction == "reverse".'
    ),
    "expression_direction": QT_TRANSLATE_NOOP("engine", 'direction is "forward" or "reverse", never {value}.'),
    "expression_no_vector": QT_TRANSLATE_NOOP(
        "engine", "{function} is taken over the units of a vector, but {part} is one value at each step."
    ),
    "expression_no_limits": QT_TRANSLATE_NOOP(
        "engine", "saturated needs a gate or state whose range has two ends, such as 0 to 1; {part} has none."
    ),
    "expression_level": QT_TRANSLATE_NOOP("engine", "The level of saturated lies from 0 to 1, but this is {value}."),
    "expression_level_vector": QT_TRANSLATE_NOOP(
        "engine", "The level of saturated is one value, but {part} is a vector."
    ),
    "expression_condition_number": QT_TRANSLATE_NOOP(
        "engine", "{part} is a number, not true or false; compare it, as in {example}."
    ),
    "expression_condition_text": QT_TRANSLATE_NOOP(
        "engine", "{part} is a text, not true or false; compare it, as in {example}."
    ),
    "expression_condition_vector": QT_TRANSLATE_NOOP(
        "engine", "{part} is true or false for each unit; say any({part}) or all({part})."
    ),
    "log_message_brace": QT_TRANSLATE_NOOP(
        "engine",
        "This {brace} has no partner; a value stands between two, and for the brace itself write it twice.",
    ),
    "expression_help_t": QT_TRANSLATE_NOOP("engine", "the step, from 0"),
    "expression_help_token": QT_TRANSLATE_NOOP("engine", "what the step is called, such as a character"),
    "expression_help_x": QT_TRANSLATE_NOOP("engine", "what the layer reads, units 0 to {last}"),
    "expression_help_quantity": QT_TRANSLATE_NOOP("engine", "{equation}, units 0 to {last}"),
    "expression_help_alias": QT_TRANSLATE_NOOP("engine", "another name of {name}, units 0 to {last}"),
    "expression_help_preactivation": QT_TRANSLATE_NOOP(
        "engine", "what the nonlinearity of {name} is applied to, units 0 to {last}"
    ),
    "expression_help_layer": QT_TRANSLATE_NOOP("engine", "the layer, from 0 to {last}"),
    "expression_help_direction": QT_TRANSLATE_NOOP("engine", '"forward" or "reverse"'),
    "expression_help_batch": QT_TRANSLATE_NOOP("engine", "the batch element, from 0"),
    "expression_help_err": QT_TRANSLATE_NOOP(
        "engine", "the largest difference to {module} at this step over its rounding bound"
    ),
    "expression_help_any": QT_TRANSLATE_NOOP("engine", "any(truths): whether it is true of some unit"),
    "expression_help_all": QT_TRANSLATE_NOOP("engine", "all(truths): whether it is true of all units"),
    "expression_help_mean": QT_TRANSLATE_NOOP(
        "engine", "mean(vector): the mean over the units; of truths the fraction that is true"
    ),
    "expression_help_min": QT_TRANSLATE_NOOP("engine", "min(vector): the smallest of the units"),
    "expression_help_max": QT_TRANSLATE_NOOP("engine", "max(vector): the largest of the units"),
    "expression_help_sum": QT_TRANSLATE_NOOP(
        "engine", "sum(vector): the sum over the units; of truths how many are true"
    ),
    "expression_help_abs": QT_TRANSLATE_NOOP("engine", "abs(value): without its sign"),
    "expression_help_prev": QT_TRANSLATE_NOOP(
        "engine", "prev(value): at the step that ran before, at first of the initial states"
    ),
    "expression_help_next": QT_TRANSLATE_NOOP("engine", "next(value): at the step that runs next"),
    "expression_help_crosses": QT_TRANSLATE_NOOP(
        "engine", "crosses(value, level): whether the value has just come to the level or to its other side"
    ),
    "expression_help_saturated": QT_TRANSLATE_NOOP(
        "engine", "saturated(gate, level): the fraction of units nearer to an end of their range than the level"
    ),
    "expression_help_isnan": QT_TRANSLATE_NOOP(
        "engine", "isnan(value): whether it is NaN; of a vector, whether any unit is"
    ),
    "expression_help_isfinite": QT_TRANSLATE_NOOP("engine", "isfinite(value): whether it is neither NaN nor infinite"),
    # breakpoints
    "hit_counts_both": QT_TRANSLATE_NOOP(
        "engine", "A breakpoint counts its hits in one way: nth, or every; choose one of them."
    ),
    "hit_count_too_small": QT_TRANSLATE_NOOP("engine", "{name} must be a whole number from 1 on, but it is {value}."),
}
