"""Rows as a pandas frame, where there is pandas."""

from __future__ import annotations

import sys

import pytest

from chabao.indexer.errors import MissingLibrary
from chabao.search.concordance import Line, concordance
from chabao.search.engine import Index
from chabao.search.frames import frame
from chabao.search.issues import issues


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingLibrary, match="pip install pandas"):
        frame([])


def test_a_column_for_each_field(bundled: Index) -> None:
    pytest.importorskip("pandas")
    lines = concordance(bundled, ["川渝通办", "办理"]).lines
    made = frame(lines)
    assert list(made.columns) == list(Line.__slots__)
    assert len(made) == len(lines)
    for name in made.columns:
        assert list(made[name].astype(object).where(made[name].notna(), None)) == [
            getattr(line, name) for line in lines
        ]
    assert made.groupby("date").size().sum() == len(lines)
    assert frame(issues(bundled))["characters"].sum() == 12540


def test_no_rows_are_an_empty_frame(bundled: Index) -> None:
    pytest.importorskip("pandas")
    assert frame([]).empty
    assert list(frame(iter(()), Line).columns) == list(Line.__slots__)
    with pytest.raises(TypeError, match="one dataclass"):
        frame([*issues(bundled)[:1], *concordance(bundled, ["办"]).lines[:1]])
    with pytest.raises(TypeError, match="dict"):
        frame([{"a": 1}])
