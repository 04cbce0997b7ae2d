"""What is said about the files of sessions, and about keeping what a person does."""

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

SESSIONS: dict[str, str] = {
    "session_foreign": QT_TRANSLATE_NOOP("engine", "{path} is not a session of Gatescope."),
    "session_newer": QT_TRANSLATE_NOOP(
        "engine", "{path} was written by a newer version of Gatescope; update Gatescope to open it."
    ),
    "session_damaged": QT_TRANSLATE_NOOP("engine", "{path} is damaged and was not opened: {problem}."),
    "session_header": QT_TRANSLATE_NOOP("engine", "its header cannot be read"),
    "session_cut": QT_TRANSLATE_NOOP("engine", "its length is not the one that its header says"),
    "session_checksum": QT_TRANSLATE_NOOP("engine", "its contents do not fit their checksum"),
    "session_description": QT_TRANSLATE_NOOP("engine", "its description cannot be read ({detail})"),
    "session_part": QT_TRANSLATE_NOOP("engine", "{name} does not fit the rest"),
    "session_refused": QT_TRANSLATE_NOOP("engine", "{name} is refused ({reason})"),
    "session_too_long": QT_TRANSLATE_NOOP(
        "engine", "{path} was not written: what is to be kept has too many parts; nothing was changed there."
    ),
    "session_looks": QT_TRANSLATE_NOOP("engine", "The layout cannot be kept: it must be plain values, up to 1 MiB."),
    "session_cell": QT_TRANSLATE_NOOP(
        "engine",
        "{path} needs the cell {kind}, which is not known here; make it known with gatescope.add_cell, then open it.",
    ),
    "session_device": QT_TRANSLATE_NOOP(
        "engine", "This session ran on {device} and runs on the CPU now, where its last bits may differ: {reason}"
    ),
    "session_example": QT_TRANSLATE_NOOP(
        "engine", "The example {name} is not there any more; its network and sequence are, its notes are not."
    ),
    "session_undo_cut": QT_TRANSLATE_NOOP(
        "engine", "Not all can be undone or redone any more ({count} left out): {reason}"
    ),
    "recording_missing": QT_TRANSLATE_NOOP(
        "engine", "The session shows the recording {recording}, which is not there; choose where it is now."
    ),
    "recording_changed": QT_TRANSLATE_NOOP(
        "engine", "{path} is not the recording that the session shows: {recording} has changed; choose the right file."
    ),
    "recording_replaced": QT_TRANSLATE_NOOP(
        "engine",
        "The session cannot be kept: {path} is no longer the recording that is on show. Save the trace to a file of "
        "its own and open that, or put the recording back.",
    ),
    "autosave_rests": QT_TRANSLATE_NOOP(
        "engine", "What you do is not kept in case of a crash, until this is mended: {problem}"
    ),
    "autosave_again": QT_TRANSLATE_NOOP("engine", "What you do is kept again in case of a crash."),
    "autosave_failed": QT_TRANSLATE_NOOP("engine", "an unexpected error, see the log ({detail})"),
}
