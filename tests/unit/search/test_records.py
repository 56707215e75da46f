"""A recorded search: its digest is the files', whatever the index has been through."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chabao.indexer.build import build, remove
from chabao.search.engine import Index, Mode, Sort, export, open_index
from chabao.search.filters import Filters
from chabao.search.output.json_ import encoded
from chabao.search.output.json_ import record as contract
from chabao.search.records import Asked, Corpus, Record, as_json, corpus, from_json, record, repeat

TODAY = date(2025, 4, 1)
QUERY = Asked("川渝通办", False, Mode.AUTO, Sort.SCORE, Filters(), TODAY)


def by_hand(index: Index) -> str:
    """The digest as the documentation has it, from what `chabao export` prints."""
    lines = [json.loads(encoded(contract(item))) for item in export(index)]
    digests = []
    for item in lines:
        for place in ("schema", "source", "line", "page"):
            del item[place]
        text = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digests.append(hashlib.sha256(text.encode()).hexdigest() + "\n")
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def test_anyone_can_compute_the_digest(bundled: Index) -> None:
    found = corpus(bundled.records())
    assert found.digest == by_hand(bundled)
    assert found.items == 78
    assert sum(part.items for part in found.issues.values()) == 78
    assert sum(part.characters for part in found.issues.values()) == found.characters
    assert len(found.issues) == 5


def test_order_does_not_count_and_everything_that_is_said_does(bundled: Index) -> None:
    items = list(export(bundled))
    whole = corpus(items)
    for seed in range(5):
        assert corpus(random.Random(seed).sample(items, len(items))) == whole
    for at, (name, value) in enumerate(
        [
            ("text", "办"),
            ("title", "报"),
            ("department", ["商务厅"]),
            ("dates", [{"first": "1999-01-01", "last": "1999-01-02"}]),
            ("item", "九"),
        ]
    ):
        changed = [*items[:at], items[at] | {name: value}, *items[at + 1 :]]
        assert changed != items
        assert corpus(changed).digest != whole.digest
    assert corpus([*items, items[0]]).digest != whole.digest
    assert corpus(items[1:]).digest != whole.digest
    moved = [item | {"source": "b/" + item["source"], "line": 1, "page": 2} for item in items]
    assert corpus(moved).digest == whole.digest


def test_the_digest_is_the_same_after_any_history(root: Path, tmp_path: Path) -> None:
    files = sorted((root / "corpus").glob("*.txt"))
    chance = random.Random(8)
    found = set()
    for history in range(4):
        folder, index = tmp_path / f"files{history}", tmp_path / f"index{history}"
        folder.mkdir()
        for path in chance.sample(files, len(files)):
            shutil.copy(path, folder / (path.name if history % 2 else "moved-" + path.name))
            if chance.random() < 0.7:
                build([folder], index)
        if history == 2:
            extra = tmp_path / "extra"
            extra.mkdir()
            shutil.copy(files[0], extra)
            build([extra], index)
            remove(extra, index)
        victim = chance.choice(sorted(folder.iterdir()))
        text = victim.read_bytes()
        victim.unlink()
        build([folder], index)
        with open_index(index) as opened:
            assert len(corpus(opened.records()).issues) == 4
        victim.write_bytes(text)
        build([folder], index, rebuild=history == 3)
        with open_index(index) as opened:
            found.add((corpus(opened.records()).digest, record(opened, QUERY).found))
    assert len(found) == 1


def test_what_is_recorded_is_what_a_scan_finds(bundled: Index) -> None:
    said = record(bundled, QUERY)
    having = [item for item in export(bundled) if "川渝通办" in item["text"]]
    assert said.found.items == len(having)
    assert said.found.mentions == sum(item["text"].count("川渝通办") for item in having)
    assert said.found.issues == len({item["source"] for item in having})
    lines = sorted(f"{item['id']} {item['text'].count('川渝通办')}\n" for item in having)
    assert said.found.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_same_corpus_gives_the_same_answer(bundled: Index) -> None:
    for asked in (
        QUERY,
        replace(QUERY, query="(", literal=True),
        replace(QUERY, query="没有这句话"),
    ):
        again = repeat(bundled, from_json(as_json(record(bundled, asked))))
        assert again.same_corpus
        assert again.same_answer
        assert not (again.added or again.gone or again.changed)


def test_a_relative_date_counts_from_the_day_of_the_record(bundled: Index) -> None:
    for day, items in ((date(2025, 4, 1), 19), (date(2031, 1, 1), 0)):
        asked = replace(QUERY, query="", filters=Filters(period=["近三个月"]), today=day)
        said = record(bundled, asked)
        assert said.found.items == items
        assert repeat(bundled, from_json(as_json(said))).same_answer


def test_it_says_what_changed(root: Path, tmp_path: Path, bundled: Index) -> None:
    then = record(bundled, QUERY)
    files = sorted((root / "corpus").glob("*.txt"))
    folder = tmp_path / "files"
    folder.mkdir()
    for path in files[1:]:
        shutil.copy(path, folder)
    target = next(folder / p.name for p in files[1:] if "川渝通办" in p.read_text("utf-8"))
    target.write_text(target.read_text("utf-8").replace("川渝通办", "川渝同办"), "utf-8")
    build([folder], tmp_path / "index")
    with open_index(tmp_path / "index") as opened:
        found = repeat(opened, then)
        back = repeat(bundled, record(opened, QUERY))
    assert not found.same_corpus
    assert not found.same_answer
    assert (len(found.added), len(found.gone), len(found.changed)) == (0, 1, 1)
    assert back.added == found.gone
    assert back.changed == found.changed


texts = st.text(st.characters(codec=None), max_size=5)
askeds = st.builds(
    Asked,
    texts,
    st.booleans(),
    st.sampled_from(Mode),
    st.sampled_from(Sort),
    st.builds(
        Filters,
        *[st.lists(texts, max_size=2)] * 4,
        st.none() | st.dates(),
        st.none() | st.dates(),
    ),
    st.dates(),
)


@given(asked=askeds)
def test_a_record_is_read_as_it_was_written(bundled: Index, asked: Asked) -> None:
    said = record(bundled, QUERY)
    said = replace(said, asked=asked, corpus=Corpus("x", 1, 2, {}))
    once = from_json(as_json(said))
    # two halves of a character, side by side, are one character in JSON
    assert from_json(as_json(once)) == once
    if not any("\ud800" <= char <= "\udfff" for char in repr_of(asked)):
        assert once == said


def repr_of(asked: Asked) -> str:
    chosen = asked.filters
    names = (chosen.department, chosen.section, chosen.period, chosen.number)
    return asked.query + "".join(text for each in names for text in each)


@given(data=st.binary(max_size=40))
@example(data=b"[1]")
@example(data=b'{"schema": 2}')
@example(data=b'{"schema": 1}')
@example(data=b"\xff\xfe")
@example(data=b"[" * 100_000)
def test_what_is_no_record_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(data)


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, {"department": 1}])
def test_a_record_that_was_changed_by_hand(bundled: Index, wrong: Any) -> None:
    whole = json.loads(as_json(record(bundled, QUERY)))

    def varied(said: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = []
        for name, value in said.items():
            found.append({**said, name: wrong})
            if isinstance(value, dict):
                found += [{**said, name: each} for each in varied(value)]
        return found

    for each in varied(whole):
        try:
            read = from_json(json.dumps(each).encode())
        except ValueError:
            continue
        assert isinstance(read, Record)
        repeat(bundled, read)
