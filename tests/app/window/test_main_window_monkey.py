"""Random keys, mouse, menus, dialogs and files find no unexpected error, no complaint of Qt's, no crash and no hang."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MONKEY = Path(__file__).parents[1] / "monkey"


@pytest.mark.parametrize(
    ("seed", "events"), [(0, 300), *(pytest.param(seed, 20_000, marks=pytest.mark.soak) for seed in range(1, 21))]
)
def test_nothing_a_monkey_does_is_unexpected(tmp_path: Path, seed: int, events: int) -> None:
    command = [sys.executable, str(MONKEY), str(tmp_path), "--seed", str(seed), "--events", str(events)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    log = (tmp_path / "events.log").read_text().splitlines()
    found = (tmp_path / "findings.jsonl").read_text()
    assert not found, f"seed {seed}:\n{found}"
    last = "\n".join(log[-5:])
    assert ended.returncode == 0, f"seed {seed} ended at event\n{last}\n{ended.stderr[-5000:]}"
    assert f"{events} events" in ended.stdout
