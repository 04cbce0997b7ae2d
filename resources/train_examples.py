"""Train the examples whose gates mean something, and write their weights.

Run by ``make samples``. Every example starts from the seed in its JSON file and runs on one thread, so
the same machine always gives the same weights. The script prints the loss and the verdict of each example;
it writes no weights that fail their task, and exits with 1 if there were any.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

import gatescope as gs
from gatescope.traces.trace import CellTrace
from gatescope_resources import examples
from gatescope_resources.examples import load_example

FOLDER = Path(examples.__file__).parent / "examples"
DEEPEST = 5
"""Brackets nest at most this deep, in training and in the check."""
DECIMALS = 2
"""The weights are rounded to this many places, so that a class can do the sums by hand."""


def unroll(lstm: nn.LSTM, x: Tensor) -> CellTrace:
    """Run a one-layer LSTM step by step on x (T, B, K), keeping the gates that nn.LSTM does not give."""
    return gs.trace(lstm, x, grad=True).cell()


def one_hot(ids: Tensor, size: int) -> Tensor:
    """Turn ids (T, B) into rows with a single 1, (T, B, size)."""
    return functional.one_hot(ids, size).float()


def gates_open(*gates: Tensor) -> Tensor:
    """Return a loss that falls to 0 as all these gates open; unlike a squared error it pushes to the end."""
    losses = [functional.binary_cross_entropy(gate, torch.ones_like(gate)) for gate in gates]
    return torch.stack(losses).sum()


# ---- latch: the first bit is remembered to the end ----


def draw_bits(length: int, count: int) -> Tensor:
    """Draw strings of bits as ids (T, B), from nearly all 0 to nearly all 1, so that long runs occur too."""
    return (torch.rand(length, count) < torch.rand(count)).long()


def latch_loss(lstm: nn.LSTM) -> Tensor:
    """Ask C[0] to be the first bit as +1 or -1 at every step, and both units to write once and then hold.

    Nothing but h_(-1) = 0 tells the first step from the others. So unit 1 is asked for C = 1 at every
    step: from t = 1 on its h says "started", which is what can shut the input gates. The candidate of unit 0
    is asked for the bit of its own step, so that the plot shows later bits knocking at a closed gate.
    """
    bits = draw_bits(length=int(torch.randint(2, 31, ())), count=64)
    run = unroll(lstm, one_hot(bits, 2))
    signs = 2.0 * bits - 1
    first = signs[:1].expand_as(signs)
    memory = functional.mse_loss(run.c, torch.stack([first, torch.ones_like(first)], dim=-1))
    candidate = functional.mse_loss(run.c_tilde[..., 0], signs)
    return memory + candidate + gates_open(run.i[:1], 1 - run.i[1:], run.f[1:], run.o)


def latch_solved(lstm: nn.LSTM) -> bool:
    """Tell whether h[0] keeps the first bit in its sign for 60 steps, by gates that write once and hold."""
    bits = draw_bits(length=60, count=500)
    bits[1:, :2] = 1 - bits[0, :2]  # the hardest case: all that follows says the opposite
    run = unroll(lstm, one_hot(bits, 2))
    remembered = ((run.h[..., 0] > 0) == (bits[0] == 1)).all()
    written_once = (run.i[0, :, 0] > 0.95).all() and (run.i[1:, :, 0] < 0.05).all()
    kept = (run.f[1:, :, 0] > 0.95).all()
    return bool(remembered and written_once and kept)


# ---- brackets: C is the depth ----


def draw_brackets(length: int, count: int) -> tuple[Tensor, Tensor]:
    """Draw strings that never close more than they opened: ids (T, B), and the depth after each step."""
    depth = torch.zeros(count, dtype=torch.long)
    depths = []
    for coin in torch.rand(length, count) < 0.5:
        opens = (coin | (depth == 0)) & (depth < DEEPEST)
        depth = torch.where(opens, depth + 1, depth - 1)
        depths.append(depth)
    after = torch.stack(depths)
    change = after.diff(dim=0, prepend=torch.zeros_like(after[:1]))
    return (change < 0).long(), after


def brackets_loss(lstm: nn.LSTM) -> Tensor:
    """Ask C to be the depth and every gate to stay open, so that the candidate alone says +1 or -1."""
    ids, depth = draw_brackets(length=int(torch.randint(2, 41, ())), count=64)
    run = unroll(lstm, one_hot(ids, 2))
    return functional.mse_loss(run.c[..., 0], depth.float()) + gates_open(run.f, run.i, run.o)


def brackets_solved(lstm: nn.LSTM) -> bool:
    """Tell whether C stays within 0.35 of the depth over 500 fresh strings of 40 brackets."""
    ids, depth = draw_brackets(length=40, count=500)
    run = unroll(lstm, one_hot(ids, 2))
    return bool((run.c[..., 0] - depth).abs().max() < 0.35)


# ---- hello: the largest h names the next letter ----


def hello_ids() -> tuple[Tensor, Tensor]:
    """Return the letters of the example and those to answer, as ids of shape (T, 1)."""
    example = load_example("hello")
    letters, answers = (
        torch.tensor([str(example.vocabulary).index(letter) for letter in str(word)])[:, None]
        for word in (example.text, example.target)
    )
    return letters, answers


def hello_loss(lstm: nn.LSTM) -> Tensor:
    """Ask the right unit for h = 1 and the others for h = 0, so that the plot of h shows the answer."""
    letters, answers = hello_ids()
    run = unroll(lstm, one_hot(letters, 4))
    return functional.mse_loss(run.h, one_hot(answers, 4))


def hello_solved(lstm: nn.LSTM) -> bool:
    """Tell whether the unit with the largest h is the right letter at every step, by a clear lead."""
    letters, answers = hello_ids()
    h = unroll(lstm, one_hot(letters, 4)).h
    best = h.topk(2, dim=-1)
    return bool((best.indices[..., 0] == answers).all() and (best.values.diff(dim=-1) < -0.3).all())


# ---- all of them ----


@dataclass(frozen=True)
class Task:
    """How one example is trained: an nn.LSTM(features, hidden), Adam, and a check that knows no loss."""

    features: int
    hidden: int
    updates: int
    rate: float
    loss: Callable[[nn.LSTM], Tensor]
    solved: Callable[[nn.LSTM], bool]


TASKS = {
    "latch": Task(2, 2, updates=2500, rate=0.05, loss=latch_loss, solved=latch_solved),
    "brackets": Task(2, 1, updates=2500, rate=0.05, loss=brackets_loss, solved=brackets_solved),
    "hello": Task(4, 4, updates=600, rate=0.05, loss=hello_loss, solved=hello_solved),
}


def train(task: Task, seed: int) -> tuple[nn.LSTM, float]:
    """Train one network from its seed; return it with rounded weights, and the loss it then has."""
    torch.manual_seed(seed)
    lstm = nn.LSTM(task.features, task.hidden)
    optimizer = torch.optim.Adam(lstm.parameters(), lr=task.rate)
    for _ in range(task.updates):
        optimizer.zero_grad()
        task.loss(lstm).backward()  # type: ignore[no-untyped-call]  # torch ships it without types
        optimizer.step()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(parameter.round(decimals=DECIMALS))
        return lstm, float(task.loss(lstm))


def make_sample(name: str, folder: Path) -> bool:
    """Train one example and say how it went; write its weights to the folder if they solve the task."""
    start = time.perf_counter()
    lstm, loss = train(TASKS[name], load_example(name).seed)
    with torch.no_grad():
        solved = TASKS[name].solved(lstm)
    if solved:
        save_file(lstm.state_dict(), folder / f"{name}.safetensors")
    verdict = "solved" if solved else "NOT solved, nothing written"
    print(f"{name:8}  loss {loss:.6f}  {verdict}  ({time.perf_counter() - start:.1f} s)")
    return solved


def main(folder: Path = FOLDER) -> int:
    """Train every example; return the exit code."""
    # The order of additions, and so the last digit of a sum, depends on the number of threads.
    torch.set_num_threads(1)
    solved = [make_sample(name, folder) for name in TASKS]
    return 0 if all(solved) else 1


if __name__ == "__main__":
    sys.exit(main())
