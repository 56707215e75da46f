"""Word files as portions of text, hostile ones refused."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from chabao.indexer.errors import UnreadableFile
from chabao.search import wordfiles
from chabao.search.manuscripts import Kind, Place, quotations

LONG = "一二三四五六七八"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HERE = Path("paper.docx")


def made(body: str, footnotes: str = "", **more: str | bytes) -> bytes:
    """A .docx file with such a body."""
    parts = {"document.main": "word/document.xml", "footnotes": "word/footnotes.xml"}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{TYPE}.{kind}+xml"/>'
        for kind, name in parts.items()
        if footnotes or kind != "footnotes"
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f"<Types>{types}</Types>",
        "word/document.xml": f"<w:document {SPACE}><w:body>{body}</w:body></w:document>",
    }
    if footnotes:
        files["word/footnotes.xml"] = f"<w:footnotes {SPACE}>{footnotes}</w:footnotes>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (files | more).items():
            archive.writestr(name, text)
    return data.getvalue()


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


def found(data: bytes) -> list[tuple[str, Place]]:
    return [(each.text, each.place) for each in quotations(wordfiles.portions(data, HERE))]


def test_runs_make_paragraphs_and_paragraphs_are_counted() -> None:
    body = paragraph("引言") + paragraph("据报“一二三", "四五六", "七八”。") + paragraph(f"“{LONG}")
    body += paragraph("九十”")
    assert found(made(body)) == [
        (LONG, Place(Kind.PARAGRAPH, 2)),
        (f"{LONG}\n九十", Place(Kind.PARAGRAPH, 3)),
    ]


def test_tables_and_notes_are_read_and_keep_apart() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in (f"“{LONG}甲”", "“没有收尾"))
    body = paragraph("“也没有收尾") + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    body += paragraph(f"{LONG}”“{LONG}乙”")
    note = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    note += f'<w:footnote w:id="1">{paragraph("一")}</w:footnote>'
    note += f'<w:footnote w:id="2">{paragraph(f"“{LONG}丙”")}</w:footnote>'
    assert found(made(body, note)) == [
        (f"{LONG}甲", Place(Kind.TABLE, 1)),
        (f"{LONG}乙", Place(Kind.PARAGRAPH, 2)),
        (f"{LONG}丙", Place(Kind.FOOTNOTE, 2)),
    ]


def test_what_was_deleted_or_stands_twice_is_read_once() -> None:
    run = (
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
    )
    choice = '<a:AlternateContent xmlns:a="x"><a:Choice><w:r><w:t>框</w:t></w:r></a:Choice>'
    choice += "<a:Fallback><w:r><w:t>框</w:t></w:r></a:Fallback></a:AlternateContent>"
    body = f"<w:p><w:r><w:t>“{LONG}</w:t></w:r>{run}{choice}<w:r><w:t>”</w:t></w:r></w:p>"
    assert found(made(body)) == [(f"{LONG}增框", Place(Kind.PARAGRAPH, 1))]


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        wordfiles.portions(data, HERE)
    assert caught.value.values["path"] == HERE
    return str(caught.value.values["reason"])


def test_entities_are_refused() -> None:
    lol = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    hostile = {"word/document.xml": f"{lol}<w:document {SPACE}>&b;</w:document>"}
    assert "declares a document type" in refused(made("", **hostile))
    outside = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    hostile = {"word/document.xml": f"{outside}<w:document {SPACE}>&a;</w:document>"}
    assert "declares a document type" in refused(made("", **hostile))


def test_what_would_take_too_much_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordfiles, "MOST_BYTES", 10_000)
    assert "too large" in refused(made(paragraph("甲" * 10_000)))
    monkeypatch.setattr(wordfiles, "MOST_FILES", 1)
    assert "too many files" in refused(made(""))


def test_a_size_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordfiles, "MOST_BYTES", 10_000)
    data = made(paragraph("甲" * 10_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    assert data.count(size) == 2
    assert refused(data.replace(size, (99).to_bytes(4, "little")))


def test_other_files_are_refused_in_words() -> None:
    assert "old .doc" in refused(wordfiles.OLD + bytes(600))
    assert "not a .docx" in refused(wordfiles.MAGIC + b"garbage")
    assert "XML is broken" in refused(made("<w:p>"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert "no document in it" in refused(data.getvalue())
    assert "not a .docx" in refused(made("")[:-40])


def test_depth_is_no_matter() -> None:
    body = "<w:p>" * 100_000 + f"<w:t>“{LONG}”</w:t>" + "</w:p>" * 100_000
    assert [text for text, _ in found(made(body))] == [LONG]


def test_damage_anywhere_is_told_and_never_a_traceback() -> None:
    chance = random.Random(1)
    good = made(paragraph(f"“{LONG}”"), f'<w:footnote w:id="1">{paragraph("注")}</w:footnote>')
    for _ in range(400):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            wordfiles.portions(bytes(data[: chance.choice([len(data), len(data) // 2])]), HERE)
        except UnreadableFile:
            continue
