"""Everything that is asked of an index, as plain data that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chabao.indexer.status import status
from chabao.indexer.tokens import cut
from chabao.search import (
    catalogue,
    checking,
    collocation,
    completion,
    concordance,
    engine,
    figures,
    gaps,
    issues,
    keyness,
    mentions,
    opening,
    quotes,
    records,
    reprints,
    saved,
    tallies,
    trends,
)
from chabao.search.engine import Index, Mode
from chabao.search.filters import Filters

TODAY = date(2024, 1, 1)
Question = Callable[[Index], object]
UNSAID = frozenset({"seconds", "path", "written", "bytes", "stamp", "generation", "looked", "at"})
"""What differs from one asking to the next, or from one building to the next."""


def search(line: str, **how: Any) -> Question:
    return lambda index: engine.search(index, line, today=TODAY, limit=None, **how)


def whole(index: Index) -> object:
    return list(engine.export(index))


def shown(index: Index) -> object:
    return [catalogue.show(index, item["id"]) for item in engine.export(index)]


def said(index: Index) -> object:
    """What the index says of itself; of its size only what it holds."""
    found = status(index.path)
    return found.known, found.total, found.folders, found.formats, found.changes, found.refused


def places(index: Index) -> object:
    found = [opening.spot(index, item["id"])[1] for item in engine.export(index)]
    return [(str(spot.path), spot.line, spot.page, spot.changed) for spot in found]


QUESTIONS: dict[str, Question] = {
    "export": whole,
    "show": shown,
    "search": search("川渝通办", facets=True, explain=True),
    "search a character": search("的", files=True),
    "search a pattern": search("政*务"),
    "search words": search("窗口 NEAR/9 工作 -疫情"),
    "search fields": search("部门:商务厅 OR 栏目:窗口 OR 来源:1"),
    "search dates": search("日期:2023.. 期间:..2024"),
    "search numbers": search("数值:28 OR 受理3件", numbers=True),
    "search related": search("川渝办通理受件", mode=Mode.RELATED, collapse=True),
    "search everything": search("服务", sort=engine.Sort.DATE),
    "fields": catalogue.fields,
    "issues": issues.issues,
    "gaps": lambda index: gaps.gaps(issues.issues(index)),
    "statistics": lambda index: index.statistics,
    "mentions": lambda index: mentions.mentions(index, "办理", today=TODAY),
    "concordance": lambda index: concordance.concordance(index, ("川渝", "一网通办")),
    "tally": lambda index: tallies.tally(index, ("政务", "服务")),
    "trend": lambda index: trends.trend(index, ("政务", "服务"), filters=Filters()),
    "collocates": lambda index: collocation.collocates(index, "办理", cut, least=1),
    "keywords": lambda index: keyness.keywords(
        index, cut, Filters(until=date(2023, 3, 1)), None, least=1
    ),
    "figures": lambda index: figures.figures(index, ()),
    "quotations": lambda index: quotes.quotations(index, "川渝通办"),
    "check": lambda index: checking.checked(index, "推进川渝通办事项办理落实"),
    "reprints": lambda index: reprints.reprints(index, least=8),
    "completion": lambda index: completion.names(index),
    "saved": lambda index: saved.begun(index, saved.Saved("s", "政务"), today=TODAY).after.seen,
    "record": lambda index: records.corpus(engine.export(index)),
    "status": said,
    "places": places,
}
QUICK = ("export", "search", "search a character", "search fields", "fields", "status")
"""What touches every part of an index, and is asked each time."""


def plain(value: Any) -> Any:
    """A value that can be compared: what dataclasses and lazy records say."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value) if each.name not in UNSAID]
        return [type(value).__name__, *(plain(getattr(value, name)) for name in names)]
    if isinstance(value, Mapping):
        return [(plain(key), plain(each)) for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, Path):
        return str(value)
    return value.tolist() if hasattr(value, "tolist") else value


def ask(folder: Path, name: str) -> Any:
    """The answer to one question, from an index that is opened for it."""
    with engine.open_index(folder) as index:
        return plain(QUESTIONS[name](index))
