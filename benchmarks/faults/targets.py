"""What is fuzzed: for each target its seeds, the words of its language, and what must hold.

A target takes bytes, whatever they are, and raises where the program breaks its word. What raises,
takes more than `SLOW` seconds or `HEAVY` bytes is a finding; `examined` tells them.
"""

from __future__ import annotations

import hashlib
import math
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

from chabao.indexer import cleanup, dates, fields, parser, reader
from chabao.indexer.bulletin import Days
from chabao.indexer.ledger import Ledger
from chabao.indexer.tokens import cut
from chabao.search import calendar
from chabao.search.language import parse

ROOT = Path(__file__).parents[2]
SLOW = 2.0
"""Seconds of the processor that nothing may take."""
HEAVY = 200 << 20
"""Bytes of memory by which nothing may make the process grow."""
NOTICED = 8 << 20
"""Bytes that a peak has to grow by before it is forgotten, which takes some time."""
LONG = (2_000, 100_000)
"""Bytes of long inputs, as nothing superlinear shows in the short ones of guided fuzzing."""
TODAY = date(2023, 5, 17)


@dataclass(frozen=True)
class Target:
    """`most` bytes are tried at once, chosen so that a million executions take minutes.

    The first `head` bytes say how the rest is read; `wholes` are seeds of long inputs alone.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: Sequence[str]
    most: int
    head: int = 0
    wholes: Callable[[], list[bytes]] = list


def bulletins() -> list[str]:
    return [reader.read(path) for path in sorted((ROOT / "corpus").glob("*.txt"))]


def whole_bulletins() -> list[bytes]:
    return [text.encode() for text in bulletins()]


def text_of(data: bytes) -> str:
    """Any bytes as text; what is no UTF-8 becomes halves of surrogate pairs, as in a shell."""
    return data.decode("utf-8", "surrogateescape")


# The query language: the first byte says how the line is read.

QUERIES = (
    "川渝通办", "川渝通办 政务 -疫情", "“一网 通办” OR (川渝 NEAR/5 通办)", "的*办", "成?市",
    "部门:文旅厅 日期:2023-02..", "栏目：窗口 期间:上半年 刊期:第3期 标题:周报", "-(甲 OR 乙) 丙",
    "数值:30880 件", "受理28件", "A AND NOT B 同条 C", "『“』』甲』 「乙」 ＂丙＂",
    "来源:a/b.txt", "(厅（局）长 | “甲) NEAR/0 9", "serial:423 dept:商务厅 date:近三个月",
)  # fmt: skip
OPERATORS = (
    " OR ", " AND ", " NOT ", " NEAR ", "NEAR/3", "同条", "部门:", "日期：", "栏目:", "刊期:",
    "期间:", "数值:", "标题:", "来源:", *"()（）\"“”「」『』|｜-－?*＊:：/，？\n\u3000",
    "2023-02..", "近三个月", "3.9万", "百分之三十",
)  # fmt: skip


def language(data: bytes) -> None:
    how = data[0] if data else 0
    line = text_of(data[1:])
    query = parse(line, today=TODAY, literal=how & 6 == 6, numbers=bool(how & 1))
    assert query.line == line
    assert (query.node is None) == any(remark.fatal for remark in query.diagnostics)
    for remark in query.diagnostics:
        assert remark.message
        assert 0 <= remark.span.start <= remark.span.end <= len(line)
    if query.node is not None and not how & 0x31:  # one line in eight, as it takes as long again
        again = parse(query.understood, today=date(1999, 1, 1))
        assert again.node == query.node, "what is said back is another query"
        assert again.understood == query.understood


# The parser and the cleanup: text as a reader gives it.

MARKS = (
    "一、", "（一）", "1.", "（1）", "** ", "## ", "\f", "\r\n", "- 3 -", "\n\n",
    "2023年第3期（总第423期）", "2023年2月8日", "（1月16日—1月20日）", "窗 口 工 作 周 报",
    "商务厅", "报：", "（共印80份）", "近日，", "目录", "\u3000\u3000", "……3", "|", "---",
    "经\n\n经济", "6月20日至28日，", "第一章 ", "①", "\u200b", "第十二条",
)  # fmt: skip


def cleaned(data: bytes) -> None:
    text = text_of(data)
    ledger, lines = cleanup.clean(text)
    for line in lines:
        assert 0 <= line.start <= line.end <= len(text)
        assert line.chars
        own(line.text.chars, line.text.offsets, text)
    assert all(before.start < after.start for before, after in pairwise(lines))
    assert len(ledger.codes) == len(text)


def parsed(data: bytes) -> None:
    text = text_of(data)
    issue, ledger = parser.read(text, "a.txt", (0, len(text) // 2) if data[:1] > b"\x80" else ())
    whole(ledger, text)
    for item in issue.items:
        assert len(item.text) > 0
        own(item.text.chars, item.text.offsets, text)
    for record in fields.records(issue):
        assert record["text"] and record["line"] >= 1
        fields.calendar(record)
        list(fields.keywords(record))


def own(chars: str, offsets: Sequence[int], text: str) -> None:
    """Each character is the source's own, in the source's order."""
    assert all(before < after for before, after in pairwise(offsets))
    for char, at in zip(chars, offsets, strict=True):
        assert char == text[at] or (char == " " and not text[at].isalnum())


def whole(ledger: Ledger, text: str) -> None:
    """Every character is accounted for, once."""
    spans = sorted(span for each in ledger.ranges().values() for span in each)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert not text or spans[-1][1] == len(text)


def pieces(size: int, count: int) -> Callable[[], list[bytes]]:
    """Beginnings, ends and pieces from the middle of the five bulletins."""

    def seeds() -> list[bytes]:
        found = []
        for text in bulletins():
            step = max(1, len(text) // count)
            found += [text[at : at + size].encode() for at in range(0, len(text), step)]
            found.append(text[-size:].encode())
        return found

    return seeds


# Dates: two bytes for the day that is today, then a phrase of a query and a line of a bulletin.

PHRASES = (
    "2023Q1", "上半年", "近三个月", "二〇二三年二月", "2023-01..2023-06", "上周一至周五", "1-3月",
    "1、2月", "去年12月以来", "截至2023年2月8日", "2022年12月26日至次年1月6日", "近半年",
    ">=2023-02", "年底", "9999-12-31", "0001-01-01", "过去999年", "2月29日", "本季度",
    "10日至12日，", "6月20日至28日、30日", "2023.1.16-1.20",
)  # fmt: skip
SIGNS = (
    *"年月日号周季旬前近上下半初底至到—~.,-/Q至今0123456789一二十廿两<>=", "近日", "星期",
    "以来",
)  # fmt: skip


def dated(data: bytes) -> None:
    number = int.from_bytes(data[:3], "little") % date.max.toordinal()
    today = date.fromordinal(number + 1)
    phrase, _, line = text_of(data[3:]).partition("\n")
    found = calendar.days(phrase, today)
    if found:
        assert found.first or found.last
        assert not (found.first and found.last) or found.first <= found.last
    line = line or phrase
    for anchor in (
        dates.Anchor(),
        dates.Anchor(today),
        dates.Anchor(today, Days(date.fromordinal(max(1, number - 5)), today)),
    ):
        told = [*dates.opening(line, anchor), dates.period(line, anchor)]
        told.append(dates.months(line, anchor.issued))
        assert all(days is None or days.first <= days.last for days in told)
    dates.full_date(line)


def days_and_phrases() -> list[bytes]:
    numbers = [TODAY.toordinal() - 1, 0, date.max.toordinal() - 1, date(2024, 2, 29).toordinal()]
    return [
        number.to_bytes(3, "little") + f"{phrase}\n{PHRASES[-1 - at]}".encode()
        for at, phrase in enumerate(PHRASES)
        for number in numbers
    ]


def load(name: str) -> Target:
    """A target by its name; what it needs is made now."""
    if name == "language":
        return Target(
            language, lambda: [bytes([at % 2]) + line.encode() for at, line in enumerate(QUERIES)],
            OPERATORS, 120, head=1,
        )  # fmt: skip
    if name == "cleanup":
        return Target(cleaned, pieces(120, 16), MARKS, 400, wholes=whole_bulletins)
    if name == "parser":
        cut("先把词典读进来")
        return Target(parsed, pieces(70, 24), MARKS, 210, wholes=whole_bulletins)
    if name == "dates":
        return Target(dated, days_and_phrases, SIGNS, 96, head=3)
    from benchmarks.faults import mutilated

    return Target(mutilated.checked, mutilated.scripts, (), 64)


NAMES = ("index", "language", "parser", "cleanup", "dates")
"""Those that take longest come first."""


def peak() -> int:
    """The most memory that this process had since `forget`, or ever, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def forget() -> None:
    """Lets the peak be what is in use now, where the system can: else a second input that takes as
    much as one before it would seem to take nothing."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def examined(target: Target, data: bytes) -> str | None:
    """What is wrong with how one input was taken: a line that names the place; None is nothing."""
    before, begun = peak(), time.process_time()
    raised = _raised(target, data)
    taken, grown = time.process_time() - begun, peak() - before
    if grown > NOTICED:
        forget()
    if raised:
        return raised
    if taken > SLOW:
        return f"slow: {taken:.1f} s"
    return f"heavy: {grown >> 20} MB" if grown > HEAVY else None


def _raised(target: Target, data: bytes) -> str | None:
    try:
        target.check(data)
    except Exception as error:
        trace, where = error.__traceback__, ""
        while trace:
            code = trace.tb_frame.f_code
            where = f"{Path(code.co_filename).name}:{code.co_name}"
            trace = trace.tb_next
        return f"{type(error).__name__} in {where}: {str(error)[:120]}"
    return None


def kind(wrong: str) -> str:
    """Findings of one kind and place are one: of each an input is kept."""
    return wrong.split(":")[0] if wrong.startswith(("slow", "heavy")) else wrong[:60]


def named(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()[:16]


def changed(chance: Random, seeds: Sequence[bytes], target: Target) -> bytes:
    """A seed with a few changes: bytes, words of the language, and parts of other seeds."""
    data = bytearray(chance.choice(seeds)[: target.most])
    words = [word.encode() for word in target.words] or [b"\0", b"\xff" * 4]
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        match chance.randrange(5):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at] = chance.choice(words)
            case 2:
                del data[at : at + chance.randint(1, 8)]
            case 3:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                data[at:at] = other[start : start + chance.randint(1, 30)]
            case 4:
                data[at:at] = data[at : at + chance.randint(1, 12)] * chance.randint(1, 6)
    return bytes(data[: target.most])


def lengthened(chance: Random, seeds: Sequence[bytes], target: Target) -> bytes:
    """A long input: one thing again and again, two in turn, one around another, or many joined."""
    size = int(math.exp(chance.uniform(*map(math.log, LONG))))

    def part() -> bytes:
        if target.words and chance.random() < 0.6:
            return chance.choice(target.words).encode()
        seed = chance.choice(seeds)[target.head :]
        start = chance.randrange(len(seed) + 1) if chance.random() < 0.5 else 0
        return seed[start : start + chance.choice((3, 30, size))] or b" "

    match chance.randrange(4):
        case 0:
            one = part()
            data = one * (size // len(one) + 1)
        case 1:
            one, other = part()[:size], part()[:size]
            data = (one + other) * (size // len(one + other) + 1)
        case 2:
            one, core, other = part()[:30], part()[:size], part()[:30]
            data = one * (size // 2 // len(one)) + core + other * (size // len(other))
        case _:
            data = b""
            while len(data) < size:
                data += part()[:size]
    return chance.randbytes(target.head) + data[:size]
