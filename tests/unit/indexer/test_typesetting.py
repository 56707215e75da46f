"""Strings on a page in reading order, where they are not drawn in it."""

from __future__ import annotations

from chabao.indexer.reader.typesetting import Run, lines


def run(text: str, x: float, width: float) -> Run:
    return Run(text, x, 700.0, x + width, 700.0, 10.0)


def test_quotes_of_another_font_that_are_drawn_after_their_line() -> None:
    drawn = [run("实行", 0, 20), run("川渝通办", 25, 40), run("的", 70, 10),
             run("“", 20, 5), run("”", 65, 5)]  # fmt: skip
    assert lines(drawn) == ["实行“川渝通办”的"]


def test_justified_characters_stay_together() -> None:
    drawn = [run(char, 15 * at, 10) for at, char in enumerate("办结件，其它")]
    assert lines([*drawn, run(" ", 40, 4)]) == ["办结件，其它"]
