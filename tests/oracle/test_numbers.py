"""Numbers by value are found wherever they stand, however they are written, and nowhere else.

Made texts know what they say by construction. The bulletins are read by a reader of this page: a
run of numerals counts as a number if it is among the spellings of what it seems to be worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.scan import folded
from oracle.worlds import records as blank

from chabao.indexer.folding import fold
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine, mentions
from chabao.search.backends.parts import find, spans
from chabao.search.numbers import numbers, parts, standing
from chabao.search.query import Numeric

Records = list[dict[str, Any]]
Key = tuple[Decimal, str, str]
ONES, UNITS = "零一二三四五六七八九", ["", "十", "百", "千"]
ZEROS, POWERS = "零〇○", "十百千万亿"
HAN = "两" + ONES[1:] + ZEROS + POWERS


def words(number: int) -> str:
    """The number as it is read out: 30880 is 三万零八百八十."""
    for power, sign in ((10**8, "亿"), (10**4, "万")):
        if number >= power:
            high, low = divmod(number, power)
            gap = "零" if 0 < low < power // 10 else ""
            return words(high) + sign + gap + (words(low) if low else "")
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + ONES[digit] + UNITS[place]
        gap = not digit
    return said or "零"


def spellings(value: Decimal) -> set[str]:
    """Ways to write a number that is not negative."""
    if value != value.to_integral_value():
        text = format(value.normalize(), "f")
        whole, _, tail = text.partition(".")
        point = "点" + "".join(ONES[int(digit)] for digit in tail)
        return {text, text + "0", f"{int(whole):,}.{tail}", words(int(whole)) + point}
    number = int(value)
    said = {str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number}.0"}
    said |= in_words(number)
    for power, sign in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, power)
        if high and not number % (power // 1000):
            said.add(format((Decimal(number) / power).normalize(), "f") + sign)
        if high and low:
            said.add(f"{high}{sign}{low}")
            said |= {f"{high}{sign}{low // 1000}千"} if low < 10**4 and not low % 1000 else set()
    return said


@cache
def in_words(number: int) -> set[str]:
    said = {words(number)}
    digits = str(number)
    if len(digits) > 1 and ("0" in digits or len(digits) > 3):
        said.add("".join(ONES[int(digit)] for digit in digits))
    if 10 <= number < 20:
        said.add(words(number)[1:])
    last = words(number)
    if len(last) > 3 and last[-1] in "百千" and last[-3] in POWERS:
        power = {"百": "千", "千": "万"}[last[-1]]
        said |= {last[:-1]} if last[-3] == power else set()
    for a, b in (("二百", "两百"), ("二千", "两千"), ("二万", "两万"), ("二亿", "两亿")):
        said |= {each.replace(a, b) for each in said if f"十{a}" not in each}
    said |= {"两"} if number == 2 else set()
    return said | {each.replace("零", zero) for each in said for zero in ZEROS}


VALUES = st.one_of(
    st.integers(0, 150), st.integers(0, 10_000), st.integers(0, 10**6).map(lambda n: n * 100),
    st.integers(1, 99).map(lambda n: n * 10**4), st.integers(0, 9 * 10**9),
).map(Decimal)  # fmt: skip
VALUES |= st.integers(1, 10**5).filter(lambda tenths: tenths % 10).map(lambda n: Decimal(n) / 10)
BETWEEN = st.sampled_from(["件、", "人次;第", "期,共", "项。约", "家(", ")户", "个月。其中", "元/"])
WIDE = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}


@st.composite
def written(draw: st.DrawFn, values: st.SearchStrategy[Decimal] = VALUES) -> tuple[Decimal, str]:
    value = draw(values)
    text = draw(st.sampled_from(sorted(spellings(value))))
    return value, text.translate(WIDE) if draw(st.booleans()) else text


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, Decimal, str]]]:
    """A text, and each of its numbers: where it stands, its value, and % where it is a share."""
    few = draw(st.lists(VALUES, min_size=1, max_size=3))
    said, known = "共计", []
    for _ in range(draw(st.integers(1, 8))):
        value, number = draw(written(st.sampled_from(few)))
        form = draw(st.sampled_from(["{}", "{}", "{}%", "百分之{}"]))
        start = len(said) + form.index("{")
        known.append((start, start + len(number), value, ""))
        if form != "{}":
            known.append((len(said), len(said) + len(form) - 2 + len(number), value, "%"))
        said += form.format(number) + draw(BETWEEN)
    return said, known


@given(texts(), st.data())
def test_made_texts(made: tuple[str, list[tuple[int, int, Decimal, str]]], data: Any) -> None:
    text, known = made
    value = data.draw(st.sampled_from([each[2] for each in known]) | VALUES)
    number = data.draw(st.sampled_from(sorted(spellings(value))))
    ratio, query = data.draw(
        st.sampled_from([("", number), ("%", f"{number}%"), ("%", f"百分之{number}")])
    )
    found = set(standing(fold_text(text), parts(fold(query))))
    assert found == {(a, b) for a, b, worth, of in known if (worth, of) == (value, ratio)}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(texts(), min_size=1, max_size=4), data=st.data())
def test_made_indexes(
    made: list[tuple[str, list[tuple[int, int, Decimal, str]]]],
    data: Any,
    kernel: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What the index leaves unread says nothing of the number."""
    path = tmp_path_factory.mktemp("made")
    with WhooshSink(path) as sink:
        sink.add([
            blank(())[0]
            | {"id": str(number), "text": text, "source": f"{number}.txt", "lines": [(0, 1)]}
            for number, (text, _) in enumerate(made)
        ])  # fmt: skip
        sink.commit()
    every = [each for _, known in made for each in known]
    with engine.open_index(path) as opened:
        for value in {each[2] for each in every}:
            query = data.draw(st.sampled_from(sorted(spellings(value)))) + "件"
            found = {
                (row.item["id"], row.start, row.end)
                for row in mentions.mentions(opened, query, literal=True, numbers=True).rows
            }
            assert found == {
                (str(number), start, end + 1)
                for number, (text, known) in enumerate(made)
                for start, end, worth, ratio in known
                if worth == value and not ratio and text[end] == "件"
            }


