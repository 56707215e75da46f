"""Texts of any size, grown from real government work reports.

The first `BASE` paragraphs are the reports' own; the rest recombine sentences of the same five
years, with other numbers. A quarter open as bulletins do. The same seed gives the same texts, and
a small text is the beginning of a large one, so that one set of queries serves every size.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

BASE = 5_817
"""Paragraphs of 20 characters up in the source: 1 ×."""
SEED = 20_230_208
SOURCE = Path("scale", "government_work_reports.jsonl.gz")

DEPARTMENTS = (
    *("发展改革委", "经济和信息化厅", "教育厅", "科学技术厅", "公安厅", "民政厅", "司法厅"),
    *("财政厅", "人力资源社会保障厅", "自然资源厅", "生态环境厅", "住房城乡建设厅", "交通运输厅"),
    *("水利厅", "农业农村厅", "商务厅", "文化和旅游厅", "省卫生健康委", "应急管理厅", "审计厅"),
    *("省市场监管局", "省林草局", "省药监局", "省医保局", "省体育局", "省统计局"),
)
SECTIONS = (
    *("（一）优化营商环境工作开展情况", "（二）一体化政务服务平台建设情况"),
    *("（三）“一网通办”工作开展情况", "（四）窗口作风建设情况", "（五）党建工作开展情况"),
)
OPENERS = (
    "{month}月{day}日，{department}窗口召开工作例会。",
    "{month}月{day}日至{last}日，{department}赴{city}开展“互联网+监管”专题调研。",
    "近日，{department}推进{n}项事项“省内通办”“川渝通办”，网办率达{n}.{day}%。",
    "{department}通过“天府通办”APP{n}版上线{day}项高频服务，12345热线受理{n}{day}件。",
    "{month}月{day}日，{department}在V{n}视频会上部署5G+政务服务和PM2.5联防联控。",
)
CITIES = ("成都市", "绵阳市", "宜宾市", "南充市", "泸州市", "达州市", "凉山州", "甘孜州")
NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
WIDE = str.maketrans(NARROW | dict(zip("％．＋－／", "%.+-/", strict=True)))


@dataclass(frozen=True, slots=True)
class Doc:
    """One paragraph. Days are ISO dates; `period` is first and last day."""

    id: int
    date: str
    period: tuple[str, str]
    department: str
    section: str
    text: str


def simplified(texts: Iterable[str]) -> dict[int, str]:
    """What each character that the texts hold is in simplified script, one to one.

    Some reports are in traditional script: engines that see both as one would find more.
    """
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    pairs = {char: convert(char) for char in sorted(set().union(*texts))}
    return str.maketrans({char: to for char, to in pairs.items() if len(to) == 1})


def paragraphs(source: Path) -> list[tuple[int, str]]:
    """The year and text of each paragraph of 20 characters up."""
    found: list[tuple[int, str]] = []
    year = 1954
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            report = json.loads(line)
            named = re.search(r"(\d{4})年", report["title"]) or re.search(
                r"((?:19|20)\d{2})年", report["content"].translate(WIDE)
            )
            year = int(named[1]) if named else year
            for paragraph in report["content"].split("\n"):
                if len(paragraph.strip()) >= 20:
                    found.append((year, re.sub(r"\s+", "", paragraph).translate(WIDE)))
    simple = simplified(text for _, text in found)
    return [(year, text.translate(simple)) for year, text in found]


def grow(source: Path, seed: int = SEED) -> Iterator[Doc]:
    """Docs without end."""
    chance = random.Random(seed)
    base = paragraphs(source)
    sentences: defaultdict[int, list[str]] = defaultdict(list)
    for year, text in base:
        sentences[year // 5] += re.findall(r"[^。！？；]+[。！？；]?", text)
    for number, (year, text) in enumerate(base):
        yield dress(chance, number, year, text)
    number = len(base)
    while True:
        year, pattern = chance.choice(base)
        count = len(re.findall("[。！？；]", pattern)) or 1
        text = "".join(chance.choices(sentences[year // 5], k=count))
        yield dress(chance, number, year, re.sub(r"\d+", lambda m: other(chance, m[0]), text))
        number += 1


def dress(chance: random.Random, number: int, year: int, text: str) -> Doc:
    """A paragraph as an item of a bulletin."""
    first = date(year, 1, 4) + timedelta(weeks=chance.randrange(51))
    last = first + timedelta(days=4)
    department = chance.choice(DEPARTMENTS)
    if chance.random() < 0.25:
        opener = chance.choice(OPENERS).format(
            month=first.month,
            day=first.day,
            last=first.day + 2,
            department=department,
            city=chance.choice(CITIES),
            n=chance.randrange(2, 100),
        )
        text = opener + text
    issued = last + timedelta(days=3)
    period = (first.isoformat(), last.isoformat())
    section = chance.choice(SECTIONS)
    return Doc(number, issued.isoformat(), period, department, section, text)


def other(chance: random.Random, digits: str) -> str:
    """Another number as long, now and then."""
    if chance.random() < 0.5:
        return digits
    return str(chance.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))


def prepare(source: Path, folder: Path, scale: int) -> Path:
    """The file of JSON lines with `scale` × `BASE` docs, made where it is missing."""
    path = folder / f"texts-{scale}x-{SEED}.jsonl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as out:
            for doc in islice(grow(source), scale * BASE):
                out.write(json.dumps(asdict(doc), ensure_ascii=False) + "\n")
        partial.rename(path)
    return path


def read(path: Path) -> Iterator[Doc]:
    """The docs of a prepared file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield Doc(**fields | {"period": tuple(fields["period"])})
