"""Web pages: what a browser shows, less what leads elsewhere, whatever the encoding."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from chabao.indexer import parser
from chabao.indexer.reader import web
from chabao.indexer.reader.document import Unreadable

CORPUS = sorted(Path(__file__).parents[4].glob("corpus/*.txt"))
MENU = "".join(f'<li><a href="{at}">政务公开栏目{at}</a></li>' for at in range(9))
FRAME = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>{title}_四川省人民政府网站</title>
<meta name="ArticleTitle" content="{title}"><style>p {{ color: red }}</style>
<script>var 脚本 = "<p>不是</p>";</script></head><body>
<div class="header"><ul>{menu}</ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/a">政务动态</a></div>
<h1>{title}</h1><div class="info">来源：政务服务中心 2023-02-08 10:00</div>
<div id="zoom" class="TRS_Editor">{body}</div>
<div class="share">分享到：微信 微博</div><div style="display: none">隐藏的话。</div>
<div class="footer">版权所有：四川省人民政府 蜀ICP备13001288号</div></body></html>"""


def page(body: str, title: str = "窗口工作周报", charset: str = "utf-8") -> str:
    return FRAME.format(body=body, title=title, menu=MENU, charset=charset)


def text_of(data: str | bytes) -> str:
    (document,) = web.documents(data.encode() if isinstance(data, str) else data, "a.html")
    return document.text


def lines(body: str) -> list[str]:
    return text_of(f"<body>{body}").splitlines()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "utf-16"])
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name[:3])
def test_every_sentence_of_a_bulletin_is_there_and_no_navigation(path: Path, charset: str) -> None:
    source = path.read_text(encoding="utf-8")
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in source.split("\n"))
    encoding = {"gb2312": "gb18030", "gbk": "gb18030"}.get(charset, charset)
    text, at = text_of(page(body, charset=charset).encode(encoding)), 0
    for sentence in filter(str.strip, re.split("[。\n]", source)):
        sentence = " ".join(sentence.split())
        at = text.index(sentence, at) + len(sentence)
    for word in ("公开栏目", "当前位置", "分享到", "版权所有", "隐藏", "脚本", "color"):
        assert word not in text
    assert "2023-02-08" in text
    was, now = parser.parse(source, "a"), parser.parse(text, "a")
    assert [item.text.chars for item in now.items] == [item.text.chars for item in was.items]


def test_a_page_without_marks_loses_nothing() -> None:
    text = text_of(page("<p>甲。</p>").replace('id="zoom" class="TRS_Editor"', ""))
    assert text.splitlines() == ["# 窗口工作周报", "来源：政务服务中心 2023-02-08 10:00", "甲。"]


def test_prose_outside_what_is_marked_as_text_is_kept() -> None:
    body = page("<p>短。</p>").replace("</body>", f"<div><p>{'正文在外。' * 20}</p></div></body>")
    assert "正文在外" in text_of(body) and "短。" in text_of(body)


def test_blocks_breaks_entities_and_inline_elements() -> None:
    body = "<p>川<b>渝</b>\n通办&nbsp;&lt;甲&gt;<br>乙&amp;丙<div>丁<span>戊</span></div>己"
    assert lines(body) == ["川渝 通办\u00a0<甲>", "乙&丙", "丁戊", "己"]
    assert lines("<pre>甲\n 乙</pre>") == ["甲", "乙"]
    assert lines("<p>甲<!-- 注释 --><![if !supportLists]>（1）<![endif]>乙") == ["甲（1）乙"]


def test_rows_stay_on_a_line() -> None:
    body = "<table><tr><th>部门<th>受理</tr><tr><td>文旅厅<td><p>12</p></tr></table>"
    assert lines(body) == ["部门 | 受理", "文旅厅 | 12"]


def test_tables_that_lay_out_a_page_keep_its_lines() -> None:
    text = "".join(f"<p>（{at}）受理。</p>" for at in range(9))
    body = f"<table><tr><td>左<td><table><tr><td>甲<td>1</tr></table>{text}</tr></table>"
    assert lines(body)[:3] == ["左", "甲 | 1", "（0）受理。"]


def test_numbers_that_a_browser_makes() -> None:
    assert lines("<ol><li>甲<li>乙</ol><ol start=3 type=a><li>丙</ol>") == [
        "1. 甲",
        "2. 乙",
        "c. 丙",
    ]


def test_hidden_elements_are_not_shown() -> None:
    body = "<p>甲</p><p hidden>隐</p><p style='Display : none'>藏<b>身</b></p><p>乙</p>"
    assert lines(body) == ["甲", "乙"]


def test_a_list_of_attached_files_is_no_menu() -> None:
    assert lines("<p>正文。</p><ul><li><a>附件：办件统计表</a></ul>")[-1] == "附件：办件统计表"


def test_web_archives() -> None:
    inner = page("<p>受理30880件。</p>", charset="gb2312").encode("gb18030")
    head = b"From: <Saved>\r\nMIME-Version: 1.0\r\n"
    head += b'Content-Type: multipart/related; boundary="x"\r\n\r\n'
    part = b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + inner
    image = b"\r\n--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--\r\n"
    assert "受理30880件。" in text_of(head + part + image)
    with pytest.raises(Unreadable, match="no text"):
        text_of(head + image)


def test_a_charset_that_lies_is_not_believed() -> None:
    assert "受理" in text_of(page("<p>受理。</p>", charset="gb2312").encode("utf-8"))
    assert "受理" in text_of(page("<p>受理。</p>", charset="utf-8").encode("gb18030"))
    assert "受理" in text_of(page("<p>受理。</p>", charset="no-such").encode("gb18030"))
    broken = page("<p>受理。</p>" * 50, charset="gbk").encode("gb18030") + b"\xff<p>"
    assert "受理" in text_of(broken)


def test_what_holds_no_text_is_refused() -> None:
    for data in (b"<html></html>", b"<html><script>1</script>", b"<!--", b"<p> </p>"):
        with pytest.raises(Unreadable):
            text_of(data)


def test_short_menus_are_left_out_and_short_lists_of_files_are_not() -> None:
    names = ("工作动态", "首&nbsp;页", "简报")
    menu = "".join(f"<tr><td><a href=x>{name}</a></td></tr>" for name in names)
    files = "<div><p><a href=a.doc>附件1：名单</a></p><p><a href=b.doc>附件2：报表</a></p></div>"
    found = lines(f"<table>{menu}</table><p>办结8件。</p>{files}")
    assert found == ["办结8件。", "附件1：名单", "附件2：报表"]


def test_the_foot_of_a_page_that_an_office_program_saved() -> None:
    foot = '<div title="footer"><p>第 <sdfield type=PAGE>2</sdfield> 页</p></div>'
    assert lines(f'<div title="header"><p>周报</p></div><p>办结8件。</p>{foot}') == [
        "周报",
        "办结8件。",
    ]
