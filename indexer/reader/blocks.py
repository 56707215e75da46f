"""The text of a web page as lines: what a browser shows, less what only leads elsewhere.

A block is left out only where it is told to be navigation, or is all links, and holds no sentence;
so nothing of a bulletin can be lost with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chabao.indexer.reader import counting, rows
from chabao.indexer.reader.document import Unreadable

UNSHOWN = frozenset({
    "script", "style", "noscript", "template", "svg", "select", "button", "textarea", "iframe",
    "object", "applet", "audio", "video", "canvas", "title", "datalist",
})  # fmt: skip
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "meta", "link", "nobr", "o:p", "q", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "sdfield", "st1:chsdate", "input", "ruby", "rb",
})  # fmt: skip
VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "wbr", "base", "col", "area", "embed"}
)
NAVIGATION = frozenset({"nav", "footer", "menu"})
NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?|crumbs?|foot(?:er)?|copyright|share|toolbar|sitemap|"
    r"pag(?:er|ination)|position|mbx|dqwz|location|friendlink\w*|print)(?:$|[\s_-])",
    re.IGNORECASE,
)
CONTENT = re.compile(
    r"(?:^|\s)(?:UCAP-CONTENT|zoom|\w*TRS_\w*EDITOR|trs_\w+|pages_content|article[-_]?(?:content|con|"
    r"body|text|main)|content|con(?:tent)?[-_](?:text|body|txt)|news[-_]?con\w*|main[-_]?text|xxgk_"
    r"\w*content|detail[-_]?content|vsb_content\w*|v_news_content|bt[-_]content)(?:$|\s)",
    re.IGNORECASE,
)
"""Names that the publishing systems of government sites give to the text of a page."""
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
HEADING = re.compile("h([1-6])$")
HAN = re.compile("[\u3400-\u9fff]")
WHITE = re.compile("[ \t\n\r\f]+")
LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
MENU_ENTRY = re.compile(r"[\u3400-\u9fff\s]{2,10}")
MENU_ENTRIES = 3
LINKED = 0.7
"""The share of a block's Chinese characters within links from which it leads elsewhere."""
MOST_DEEP = 10_000
MOST_PIECES = 1_500_000
"""Elements and texts, of which a page of a bulletin has a few thousand."""
LONGEST_TITLE = 200
MOST_TEXT = 16_000_000


@dataclass(slots=True)
class Frame:
    """An open element: where its lines begin, and what had been counted by then."""

    tag: str
    start: int
    han: int
    linked: int
    sentences: int
    named: bool = False
    content: bool = False
    cells: list[list[str]] = field(default_factory=list)
    count: int = 0
    form: str = ""


