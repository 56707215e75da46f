"""Pictures of trends: text that is text, Chinese that is there, gaps that show."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chabao.indexer.errors import MissingLibrary
from chabao.search.engine import Index
from chabao.search.errors import NoChineseFont, UnknownPicture, UnwritableFile
from chabao.search.output import plot
from chabao.search.output.drawing import drawing
from chabao.search.output.plot import draw
from chabao.search.timeline import By
from chabao.search.trends import Split, Trend, trend

SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.parse(path).iter(f"{SVG}text")]


def test_the_text_of_an_svg_is_text_in_chinese_fonts(bundled: Index, tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    draw(trend(bundled, ["川渝通办", "一网通办"], by=By.ISSUE), path)
    said = "\n".join(texts(path))
    for text in ("川渝通办", "一网通办", "2023年第39期", "2023-10-07..10-13", "25 issues missing"):
        assert text in said
    whole = path.read_text(encoding="utf-8")
    assert "'Microsoft YaHei'" in whole
    assert "'Noto Sans CJK SC'" in whole
    assert not [name for name in tmp_path.iterdir() if name != path]


def test_an_svg_is_the_same_each_time(bundled: Index, tmp_path: Path) -> None:
    found = trend(bundled, ["川渝通办"])
    for name in ("a.svg", "b.svg"):
        draw(found, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("term", ["$x^2$", "_川渝", "\x1b[0m<b>&", "a\\b"])
def test_no_term_is_markup(bundled: Index, tmp_path: Path, term: str) -> None:
    path = tmp_path / "plot.svg"
    draw(trend(bundled, [term, "通办"], literal=True), path)
    shown = term.replace("\x1b", "\ufffd")
    assert any(shown in text for text in texts(path))


def test_a_png_has_chinese_glyphs_or_is_refused(
    bundled: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, found = tmp_path / "plot.PNG", trend(bundled, ["川渝通办"])
    if plot.chinese_font():
        draw(found, path)
        assert path.read_bytes().startswith(b"\x89PNG")
        path.unlink()
    monkeypatch.setattr(plot, "chinese_font", lambda: None)
    with pytest.raises(NoChineseFont):
        draw(found, path)
    assert not path.exists()
    draw(found, path.with_suffix(".svg"))
    monkeypatch.setenv("LANGUAGE", "en")
    draw(trend(bundled, ["AI"], by=By.YEAR), path)


def test_a_font_installed_since_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    if not plot.chinese_font():
        pytest.skip("no Chinese font on this machine")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    assert plot.chinese_font() in plot.FONTS


def test_without_the_library_the_way_to_it_is_said(
    bundled: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingLibrary, match=r"chabao\[plot\]"):
        draw(trend(bundled, ["通办"]), tmp_path / "plot.svg")


@pytest.mark.parametrize("name", ["plot", "plot.jpg", "svg"])
def test_other_pictures_are_refused(bundled: Index, tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownPicture):
        draw(trend(bundled, ["通办"]), tmp_path / name)


def test_a_place_that_cannot_be_written_is_said(bundled: Index, tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile):
        draw(trend(bundled, ["通办"]), tmp_path / "nowhere" / "plot.svg")


def test_curves_are_the_numbers_and_lines_end_at_gaps(bundled: Index) -> None:
    found = trend(bundled, ["办理"], by=By.MONTH)
    plan = drawing(found)
    (curve,) = plan.curves
    assert curve.counts == tuple(n for n in found.series[0].counts if n is not None)
    assert curve.rates == tuple(r for r in found.rates(found.series[0]) if r is not None)
    assert plan.places == (0, 7, 16, 32)
    assert plan.stretches == ((0, 1), (1, 2), (2, 3), (3, 4))
    whole = [(band.start, band.end) for band in plan.bands if not band.partial]
    assert whole == [(0.5, 6.5), (7.5, 15.5), (16.5, 31.5)]
    assert len(plan.ticks) <= 16


def many(found: Trend, names: int) -> Trend:
    from dataclasses import replace

    return replace(found, series=found.series * names)


@pytest.mark.parametrize("names", [0, 1, 60])
def test_any_number_of_series_is_drawn(bundled: Index, tmp_path: Path, names: int) -> None:
    found = many(trend(bundled, ["办理"], by=By.MONTH), names)
    draw(found, tmp_path / "plot.svg")
    assert texts(tmp_path / "plot.svg")


def test_a_split_names_its_parts(bundled: Index, tmp_path: Path) -> None:
    draw(trend(bundled, ["川渝通办"], split=Split.SECTION), tmp_path / "plot.svg")
    assert {"厅（局）长进大厅", "窗口资讯"} <= {
        text.strip() for text in texts(tmp_path / "plot.svg")
    }
