"""Of the packages as a whole: no circle of imports, also not for types only, and no class name twice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import grimp
import pytest

packages = pytest.mark.parametrize("package", ["gatescope", "gatescope_app", "gatescope_resources"])


@packages
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    graph = grimp.build_graph(package, cache_dir=None)
    assert _in_order(graph)
    graph.add_import(importer=f"{package}.early", imported=f"{package}.late")
    graph.add_import(importer=f"{package}.late", imported=f"{package}.early")
    with pytest.raises(CycleError):
        _in_order(graph)


def _in_order(graph: grimp.ImportGraph) -> list[str]:
    """Return the modules, each after all that it imports."""
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    return list(TopologicalSorter(imports).static_order())


@packages
def test_a_class_name_stands_once_in_a_package(package: str) -> None:
    files = Path(import_module(package).__path__[0]).rglob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert _repeated_classes(texts) == []
    assert _repeated_classes([*texts, "class Twice: ...", "class Twice: ..."]) == ["Twice"]


def _repeated_classes(texts: Iterable[str]) -> list[str]:
    names = [node.name for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    return [name for name, count in Counter(names).items() if count > 1]
