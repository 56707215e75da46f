"""Text to an issue: header, headings, items, imprint, and what became of every character.

Any text is read: what shows no structure gives an item a paragraph.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chabao.indexer import cleanup, dates, departments, header, headings, imprint, layout
from chabao.indexer.bulletin import Issue, Item, Text
from chabao.indexer.chunks import Chunk
from chabao.indexer.cleanup import Line
from chabao.indexer.dates import Anchor
from chabao.indexer.header import Header
from chabao.indexer.layout import Cut, Layout
from chabao.indexer.ledger import Kind, Ledger


def parse(source_text: str, source: str, pages: Sequence[int] = ()) -> Issue:
    """The issue that a file's text is. `source` is the path by which it is known; `pages` are the
    offsets at which its pages begin, if it has any."""
    return read(source_text, source, pages)[0]


def account(source_text: str) -> Mapping[Kind, Sequence[tuple[int, int]]]:
    """What became of each character: half-open ranges by kind, which together are the text."""
    return read(source_text, "")[1].ranges()


def read(source_text: str, source: str, pages: Sequence[int] = ()) -> tuple[Issue, Ledger]:
    """The issue, and the ledger of its text."""
    ledger, lines = cleanup.clean(source_text)
    top, lines = _header(ledger, lines)
    wrap = layout.measure(lines[top.lines :])
    lines = _without_doubled(ledger, lines, wrap)
    end = max(imprint.begins(lines), top.lines)
    for line in lines[: top.lines]:
        ledger.take(line.start, line.end, Kind.HEADER)
    for line in lines[end:]:
        ledger.take(line.start, line.end, Kind.IMPRINT)
    parts = list(_parts(ledger, lines[top.lines : end], wrap))
    top = header.completed(top, lines[end:])
    period = header.period(top, parts[0].section[0] if parts and parts[0].section else None)
    issue = Issue(
        source=source,
        title=top.title,
        number=header.issue_number(top, top.date, period),
        serial=top.serial,
        publisher=top.publisher,
        date=top.date,
        period=period,
        line_starts=cleanup.line_starts(source_text),
    )
    items = tuple(_item(issue, part, pages) for part in parts)
    return replace(issue, items=items), ledger


@dataclass(frozen=True, slots=True)
class Part:
    """An item as far as the layout shows it; `start` is where it begins in the source."""

    section: tuple[str, ...]
    label: str
    text: Text
    start: int


def _item(issue: Issue, part: Part, pages: Sequence[int]) -> Item:
    return Item(
        section=part.section,
        label=part.label,
        text=part.text,
        departments=departments.find(part.text.chars),
        dates=dates.opening(part.text.chars, Anchor(issue.date, issue.period)),
        line=issue.line_of(part.start),
        page=bisect_right(pages, part.start) if pages else None,
    )


def _header(ledger: Ledger, lines: list[Line]) -> tuple[Header, list[Line]]:
    """The header, and the lines without those that repeat its title on later pages."""
    top = header.read(lines)
    if top.title is None:
        top = replace(top, title=header.running_title(lines))
    kept = lines[: top.lines]
    page = False
    for line in lines[top.lines :]:
        repeated = line.repeated or header.repeats_title(line.chars, top.title)
        if repeated or header.repeats_line(line, lines[: top.lines]):
            ledger.drop(line.start, line.end, Kind.FURNITURE)
            page = True
        else:
            kept.append(replace(line, top=True) if page else line)
            page = False
    return top, kept


def _without_doubled(ledger: Ledger, lines: list[Line], wrap: Layout) -> list[Line]:
    for at in layout.drop_doubled(ledger, lines, wrap, _segmenter):
        line = lines[at]
        lines[at] = replace(line, text=ledger.read(line.start, line.end))
    return [line for line in lines if line.text]


def _segmenter() -> Cut:
    from chabao.indexer.tokens import cut

    return cut


def _parts(ledger: Ledger, lines: list[Line], wrap: Layout) -> Iterator[Part]:
    chunks, order = headings.read(ledger.source, lines, wrap)
    structured = any(chunk.label for chunk in chunks) or sum(bool(c.style) for c in chunks) > 1
    ranks = [order.index(chunk.style) if chunk.style else -1 for chunk in chunks]
    path: list[tuple[int, str]] = []
    for at, (chunk, rank) in enumerate(zip(chunks, ranks, strict=True)):
        following = ranks[at + 1] if at + 1 < len(ranks) else -1
        while path and path[-1][0] >= rank:
            path.pop()
        section = tuple(heading for _, heading in path)
        start, end = chunk.lines[0].text.offsets[0], chunk.lines[-1].end
        label = ""
        if chunk.head:
            stop = _heading_end(chunk)
            if stop >= end and following <= rank:
                # A heading with nothing under it is found only if it is text.
                yield from _part(ledger, section, "", start, end)
                continue
            heading = _heading(ledger, chunk, stop)
            path.append((rank, heading))
            section = (*section, heading)
            begin = start = stop
        else:
            begin, label = _after_label(ledger, chunk)
        if structured and chunk.style:
            yield from _part(ledger, section, label, begin, end, start)
        else:
            for paragraph in wrap.paragraphs(chunk.lines[chunk.head :]):
                first, last = max(begin, paragraph[0].start), paragraph[-1].end
                yield from _part(ledger, section, "", first, last)


def _part(
    ledger: Ledger, section: tuple[str, ...], label: str, begin: int, end: int, start: int = 0
) -> Iterator[Part]:
    """An item, if there is text; `start` is where its label stands."""
    text = ledger.take(begin, end, Kind.ITEM)
    if text:
        yield Part(section, label, text, start if label else text.offsets[0])


def _heading_end(chunk: Chunk) -> int:
    """The source offset at which a chunk's heading ends."""
    first = chunk.lines[0]
    if 0 < chunk.run_in < len(first.text):
        return first.text.offsets[chunk.run_in]
    return chunk.lines[chunk.head - 1].end


def _heading(ledger: Ledger, chunk: Chunk, stop: int) -> str:
    text = ledger.take(chunk.lines[0].start, stop, Kind.HEADING).chars
    return chunk.label.shown + text[chunk.label.length :] if chunk.label else text


def _after_label(ledger: Ledger, chunk: Chunk) -> tuple[int, str]:
    """Where a chunk's text begins after its label, and the label."""
    first = chunk.lines[0]
    if chunk.label is None:
        return first.start, ""
    last = first.text.offsets[chunk.label.length - 1] + 1
    ledger.take(first.start, last, Kind.LABEL)
    return last, chunk.label.shown
