"""The faults that a mutation run plants: the kinds it must know, each a program that still compiles."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = '''
def bound(o: Tensor, u: float, *, low: bool = False) -> Tensor:
    """A text with 6.0 in it."""
    assert u < 1
    size = (o + u) * 6.0  # C̃: columns count bytes
    if size is None or not low:
        raise ValueError(f"{size + 1}")
    size.clamp_(0, u)
    return o.abs().tanh().add_(size, alpha=u)


def gates(z: Values) -> Values:
    return {"i": z["i"], "f": z["f"]}
'''

# Some of the faults that there are, for every line that can have one.
FAULTS = {
    "size = (o + u) * 6.0": [
        "size = (o - u) * 6.0", "size = o * 6.0", "size = u * 6.0", "size = (o + u) + 6.0", "size = (o + u)",
        "size = (o + u) * (6.0 * 3)", "size = (o + u) * (6.0 / 4)", "size = (o + u) * (-6.0)",
        "size = (o * 3 + u) * 6.0",
    ],
    "if size is None or not low:": [
        "if size is not None or not low:", "if size is None and not low:", "if not low:", "if size is None or low:",
        "if not (size is None or not low):",
    ],
    "size.clamp_(0, u)": ["pass", "size.clamp_(u, 0)", "size.clamp_(1, u)"],
    "low: bool = False": ["low: bool = True"],
    "return o.abs().tanh().add_(size, alpha=u)": [
        "return o.tanh().add_(size, alpha=u)", "return o.abs().relu().add_(size, alpha=u)",
        "return o.abs().tanh().sub_(size, alpha=u)", "return o.abs().tanh().add_(size / 4, alpha=u)",
        "return o.abs().tanh().add_(size, alpha=u * 3)", "return (o.abs().tanh().add_(size, alpha=u)) / 4",
    ],
    'raise ValueError(f"{size + 1}")': ["pass"],
    'return {"i": z["i"], "f": z["f"]}': [
        'return {"i": z["f"], "f": z["i"]}', 'return {"i": z["i"] * 3, "f": z["f"]}'
    ],
}  # fmt: skip


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Return the faults of that source."""
    spec = importlib.util.spec_from_file_location("mutations", Path(__file__).with_name("mutations.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mutations", module)  # where a dataclass looks for its module
    spec.loader.exec_module(module)
    path = tmp_path / "bound.py"
    path.write_text(SOURCE, encoding="utf-8")
    mutants: list[Any] = module.find_mutants(path)
    return mutants


def test_the_faults_that_matter_are_among_them(found: list[Any]) -> None:
    sources = [ast.dump(ast.parse(mutant.source)) for mutant in found]
    for old, faults in FAULTS.items():
        assert old in SOURCE
        for new in faults:
            assert ast.dump(ast.parse(SOURCE.replace(old, new))) in sources, new


def test_each_is_another_program_and_says_where_it_differs(found: list[Any]) -> None:
    assert len({mutant.source for mutant in found} | {SOURCE}) == len(found) + 1
    for mutant in found:
        lines, others = SOURCE.splitlines(), mutant.source.splitlines()
        assert (lines.pop(mutant.line - 1).strip(), others.pop(mutant.line - 1).strip()) == (mutant.old, mutant.new)
        assert lines == others
        assert any(old in mutant.old for old in FAULTS)  # nothing in texts, types and assertions
        assert mutant.function == ("gates" if '"i"' in mutant.old else "bound")
