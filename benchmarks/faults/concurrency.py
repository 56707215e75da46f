"""Readers beside writers that merge all the time, and writers that wait for each other.

Readers ask, open the index anew, and now and then look at it as `chabao status`, `check-index` and
`copy` do. Whoever ends in any other way than by what it has to do, or does not end, has failed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.faults import archive as archives
from benchmarks.faults.children import Child, Say, heard
from benchmarks.faults.frame import Tried, main
from chabao.indexer import fields, parser, stock
from chabao.indexer.codecs import toc
from chabao.indexer.folding import fold
from chabao.indexer.inspection import inspect
from chabao.indexer.manifest import Entry, Manifest, Part
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.indexer.status import status
from chabao.search.backends.parts import mentions
from chabao.search.backends.whoosh_ import Index
from chabao.search.engine import open_index

PROMISE = (
    "Readers beside writers fail in no read and see no count go back; writers that wait for each "
    "other all get their turn, even if those who hold the lock are killed."
)
MARK = "查报并发试验"
"""Stands in what is added, and nowhere else."""
EACH = 3
"""Times that it stands in what one commit adds: a reader sees whole commits, or none of one."""
PAUSE = 0.02
"""Seconds between the commits of a writer, if they are few."""
OPENED = 50
"""One read of so many opens the index anew."""
LOOKED, INSPECTED = 199, 4999
"""One read of so many of all readers looks at what the index says of itself, or at every byte of
it: primes, so that every reader has its turn."""
LONGEST = 30.0
"""Seconds of waiting that are starvation; no writer holds the lock for more than some 0.1 s."""
HOUR = 3600.0

Records = list[Mapping[str, Any]]


def run(
    seed: int, times: int, readers: int = 8, writers: int = 2, queue: int = 8, turns: int = 200
) -> Tried:
    """`times` reads by all readers together; then `queue` writers that take `turns` each."""
    with archives.place() as place, archives.small():
        tried = _read(place / "read", seed, times, readers, writers)
        return tried + _queue(place / "queue", random.Random(seed), queue, turns)


def _added(name: str) -> Records:
    items = "".join(f"{at}．{MARK}第{at}项，受理{at}件。\n" for at in range(1, EACH + 1))
    text = f"政务窗口月报\n2024年第1期\n\n一、{name}\n{items}"
    return list(fields.records(parser.parse(text, name)))


def _read(place: Path, seed: int, times: int, readers: int, writers: int) -> Tried:
    tried, committed, seen, opened, looks = Tried(), [0] * writers, 0, 0, [0, 0]
    with WhooshSink(place) as sink:
        sink.add(_added("first"))
        sink.commit(_said(sink.known(), "first"))
    stop = place.with_name("stop")
    here = [Child(lambda say, at=at: _writer(place, at, stop, say)) for at in range(writers)]
    there = [
        Child(lambda say, at=at: _reader(place, at, seed, readers, times // readers, say))
        for at in range(readers)
    ]
    reading = set(there)
    try:
        for child, line in heard([*here, *there], time.monotonic() + HOUR):
            word, _, rest = line.partition(" ")
            if word == "error":
                tried.failures.append(rest)
            elif word == "committed":
                committed[int(rest)] += 1
            elif word == "read":
                reads, commits, anew, *looked = map(int, rest.split())
                tried.trials += reads
                seen, opened = max(seen, commits), opened + anew
                looks = [one + other for one, other in zip(looks, looked, strict=True)]
            elif word == "ended" and child in here and reading:
                tried.failures.append("a writer ended before its time")
            elif word == "ended":
                reading.discard(child)
                if not reading:
                    stop.touch()
    finally:
        for child in (*here, *there):
            child.close()
    if tried.trials != times // readers * readers:
        tried.failures.append(f"{tried.trials} reads, {times // readers * readers} were to be done")
    with open_index(place) as index:
        found, wanted = mentions(index, fold(MARK)), EACH * (1 + sum(committed))
        if found != wanted:
            tried.failures.append(f"{found} mentions at the end, {wanted} were committed")
        if found != len(list(index.records())):
            tried.failures.append("another number of items than of mentions")
    tried.more |= {
        "commits meanwhile": committed,
        "merges into": len(toc.read(place).segments),
        "commits that one reader saw, at most": seen,
        "opened anew": opened,
        "looked at what it says of itself": looks[0],
        "inspected": looks[1],
    }
    return tried


def _said(known: Manifest, name: str) -> Manifest:
    """What an index says of itself when a writer has added once more: as if it were to one file,
    so that it does not grow and its items can be told all the same."""
    before = known.files.get(name)
    items = EACH + (before.items if before else 0)
    known.files[name] = Entry(name, (), "", (Part(name, "", "", items, items),))
    return known


def _writer(place: Path, at: int, stop: Path, say: Say) -> None:
    number = 0
    while not stop.exists():
        with WhooshSink(place, patience=LONGEST) as sink:
            known = _said(sink.known(), f"w{at}")
            sink.add(_added(f"w{at}-{number}.txt"))
            if number % 10 == 9:
                # What is written anew is deleted in one segment, and comes in another.
                old = f"w{at}-{number - 5}.txt"
                sink.remove(old)
                sink.add(_added(old))
            sink.commit(known)
        say(f"committed {at}")
        number += 1
        time.sleep(PAUSE)


def _reader(place: Path, at: int, seed: int, readers: int, times: int, say: Say) -> None:
    chance = random.Random(seed + at)
    index, least, seen, anew = open_index(place), 0, 1, 1
    looks = [0, 0]
    for number in range(times):
        for kind, (share, look) in enumerate(((LOOKED, _known), (INSPECTED, _inspected))):
            if (number * readers + at) % share == share // 2:
                looks[kind] += 1
                if wrong := look(place, least):
                    say(f"error reader {at}: {wrong}")
        if number % OPENED == at or toc.generation(place) != index.generation:
            before, index = index, open_index(place)
            seen, anew = seen + (index.generation != before.generation), anew + 1
            if index.generation < before.generation:
                say(f"error reader {at}: commit {before.generation}, then {index.generation}")
        if chance.random() < 0.5:
            found = mentions(index, fold(MARK))
            if found < least or found % EACH:
                say(f"error reader {at}: {found} mentions after {least}")
            least = found
        elif not _looked_up(index, chance):
            say(f"error reader {at}: an item without the text it was found by")
    say(f"read {times} {seen} {anew} {looks[0]} {looks[1]}")


def _known(place: Path, least: int) -> str:
    """What is wrong with what an index says of itself, in two ways: that of its own commit, and not
    of an earlier one than was seen."""
    found = status(place)
    if not found.known or found.total.items != found.size.items or found.size.items < least:
        return f"status: {found.total.items} of {found.size.items} items, known: {found.known}"
    with stock.opened(place) as opened:
        told = sum(entry.items for entry in opened.known.files.values())
        if told != opened.items or told < found.size.items:
            return f"stock: {told} of {opened.items} items after {found.size.items}"
    return ""


def _inspected(place: Path, least: int) -> str:
    """What is wrong with what an inspection finds: no file is damaged, and every item is there."""
    found = inspect(place)
    if found.damaged or found.items < least or found.items % EACH:
        return f"inspection: {found.damaged}, {found.items} items after {least}"
    return ""


def _looked_up(index: Index, chance: random.Random) -> bool:
    segment = chance.choice(index.segments)
    return MARK in segment.record(chance.choice(list(segment.live()) or [0]))["text"]


def _queue(place: Path, chance: random.Random, queue: int, turns: int) -> Tried:
    """Every writer takes its turns one after the other, without a pause; some are killed while they
    hold the lock, and others go on in their place."""
    tried, waits, killed = Tried(), list[float](), 0
    left = dict.fromkeys(range(queue), turns)
    done = dict.fromkeys(range(queue), 0)
    acknowledged = least = 0
    with WhooshSink(place) as sink:
        sink.commit()
    names: dict[Child, int] = {}
    children: list[Child] = []

    def start(at: int) -> None:
        child = Child(lambda say: _waiter(place, at, left[at], say))
        children.append(child)
        names[child] = at

    for at in left:
        start(at)
    begun = time.monotonic()
    first = 0.0
    try:
        for child, line in heard(children, begun + HOUR):
            at = names[child]
            word, _, rest = line.partition(" ")
            if word == "error":
                tried.failures.append(rest)
            elif word == "holds":
                wait = float(rest)
                waits.append(wait)
                late = wait > LONGEST
                tried.trial(f"writer {at} waited for {wait:.1f} s" if late else None)
                if chance.random() < 0.1:
                    child.end()
                    killed += 1
                    start(at)
            elif word == "made":
                left[at] -= 1
                done[at] += 1
                acknowledged += 1
                if not left[at] and not first:
                    first = time.monotonic() - begun
                    least = min(done.values())
    finally:
        for child in children:
            child.close()
    # who was killed behind "made" had its turn, and who follows takes it once more
    if any(turns > 0 for turns in left.values()):
        tried.failures.append(f"turns that nobody took: {left}")
    with open_index(place) as index:
        found = mentions(index, fold(MARK))
        # Who was killed may have committed and not said so.
        if not EACH * acknowledged <= found <= EACH * (acknowledged + killed) or found % EACH:
            tried.failures.append(f"{found} mentions, {acknowledged} commits, {killed} killed")
    ordered = sorted(waits) or [0.0]
    tried.more |= {
        "turns": len(waits),
        "killed while they held the lock": killed,
        "wait, median and longest, s": [
            round(ordered[len(ordered) // 2], 3), round(ordered[-1], 3)
        ],
        "turns of the slowest when the first had all": f"{least} of {turns}",
    }  # fmt: skip
    return tried


def _waiter(place: Path, at: int, turns: int, say: Say) -> None:
    for turn in range(turns):
        begun = time.monotonic()
        with WhooshSink(place, patience=LONGEST * 2) as sink:
            say(f"holds {time.monotonic() - begun}")
            sink.add(_added(f"q{at}-{turn}-{begun}.txt"))
            sink.commit()
        say("made")


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=1_000_000, readers=8, writers=2, queue=8, turns=200)
