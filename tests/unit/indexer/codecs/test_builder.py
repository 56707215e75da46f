"""A segment says the same however it was built: in one run or several, at once or by merging."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chabao.indexer.codecs import builder, merging
from chabao.indexer.codecs.builder import Builder, join
from chabao.indexer.codecs.segment import POSTINGS, RECORDS, Segment
from chabao.indexer.fields import TEXT, WORDS, calendar, keywords
from chabao.indexer.folding import fold_text
from chabao.indexer.tokens import words

Record = dict[str, Any]
Make = Callable[[int, int], list[Record]]
Build = Callable[[str, list[Record]], Segment]
Say = Callable[[Segment], dict[str, Any]]


def test_a_segment_says_what_its_records_say(records: Make, segment_of: Build) -> None:
    given = records(40, 1)
    segment = segment_of("one", given)
    assert [segment.record(at) for at in range(segment.size)] == given
    for at, record in enumerate(given):
        text = fold_text(record["text"])
        assert segment.length(TEXT, at) == len(text)
        assert segment.length(WORDS, at) == len(words(text))
        assert tuple(column[at] for column in segment.columns.values()) == calendar(record)
        for field, term in keywords(record):
            posting = segment.terms(field).get(term.encode())
            assert posting is not None and at in posting.unpack()
        for place in range(len(text)):
            posting = segment.terms(TEXT).get((text + "\0")[place : place + 2].encode())
            assert posting is not None and segment.starts[at] + place in posting.unpack()
            assert segment.document_at(segment.starts[at] + place) == at
    assert segment.characters == sum(len(record["text"]) for record in given)


@pytest.mark.parametrize("run", [1, 200, 1500])
def test_runs_make_no_difference(
    records: Make, segment_of: Build, saying: Say, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, run: int,
) -> None:  # fmt: skip
    given = records(60, 2)
    whole = saying(segment_of("whole", given))
    monkeypatch.setattr(builder, "RUN", run)
    monkeypatch.setattr(merging, "BATCH", 50)
    assert saying(segment_of("spilled", given)) == whole
    assert sorted(path.suffix for path in tmp_path.glob("spilled.*")) == [POSTINGS, RECORDS]


def test_a_segment_of_nothing_is_a_segment(segment_of: Build, saying: Say) -> None:
    found = saying(segment_of("none", []))
    assert (found["size"], found["records"], found[TEXT]) == (0, [], {})


def test_a_text_with_nul_is_kept_and_stays_apart(records: Make, segment_of: Build) -> None:
    (record,) = records(1, 3)
    record["text"] = "川\0渝"
    segment = segment_of("nul", [record])
    assert segment.record(0)["text"] == "川\0渝"
    assert segment.length(TEXT, 0) == 3
    assert segment.terms(TEXT).get("川\0".encode()) is None


def test_cancelling_leaves_nothing(
    records: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "RUN", 100)
    started = Builder(tmp_path, "gone")
    for record in records(20, 4):
        started.add(record)
    assert len(list(tmp_path.iterdir())) > 2
    started.cancel()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("batch", [40, merging.BATCH])
def test_joining_without_the_deleted_is_building_of_the_live(
    records: Make, segment_of: Build, saying: Say, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, seed: int, batch: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(merging, "BATCH", batch)
    random = Random(seed)
    parts, live = [], []
    for number in range(random.randint(1, 4)):
        given = records(random.randint(0, 25), 10 * seed + number)
        every = range(len(given))
        gone = frozenset(random.sample(every, random.choice([0, len(given) // 2, len(given)])))
        path = segment_of(f"part{number}", given).path
        parts.append(Segment(path, gone))
        live += [record for at, record in enumerate(given) if at not in gone]
    assert join(tmp_path, "joined", parts) == len(live)
    joined = saying(Segment(tmp_path / ("joined" + POSTINGS)))
    assert joined == saying(segment_of("fresh", live))


def test_terms_are_found_by_name_prefix_and_part(
    records: Make, segment_of: Build, saying: Say
) -> None:
    segment = segment_of("one", records(40, 5))
    terms = segment.terms("heading")
    every = list(terms.all())
    assert len(every) > 3
    for at, term in enumerate(every):
        assert (terms.find(term), terms[at], terms.bisect(term)) == (at, term, at)
    assert terms.find(b"nothing") == -1 and terms.get(b"nothing") is None
    for part in ("商务", "厅", "\n", "窗口工作周报", "一", "无"):
        expected = [at for at, term in enumerate(every) if part.encode() in term]
        assert terms.holding(part.encode()) == expected
        begins = [at for at, term in enumerate(every) if term.startswith(part.encode())]
        assert list(terms.prefixed(part.encode())) == begins
    bigrams = segment.terms(TEXT)
    total = sum(map(len, saying(segment)[TEXT].values()))
    assert 0.5 * total <= bigrams.weight(range(len(bigrams))) <= 1.5 * total
