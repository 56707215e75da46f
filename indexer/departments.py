"""Authorities named in a text: Sichuan's provincial ones by their canonical names, others by form.

`departments.toml` knows the provincial ones and what places have authorities of their own;
`authorities.py` knows the forms of the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chabao.indexer import authorities
from chabao.indexer.authorities import Mention
from chabao.indexer.folding import fold_text

PREFIXES = ("四川省", "四川", "省")
WINDOW = "窗口"
NOT_OURS = re.compile("[全各外两三邻他跨多]$")
"""Before 省: 全省市场监管局 are many, and 外省商务厅 is another's."""
MANY = re.compile("(?:各省|外省|邻省|他省|两省|三省|各地|全国|自治区|[各全]省份?)$")
LOCAL = re.compile(
    "[市州区县旗乡镇级]$|各地$"
    "|(?:[市州区县旗](?:级)?(?:政务服务|政务|便民服务|市民服务)(?:中心|大厅)|市民之家)的?$"
)
"""Before 林草窗口: a city's or a district's, or those in its hall."""
COUNTED = re.compile(
    "(?:等|等?(?:\\d{1,2}|[一二两三四五六七八九十]{1,3})[个家])(?:省[级直])?(?:部门|单位|厅局)?的?$"
)
"""Between the last name and 窗口: 公安、人社等窗口, 公安、人社2个部门窗口."""
AND = re.compile("[、和与及]$")


@dataclass(frozen=True, slots=True)
class Names:
    """What is looked for: alone, where a prefix or a list allows it, and before 窗口."""

    alone: dict[str, str]
    prefixed: dict[str, str]
    windows: dict[str, str]
    central: dict[str, str]
    canonical: tuple[str, ...]
    published: tuple[str, ...]
    grammar: authorities.Grammar
    ends: re.Pattern[str]


@cache
def load() -> Names:
    with Path(__file__).with_name("departments.toml").open("rb") as file:
        data = tomllib.load(file)
    alone: dict[str, str] = {}
    prefixed: dict[str, str] = {}
    windows: dict[str, str] = {}
    for entry in data["department"]:
        name = entry["name"]
        for alias in _aliases(entry):
            bare = alone if alias.endswith("厅") else prefixed
            bare.setdefault(fold_text(alias), name)
            for prefix in PREFIXES:
                alone.setdefault(fold_text(prefix + alias), name)
        for exact in (name, *entry.get("exact", ())):
            alone[fold_text(exact)] = name
        for short in entry.get("windows", ()):
            windows.setdefault(fold_text(short), name)
    for alias, name in prefixed.items():
        windows.setdefault(alias, name)
    central = {fold_text(name): name for name in data["others"]["central"]}
    known = (*alone, *prefixed, *central, WINDOW)
    last = {name[-1] for name in known} | set(authorities.ENDS)
    published = [name for entry in data["department"] for name in _written(entry)]
    return Names(
        alone=alone,
        prefixed=prefixed,
        windows=windows,
        central=central,
        canonical=tuple(entry["name"] for entry in data["department"]),
        published=tuple(dict.fromkeys(published)),
        grammar=authorities.Grammar(data["places"]),
        ends=re.compile(f"[{''.join(sorted(last))}]"),
    )


def _aliases(entry: dict[str, Any]) -> Iterator[str]:
    """The names that may have 省 before them, without it."""
    name = str(entry["name"])
    if name.startswith("省"):
        yield name.removeprefix("省")
    elif name.endswith("厅"):
        yield name
    yield from entry.get("aliases", ())


def _written(entry: dict[str, Any]) -> Iterator[str]:
    yield entry["name"]
    yield from entry.get("aliases", ())
    yield from entry.get("exact", ())


def canonical() -> tuple[str, ...]:
    """The canonical names of the provincial authorities, in the order of the file."""
    return load().canonical


def names() -> tuple[str, ...]:
    """Every canonical name and alias: words that a segmenter should know."""
    return load().published


def resolve(name: str) -> tuple[str, ...]:
    """The canonical names that a user's word may mean (文旅厅, 林草, 省卫健委); () if unknown."""
    word = fold_text("".join(name.split())).removesuffix(WINDOW)
    known = load()
    candidates = [word] + [word.removeprefix(prefix) for prefix in PREFIXES]
    found = [
        table[candidate]
        for candidate in candidates
        for table in (known.alone, known.prefixed, known.windows)
        if candidate in table
    ]
    return tuple(dict.fromkeys(found))


def find(text: str) -> tuple[str, ...]:
    """Every authority that a text names, in order of first mention.

    Provincial ones under their canonical name, others as they stand. The longest name at a place
    is the one that is meant: 成都市商务局 is not 商务局, 国家税务总局省税务局 is one authority.
    """
    return tuple(dict.fromkeys(mention.name for mention in mentions(text)))


def mentions(text: str) -> list[Mention]:
    """Where authorities are named: in order, none within another."""
    known = load()
    folded = fold_text(text)
    found: list[Mention] = []
    for at in known.ends.finditer(folded):
        if authorities.goes_on(folded, at.end()):
            continue
        for mention in _ending(known, folded, at.end(), found):
            while found and found[-1].start >= mention.start:
                found.pop()
            if not found or found[-1].end <= mention.start:
                found.append(mention)
    return found


def _ending(known: Names, text: str, end: int, before: list[Mention]) -> list[Mention]:
    """The longest authority whose name ends here, after those of a list that it closes."""
    own = _provincial(known, text, end, before)
    others = known.grammar.ending(text, end)
    name = _longest(known.central, text, end)
    central = [Mention(end - len(name), end, known.central[name])] if name else []
    if own and central and central[0].start <= own[0].start:
        own = []
    if own and (not others or others[-1].start >= own[0].start):
        return own
    return others or central


def _provincial(known: Names, text: str, end: int, before: list[Mention]) -> list[Mention]:
    name = _longest(known.alone, text, end)
    start = end - len(name)
    if name and not (NOT_OURS if name.startswith("省") else MANY).search(text, start - 3, start):
        return [Mention(start, end, known.alone[name], provincial=True)]
    name = _longest(known.prefixed, text, end)
    start = end - len(name)
    if name and before and before[-1].provincial and _joined(text, before[-1].end, start):
        return [Mention(start, end, known.prefixed[name], provincial=True)]
    if text.endswith(WINDOW, 0, end):
        return _windows(known, text, end, before)
    return []


def _windows(known: Names, text: str, end: int, before: list[Mention]) -> list[Mention]:
    """交通运输、水利窗口: the departments whose windows they are."""
    found: list[Mention] = []
    stop = end - len(WINDOW)
    if counted := COUNTED.search(text, max(0, stop - 12), stop):
        stop = counted.start()
    while short := _longest(known.windows, text, stop):
        start = stop - len(short)
        found.insert(0, Mention(start, stop, known.windows[short], provincial=True))
        if not AND.search(text, 0, start):
            break
        stop = start - 1
    if not found:
        return []
    start = found[0].start
    foreign = before and before[-1].end == start and not before[-1].provincial
    if foreign or LOCAL.search(text, 0, start) or known.grammar.place_before(text, start):
        return []
    return found


def _joined(text: str, end: int, start: int) -> bool:
    """省发展改革委、市场监管局: one 省 for both."""
    return start - end == 1 and AND.search(text, 0, start) is not None


def _longest(table: dict[str, str], text: str, end: int) -> str:
    """The longest name of a table that ends at an offset, or ""."""
    for length in range(min(end, 20), 1, -1):
        name = text[end - length : end]
        if name in table:
            return name
    return ""
