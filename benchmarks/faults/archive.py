"""A folder of small bulletins that changes at random, and what an index of it must hold."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chabao.indexer import fields, manifest, parser
from chabao.indexer.build import build
from chabao.indexer.codecs import builder, cutter, toc
from chabao.indexer.folding import fold
from chabao.indexer.sinks import whoosh_
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search.backends.parts import mentions
from chabao.search.engine import open_index

State = dict[str, tuple[str, ...]]
"""What an index holds: the texts of the items of each file, by its source."""
TERMS = ("政务服务", "川渝通办", "受理", "办结率", "窗口")
WORDS = (*TERMS, "事项", "企业", "群众", "高频", "一件事", "改革", "数据", "投诉", "回访", "中心")
MANY = 9
"""Bulletins in a folder, about."""


class Wrong(Exception):
    """An index that is not what it must be."""


class Archive:
    """Bulletins in a folder, and the place of their index."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self.folder, self.index, self._chance = place / "bulletins", place / "index", chance
        self.folder.mkdir()
        self.state: State = {}
        self._made = 0

    def change(self) -> State:
        """Some bulletins come, some go, some are written anew; what an index must hold then."""
        for _ in range(self._chance.choice((1, 1, 1, 2, 4))):
            names = sorted(self.state)
            if names and self._chance.random() < len(names) / (2 * MANY):
                name = self._chance.choice(names)
                (self.folder / name).unlink()
                self.state = {each: self.state[each] for each in names if each != name}
                continue
            again = names and self._chance.random() < 0.3
            name = self._chance.choice(names) if again else f"{self._made:05}.txt"
            self._write(name)
        return self.state

    def _write(self, name: str) -> None:
        self._made += 1
        text = self._text(self._made)
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
        records = fields.records(parser.parse(text, name))
        self.state = self.state | {name: tuple(record["text"] for record in records)}

    def _text(self, number: int) -> str:
        size = self._chance.choice((1, 2, 3, 12))
        items = "".join(f"{at}．{self._sentence()}\n" for at in range(1, size + 1))
        return f"政务窗口月报\n2024年第{number}期\n\n一、概况\n{items}"

    def _sentence(self) -> str:
        chosen = self._chance.choices(WORDS, k=self._chance.randrange(3, 40))
        return f"第{self._chance.randrange(10**6)}号" + "".join(chosen) + "。"


@contextmanager
def place() -> Iterator[Path]:
    """A folder of its own, in memory where that can be: what is lost here is said, not awaited."""
    memory = Path("/dev/shm")
    found = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    made = Path(tempfile.mkdtemp(prefix="chabao-faults-", dir=found)).resolve()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def small() -> Iterator[None]:
    """Segments are merged by threes and texts inverted by the page, so that little is enough to
    have all of it; and no other process is started."""
    kept = whoosh_.FANOUT, builder.RUN, cutter.cores
    whoosh_.FANOUT, builder.RUN, cutter.cores = 3, 400, lambda: 1
    try:
        yield
    finally:
        whoosh_.FANOUT, builder.RUN, cutter.cores = kept


def held(index: Path) -> State:
    """What an index holds, every byte of it checked. Raises Wrong, and what opening raises."""
    found: dict[str, list[str]] = {}
    with open_index(index) as opened:
        for segment in opened.segments:
            segment.reader.check_all()
        for record in sorted(opened.records(), key=fields.document_order):
            found.setdefault(record["source"], []).append(record["text"])
        texts = [text for each in found.values() for text in each]
        for term in TERMS:
            counted, there = mentions(opened, fold(term)), sum(text.count(term) for text in texts)
            if counted != there:
                raise Wrong(f"{counted} mentions of {term}, {there} stand there")
    return {source: tuple(each) for source, each in found.items()}


def known(index: Path) -> set[str]:
    """The files of which the manifest of the last commit tells."""
    return set(manifest.read(index, toc.generation(index)).files)


def matched(index: Path, allowed: list[State]) -> State:
    """Which of some states an index is in. Raises Wrong where it is in none, or where its manifest
    tells of another."""
    found = held(index)
    if found not in allowed:
        nearest = min(allowed, key=lambda state: len(state.items() ^ found.items()))
        raise Wrong(f"neither commit: {sorted(dict(nearest.items() ^ found.items()))} differ")
    if known(index) != set(found):
        raise Wrong(f"the manifest is of another commit: {sorted(known(index) ^ set(found))}")
    return found


def orphans(index: Path, *, built: bool = False) -> set[str]:
    """What lies in an index and belongs to no commit. Between indexings the manifest of a commit
    that was not made may lie there; what was `built` has none."""
    contents = toc.read(index)
    own = {"writer.lock", "queue.lock", f"_MAIN_{contents.generation}.toc"}
    own |= {manifest.NAME, manifest.FOLDERS}
    own |= {entry.name + suffix for entry in contents.segments for suffix in (".chp", ".chr")}
    if not built:
        own.add(manifest.NEXT)
    return {path.name for path in index.iterdir()} - own


def swept(index: Path, into: Path) -> set[str]:
    """What is still left over in a copy of an index that was opened for writing."""
    shutil.copytree(index, into)
    try:
        with WhooshSink(into, patience=0):
            pass
        return orphans(into)
    finally:
        shutil.rmtree(into)


def mend(archive: Archive, index: Path) -> None:
    """The next indexing. Raises Wrong where it leaves anything over, or is not up to date."""
    build([archive.folder], index)
    matched(index, [archive.state])
    if left := orphans(index, built=True):
        raise Wrong(f"left over: {sorted(left)}")
