"""Indexes of formats that were in use: opened with the answers of then, or refused politely."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh.fields import TEXT as STOCK
from whoosh.fields import Schema
from whoosh.index import create_in

sys.path.insert(0, str(Path(__file__).parents[2]))

from chabao.indexer import manifest, sealed
from chabao.indexer.build import build
from chabao.indexer.codecs.container import FORMAT
from chabao.indexer.copying import copy
from chabao.indexer.errors import AwayFolder, OldIndex, OtherIndex
from chabao.indexer.inspection import inspect
from chabao.indexer.repairing import repair
from chabao.indexer.status import size
from chabao.search.engine import export, open_index, search
from chabao.tests.faults.formats.make import TEXT

KEPT = Path(__file__).parent / "formats"
FORMATS = sorted(int(path.name.removeprefix("format-")) for path in KEPT.glob("format-*"))
MENTIONS = {"川渝通办": 1, "一网通办": 2, "窗口": 2, "二十八": 0}
ITEMS = [
    "推进“川渝通办”事项28件，商务厅窗口受理三百零五件。",
    "3月4日，文旅厅窗口开展一网通办培训。",
    "继续推进政务服务“一网通办”。",
]


def test_the_format_of_today_is_kept() -> None:
    assert FORMAT in FORMATS and [*range(1, FORMAT + 1)] == FORMATS


@pytest.fixture(params=FORMATS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT / f"format-{request.param}", tmp_path / "index"))


def test_it_is_opened_with_the_answers_of_then_or_refused(index: Path) -> None:
    try:
        opened = open_index(index)
    except OldIndex as error:
        assert error.values["found"] < FORMAT == error.values["expected"]
        return
    with opened:
        assert [item["text"] for item in export(opened)] == ITEMS
        found = {line: search(opened, line).mentions for line in MENTIONS}
        assert found == MENTIONS
        assert inspect(index, deep=True).sound


REFUSING: list[Callable[[Path], object]] = [
    open_index, size, inspect, lambda index: build([index.parent], index),
]  # fmt: skip


@pytest.mark.parametrize("ask", REFUSING, ids=["search", "status", "check-index", "index"])
def test_an_old_one_is_refused_by_all_and_left_as_it_is(
    tmp_path: Path, ask: Callable[[Path], object]
) -> None:
    index = Path(shutil.copytree(KEPT / "format-1", tmp_path / "index"))
    with pytest.raises(OldIndex):
        ask(index)
    kept = {path.name: path.read_bytes() for path in (KEPT / "format-1").iterdir()}
    assert {name: (index / name).read_bytes() for name in kept} == kept


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize(
    "ask",
    [*REFUSING, repair, lambda index: build([index.parent], index, rebuild=True),
     lambda index: copy(KEPT / f"format-{FORMAT}", index)],
    ids=["search", "status", "check-index", "index", "repair", "rebuild", "copy"],
)  # fmt: skip
def test_an_index_that_another_program_made_is_refused_and_left_as_it_is(
    tmp_path: Path, ask: Callable[[Path], object], filled: bool
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    texts = Schema(text=STOCK(stored=True))
    if filled:
        with create_in(str(index), texts).writer() as writer:
            writer.add_document(text="川渝通办")
    else:
        create_in(str(index), texts)
    kept = {path.name: path.read_bytes() for path in index.iterdir()}
    with pytest.raises(OtherIndex, match=re.escape(str(index))):
        ask(index)
    assert {path.name: path.read_bytes() for path in index.iterdir()} == kept


@pytest.mark.parametrize("number", FORMATS)
def test_it_is_built_again_of_the_folders_that_it_names(tmp_path: Path, number: int) -> None:
    index = Path(shutil.copytree(KEPT / f"format-{number}", tmp_path / "index"))
    folder = tmp_path / "bulletins"
    if number == 1:
        with pytest.raises(AwayFolder):
            repair(index)
    folder.mkdir()
    (folder / "2024-3.txt").write_text(TEXT, "utf-8")
    path = index / manifest.NAME
    if number == 1:
        said = json.loads(path.read_bytes())
        path.write_text(json.dumps(said | {"roots": {"bulletins": str(folder)}}), "utf-8")
    else:
        for at in (path, index / manifest.FOLDERS):
            text = json.dumps(sealed.read(at)).replace('"/bulletins', f'"{folder.as_posix()}')
            sealed.write(at, json.loads(text))
        (postings,) = index.glob("*.chp")
        postings.unlink()
    report = repair(index)
    assert report and report.items == len(ITEMS)
    with open_index(index) as opened:
        assert [item["text"] for item in export(opened)] == ITEMS


def test_the_message_says_what_to_do(tmp_path: Path) -> None:
    index = Path(shutil.copytree(KEPT / "format-1", tmp_path / "index"))
    ran = subprocess.run(
        [sys.executable, "-m", "chabao", "search", "川渝", "--index", str(index), "--lang", "en"],
        capture_output=True, cwd=tmp_path, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, b"")
    said = ran.stderr.decode("utf-8")
    assert f"has format 1, this program reads {FORMAT}" in said and "chabao repair" in said
    assert len(said.splitlines()) == 1
