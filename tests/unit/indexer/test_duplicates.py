"""Copies: the same bulletin twice is counted once, both places are kept, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from chabao.indexer import build as building
from chabao.indexer import duplicates, parser, update
from chabao.indexer.build import Report, build
from chabao.indexer.reader import formats
from chabao.indexer.reader.document import Document
from chabao.indexer.workers import reading
from chabao.search.engine import export, open_index

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))
TEXTS = [path.read_text(encoding="utf-8-sig") for path in CORPUS]


def letters(text: str) -> str:
    issue = parser.parse(text, "")
    return reading.letters(item.text.chars for item in issue.items)


class Scan:
    """A poorer format of the same bulletins: text with a page's furniture every few lines."""

    @staticmethod
    def documents(data: bytes, name: str) -> Iterator[Document]:
        yield Document(data.decode().removeprefix("%PDF-"))


class Box:
    """Several texts in one file, parted by a line."""

    @staticmethod
    def documents(data: bytes, name: str) -> Iterator[Document]:
        for at, text in enumerate(data.decode().removeprefix("PK\x03\x04").split("=====")):
            yield Document(text, name=f"内/{at}.txt")


@pytest.fixture(autouse=True)
def formats_of_two_ranks(monkeypatch: pytest.MonkeyPatch) -> None:
    for suffix, module in {".pdf": "pdf", ".zip": "archive"}.items():
        monkeypatch.setitem(formats.MODULES, suffix, module)
    known = {"pdf": Scan, "archive": Box}
    real = formats.format_of
    monkeypatch.setattr(formats, "format_of", lambda module: known.get(module) or real(module))
    monkeypatch.setattr(formats, "module_of", lambda name, data=b"": formats.MODULES.get(
        Path(name).suffix, "text"))  # fmt: skip
    monkeypatch.setattr("chabao.indexer.reader.SUFFIXES", frozenset(formats.MODULES))
    # A worker knows nothing of these formats.
    monkeypatch.setattr("chabao.indexer.workers.pool._is_small", lambda job, size: True)
    monkeypatch.setattr(reading, "plain", lambda job: reading.parts(job))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def put(folder: Path, name: str, text: str) -> Path:
    mark = {".pdf": "%PDF-", ".zip": "PK\x03\x04"}.get(Path(name).suffix, "")
    path = folder / name
    path.write_text(mark + text, encoding="utf-8")
    return path


def sources(index: Path) -> list[str]:
    with open_index(index) as opened:
        return sorted({item["source"] for item in export(opened)})


def ids(index: Path) -> list[str]:
    with open_index(index) as opened:
        return sorted(item["id"] for item in export(opened))


def copies(report: Report) -> dict[str, str]:
    return {Path(path).name: Path(better).name for path, better in report.copies}


def furnished(text: str) -> str:
    """The text as a poorer format gives it: some characters taken for others."""
    return text.replace("推进", "推迸").replace("审批", "宙批")


def test_issues_of_one_bulletin_are_no_copies_and_one_with_small_faults_is() -> None:
    found = list(map(letters, TEXTS))
    for one in found:
        for other in found:
            assert duplicates.is_told(one, other) is (one is other)
    for one in found:
        cut = len(one) // 2
        assert duplicates.is_told(one[:cut] + "某" + one[cut + 1 :], one)
        pages = [one[at : at + 500] for at in range(0, len(one), 500)]
        assert duplicates.is_told("窗口工作周报第3页".join(pages), one)
        assert duplicates.is_told(one[:cut], one), "what is left of a copy is told too"
        assert not duplicates.is_told(one, one[:cut])


def test_what_has_a_passage_of_its_own_is_no_copy() -> None:
    one, other = letters(TEXTS[0]), letters(TEXTS[1])
    for length, told in ((30, True), (100, False)):
        more = one[:900] + other[700 : 700 + length] + one[900:]
        assert duplicates.is_told(more, one) is told
        assert duplicates.is_told(one, more)
    assert not duplicates.is_told("", one)


def test_the_better_copy_is_counted_whatever_came_first(folder: Path, tmp_path: Path) -> None:
    pdf = put(folder, "周报.pdf", furnished(TEXTS[0]))
    first = build([folder], tmp_path / "index")
    assert (first.issues, first.copies) == (1, ())
    text = put(folder, "周报.txt", TEXTS[0])
    both = build([folder], tmp_path / "index")
    assert (both.files, both.issues, copies(both)) == (2, 1, {"周报.pdf": "周报.txt"})
    assert sources(tmp_path / "index") == ["周报.txt"]
    found = ids(tmp_path / "index")
    assert len(set(found)) == len(found) == both.items
    assert build([folder], tmp_path / "index").unchanged == 2
    text.unlink()
    again = build([folder], tmp_path / "index")
    assert (again.files, again.issues, again.copies) == (1, 1, ())
    assert sources(tmp_path / "index") == ["周报.pdf"]
    pdf.unlink()
    assert build([folder], tmp_path / "index").files == 0


