"""Citations in the styles that are asked for: each a string for one reference, escaped for where it
goes. Nothing is put in that the file does not say; what the standards want said of the unknown
stands in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chabao.search.citation import Reference
from chabao.search.output.json_ import said
from chabao.search.output.text import clean
from chabao.search.quotes import Quotation


class Style(StrEnum):
    """What a citation looks like."""

    GBT2025 = "gbt7714-2025"
    GBT2015 = "gbt7714-2015"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl-json"
    MARKDOWN = "markdown"


class Form(StrEnum):
    """What an issue is cited as: a number of a serial [J], or a report of its own [R]."""

    SERIAL = "serial"
    REPORT = "report"


NO_TITLE = "[题名不详]"
NO_PLACE = "[出版地不详]"
NO_PUBLISHER = "[出版者不详]"
NO_DATE = "[出版日期不详]"


@dataclass(frozen=True, slots=True)
class Marks:
    """The punctuation of an edition of the standard."""

    comma: str
    colon: str
    opening: str
    closing: str


FULL_WIDTH = Marks("，", "：", "（", "）")
"""Of 2025; a full stop and a space stand between the parts."""
HALF_WIDTH = Marks(", ", ": ", "(", ")")
"""Of 2015."""


def gbt(cited: Reference, form: Form, edition: int = 2025) -> str:
    """A citation by GB/T 7714 in the numeric system: a serial by 8.4 (2015: 4.3), a report by 8.8
    (2015: 4.1). Without its number in the list."""
    marks = FULL_WIDTH if edition == 2025 else HALF_WIDTH
    title = f"[{cited.title}]" if cited.title and cited.title_inferred else cited.title or NO_TITLE
    parts = [cited.publisher]
    if form is Form.REPORT:
        number = cited.report_number
        parts.append(f"{title}{marks.colon}{number}[R]" if number else f"{title}[R]")
    else:
        parts += [f"{title}[J]", designation(cited, marks)]
    if form is Form.REPORT and edition == 2025:
        parts.append(cited.date or _year(cited))
    else:
        publisher = cited.publisher or NO_PUBLISHER
        parts.append(f"{NO_PLACE}{marks.colon}{publisher}{marks.comma}{_year(cited)}")
    return " ".join(clean(". ".join(part for part in parts if part)).split()) + "."


def designation(cited: Reference, marks: Marks = FULL_WIDTH) -> str | None:
    """Which number of the serial: 2023（3）."""
    if cited.designation is None:
        return None
    year, number = cited.designation
    return f"{year}{marks.opening}{number}{marks.closing}" if number else year


def _year(cited: Reference) -> str:
    if cited.date:
        return cited.date[:4]
    return f"[{cited.guessed}]" if cited.guessed else NO_DATE


def csl(cited: Reference, form: Form, quoted: Sequence[Quotation] = ()) -> dict[str, Any]:
    """An object of CSL-JSON 1.0.2. A serial's `volume` holds year and number, where the styles for
    GB/T 7714—2025 look for them; what CSL has no variable for is under `custom`."""
    serial = form is Form.SERIAL
    found: dict[str, Any] = {"id": cited.key, "type": "periodical" if serial else "report"}
    found |= _known(
        title=cited.title,
        volume=designation(cited) if serial else None,
        number=None if serial else cited.report_number,
        publisher=cited.publisher if serial else None,
        language="zh-CN",
    )
    if cited.publisher:
        found["author"] = [{"literal": cited.publisher}]
    if cited.date:
        found["issued"] = {"date-parts": [[int(part) for part in cited.date.split("-")]]}
    elif cited.guessed:
        found["issued"] = {"date-parts": [[cited.guessed]], "circa": True}
    found["custom"] = _known(
        issue=cited.number,
        serial=cited.serial,
        **({"title-inferred": True} if cited.title_inferred else {}),
        quotations=[{"text": each.quoted, "address": str(each.address)} for each in quoted] or None,
    )
    return found


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def bibtex(cited: Reference, form: Form, quoted: Sequence[Quotation] = ()) -> str:
    """An entry for BibTeX with gbt7714. Its styles print neither `serial` nor the quotations
    (`annote`) and their addresses (`chabao`)."""
    serial = form is Form.SERIAL
    issued = cited.date or (f"[{cited.guessed}]" if cited.guessed else None)
    fields = {
        "editor" if serial else "author": cited.publisher,
        "title": cited.title,
        "volume": designation(cited, HALF_WIDTH) if serial else None,
        "number": None if serial else cited.report_number,
        "publisher": cited.publisher if serial else None,
        "year": issued and (issued[:4] if cited.date else issued),
        "date": cited.date,
        "serial": str(cited.serial) if cited.serial is not None else None,
        "langid": "chinese",
        "annote": " ".join(each.quoted for each in quoted),
    }
    # a second pair of braces: BibTeX takes the name of an authority for one name, and leaves it so
    lines = [
        f"  {name} = {{{{{tex(value)}}}}}"
        if name in ("editor", "author")
        else f"  {name} = {{{tex(value)}}}"
        for name, value in fields.items()
        if value
    ]
    if quoted:
        lines.append(f"  chabao = {{{', '.join(str(each.address) for each in quoted)}}}")
    kind = "periodical" if serial else "techreport"
    return f"@{kind}{{{cited.key},\n" + ",\n".join(lines) + "\n}\n"


_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    **{char: "\\" + char for char in "$&#%_"},
}  # fmt: skip


def tex(text: str) -> str:
    """Text for a field in braces. BibTeX counts braces even behind a backslash, so none stays."""
    return "".join(_TEX.get(char, char) for char in _line(text))


def ris(cited: Reference, form: Form, quoted: Sequence[Quotation] = ()) -> str:
    """A record of RIS: a tag, two spaces, a hyphen, a space, a value on one line."""
    day = (cited.date or "").replace("-", "/")
    year = cited.date[:4] if cited.date else str(cited.guessed or "")
    serial = form is Form.SERIAL
    rows = [
        ("TY", "SER" if serial else "RPRT"),
        ("ID", cited.key),
        ("AU", cited.publisher),
        ("TI", cited.title),
        ("IS" if serial else "SN", _ris_number(cited) if serial else cited.report_number),
        ("PB", cited.publisher),
        ("PY", year),
        ("DA", day),
        ("LA", "zh-CN"),
        ("N1", f"总第{cited.serial}期" if serial and cited.serial is not None else None),
        *(("N1", f"{each.quoted} {each.address}") for each in quoted),
    ]
    return "".join(f"{tag}  - {_line(value)}\n" for tag, value in rows if value) + "ER  - \n"


def _ris_number(cited: Reference) -> str | None:
    return str(cited.number) if cited.number is not None else None


_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$^]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


def markdown(text: str) -> str:
    """Text that CommonMark and GitHub show as it is, in a paragraph, a list or a table."""
    return _MARKDOWN.sub(r"\\\g<0>", _line(text))


def encoded(items: Sequence[dict[str, Any]]) -> str:
    return said(items, indent=2) + "\n"


def _line(text: str) -> str:
    return " ".join(clean(" ".join(text.split())).split())
