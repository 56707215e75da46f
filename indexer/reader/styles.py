"""What a Word file's named styles say of paragraphs and runs, as far as it concerns their text."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from chabao.indexer.reader.markup import Attributes, Handler

LONGEST_CHAIN = 12
"""Styles that are based on one another, beyond which they are a circle."""
OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Style:
    """None is what a style leaves to the one that it is based on. `outline` is 0 for the highest
    heading; `indent` says that the first line is set in."""

    name: str = ""
    num: str | None = None
    level: int | None = None
    outline: int | None = None
    hidden: bool | None = None
    indent: bool | None = None
    breaks: bool | None = None


PLAIN = Style()


def changed(style: Style, name: str, values: Attributes) -> Style:
    """A style with what one element of pPr or rPr adds."""
    value = values.get("val", "")
    if name == "numId":
        return replace(style, num=value)
    if name == "ilvl" and value.isdecimal():
        return replace(style, level=int(value[:2]))
    if name == "outlineLvl" and value.isdecimal():
        return replace(style, outline=int(value[:2]))
    if name == "vanish":
        return replace(style, hidden=value not in OFF)
    if name == "pageBreakBefore":
        return replace(style, breaks=value not in OFF)
    if name == "ind" and (first := values.get("firstLineChars") or values.get("firstLine")):
        return replace(style, indent=first.strip("0") != "")
    return style


class Styles(Handler):
    """The styles of a file by their identifiers."""

    def __init__(self) -> None:
        self.default = ""
        self._styles: dict[str, Style] = {}
        self._based: dict[str, str] = {}
        self._resolved: dict[str, Style] = {}
        self._at: str | None = None
        self._skip = 0

    def start(self, name: str, values: Attributes) -> None:
        if self._skip or name in ("tblStylePr", "pPrChange", "rPrChange"):
            self._skip += 1
        elif name == "style":
            self._at = values.get("styleId", "")
            self._styles[self._at] = PLAIN
            if values.get("type") == "paragraph" and values.get("default", "0") not in OFF:
                self.default = self._at
        elif self._at is None:
            return
        elif name == "basedOn":
            self._based[self._at] = values.get("val", "")
        elif name == "name":
            name_ = values.get("val", "").lower()
            self._styles[self._at] = replace(self._styles[self._at], name=name_)
        else:
            self._styles[self._at] = changed(self._styles[self._at], name, values)

    def end(self, name: str) -> None:
        if self._skip:
            self._skip -= 1
        elif name == "style":
            self._at = None

    def get(self, style: str) -> Style:
        """A style with what it takes over from those it is based on."""
        if style not in self._resolved:
            found, at = self._styles.get(style, PLAIN), style
            for _ in range(LONGEST_CHAIN):
                at = self._based.get(at, "")
                if at not in self._styles:
                    break
                found = over(found, self._styles[at])
            self._resolved[style] = found
        return self._resolved[style]


def over(style: Style, below: Style) -> Style:
    """A style, and where it says nothing what another says."""
    missing = {
        each.name: getattr(below, each.name)
        for each in fields(Style)
        if getattr(style, each.name) is None
    }
    return replace(style, **missing)
