"""The last step that commands share: remarks aside, then the answer as it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from chabao.search.output.json_ import encoded, pieces
from chabao.search.output.notices import notices
from chabao.search.output.pager import write_page
from chabao.search.output.screen import Screen, screen
from chabao.search.output.sheets import Sheet, write
from chabao.search.output.show import FOUND, NOT_FOUND, write_bytes, write_pieces
from chabao.search.output.text import clean
from chabao.search.query import Query


def remarked(query: Query, color: str) -> bool:
    """Says on standard error what there is to say of a query; whether it can be answered."""
    for line in notices(query.line, query.understood, query.diagnostics, screen(sys.stderr, color)):
        print(line, file=sys.stderr)
    return query.node is not None


def answered(
    document: Callable[[], dict[str, Any]],
    sheet: Callable[[], Sheet],
    page: Callable[[Screen], Iterable[str]],
    counts: Iterable[str],
    as_json: bool,
    form: str | None,
    into: Path | None,
    color: str,
) -> None:
    """One JSON object; else the counts aside, and a table in a format or into a file, or a page."""
    if as_json:
        write_pieces(pieces(document()))
        return
    for said in counts:
        print(f"chabao: {said}", file=sys.stderr)
    if form or into:
        write(sheet(), form, into)
    else:
        _shown(page, color)


def _shown(page: Callable[[Screen], Iterable[str]], color: str) -> None:
    on = screen(sys.stdout, color)
    write_page(page(on), on)


def judged(
    document: Callable[[], dict[str, Any]],
    page: Callable[[Screen], Iterable[str]],
    verdict: str,
    good: bool,
    as_json: bool,
    color: str,
) -> int:
    """One JSON object or a page, and aside what comes of it; 1 where that is not good."""
    if as_json:
        write_bytes(encoded(document()))
    else:
        _shown(page, color)
    print(clean(f"chabao: {verdict}"), file=sys.stderr)
    return FOUND if good else NOT_FOUND
