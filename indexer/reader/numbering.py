"""The numbers that Word prints before paragraphs and does not write into their text (自动编号).

`word/numbering.xml`: a paragraph belongs to a num, which stands for an abstractNum with up to nine
levels (ECMA-376 part 1, 17.9). Nums of one abstractNum count on together, unless they say where to
start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from chabao.indexer.reader import counting
from chabao.indexer.reader.markup import Attributes, Handler

LEVELS = 9
LONGEST = 100
"""Characters of a level's text that are printed."""
PLACEHOLDER = re.compile("%([1-9])")
BULLET = "•"
"""What stands for whatever picture or glyph a list without numbers has."""


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts: `text` is as 第%1章; `restart` the level after which it begins anew."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    parted: bool = True
    restart: int | None = None
    digits: bool = False


@dataclass(slots=True)
class Abstract:
    """A list: its levels; the style that it is defined by, or that it only points to."""

    levels: dict[int, Level] = field(default_factory=dict)
    style: str = ""
    points_to: str = ""


@dataclass(slots=True)
class Num:
    """What paragraphs name: a list, and what it does differently."""

    abstract: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering(Handler):
    """Counts paragraphs. `styles` are the (num, level) that paragraph styles stand for."""

    def __init__(self) -> None:
        self.abstracts: dict[str, Abstract] = {}
        self.nums: dict[str, Num] = {}
        self.styles: dict[tuple[str, str], int] = {}
        self._abstract: str | None = None
        self._num: Num | None = None
        self._level: int | None = None
        self._counts: dict[str, dict[int, int]] = {}
        self._defined: dict[str, str] = {}
        self._begun: set[tuple[str, int]] = set()

    def start(self, name: str, values: Attributes) -> None:
        value = values.get("val", "")
        if name == "abstractNum":
            self._abstract = values.get("abstractNumId", "")
            self.abstracts[self._abstract] = Abstract()
        elif name == "num":
            self._num = self.nums[values.get("numId", "")] = Num()
        elif name == "abstractNumId" and self._num:
            self._num.abstract = value
        elif name in ("lvl", "lvlOverride"):
            self._level = _index(values.get("ilvl"))
            if name == "lvl":
                self._set(self._levels(), Level())
        elif name == "startOverride" and self._num and self._level is not None:
            self._num.starts[self._level] = _number(value)
        elif self._abstract is not None and name in ("styleLink", "numStyleLink"):
            abstract = self.abstracts[self._abstract]
            setattr(abstract, {"styleLink": "style"}.get(name, "points_to"), value)
        elif self._level is not None:
            self._describe(name, value, values)

    def end(self, name: str) -> None:
        if name == "abstractNum":
            self._abstract = None
        elif name == "num":
            self._num = None
        elif name == "lvlOverride" or (name == "lvl" and self._num is None):
            self._level = None

    def label(self, num_id: str, level: int) -> str:
        """The next number of a list, as it is printed, with the space after it; "" for none."""
        num = self.nums.get(num_id)
        if num is None or not 0 <= level < LEVELS:
            return ""
        abstract_id = self._resolved(num.abstract)
        levels = (
            self.abstracts[abstract_id].levels if abstract_id in self.abstracts else {}
        ) | num.levels
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract_id, {})
        self._advance(num_id, num, levels, counts, level)
        return _printed(levels, counts, level)

    def _advance(
        self, num_id: str, num: Num, levels: dict[int, Level], counts: dict[int, int], level: int
    ) -> None:
        anew = level in num.starts and (num_id, level) not in self._begun
        self._begun.add((num_id, level))
        if anew:
            counts[level] = num.starts[level]
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = num.starts.get(level, levels[level].start)
        for deeper in [each for each in counts if each > level]:
            restart = levels[deeper].restart if deeper in levels else None
            # 0 is never; n is only after a level above the n-th.
            if restart is None or level < restart:
                del counts[deeper]

    def _resolved(self, abstract: str) -> str:
        """The list that another only points to by the name of a style."""
        found = self.abstracts.get(abstract)
        if found is None or not found.points_to:
            return abstract
        if not self._defined:
            self._defined = {each.style: name for name, each in self.abstracts.items()}
        return self._defined.get(found.points_to, abstract)

    def _levels(self) -> dict[int, Level]:
        if self._num:
            return self._num.levels
        if self._abstract is not None:
            return self.abstracts[self._abstract].levels
        return {}

    def _set(self, levels: dict[int, Level], level: Level) -> None:
        if self._level is not None:
            levels[self._level] = level

    def _describe(self, name: str, value: str, values: Attributes) -> None:
        levels = self._levels()
        if self._level not in levels:
            return
        level = levels[self._level]
        if name == "start":
            level = replace(level, start=_number(value))
        elif name == "numFmt":
            level = replace(level, form=value)
        elif name == "lvlText":
            level = replace(level, text=value)
        elif name == "suff":
            level = replace(level, parted=value != "nothing")
        elif name == "lvlRestart":
            level = replace(level, restart=_number(value))
        elif name == "isLgl":
            level = replace(level, digits=value not in ("0", "false", "off"))
        elif name == "pStyle" and self._abstract is not None:
            self.styles[self._abstract, value] = self._level
        levels[self._level] = level

    def level_of(self, num_id: str, style: str) -> int:
        """The level of a list that a paragraph's style stands for."""
        num = self.nums.get(num_id)
        return self.styles.get((self._resolved(num.abstract), style), 0) if num else 0


def _printed(levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
    here = levels[level]
    if here.form == "bullet":
        return BULLET + " " if here.text else ""

    def number(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        if other not in levels:
            return ""
        form = "decimal" if here.digits else levels[other].form
        return counting.shown(counts.get(other, levels[other].start), form)

    text = PLACEHOLDER.sub(number, here.text[:LONGEST])
    return text + " " if text and here.parted else text


def _index(value: str | None) -> int | None:
    found = _number(value or "")
    return found if 0 <= found < LEVELS else None


def _number(value: str) -> int:
    """A number of the file; 0 where it is none that Word would write."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
