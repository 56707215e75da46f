"""The help page: each way to write a query, with what it means and an example."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _


@dataclass(frozen=True, slots=True)
class Lesson:
    """A heading, and pairs of an example and what it means."""

    name: str
    examples: tuple[tuple[str, str], ...]


def lessons() -> tuple[Lesson, ...]:
    """The query language, in the reader's language."""
    return (
        Lesson(_("Words"), (
            ("川渝通办", _("one string; layout, width, script and style of quotes do not count")),
            ("川渝通办 省内通办", _("white space: both in one item")),
            ("川渝通办 OR 省内通办", _("either; | means the same")),
            ("川渝通办 -文旅厅", _("the first without the second; NOT means the same")),
            ("(川渝通办 OR 省内通办) 文旅厅", _("brackets group")),
            ('"窗口 OR 周报"', _("in quotes everything is text, white space and operators too")),
        )),
        Lesson(_("Near and unlike"), (
            ("省?通办", _("? stands for any one character")),
            ("川*办", _("* stands for up to ten characters")),
            ("川渝通办 NEAR/20 窗口", _("at most 20 characters between them, in either order")),
            ("数值:28件", _("numbers by their value: 二十八件 too, but not 128件")),
        )),
        Lesson(_("Where it stands"), (
            ("部门:文旅厅", _("items that name this department, by any of its names")),
            ("栏目:窗口工作动态", _("items under a heading with these words")),
            ("刊期:2023年第3期", _("issues of this number; 总423期 is a serial number")),
            ("标题:月报", _("issues with these words in their title")),
        )),
        Lesson(_("When"), (
            ("日期:2023-01..2023-06", _("issues dated in these months; both ends count")),
            ("期间:2023Q1", _("issues that cover any day of the first quarter")),
            ("日期:近三个月", _("the last three months; also 上周, 去年, 上半年, 2023年2月以来")),
        )),
    )  # fmt: skip