class Page:
    """Told of a page's elements in order (lxml's target interface).

    `lines` are its lines; `contents` the stretches of them that the site's system marks as text,
    with the Chinese characters in each; `prose` counts those outside links.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.title = ""
        self.meta: dict[str, str] = {}
        self.contents: list[tuple[int, int, int]] = []
        self._frames: list[Frame] = []
        self._line: list[str] = []
        self._skip: list[str] = []
        self._pre = self._links = 0
        self._han = self._linked = self._sentences = self._length = self._count = 0

    @property
    def prose(self) -> int:
        return self._han - self._linked

    def start(self, tag: str, values: dict[str, str]) -> None:
        tag = tag.lower()
        self._count_piece()
        if tag == "meta" and "name" in values:
            self.meta[values["name"].lower()] = values.get("content", "").strip()
        if self._skip or tag in UNSHOWN or _is_hidden(values):
            if tag not in VOID:
                self._skip.append(tag)
            if len(self._skip) > MOST_DEEP:
                raise Unreadable(reason="refused: its elements are nested too deeply")
            return
        if tag not in INLINE:
            self._break()
        if tag in VOID:
            return
        names = f"{values.get('id', '')[:100]} {values.get('class', '')[:200]}"
        self._frames.append(
            Frame(
                tag, len(self.lines), self._han, self._linked, self._sentences,
                tag in NAVIGATION or values.get("role") == "navigation"
                or NAMED.search(names) is not None or values.get("title") == "footer",
                CONTENT.search(names) is not None or tag in ("article", "main"),
            )
        )  # fmt: skip
        if len(self._frames) > MOST_DEEP:
            raise Unreadable(reason="refused: its elements are nested too deeply")
        self._mark(tag, values)

    def _mark(self, tag: str, values: dict[str, str]) -> None:
        """What a browser puts before an element's text, and what tells the parser of its rank."""
        self._pre += tag == "pre"
        self._links += tag == "a"
        if heading := HEADING.match(tag):
            self._line.append("#" * int(heading[1]) + " ")
        elif tag == "ol":
            at = values.get("start", "1")
            self._frames[-1].count = int(at) - 1 if at.isdecimal() and len(at) < 6 else 0
            self._frames[-1].form = LIST_FORMS.get(values.get("type", ""), "decimal")
        elif tag == "li" and len(self._frames) > 1 and (outer := self._frames[-2]).tag == "ol":
            outer.count += 1
            self._line.append(counting.shown(outer.count, outer.form) + ". ")

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if self._skip:
            if tag == self._skip[-1]:
                self._skip.pop()
            return
        if tag not in INLINE:
            self._break()
        if tag in VOID or not self._frames or self._frames[-1].tag != tag:
            return
        frame = self._frames.pop()
        self._pre -= tag == "pre"
        self._links -= tag == "a"
        if tag not in INLINE:
            self._close(frame)

    def data(self, text: str) -> None:
        self._count_piece()
        if self._skip:
            if self._skip == ["title"]:
                self.title = (self.title + text)[:LONGEST_TITLE]
            return
        self._length += len(text)
        if self._length > MOST_TEXT:
            raise Unreadable(reason="refused: it holds too much text")
        found = len(HAN.findall(text))
        self._han += found
        self._linked += found if self._links else 0
        self._sentences += text.count("。")
        if self._pre:
            *whole, text = text.split("\n")
            for line in whole:
                self._line.append(line)
                self._break()
        self._line.append(text)

    def _count_piece(self) -> None:
        self._count += 1
        if self._count > MOST_PIECES:
            raise Unreadable(reason="refused: it has too many elements")

    def close(self) -> Page:
        self._break()
        return self

    def _break(self) -> None:
        """The end of a line."""
        if self._line:
            line = WHITE.sub(" ", "".join(self._line)).strip(" ")
            self._line.clear()
            if line.strip("# "):
                self.lines.append(line)

    def _close(self, frame: Frame) -> None:
        """The end of a block: a cell and a row are put on a line, what leads elsewhere goes."""
        if self._leads_elsewhere(frame):
            del self.lines[frame.start :]
            self._linked += (self._han - frame.han) - (self._linked - frame.linked)
        elif frame.tag in ("td", "th"):
            row = next((each for each in reversed(self._frames[-3:]) if each.tag == "tr"), None)
            if row:
                row.cells.append([line.lstrip("# ") for line in self.lines[frame.start :]])
                del self.lines[frame.start :]
        elif frame.tag == "tr":
            self.lines += rows.lines(frame.cells)
        elif frame.content and len(self.lines) > frame.start:
            prose = (self._han - frame.han) - (self._linked - frame.linked)
            self.contents.append((frame.start, len(self.lines), prose))

    def _leads_elsewhere(self, frame: Frame) -> bool:
        han, linked = self._han - frame.han, self._linked - frame.linked
        if self._sentences > frame.sentences or frame.tag in ("body", "html", "td", "th", "tr"):
            return False
        if HEADING.match(frame.tag) or frame.tag == "p":
            return False
        if linked < LINKED * han:
            return frame.named and han <= 300
        # A short list may be one of attached files: a menu has more, or shorter names.
        return frame.named or linked >= 20 or _is_menu(self.lines[frame.start :])


def _is_menu(lines: list[str]) -> bool:
    """Whether lines are several names of two words at most, without numbers."""
    entries = [entry.strip() for line in lines for entry in line.split("|")]
    return len(entries) >= MENU_ENTRIES and all(map(MENU_ENTRY.fullmatch, entries))


def _is_hidden(values: dict[str, str]) -> bool:
    return "hidden" in values or HIDDEN.search(values.get("style", "")) is not None