def fold_text(text: str) -> str:
    return folded(text)[0]


def read(text: str) -> Iterator[tuple[int, int, Key]]:
    """The numbers of folded text, read one character after the other."""
    at = 0
    while at < len(text):
        end = run(text, at)
        if end == at:
            at += 1
            continue
        said, start = text[at:end], at
        share = text[max(0, start - 3) : start] == "百分之"
        at, large = end, text[end + 1 : end + 2]
        more = text[end : end + 1] if large and large in "万亿" and text[end] in "余多来几" else ""
        value = worth(said + (large if more else ""))
        vague = said[0] in POWERS and text[max(0, start - 1) : start] in [*"数几好多上成"]
        if value is None or vague or (said in "百千万亿" and not share):
            continue
        at += 2 * bool(more)
        yield start, at, (value, more, "")
        if share or text[at : at + 1] == "%":
            yield (
                (start - 3, at, (value, more, "%"))
                if share
                else (start, at + 1, (value, more, "%"))
            )


def run(text: str, at: int) -> int:
    """Where the run of numerals ends that begins at a place."""
    end = digits(text, at)
    if end > at:
        dotted = at > 1 and text[at - 1] == "." and text[at - 2].isdecimal()
        while not dotted and end - at < 4 and text[end : end + 1] == ",":
            if digits(text, end + 1) != end + 4:
                break
            end += 4
            at = end - 3
        tail = digits(text, end + 1) if text[end : end + 1] == "." and not dotted else end
        if tail > end + 1 and not (
            text[tail : tail + 1] == "." and digits(text, tail + 1) > tail + 1
        ):
            end = tail
        if text[end : end + 1] not in [*POWERS]:
            return end
    while end < len(text) and text[end] in HAN:
        end += 1
    return end


