"""What a file holds, by its ending. Needs neither torch nor Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Content = Literal["sequence", "checkpoint", "recording"]

ENDINGS: dict[Content, tuple[str, ...]] = {
    "sequence": (".csv", ".npy"),
    # What checkpoints are called: the last two by PyTorch Lightning and Hugging Face.
    "checkpoint": (".pt", ".pth", ".safetensors", ".ckpt", ".bin"),
    "recording": (".gates",),
}

ALL_ENDINGS = tuple(ending for endings in ENDINGS.values() for ending in endings)


def split(location: str) -> tuple[str, str | None]:
    """Split `model.pt::encoder.lstm` into the file and what to look for in it, None without `::`."""
    path, colons, inside = location.rpartition("::")
    return (path, inside) if colons else (location, None)


def content_of(location: str) -> Content | None:
    """Return what a file of that name holds, None for an ending of another kind."""
    ending = Path(split(location)[0]).suffix.lower()
    return next((content for content, endings in ENDINGS.items() if ending in endings), None)


def patterns(*contents: Content) -> str:
    """Return the patterns of a file dialog, such as `*.csv *.npy`."""
    return " ".join(f"*{ending}" for content in contents for ending in ENDINGS[content])
