"""A trend as a picture: the one door to matplotlib, which is an extra (`chabao[plot]`)."""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from chabao.indexer.errors import MissingLibrary, UnreadableFile
from chabao.search.errors import NoChineseFont, UnknownPicture
from chabao.search.output.drawing import Drawing, drawing
from chabao.search.output.files import replacing
from chabao.search.output.text import fitted
from chabao.search.trends import Trend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMS = ("svg", "png")
FONTS = (
    "Microsoft YaHei", "SimHei", "DengXian",
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "Arial Unicode MS",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Droid Sans Fallback",
    "Songti SC", "SimSun", "Noto Serif CJK SC", "AR PL UMing CN",
)  # fmt: skip
"""Fonts with Chinese characters, of Windows, of macOS, of Linux; those without serifs first."""
CHINESE = "\u2e80"
"""The first character that matplotlib's own font has not."""
FILES = re.compile(
    r"(?i)(?:msyh|simhei|deng|pingfang|hiragino|heiti|songti|noto.*(?:cjk|sc)|sourcehan|wqy|simsun"
    r"|droid.*fallback|arial unicode|uming)[^/\\]*\.(?:tt[fc]|otf)$"
)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's, which the colour-blind tell apart."""
MARKERS = "osD^vP"
INCHES = (10.0, 6.4)
DOTS = 160
"""Pixels an inch, of a PNG."""
CROWDED = 100
"""Bars that are too many to be seen: then there are lines."""
DIGIT = 0.075
"""Inches that a digit takes, on top of a bar."""
GREY = "#6b6b6b"


def draw(found: Trend, path: Path) -> None:
    """Draws a trend into a file whose name ends in .svg or .png: mentions above, mentions per
    10,000 characters below, gaps shaded.

    The text of an SVG stays text, in whatever Chinese font its reader has. Raises MissingLibrary,
    UnknownPicture, UnwritableFile, and NoChineseFont where a PNG would show boxes.
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UnknownPicture(path=path)
    with _quiet():
        matplotlib = _loaded()
        from matplotlib.figure import Figure

        plan = drawing(found)
        font = chinese_font()
        if font is None and form == "png" and max(plan.texts) >= CHINESE:
            raise NoChineseFont()
        first = (font,) if font and form == "png" else ()
        settings: dict[Any, Any] = {
            "font.family": "sans-serif",
            "font.sans-serif": [*first, *FONTS, "DejaVu Sans"],
            "svg.fonttype": "none",
            "svg.hashsalt": "chabao",
            "text.parse_math": False,
        }
        undated = {"Date": None} if form == "svg" else {}
        with matplotlib.rc_context(), replacing(path) as file:
            # a file matplotlibrc of the folder one is in may ask for anything, even for programs
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(settings)
            figure = Figure(figsize=INCHES, layout="constrained")
            _fill(figure, plan)
            figure.savefig(file, format=form, dpi=DOTS, metadata=undated)


def _loaded() -> ModuleType:
    """matplotlib, whatever it was set to. Raises MissingLibrary, UnreadableFile."""
    # of where pictures are to be shown, which may be nothing that matplotlib knows
    os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    except ImportError as error:
        raise MissingLibrary(name="matplotlib", install='"chabao[plot]"') from error
    except ValueError as error:
        raise UnreadableFile(path="matplotlibrc", reason=str(error)) from error
    return matplotlib


def chinese_font() -> str | None:
    """The first of `FONTS` that is installed, even since matplotlib last looked."""
    from matplotlib import font_manager

    for look_again in (False, True):
        if look_again:
            for file in filter(FILES.search, font_manager.findSystemFonts()):
                font_manager.fontManager.addfont(file)
        installed = {font.name for font in font_manager.fontManager.ttflist}
        found = next((name for name in FONTS if name in installed), None)
        if found:
            return found
    return None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without a word on fonts that are not installed, and on where the list of them is kept."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            yield
    finally:
        logger.setLevel(level)


def _fill(figure: Figure, plan: Drawing) -> None:
    above, below = figure.subplots(2, 1, sharex=True)
    lines = len(plan.curves) * len(plan.places) > CROWDED
    for axes, label, values in (
        (above, _("mentions"), [curve.counts for curve in plan.curves]),
        (below, _("per 10,000 characters"), [curve.rates for curve in plan.curves]),
    ):
        _shade(axes, plan)
        if lines:
            _lines(axes, plan, values)
        else:
            _bars(axes, plan, values, "%d" if axes is above else "%.1f")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0, top=1.15 * max([1e-9, *(max(v, default=0) for v in values)]))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", alpha=0.25)
        axes.set_axisbelow(True)
    above.yaxis.get_major_locator().set_params(integer=True)
    below.set_xlim(-0.6, plan.end + 0.1)
    many = len(plan.ticks) > 8 or any("\n" in label for _place, label in plan.ticks)
    turned: dict[str, Any] = {"rotation": 30, "ha": "right"} if many else {}
    places, labels = (
        [place for place, _label in plan.ticks],
        [label for _place, label in plan.ticks],
    )
    below.set_xticks(places, labels, fontsize=9, **turned)
    above.set_title(plan.title, loc="left", fontsize=13)
    if len(plan.curves) > 1:
        # matplotlib leaves out names that begin with a low line
        names = [f" {fitted(curve.name, 28)}" for curve in plan.curves]
        handles = above.containers if not lines else above.lines[: len(names)]
        figure.legend(handles, names, loc="outside right upper", frameon=False, fontsize=9)
    figure.supxlabel(plan.note, fontsize=8, color=GREY)


def _shade(axes: Axes, plan: Drawing) -> None:
    for band in plan.bands:
        look: dict[str, Any] = {"color": "#efefef", "lw": 0}
        if band.partial:
            look = {"facecolor": "none", "edgecolor": "#e2e2e2", "hatch": "//", "lw": 0}
        axes.axvspan(band.start, band.end, zorder=0, **look)
        wide = (band.end - band.start) / max(plan.end, 1)
        axes.text(
            (band.start + band.end) / 2, 0.5, band.label if wide > 0.02 else "", fontsize=8,
            transform=axes.get_xaxis_transform(), rotation=0 if wide > 0.14 else 90,
            ha="center", va="center", color=GREY,
        )  # fmt: skip


def _bars(axes: Axes, plan: Drawing, values: Sequence[Sequence[float]], form: str) -> None:
    """A bar a curve, side by side, with its number where there is room for all."""
    width = 0.8 / max(len(values), 1)
    longest = max((len(form % value) for heights in values for value in heights), default=0)
    legible = longest * DIGIT < INCHES[0] * 0.75 * width / max(plan.end, 1)
    for at, heights in enumerate(values):
        shift = (at - (len(values) - 1) / 2) * width
        places = [place + shift for place in plan.places]
        bars = axes.bar(places, heights, width * 0.92, color=COLOURS[at % len(COLOURS)])
        if legible:
            axes.bar_label(bars, fmt=form, fontsize=8, padding=2)


def _lines(axes: Axes, plan: Drawing, values: Sequence[Sequence[float]]) -> None:
    """A line a curve, broken at the gaps."""
    for at, heights in enumerate(values):
        places: list[float] = []
        drawn: list[float] = []
        for start, end in plan.stretches:
            places += [*plan.places[start:end], float("nan")]
            drawn += [*heights[start:end], float("nan")]
        style: dict[str, Any] = {
            "color": COLOURS[at % len(COLOURS)],
            "marker": MARKERS[at % len(MARKERS)],
        }
        axes.plot(places, drawn, markersize=3, lw=1.2, **style)
