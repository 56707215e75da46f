"""An index that came to harm is never answered from, and is brought back."""

from __future__ import annotations

import random
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import damage, repair
from chabao.indexer.codecs import container, segment, stored, toc
from chabao.indexer.codecs.container import Reader
from chabao.indexer.codecs.postings import CHUNKED, Posting
from chabao.indexer.codecs.segment import Terms
from chabao.indexer.codecs.stored import Blocks
from chabao.indexer.inspection import Inspection

SEED = random.SystemRandom().randrange(1 << 32)


def test_what_came_to_harm_is_refused_or_answers_right() -> None:
    print("seed", SEED)
    tried = damage.run(SEED, 250)
    assert tried.failures == []
    assert tried.trials == 250
    assert tried.more["outcome"]["right"] > 50 and tried.more["outcome"]["refused"] > 500


def test_it_is_brought_back() -> None:
    print("seed", SEED)
    tried = repair.run(SEED, 8)
    assert tried.failures == []
    assert tried.trials == 8


def unchecked(reader: Reader, first: int, last: int) -> None:
    reader.checked[first:last] = b"\1" * (last - first)


def ends_only(reader: Reader, start: int, end: int) -> None:
    """As `touch`, of a range no more than its first block and its last."""
    first, last = start >> container.BLOCK_BITS, (end - 1 >> container.BLOCK_BITS) + 1
    for block in {first, last - 1} if first < last else ():
        reader.check(block, block + 1)


def inflated(blocks: Blocks, number: int) -> bytes:
    """As `_unpack`, around the checksums."""
    reader = blocks._reader
    start, end = reader.span(f"{blocks._name} dictionary")
    known = zlib.decompressobj().decompress(reader.buffer[start:end], stored.DICTIONARY)
    start = blocks._start + (blocks._ends[number - 1] if number else 0)
    packed = reader.buffer[start : blocks._start + blocks._ends[number]]
    return zlib.decompressobj(wbits=-15, zdict=known).decompress(packed, stored.LARGEST)


def listed(terms: Terms, index: int) -> Posting:
    """As `posting`, around the checksums."""
    start, end = terms.ends[index - 1] & ~CHUNKED if index else 0, terms.ends[index]
    return Posting(terms.units._view[start : end & ~CHUNKED], bool(end & CHUNKED))


@pytest.mark.parametrize(
    ("place", "name", "faulty"),
    [(Reader, "check", unchecked), (toc, "_check", lambda body, whoosh: 0),
     (container.zlib, "crc32", lambda data, before=0: 0), (Reader, "touch", ends_only),
     (Blocks, "_unpack", inflated), (Terms, "posting", listed)],
    ids=["blocks", "table", "all", "ends", "records", "lists"],
)  # fmt: skip
def test_the_trial_finds_what_does_not_check(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, faulty: Callable[..., object]
) -> None:
    """The program made faulty by hand: it fails then."""
    monkeypatch.setattr(place, name, faulty)
    assert damage.run(1, 100).failures


def test_the_trial_finds_an_inspection_that_sees_one_of_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two files that were exchanged both are to be named."""
    real = damage.inspect

    def careless(folder: Path) -> Inspection:
        found = real(folder)
        others = found.damaged[1:]
        seen = [replace(each, wrong="") if each in others else each for each in found.files]
        return replace(found, files=tuple(seen))

    monkeypatch.setattr(damage, "inspect", careless)
    failures = damage.run(7, 120).failures
    assert failures and all("exchange" in each for each in failures)


def test_the_trial_finds_files_that_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    real = segment.Segment.named.__func__

    def careless(cls: type, folder: Path, entry: toc.Entry) -> segment.Segment:
        return real(cls, folder, toc.Entry(entry.name, entry.size, entry.deleted, {}))

    monkeypatch.setattr(segment.Segment, "named", classmethod(careless))
    assert damage.run(3, 150).failures
