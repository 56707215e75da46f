"""No query holds the machine; in full, on a large index: python -m benchmarks.faults.queries"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import queries
from benchmarks.faults.queries import Taken
from chabao.search import engine
from chabao.search.backends import whoosh_
from chabao.search.backends.related import conditions
from chabao.search.query import Everything, Literal, Or

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_some_of_them() -> None:
    tried = queries.run(9, 4, items=60)
    assert tried.trials == 4
    assert tried.failures == []


@pytest.mark.parametrize(
    ("taken", "failure"),
    [
        (Taken(2.1, 0, 0, ""), "2.1 s"),
        (Taken(0.1, 301 << 20, 0, ""), "301 MB more"),
        (Taken(0.1, 0, -9, ""), "exit -9: "),
        (Taken(0.1, 0, 2, "chabao: something in chabao itself went wrong"), "exit 2"),
        (Taken(0.1, 0, 2, ""), "refused without a word"),
        (Taken(1.9, 199 << 20, 2, "chabao: no"), None),
    ],
)
def test_what_holds_it_would_be_seen(taken: Taken, failure: str | None) -> None:
    wrong = queries.wrong(taken, Taken(0.0, 0, 0, ""))
    assert (wrong or "").startswith(failure or "") and bool(wrong) == bool(failure)


def test_what_reads_everything_may_take_more_for_it_but_no_memory() -> None:
    asked = queries.Asked("", ("figures",), rate=queries.REPORT, since=queries.YEAR)
    recent = sum(record["date"] >= "2023" for record in queries.records(Random(1), 58_000))
    assert asked.seconds(58_000) == 2 + recent / 2_000
    nothing = Taken(0.0, 0, 0, "")
    assert queries.wrong(Taken(3.0, 0, 0, ""), nothing, asked.seconds(58_000)) is None
    assert queries.wrong(Taken(9.0, 0, 0, ""), nothing, asked.seconds(58_000)) == "9.0 s"
    assert queries.wrong(Taken(3.0, 201 << 20, 0, ""), nothing, 9.0) == "201 MB more"


def test_everything_asked_is_a_call_of_its_own(tmp_path: Path) -> None:
    chosen = list(queries.everything(Random(1), tmp_path))
    assert len({asked.name for asked in chosen}) == len(chosen)
    assert {"reprints", "export", "quote"} <= {asked.words[0] for asked in chosen}


def test_what_only_texts_ask_is_no_condition() -> None:
    both = (Literal("甲"), Literal("乙"))
    assert conditions(Or(both)) == Everything()
    assert conditions(Literal("甲")) == Everything()


def test_headings_are_looked_at_after_a_word_that_is_in_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_, "WARM", -1)
    monkeypatch.setattr(whoosh_, "COLD", -1)
    with engine.open_index(queries.made(tmp_path, 1, 20)) as index:
        found = engine.search(index, "没有的词 工作情况 也没有的", mode=engine.Mode.EXACT)
    assert found.total == 0
