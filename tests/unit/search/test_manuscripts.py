"""The quotations of a manuscript."""

from __future__ import annotations

import time

import pytest

from chabao.search.manuscripts import Kind, Place, Quotation, plain, quotations, sentences

LONG = "一二三四五六七八"


def quoted(text: str, markdown: bool = False) -> list[str]:
    return [each.text for each in quotations(plain(text, markdown))]


@pytest.mark.parametrize(("opening", "closing"), ["“”", "「」", "‘’", "『』", '""', "﹁﹂", "﹃﹄"])
def test_each_pair_of_marks_quotes(opening: str, closing: str) -> None:
    assert quoted(f"据报，{opening}{LONG}{closing}。") == [LONG]


def test_eight_characters_up_layout_aside() -> None:
    assert quoted("“一二三四五六七”") == []
    assert quoted("“一 二三　四五\n六七”") == []
    assert quoted("“………………………”") == []
    assert quoted("“一二三四\n五六七八”") == ["一二三四\n五六七八"]


def test_the_outermost_is_the_quotation_and_keeps_those_within() -> None:
    (found,) = quotations(plain(f"“他说：‘{LONG}『{LONG}九』’。”"))
    assert found.text == f"他说：‘{LONG}『{LONG}九』’。"
    (inner,) = found.inner
    assert inner.text == f"{LONG}『{LONG}九』"
    assert [each.text for each in inner.inner] == [f"{LONG}九"]


def test_a_forgotten_mark_hides_no_other_quotation() -> None:
    assert quoted(f"“忘了收尾。“{LONG}甲”，又“{LONG}乙”") == [f"{LONG}甲", f"{LONG}乙"]
    assert quoted(f"多了一个”。“{LONG}”") == [LONG]
    assert quoted(f"“甲‘乙{LONG}”丙’") == [f"甲‘乙{LONG}"]
    assert quoted(f'"忘了收尾\n\n"{LONG}"') == [LONG]


def test_a_quotation_of_several_paragraphs_opens_each() -> None:
    assert quoted(f"“{LONG}。\n　　“{LONG}。”后“{LONG}”") == [f"{LONG}。\n　　“{LONG}。", LONG]


def test_straight_marks_about_latin_text_quote_nothing() -> None:
    assert quoted('class "name of a class" and "other"') == []


def test_lines_count_from_one_in_every_style_of_line_ends() -> None:
    for end in ("\n", "\r\n", "\r"):
        (found,) = quotations(plain(f"甲{end}{end}乙“{LONG}”"))
        assert found.place == Place(Kind.LINE, 3)


def test_markdown_is_read_without_its_marks() -> None:
    text = f"> “**一二**三`四`[五六](http://x.org/「」)\n> 七八[^1]”\n\n# “{LONG}”"
    assert quoted(text, markdown=True) == ["一二三四五六\n七八", LONG]


def test_sentences_end_at_full_stops_and_paragraphs() -> None:
    text = f"{LONG}。短句。{LONG}甲！”标题在此不足\n{LONG}乙"
    found = list(sentences(plain(text)))
    assert [each.text for each in found] == [f"{LONG}。", f"{LONG}甲！”", f"{LONG}乙"]
    assert found[-1] == Quotation(f"{LONG}乙", Place(Kind.LINE, 2))


def test_sentences_go_on_where_lines_are_filled() -> None:
    line = "甲乙丙丁戊己庚辛壬癸" * 3
    (found,) = sentences(plain(f"{line}\n{line}\n{line}\n短。"))
    assert found.text == f"{line} {line} {line} 短。"


@pytest.mark.parametrize(
    "text",
    [
        "“" * 200_000, "”" * 200_000, "“‘" * 100_000 + "”" * 100_000, '"' * 200_000,
        "“" * 9000 + "八" * 9000 + "”" * 9000,
    ],
)  # fmt: skip
def test_hostile_marks_take_no_time(text: str) -> None:
    began = time.thread_time()
    found = list(quotations(plain(text)))
    assert sum(len(each.text) for each in found) <= len(text)
    assert time.thread_time() - began < 3
