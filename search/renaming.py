"""An answer by other names: items that say what was asked for by a synonym, and which."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

from chabao.search.backends.parts import Part, find, mentions, score
from chabao.search.backends.whoosh_ import Index
from chabao.search.query import Diagnostic, Kind, Query, Span
from chabao.search.synonyms import groups, renamed

Found = tuple[Sequence[Part], tuple[str, ...], tuple[Diagnostic, ...]]


def by_other_names(
    index: Index, query: Query, files: Sequence[Path], costliest: int
) -> Found | None:
    """The items, scored, that hold a query with other names for those terms that are mentioned
    nowhere; those names; what is to be said of them. None if there are no such items, or to find
    them would cost more than `costliest` postings. Raises UnreadableSynonyms.
    """
    changed = renamed(query, groups(files), lambda text: not mentions(index, text))
    if changed is None:
        return None
    node, names = changed
    view = index.around(node, scored=True)
    costs = view.costs(node)
    parts = find(view, node, costs) if sum(costs) <= costliest else []
    if not any(len(part.documents) for part in parts):
        return None
    score(view, parts, node)
    return parts, names, (_said(index, names),)


def _said(index: Index, names: Sequence[str]) -> Diagnostic:
    """Which names were looked for, with how often each is mentioned."""
    said = ", ".join(f"{name} ({mentions(index, name)})" for name in names)
    message = _("it is mentioned nowhere; also looked for: {names}").format(names=said)
    return Diagnostic(Kind.SYNONYMS, Span(0, 0), message, _("--no-synonyms leaves them out"))
