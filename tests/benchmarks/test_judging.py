"""Rankings are judged as the textbooks say, and the reference BM25 is BM25."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.bm25 import K1, B, Bm25, bigrams, characters, words
from benchmarks.judged import Judged, measure, ndcg, recall


def test_gain_is_discounted_and_normalised() -> None:
    right = {"a": 2, "b": 1}
    assert ndcg(["a", "b", "c"], right) == pytest.approx(1)
    worse = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert ndcg(["b", "a"], right) == pytest.approx(worse)
    assert ndcg(["c"] * 10 + ["a"], right) == 0


def test_recall_looks_so_deep() -> None:
    assert recall(["x", "a", "b"], {"a": 1, "b": 1}, 2) == 0.5


def test_questions_without_answers_do_not_count() -> None:
    judged = Judged("", {"a": "甲", "b": "乙"}, {"1": "甲", "2": "丙"}, {"1": {"a": 1}})
    assert measure(judged, lambda question: ["a"]) == (100, 100, 100)
    assert measure(judged, lambda question: ["b"]) == (0, 0, 0)


def test_a_score_by_hand() -> None:
    index = Bm25([["川", "渝", "川"], ["渝"], ["办"]])
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    by_hand = idf * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 3 / (5 / 3)))
    assert index.scores(["川", "无"]).tolist() == pytest.approx([by_hand, 0, 0], rel=1e-5)
    assert index.scores(["川", "川"])[0] == pytest.approx(2 * by_hand, rel=1e-5)


def test_tokens() -> None:
    assert bigrams("川渝通办，5G时代。好") == ["川渝", "渝通", "通办", "5g", "时代", "好"]
    assert characters("川渝5G") == ["川", "渝", "5g"]
    assert words("优化营商环境，") == ["优化", "营商", "环境"]
