"""Judged sets: questions with the documents that answer them, and how good a ranking is."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = ("stard", "dureader2_demo", "cmrc2018")
DEPTH = 100
Ranking = Callable[[str], Sequence[str]]
"""The ids of the best `DEPTH` documents for a question, best first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One set. `answers` are by question: document to grade."""

    name: str
    documents: Mapping[str, str]
    questions: Mapping[str, str]
    answers: Mapping[str, Mapping[str, int]]


def load(folder: Path, name: str) -> Judged:
    documents = {
        row["_id"]: f"{row['title']} {row['text']}".strip()
        for row in rows(folder / name / "corpus.jsonl.gz")
    }
    questions = {row["_id"]: row["text"] for row in rows(folder / name / "queries.jsonl")}
    answers: dict[str, dict[str, int]] = {}
    judged = (folder / name / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    for line in judged[1:]:
        question, document, grade = line.split("\t")
        if int(grade) > 0:
            answers.setdefault(question, {})[document] = int(grade)
    return Judged(name, documents, questions, answers)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    door = gzip.open if path.suffix == ".gz" else open
    with door(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def ndcg(ranked: Sequence[str], right: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, gains as graded."""
    gained = sum(right.get(one, 0) / math.log2(at + 2) for at, one in enumerate(ranked[:depth]))
    best = sorted(right.values(), reverse=True)[:depth]
    return gained / sum(grade / math.log2(at + 2) for at, grade in enumerate(best))


def recall(ranked: Sequence[str], right: Mapping[str, int], depth: int) -> float:
    return len(right.keys() & set(ranked[:depth])) / len(right)


def measure(judged: Judged, rank: Ranking) -> tuple[float, float, float]:
    """Percent: nDCG@10, Recall@10, Recall@100, averaged over the questions that have answers."""
    totals = [0.0, 0.0, 0.0]
    for question, right in judged.answers.items():
        ranked = rank(judged.questions[question])
        totals[0] += ndcg(ranked, right)
        totals[1] += recall(ranked, right, 10)
        totals[2] += recall(ranked, right, DEPTH)
    first, second, third = (100 * total / len(judged.answers) for total in totals)
    return first, second, third
