from __future__ import annotations

from datetime import date

import pytest

from chabao.search.language import MAX_LINE, MAX_TERMS, parse
from chabao.search.lexer import MAX_DEPTH
from chabao.search.query import (
    And,
    Between,
    Calendar,
    Everything,
    Gap,
    Keyword,
    Kind,
    Literal,
    Named,
    Near,
    Node,
    Not,
    Numeric,
    Or,
    Pattern,
    Query,
    Span,
)
from chabao.search.terms import MAX_CHARACTERS

TODAY = date(2023, 5, 17)
YI, BING, DING = Literal("川渝通办"), Literal("省内通办"), Literal("文旅厅")


def ask(line: str) -> Query:
    return parse(line, today=TODAY)


def kinds(line: str) -> list[Kind]:
    return [remark.kind for remark in ask(line).diagnostics]


@pytest.mark.parametrize(
    ("line", "node"),
    [
        ("川渝通办", YI),
        ("  川渝通办\n", YI),
        ("川渝通办 省内通办", And((YI, BING))),
        ("川渝通办\u3000省内通办", And((YI, BING))),
        ("川渝通办 AND 省内通办", And((YI, BING))),
        ("川渝通办 OR 省内通办", Or((YI, BING))),
        ("川渝通办 \uff2f\uff32 省内通办", Or((YI, BING))),
        ("川渝通办|省内通办", Or((YI, BING))),
        ("川渝通办 ｜ 省内通办", Or((YI, BING))),
        ("川渝通办 || 省内通办", Or((YI, BING))),
        ("川渝通办 -省内通办", And((YI, Not(BING)))),
        ("川渝通办 －省内通办", And((YI, Not(BING)))),
        ("川渝通办 NOT 省内通办", And((YI, Not(BING)))),
        ("川渝通办 AND NOT 省内通办", And((YI, Not(BING)))),
        ("-川渝通办", And((Everything(), Not(YI)))),
        ("川渝通办 OR -省内通办", Or((YI, And((Everything(), Not(BING)))))),
        ("--川渝通办", YI),
        ("-(-川渝通办)", YI),
        ("-(-(-川渝通办 -省内通办)) 文旅厅", And((Not(YI), Not(BING), DING))),
        ("川渝通办 OR 省内通办 文旅厅", Or((YI, And((BING, DING))))),
        ("(川渝通办 OR 省内通办) 文旅厅", And((Or((YI, BING)), DING))),
        ("（川渝通办｜省内通办）文旅厅", And((Or((YI, BING)), DING))),
        ("NOT(川渝通办 OR 省内通办)", And((Everything(), Not(Or((YI, BING)))))),
        ("-(川渝通办)", And((Everything(), Not(YI)))),
        ("川渝通办 (川渝通办 (省内通办))", And((YI, BING))),
        ("川渝通办 OR 川渝通办", YI),
    ],
)
def test_terms_and_their_joints(line: str, node: Node) -> None:
    assert ask(line).node == node
    assert ask(line).diagnostics == ()


@pytest.mark.parametrize(
    "line",
    [
        "厅（局）长进大厅", "厅(局)长进大厅", "（一）优化营商环境", "(二)窗口", "（1）近日",
        "互联网+监管", "“互联网+监管”工作", "一卡-通", "打造“一件事一次办”", "“掌上办”“川渝通办”",
        '紧密结合"人工智能+政务"', "怎么办？", "报：中心领导", "https://example.org", "10:30",
        "'川渝通办'", "《通知》", "【川渝】", "[/川渝]", "或", "or", "not", "同条", "近",
        "厅（局", "”改革", "C++", "a\\b", "NEARBY", "ORACLE", "部门", "甲\x00\ud800",
    ],
)  # fmt: skip
def test_what_staff_paste_is_text(line: str) -> None:
    assert ask(line).node == Literal(line)
    assert ask(line).diagnostics == ()


@pytest.mark.parametrize(
    "line",
    ['"川渝 OR 通办"', "“川渝 OR 通办”", "「川渝 OR 通办」", "『川渝 OR 通办』", '”川渝 OR 通办"'],
)
def test_quotes_of_every_style_take_their_content_as_it_is(line: str) -> None:
    assert ask(line).node == Literal("川渝 OR 通办")


