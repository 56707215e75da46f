"""ripgrep over one file with a paragraph a line: the scan that an index has to beat."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc
from benchmarks.truth import glob, near

FILE = "texts.txt"
EXIT_NONE = 1


class Peer:
    sees: Sees = "characters"
    shapes = frozenset(Shape) - {Shape.ALL, Shape.RANGE, Shape.NOT}
    wants = frozenset(Want) - {Want.FACET}

    def __init__(self) -> None:
        if not (program := shutil.which("rg")):
            raise FileNotFoundError("rg")
        self.program = program

    def about(self) -> str:
        shown = subprocess.run([self.program, "--version"], capture_output=True, text=True)
        return f"{shown.stdout.splitlines()[0]}; a process a query, in file order, unranked"

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        with (folder / FILE).open("w", encoding="utf-8") as out:
            out.writelines(doc.text + "\n" for doc in docs)

    def open(self, folder: Path) -> None:
        self.file = str(folder / FILE)

    def pattern(self, query: Query) -> list[str]:
        if query.shape in (Shape.PATTERN, Shape.GAP):
            return ["-e", glob(query.terms[0])]
        if query.shape is Shape.NEAR:
            return ["-e", near(*query.terms)]
        return ["-F", *(part for term in query.terms for part in ("-e", term))]

    def run(self, query: Query, *options: str) -> bytes:
        command = [self.program, "--no-config", *options, *self.pattern(query), self.file]
        done = subprocess.run(command, capture_output=True)
        if done.returncode > EXIT_NONE:
            raise RuntimeError(done.stderr.decode())
        return done.stdout

    def answer(self, query: Query) -> object:
        if query.want is Want.COUNT:
            return self.run(query, "-c")
        if query.want is Want.EVERY:
            return self.run(query, "-n", "-o").splitlines()
        return self.run(query, "-n", "-m", str(TOP)).splitlines()

    def total(self, query: Query) -> int:
        return int(self.run(query, "-c") or 0)

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        command = [self.program, "--no-config", "-m", str(TOP), "-F", query.terms[0]]
        return {"ripgrep": [*command, str(folder / FILE)]}
