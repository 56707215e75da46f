"""Text to words: the one door to the segmenter.

`rjieba` is jieba's algorithm and dictionary in compiled form; a test holds the two equal on the
corpus. Words serve ranking, collocation and suggestions; mentions never depend on them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rjieba import Jieba


@cache
def segmenter() -> Jieba:
    """The segmenter with the words of `words.toml` and the names of departments added."""
    import rjieba

    from chabao.indexer import vocabulary
    from chabao.indexer.departments import names

    jieba = rjieba.Jieba()
    for word in (*vocabulary.words(), *names()):
        jieba.add_word(word, jieba.suggest_freq(word), "n")
    return jieba


def cut(text: str) -> list[str]:
    """The words of a text in order; joined, they are the text."""
    return segmenter().cut(text)


def pieces(text: str) -> list[str]:
    """Search mode: the words of a text, and the shorter words inside long ones."""
    return segmenter().cut_for_search(text)


def is_word(token: str) -> bool:
    """Whether a token is one that items are ranked by: not punctuation, not a lone letter."""
    return token[0].isalnum() and (len(token) > 1 or not token.isascii() or token.isdigit())


def words(text: str) -> list[str]:
    """The words that a text is ranked by."""
    return list(filter(is_word, pieces(text)))