def test_a_quoted_string_with_white_space_stands_for_itself_beside_text() -> None:
    assert ask("“川渝 通办”改革").node == And((Literal("川渝 通办"), Literal("改革")))
    assert ask('"川*办"').node == Literal("川*办")
    assert ask('『甲』』"乙』').node == Literal('甲』"乙')


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("省?通办", ("省", Gap(1, 1), "通办")),
        ("川*办", ("川", Gap(0, 10), "办")),
        ("川＊办", ("川", Gap(0, 10), "办")),
        ("川????办", ("川", Gap(4, 4), "办")),
        ("川**?办", ("川", Gap(1, 11), "办")),
        ("川*通?办", ("川", Gap(0, 10), "通", Gap(1, 1), "办")),
        ("川*\u200b?办", ("川", Gap(1, 11), "办")),
    ],
)
def test_wildcards_are_gaps(line: str, parts: tuple[str | Gap, ...]) -> None:
    assert ask(line).node == Pattern(parts)


@pytest.mark.parametrize("line", ["川渝*", "**川渝**", "川渝?", "*川渝?*"])
def test_wildcards_at_the_edge_change_nothing_and_that_is_said(line: str) -> None:
    assert ask(line).node == Literal("川渝")
    assert kinds(line) == [Kind.IGNORED]


@pytest.mark.parametrize("line", ["????", "*", "?", "＊", '* OR "川渝'])
def test_wildcards_alone(line: str) -> None:
    found = ask(line)
    assert Kind.BARE_WILDCARD in kinds(line)
    assert found.node == (Literal("川渝") if "川" in line else None)


@pytest.mark.parametrize(
    ("line", "node"),
    [
        ("川渝通办 NEAR/3 省内通办", Near(YI, BING, 3)),
        ("川渝通办 NEAR/0 省内通办", Near(YI, BING, 0)),
        ("川渝通办 NEAR 省内通办", Near(YI, BING, 10)),
        ("川渝通办 同条 省内通办", Near(YI, BING, None)),
        ("(川渝通办|省内通办) NEAR/3 文旅厅", Near(Or((YI, BING)), DING, 3)),
        ("川渝通办 NEAR/3 省内通办 NEAR/5 文旅厅", And((Near(YI, BING, 3), Near(BING, DING, 5)))),
        ("川渝通办 NEAR/3 省内通办 文旅厅", And((Near(YI, BING, 3), DING))),
        ("文旅厅 OR 川渝通办 NEAR/3 省内通办", Or((DING, Near(YI, BING, 3)))),
        ("(川渝通办 省内通办) 同条 文旅厅", And((YI, BING, DING))),
    ],
)
def test_nearness(line: str, node: Node) -> None:
    assert ask(line).node == node


@pytest.mark.parametrize(
    ("line", "node"),
    [
        ("川渝通办 NEAR/x 省内通办", Near(YI, BING, 10)),
        ("川渝通办 NEAR/5000 省内通办", Near(YI, BING, 1000)),
        ("(川渝通办 文旅厅) NEAR/3 省内通办", And((YI, DING, BING))),
        ("川渝通办 NEAR -省内通办", And((YI, Not(BING)))),
        ("川渝通办 NEAR/3 省内通办 NEAR -文旅厅", And((Near(YI, BING, 3), Not(DING)))),
    ],
)
def test_nearness_that_cannot_be(line: str, node: Node) -> None:
    assert ask(line).node == node
    assert kinds(line) == [Kind.BAD_NEAR]


