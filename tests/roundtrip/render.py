"""Renders bulletins as offices and web sites do: Word files, PDF, web pages, text.

What stands in a bulletin is listed by hand in `paragraphs/`, a paragraph a line after its kind, so
that nothing here presupposes what the parser makes of it. Run as a program (`make fixtures`), it
writes `pdf/` anew, which takes LibreOffice, the fonts of `LOOKS` (Debian: fonts-noto-cjk,
fonts-arphic-ukai, fonts-wqy-microhei, fonts-droid-fallback) and poppler-utils; all else is rendered
by the tests themselves.
"""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

HERE = Path(__file__).parent
PDF = HERE / "pdf"
NAMES = tuple(sorted(path.stem for path in (HERE / "paragraphs").glob("*.txt")))
CENTRED = {"masthead", "number", "subject", "period"}
RED = RGBColor(0xE6, 0x00, 0x12)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a bulletin; `**` stands around what is bold."""

    kind: str
    text: str

    @property
    def plain(self) -> str:
        return self.text.replace("**", "")


@dataclass(frozen=True)
class Look:
    """How a file is set: the fonts of the kinds of paragraphs, sizes and distances in points.

    `footer` is what stands below each page, # the page's number and * that of all pages; `header`
    what stands above, under the publication's name. `table` says that the imprint stands in a
    table, `first` that the first page has no header.
    """

    masthead: str
    h1: str
    h2: str
    body: str
    size: float = 16
    leading: float = 28
    columns: int = 1
    footer: str = "- # -"
    header: str = ""
    table: bool = False
    first: bool = True

    def font(self, kind: str) -> str:
        fonts = {"masthead": self.masthead, "h1": self.h1, "h2": self.h2, "period": self.h2}
        return fonts.get(kind, self.body)


WPS = Look("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312")
"""What GB/T 9704 and the templates of WPS say: text of 三号, 28 points from line to line."""
LOOKS = {
    "wps": Look("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN", "Noto Serif CJK SC"),
    "hei": Look(
        "WenQuanYi Micro Hei", "WenQuanYi Micro Hei", "AR PL UKai CN", "WenQuanYi Micro Hei",
        size=12, leading=20, header="内部资料　注意保存",
        footer="省中心编印　第 # 页　共 * 页", table=True, first=False,
    ),
    "columns": Look(
        "Droid Sans Fallback", "Droid Sans Fallback", "AR PL UKai CN", "Droid Sans Fallback",
        size=10.5, leading=17, columns=2, footer="#",
    ),
}  # fmt: skip
"""The same with fonts that are free, for PDF."""


def paragraphs(name: str) -> list[Paragraph]:
    lines = (HERE / "paragraphs" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [Paragraph(*line.split("\t")) for line in lines]


def running_head(parts: Sequence[Paragraph]) -> str:
    """What stands above each page: the publication's name and number, as far as they are known."""
    for part in parts:
        if part.kind == "running":
            return part.text
    return " ".join(
        part.plain for kind in ("masthead", "number") for part in parts if part.kind == kind
    )


# Word files


def word(parts: Sequence[Paragraph], look: Look = WPS) -> bytes:
    """A bulletin as a .docx."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.different_first_page_header_footer = look.first
    _style(document, look)
    _furniture(section, running_head(parts), look)
    head = [part for part in parts if part.kind in CENTRED or part.kind == "office"]
    for part in head:
        _paragraph(document, part, look)
    if look.columns > 1:
        _columns(document.add_section(WD_SECTION.CONTINUOUS), look.columns)
    for part in parts:
        if part.kind in ("h1", "h2", "p"):
            _paragraph(document, part, look)
    _imprint(document, [part for part in parts if part.kind == "imprint"], look)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _style(document: Any, look: Look) -> None:
    style = document.styles["Normal"]
    _set_font(style.font, style.element, look.body, look.size)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(look.leading)


def _set_font(font: Any, element: Any, name: str, size: float) -> None:
    font.name, font.size = name, Pt(size)
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _furniture(section: Any, running: str, look: Look) -> None:
    """The running head and the page's number, on the first page only the number."""
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(header, running, look.body, 9)
    if look.header:
        below = section.header.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(below, look.header, look.body, 9)
    feet = [section.footer, section.first_page_footer] if look.first else [section.footer]
    for foot in feet:
        paragraph = foot.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for piece in re.split("([#*])", look.footer):
            if piece in ("#", "*"):
                _field(paragraph, "PAGE" if piece == "#" else "NUMPAGES", look)
            elif piece:
                _run(paragraph, piece, look.body, 14 if look.size > 14 else 9)


def _field(paragraph: Any, code: str, look: Look) -> None:
    for kind in ("begin", code, "separate", "1", "end"):
        run = _run(paragraph, "1" if kind == "1" else "", look.body, 14 if look.size > 14 else 9)
        if kind == code:
            instruction = OxmlElement("w:instrText")
            instruction.text = code
            run._r.append(instruction)
        elif kind != "1":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    _set_font(run.font, run._r, font, size)
    run.bold = bold or None
    return run


