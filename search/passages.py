"""The passage that a quotation was taken from: where it stands, or what comes nearest to it.

What stands literally is found by the places of its bigrams, all of them, as a search finds it. What
does not is looked for where the most of its rarer bigrams stand in the right distances, and each
such stretch is aligned with the quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chabao.indexer.fields import document_order
from chabao.indexer.folding import fold, fold_text
from chabao.search.alignment import distance, letters, unspaced
from chabao.search.backends.parts import Deferred, costs, find, spans
from chabao.search.backends.seeding import beginnings, blur
from chabao.search.backends.whoosh_ import Index
from chabao.search.contexts import Context, around
from chabao.search.fitting import Fit, slack
from chabao.search.query import Gap, Literal, Node, Pattern

Item = Mapping[str, Any]

COSTLIEST = 2_000_000
"""Postings that may be read to find a quotation literally."""
LONGEST = 5_000
"""Characters of a quotation that is looked for literally: few items are longer."""
EXAMINED = 1_000
"""Literal places that are compared character by character, unless none is verbatim yet."""
WORK, MOST = 20_000, 100
"""Characters that are aligned for one quotation, and how many stretches at most."""
SHORT, CLOSE = 50, 0.5
"""Of longer quotations only stretches with this share of the likeliest one's weight are aligned."""
TIES = 16
"""Stretches equally near that are compared by their layout, width and punctuation too."""
SEEDED = 4
"""Pieces, the longest, by which items are looked for."""
PIECES = 20
"""Pieces of a quotation whose ellipses count: one with more, or a longer one, is one piece."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one item, or of several that follow one another in an issue.

    `start` is an offset in the text of the first item, `end` one in the last's, in code points.
    `pieces` is the quotation, cut at its ellipses; `texts` is what stands there for each, as the
    source has it; between two items it may have the headings and the label of the second. Where
    `touching`, pieces are chunks of one long text. `edits` counts characters replaced, inserted or
    left out, punctuation and layout aside; `places` is how often it stands literally.
    """

    items: tuple[Item, ...]
    start: int
    end: int
    pieces: tuple[str, ...]
    texts: tuple[str, ...]
    edits: int
    places: int = 0
    touching: bool = False


def literal(index: Index, pieces: Sequence[str]) -> Passage | None:
    """Where the pieces of a quotation stand, folded, one after the other in one item: of all
    places one that is verbatim, then the first in document order."""
    if not 0 < sum(map(len, pieces)) <= LONGEST or len(pieces) > PIECES:
        return None
    node = _node(pieces)
    if sum(costs(index, node)) > COSTLIEST:
        return None
    best: tuple[Any, ...] | None = None
    count = 0
    for item, start, end in _places(index, node):
        count += 1
        if count > EXAMINED and best and best[0] == 0:
            continue
        texts = _texts(item["text"], start, end, pieces)
        key = (_differing(pieces, texts), document_order(item), start)
        if best is None or key < best[:3]:
            best = (*key, end, texts, item)
    if best is None:
        return None
    _, _, start, end, texts, item = best
    return Passage((item,), start, end, tuple(pieces), texts, 0, count)


def _node(pieces: Sequence[str]) -> Any:
    if len(pieces) == 1:
        return Literal(pieces[0])
    gaps: Iterable[Gap | str] = chain.from_iterable((Gap(0, 1 << 20), piece) for piece in pieces)
    return Pattern(tuple(gaps)[1:])


def _places(index: Index, node: Node) -> Iterator[tuple[Item, int, int]]:
    for part in find(index, node):
        for at in range(len(part.documents)):
            document = part.evaluation.kernel.at(part.documents, at)
            item = Deferred(part.segment, document)
            for start, end in spans(part, [node], document):  # type: ignore[list-item]
                yield item, start, end


def _texts(text: str, start: int, end: int, pieces: Sequence[str]) -> tuple[str, ...]:
    """What stands for each piece between two offsets of a text that holds them, folded."""
    if len(pieces) == 1:
        return (text[start:end],)
    folded, found = fold_text(text[:end]), []
    for piece in pieces:
        wanted = fold(piece)
        start = folded.index(wanted, start)
        found.append(text[start : start + len(wanted)])
        start += len(wanted)
    return tuple(found)


def _differing(pieces: Sequence[str], texts: Sequence[str]) -> int:
    """Characters that differ, layout aside."""
    return sum(
        distance(unspaced(one), unspaced(other)) for one, other in zip(pieces, texts, strict=True)
    )


def near(index: Index, pieces: Sequence[str]) -> Passage | None:
    """Where the pieces of a quotation come nearest: in one item, or, if it is but one piece, in
    several that follow one another. Of passages equally near the first in document order. None
    where nothing of it stands anywhere."""
    if len(pieces) > PIECES or sum(map(len, pieces)) > LONGEST:
        pieces = ("".join(pieces),)
    if not pieces or not all(letters(piece).chars for piece in pieces):
        return None
    fit = Fit(pieces)
    ranked: list[tuple[int, Context]] = []
    for context in _contexts(index, pieces):
        for variant in context.variants():
            edits = fit.edits(variant.letters.chars)
            if edits < fit.size:
                ranked.append((edits, variant))
    least = min((edits for edits, _ in ranked), default=0)
    tied = [context for edits, context in ranked if edits == least][:TIES]
    found = [_located(context, fit, least) for context in tied]
    return min(found, key=_order, default=None)


def _order(passage: Passage) -> tuple[Any, ...]:
    differing = _differing(passage.pieces, passage.texts)
    return differing, document_order(passage.items[0]), passage.start


def _contexts(index: Index, pieces: Sequence[str]) -> Iterator[Context]:
    """The likeliest stretches: about a quotation of one piece, items for one of several."""
    seeds: list[tuple[float, int, int, int]] = []
    most = 1
    for piece in sorted(pieces, key=len, reverse=True)[:SEEDED]:
        size = len(folded := fold(piece))
        most = max(most, min(MOST, WORK // (size + 2 * (blur(size) + slack(size)))))
        for number, segment in enumerate(index.segments):
            for weight, place in beginnings(segment, folded, most):
                seeds.append((weight, number, place, size))
    seen = set()
    least = CLOSE * max(seeds)[0] if seeds else 0
    for weight, number, place, size in sorted(seeds, reverse=True)[:most]:
        if size > SHORT and weight < least:
            break
        margin = blur(size) + slack(size)
        low, high = place - margin, place + size + margin
        for context in around(index.segments[number], low, high, whole=len(pieces) > 1):
            if context.key not in seen:
                seen.add(context.key)
                yield context


def _located(context: Context, fit: Fit, edits: int) -> Passage:
    """Where in a context a quotation stands."""
    stretches = fit.texts(context.text, context.letters)
    some = [stretch for stretch in stretches if stretch[0] < stretch[1]] or stretches
    items, first, last = context.place(some[0][0], some[-1][1])
    texts = tuple(context.text[start:end] for start, end in stretches)
    return Passage(items, first, last, fit.pieces, texts, edits, touching=fit.touching)
