"""Files of an index come to harm, one at a time; whatever is asked then is right or refused.

An index of a few items in several segments, with deletions, is asked everything once. Its blocks
are a sixty-fourth of the usual ones, so that lists, terms and records lie in many. In each trial a
file of it is changed in one place, or another is put in its place; then the index is opened and
asked again, some questions every time and the others in turn. In a third of the trials it is a
section of a segment that is changed, and what reads it is asked. An answer is the right one, or an
error that names the file; and `inspect`, which is what `chabao check-index` asks, names what was
changed and nothing else.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.faults import answers
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.harms import HARMS, WITHIN, Files, World, harmed, kind
from chabao.indexer.build import build
from chabao.indexer.codecs import container, stored, toc
from chabao.indexer.codecs.container import Reader
from chabao.indexer.errors import DamagedIndex, OldIndex
from chabao.indexer.fields import KEYWORDS, TEXT, WORDS
from chabao.indexer.inspection import inspect
from chabao.search.backends import whoosh_
from chabao.search.engine import open_index

PROMISE = (
    "An index of which a file was damaged, lost or exchanged is never answered from: each answer "
    "is right or an error that names the file, and check-index names it always."
)
BITS, DICTIONARY, TARGET = 8, 1024, 512
"""Of a block that has a checksum, as a power of two, and bytes of a dictionary and of a block of
records: small, so that an index of a few items has many of each."""
LEAST = 4
"""Blocks that every file of a segment has then, at least."""
LISTS, FIELDS = "lists", (TEXT, WORDS, *KEYWORDS)
"""A question more: every list of a field of a segment, each looked up by its term."""
AIMED = 1 / 3
"""Trials in which a section of a segment comes to harm, and what reads it is asked."""
CORPUS = Path(__file__).parents[2] / "corpus"


def run(seed: int, times: int, processes: int = 1) -> Tried:
    return shared(_series, seed, times, processes)


def shared(series: Callable[[int, int], Tried], seed: int, times: int, processes: int) -> Tried:
    """Trials done by several processes, each from a seed of its own, and what they count added."""
    if processes < 2:
        return series(seed, times)
    shares = [(seed + at, len(range(at, times, processes))) for at in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        found = list(pool.map(series, *zip(*shares, strict=True)))
    tried = sum(found, Tried())
    tried.more = {
        name: dict(sum((Counter(each.more[name]) for each in found), Counter()))
        for name in tried.more
    }
    return tried


def _series(seed: int, times: int) -> Tried:
    chance, tried = random.Random(seed), Tried()
    outcomes: dict[str, Counter[str]] = {"harm": Counter(), "file": Counter(), "outcome": Counter()}
    with world(chance) as there, undisturbed():
        others = cycle([name for name in answers.QUESTIONS if name not in answers.QUICK])
        for number in range(times):
            if chance.random() < AIMED:
                how, changed, names = aimed(chance, there)
            else:
                how, changed = harmed(chance, there)
                names = [*answers.QUICK, next(others)]
            lay(there, changed)
            wrong = _judged(there, changed, names, number, outcomes)
            tried.trial(f"seed {seed}, trial {number}, {how} {sorted(changed)}: {wrong}"
                        if wrong else None)  # fmt: skip
            outcomes["harm"][how] += 1
            for name in changed:
                outcomes["file"][kind(name)] += 1
            lay(there, {name: there.files[name] for name in changed})
        again = asked(there, list(answers.QUESTIONS))
        assert [name for name in again if again[name] != there.right[name]] == []
    tried.more |= {name: dict(sorted(counts.items())) for name, counts in outcomes.items()}
    return tried


@contextmanager
def world(chance: random.Random) -> Iterator[World]:
    """Four small bulletins, indexed two by two, two of them changed; another index beside it."""
    memory = Path("/dev/shm")
    with fine(), tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        root = Path(place)
        folder, other = root / "bulletins", root / "others"
        folder.mkdir()
        other.mkdir()
        names = sorted(path.name for path in CORPUS.glob("*.txt"))
        for at, name in enumerate(names):
            text = (CORPUS / name).read_text("utf-8")
            into = other if at == 4 else folder
            (into / f"{at}.txt").write_text(text[: 1200 if at % 2 else 500], "utf-8")
            if at in (1, 3):
                build([folder], root / "index")
        build([other], root / "another")
        before = read(root / "index")
        # Items of two segments are taken out, and come again in a third.
        for at in (0, 2):
            path = folder / f"{at}.txt"
            path.write_text(path.read_text("utf-8") + "\n新增一句，推进川渝通办。\n", "utf-8")
        build([folder], root / "index")
        there = World(folder, root / "index", read(root / "index"), before, read(root / "another"))
        for name in there.files:
            if name.endswith(toc.SUFFIXES):
                reader = Reader(there.index / name)
                assert len(reader.checked) > LEAST, name
                spans = {each: reader.span(each) for each in reader.names()}
                there.sections[name] = {
                    each: spans[each] for each in spans if len({*spans[each]}) > 1
                }
        every = [
            f"{LISTS} {name} {each}"
            for name in there.sections
            for each in FIELDS
            if name.endswith(toc.POSTINGS)
        ]
        there.right = asked(there, [*answers.QUESTIONS, *every])
        wrong = {name: each for name, each in there.right.items() if each[0] != "right"}
        assert not wrong, wrong
        assert any(entry.deleted for entry in toc.read(there.index).segments)
        yield there


@contextmanager
def fine() -> Iterator[None]:
    """Small blocks, for who writes and who reads; the index is of no use to anybody else."""
    kept = container.BLOCK_BITS, container.BLOCK, stored.DICTIONARY, stored.TARGET
    container.BLOCK_BITS, container.BLOCK = BITS, 1 << BITS
    stored.DICTIONARY, stored.TARGET = DICTIONARY, TARGET
    try:
        yield
    finally:
        container.BLOCK_BITS, container.BLOCK, stored.DICTIONARY, stored.TARGET = kept


@contextmanager
def undisturbed() -> Iterator[None]:
    """A damaged index is not waited for, as one is that may be being replaced; that is as it is."""
    kept, toc.PAUSE = toc.PAUSE, 0.0
    try:
        yield
    finally:
        toc.PAUSE = kept


def read(index: Path) -> Files:
    """The files that an index needs."""
    return {file.name: (index / file.name).read_bytes() for file in inspect(index).files}


def lay(there: World, changed: dict[str, bytes | None]) -> None:
    """Puts files in the place of those of the index, as who restores them does; None is no file."""
    for name, data in changed.items():
        path = there.index / name
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)


def restore(there: World) -> None:
    """The index as it was, and nothing else in its folder."""
    for path in there.index.iterdir():
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
    lay(there, dict(there.files))


def aimed(chance: random.Random, there: World) -> tuple[str, dict[str, bytes | None], list[str]]:
    """As `harmed`, of one section of a segment, as long afterwards as it was; and what to ask of
    whatever reads it. Long sections come more often, and small ones too."""
    name = chance.choice(list(there.sections))
    sections, data = there.sections[name], there.files[name]
    weights = [end - start for start, end in sections.values()] if chance.random() < 0.7 else None
    section = chance.choices(list(sections), weights)[0]
    start, end = sections[section]
    field = section.partition(" ")[0]
    reading = f"{LISTS} {name} {field}" if field in FIELDS else "search dates"
    while True:
        how = chance.choice(WITHIN)
        found = HARMS[how](chance, {name: data[start:end]}, name, there)
        assert found is not None and len(found) == end - start
        if found != data[start:end]:
            return how, {name: data[:start] + found + data[end:]}, ["export", reading]


def asked(there: World, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        try:
            found[name] = ("right", _answer(there.index, name))
        except (DamagedIndex, OldIndex) as error:
            found[name] = ("refused", Path(str(error.values["path"])).name)
        except Exception as error:
            found[name] = ("failed", repr(error))
    return found


def _answer(index: Path, name: str) -> Any:
    if not name.startswith(LISTS):
        return answers.ask(index, name)
    _, file, field = name.split()
    with open_index(index) as opened:
        [segment] = [each for each in opened.segments if each.path.name == file]
        terms = segment.terms(field)
        return {term: answers.plain(terms.get(term).unpack()) for term in terms.all()}


def _judged(
    there: World, changed: dict[str, Any], names: list[str], number: int,
    outcomes: dict[str, Counter[str]],
) -> str:  # fmt: skip
    """What went wrong, or nothing."""
    # Operations over numpy's arrays and over plain lists, in turn.
    warm, whoosh_.WARM = whoosh_.WARM, -1 if number % 2 and "numpy" in sys.modules else 1 << 62
    try:
        found = asked(there, names)
    finally:
        whoosh_.WARM = warm
    for name, (how, what) in found.items():
        if how == "refused" and not _is_named(what, changed):
            return f"{name} is refused for {what}"
        if how == "failed" or (how == "right" and not _is_right(name, what, there)):
            return f"{name} {how}: {what!r:.200}"
        outcomes["outcome"][how] += 1
    try:
        wrong = {file.name for file in inspect(there.index).damaged}
    except OldIndex as error:  # a table that was cut may end as those of the first format did
        wrong = set(changed) if Path(str(error.values["path"])).name in changed else set()
    wrong = {next((each for each in changed if _is_named(name, {each: 0})), name) for name in wrong}
    return "" if wrong == set(changed) else f"check-index blames {sorted(wrong)}"


def _is_named(what: str, changed: dict[str, Any]) -> bool:
    """Whether a file is one of those that were changed; a lost table is named by its pattern."""
    return what in changed or (what == f"_{toc.NAME}_*.toc" and kind(what) in map(kind, changed))


def _is_right(name: str, what: Any, there: World) -> bool:
    """An index that says it does not know of what it was made says nothing wrong of that."""
    is_unknown = name == "status" and what[0] is False
    return is_unknown or bool(what == there.right[name][1])


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=100_000, processes=1)
