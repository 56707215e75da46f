"""Word files: all that is printed, in order, and nothing that is not."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx as python_docx
import pytest

from chabao.indexer import parser
from chabao.indexer.reader import word
from chabao.indexer.reader.counting import shown
from chabao.indexer.reader.document import Unreadable
from chabao.tests.unit.indexer.reader import made
from chabao.tests.unit.indexer.reader.made import numbered, paragraph, run, table

ROOT = Path(__file__).parents[4]
CORPUS = sorted(ROOT.glob("corpus/*.txt"))


def text_of(data: bytes) -> str:
    (document,) = word.documents(data, "a.docx")
    assert document.pages == () and document.name == ""
    return document.text


def lines(body: str, **parts: str) -> list[str]:
    return [line.strip() for line in text_of(made.docx(body, **parts)).split("\n") if line.strip()]


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


OFFICIAL = numbering(
    level(0, "chineseCountingThousand", "%1、", '<w:suff w:val="nothing"/>'),
    level(1, "chineseCounting", "（%2）", '<w:suff w:val="nothing"/>'),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircleChinese", "%4", '<w:suff w:val="nothing"/>'),
)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name[:3])
def test_every_sentence_of_a_bulletin_is_there_in_order(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    document = python_docx.Document()
    for line in source.split("\n"):
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    text, at = text_of(file.getvalue()), 0
    for sentence in filter(str.strip, re.split("[。\n]", source)):
        at = text.index(sentence.strip(), at) + len(sentence.strip())
    was, now = parser.parse(source, "a"), parser.parse(text, "a")
    assert [item.text.chars for item in now.items] == [item.text.chars for item in was.items]
    assert [item.section for item in now.items] == [item.section for item in was.items]
    assert (now.title, now.number, now.date) == (was.title, was.number, was.date)


def test_numbers_that_word_makes_are_in_the_text() -> None:
    body = numbered("领导批示") + numbered("批示一", level=2) + numbered("批示二", level=2)
    body += numbered("窗口动态") + numbered("办件", level=1) + numbered("10月9日，受理", level=2)
    body += numbered("受理", level=1) + numbered("又一", level=2) + numbered("圈", level=3)
    assert lines(body, numbering=OFFICIAL) == [
        "一、领导批示", "1. 批示一", "2. 批示二",
        "二、窗口动态", "（一）办件", "1. 10月9日，受理", "（二）受理", "1. 又一", "①圈",
    ]  # fmt: skip


def test_numbers_count_on_over_lists_unless_told_where_to_start() -> None:
    nums = "".join(
        f'<w:num w:numId="{num}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for num, more in (
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
        )
    )
    made_of = numbering(level(0, "decimal", "%1."), nums=nums)
    body = "".join(numbered("甲", num) for num in (1, 1, 2, 3, 3))
    assert [line[:2] for line in lines(body, numbering=made_of)] == ["1.", "2.", "3.", "5.", "6."]


def test_several_levels_stand_in_one_number() -> None:
    levels = numbering(
        level(0, "chineseCounting", "第%1章"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimal", "%3", '<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(numbered("甲", 1, at) for at in (0, 1, 1, 2, 0, 1, 2))
    assert lines(body, numbering=levels) == [
        "第一章 甲", "1.1 甲", "1.2 甲", "1 甲", "第二章 甲", "2.1 甲", "2 甲",
    ]  # fmt: skip


def test_a_style_numbers_its_paragraphs_and_a_paragraph_may_refuse() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/><w:pPr>'
        '<w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    levels = numbering(
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="1"/><w:suff w:val="nothing"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="2"/><w:suff w:val="nothing"/>'),
    )
    body = paragraph("办件", properties='<w:pStyle w:val="1"/>')
    body += paragraph("受理", properties='<w:pStyle w:val="2"/>')
    none = '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body += paragraph("不编号", properties=none)
    assert lines(body, numbering=levels, styles=styles) == [
        "# 一、办件", "## （一）受理", "# 不编号",
    ]  # fmt: skip


def test_a_list_may_only_point_to_a_style() -> None:
    pointing = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="S"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="S"/>'
        f"{level(0, 'decimal', '%1.')}</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    assert lines(numbered("甲") + numbered("乙"), numbering=pointing) == ["1. 甲", "2. 乙"]


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalFullWidth", 12, "\uff11\uff12"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("unheardOf", 7, "7"),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, number: int, text: str) -> None:
    assert shown(number, form) == text


def test_the_parser_finds_items_by_numbers_that_word_made() -> None:
    body = paragraph("窗口工作周报") + paragraph("2023年第3期") + numbered("领导批示")
    body += numbered("10月9日，杨兴平副省长批示：请总结经验。", level=2)
    body += numbered("窗口动态") + numbered("文旅厅推进“川渝通办”。", level=2)
    issue = parser.parse(text_of(made.docx(body, numbering=OFFICIAL)), "a")
    assert [(item.section, item.label, item.text.chars) for item in issue.items] == [
        (("一、领导批示",), "1.", "10月9日，杨兴平副省长批示：请总结经验。"),
        (("二、窗口动态",), "1.", "文旅厅推进“川渝通办”。"),
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    deleted = "<w:del><w:r><w:delText>删</w:delText><w:tab/></w:r></w:del>"
    moved = f"<w:moveFrom>{run('移走')}</w:moveFrom>"
    old = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    body = paragraph("受理", deleted, f"<w:ins>{run('增')}</w:ins>", moved, run("件", old))
    assert lines(body) == ["受理增件"]
    mark = "<w:rPr><w:del/></w:rPr>"
    assert lines(paragraph("川", properties=mark) + paragraph("渝通办")) == ["川渝通办"]
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('删行')}</w:tc></w:tr>"
    body = table(["甲", "乙"]).replace("</w:tbl>", gone + "</w:tbl>")
    assert lines(body) == ["甲 | 乙"]
    was = '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    assert lines(paragraph("甲", properties=was), numbering=OFFICIAL) == ["甲"]


def test_hidden_text_is_not_printed() -> None:
    style = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph("甲", run("隐", "<w:vanish/>"), run("乙", '<w:vanish w:val="0"/>'))
    body += paragraph(run("隐", '<w:rStyle w:val="h"/>'), "丙")
    assert lines(body, styles=style) == ["甲乙", "丙"]


def test_breaks_tabs_and_symbols() -> None:
    inside = "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/></w:r>"
    inside += '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    inside += '<w:r><w:sym w:font="仿宋" w:char="2460"/></w:r>'
    assert text_of(made.docx(paragraph(inside))) == "甲\n乙\t丙-☑①\n"


def test_pages_that_the_author_began() -> None:
    broken = '<w:r><w:t>甲</w:t><w:br w:type="page"/><w:t>乙</w:t></w:r>'
    section = "<w:sectPr/>"
    flowing = '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'
    body = paragraph(broken) + paragraph("丙", properties="<w:pageBreakBefore/>")
    body += paragraph("丁", properties=section) + paragraph("戊", properties=flowing)
    body += paragraph("己")
    assert text_of(made.docx(body)) == "甲\f乙\n\f丙\n丁\n\f戊\n己\n"


def test_rows_stay_on_a_line_and_cells_apart() -> None:
    body = table(["部门", "受理", "办结"], ["文旅厅", "", "120"], ["", "", ""])
    assert lines(body) == ["部门 | 受理 | 办结", "文旅厅 |  | 120"]
    two = paragraph("政务") + paragraph("服务")
    assert lines(table([two, "12"])) == ["政务 服务 | 12"]


def test_a_frame_around_a_bulletin_keeps_its_lines() -> None:
    body = table([paragraph("一、动态") + paragraph("（一）受理。") + table(["甲", "1"])])
    assert lines(body) == ["一、动态", "（一）受理。", "甲 | 1"]


def test_notes_stand_below_what_they_belong_to() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="0" w:type="separator">{paragraph("")}</w:footnote>'
    note += f'<w:footnote w:id="2">{paragraph("含网上受理。")}</w:footnote>'
    end = f'<w:endnote w:id="1">{paragraph("截至月底。")}</w:endnote>'
    body = paragraph("受理30880", reference, "件。") + paragraph("后")
    body += table(["甲", paragraph("乙", '<w:r><w:endnoteReference w:id="1"/></w:r>')])
    assert lines(body, footnotes=note, endnotes=end) == [
        "受理30880件。", "含网上受理。", "后", "甲 | 乙", "截至月底。",
    ]  # fmt: skip


def test_text_boxes_and_word_art_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('窗口工作周报')}</w:txbxContent>"
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    anchor = f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"
    art = '<w:r><w:pict><v:shape><v:textpath string="政务要情"/></v:shape></w:pict></w:r>'
    assert lines(paragraph(anchor, "2023年第3期", art)) == [
        "窗口工作周报", "政务要情", "2023年第3期",
    ]  # fmt: skip


def test_what_stands_on_every_page_is_read_once_and_is_in_no_item() -> None:
    head = paragraph("窗 口 工 作 周 报")
    foot = paragraph("— 1 —") + paragraph("四川省政府政务服务和公共资源交易服务中心")
    body = paragraph("2023年第3期") + paragraph("一、动态") + paragraph("1.文旅厅受理12件。")
    issue = parser.parse(text_of(made.docx(body, header1=head, footer1=foot)), "a")
    assert (issue.title, issue.number) == ("窗口工作周报", "2023年第3期")
    assert [item.text.chars for item in issue.items] == ["文旅厅受理12件。"]
    assert issue.publisher == "四川省政府政务服务和公共资源交易服务中心"


def test_a_table_of_contents_is_told_by_its_dots() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    line = paragraph("<w:r><w:t>一、动态</w:t><w:tab/><w:t>1</w:t></w:r>",
                     properties='<w:pStyle w:val="T"/>')  # fmt: skip
    assert lines(line, styles=styles) == ["一、动态……1"]


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        text_of(data)
    return caught.value.reason


def test_what_is_no_word_file_is_refused_with_the_reason() -> None:
    assert "no document" in refused(made.zipped({"a.txt": "甲"}))
    assert "no text" in refused(made.docx(paragraph("")))
    assert "XML is broken" in refused(made.docx("<w:p>"))
    good = made.docx(paragraph("甲"))
    assert "cannot be unpacked" in refused(good[:-30])
    typed = '<!DOCTYPE a [<!ENTITY a "aaa">]><w:document/>'
    files = {"[Content_Types].xml": f'<Types><Override PartName="/d" ContentType="{made.WORD}'
             '.document.main+xml"/></Types>', "d": typed}  # fmt: skip
    assert "declares a document type" in refused(made.zipped(files))
