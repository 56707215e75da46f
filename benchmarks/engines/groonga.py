"""Groonga: pairs of characters with positions, asked through its shell over a pipe."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.engine import TOP, Query, Sees, Shape, Want
from benchmarks.texts import Doc

FILE = "groonga.db"
TABLES = (
    "table_create docs TABLE_NO_KEY",
    "column_create docs date COLUMN_SCALAR ShortText",
    "column_create docs period COLUMN_SCALAR ShortText",
    "column_create docs department COLUMN_SCALAR ShortText",
    "column_create docs section COLUMN_SCALAR ShortText",
    "column_create docs text COLUMN_SCALAR LongText",
)
INDEXES = (
    "table_create pairs TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram "
    "--normalizer NormalizerAuto",
    "column_create pairs places COLUMN_INDEX|WITH_POSITION docs text",
    "table_create days TABLE_PAT_KEY ShortText",
    "column_create days docs COLUMN_INDEX docs date",
)


def chunks(docs: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    source = iter(docs)
    while batch := list(islice(source, size)):
        yield batch


def quoted(text: str) -> str:
    """A string of the script grammar."""
    return json.dumps(text, ensure_ascii=False)


class Peer:
    sees: Sees = "characters"
    shapes = frozenset(Shape) - {Shape.PATTERN, Shape.GAP, Shape.NEAR}
    wants = frozenset(Want)

    def __init__(self) -> None:
        if not (program := shutil.which("groonga")):
            raise FileNotFoundError("groonga")
        self.program = program

    def about(self) -> str:
        shown = subprocess.run([self.program, "--version"], capture_output=True, text=True)
        return f"Groonga {shown.stdout.split()[1]}, TokenBigram, index made after the load"

    def start(self, folder: Path, *options: str) -> None:
        command = [self.program, *options, str(folder / FILE)]
        pipe = subprocess.PIPE
        self.shell = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1 << 20)

    def ask(self, *lines: str) -> Any:
        """A command (with the lines that belong to it); what its answer holds."""
        assert self.shell.stdin and self.shell.stdout
        self.shell.stdin.write("\n".join(lines) + "\n")
        self.shell.stdin.flush()
        answer = json.loads(self.shell.stdout.readline())
        if answer[0][0] != 0:
            raise RuntimeError(f"groonga: {answer[0][3:]}")
        return answer[1]

    def build(self, docs: Iterable[Doc], folder: Path) -> None:
        self.start(folder, "-n")
        for command in TABLES:
            self.ask(command)
        for batch in chunks(docs, 1000):
            rows = [
                {
                    "date": doc.date,
                    "period": "..".join(doc.period),
                    "department": doc.department,
                    "section": doc.section,
                    "text": doc.text,
                }
                for doc in batch
            ]
            self.ask("load --table docs", json.dumps(rows, ensure_ascii=False))
        for command in INDEXES:
            self.ask(command)
        self.ask("quit")
        self.shell.wait()

    def open(self, folder: Path) -> None:
        self.start(folder)

    def filter(self, query: Query) -> str:
        terms = [f"text @ {quoted(term)}" for term in query.terms]
        join = {Shape.ANY: " || ", Shape.NOT: " &! "}.get(query.shape, " && ")
        script = join.join(terms)
        if query.shape is Shape.RANGE:
            script += f" && date >= {quoted(query.first)} && date <= {quoted(query.last)}"
        return script

    def select(self, query: Query, columns: str, limit: int, more: str = "") -> Any:
        # Without the cache, or the second round would only be read back.
        script = self.filter(query).replace("\\", "\\\\").replace("'", "\\'")
        return self.ask(
            f"select docs --filter '{script}' --output_columns '{columns}' --limit {limit} "
            f"--sort_keys -_score --cache no {more}"
        )

    def answer(self, query: Query) -> object:
        if query.want is Want.COUNT:
            return self.select(query, "_id", 0)[0][0]
        if query.want is Want.EVERY:
            return self.select(query, "_id", -1)
        if query.want is Want.FACET:
            return self.select(query, "_id", 0, "--drilldown department --drilldown_limit -1")
        if query.want is Want.SNIPPETS:
            return self.select(query, "_id, snippet_html(text)", TOP)
        return self.select(query, "_id, _score", TOP)

    def total(self, query: Query) -> int:
        return int(self.select(query, "_id", 0)[0][0][0])

    def cold(self, folder: Path, query: Query) -> dict[str, list[str]]:
        command = f"select docs --filter '{self.filter(query)}' --output_columns text --limit {TOP}"
        return {"groonga, its shell": [self.program, str(folder / FILE), command]}
