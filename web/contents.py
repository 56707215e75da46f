"""What an index holds, for the page that greets: made once for each commit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from chabao.indexer.fields import PATH
from chabao.indexer.folding import fold
from chabao.search import catalogue
from chabao.search.backends.whoosh_ import Index
from chabao.search.facets import unnumbered
from chabao.search.issues import Issue, Key, issues
from chabao.web.keeping import kept

MOST = 24
"""Departments, and sections, that are offered."""


@dataclass(frozen=True, slots=True)
class Contents:
    """`issues` are in order of date; departments and sections are those of the most items."""

    items: int
    issues: tuple[Issue, ...]
    departments: tuple[tuple[str, int], ...]
    sections: tuple[tuple[str, int], ...]

    @property
    def years(self) -> list[tuple[str, list[Issue]]]:
        """The issues by year of issue, the latest first; the undated last, under ""."""
        found: dict[str, list[Issue]] = {}
        for issue in reversed(self.issues):
            found.setdefault((issue.date or "")[:4], []).append(issue)
        return sorted(found.items(), key=lambda pair: pair[0], reverse=True)

    def beside(self, key: Key) -> tuple[Issue | None, Issue | None]:
        """The issues of the same publication before and after one."""
        run = [issue for issue in self.issues if issue.key[:2] == key[:2]]
        at = next((at for at, issue in enumerate(run) if issue.key == key), None)
        if at is None:
            return None, None
        return run[at - 1] if at else None, run[at + 1] if at + 1 < len(run) else None


@kept
def contents(index: Index) -> Contents:
    """What is in an open index. All its records are read the first time."""
    sections: Counter[str] = Counter()
    names: dict[str, str] = {}
    for path, count in catalogue.counted(index, "section").items():
        name = unnumbered(path.split(PATH)[0])
        sections[names.setdefault(fold(name), name)] += count
    return Contents(
        items=index.statistics.items,
        issues=issues(index),
        departments=tuple(catalogue.counted(index, "department").items())[:MOST],
        sections=tuple(sections.most_common(MOST)),
    )
