"""Files for the monkey to open: some good, some that lie, are cut or hold something else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn

import gatescope as gs

GOOD = (
    "steps.csv", "three.npy", "batch.npy", "two_modules.pt", "lstm.safetensors", "two_calls.gates", "h0.npy",
    "名字 mit Umlaut ä.csv",
)  # fmt: skip


def write_files(folder: Path) -> list[str]:
    """Write them into a folder; return their paths, the good ones first and in every run the same."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    _write_good(folder)
    _write_lies(folder)
    draw = random.Random(0)
    for name in GOOD:
        raw = (folder / name).read_bytes()
        (folder / f"cut {name}").write_bytes(raw[: draw.randrange(len(raw))])
        damaged = bytearray(raw)
        for place in draw.sample(range(len(raw)), min(8, len(raw))):
            damaged[place] = draw.randrange(256)
        (folder / f"damaged {name}").write_bytes(damaged)
    rest = sorted(str(path) for path in folder.iterdir() if path.name not in GOOD)
    return [*(str(folder / name) for name in GOOD), *rest, str(folder / "gone.csv")]


def _write_good(folder: Path) -> None:
    draw = np.random.default_rng(0)
    table = "a,b,c,d\n" + "\n".join(",".join(map(str, row)) for row in draw.normal(size=(12, 4)))
    (folder / "steps.csv").write_text(table)
    (folder / GOOD[-1]).write_text(table)
    np.save(folder / "three.npy", draw.normal(size=(30, 3)))
    np.save(folder / "batch.npy", draw.normal(size=(6, 5, 4)))
    np.save(folder / "h0.npy", np.zeros((1, 8)))
    model = nn.ModuleDict({"rnn": nn.RNN(4, 3, batch_first=True), "encoder": nn.GRU(4, 5, bidirectional=True)})
    torch.save(model.state_dict(), folder / "two_modules.pt")
    from safetensors.torch import save_file

    save_file(nn.LSTM(4, 6, num_layers=2).state_dict(), folder / "lstm.safetensors")
    lstm = nn.LSTM(4, 6, proj_size=2)
    with gs.record(lstm, path=folder / "two_calls.gates"):
        lstm(torch.randn(9, 2, 4))
        lstm(torch.randn(3, 4))


def _write_lies(folder: Path) -> None:
    (folder / "empty.npy").write_bytes(b"")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "no text.csv").write_bytes(bytes(range(256)))
    (folder / "not finite.csv").write_text("1,nan,inf,0\n1e308,-1e308,1,1\n")
    (folder / "words.csv").write_text("1,2\nthree,4\n")
    (folder / "no zip.pt").write_bytes(b"PK\x03\x04 nothing")
    (folder / "other.gates").write_bytes(b"GIF89a")
    header = json.dumps({"a": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 4]}}).encode()
    (folder / "lie.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0\0\0")
    (folder / "folder.csv").mkdir(exist_ok=True)