def digits(text: str, at: int) -> int:
    while at < len(text) and text[at] in "0123456789":
        at += 1
    return at


@cache
def worth(said: str) -> Decimal | None:
    plain = said.replace(",", "")
    if plain.replace(".", "").isdecimal() and plain.isascii():
        return Decimal(plain)
    number, sign = plain[:-1], plain[-1]
    if number.replace(".", "").isdecimal() and number.isascii() and sign in "万亿":
        return Decimal(number) * (10**4 if sign == "万" else 10**8)
    return next((Decimal(n) for n in range(10_000) if said in in_words(n)), None)


class Readings:
    """Every text of the bulletins with its numbers, read once."""

    def __init__(self, records: Records) -> None:
        self.texts = []
        for record in records:
            text, offsets = folded(record["text"])
            assert offsets == list(range(len(text)))
            self.texts.append((record["id"], text, list(read(text))))

    def scan(self, before: str, key: Key, after: str) -> set[tuple[str, int, int]]:
        return {
            (name, start - len(before), end + len(after))
            for name, text, known in self.texts
            for start, end, worth in known
            if worth == key and text[:start].endswith(before) and text.startswith(after, end)
        }


@pytest.fixture(scope="module")
def readings(records: Records) -> Readings:
    return Readings(records)


def test_both_readers_agree(readings: Readings) -> None:
    total = 0
    for _, text, known in readings.texts:
        assert {(each.start, each.end, each.worth) for each in numbers(text)} == set(known)
        total += len(known)
    assert total > 300


@pytest.mark.parametrize(
    ("index", "kernel"),
    [("whole", "plain"), ("whole", "numeric"), ("parted", "plain"), ("parted", "numeric")],
    indirect=["kernel"],
)
def test_the_bulletins(
    index: str, kernel: str, readings: Readings, request: pytest.FixtureRequest
) -> None:
    """Each number of a sample, in another spelling, alone and with what stands beside it."""
    random, opened = Random(20231020), engine.open_index(request.getfixturevalue(index))
    places = [(text, *each) for _, text, known in readings.texts for each in known]
    for text, start, end, key in random.sample(places, 150):
        value, more, ratio = key
        number = random.choice(sorted(spellings(value)))
        if more:
            number = text[start:end]
        elif ratio:
            number = random.choice([f"{number}%", f"百分之{number}"])
        before, after = beside(text, start, end, random)
        query = Numeric(before + number + after)
        if parts(fold(query.text)) != tuple(filter(None, (before, key, after))):
            continue  # what stands beside it makes another number of this spelling
        found = {
            (str(part.segment.record(int(document))["id"]), *place)
            for part in find(opened, query)
            for document in part.documents
            for place in spans(part, [query], int(document))
        }
        assert found == readings.scan(before, key, after), query
        assert found


def beside(text: str, start: int, end: int, random: Random) -> Sequence[str]:
    """Up to two characters on each side, none of which could belong to a number."""
    left, right = text[max(0, start - random.randint(0, 2)) : start], text[end : end + 2]
    right = right[: random.randint(0, 2)]
    unfit = set(HAN + "0123456789.,% 点")
    return ["" if set(side) & unfit else side for side in (left, right)]


def test_counts_marks_and_sums(whole: Path) -> None:
    with engine.open_index(whole) as opened:
        found = engine.search(opened, "3万9千件 OR 二十八日", numbers=True, limit=None)
        rows = mentions.mentions(opened, "3万9千件 OR 二十八日", numbers=True).rows
    assert found.exact and found.mentions == len(rows) == sum(hit.mentions for hit in found.hits)
    assert {row.text for row in rows} == {"3.9万件", "28日"}
    marked = {
        piece.text[span.start : span.end]
        for hit in found.hits
        for piece in hit.snippets
        for span in piece.spans
    }
    assert marked == {"3.9万件", "28日"}
