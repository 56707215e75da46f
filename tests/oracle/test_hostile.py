"""Whatever is typed or pasted ends soon, with an answer or a clear refusal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from chabao.search import engine
from chabao.search.query import Kind

SECONDS = 2.0
Records = list[dict[str, Any]]


def lines(records: Records) -> dict[str, str]:
    text = "".join(record["text"] for record in records)
    plain = "".join(char for char in text if char.isalpha())
    chars = sorted(set(plain))[:1_000]
    pieces = [plain[at * 7 % 9_000 :][:90] for at in range(1_024)]
    return {
        "100,000 characters": (text * 9)[:100_000],
        "one character 100,000 times": "川" * 100_000,
        "100,001 characters": "川" * 100_001,
        "10,000 brackets": "(" * 5_000 + ")" * 5_000,
        "10,000 brackets open": "(" * 10_000,
        "brackets about a term": "(" * 5_000 + "川渝通办" + ")" * 5_000,
        "wildcards alone": "????",
        "wildcards in a term": "的*的*的*的",
        "as many wildcards as may be": "*".join("的" * 9),
        "10,000 terms": " OR ".join(f"词{number}" for number in range(10_000)),
        "1,024 terms of long text": " ".join(f"第{at}{piece}" for at, piece in enumerate(pieces)),
        "1,000 long alternatives": " OR ".join(piece + "尾" for piece in pieces[:1_000]),
        "1,000 characters": " OR ".join(chars),
        "1,000 characters together": " ".join(chars),
        "1,000 exclusions": "没有这几个字 " + " ".join(f"-{char}" for char in chars),
        "1,000 patterns": " OR ".join(f"的*{char}*的" for char in chars),
        "500 pairs": " ".join(f"的 NEAR/{at} 一" for at in range(500)),
        "wide pairs": f"({'|'.join(chars[:500])}) NEAR/1000 ({'|'.join(chars[500:])})",
        "1,000 departments": " OR ".join(f"部门:局{at}" for at in range(1_000)),
        "half a character": "\ud800",
        "half a character among others": "川渝\udc80通办 \ud800*\ud801 部门:\ud800 栏目:\udfff",
        "controls": "\x00\x1b[31m川渝通办\x1b[0m\x07",
        "signs": "-" * 100 + "|" * 100 + '"' * 101 + "：" * 100,
    }  # fmt: skip


def names() -> list[str]:
    return list(lines([{"text": "川渝通办的一" * 2_000}]))


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("literal", [False, True])
@pytest.mark.parametrize("mode", list(engine.Mode))
def test_it_ends_soon(
    name: str, literal: bool, mode: engine.Mode, records: Records, whole: Path
) -> None:
    line = lines(records)[name]
    started = time.process_time()
    with engine.open_index(whole) as index:
        results = engine.search(
            index, line, literal=literal, mode=mode, facets=True, files=True, explain=True
        )
    assert time.process_time() - started < SECONDS
    refused = any(remark.fatal for remark in results.notices)
    assert results.query == line
    assert all(remark.message for remark in results.notices)
    if refused:
        assert (results.total, results.hits) == (0, ())
    elif not results.total:
        assert results.hits == ()
        assert results.understood


def test_what_would_read_too_much_is_refused_before_it_is_read(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "COSTLIEST", 100)
    with engine.open_index(whole) as index:
        (remark,) = engine.search(index, "的").notices
        assert (remark.kind, remark.fatal) == (Kind.TOO_COSTLY, True)
        assert engine.search(index, "川渝通办").total == 4
