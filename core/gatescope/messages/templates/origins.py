"""What is said about where a value came from."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

ORIGINS: dict[str, str] = {
    "no_such_unit": QT_TRANSLATE_NOOP("engine", "unit must be from 0 to {last}, but it is {value}."),
    "no_such_element": QT_TRANSLATE_NOOP("engine", "batch must be from 0 to {last}, but it is {value}."),
    "no_memory": QT_TRANSLATE_NOOP(
        "engine",
        "A plain RNN keeps nothing from step to step but what its nonlinearity makes of it, so its h is not a sum over "
        "earlier steps; an LSTM's C and a GRU's h are.",
    ),
}
