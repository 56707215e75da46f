"""Rows as a pandas frame, where pandas is installed: the one door to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from chabao.indexer.errors import MissingLibrary


def frame(rows: Iterable[Any], kind: type[Any] | None = None) -> Any:
    """A pandas.DataFrame with a column for each field of the rows, which are dataclasses of one
    kind; `kind` names the columns where there may be no rows.

    Cells are the fields' own values: a tuple stays one cell, and days stay ISO dates, which
    pandas.to_datetime reads. Raises MissingLibrary without pandas, TypeError for other rows.
    """
    try:
        import pandas
    except ImportError as error:
        raise MissingLibrary(name="pandas", install="pandas") from error
    rows = list(rows)
    of = kind or (type(rows[0]) if rows else None)
    if of is None:
        return pandas.DataFrame()
    if not is_dataclass(of) or any(not isinstance(row, of) for row in rows):
        raise TypeError(f"a frame is made of rows of one dataclass, not of {of.__name__}")
    names = [field.name for field in fields(of)]
    return pandas.DataFrame(
        {name: pandas.Series([getattr(row, name) for row in rows], dtype=None) for name in names}
    )