@pytest.mark.parametrize(
    ("line", "node"),
    [
        ("部门:文旅厅", Named(Keyword.DEPARTMENT, "文旅厅")),
        ("部门：文旅厅", Named(Keyword.DEPARTMENT, "文旅厅")),
        ("部门: 文旅厅", Named(Keyword.DEPARTMENT, "文旅厅")),
        ("Department:文旅厅", Named(Keyword.DEPARTMENT, "文旅厅")),
        ("栏目:“厅（局）长进大厅”", Named(Keyword.SECTION, "厅（局）长进大厅")),
        ("栏目:厅（局）长进大厅", Named(Keyword.SECTION, "厅（局）长进大厅")),
        ("刊期:第39期", Named(Keyword.NUMBER, "第39期")),
        ("期号:459", Named(Keyword.NUMBER, "459")),
        ("serial:459", Named(Keyword.NUMBER, "总459期")),
        ('title:"窗口 工作"', Named(Keyword.TITLE, "窗口 工作")),
        ("发布单位:交易服务中心", Named(Keyword.PUBLISHER, "交易服务中心")),
        ("来源:2023/第3期.txt", Named(Keyword.SOURCE, "2023/第3期.txt")),
        ("-部门:文旅厅", And((Everything(), Not(Named(Keyword.DEPARTMENT, "文旅厅"))))),
        (
            "部门:(文旅厅|应急厅) 川渝通办",
            And(
                (
                    Or(
                        (
                            Named(Keyword.DEPARTMENT, "文旅厅"),
                            Named(Keyword.DEPARTMENT, "应急厅"),
                        )
                    ),
                    YI,
                )
            ),
        ),
    ],
)
def test_fields(line: str, node: Node) -> None:
    assert ask(line).node == node
    assert ask(line).diagnostics == ()


def test_dates_are_said_back() -> None:
    found = ask("日期:2023-01..2023-02 期间：上月")
    assert found.node == And(
        (
            Between(Calendar.ISSUED, date(2023, 1, 1), date(2023, 2, 28)),
            Between(Calendar.COVERED, date(2023, 4, 1), date(2023, 4, 30)),
        )
    )
    assert [(remark.kind, remark.fatal) for remark in found.diagnostics] == [
        (Kind.DATE_RANGE, False)
    ] * 2
    assert "2023-02-28" in found.diagnostics[0].message
    assert found.understood == "日期:2023-01-01..2023-02-28 期间:2023-04-01..2023-04-30"
    assert ask("日期:2023-02..").understood == "日期:2023-02-01.."


def test_a_filter_that_is_no_date_is_refused_where_it_stands() -> None:
    found = ask("川渝通办 日期:2023-13")
    assert found.node is None
    assert found.understood == "川渝通办"
    assert found.diagnostics[0].kind is Kind.BAD_DATE
    assert found.diagnostics[0].span == Span(8, 15)
    assert found.diagnostics[0].hint


@pytest.mark.parametrize(
    ("line", "kind", "span"),
    [
        ('"川渝通办', Kind.UNCLOSED_QUOTE, Span(0, 1)),
        ("“川渝通办", Kind.UNCLOSED_QUOTE, Span(0, 1)),
        ("(川渝通办", Kind.UNCLOSED_BRACKET, Span(0, 1)),
        ("川渝通办）", Kind.STRAY_BRACKET, Span(4, 5)),
        ("川渝通办 OR", Kind.MISSING_OPERAND, Span(5, 7)),
        ("OR 川渝通办", Kind.MISSING_OPERAND, Span(0, 2)),
        ("川渝通办 NOT", Kind.MISSING_OPERAND, Span(5, 8)),
        ("川渝通办 部门:", Kind.MISSING_OPERAND, Span(5, 8)),
        ("NEAR/5 川渝通办", Kind.MISSING_OPERAND, Span(0, 6)),
        ("川渝通办 -", Kind.IGNORED, Span(5, 6)),
        ("川渝通办 ()", Kind.EMPTY, Span(6, 7)),
        ('川渝通办 " "', Kind.EMPTY, Span(5, 8)),
        ("川渝通办 ???", Kind.BARE_WILDCARD, Span(5, 8)),
    ],
)
def test_a_mistake_is_pointed_at_and_the_rest_is_asked(line: str, kind: Kind, span: Span) -> None:
    found = ask(line)
    assert found.node == YI
    assert [(remark.kind, remark.span) for remark in found.diagnostics] == [(kind, span)]
    assert not found.diagnostics[0].fatal


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("", Kind.EMPTY),
        (" \u3000\n", Kind.EMPTY),
        ('""', Kind.EMPTY),
        ("()", Kind.EMPTY),
        ("\u200b", Kind.EMPTY),
        ("OR", Kind.MISSING_OPERAND),
        ("-", Kind.IGNORED),
        ("字" * (MAX_LINE + 1), Kind.TOO_LONG),
        ("字" * MAX_LINE, Kind.TOO_LONG),
        ("字" * (MAX_CHARACTERS + 1), Kind.TOO_LONG),
        ("(甲 " * 10_000 + ")" * 10_000, Kind.TOO_DEEP),
        ("(甲 " * (MAX_DEPTH + 1) + ")" * (MAX_DEPTH + 1), Kind.TOO_DEEP),
        ("(" * 10_000, Kind.UNCLOSED_BRACKET),
        (" OR ".join(f"川渝{n}" for n in range(10_000)), Kind.TOO_MANY_TERMS),
        (" ".join(f"川渝{n}" for n in range(MAX_TERMS + 1)), Kind.TOO_MANY_TERMS),
        ("川" + "?" * 101 + "办", Kind.TOO_COSTLY),
        ("*".join("一二三四五六七八九十"), Kind.TOO_COSTLY),
    ],
)
def test_what_cannot_be_answered(line: str, kind: Kind) -> None:
    found = ask(line)
    assert found.node is None
    assert found.diagnostics[0].kind is kind
    assert found.diagnostics[0].fatal
    assert found.diagnostics[0].message


