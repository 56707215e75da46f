"""Which words count as beside a mention, and what of them gets a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chabao.indexer.tokens import cut
from chabao.search import engine
from chabao.search.collocation import Sort, around, collocates
from chabao.search.filters import Filters
from chabao.search.words import Word, says_something, stopwords, words


def item(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "schema": 1, "id": f"item{number:08}", "title": "月报", "number": "2023年第1期",
        "serial": None, "date": "2023-02-08", "period": {"first": None, "last": None},
        "publisher": "", "section": [], "item": "", "department": [], "dates": [], "text": text,
        "source": "a.txt", "line": number, "page": None, "inferred": [], "lines": [[0, number]],
    } | more  # fmt: skip


def spaced(text: str) -> list[str]:
    """Words as a test writes them, parted by |."""
    parts: list[str] = []
    for at, part in enumerate(text.split("|")):
        parts += ["|", part] if at else [part]
    return parts


def around_words(text: str, spans: list[tuple[int, int]], window: int) -> tuple[str, str]:
    known = words(text, spaced)
    nodes, beside = around(known, spans, window)
    return ("".join(known[at].text for at in sorted(nodes)),
            "".join(known[at].text for at in sorted(beside)))  # fmt: skip


def test_words_are_folded_and_know_their_places() -> None:
    assert words("辦|，|APP|3.9", spaced) == [
        Word("办", 0, 1),
        Word("app", 4, 7),
        Word("3.9", 8, 11),
    ]


def test_a_window_is_so_many_words_on_either_side() -> None:
    text = "a|b|c|。|N|、|d|e|f"
    assert around_words(text, [(8, 9)], 2) == ("n", "bcde")
    assert around_words(text, [(8, 9)], 9) == ("n", "abcdef")


def test_words_that_a_mention_overlaps_are_part_of_it() -> None:
    text = "a|川渝|通办|b"
    assert around_words(text, [(3, 6)], 1) == ("川渝通办", "ab")
    assert around_words("a|川渝通|办事|b", [(2, 7)], 1) == ("川渝通办事", "ab")


def test_a_mention_without_words_has_a_window_too() -> None:
    assert around_words("a|b|。|c|d", [(4, 5)], 1) == ("", "bc")


def test_a_place_in_several_windows_counts_once_and_never_as_a_mention() -> None:
    assert around_words("a|N|b|N|c", [(2, 3), (6, 7)], 3) == ("nn", "abc")
    known = words("a|N|b|c|N", spaced)
    _, beside = around(known, [(2, 3), (8, 9)], 5)
    assert beside == {0: 0, 2: 0, 3: 1}


def test_no_window_leaves_its_item(indexed: Callable[..., engine.Index]) -> None:
    index = indexed([item(1, "甲|N"), item(2, "乙|丙"), item(3, "N|丁")])
    found = collocates(index, "N", spaced, all_words=True)
    assert {row.word for row in found.rows} == {"甲", "丁"}
    assert (found.mentions, found.items, found.issues) == (2, 2, 1)
    assert (found.words, found.near) == (4, 2)


def test_what_gets_no_row_is_counted_all_the_same(bundled: engine.Index) -> None:
    whole = collocates(bundled, "川渝通办", cut, all_words=True)
    fewer = collocates(bundled, "川渝通办", cut, least=2)
    assert (fewer.words, fewer.near, fewer.kinds) == (whole.words, whole.near, whole.kinds)
    rows = {row.word: row for row in whole.rows}
    assert whole.kinds == len(rows) > len(fewer.rows) > 0
    for row in fewer.rows:
        assert row == rows[row.word]
        assert row.count >= 2 and says_something(row.word)
    assert any(not says_something(word) for word in rows)


def test_a_filter_means_what_it_means_in_the_query(bundled: engine.Index) -> None:
    beside = Filters(department=("商务厅",))
    given = collocates(bundled, "办理", cut, filters=beside)
    written = collocates(bundled, "办理 部门:商务厅", cut)
    assert given.rows == written.rows != ()
    assert given.words == written.words < collocates(bundled, "办理", cut).words


@pytest.mark.parametrize("sort", Sort)
def test_rows_come_as_asked(bundled: engine.Index, sort: Sort) -> None:
    rows = collocates(bundled, "办", cut, sort=sort).rows
    keys = {
        Sort.G2: [row.g2 if row.attracted else -row.g2 for row in rows],
        Sort.LOG_DICE: [row.log_dice for row in rows],
        Sort.COUNT: [row.count for row in rows],
    }[sort]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) > 5


def test_an_example_shows_the_word_beside_the_mention(bundled: engine.Index) -> None:
    for row in collocates(bundled, "通办", cut, all_words=True).rows:
        text = row.example.item["text"]
        (shown,) = words(text[row.place.start : row.place.end], lambda piece: [piece])
        assert shown.text == row.word
        assert row.example.text == "通办"
        assert row.place.end <= row.example.start or row.place.start >= row.example.end


def test_nothing_and_mistakes(bundled: engine.Index) -> None:
    assert collocates(bundled, "不在此处的话", cut).rows == ()
    mistaken = collocates(bundled, "", cut)
    assert mistaken.query.node is None and mistaken.rows == ()


def test_stop_words_are_words_of_the_file_and_numbers_say_nothing() -> None:
    assert "的" in stopwords() and "#" not in stopwords() and "particles" not in stopwords()
    for word in ("的", "2023", "3.9", "61.76%", "二十八", "年"):
        assert not says_something(word)
    for word in ("川渝通办", "5g", "一网通办", "app"):
        assert says_something(word)
