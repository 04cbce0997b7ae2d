"""The numeric tests again, as other processors would run them.

PyTorch, oneDNN and MKL choose their code by what the processor can do, and round otherwise in each. What they are told
to leave alone they read once, when they start: so each environment is a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CORE = Path(__file__).parent
NO_AVX = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}

# Which code, how many threads, and whether torch may use oneDNN at all.
PROCESSORS = {
    "without AVX": (NO_AVX, 1, True),
    "AVX2": (AVX2, 1, True),
    "without oneDNN": ({}, 1, False),
    "two threads": ({}, 2, True),
}
# Threads share out the rows of a product, and on a busy machine they wait for one another: only what compares bits.
SOME = {"two threads": ["-k", "bit_for_bit or is_traced_as_a_copy or keep_their_bits"]}

RUN = """
import sys, pytest, torch
torch.backends.mkldnn.enabled = {onednn}
torch.set_num_threads({threads})
print("runs on", torch.backends.cpu.get_cpu_capability(), torch.get_num_threads(), torch.backends.mkldnn.enabled)
sys.exit(pytest.main(["-q", "-m", "numeric and not soak", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


def run_as(processor: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings, threads, onednn = PROCESSORS[processor]
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-c", RUN.format(onednn=onednn, threads=threads), *arguments],
        env=others | settings | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"},
        cwd=CORE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("processor", PROCESSORS)
def test_the_numeric_tests_pass_on_it(processor: str) -> None:
    done = run_as(
        processor,
        "--hypothesis-profile=few",
        *SOME.get(processor, []),
        str(CORE / "traces"),
        str(CORE / "verification"),
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    settings, threads, onednn = PROCESSORS[processor]
    chosen = done.stdout.split("runs on ")[1].splitlines()[0].split()
    assert chosen[1:] == [str(threads), str(onednn)]
    if settings is NO_AVX:
        assert chosen[0] == "DEFAULT"  # the settings have been read


def test_what_falls_there_fails_here(tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text("import pytest\n@pytest.mark.numeric\ndef test_rounding():\n    assert 0.1 + 0.2 == 0.3\n")
    done = run_as("without AVX", "-c", str(CORE.parent.parent / "pyproject.toml"), str(planted))
    assert done.returncode == 1
    assert "1 failed" in done.stdout
