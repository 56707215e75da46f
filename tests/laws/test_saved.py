"""A hundred weeks of a corpus that is added to, corrected, moved and rebuilt: news is told once.

What is new is known to the simulation by a mark of its own in each sentence, which the program
takes for text like any other. The marks stand too far from the mentions to tell these apart.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from chabao.indexer.build import build
from chabao.search.engine import open_index
from chabao.search.output.shelf import Shelf
from chabao.search.saved import Conditions, Look, Saved, begun, look
from chabao.search.sightings import CONTEXT

WEEKS = 100
START = date(2023, 1, 4)
TERMS = ("川渝通办", "一网通办")
FILLER = "政务服窗口理群众企业事项推进落实工作开展优化营商环境提升效能规范流程材料审批登记咨询反馈"
REPRINTED = ("大厅秩序井然工作人员热情周到全面推行", "服务举措落地见效群众普遍反映良好满意")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉"
MARK = re.compile(f"(?:[{STEMS}][{BRANCHES}]){{3}}")


def filler(random: Random, length: int = CONTEXT + 4) -> str:
    """No character twice in a row: at the end of a line that is a misprint, which cleanup mends."""
    found = ""
    while len(found) < length:
        found += random.choice(FILLER.replace(found[-1:], "") if found else FILLER)
    return found


def mark(number: int) -> str:
    return "".join((STEMS, BRANCHES)[at % 2][int(d)] for at, d in enumerate(f"{number:06}"))


@dataclass
class Sentence:
    """With a mention, if it has a term; the text on one side of it may be corrected."""

    mark: str = ""
    left: str = ""
    term: str = ""
    right: str = ""
    side: str = "right"

    def text(self) -> str:
        return f"{self.mark}{self.left}{self.term}{self.right}。"


@dataclass
class Bulletin:
    """Of the odd ones sentences are corrected close to mentions, of the even ones items come and go
    and files go away: what is both corrected and renumbered is another mention."""

    number: int
    day: date
    path: Path
    items: list[list[Sentence]] = field(default_factory=list)

    @property
    def odd(self) -> bool:
        return self.number % 2 == 1

    def text(self, width: int) -> str:
        head = f"窗口工作周报\n{self.day.year}年第{self.number}期（总第{self.number + 400}期）\n"
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        body = [
            f"（{at}）" + "".join(sentence.text() for sentence in item)
            for at, item in enumerate(self.items, 1)
        ]
        lines = [line[at : at + width] for line in body for at in range(0, len(line), width)]
        publisher = "四川省政府政务服务和公共资源交易服务中心"
        return "\n".join([head, f"{publisher} {day}", "", "一、窗口工作动态", *lines, ""])


class World:
    """The files, and what stands in them."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder, self.random = folder, random
        self.here: list[Bulletin] = []
        self.away: list[Bulletin] = []
        self.marks = self.made = 0
        self.width = 60
        self.done: Counter[str] = Counter()

    def sentence(self, mentioning: bool) -> Sentence:
        random = self.random
        if not mentioning:
            return Sentence(left=filler(random, random.randint(8, 30)))
        self.marks += 1
        side, term = random.choice(["left", "right"]), random.choice(TERMS)
        return Sentence(mark(self.marks), filler(random), term, filler(random), side)

    def item(self) -> list[Sentence]:
        return [self.sentence(self.random.random() < 0.4) for _ in range(self.random.randint(1, 4))]

    def week(self, today: date) -> None:
        for _ in range(self.random.randint(1, 4)):
            names = ("add", "insert", "append", "drop", "correct", "beside", "remove", "restore")
            kind = self.random.choice(
                [*names, "beside", "replace", "move", "copy", "wrap", "nothing"]
            )
            self.done[kind] += getattr(self, kind)(today)

    def some(self, odd: bool | None = None) -> Bulletin | None:
        fitting = [each for each in self.here if odd is None or each.odd is odd]
        return self.random.choice(fitting) if fitting else None

    def write(self, *bulletins: Bulletin) -> None:
        for each in bulletins:
            each.path.parent.mkdir(parents=True, exist_ok=True)
            each.path.write_text(each.text(self.width), encoding="utf-8")
            self._copy(each).unlink(missing_ok=True)

    def _copy(self, bulletin: Bulletin) -> Path:
        return self.folder / "副本" / bulletin.path.name

    def nothing(self, today: date) -> bool:
        return True

    def add(self, today: date) -> bool:
        self.made += 1
        made = Bulletin(self.made, today, self.folder / f"{self.made}.txt")
        made.items = [self.item() for _ in range(self.random.randint(2, 5))]
        reprinted = self.sentence(True)
        reprinted.left, reprinted.right = REPRINTED
        reprinted.side = ""
        made.items.insert(0, [reprinted])
        self.here.append(made)
        self.write(made)
        return True

    def insert(self, today: date) -> bool:
        """A sentence, with a mention or without, into an item that may have mentions already."""
        bulletin = self.some()
        if bulletin:
            item = self.random.choice(bulletin.items)
            place, mentioning = self.random.randint(0, len(item)), self.random.random() < 0.6
            item.insert(place, self.sentence(mentioning))
            self.write(bulletin)
        return bool(bulletin)

    def append(self, today: date) -> bool:
        """An item before others, which are renumbered."""
        bulletin = self.some(odd=False)
        if bulletin:
            bulletin.items.insert(self.random.randint(0, len(bulletin.items)), self.item())
            self.write(bulletin)
        return bool(bulletin)

    def drop(self, today: date) -> bool:
        """A sentence, or an item, but not the one that is reprinted."""
        bulletin = self.some(odd=False)
        items = list(enumerate(bulletin.items)) if bulletin else []
        free = [at for at, item in items if all(sentence.left != REPRINTED[0] for sentence in item)]
        if not bulletin or not free:
            return False
        at = self.random.choice(free)
        bulletin.items[at].pop(self.random.randrange(len(bulletin.items[at])))
        if not bulletin.items[at]:
            del bulletin.items[at]
        self.write(bulletin)
        return True

    def replace(self, today: date) -> bool:
        """One sentence with a mention gives way to another in the same item, with the same term."""
        bulletin = self.some(odd=False)
        items = (
            [item for item in bulletin.items if item[0].left != REPRINTED[0]] if bulletin else []
        )
        places = [(item, at) for item in items for at in range(len(item)) if item[at].term]
        if not bulletin or not places:
            return False
        item, at = self.random.choice(places)
        other = self.sentence(True)
        other.term = item[at].term
        item[at] = other
        self.write(bulletin)
        return True

    def correct(self, today: date) -> bool:
        """Elsewhere in an item: offsets shift."""
        bulletin = self.some()
        plain = [s for item in bulletin.items for s in item if not s.term] if bulletin else []
        if not bulletin or not plain:
            return False
        self.random.choice(plain).left = filler(self.random, self.random.randint(5, 40))
        self.write(bulletin)
        return True

    def beside(self, today: date) -> bool:
        """On one side of a mention, close to it."""
        bulletin = self.some(odd=True)
        near = [s for item in bulletin.items for s in item if s.term and s.side] if bulletin else []
        if not bulletin or not near:
            return False
        sentence = self.random.choice(near)
        at = self.random.randint(1, 8)
        if sentence.side == "left":
            sentence.left = filler(self.random, CONTEXT + at)
        else:
            sentence.right = filler(self.random, at) + filler(self.random)
        self.write(bulletin)
        return True

    def remove(self, today: date) -> bool:
        bulletin = self.some(odd=False)
        if bulletin:
            self.here.remove(bulletin)
            self.away.append(bulletin)
            bulletin.path.unlink()
            self._copy(bulletin).unlink(missing_ok=True)
        return bool(bulletin)

    def restore(self, today: date) -> bool:
        if not self.away:
            return False
        bulletin = self.away.pop(self.random.randrange(len(self.away)))
        self.here.append(bulletin)
        self.write(bulletin)
        return True

    def move(self, today: date) -> bool:
        bulletin = self.some()
        if bulletin:
            bulletin.path.unlink()
            self._copy(bulletin).unlink(missing_ok=True)
            folder = self.random.choice(["", "甲", "乙/丙"])
            bulletin.path = self.folder / folder / f"{self.random.randrange(10**6)}.txt"
            self.write(bulletin)
        return bool(bulletin)

    def copy(self, today: date) -> bool:
        bulletin = self.some()
        if bulletin:
            copy = self._copy(bulletin)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(bulletin.path, copy)
        return bool(bulletin)

    def wrap(self, today: date) -> bool:
        self.width = self.random.choice([40, 60, 200])
        self.write(*self.here)
        return True

    def mentions(self, terms: tuple[str, ...], since: date | None) -> set[str]:
        return {
            sentence.mark
            for bulletin in self.here
            if since is None or bulletin.day >= since
            for item in bulletin.items
            for sentence in item
            if sentence.term in terms
        }


