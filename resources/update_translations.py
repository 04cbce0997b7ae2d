"""Collect the texts to translate into the .ts files, and compile those to what the window and the console read.

Run by `make translations` after a text was added or changed. What is new is marked unfinished in the .ts file;
translate it there (Qt Linguist, or any editor), then run this once more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "gatescope_resources" / "translations"
LANGUAGES = ("zh_CN",)
WITHOUT_QT = ("console", "engine")  # the contexts of the command line


def sources() -> list[Path]:
    """Return every file that may hold a text: the window's, and the engine's that mark theirs."""
    return sorted(ROOT.glob("app/gatescope_app/**/*.py")) + sorted(ROOT.glob("core/gatescope/**/*.py"))


def collect(catalogue: Path) -> None:
    """Bring a .ts file up to date with the sources; texts that are gone are dropped from it."""
    files = [str(path.relative_to(ROOT)) for path in sources()]
    _run("pyside6-lupdate", "-no-obsolete", "-locations", "none", *files, "-ts", str(catalogue))


def compile_to(catalogue: Path, compiled: Path) -> None:
    """Compile a .ts file."""
    _run("pyside6-lrelease", str(catalogue), "-qm", str(compiled))


def write_texts(catalogue: Path, texts: Path) -> None:
    """Write what is read without Qt, by context and English text, from a .ts file."""
    contexts = ElementTree.parse(catalogue).getroot().iter("context")
    content = {
        name: {m.findtext("source", ""): text for m in context.iter("message") if (text := m.findtext("translation"))}
        for context in contexts
        if (name := context.findtext("name", "")) in WITHOUT_QT
    }
    texts.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [Path(sysconfig.get_path("scripts")) / program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{program} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Update and compile every language; say what is still to be translated."""
    for language in LANGUAGES:
        catalogue = FOLDER / f"gatescope_{language}.ts"
        collect(catalogue)
        compile_to(catalogue, catalogue.with_suffix(".qm"))
        write_texts(catalogue, catalogue.with_suffix(".json"))
        missing = catalogue.read_text(encoding="utf-8").count('type="unfinished"')
        print(f"{catalogue.name}: {missing} texts to translate")


if __name__ == "__main__":
    main()
