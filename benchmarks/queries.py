"""Questions drawn from the texts: the same seed and the same 1 × texts give the same questions.

They are drawn from the first `BASE` paragraphs, which every size begins with.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.engine import Query, Shape, Want
from benchmarks.texts import SEED, Doc
from benchmarks.words import load, words

Draw = Callable[[], tuple[str, ...] | None]
PATIENCE = 1000
"""Questions drawn twice before one is asked twice."""
HAN = re.compile("[一-鿿]+")
MIXED = re.compile(r"(?=.*[一-鿿])(?=.*[A-Za-z0-9])[一-鿿A-Za-z0-9.%+]+")
KINDS = {
    "common": (Shape.TERM, Want.TOP, "a common word"),
    "rare": (Shape.TERM, Want.TOP, "a rare word"),
    "and3": (Shape.ALL, Want.TOP, "three words, all"),
    "or4": (Shape.ANY, Want.TOP, "four words, any"),
    "phrase": (Shape.PHRASE, Want.TOP, "2-5 words in a row, 3-8 characters"),
    "mixed": (Shape.PHRASE, Want.TOP, "the same, with Latin letters or digits"),
    "range": (Shape.RANGE, Want.TOP, "a word, in one to six years"),
    "snippets": (Shape.PHRASE, Want.SNIPPETS, "a phrase, ten snippets"),
    "count": (Shape.PHRASE, Want.COUNT, "a phrase, how many items"),
    "mentions": (Shape.PHRASE, Want.EVERY, "a phrase, every item"),
    "character": (Shape.CHARACTER, Want.TOP, "one character"),
    "pattern": (Shape.PATTERN, Want.TOP, "like 省?通办"),
    "gap": (Shape.GAP, Want.TOP, "like 川*办"),
    "near": (Shape.NEAR, Want.TOP, "two words NEAR/10"),
    "not": (Shape.NOT, Want.TOP, "a word NOT another"),
    "facet": (Shape.TERM, Want.FACET, "a word, items a department"),
}


class Drawer:
    """Draws strings from texts."""

    def __init__(self, docs: list[Doc], seed: int = SEED) -> None:
        self.chance = random.Random(seed)
        self.docs = docs
        self.frequency = Counter(word for doc in docs for word in set(words(doc.text)))
        known = [(w, n) for w, n in self.frequency.items() if HAN.fullmatch(w) and len(w) > 1]
        many = len(docs) // 50
        self.common = sorted(word for word, n in known if n >= many)
        self.middling = sorted(word for word, n in known if n >= 20)
        self.rare = sorted(word for word, n in known if 2 <= n <= 5)

    def cut(self) -> list[str]:
        """Some paragraph's words in order, punctuation and all."""
        return list(load("rjieba").cut(self.chance.choice(self.docs).text))

    def one(self, among: list[str]) -> tuple[str, ...]:
        return (self.chance.choice(among),)

    def together(self, count: int) -> tuple[str, ...] | None:
        """Words of one paragraph."""
        present = set(self.cut()) & set(self.middling)
        return tuple(self.chance.sample(sorted(present), count)) if len(present) >= count else None

    def run(self, form: re.Pattern[str]) -> tuple[str, ...] | None:
        """Two to five words in a row, three to eight characters."""
        cut = self.cut()
        start = self.chance.randrange(len(cut))
        string = "".join(cut[start : start + self.chance.randint(2, 5)])
        fits = 3 <= len(string) <= 8 and string[0].isalnum() and form.fullmatch(string)
        return (string,) if fits and len(words(string)) > 1 else None

    def stretch(self, least: int, most: int) -> str | None:
        """Characters in a row, wherever words begin."""
        text = self.chance.choice(self.docs).text
        start = self.chance.randrange(len(text))
        string = text[start : start + self.chance.randint(least, most)]
        return string if len(string) >= least and HAN.fullmatch(string) else None

    def character(self) -> tuple[str, ...] | None:
        string = self.stretch(1, 1)
        return (string,) if string else None

    def pattern(self) -> tuple[str, ...] | None:
        string = self.stretch(4, 4)
        return (f"{string[0]}?{string[2:]}",) if string else None

    def gap(self) -> tuple[str, ...] | None:
        string = self.stretch(3, 6)
        return (f"{string[0]}*{string[-1]}",) if string else None

    def near(self) -> tuple[str, ...] | None:
        cut = self.cut()
        known = set(self.middling)
        start = self.chance.randrange(len(cut))
        pair = [word for word in cut[start : start + 6] if word in known]
        if len(pair) < 2 or pair[0] == pair[-1]:
            return None
        return (pair[0], pair[-1])

    def draw(self, kind: str) -> tuple[str, ...] | None:
        """The terms of one question; None where the place that was drawn has none."""
        draws: dict[str, Draw] = {
            "common": lambda: self.one(self.common),
            "rare": lambda: self.one(self.rare),
            "and3": lambda: self.together(3),
            "or4": lambda: tuple(self.chance.sample(self.middling, 4)),
            "mixed": lambda: self.run(MIXED),
            "range": lambda: self.one(self.middling),
            "character": self.character,
            "pattern": self.pattern,
            "gap": self.gap,
            "near": self.near,
            "not": lambda: self.together(2),
            "facet": lambda: self.one(self.common),
        }
        return draws.get(kind, lambda: self.run(HAN))()

    def years(self) -> tuple[str, str]:
        """A range of days around some paragraph's."""
        middle = date.fromisoformat(self.chance.choice(self.docs).date)
        half = timedelta(days=self.chance.randint(183, 1096))
        return (middle - half).isoformat(), (middle + half).isoformat()


def queries(docs: list[Doc], count: int, seed: int = SEED) -> list[Query]:
    """`count` questions of each kind, in the order of `KINDS`."""
    drawer = Drawer(docs, seed)
    return [query for kind in KINDS for query in some(drawer, kind, count)]


def some(drawer: Drawer, kind: str, count: int) -> list[Query]:
    """Questions of one kind; different ones as long as the texts have them."""
    shape, want, _ = KINDS[kind]
    found: list[Query] = []
    seen: set[tuple[str, ...]] = set()
    misses = 0
    while len(found) < count:
        terms = drawer.draw(kind)
        if terms is None or (terms in seen and misses < PATIENCE):
            misses += terms is not None
            continue
        seen.add(terms)
        first, last = drawer.years() if shape is Shape.RANGE else ("", "")
        # What is drawn as a word is one word to a peer; search mode would cut it once more.
        whole = shape is not Shape.PHRASE
        pieces = tuple((term,) if whole else tuple(words(term)) for term in terms)
        found.append(Query(kind, shape, want, terms, pieces, first, last))
    return found
