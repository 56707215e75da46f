"""Laws of cutting: whatever the text and the mentions."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.query import Span
from chabao.search.snippets import merged, snippets

NEAR_REAL = st.sampled_from("川渝通办省内，。；！？”“…：ab 1")
TEXTS = st.text(alphabet=NEAR_REAL, max_size=400) | st.text()


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    places = st.integers(0, max(0, len(text) - 1))
    pairs = draw(st.lists(st.tuples(places, st.integers(1, 30)), max_size=12 if text else 0))
    return text, [Span(start, min(len(text), start + size)) for start, size in pairs]


def covered(spans: list[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


@given(texts_with_spans(), st.integers(1, 4), st.integers(1, 130))
def test_a_snippet_is_a_piece_of_the_text_with_its_mentions(
    case: tuple[str, list[Span]], limit: int, width: int
) -> None:
    text, spans = case
    found = snippets(text, spans, limit, width)
    longest = max((m.end - m.start for m in merged(spans)), default=0)
    assert bool(found) is bool(text)
    assert len(found) <= limit
    assert sum(len(s.text) for s in found) <= limit * max(width, longest)
    shown = covered(spans)
    end = -1
    for snippet in found:
        here = snippet.offset
        assert here > end, "in order, and joined where they touch"
        end = here + len(snippet.text)
        assert snippet.text == text[here:end] != ""
        assert covered([Span(s.start + here, s.end + here) for s in snippet.spans]) == {
            place for place in shown if here <= place < end
        }
        assert all(0 <= s.start < s.end <= len(snippet.text) for s in snippet.spans)
        assert snippet.spans if spans else not snippet.spans


@given(texts_with_spans())
def test_no_mention_is_cut_in_two(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    for snippet in snippets(text, spans, 3, 20):
        here, end = snippet.offset, snippet.offset + len(snippet.text)
        for span in spans:
            assert span.end <= here or end <= span.start or here <= span.start < span.end <= end


@given(texts_with_spans(), st.randoms(use_true_random=False))
def test_the_order_of_the_mentions_does_not_matter(
    case: tuple[str, list[Span]], random: Random
) -> None:
    text, spans = case
    other = [*spans, *spans[:2]]
    random.shuffle(other)
    assert snippets(text, other) == snippets(text, spans)


@given(texts_with_spans())
def test_merged_spans_are_disjoint_and_cover_the_same(case: tuple[str, list[Span]]) -> None:
    _, spans = case
    marks = merged(spans)
    assert covered(marks) == covered(spans)
    assert all(a.end <= b.start for a, b in pairwise(marks))
    assert all(any(s.start == mark.start for s in spans) for mark in marks)
    assert all(any(s.end == mark.end for s in spans) for mark in marks)
