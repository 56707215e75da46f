"""Other names: used where nothing is found, said, and never part of what is found literally."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from records import item

from chabao.indexer import departments
from chabao.indexer.folding import fold
from chabao.search import engine
from chabao.search.engine import Filters, Mode, Sort, search
from chabao.search.errors import UnreadableSynonyms
from chabao.search.query import Kind
from chabao.search.records import Asked, as_json, from_json, record, repeat
from chabao.search.results import Results
from chabao.search.synonyms import OWN, groups, read

Indexed = Callable[..., engine.Index]


@pytest.fixture
def index(indexed: Indexed) -> engine.Index:
    return indexed(
        [item("a", "到省政府政务服务和公共资源交易服务中心调研。"), item("b", "文旅厅，文旅厅")],
        [item("c", "文化旅游厅的窗口", department=["文化和旅游厅"]), item("d", "别的")],
    )


def ids(results: Results) -> set[str]:
    return {hit.item["id"] for hit in results.hits}


def kinds(results: Results) -> set[Kind]:
    return {notice.kind for notice in results.notices}


def test_other_names_are_looked_for_where_a_term_is_mentioned_nowhere(index: engine.Index) -> None:
    results = search(index, "文化和旅游厅")
    assert ids(results) == {"b", "c"}
    (notice,) = results.notices
    assert notice.kind is Kind.SYNONYMS
    assert "文化旅游厅 (1), 文旅厅 (2)" in notice.message
    assert "--no-synonyms" in notice.hint


def test_what_is_found_by_other_names_is_not_literal(index: engine.Index) -> None:
    results = search(index, "文化和旅游厅")
    assert (results.exact, results.mentions, results.total) == (False, 0, 2)
    assert all(hit.mentions == 0 for hit in results.hits)
    assert all(not piece.spans for hit in results.hits for piece in hit.snippets)
    assert all("厅" in hit.snippets[0].text for hit in results.hits)


def test_a_term_with_mentions_means_itself(index: engine.Index) -> None:
    for options in ({}, {"synonyms": None}):
        results = search(index, "文旅厅", **options)
        assert (ids(results), results.mentions, results.exact) == ({"b"}, 2, True)
        assert Kind.SYNONYMS not in kinds(results)


def test_other_names_meet_the_rest_of_the_query(index: engine.Index) -> None:
    assert ids(search(index, "文化和旅游厅 窗口")) == {"c"}
    assert ids(search(index, "文化和旅游厅 NEAR/3 窗口")) == {"c"}
    assert ids(search(index, "文化和旅游厅 -窗口")) == {"b"}
    only = search(index, "文化和旅游厅", filters=Filters(department=["文旅厅"]))
    assert ids(only) == {"c"}
    assert Kind.SYNONYMS not in kinds(search(index, "文化和旅游厅 没有的"))


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ('"文化和旅游厅"', {}),
        ("「文化和旅游厅」", {}),
        ("文化和旅游厅", {"synonyms": None}),
        ("文化和旅游厅", {"literal": True}),
        ("文化和旅游厅", {"mode": Mode.EXACT}),
        ("别的 -文化和旅游厅 没有的", {}),
    ],
)
def test_who_wants_none_gets_none(index: engine.Index, line: str, options: dict[str, Any]) -> None:
    results = search(index, line, **options)
    assert Kind.SYNONYMS not in kinds(results)
    assert results.mentions == 0


def test_the_users_own_file_adds_to_the_groups(index: engine.Index, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("\ufeff# 我的\n\n蓉厅 ｜ 文旅厅\n单独\n甲||乙 |\n", encoding="utf-8")
    assert ids(search(index, "蓉厅", synonyms=[own])) == {"b"}
    known = groups([own])
    assert set(known["文旅厅"]) >= {"蓉厅", "文化和旅游厅"}
    assert known["甲"] == ("乙",)
    assert known["单独"] == ()


@pytest.mark.parametrize(
    "content",
    [None, b"\xff\xfe\xff", b"a|b\n" * 250_001, "|".join(map(str, range(101))).encode()],
    ids=["none", "no text", "too long", "too many"],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(UnreadableSynonyms, match=r"own\.txt"):
        groups([path])


def test_the_packages_groups_are_sound() -> None:
    names = [name for group in read(OWN) for name in group]
    assert len(names) == len(set(names)), "a name stands in one group"
    assert all(len(group) > 1 for group in read(OWN) if group)


def test_names_of_departments_are_those_that_the_index_knows() -> None:
    """The groups of departments neither join two of them nor call one by another's name."""
    known = 0
    for group in read(OWN):
        for prefix in ("", "省"):
            meant = {departments.resolve(prefix + name) for name in group}
            if any(meant):
                assert len(meant) == 1, group
                known += 1
    assert known >= 13
    assert fold("文旅厅") in groups()


def test_a_record_says_whether_they_were_wanted(index: engine.Index) -> None:
    wanted = Asked("文化和旅游厅", False, Mode.AUTO, Sort.SCORE, Filters(), date(2023, 2, 8))
    for asked in (wanted, replace(wanted, synonyms=False)):
        said = from_json(as_json(record(index, asked)))
        assert said.asked.synonyms is asked.synonyms
        assert repeat(index, said).same_answer
        assert (said.found.digest == record(index, wanted).found.digest) is asked.synonyms
