"""What no output may hold, form by form: each check says what is wrong with some bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

Checked = Callable[[bytes], Iterator[str]]
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
"""All controls but line ends and tabs, and what turns or hides text."""
OURS = re.compile("\x1b\\[(?:0|1|2|7|1;31|1;32|3[0-9]|4)m")
FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
NUMBER = re.compile(r"-?[0-9.]+(e[-+]?\d+)?$")


def raw(text: str) -> Iterator[str]:
    if found := FORBIDDEN.search(text):
        around = text[max(0, found.start() - 20) : found.end() + 20]
        yield f"{found[0]!r} in {around!r}"


def path(data: bytes) -> Iterator[str]:
    """A path for a program is what it is, even with what turns or hides text, or it would name
    another file; but nothing steers a terminal or parts a line."""
    text = data.decode("utf-8", "surrogateescape").removesuffix("\n")
    if found := re.search("[\x00-\x1f\x7f-\x9f]", text):
        yield f"{found[0]!r} in {text!r}"


def plain(data: bytes) -> Iterator[str]:
    yield from raw(data.decode("utf-8", "surrogateescape"))


def coloured(data: bytes) -> Iterator[str]:
    yield from raw(OURS.sub("", data.decode("utf-8", "surrogateescape")))


def as_json(data: bytes) -> Iterator[str]:
    yield from plain(data)
    for line in data.splitlines() if data[:1] == b"{" else [data or b"0"]:
        json.loads(line)


def cells(data: bytes, delimiter: str) -> Iterator[str]:
    text = data.decode("utf-8-sig", "surrogateescape")
    yield from raw(text.replace("\r\n", "\n"))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    for row in rows:
        for cell in row:
            if FORMULA.match(cell.lstrip(" \u3000") or ".") and not NUMBER.match(cell):
                yield f"a cell that runs: {cell!r}"
    if len({len(row) for row in rows}) > 1:
        yield "rows of different lengths"


def comma(data: bytes) -> Iterator[str]:
    yield from cells(data, ",")


def tab(data: bytes) -> Iterator[str]:
    yield from cells(data, "\t")


def workbook(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            page = package.read(name).decode()
            if name.startswith("xl/worksheets/") and re.search("<f[ >]|<hyperlink", page):
                yield f"a formula or a link in {name}"
            if "worksheets" in name or "sharedStrings" in name:
                tree = ElementTree.fromstring(page)
                yield from raw("".join(tree.itertext()))


def markdown(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "surrogateescape")
    yield from raw(text)
    if re.search(r"(?<!\\)<(?!br>)", text):
        yield "HTML that a page would take"
    counts = {
        len(re.findall(r"(?<!\\)\|", re.sub(r"\\\\", "", line))) for line in text.splitlines()
    }
    if len(counts) > 1:
        yield f"rows of different lengths: {counts}"


def feed(data: bytes) -> Iterator[str]:
    tree = ElementTree.fromstring(data)
    yield from raw("".join(tree.itertext()))
    yield from plain(data)


def drawing(data: bytes) -> Iterator[str]:
    """An SVG: text and shapes; nothing that runs, nothing that is elsewhere."""
    tree = ElementTree.fromstring(data)
    yield from raw("".join(tree.itertext()))
    yield from plain(data)
    for element in tree.iter():
        if str(element.tag).rpartition("}")[2] in ("script", "foreignObject", "a", "image"):
            yield f"an element that may run or lead elsewhere: {element.tag}"
        for name, value in element.items():
            name = name.rpartition("}")[2]
            if name.startswith("on") or (name == "href" and not value.startswith("#")):
                yield f"an attribute that may run or lead elsewhere: {name}={value!r}"


SHEETS: dict[str, Checked] = {
    "jsonl": as_json, "csv": comma, "tsv": tab, "xlsx": workbook, "md": markdown,
}  # fmt: skip


def known(data: bytes, checked: Checked, terminal: bool) -> list[str]:
    """What is wrong with an output; a terminal shows every form as text."""
    try:
        return list((coloured if terminal else checked)(data))
    except (ValueError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        return [f"cannot be read: {error}"]
