"""The compiled segmenter cuts as jieba does, with our words added."""

from __future__ import annotations

import marshal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer import parser, reader, tokens, vocabulary
from chabao.indexer.folding import fold_text

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))


@pytest.fixture(scope="module")
def jieba() -> tokens.Segmenter:
    """What cuts where rjieba cannot be imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rjieba", None)
        segmenter = tokens.segmenter.__wrapped__()
    assert type(segmenter.cut.__self__).__module__ == "jieba"
    return segmenter


def texts(path: Path) -> list[str]:
    issue = parser.parse(reader.decode(reader.load(path), path), path.name)
    return [fold_text(item.text.chars) for item in issue.items]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem[:3])
def test_the_two_segmenters_are_equal_on_the_corpus(jieba: tokens.Segmenter, path: Path) -> None:
    found = texts(path)
    assert found
    rjieba = pytest.importorskip("rjieba")
    assert isinstance(tokens.segmenter().cut.__self__, rjieba.Jieba)
    for text in found:
        assert tokens.cut(text) == jieba.cut(text)
        assert tokens.pieces(text) == jieba.pieces(text)


def test_no_dictionary_is_taken_that_others_may_have_put_there(
    jieba: tokens.Segmenter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"气很好": 10**6}, 10**6)))
    text = "今天天气很好，我们推进工作"
    assert tokens.segmenter.__wrapped__().cut(text) == jieba.cut(text)
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


@pytest.mark.parametrize("word", vocabulary.words())
def test_user_words_stay_whole(word: str) -> None:
    assert word in tokens.words(fold_text(word))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_words_cut_a_text_without_loss(text: str) -> None:
    assert "".join(tokens.cut(text)) == text
    assert all(tokens.words(text))


@pytest.mark.parametrize(
    ("token", "is_word"),
    [("川", True), ("通办", True), ("，", False), ("a", False), ("ab", True), ("7", True),
     ("“", False), (" ", False), ("①", True)],
)  # fmt: skip
def test_what_is_a_word(token: str, is_word: bool) -> None:
    assert tokens.is_word(token) is is_word
