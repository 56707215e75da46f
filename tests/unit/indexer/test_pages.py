"""Heads and feet of pages are no text, whatever they say; what only looks like them is."""

from __future__ import annotations

from datetime import date

import pytest

from chabao.indexer import parser

LINES = [
    "商务厅对承接情况开展专题调研，详细了解企业在申办拍卖许可证过程中面临的困难和问题",
    "会议要求，要强化政策支持和要素保障，常态化开展惠企政策活动，强化资金保障和用工保障",
    "他强调，要转变工作作风，优化办事流程，加强审批指南编制的规范化，树立良好窗口的形象",
]  # fmt: skip
HEAD = "第3期\n四川省政务中心\n2023年2月8日\n"


def body(page: int) -> str:
    """Lines that no other page has."""
    return "".join(f"{'甲乙丙丁戊己庚辛壬'[page - 1]}{line}\n" for line in LINES) + "各类" * page


def book(pages: int, head: str = "", foot: str = "", first: bool = True) -> str:
    """A sentence that runs over all pages; # stands for the page's number."""
    sheets = [
        "\n".join(
            filter(None, [
                head.replace("#", str(page)) if first or page > 1 else "",
                HEAD if page == 1 else "",
                "一、动态\n（1）" * (page == 1) + body(page),
                foot.replace("#", str(page)),
            ])
        )
        for page in range(1, pages + 1)
    ]  # fmt: skip
    return "\n\f".join(sheets) + "。\n" * (not foot)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("pages", [3, 4, 9])
@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("内部资料 注意保存", ""),
        ("政务工作情况 第#页", "省中心编印"),
        ("", "- 省中心 · # -"),
        ("2023年工作情况（总第423期）", "共 9 页，第 # 页"),
        ("内部资料\n注意保存", "省中心\n编印 #"),
    ],
)
def test_running_heads_and_feet(pages: int, head: str, foot: str, first: bool) -> None:
    issue = parser.parse(book(pages, head, foot, first), "a.pdf")
    (item,) = issue.items
    text = "".join(body(page) for page in range(1, pages + 1))
    assert item.text.chars.rstrip("。") == "".join(text.split())
    assert issue.publisher == "四川省政务中心"
    assert issue.date == date(2023, 2, 8)


@pytest.mark.parametrize("head", ["窗口工作周报", "窗 口 工 作 周 报", "窗口工作周报 第3期"])
@pytest.mark.parametrize("first", [True, False])
def test_a_name_that_only_heads_of_pages_say(head: str, first: bool) -> None:
    issue = parser.parse(book(4, head, first=first), "a.pdf")
    assert (issue.title, issue.number, len(issue.items)) == ("窗口工作周报", "2023年第3期", 1)


def test_lines_that_say_the_same_at_the_edges_of_pages_stay() -> None:
    """Sentences, rows with numbers of their own, and what two pages of many begin with."""
    pages = ["总体情况良好。", "总体情况良好。", "总体情况良好。", "受理 8 件", "受理 20 件",
             "受理 3 件", "大厅巡查", "大厅巡查", "窗口巡查"]  # fmt: skip
    text = "\f".join(f"{page}\n甲乙丙丁。\n戊己庚辛{at}号。\n" for at, page in enumerate(pages))
    found = "".join(
        "".join((*item.section, item.text.chars)) for item in parser.parse(text, "a.pdf").items
    )
    for page in set(pages):
        assert found.count("".join(page.split())) >= pages.count(page)


NARROW = """第1期
四川省政务中心
2023年1月3
日
　　一、受理办理情况
　　据四川一体化政务服务平台数据统
计，2022年1月1日至2022年12月31
日，省本级行政许可事项受理30880件，办
结32631件；公共服务事项受理214771
件，办结210311件，其它九类行权事项受
理2848件，累计办结3187件。
　　（一）事项授权及受理手册编制推进情况
　　完成民政厅15个、科技厅8个、省粮储
局3个办理项的受理工作手册编制。截至目
前，共完成1119个办理项的受理工作手册
编制，占比71.76%。
"""


def test_narrow_columns_with_indented_paragraphs() -> None:
    """A first line is as full as the others though it is shorter by its indentation, and no full
    line goes on in an indented one; the header's last date is cut."""
    issue = parser.parse(NARROW, "a.pdf")
    assert issue.date == date(2023, 1, 3)
    assert [(item.section, item.text.chars[:5], item.text.chars[-3:]) for item in issue.items] == [
        (("一、受理办理情况",), "据四川一体", "7件。"),
        (("一、受理办理情况", "（一）事项授权及受理手册编制推进情况"), "完成民政厅", "6%。"),
    ]
