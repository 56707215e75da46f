"""Text to words: the one door to the segmenter.

`rjieba` is jieba's algorithm and dictionary in compiled form, 18 times as fast; where it cannot be
had, jieba itself cuts. A test holds the two equal on the corpus. Words serve ranking, collocation
and suggestions; mentions never depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

Cut = Callable[[str], list[str]]


class Segmenter(NamedTuple):
    """A text to its words; and, in search mode, to the shorter words inside long ones too."""

    cut: Cut
    pieces: Cut


@cache
def segmenter() -> Segmenter:
    """The segmenter with the words of `words.toml` and the names of departments added."""
    try:
        return _compiled()
    except ImportError:
        return _stock()


def _compiled() -> Segmenter:
    import rjieba

    jieba = rjieba.Jieba()
    for word in _known():
        jieba.add_word(word, jieba.suggest_freq(word), "n")
    return Segmenter(jieba.cut, jieba.cut_for_search)


def _stock() -> Segmenter:
    import logging
    import warnings

    with warnings.catch_warnings():
        # jieba's source is older than what newer Pythons warn of; its user can do nothing about it.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Itself it would keep its dictionary in the folder for temporary files, where anyone may have
    # put another one before.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in _known():
        tokenizer.add_word(word, tag="n")
    return Segmenter(tokenizer.lcut, tokenizer.lcut_for_search)


def _known() -> tuple[str, ...]:
    from chabao.indexer import vocabulary
    from chabao.indexer.departments import names

    return (*vocabulary.words(), *names())


def cut(text: str) -> list[str]:
    """The words of a text in order; joined, they are the text."""
    try:
        return segmenter().cut(text)
    except UnicodeEncodeError:
        return _parted(text, cut)


def pieces(text: str) -> list[str]:
    """Search mode: the words of a text, and the shorter words inside long ones."""
    try:
        return segmenter().pieces(text)
    except UnicodeEncodeError:
        return _parted(text, pieces)


def _parted(text: str, by: Cut) -> list[str]:
    """Halves of surrogate pairs, which cannot be handed over, each by itself."""
    runs = re.findall("[\ud800-\udfff]|[^\ud800-\udfff]+", text)
    return [word for run in runs for word in ([run] if "\ud800" <= run[0] <= "\udfff" else by(run))]


def is_word(token: str) -> bool:
    """Whether a token is one that items are ranked by: not punctuation, not a lone letter."""
    return token[0].isalnum() and (len(token) > 1 or not token.isascii() or token.isdigit())


def words(text: str) -> list[str]:
    """The words that a text is ranked by."""
    return list(filter(is_word, pieces(text)))