def test_two_copies_of_a_file_are_counted_once(folder: Path, tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.txt"):
        put(folder, name, TEXTS[0])
    note = "没有期号的一份材料。" * 20
    put(folder, "note 1.txt", note)
    put(folder, "note 2.txt", note)
    put(folder, "short 1.txt", "本周无。")
    put(folder, "short 2.txt", "本周无。")
    report = build([folder], tmp_path / "index")
    assert copies(report) == {"b.txt": "a.txt", "c.txt": "a.txt", "note 2.txt": "note 1.txt"}
    assert report.issues == 4


def test_another_issue_of_the_same_name_stays(folder: Path, tmp_path: Path) -> None:
    put(folder, "a.txt", TEXTS[0])
    head, _, _ = TEXTS[0].partition("一、")
    put(folder, "b.txt", head + TEXTS[1].partition("一、")[1] + TEXTS[1].partition("一、")[2])
    report = build([folder], tmp_path / "index")
    assert (report.issues, report.copies) == (2, ())


def test_documents_of_an_archive_come_and_go_together(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    box = put(folder, "包 (1).zip", "=====".join([TEXTS[0], "", TEXTS[1], TEXTS[0]]))
    report = build([folder], index)
    assert sources(index) == ["包 (1).zip/内/0.txt", "包 (1).zip/内/2.txt"]
    assert report.refused == ((str(box / "内" / "1.txt"), "there is no text in it"),)
    assert report.copies == ((str(box / "内" / "3.txt"), str(box / "内" / "0.txt")),)
    assert (report.files, report.issues) == (1, 2)
    again = build([folder], index)
    assert (again.unchanged, again.refused, again.copies) == (1, report.refused, report.copies)
    put(folder, "1.txt", TEXTS[1])
    report = build([folder], index)
    assert sources(index) == ["1.txt", "包 (1).zip/内/0.txt"]
    put(folder, "包 (1).zip", TEXTS[2])
    build([folder], index)
    assert sources(index) == ["1.txt", "包 (1).zip/内/0.txt"]
    box.unlink()
    assert build([folder], index).removed == 1
    assert sources(index) == ["1.txt"]


@pytest.mark.parametrize("seed", range(6))
def test_a_grown_index_knows_the_copies_that_a_fresh_one_knows(
    folder: Path, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came and went, and with a commit after each file or one at the end."""
    random = Random(seed)
    monkeypatch.setattr(update, "STEP", random.choice([-1.0, 60.0]))
    monkeypatch.setattr(update, "RARELY", 0)
    kinds = [TEXTS[3], furnished(TEXTS[3]), TEXTS[3][: len(TEXTS[3]) * 2 // 3], TEXTS[0], TEXTS[2]]
    for step in range(12):
        for _ in range(random.randint(1, 3)):
            name = f"{random.randrange(4)}.{random.choice(['txt', 'pdf', 'zip'])}"
            if (folder / name).exists() and random.random() < 0.4:
                (folder / name).unlink()
            else:
                count = random.randint(1, 3) if name.endswith("zip") else 1
                put(folder, name, "=====".join(random.choices(kinds, k=count)))
        grown = build([folder], tmp_path / "grown")
        fresh = building.build([folder], tmp_path / f"fresh{step}")
        assert sources(tmp_path / "grown") == sources(tmp_path / f"fresh{step}")
        assert ids(tmp_path / "grown") == ids(tmp_path / f"fresh{step}")
        assert (grown.issues, grown.items) == (fresh.issues, fresh.items)
        assert {path for path, _ in grown.copies} == {path for path, _ in fresh.copies}
        found = ids(tmp_path / "grown")
        assert len(found) == grown.items


def test_what_was_refused_is_tried_again_where_more_can_be_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    real = reading.parts

    def noting(job: reading.Job) -> Iterator[reading.Part]:
        tried.append(job.source)
        return real(job)

    monkeypatch.setattr(reading, "parts", noting)
    put(folder, "无.zip", "=====")
    put(folder, "半.zip", "=====".join([TEXTS[0], ""]))
    (folder / "空.txt").touch()
    first = build([folder], tmp_path / "index")
    assert len(first.refused) == 4 - 1
    tried.clear()
    assert build([folder], tmp_path / "index").refused == first.refused
    assert tried == []
    monkeypatch.setattr(formats, "readers", lambda: "all")
    assert build([folder], tmp_path / "index").refused == first.refused
    assert sorted(tried) == sorted(["半.zip", "无.zip", "空.txt"])
    tried.clear()
    assert build([folder], tmp_path / "index", rebuild=True).refused == first.refused
    assert len(tried) == 3
