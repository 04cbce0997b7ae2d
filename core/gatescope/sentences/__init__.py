"""The English templates of all that the engine says, by topic."""

from gatescope.sentences.breakpoints import BREAKPOINTS
from gatescope.sentences.edits import EDITS
from gatescope.sentences.files import FILES
from gatescope.sentences.networks import NETWORKS
from gatescope.sentences.origins import ORIGINS
from gatescope.sentences.predictions import PREDICTIONS
from gatescope.sentences.sequences import SEQUENCES
from gatescope.sentences.traces import TRACES

MESSAGES: dict[str, str] = {
    **NETWORKS, **SEQUENCES, **FILES, **TRACES, **BREAKPOINTS, **EDITS, **ORIGINS, **PREDICTIONS,
}  # fmt: skip
"""By the code of the message."""