def test_an_operator_whose_operand_is_empty_joins_nothing_else() -> None:
    assert ask('川渝通办 NEAR/3 "" OR 省内通办').node == Or((YI, BING))
    assert ask('川渝通办 NEAR/3 "" AND 省内通办 文旅厅').node == And((YI, BING, DING))
    assert ask('川渝通办 OR "" NEAR 省内通办').node == Or((YI, BING))
    assert ask('川渝通办 AND "" NEAR 省内通办').node == And((YI, BING))
    assert ask('-"" 川渝通办').node == YI
    assert ask('部门:"" 川渝通办').node == YI


def test_the_limits_themselves_are_allowed() -> None:
    assert ask("字" * MAX_CHARACTERS).node is not None
    assert ask(" ".join(f"川渝{n}" for n in range(MAX_TERMS))).node is not None
    nested = "(甲 " * MAX_DEPTH + ")" * MAX_DEPTH
    assert ask(nested).node == Literal("甲")
    assert ask("-(甲 OR " * MAX_DEPTH + "乙" + ")" * MAX_DEPTH).node is not None
    assert ask("川" + "?" * 100 + "办").node is not None


def test_a_literal_line_is_one_string() -> None:
    line = '-(川渝 OR 部门:"x")*'
    assert parse(line, literal=True).node == Literal(line)
    assert parse(" \n", literal=True).diagnostics[0].kind is Kind.EMPTY
    assert parse("字" * (MAX_CHARACTERS + 1), literal=True).diagnostics[0].kind is Kind.TOO_LONG


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("（川渝通办｜省内通办）－文旅厅", "(川渝通办 OR 省内通办) -文旅厅"),
        ("川渝通办 AND NOT 部门：文旅厅", "川渝通办 -部门:文旅厅"),
        ("“川渝通办”", "川渝通办"),
        ('"OR"', '"OR"'),
        ('"-甲"', '"-甲"'),
        ('"部门:甲"', '"部门:甲"'),
        ("甲 NEAR 乙", "甲 NEAR/10 乙"),
        ("甲 NEAR/3 乙 同条 丙", "甲 NEAR/3 乙 同条 丙"),
        ("甲 NEAR/3 乙 AND 乙 同条 丙", "甲 NEAR/3 乙 同条 丙"),
        ("*-甲*乙", "*-甲*乙*"),
        ("甲 NOT (乙 OR (丙 丁))", "甲 -(乙 OR 丙 丁)"),
        ("厅（局）长进大厅", "厅（局）长进大厅"),
    ],
)
def test_the_query_is_said_back_in_one_way(line: str, understood: str) -> None:
    assert ask(line).understood == understood


def test_terms_know_where_they_were_typed() -> None:
    node = ask(" 川渝通办 部门:文旅厅").node
    assert isinstance(node, And)
    assert [child.at for child in node.children if isinstance(child, (Literal, Named))] == [
        Span(1, 5),
        Span(6, 12),
    ]


def test_a_text_with_very_many_numbers_is_looked_for_as_it_stands() -> None:
    many = "2 " * 900
    assert isinstance(parse("2 件", numbers=True, literal=True).node, Numeric)
    assert parse(many, numbers=True, literal=True).node == Literal(many)
