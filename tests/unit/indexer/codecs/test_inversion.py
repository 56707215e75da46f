"""Inversion by sorting equals inversion by hand."""

from __future__ import annotations

from array import array
from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.codecs import inversion
from chabao.indexer.codecs.inversion import Inverted
from chabao.indexer.codecs.runs import Vocabulary
from chabao.indexer.folding import fold_text

TEXTS = st.lists(
    st.text(st.sampled_from("川渝通办a𠀀\U0010ffff"), max_size=12)
    | st.text(st.characters(exclude_characters="\0"), max_size=12),
    max_size=8,
)
TOKEN = st.sampled_from(["川", "通办", "a", "，", "𠀀"])
TOKENS = st.lists(st.lists(TOKEN, max_size=9), max_size=6)


def lists(found: Inverted) -> dict[bytes, list[int]]:
    numbers, at, end, said = found.numbers.tolist(), 0, 0, {}
    for size, count in zip(found.sizes.tolist(), found.counts.tolist(), strict=True):
        said[found.terms[end : end + size]] = numbers[at : at + count]
        at, end = at + count, end + size
    assert (at, end) == (len(numbers), len(found.terms))
    assert list(said) == sorted(said) and len(said) == len(found.counts), "in byte order, each once"
    return said


def codes(texts: list[str]) -> np.ndarray:
    joined = "".join(text + "\0" for text in texts)
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)


@given(st.lists(st.text(st.characters() | st.sampled_from("\0\ud800渝\uff21開"))))
def test_texts_are_folded_together_as_each_alone(texts: list[str]) -> None:
    found = inversion.folded(texts)
    assert inversion.split(found) == [fold_text(text.replace("\0", "\ufffd")) for text in texts]
    assert found.tolist() == codes(inversion.split(found)).tolist()


@given(
    st.sets(st.text(st.characters() | st.sampled_from("\0\ud800\udc00𠀀"), min_size=2, max_size=2))
)
def test_bigrams_as_numbers_have_the_order_of_their_bytes(terms: set[str]) -> None:
    spelled = sorted(term.encode("utf-8", "surrogatepass") for term in terms)
    numbers = inversion.pairs(b"".join(spelled))
    assert numbers.tolist() == sorted(set(numbers.tolist()))
    both = np.stack((numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)), axis=1)
    text, sizes = inversion.spell(both.astype(np.uint32))
    assert (text, sizes.tolist()) == (b"".join(spelled), list(map(len, spelled)))


@given(TEXTS)
def test_bigrams_are_where_they_stand(texts: list[str]) -> None:
    expected, at, starts = defaultdict(list), 0, [0]
    for text in texts:
        for place, pair in enumerate(zip(text, text[1:] + "\0", strict=False)):
            expected["".join(pair).encode("utf-8", "surrogatepass")].append(at + place)
        at += len(text) + 1
        starts.append(at)
    found, begins = inversion.bigrams(codes(texts))
    assert lists(found) == dict(expected)
    assert begins.tolist() == starts


def tokens_of(documents: list[list[str]]) -> tuple[Vocabulary, array[int], array[int]]:
    vocabulary = Vocabulary()
    numbers = array("I", [vocabulary[token] for tokens in documents for token in tokens])
    owners = array("I", [at for at, tokens in enumerate(documents) for _ in tokens])
    return vocabulary, numbers, owners


@given(TOKENS)
def test_terms_are_in_their_documents_as_often_as_they_come(documents: list[list[str]]) -> None:
    expected = defaultdict(list)
    for at, tokens in enumerate(documents):
        for token in tokens:
            expected[token.encode()].append(at)
    assert lists(inversion.terms(*tokens_of(documents))) == dict(expected)


@given(TOKENS)
def test_words_leave_out_what_is_none(documents: list[list[str]]) -> None:
    kept = [[token for token in tokens if token.isalnum()] for tokens in documents]
    vocabulary, tokens, _ = tokens_of(documents)
    lengths = array("I", map(len, documents))
    found, counts = inversion.words(vocabulary, tokens, lengths, str.isalnum)
    assert lists(found) == lists(inversion.terms(*tokens_of(kept)))
    assert counts.tolist() == [len(tokens) for tokens in kept]


def test_a_large_alphabet_leaves_room_for_the_places() -> None:
    text = "".join(map(chr, range(0x100, 0xD000)))
    found = lists(inversion.bigrams(codes([text, text]))[0])
    assert found[text[:2].encode()] == [0, len(text) + 1]
    assert len(found) == len(text)
