"""Results for programs: JSON and plain lines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from chabao.search.output import json_
from chabao.search.output.plain import plain
from chabao.search.output.screen import Screen
from chabao.search.query import Diagnostic, Kind, Span
from chabao.search.results import Results, Snippet

HIT_KEYS = [
    "rank", "score", "mentions", "id", "title", "number", "serial", "date", "period", "publisher",
    "section", "item", "department", "dates", "source", "line", "page", "inferred", "snippets",
]  # fmt: skip


def test_the_keys_stand_in_the_order_of_the_contract(results: Results) -> None:
    notice = Diagnostic(Kind.RELAXED, Span(0, 4), "relaxed", "hint")
    answer = json.loads(json_.results(replace(results, notices=(notice,), facet=None)))
    assert list(answer) == [
        "schema", "query", "understood", "exact", "total", "mentions", "seconds", "notices", "hits",
    ]  # fmt: skip
    assert list(answer["hits"][1]) == HIT_KEYS
    assert list(answer["hits"][0]) == [*HIT_KEYS, "explanation"]
    assert answer["notices"] == [
        {"kind": "relaxed", "span": [0, 4], "message": "relaxed", "hint": "hint"}
    ]
    assert answer["hits"][0]["snippets"] == [
        {"text": "实行“川渝通办”“省内通办”。", "spans": [[3, 7]]}
    ]


def test_json_is_one_line_of_utf8(results: Results) -> None:
    out = json_.results(results)
    assert out.count(b"\n") == 1
    assert out.endswith(b"}\n")
    assert "川渝通办".encode() in out
    assert b"\\u" not in out


def test_half_a_character_in_a_query_is_no_reason_to_fail(results: Results) -> None:
    assert json.loads(json_.results(replace(results, query="a\udce5")))["query"] == "a?"


def test_a_record_has_the_fields_of_the_contract_and_no_more(record: dict[str, Any]) -> None:
    assert tuple(json_.record(record)) == json_.FIELDS
    assert "lines" not in json_.record(record)


def test_plain_lines_name_the_line_of_the_first_mention(results: Results) -> None:
    assert list(plain(results, Screen())) == [
        "周报/423.txt:21:3f9ac1d2:实行“川渝通办”“省内通办”。",
        "周报/423.txt:21:77aa00bb:近日，",
    ]
    later = Snippet("通办”。", (Span(0, 2),), offset=13)
    hit = replace(results.hits[0], snippets=(later,))
    assert next(plain(replace(results, hits=(hit,)), Screen())).startswith("周报/423.txt:25:")


def test_plain_lines_are_marked_only_in_colour(results: Results) -> None:
    assert "\x1b[1;31m川渝通办\x1b[0m" in next(plain(results, Screen(None, True)))


def test_a_plain_line_is_one_line(results: Results) -> None:
    hit = replace(results.hits[0], snippets=(Snippet("a\nb\x1b[0m\u2028", ()),))
    (line,) = plain(replace(results, hits=(hit,)), Screen())
    assert line.endswith(":a\ufffdb\ufffd[0m\ufffd")
