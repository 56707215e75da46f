"""Records to lines: the same here and in another process, and whatever characters they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chabao.indexer import fields
from chabao.indexer.bundled import bundled_index
from chabao.indexer.cluster import making, mapping
from chabao.indexer.codecs import cutter
from chabao.search.engine import export, open_index


@pytest.fixture(scope="module")
def records() -> list[fields.Record]:
    with open_index(bundled_index()) as index:
        return list(export(index))


def test_other_processes_make_the_same(records: list[fields.Record]) -> None:
    placed = [(record, at) for at, record in enumerate(records)]
    makers = making.Makers(2)
    try:
        assert makers.lines(placed, 3) == making.lines(placed, 3)
        makers._started[0].kill()
        makers._started[0].wait(10)
        assert makers.lines(placed[:9], 3) == making.lines(placed[:9], 3)
    finally:
        makers.close()


def test_without_other_processes_it_is_made_here(
    records: list[fields.Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutter, "start", lambda _code: None)
    assert making.Makers(1).lines([(records[0], 0)], 3) == making.lines([(records[0], 0)], 3)


def test_names_tell_items_sources_and_turns_apart(records: list[fields.Record]) -> None:
    names = {making.name(record, 0, turn) for record in records for turn in (1, 2)}
    assert len(names) == 2 * len(records)
    one = records[0]
    assert making.name(one, 0, 1) == making.name(dict(one), 0, 1)
    assert making.name(one, 0, 1) != making.name(one, 1, 1)
    assert making.name(one, 0, 1) != making.name(one | {"source": "b"}, 0, 1)


@pytest.mark.parametrize("odd", ["半\ud83d字", "a\udce4", '\u2028\n\t"', "𠮷"])
def test_whatever_stands_in_it_is_one_line_and_comes_back(
    records: list[fields.Record], odd: str
) -> None:
    record = records[0] | {"text": odd, "source": odd, "title": odd}
    [(name, line)] = making.lines([(record, 0)], 1)
    action, document, rest = line.split(b"\n")
    assert json.loads(action) == {"index": {"_id": name}} and rest == b""
    said: dict[str, Any] = json.loads(document)
    assert mapping.restored(said["record"]) == record
    said["source"][0].encode("utf-8")


def test_words_that_lucene_does_not_take_are_left_out(records: list[fields.Record]) -> None:
    record = records[0] | {"text": "a" * 40_000 + "川渝通办"}
    [(_, line)] = making.lines([(record, 0)], 1)
    said = json.loads(line.split(b"\n")[1])
    assert "通办" in said["words"] or "川渝" in said["words"]
    assert max(map(len, said["words"].split("\n"))) <= mapping.LONGEST
    assert said["length"] == 40_004
