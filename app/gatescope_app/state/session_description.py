"""How a session is described in its file: version 1 of what stands there, row by row. Needs neither Qt nor torch.

These are not the program's own classes, so that those may change without the files. Things that several parts of a
session share are rows of a table, and are named by their numbers in it; a row names only rows that stand before it.
Numbers are tensors, and are named by their digests. A file of this version must be read for ever: who changes a field
here raises `VERSION` in `gatescope.formats.session_file` and keeps reading the old ones.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Raw, Struct

Tensors = dict[str, str]
"""The digests of tensors, by their names."""


class _Row(Struct, forbid_unknown_fields=True):
    """What stands in a file: nothing may stand there that is not known."""


# ---- messages


class SavedFloat(_Row, tag_field="is", tag="float"):
    """A number in a message, written so that NaN and infinity are kept."""

    text: str


class SavedMessage(_Row, tag_field="is", tag="message"):
    """The code and the parameters of a `Message`."""

    code: str
    params: dict[str, SavedFloat | SavedMessage | str | int | bool | list[str | int] | None] = {}


# ---- networks and sequences


class SavedSpec(_Row):
    """The arguments of a network."""

    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int
    device: str
    dtype: str
    kind: str
    nonlinearity: str


class SavedRecording(_Row):
    """Which trace of which file: the file itself is not copied."""

    path: bytes
    relative: bytes
    """From the folder of the session's file; empty where there is no way."""
    size: int
    """Of the part of the file that the checksum is about, which is its beginning: recording may go on."""
    checksum: str
    label: str
    """Of the trace in the file."""
    place: str
    """What it is called."""


class SavedSequence(_Row):
    """What is fed: numbers, or those of a recording."""

    values: str | None = None
    recording: int | None = None
    tokens: str | None = None
    """UTF-8, one after another."""
    token_ends: str | None = None
    vocabulary: list[int] | None = None
    """Code points: half a pair of them, as a broken paste leaves it, is no text in JSON."""


class SavedUnitsHead(_Row, tag_field="is", tag="units"):
    """A head without numbers."""

    classes: int


class SavedLinearHead(_Row, tag_field="is", tag="linear"):
    """A head with weights."""

    name: str
    weight: str
    bias: str | None


class SavedSeed(_Row, tag_field="is", tag="seed"):
    """The weights that a seed gave."""

    seed: int
    weights: Tensors


class SavedWeights(_Row, tag_field="is", tag="weights"):
    """Weights that came from anywhere else."""

    weights: Tensors
    name: str
    place: str
    head: SavedUnitsHead | SavedLinearHead | None
    tells_batch_first: bool


class SavedRecorded(_Row, tag_field="is", tag="recorded"):
    """A recorded trace itself."""

    recording: int


class SavedEdited(_Row, tag_field="is", tag="edited"):
    """The weights of another source with edits."""

    source: int
    edits: list[int]


SavedSource = SavedSeed | SavedWeights | SavedRecorded | SavedEdited


class SavedSetup(_Row):
    """A network, what it is fed and what it starts from."""

    spec: SavedSpec
    sequence: int
    source: int
    states: Tensors
    lengths: list[int] | None
    example: str | None
    arithmetic: Literal["ieee", "tf32"] | None
    holds: list[int]


# ---- edits


class SavedInputEdit(_Row, tag_field="is", tag="input"):
    t: int
    column: int
    value: float
    batch: int


class SavedTokenEdit(_Row, tag_field="is", tag="token"):
    t: int
    token: str
    row: str
    """A tensor of float64."""
    batch: int


class SavedStateEdit(_Row, tag_field="is", tag="state"):
    state: str
    layer: int
    direction: str
    unit: int
    value: float
    batch: int


class SavedWeightEdit(_Row, tag_field="is", tag="weight"):
    parameter: str
    index: list[int]
    value: float


class SavedHold(_Row, tag_field="is", tag="hold"):
    quantity: str
    value: float
    start: int
    stop: int | None
    layer: int
    direction: str
    units: list[int] | None
    batch: list[int] | None


SavedEdit = SavedInputEdit | SavedTokenEdit | SavedStateEdit | SavedWeightEdit | SavedHold


class SavedBranch(_Row):
    """A branch of the edits."""

    name: str
    edits: int
    """The last link of their chain; as everywhere, -1 for a chain without links."""


class SavedHistory(_Row):
    """All branches."""

    branches: list[SavedBranch]
    current: str


# ---- what a person made


class SavedScope(_Row):
    layers: list[int] | None
    directions: list[Literal["forward", "reverse"]] | None
    batch: list[int] | None


class SavedBreakpoint(_Row):
    condition: str
    t: int | None
    scope: SavedScope
    enabled: bool
    nth: int | None
    every: int | None
    message: str | None
    once: bool


class SavedNotes(_Row):
    whole: str
    steps: dict[str, str]


class SavedDocument(_Row):
    """What a person made, at one point of the undo history; numbers are those of rows."""

    setup: int
    history: int
    against: str | None
    breakpoints: int
    """The last link of their chain."""
    watches: list[str]
    labels: int | None
    targets: dict[str, str]
    """By batch element; a tensor with -1 where none was given."""
    notes: int


class SavedChange(_Row):
    """What can be undone or redone: its label, and the document on its other side."""

    label: SavedMessage
    document: int


class SavedTables(_Row):
    """Everything that the undo history speaks of, each once.

    A chain is a list written so that lists with the same beginning share it: a link is the number of the link before,
    -1 where there is none, and the number of a row.
    """

    recordings: list[SavedRecording]
    sequences: list[SavedSequence]
    edits: list[SavedEdit]
    sources: list[SavedSource]
    setups: list[SavedSetup]
    edit_chains: list[tuple[int, int]]
    histories: list[SavedHistory]
    breakpoints: list[SavedBreakpoint]
    breakpoint_chains: list[tuple[int, int]]
    labels: list[list[str]]
    notes: list[SavedNotes]
    documents: list[SavedDocument]
    past: list[SavedChange]
    future: list[SavedChange]
    document: int


class SavedSession(_Row):
    """What stands in a session's file: first what changes with every step, so that the rest need not be made again."""

    t: int
    layer: int
    direction: str
    phase: str
    batch: int
    unit: int
    quantity: str
    looks: dict[str, Any]
    tables: Raw
    """Of `SavedTables`."""