@dataclass
class Reader:
    """A saved search, and who reads what is new to it."""

    saved: Saved
    terms: tuple[str, ...]
    diligence: float
    months: bool = False
    shown: set[str] = field(default_factory=set)
    looks: int = 0

    def since(self, today: date) -> date | None:
        """The first of the days that 近三个月 means, from the calendar's own tests."""
        from chabao.search.calendar import days

        meant = days("近三个月", today) if self.months else None
        return meant.first if meant else None


def told(seen: Look) -> list[str]:
    """The marks of the mentions that were shown: each is the last one before its mention."""
    found = []
    for row in seen.rows:
        marks = MARK.findall(row.item["text"], 0, row.start)
        assert marks, row.item["text"]
        found.append(marks[-1])
    return found


def readers() -> list[Reader]:
    one, both = TERMS[:1], TERMS
    months = Conditions(since="近三个月")
    return [
        Reader(Saved("每周", "川渝通办"), one, 1.0),
        Reader(Saved("有时", "川渝通办 OR 一网通办"), both, 0.6),
        Reader(Saved("很少", "通办", literal=True), both, 0.15),
        Reader(Saved("近三个月", "川渝通办", conditions=months), one, 0.8, months=True),
    ]


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_repeated_and_nothing_is_missed_in_a_hundred_weeks(
    tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    folder, path = tmp_path / "files", tmp_path / "index"
    folder.mkdir()
    world, people, shelf = World(folder, random), readers(), Shelf(tmp_path / "shelf.json", path)
    reported: Counter[str] = Counter()
    for week in range(WEEKS):
        today = START + timedelta(weeks=week)
        now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        world.week(today)
        if random.random() < 0.05:
            shutil.rmtree(path, ignore_errors=True)
        build([folder], path, rebuild=random.random() < 0.1)
        with open_index(path) as index, shelf.held():
            for person in people:
                name, known = person.saved.name, shelf.read()
                standing = world.mentions(person.terms, person.since(today))
                if name not in known:
                    shelf.put([begun(index, person.saved, now=now, today=today).after])
                elif random.random() < person.diligence:
                    seen = look(index, known[name], now=now, today=today)
                    assert sorted(told(seen)) == sorted(standing - person.shown), (week, name)
                    shelf.put([seen.after])
                    reported[name] += len(seen.rows)
                else:
                    continue
                person.shown |= standing
    kinds = ("add", "insert", "append", "drop", "replace", "correct", "beside", "remove", "restore")
    assert all(world.done[kind] >= 3 for kind in (*kinds, "move", "copy", "wrap")), world.done
    assert all(reported[person.saved.name] > 30 for person in people), reported
