"""Laws of the query language: what holds for any line at all."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from chabao.search.language import parse
from chabao.search.query import (
    And,
    Between,
    Everything,
    Literal,
    Named,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Span,
)

TODAY = date(2023, 5, 17)
FRAGMENTS = [
    *"甲乙丙a1 \u3000()（）\"“”「」『』|｜-－?*＊:：/，？\n\u200b",
    " OR ", " AND ", " NOT ", " NEAR/3 ", " NEAR ", " 同条 ", "OR", "NEAR/", "同条", "部门:",
    "日期：", "刊期:", "serial:", "2023", "2023-02..", "总4期", "川渝通办", "（局）", "“一件事”",
    " (", ") ",
]  # fmt: skip
lines = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join))


@given(lines)
@example('"')
@example("(()")
@example("\ud800 \x00 -\udfff")
def test_any_line_is_a_query_or_says_why_not(line: str) -> None:
    query = parse(line, today=TODAY)
    assert query.line == line
    assert (query.node is None) == any(remark.fatal for remark in query.diagnostics)
    for remark in query.diagnostics:
        assert 0 <= remark.span.start <= remark.span.end <= len(line)
        assert remark.message


@given(lines)
@example("甲 OR -乙")
@example("-(-甲 -乙) 丙")
@example("(厅（局）长 | “甲) 『”“』』』")
@example('甲(" (”乙?)丙|丁)')
def test_what_is_said_back_is_the_same_query(line: str) -> None:
    query = parse(line, today=TODAY)
    if query.node is not None:
        again = parse(query.understood, today=date(1999, 1, 1))
        assert again.node == query.node
        assert again.understood == query.understood


@given(st.text())
def test_a_literal_line_is_one_string(line: str) -> None:
    query = parse(line, literal=True)
    assert query.node is None or query.node == Literal(line)
    if query.node is not None:
        assert parse(query.understood).node == query.node


@given(lines)
def test_nodes_stand_where_they_were_typed_and_in_normal_form(line: str) -> None:
    query = parse(line, today=TODAY)
    if query.node is not None:
        check(query.node, line)


def check(node: Node, line: str) -> None:
    match node:
        case And(children) | Or(children):
            assert len(set(children)) == len(children) > 1
            assert not any(type(child) is type(node) for child in children)
            assert any(not isinstance(child, Not) for child in children)
            for child in children:
                check(child, line)
        case Not(child):
            assert not isinstance(child, Not)
            check(child, line)
        case Near(left, right):
            check(left, line)
            check(right, line)
        case Everything():
            pass
        case Literal(text):
            assert text in line or text in line.replace("』』", "』")
            inside(node.at, line)
        case Pattern(parts):
            assert isinstance(parts[0], str) and isinstance(parts[-1], str)
            inside(node.at, line)
        case Named() | Between():
            inside(node.at, line)


def inside(at: Span | None, line: str) -> None:
    assert at is not None
    assert 0 <= at.start < at.end <= len(line)


plain = st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=12).filter(
    lambda word: word not in {"同条"}
)


@given(st.lists(plain, min_size=1, max_size=6, unique=True), st.sampled_from([" ", "\u3000", "\n"]))
def test_words_without_operators_are_all_asked_for(words: list[str], space: str) -> None:
    node = parse(space.join(words)).node
    expected = tuple(map(Literal, words))
    assert node == (And(expected) if len(words) > 1 else expected[0])


@given(plain, plain, plain)
def test_brackets_and_quotes_that_touch_text_are_text(left: str, inner: str, right: str) -> None:
    for pair in ("()", "（）", "“”", '""'):
        line = f"{left}{pair[0]}{inner}{pair[1]}{right}"
        assert parse(line).node == Literal(line)
        assert parse(line[len(left) :]).node == Literal(line[len(left) :])
