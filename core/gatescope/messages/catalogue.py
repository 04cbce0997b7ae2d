"""The English templates of all that the engine says, by topic."""

from gatescope.messages.templates.breakpoints import BREAKPOINTS
from gatescope.messages.templates.edits import EDITS
from gatescope.messages.templates.files import FILES
from gatescope.messages.templates.networks import NETWORKS
from gatescope.messages.templates.origins import ORIGINS
from gatescope.messages.templates.predictions import PREDICTIONS
from gatescope.messages.templates.sequences import SEQUENCES
from gatescope.messages.templates.sessions import SESSIONS
from gatescope.messages.templates.traces import TRACES

MESSAGES: dict[str, str] = {
    **NETWORKS, **SEQUENCES, **FILES, **TRACES, **BREAKPOINTS, **EDITS, **ORIGINS, **PREDICTIONS, **SESSIONS,
}  # fmt: skip
"""By the code of the message."""
