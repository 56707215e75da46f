"""A mention is known again whatever happens elsewhere, and each one seen stands for one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.search.mentions import Mention
from chabao.search.sightings import CONTEXT, Seen, compared, sightings

TERM = "川渝通办"
BEFORE = "今年以来全省各级窗口积极推进"
AFTER = "事项落地见效群众满意度提升"
OTHER = "会上各单位通报了上半年的主要情况并作交流"


def item(text: str, identity: str = "a", **more: Any) -> dict[str, Any]:
    known = {"publisher": "某中心", "title": "周报", "number": "2023年第3期", "date": None}
    return known | {"id": identity, "text": text, "source": "1.txt"} | more


def rows(*items: dict[str, Any], term: str = TERM) -> list[Mention]:
    """What a plain scan finds."""
    return [
        Mention(each, at, at + len(term))
        for each in items
        for at in range(len(each["text"]))
        if each["text"].startswith(term, at)
    ]


def news(history: list[list[dict[str, Any]]], term: str = TERM) -> list[list[tuple[str, int]]]:
    """What is new at each look: items and offsets."""
    seen: Seen = {}
    found = []
    for items in history:
        standing = sightings(rows(*items, term=term))
        fresh, seen = compared(seen, standing)
        found.append([(standing[each].item["id"], standing[each].start) for each in fresh])
    return found


SENTENCE = f"{BEFORE}{TERM}{AFTER}。"
SAME = [
    pytest.param([item(f"{OTHER}。{SENTENCE}")], id="a sentence before"),
    pytest.param([item(f"{SENTENCE}{OTHER}。")], id="a sentence after"),
    pytest.param([item(f"{BEFORE}{TERM}改了{OTHER}。")], id="corrected on the right"),
    pytest.param([item(f"改了{OTHER}{TERM}{AFTER}。")], id="corrected on the left"),
    pytest.param([item(" ".join(SENTENCE))], id="other layout"),
    pytest.param([item(SENTENCE, source="乙/2.txt")], id="file moved"),
    pytest.param([item(SENTENCE), item(SENTENCE, source="乙/1.txt")], id="file copied"),
    pytest.param([item(f"{OTHER}。"), item(SENTENCE, "b")], id="item renumbered"),
    pytest.param([item(f"{OTHER}。"), item(f"{SENTENCE}{OTHER}。", "b")], id="moved and corrected"),
    pytest.param([item(SENTENCE, title="月报")], id="title corrected"),
    pytest.param([], id="gone"),
]
NEW = [
    pytest.param([item(f"{SENTENCE}{OTHER}{TERM}{OTHER}。")], 1, id="another in the same item"),
    pytest.param([item(SENTENCE), item(SENTENCE, "b")], 1, id="the same words in another item"),
    pytest.param([item(SENTENCE * 3)], 2, id="the very same sentence twice more"),
    pytest.param([item(f"改了{TERM}改了。")], 1, id="corrected on both sides"),
    pytest.param([item(SENTENCE, "c", number="2023年第4期")], 1, id="reprinted in the next issue"),
    pytest.param([item(OTHER + TERM), item(SENTENCE, "b")], 1, id="renumbered for a new one"),
]


@pytest.mark.parametrize("now", SAME)
def test_what_is_not_new(now: list[dict[str, Any]]) -> None:
    assert news([[item(SENTENCE)], now, [item(SENTENCE)]])[1:] == [[], []]


@pytest.mark.parametrize(("now", "count"), NEW)
def test_what_is_new(now: list[dict[str, Any]], count: int) -> None:
    assert len(news([[item(SENTENCE)], now])[1]) == count


def test_what_is_told_is_the_one_that_came() -> None:
    there = [item(SENTENCE), item(f"{OTHER}{TERM}。", "b")]
    text = f"{OTHER}说到{TERM}以及其他。{SENTENCE}"
    assert news([there, [item(text), there[1]]])[1] == [("a", text.index(TERM))]
    shifted = [item(f"{OTHER}新的{TERM}"), item(SENTENCE, "b"), item(f"{OTHER}{TERM}。", "c")]
    assert news([there, shifted])[1] == [("a", len(OTHER) + 2)]


def test_what_is_gone_is_not_taken_for_something_else_that_was_written_in_its_place() -> None:
    gone, other = [item(SENTENCE)], [item(f"{OTHER}{TERM}{AFTER}。")]
    assert len(news([gone, other])[1]) == 0  # corrected between two looks
    assert len(news([gone, [], other])[2]) == 1  # written anew
    assert len(news([gone, [], gone])[2]) == 0  # back again


def test_of_items_with_the_same_passage_the_new_one_is_told() -> None:
    first, second, third = (SENTENCE + rest for rest in ("甲事。", "乙事。", "丙事。"))
    there = [item(first, "a"), item(second, "b")]
    assert news([there, [item(third, "a"), item(first, "b"), item(second, "c")]])[1] == [
        ("a", len(BEFORE))
    ]


def test_what_comes_back_is_known_by_the_words_about_it_wherever_it_stands() -> None:
    back = [item(OTHER + SENTENCE, title="月报")]
    assert news([[item(SENTENCE)], [], back])[2] == []
    near = f"{OTHER}{BEFORE[-3:]}{TERM}{AFTER[:3]}{OTHER}"
    assert len(news([[item(SENTENCE)], [], [item(near)]])[2]) == 1


def test_files_that_say_nothing_of_themselves_are_one_issue() -> None:
    unnamed = {"publisher": None, "title": None, "number": None}
    there = [item(SENTENCE, "a", **unnamed)]
    assert news([there, [item(SENTENCE, "b", source="new.txt", **unnamed)]])[1] == []


def test_whole_items_are_known_by_how_they_begin_and_end() -> None:
    def looks(*texts: str) -> list[int]:
        seen: Seen = {}
        found = []
        for text in texts:
            row = Mention(item(text), 0, len(text))
            fresh, seen = compared(seen, sightings([row], whole=True))
            found.append(len(fresh))
        return found

    assert looks(SENTENCE, SENTENCE + OTHER, OTHER + SENTENCE + OTHER) == [1, 0, 0]
    assert looks(SENTENCE, OTHER) == [1, 1]


texts = st.lists(st.sampled_from(["甲", "乙乙", "丙", "办", "办办"]), max_size=8).map("".join)
corpora = st.dictionaries(st.sampled_from("abc"), texts, max_size=3)
histories = st.lists(corpora, min_size=1, max_size=6)


def made(corpus: dict[str, str]) -> list[dict[str, Any]]:
    return [item(text, identity) for identity, text in corpus.items()]


@given(histories)
def test_a_look_twice_tells_nothing(history: list[dict[str, str]]) -> None:
    doubled = [made(corpus) for corpus in history for _ in range(2)]
    assert all(not found for found in news(doubled, "办")[1::2])


@given(histories)
def test_each_one_seen_stands_for_one(history: list[dict[str, str]]) -> None:
    """As many are told as there are more of than ever were known, or more."""
    told = 0
    for corpus, found in zip(history, news([made(each) for each in history], "办"), strict=True):
        told += len(found)
        assert told >= sum(text.count("办") for text in corpus.values())
        assert len(found) == len(set(found))


@given(corpora, st.lists(st.booleans(), min_size=1, max_size=6))
def test_what_comes_back_as_it_was_is_not_new(corpus: dict[str, str], there: list[bool]) -> None:
    first, *later = news([made(corpus), *(made(corpus) if here else [] for here in there)], "办")
    assert len(first) == sum(text.count("办") for text in corpus.values())
    assert not any(later)


@given(histories, st.integers(0, 5))
def test_a_look_that_was_skipped_misses_nothing_that_still_stands(
    history: list[dict[str, str]], skipped: int
) -> None:
    """Where only items are added, who looks less often is told the same in the end."""
    grown: dict[str, str] = {}
    corpora = []
    for number, corpus in enumerate(history):
        grown = grown | {f"{number}{name}": text for name, text in corpus.items()}
        corpora.append(made(grown))
    often = [each for found in news(corpora, "办") for each in found]
    rarely = [
        corpus for at, corpus in enumerate(corpora) if at != skipped or at == len(corpora) - 1
    ]
    assert sorted(often) == sorted(each for found in news(rarely, "办") for each in found)
    assert len(often) == len(set(often)) == sum(text.count("办") for text in grown.values())


filling = st.text("甲乙丙丁戊己庚辛", min_size=CONTEXT, max_size=CONTEXT + 6)


@given(st.lists(filling, min_size=3, max_size=6, unique=True), st.data())
def test_an_edit_beyond_the_context_tells_nothing(pieces: list[str], data: st.DataObject) -> None:
    """Any stretch that is no nearer to a mention than the context on one of its sides is free."""
    text = TERM.join(pieces)
    at = data.draw(st.integers(0, len(text)))
    mentions = [row.start for row in rows(item(text))]
    new = text[:at] + OTHER + text[at:]
    inside = any(start < at < start + len(TERM) for start in mentions)
    if not inside and all(b - a > len(TERM) for a, b in pairwise(mentions)):
        assert news([[item(text)], [item(new)]])[1] == []
