"""Stock Whoosh on its own codec and on ours: same documents, places and scores.

The same records are written three ways: by Whoosh with its default codec, by Whoosh's writer with
our codec, and by our writer. Stock queries then answer alike from all three.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import NO_MERGE

from chabao.indexer.codecs.schema import document, schema
from chabao.indexer.codecs.whoosh_ import BulletinCodec, BulletinWriter
from chabao.indexer.fields import ORDER, TEXT, WORDS
from chabao.indexer.folding import fold_text
from chabao.indexer.tokens import words

Record = dict[str, Any]
PHRASES = ["川渝通办", "一网通办", "政务", "服务", "，", "商务厅", "2023年", "ab", "開", "在", "𠀀"]
COUNTS = (40, 1, 25)
"""Records of each segment."""
GONE = (3, 7, 39, 40, 50)
"""Documents that are deleted after all is written."""


def exact(text: str) -> bool:
    """Whether Whoosh, which keeps a length in one byte, keeps this one as it is."""
    lengths = (len(text), len(words(fold_text(text))))
    return all(byte_to_length(length_to_byte(length)) == length for length in lengths)


def make(number: int, random: Random) -> Record:
    text = ""
    while not text or not exact(text):
        text = "".join(random.choices(PHRASES, k=random.randint(1, 12)))
    return {
        **dict.fromkeys(ORDER),
        "schema": 1, "id": f"id{number}", "source": f"{number % 4}.txt", "line": number,
        "title": random.choice([None, "窗口工作周报"]), "number": f"2023年第{number % 3}期",
        "date": random.choice([None, "2023-02-08", "2024-12-31"]),
        "period": {"first": "2023-01-01", "last": random.choice([None, "2023-01-08"])},
        "section": random.choice([[], ["一、概况"], ["二、动态", "（一）工作"]]), "item": "",
        "department": random.sample(["商务厅", "公安厅", "成都市商务局"], random.randint(0, 3)),
        "dates": [], "text": text,
        "inferred": [], "lines": [[0, number]],
    }  # fmt: skip


def segments() -> Iterator[list[Record]]:
    random, number = Random(5), 0
    for count in COUNTS:
        yield [make(number + at, random) for at in range(count)]
        number += count


def write(folder: Path, codec: str, gone: tuple[int, ...] = ()) -> FileIndex:
    folder.mkdir()
    index = FileIndex.create(FileStorage(str(folder)), schema(), "MAIN")
    for records in segments():
        if codec == "ours":
            writer = BulletinWriter(index)
            for record in records:
                writer.add_record(record)
        else:
            writer = index.writer(codec=BulletinCodec()) if codec == "through" else index.writer()
            for record in records:
                writer.add_document(**document(record))
        writer.commit(mergetype=NO_MERGE)
    if gone:
        writer = index.writer()
        for number in gone:
            writer.delete_document(number)
        writer.commit(mergetype=NO_MERGE)
    return index


@pytest.fixture(scope="module", params=[(), GONE], ids=["whole", "deletions"])
def indexes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, FileIndex]:
    folder = tmp_path_factory.mktemp("codecs")
    names = ("stock", "through", "ours")
    return {name: write(folder / name, name, request.param) for name in names}


def term(text: str, field: str = TEXT) -> query.Term:
    return query.Term(field, text)


def phrase(text: str) -> query.Phrase:
    return query.Phrase(TEXT, [text[at : at + 2] for at in range(len(text) - 1)])


QUERIES = {
    "term": term("通办"),
    "last character": term("办\0"),
    "beyond the first plane": query.Prefix(TEXT, "𠀀"),
    "traditional": query.Prefix(TEXT, "开"),
    "nothing": term("没有"),
    "word": term("政务", WORDS),
    "long word": term("川渝通办", WORDS),
    "department": term("商务厅", "department"),
    "section": term("二、动态\n（一）工作", "section"),
    "number": term("2023年第2期", "number"),
    "and": query.And([term("通办"), term("政务")]),
    "and of fields": query.And([term("通办"), term("商务厅", "department")]),
    "or": query.Or([term("通办"), term("服务", WORDS), term("没有")]),
    "not": query.And([term("通办"), query.Not(term("政务"))]),
    "and not": query.AndNot(term("通办"), term("川渝")),
    "phrase": phrase("川渝通办"),
    "phrase across words": phrase("办政务服"),
    "phrase that is nowhere": phrase("通川渝办"),
    "prefix": query.Prefix(TEXT, "通"),
    "wildcard": query.Wildcard(TEXT, "?办"),
    "wildcard of words": query.Wildcard(WORDS, "*通办"),
    "every": query.Every(),
    "range": query.TermRange("number", "2023年第1期", "2023年第2期"),
}


def answers(searcher: Searcher, asked: query.Query) -> dict[int, float]:
    return {hit.docnum: round(hit.score, 6) for hit in searcher.search(asked, limit=None)}


@pytest.mark.parametrize("codec", ["through", "ours"])
@pytest.mark.parametrize("name", QUERIES)
def test_stock_queries_find_and_score_alike(
    indexes: dict[str, FileIndex], codec: str, name: str
) -> None:
    with indexes["stock"].searcher() as stock, indexes[codec].searcher() as ours:
        expected = answers(stock, QUERIES[name])
        assert answers(ours, QUERIES[name]) == expected
        assert bool(expected) is (name not in ("nothing", "phrase that is nowhere"))


@pytest.mark.parametrize("codec", ["through", "ours"])
def test_terms_places_and_figures_are_alike(indexes: dict[str, FileIndex], codec: str) -> None:
    with indexes["stock"].reader() as stock, indexes[codec].reader() as ours:
        assert ours.doc_count() == stock.doc_count()
        assert ours.doc_count_all() == stock.doc_count_all() == sum(COUNTS)
        for field in (TEXT, WORDS):
            assert ours.field_length(field) == stock.field_length(field)
            lengths = [stock.doc_field_length(at, field) or 0 for at in range(sum(COUNTS))]
            assert [ours.doc_field_length(at, field) for at in range(sum(COUNTS))] == lengths
        terms = list(stock.all_terms())
        assert list(ours.all_terms()) == terms
        for field, text in terms:
            assert postings(ours, field, text) == postings(stock, field, text)
            theirs, own = stock.term_info(field, text), ours.term_info(field, text)
            assert own.doc_frequency() == theirs.doc_frequency()
            assert own.weight() == theirs.weight()
            assert own.max_weight() == theirs.max_weight()


def postings(reader: Any, field: str, text: bytes) -> list[tuple[int, float, list[int]]]:
    try:
        matcher = reader.postings(field, text)
    except Exception as error:
        assert type(error).__name__ == "TermNotFound"
        return []
    found = []
    while matcher.is_active():
        places = matcher.value_as("positions") if field == TEXT else []
        found.append((matcher.id(), matcher.weight(), list(places)))
        matcher.next()
    return found


@pytest.mark.parametrize("codec", ["through", "ours"])
def test_records_and_columns_are_alike(indexes: dict[str, FileIndex], codec: str) -> None:
    with indexes["stock"].searcher() as stock, indexes[codec].searcher() as ours:
        for number in stock.document_numbers():
            assert ours.stored_fields(number) == stock.stored_fields(number)
        by_date = query.Every()
        order = [hit.docnum for hit in stock.search(by_date, limit=None, sortedby="date")]
        assert [hit.docnum for hit in ours.search(by_date, limit=None, sortedby="date")] == order


def test_optimizing_by_whoosh_gives_one_segment_that_answers_alike(tmp_path: Path) -> None:
    stock, ours = write(tmp_path / "stock", "stock", GONE), write(tmp_path / "ours", "ours", GONE)
    stock.writer().commit(optimize=True)
    ours.writer(codec=BulletinCodec()).commit(optimize=True)
    with stock.searcher() as theirs, ours.searcher() as own:
        assert len(own.reader().leaf_readers()) == 1
        for asked in QUERIES.values():
            assert answers(own, asked) == answers(theirs, asked)
