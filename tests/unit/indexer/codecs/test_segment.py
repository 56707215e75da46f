"""A segment checks what it reads, and nothing else is answered from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.codecs import container
from chabao.indexer.codecs.container import Reader, Writer
from chabao.indexer.codecs.postings import CHUNKED
from chabao.indexer.codecs.segment import Segment
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import TEXT, WORDS

Record = dict[str, Any]
SIZE = 64


@pytest.fixture
def path(
    monkeypatch: pytest.MonkeyPatch,
    records: Callable[[int, int], list[Record]],
    segment_of: Callable[[str, Sequence[Record]], Segment],
) -> Path:
    """The postings of a segment, in blocks so small that lists have some of their own."""
    monkeypatch.setattr(container, "BLOCK_BITS", SIZE.bit_length() - 1)
    monkeypatch.setattr(container, "BLOCK", SIZE)
    return segment_of("a", records(25, 1)).path


@pytest.mark.parametrize("field", [TEXT, WORDS])
def test_a_damaged_list_is_never_answered_from(path: Path, field: str) -> None:
    """Each block that has nothing but lists: who asks for a term of which the list lies there is
    refused, and who asks for another is answered as before."""
    data, whole = path.read_bytes(), Segment(path).terms(field)
    lists = {term: whole.get(term).unpack() for term in whole.all()}
    first, last = Reader(path).span(f"{field} postings")
    blocks = range(-(-first // SIZE), last // SIZE)
    assert len(blocks) > 3
    refused = set()
    for block in blocks:
        changed = bytearray(data)
        changed[block * SIZE + SIZE // 2] ^= 1
        path.write_bytes(changed)
        for at, (term, numbers) in enumerate(lists.items()):
            # Asked of a segment that has read nothing yet.
            terms = Segment(path).terms(field)
            start = first + 2 * (whole.ends[at - 1] & ~CHUNKED if at else 0)
            end = first + 2 * (whole.ends[at] & ~CHUNKED)
            if start < (block + 1) * SIZE and block * SIZE < end:
                refused.add(block)
                with pytest.raises(DamagedIndex, match=path.name):
                    terms.get(term)
            else:
                assert terms.get(term).unpack() == numbers
    assert refused == set(blocks)


def test_a_list_is_damaged_in_its_middle(path: Path) -> None:
    """Every block between the ends of a list is checked too."""
    terms = Segment(path).terms(TEXT)
    first, _ = Reader(path).span(f"{TEXT} postings")
    longest = max(range(len(terms)), key=lambda at: len(terms.posting(at)))
    start = first + 2 * (terms.ends[longest - 1] & ~CHUNKED)
    end = first + 2 * (terms.ends[longest] & ~CHUNKED)
    inner = range(start // SIZE + 1, (end - 1) // SIZE)
    assert inner
    data = path.read_bytes()
    for block in inner:
        changed = bytearray(data)
        changed[block * SIZE] ^= 1
        path.write_bytes(changed)
        with pytest.raises(DamagedIndex, match=path.name):
            Segment(path).terms(TEXT).posting(longest)


def as_many_items(said: dict[str, Any], sections: dict[str, bytes]) -> None:
    said["documents"] = 10**11


def as_many_numbers(said: dict[str, Any], sections: dict[str, bytes]) -> None:
    sections["date"] += bytes(4)


def as_many_characters(said: dict[str, Any], sections: dict[str, bytes]) -> None:
    sections["starts"] = sections["starts"][:-4] + b"\xff" * 4


@pytest.mark.parametrize("forge", [as_many_items, as_many_numbers, as_many_characters])
def test_numbers_that_speak_of_what_is_not_there_are_damage(
    path: Path, forge: Callable[[dict[str, Any], dict[str, bytes]], None]
) -> None:
    """Made by somebody whose checksums are right: nobody makes room for so much."""
    right = Reader(path)
    said = dict(right.meta)
    sections = {name: bytes(right.section(name)) for name in right._sections}
    path.unlink()
    forge(said, sections)
    with path.open("wb") as file:
        writer = Writer(file)
        for name, data in sections.items():
            writer.section(name, data)
        writer.close(said)
    with pytest.raises(DamagedIndex, match="another number of"):
        Segment(path)
