"""Saved searches: what was asked is asked again as it was typed, and what is new is told once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.errors import IndexBusy
from chabao.search.engine import Index
from chabao.search.errors import NewerShelf, UnknownSaved, UnreadableShelf
from chabao.search.mentions import mentions
from chabao.search.output import shelf as module
from chabao.search.output.shelf import Shelf, as_json, from_json, place
from chabao.search.saved import KEPT, KEPT_DAYS, Conditions, Entry, Saved, begun, look

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AT = "2026-11-21T09:00:00+00:00"


def unseen(query: str, **more: Any) -> Entry:
    return Entry(Saved("名", query, **more), AT, AT)


@pytest.mark.parametrize("query", ["川渝通办", "通办 OR 办理", "办"])
def test_a_search_that_has_seen_nothing_is_told_the_mention_table(
    bundled: Index, query: str
) -> None:
    seen = look(bundled, unseen(query), now=NOW)
    table = mentions(bundled, query).rows
    assert [(row.item["id"], row.start) for row in seen.rows] == [
        (row.item["id"], row.start) for row in table
    ]
    assert seen.after.there == len(table) > 0
    assert look(bundled, seen.after).rows == ()
    assert [line.address for line in seen.lines] == [each.address for each in seen.after.news]


def test_what_stands_there_when_a_search_is_saved_is_not_new(bundled: Index) -> None:
    seen = begun(bundled, Saved("名", "川渝通办"))
    assert (seen.rows, seen.after.there, seen.after.news) == ((), 5, ())
    assert look(bundled, seen.after).rows == ()


def test_a_search_without_text_is_for_items(bundled: Index) -> None:
    conditions = Conditions(department=("文旅厅",))
    seen = look(bundled, unseen("", conditions=conditions))
    assert seen.whole and len(seen.rows) == 3
    assert all("文化和旅游厅" in row.item["department"] for row in seen.rows)
    assert all(row.text == row.item["text"] for row in seen.rows)
    assert look(bundled, seen.after).rows == ()


def test_days_are_read_anew_at_each_look(bundled: Index) -> None:
    entry = unseen("办理", conditions=Conditions(since="近三个月"))
    early = look(bundled, entry, today=date(2023, 4, 1))
    late = look(bundled, early.after, today=date(2025, 4, 1))
    assert {row.item["date"][:4] for row in early.rows} == {"2023", "2025"}
    assert late.rows == () and 0 < late.after.there < early.after.there
    assert look(bundled, entry, today=date(2025, 4, 1)).after.there == late.after.there
    with pytest.raises(ValueError, match="no date"):
        look(bundled, unseen("办理", conditions=Conditions(until="某日")))


def test_a_query_that_cannot_be_asked_changes_nothing(bundled: Index) -> None:
    seen = look(bundled, unseen("date:某日"))
    assert seen.query.node is None and seen.rows == () and seen.after is seen.before


def test_news_is_kept_for_its_days_and_the_latest_however_old(bundled: Index) -> None:
    seen = look(bundled, unseen("办"), now=NOW)
    assert len(seen.after.news) == len(seen.rows) > KEPT
    soon = look(bundled, seen.after, now=NOW + timedelta(days=KEPT_DAYS - 1))
    late = look(bundled, seen.after, now=NOW + timedelta(days=KEPT_DAYS + 1))
    assert soon.after.news == seen.after.news
    assert late.after.news == seen.after.news[:KEPT]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "deep" / "shelf.json", tmp_path / "index")


@pytest.mark.parametrize("name", ["甲", " a'b\t\n\x1b[31m", "\udce4", "𠮷" * 500])
def test_a_shelf_gives_back_what_it_was_given(bundled: Index, shelf: Shelf, name: str) -> None:
    conditions = Conditions(("文旅厅",), period=("2023",), since="近三个月", until="今天")
    first = look(bundled, unseen("办理 OR 川渝通办", conditions=conditions), now=NOW).after
    entries = [replace(first, saved=replace(first.saved, name=name)), unseen("x", numbers=True)]
    with shelf.held():
        shelf.put(entries)
    assert list(shelf.read().values()) == entries
    assert from_json(as_json(entries, Path("i"))) == {e.saved.name: e for e in entries}
    assert shelf.chosen(["名"]) == entries[1:] and shelf.chosen(()) == entries
    with pytest.raises(UnknownSaved):
        shelf.chosen(["名", "别的"])
    with shelf.held():
        shelf.put((), without=[name])
    assert list(shelf.read()) == ["名"]


def edited(data: bytes, change: Callable[[Any], object]) -> bytes:
    said = json.loads(data)
    change(said)
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(version=2),
        lambda said: said["searches"][0].update(language=99),
    ],
)
def test_what_a_later_version_wrote_is_refused_and_left_alone(
    shelf: Shelf, change: Callable[[Any], object]
) -> None:
    data = edited(as_json([unseen("办")], shelf.index), change)
    shelf.path.parent.mkdir()
    shelf.path.write_bytes(data)
    for act in (shelf.read, lambda: shelf.put([unseen("别的")])):
        with pytest.raises(NewerShelf):
            act()
    assert shelf.path.read_bytes() == data


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 1}', b'{"version": "x"}', b"[" * 9999,
        b'{"version": 1, "searches": [{}]}', b'{"version": 0, "searches": []}',
        b'{"version": 1, "searches": 7}', b'{"version": Infinity, "searches": []}',
        edited(as_json([unseen("办")], Path()), lambda s: s["searches"][0].update(seen=[{}])),
        edited(as_json([unseen("办")], Path()), lambda s: s["searches"][0].update(news=[3])),
        edited(as_json([unseen("办")], Path()), lambda s: s["searches"][0].update(conditions=[])),
    ],
)  # fmt: skip
def test_what_is_no_shelf_is_said_to_be_none_and_left_alone(shelf: Shelf, data: bytes) -> None:
    shelf.path.parent.mkdir()
    shelf.path.write_bytes(data)
    with pytest.raises(UnreadableShelf):
        shelf.put([unseen("办")])
    assert shelf.path.read_bytes() == data


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("looked", "x"), ("looked", None), ("since", "9"), ("looked", "9999-12-31T23:59:59+00:00"),
        ("since", "0001-01-01"), ("language", float("inf")), ("department", 5),
        ("department", "文旅厅"), ("since", 5), ("until", "xyz"), ("title", 7), ("line", "x"),
        ("at", "x"), ("section", None),
    ],
)  # fmt: skip
def test_what_no_search_can_say_is_said_when_it_is_read(
    bundled: Index, shelf: Shelf, name: str, value: object
) -> None:
    """A shelf is text that may be edited."""
    entry = look(bundled, unseen("川渝通办"), now=NOW).after
    said = json.loads(as_json([entry], shelf.index))
    search = said["searches"][0]
    for part in (search, search["conditions"], search["news"][0]):
        if name in part:
            part[name] = value
    with pytest.raises(ValueError):
        from_json(json.dumps(said).encode())


def test_a_time_without_a_zone_is_utc(shelf: Shelf) -> None:
    def change(said: Any) -> None:
        said["searches"][0]["looked"] = "2026-01-01"

    read = from_json(edited(as_json([unseen("办")], shelf.index), change))
    assert read["名"].looked == "2026-01-01T00:00:00+00:00"


def test_who_waits_is_told_and_does_not_wait_for_ever(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    waited: list[None] = []
    with shelf.held():
        other = Shelf(shelf.path, shelf.index)
        with pytest.raises(IndexBusy), other.held(lambda: waited.append(None)):
            raise AssertionError("two at once")
    assert waited == [None]
    with other.held():
        pass


def test_each_index_has_a_shelf_of_its_own(tmp_path: Path) -> None:
    paths = {place(tmp_path / name, tmp_path) for name in ("a", "b", "a/../a", "甲")}
    assert len(paths) == 3
    assert all(path.parent == tmp_path / "saved" for path in paths)
