"""The numbered traps of TRAPS.md, on the bulletins where they stand and on others."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from chabao.indexer import departments, parser, reader
from chabao.indexer.bulletin import Days, Issue, Item
from chabao.indexer.ledger import Kind

ROOT = Path(__file__).parents[3]
TRAPS = (ROOT / "TRAPS.md").read_text(encoding="utf-8")
CORPUS = {path.name[:3]: path for path in ROOT.glob("corpus/*.txt")}


@cache
def issue(key: str) -> Issue:
    return parser.parse(reader.read(CORPUS[key]), key)


def item(key: str, words: str) -> Item:
    return next(item for item in issue(key).items if words in item.text.chars)


def texts(source: str) -> list[str]:
    return [item.text.chars for item in parser.parse(source, "").items]


def dropped(source: str, kind: Kind) -> list[str]:
    return [source[slice(*span)] for span in parser.account(source).get(kind, [])]


def test_every_trap_has_a_test_and_stands_where_it_says() -> None:
    numbers = [int(number) for number in re.findall(r"^## (\d+) · ", TRAPS, re.M)]
    tests = [re.match(r"test_trap_(\d+)_", name) for name in globals()]
    assert sorted({int(test[1]) for test in tests if test}) == numbers
    assert numbers == [*range(1, len(numbers) + 1)]
    places = re.findall(r"^- (\d{3}):(\d+) `(.+)`$", TRAPS, re.M)
    assert len(places) == len(numbers)
    for key, line, words in places:
        assert words in reader.read(CORPUS[key]).splitlines()[int(line) - 1]


def test_trap_01_a_word_broken_over_a_line() -> None:
    assert "4个事项实现“川渝通办”、6类证照" in item("000", "文旅厅").text.chars


def test_trap_02_a_page_begins_with_a_space() -> None:
    assert "文博展览、文艺演出、志愿者" in item("000", "文旅厅").text.chars


@pytest.mark.parametrize(
    "number",
    [
        "-2 -",
        "— 3 —",
        "第3页 共8页",
        "第 3 页",
        "3 / 8",
        "－\uff13－",
        "· 3 ·",
        "Page 3 of 8",
        "—3—",
    ],
)
def test_trap_03_page_numbers_in_mid_sentence(number: str) -> None:
    source = f"一、工作情况\n（一）近日，商务厅窗口深度分析\n\n{number}\n\n了数字治理。"
    assert texts(source) == ["近日，商务厅窗口深度分析了数字治理。"]
    assert "".join(dropped(source, Kind.FURNITURE)) == re.sub(r"\s", "", number)


def test_trap_03_numbers_alone_are_furniture_only_where_they_count_the_pages() -> None:
    assert texts("一、情况\n近日，甲\n1\n乙丙。\n2\n丁。") == ["近日，甲乙丙。丁。"]
    assert texts("一、情况\n近日，甲\n2\n乙丙。\n4\n丁。") == ["近日，甲乙丙。丁。"]
    assert texts("一、情况\n受理：\n30\n办结：\n20\n。") == ["受理：30办结：20。"]


def test_trap_04_the_title_in_mid_text() -> None:
    assert issue("000").title == "窗口工作周报"
    assert not any("窗口工作周报" in item.text.chars for item in issue("000").items)
    source = "窗口工作周报\n2023年第3期\n一、情况\n近日，甲\n窗口工作周报 2023年第3期\n乙。"
    assert texts(source) == ["近日，甲乙。"]
    source = "窗口工作周报\n2023年第3期\n一、情况\n《窗口工作周报》刊发。"
    assert texts(source) == ["《窗口工作周报》刊发。"]


def test_trap_05_a_character_on_both_sides_of_a_page_break() -> None:
    assert "持续助力经济社会发展“八条措施”" in item("002", "八条措施").text.chars
    source = "一、情况\n近日，省林草局出台措施，助力经\n- 2 -\n经济社会发展。"
    assert texts(source) == ["近日，省林草局出台措施，助力经济社会发展。"]
    assert dropped(source, Kind.DOUBLED) == ["经"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("转变工作作", "风"), ("省药监局党委", "委员王某"), ("驻厅纪检监察组", "组长王某"),
     ("在窗口工作中", "中心领导指出"), ("推进重点项目", "目标任务"), ("商务厅", "厅长王某")],
)  # fmt: skip
def test_trap_06_a_double_that_is_none(before: str, after: str) -> None:
    source = f"一、情况\n近日，{before}\n- 2 -\n{after}，来到大厅。"
    assert texts(source) == [f"近日，{before}{after}，来到大厅。"]
    assert "开发生生产和储运单位" in item("001", "台祥钻井").text.chars
    assert "转变工作作风，优化" in item("003", "李慎伦").text.chars


def test_trap_07_a_label_that_runs_into_a_number() -> None:
    assert item("002", "杨兴平").label == "1."
    assert item("002", "杨兴平").text.chars.startswith("10月9日，")
    source = "一、情况\n1.50个事项上线，同比增长\n2.5个百分点。\n2.3月5日，开会。"
    assert texts(source) == ["50个事项上线，同比增长2.5个百分点。", "3月5日，开会。"]


def test_trap_08_spaces_inside_dates_and_numbers() -> None:
    assert issue("000").number == "2023年第3期"
    assert issue("000").date == date(2023, 2, 8)
    assert "2023年1月1日至2023年1月20日" in issue("000").items[0].text.chars


def test_trap_09_half_and_full_width() -> None:
    found = item("001", "应进必进")
    assert found.label == "（2）"
    assert found.section[-1] == "（一）优化营商环境工作开展情况"
    assert item("004", "3990人").text.chars.startswith("2月,省本级")


def test_trap_10_bullets_before_labels() -> None:
    assert item("001", "着装情况").label == "（三）"
    assert texts("一、情况\n- （一）甲。\n• （二）乙。") == ["甲。", "乙。"]


def test_trap_11_bold_runs() -> None:
    found = item("002", "三级自然资源主管部门")
    assert found.departments == ("自然资源厅", "省市场监管局", "省药监局")
    assert "*" not in found.text.chars
    assert texts("一、情况\n证件号51**12有效。") == ["证件号51**12有效。"]


def test_trap_12_departments_written_short() -> None:
    assert item("001", "罗语国").departments == ("省林草局",)
    assert item("003", "周彤").departments[0] == "应急管理厅"


@pytest.mark.parametrize(
    ("title", "number", "issued", "covers", "wanted"),
    [
        ("政务窗口月报", 2, "2025年3月26日", "2月", "2025年第2期"),
        ("政务窗口月报", 12, "2026年1月20日", "12月", "2025年第12期"),
        ("政务窗口月报", 1, "2026年2月12日", "1月", "2026年第1期"),
        ("窗口工作周报", 1, "2023年1月13日", "12月26日—1月6日", "2023年第1期"),
        ("窗口工作周报", 50, "2023年1月6日", "12月26日—12月30日", "2022年第50期"),
    ],
)
def test_trap_13_a_number_without_a_year(
    title: str, number: int, issued: str, covers: str, wanted: str
) -> None:
    covered = f"（{covers}）\n" if "日" in covers else ""
    heading = "一、总体情况" if covered else f"一、{covers}总体运行情况"
    source = f"{title}\n第{number}期\n{issued}\n{covered}{heading}\n近日，开会。"
    assert parser.parse(source, "").number == wanted


def test_trap_14_days_without_a_month_and_months_without_a_year() -> None:
    assert item("002", "舒新华").dates == (Days(date(2023, 10, 10), date(2023, 10, 12)),)
    source = (
        "窗口工作周报\n第1期\n2023年1月10日\n（12月26日—1月6日）\n一、动态\n"
        "1.12月28日，开会。\n2.1月3日，开会。\n3.30日至2日，值守。\n4.28日，开会。"
    )
    found = parser.parse(source, "")
    assert found.period == Days(date(2022, 12, 26), date(2023, 1, 6))
    assert [days for item in found.items for days in item.dates] == [
        Days(date(2022, 12, 28), date(2022, 12, 28)),
        Days(date(2023, 1, 3), date(2023, 1, 3)),
        Days(date(2022, 12, 30), date(2023, 1, 2)),
        Days(date(2022, 12, 28), date(2022, 12, 28)),
    ]


def test_trap_15_a_month_alone_is_no_day() -> None:
    assert item("004", "数字政府项目").dates == ()


def test_trap_16_the_imprint_is_not_text() -> None:
    assert item("002", "李强").text.chars.endswith("获得感。")
    assert "（共印91份）" in dropped(reader.read(CORPUS["002"]), Kind.IMPRINT)


def test_trap_17_a_name_that_only_ends_like_a_department() -> None:
    known = set(departments.canonical())
    found = item("004", "成都市商务局").departments
    assert [name for name in found if name in known] == ["商务厅"]
    assert "成都市商务局" in found
    assert "国家税务总局省税务局" in item("000", "川税发").departments
    assert item("004", "省委常委会").departments == ()


def test_trap_18_one_body_for_several_places() -> None:
    places = ("成都市", "绵阳市", "眉山市", "南充市")
    found = item("004", "南充市").departments
    assert found == ("应急管理厅", *(f"{place}应急管理局" for place in places))


def test_trap_19_a_heading_here_and_an_item_there() -> None:
    assert item("000", "川税发").section[-1].startswith("（二）")
    assert item("000", "着装情况").label == "（三）"


def test_trap_20_an_item_that_begins_with_a_cut_line() -> None:
    found = item("001", "专项监督工作领导小组办公室")
    assert found.label == "（1）"
    assert found.text.chars.startswith("6月20日至28日，")


def test_trap_21_a_heading_like_a_department() -> None:
    assert departments.find("（三）厅（局）长进大厅") == ()
