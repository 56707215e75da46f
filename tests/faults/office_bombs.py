"""Bombs in the formats of offices: small files that ask for more room or time than there is.

Run as a program, reads one of them by its name within limits and prints what came of it.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable

MEMORY, SECONDS = 512 << 20, 10
TEXT = "受理30880件。"


STORED = zipfile.ZIP_STORED
"""Most bombs are stored as they are: packed they would be refused for that, and prove no more."""


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def docx(body: str = "", head: str = "", method: int = STORED, **parts: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>'
    types += "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/>' for name in parts
    )
    document = f"{head}<document><body>{body}</body></document>"
    return zipped(
        {"[Content_Types].xml": f"<Types>{types}</Types>", "word/document.xml": document}
        | {f"word/{name}.xml": f"<x>{content}</x>" for name, content in parts.items()},
        method,
    )


def xlsx(rows: str, strings: str = "", styles: str = "") -> bytes:
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": '<w><sheet name="a" id="r"/></w>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r" Target="s.xml"/></R>',
        "xl/s.xml": f"<s>{rows}</s>",
        "xl/sharedStrings.xml": f"<s>{strings}</s>",
        "xl/styles.xml": f"<s>{styles}</s>",
    }, STORED)  # fmt: skip


def ods(rows: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": f"<d><table>{rows}</table></d>"}, STORED)


def nested(levels: int, wide: int) -> bytes:
    """As 42.zip: archives of archives, at the bottom of each nothing but noughts."""
    data = zipped({"0.txt": bytes(4 << 20)})
    for _ in range(levels):
        data = zipped({f"{at}.zip": data for at in range(wide)})
    return data


def overlapping(entries: int, *, kernel: int) -> bytes:
    """Entries that all are the same bytes of the file."""
    data = zipped({"0.txt": "受" * kernel})
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[at:end] * entries
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), at, 0)
    return data[:at] + directory + tail


def lying() -> bytes:
    """One whose directory says that nothing in it is large."""
    data = zipped({"a.txt": bytes(200 << 20)})
    return data.replace(struct.pack("<L", 200 << 20), struct.pack("<L", 99))


def attributes(count: int) -> str:
    return " ".join(f'a{at}="1"' for at in range(count))


def multipart(levels: int) -> bytes:
    head = b"MIME-Version: 1.0\r\n"
    body = "".join(
        f'Content-Type: multipart/related; boundary="b{at}"\r\n\r\n--b{at}\r\n'
        for at in range(levels)
    )
    return head + body.encode()


LOL = "".join(f'<!ENTITY a{at + 1} "' + f"&a{at};" * 10 + '">' for at in range(9))
DEEP = 400_000
STYLES = "".join(f'<style styleId="{at}"><basedOn val="{at + 1}"/></style>' for at in range(50_000))
CYCLE = '<style styleId="a"><basedOn val="b"/></style><style styleId="b"><basedOn val="a"/></style>'
LEVEL = '<lvl ilvl="0"><numFmt val="decimal"/><lvlText val="' + "%1受" * 500_000 + '"/></lvl>'
NUMBERED = '<p><pPr><numPr><ilvl val="0"/><numId val="1"/></numPr></pPr></p>'
LINKS = "".join(
    f'<abstractNum abstractNumId="{at}"><numStyleLink val="s{at}"/></abstractNum>'
    f'<num numId="{at}"><abstractNumId val="{at}"/></num>'
    for at in range(20_000)
)
NOTE = f'<footnote id="1"><p><r><t>{"注" * 1_000_000}</t></r></p></footnote>'
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip of noughts": ("a.zip", lambda: zipped({"a.txt": bytes(300 << 20)})),
    "zip of many noughts": (
        "a.zip", lambda: zipped({f"{at}.txt": bytes(8 << 20) for at in range(60)})),
    "zip as 42.zip": ("a.zip", lambda: nested(5, 16)),
    "zip nested deeply": ("a.zip", lambda: nested(60, 1)),
    "zip nested widely": ("a.zip", lambda: nested(2, 60)),
    "zip overlapping": ("a.zip", lambda: overlapping(5_000, kernel=300_000)),
    "zip overlapping, many": ("a.zip", lambda: overlapping(60_000, kernel=30)),
    "zip of 60,000": ("a.zip", lambda: zipped({f"{at}.txt": "" for at in range(60_000)})),
    "zip that lies": ("a.zip", lying),
    "zip by bzip2": ("a.zip", lambda: zipped({"a.txt": bytes(300 << 20)}, zipfile.ZIP_BZIP2)),
    "zip by lzma": ("a.zip", lambda: zipped({"a.txt": bytes(100 << 20)}, zipfile.ZIP_LZMA)),
    "zip of long names": (
        "a.zip", lambda: zipped({f"{at}/" * 9_000 + "a.txt": "" for at in range(900)})),
    "docx of noughts": ("a.docx", lambda: docx("\n" * (300 << 20), method=zipfile.ZIP_DEFLATED)),
    "docx of laughs": (
        "a.docx", lambda: docx("&a9;", f'<!DOCTYPE d [<!ENTITY a0 "受理">{LOL}]>')),
    "docx, entity outside": (
        "a.docx", lambda: docx("&a;", '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///dev/zero">]>')),
    "docx, type outside": ("a.docx", lambda: docx("", '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/">')),
    "docx, parameter": (
        "a.docx", lambda: docx("", '<!DOCTYPE d [<!ENTITY % a SYSTEM "/dev/zero"> %a;]>')),
    "docx nested": ("a.docx", lambda: docx("<p>" * DEEP + "</p>" * DEEP)),
    "docx, tables nested": (
        "a.docx", lambda: docx("<tbl><tr><tc>" * DEEP + "</tc></tr></tbl>" * DEEP)),
    "docx, boxes nested": (
        "a.docx", lambda: docx("<p><r><txbxContent>" * DEEP + "</txbxContent></r></p>" * DEEP)),
    "docx of empty paragraphs": ("a.docx", lambda: docx("<p/>" * 12_000_000)),
    "docx of attributes": (
        "a.docx", lambda: docx(f"<p {attributes(500_000)}/>")),
    "docx of names": ("a.docx", lambda: docx("".join(f"<a{at}/>" for at in range(2_000_000)))),
    "docx, one long value": ("a.docx", lambda: docx('<p a="' + "x" * (60 << 20) + '"/>')),
    "docx, one long text": ("a.docx", lambda: docx(f"<p><r><t>{'受理' * 9_000_000}</t></r></p>")),
    "docx of numbers": (
        "a.docx", lambda: docx(NUMBERED * 120_000, numbering=(
            f'<abstractNum abstractNumId="0">{LEVEL}</abstractNum>'
            '<num numId="1"><abstractNumId val="0"/></num>'))),
    "docx, lists that point": (
        "a.docx", lambda: docx(NUMBERED * 100_000, numbering=LINKS)),
    "docx, styles in a circle": (
        "a.docx", lambda: docx('<p><pPr><pStyle val="a"/></pPr></p>' * 100_000, styles=CYCLE)),
    "docx, styles in a row": (
        "a.docx", lambda: docx("".join(
            f'<p><pPr><pStyle val="{at}"/></pPr></p>' for at in range(50_000)), styles=STYLES)),
    "docx, one note often": (
        "a.docx", lambda: docx(
            '<p><r><footnoteReference id="1"/></r></p>' * 100_000, footnotes=NOTE)),
    "xlsx, far apart": (
        "a.xlsx", lambda: xlsx('<row><c r="A1"><v>1</v></c></row>'
                               '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "xlsx, all far apart": (
        "a.xlsx", lambda: xlsx('<row><c r="XFD1"><v>1</v></c></row>' * 300_000)),
    "xlsx, one text often": (
        "a.xlsx", lambda: xlsx('<row><c t="s"><v>0</v></c></row>' * 200_000,
                               f"<si><t>{TEXT * 50_000}</t></si>")),
    "xlsx of formats": (
        "a.xlsx", lambda: xlsx('<row><c s="0"><v>44946.5</v></c></row>' * 300_000, "",
                               '<numFmt numFmtId="200" formatCode="' + "yyyymmdd" * 25 + '"/>'
                               '<cellXfs><xf numFmtId="200"/></cellXfs>')),
    "xlsx of long numbers": (
        "a.xlsx", lambda: xlsx(f"<row><c><v>{'9' * 1_000_000}</v></c></row>" * 20)),
    "ods, repeated": (
        "a.ods", lambda: ods(
            '<table-row number-rows-repeated="1048576">'
            '<table-cell number-columns-repeated="16384">'
            f"<p>{TEXT}</p></table-cell></table-row>" * 5_000)),
    "ods of rows": ("a.ods", lambda: ods("<table-row/>" * 5_000_000)),
    "html nested": ("a.html", lambda: b"<html>" + b"<div>" * 3_000_000 + TEXT.encode()),
    "html, marks nested": ("a.html", lambda: b"<html>" + b"<b><i><font>" * 500_000),
    "html of tables": ("a.html", lambda: b"<html>" + b"<table><tr><td>" * 500_000),
    "html of paragraphs": ("a.html", lambda: b"<html>" + b"<p>x" * 10_000_000),
    "html of attributes": (
        "a.html", lambda: f"<html><p {attributes(900_000)}>".encode()),
    "html of signs": ("a.html", lambda: b"<html>" + b"<" * 30_000_000),
    "html of comments": ("a.html", lambda: b"<html>" + b"<!--" * 5_000_000),
    "html of quotes": ("a.html", lambda: b"<html>" + b"<a b='" * 5_000_000),
    "html of hidden": ("a.html", lambda: b"<html>" + b"<p hidden>" * 2_000_000),
    "html of entities": ("a.html", lambda: b"<html>" + b"&amp" * 10_000_000),
    "html, one long title": ("a.html", lambda: b"<html><title>" + b"<a_" * 10_000_000),
    "mht nested": ("a.mht", lambda: multipart(3_000)),
    "mht of parts": (
        "a.mht", lambda: b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n" * 200_000),
    "mht of heads": (
        "a.mht", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n"
        + b"X-A: b\r\n" * 2_000_000),
    "xls of garbage": (
        "a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40_000),
    "xls of nothing": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * (20 << 20)),
}  # fmt: skip


def outcome(data: bytes, name: str) -> str:
    """What reading a file came to: how many documents and characters, or why there are none."""
    from chabao.indexer import reader
    from chabao.indexer.reader.document import Unreadable

    try:
        found = list(reader.documents(data, name))
    except Unreadable as error:
        return f"refused: {error.reason}"
    reasons = {reason for each in found for reason in each.remarks}
    return f"read: {len(found)}, {sum(len(each.text) for each in found)} {sorted(reasons)}"


def main() -> None:
    import resource
    from pathlib import Path

    path, name = sys.argv[1:]
    data = Path(path).read_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    print(outcome(data, name))


if __name__ == "__main__":
    main()