def _paragraph(into: Any, part: Paragraph, look: Look) -> None:
    paragraph = into.add_paragraph()
    size = look.size
    if part.kind == "masthead":
        size = 22 if look.size < 16 else 36
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
    if part.kind in CENTRED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif part.kind == "office":
        tabs = paragraph.paragraph_format.tab_stops
        tabs.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _indent(paragraph, look.size)
    text = part.text
    if part.kind == "office":
        text = re.sub("(?<=中心) (?=\\d)", "\t", text)
    for at, piece in enumerate(text.split("**")):
        run = _run(paragraph, piece, look.font(part.kind), size, bold=at % 2 == 1)
        if part.kind == "masthead":
            run.font.color.rgb = RED


def _indent(paragraph: Any, size: float) -> None:
    """Two characters, said as WPS says it."""
    paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def _columns(section: Any, count: int) -> None:
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        section._sectPr.append(columns)
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), "425")


def _imprint(document: Any, parts: Sequence[Paragraph], look: Look) -> None:
    if not look.table:
        for part in parts:
            paragraph = document.add_paragraph()
            _run(paragraph, part.plain, look.body, look.size)
        return
    document.add_paragraph()
    table = document.add_table(rows=0, cols=1)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="6"/>' for side in ("top", "bottom", "insideH")
    )
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{borders}</w:tblBorders>"))
    for part in parts:
        cell = table.add_row().cells[0]
        _run(cell.paragraphs[0], part.plain, look.body, look.size)


# Web pages


def _page(name: str, parts: Sequence[Paragraph], posted: str, body: Sequence[str]) -> str:
    """A page as it was saved, filled in."""
    page = Template((HERE / "pages" / f"{name}.html").read_text(encoding="utf-8"))
    title = "".join(running_head(parts).split())
    return page.substitute(title=title, posted=posted, body="\n".join(body))


def new_page(parts: Sequence[Paragraph], posted: str = "2025-06-05") -> bytes:
    """A page of today: UTF-8, the text in an editor's block."""
    body = []
    for part in parts:
        if part.kind == "running":
            continue
        style = "text-align: center;" if part.kind in CENTRED else "text-indent: 2em;"
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(part.text, quote=False))
        if part.kind in ("h1", "masthead"):
            text = f'<span style="font-family: 黑体, SimHei;"><strong>{text}</strong></span>'
        body.append(f'<p style="{style}"><span style="font-size: 16px;">{text}</span></p>')
    return _page("new", parts, posted, body).encode()


def old_page(parts: Sequence[Paragraph], posted: str = "2025-6-5") -> bytes:
    """A page of twenty years ago: tables for layout, lines broken by <BR>, what it calls GB2312."""
    body = []
    for part in parts:
        if part.kind == "running":
            continue
        text = re.sub(r"\*\*(.+?)\*\*", r"<B>\1</B>", html.escape(part.text, quote=False))
        if part.kind in CENTRED:
            body.append(f"<P align=center>{text}</P>")
        elif part.kind in ("h1", "h2"):
            body.append(f"<P>　　<B>{text}</B></P>")
        else:
            body.append(f"&nbsp;&nbsp;&nbsp;&nbsp;{text}<BR>")
    return _page("old", parts, posted, body).replace("\n", "\r\n").encode("gb18030")


# Text


def text(parts: Sequence[Paragraph]) -> bytes:
    """Text as Word and WPS save it on Windows: a paragraph a line, GB18030, CRLF."""
    lines = [("　　" if part.kind in ("h1", "h2", "p") else "") + part.plain for part in parts]
    return "".join(f"{line}\r\n" for line in lines).encode("gb18030")


# PDF


def main() -> None:
    """Writes `pdf/` anew, and on which page of it each item begins, as poppler tells the pages."""
    PDF.mkdir(exist_ok=True)
    pages: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for style, look in LOOKS.items():
            for name in NAMES:
                (Path(folder) / f"{name}-{style}.docx").write_bytes(word(paragraphs(name), look))
        made = sorted(str(path) for path in Path(folder).glob("*.docx"))
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", "pdf", "--outdir", str(PDF), *made], check=True,
        )  # fmt: skip
    for path in sorted(PDF.glob("*.pdf")):
        items = list(_items(paragraphs(path.stem.partition("-")[0])))
        pages[path.stem] = _places(path, items)
    written = json.dumps(pages, indent=1, sort_keys=True)
    written = re.sub(r"\[\s+([\d,\s]+?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", written)
    (PDF / "pages.json").write_text(written + "\n", encoding="utf-8")


def _items(parts: Sequence[Paragraph]) -> Iterator[str]:
    for part in parts:
        if part.kind == "p":
            yield "".join(part.plain.split())


def _places(path: Path, items: Sequence[str]) -> list[int]:
    """The page on which each item begins: one after the other, found by its first characters."""
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    pages = ["".join(page.split()) for page in said.stdout.decode().split("\f")]
    starts = [sum(map(len, pages[:at])) for at in range(len(pages))]
    whole, found, at = "".join(pages), [], 0
    for item in items:
        at = whole.index(item[:6], at)
        found.append(sum(start <= at for start in starts if start < len(whole)))
        at += 6
    return found


if __name__ == "__main__":
    main()
