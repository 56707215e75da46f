"""Items that came from a cluster as a segment, so that the same code reads them as ever."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster.mapping import RECORD, WORDS, restored
from chabao.indexer.codecs import inversion, stored
from chabao.indexer.codecs.container import Writer
from chabao.indexer.codecs.runs import Run, Vocabulary
from chabao.indexer.codecs.segment import POSTINGS, RECORDS, Segment

if TYPE_CHECKING:
    from chabao.indexer.codecs.runs import Words
    from chabao.indexer.fields import Record

Item = tuple["Record", Sequence[str]]
"""A record, and the words that it is ranked by: none where nobody will ask for them."""


def record_of(hit: Mapping[str, Any]) -> Record:
    """The record that a hit brought: a cluster hands back objects with their keys in any order."""
    return restored(hit["_source"][RECORD])


def words_of(hit: Mapping[str, Any]) -> Sequence[str]:
    """The words that an item is ranked by, if they came with it."""
    said: str = hit["_source"].get(WORDS, "")
    return said.split("\n") if said else ()


def gathered(folder: Path, name: str, items: Iterable[Item]) -> Segment:
    """Writes the segment of items: two new files of a name in a folder, which nobody waits for to
    be on the disk. Raises OSError that says where; FileExistsError for a name given before."""
    try:
        return _gathered(folder, name, items)
    except OSError as error:
        error.filename = error.filename or str(folder)  # a full disk does not say it
        raise


def _gathered(folder: Path, name: str, items: Iterable[Item]) -> Segment:
    run, words = Run(), []
    with (folder / (name + RECORDS)).open("xb") as file:
        records = stored.RecordWriter(Writer(file))
        for record, said in items:
            records.add(record)
            run.add(record)
            words.append(said)
        records.close()
    with (folder / (name + POSTINGS)).open("xb") as file:
        writer = Writer(file)
        writer.close(run.write(writer, lambda: _inverted(words)))
    return Segment(folder / (name + POSTINGS))


def _inverted(words: Sequence[Sequence[str]]) -> Words:
    vocabulary, tokens, counts = Vocabulary(), array("I"), array("I")
    for said in words:
        tokens.extend(map(vocabulary.__getitem__, said))
        counts.append(len(said))
    return inversion.words(vocabulary, tokens, counts, _always)


def _always(_word: Any) -> bool:
    return True
