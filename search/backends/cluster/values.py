"""Fields that are matched by name or part of a name: their values, and the items that have some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chabao.search.backends.cluster.snapshot import Snapshot
from chabao.search.backends.cluster.structure import ALL, NONE, some
from chabao.search.backends.names import reading
from chabao.search.query import Named

Body = dict[str, Any]
MOST = 10_000
"""Values of one list in a question; the cluster takes 65,536."""


class Values:
    """The values that the keyword fields of an index have, each list read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._counted: dict[str, dict[str, int]] = {}

    def counted(self, field: str) -> dict[str, int]:
        """Each value of a field, with how many items have it."""
        if field not in self._counted:
            self._counted[field] = counted(self._snapshot, field, ALL)
        return self._counted[field]

    def named(self, node: Named) -> Body:
        """The question for the items that a name means."""
        fields, matches = reading(node)
        found = []
        for field in fields:
            values = [value for value in self.counted(field) if matches(field, value)]
            found += [{"terms": {field: part}} for part in _parted(values)]
        return some(found) if found else NONE


def counted(snapshot: Snapshot, field: str, query: Body) -> dict[str, int]:
    """Each value of a field that items of a query have, with how many have it."""
    source = [{field: {"terms": {"field": field}}}]
    return {each["key"][field]: each["doc_count"] for each in snapshot.buckets(query, source)}


def _parted(values: Sequence[str]) -> list[list[str]]:
    return [list(values[at : at + MOST]) for at in range(0, len(values), MOST)]
