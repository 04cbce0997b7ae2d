"""`gatescope.__all__` is the whole public interface: one table, and each name in it documented."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import gatescope as gs

Sections = dict[str, str]


def test_type_checkers_see_the_same_table() -> None:
    tree = ast.parse(Path(gs.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.asname: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("gatescope.")
        for alias in node.names
    }
    assert imported == {name: f"gatescope.{home}.{name}" for name, home in gs._HOMES.items()}
    assert gs.__all__ == sorted(gs._HOMES)


def sections(of: object) -> Sections:
    """Split a docstring in numpy's style; what stands before the first section is under the empty name."""
    parts = re.split(r"^([A-Z][a-z]+)\n-{3,}$", inspect.getdoc(of) or "", flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


class Public(NamedTuple):
    """A public function, or a public method of a public class of ours.

    What the class says of all methods counts for each, and so does what a base class says of the same method.
    """

    name: str
    of: Callable[..., Any]
    own: Sections
    shared: str

    @property
    def parameters(self) -> list[str]:
        bound = self.of.__module__ == "gatescope.formats.trace_methods"  # its first argument is the trace
        names = [name for name in inspect.signature(self.of).parameters if name not in ("self", "cls")]
        return names[1:] if bound else names

    def documents(self, parameter: str) -> bool:
        """Whether it has a line of its own, or of a method is in backticks in a sentence."""
        listed = re.search(rf"^(?:.*, )?\*{{0,2}}{parameter}(?:,.*)?(?: : .*)?$", self.own.get("Parameters", ""), re.M)
        return bool(listed) or f"`{parameter}`" in self.shared


def public() -> Iterator[Public]:
    for name in gs.__all__:
        value = getattr(gs, name)
        if not inspect.isclass(value):
            yield Public(name, value, sections(value), "")
            continue
        bases = [base for base in value.__mro__ if base.__module__.startswith("gatescope.")]
        for method in sorted({key for base in bases for key in vars(base) if not key.startswith("_")}):
            overridden = [vars(base)[method] for base in bases if method in vars(base)]
            functions = [getattr(of, "__func__", of) for of in overridden]
            if inspect.isfunction(functions[0]):
                own: Sections = {}
                for function in reversed(functions):
                    own |= sections(function)
                yield Public(f"{name}.{method}", functions[0], own, own[""] + (inspect.getdoc(value) or ""))


def test_each_parameter_is_documented() -> None:
    assert [f"{one.name}({name})" for one in public() for name in one.parameters if not one.documents(name)] == []


def test_what_is_returned_is_documented() -> None:
    def is_said(one: Public) -> bool:
        if inspect.signature(one.of).return_annotation in (None, "None") or {"Returns", "Yields"} & one.own.keys():
            return True
        return "." in one.name and (one.own[""].startswith(("Return", "Whether")) or " returns " in one.shared)

    assert [one.name for one in public() if not is_said(one)] == []


def test_what_is_raised_is_documented() -> None:
    def raises(one: Public) -> bool:
        tree = ast.parse(textwrap.dedent(inspect.getsource(one.of)))
        return any(isinstance(node, ast.Raise) for node in ast.walk(tree))

    assert [one.name for one in public() if raises(one) and "Raises" not in one.own] == []


def test_each_class_documents_its_fields_and_properties() -> None:
    missing = []
    for name in gs.__all__:
        of = getattr(gs, name)
        if not inspect.isclass(of):
            continue
        found = sections(of)
        listed = re.findall(r"\w+", found.get("Parameters", "") + found.get("Attributes", ""))
        made_by_people = "__init__" in vars(of) and not issubclass(of, gs.Recording | Exception)
        fields = inspect.signature(of).parameters if made_by_people else {}
        missing += [f"{name}({field})" for field in fields if not field.startswith("_") and field not in listed]
        missing += [
            f"{name}.{key}"
            for key, value in vars(of).items()
            if isinstance(value, property | cached_property) and not key.startswith("_") and not inspect.getdoc(value)
        ]
        missing += [] if found[""].strip() else [name]
    assert missing == []
