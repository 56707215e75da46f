"""News of saved searches as an Atom feed (RFC 4287), for feed readers.

The id of an entry is the address of the mention when it was new, as a tag URI (RFC 4151), so that a
reader that has shown it knows it again. A mention that several searches found is one entry with
several categories.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml  # nosec B405 # writes, and never reads

from chabao.search.output.cells import UNSEEN
from chabao.search.output.hits import bracketed, place
from chabao.search.query import Span
from chabao.search.saved import Entry, News

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place

ATOM = "http://www.w3.org/2005/Atom"
TAG = "tag:chabao,2026:"
NEVER = "1970-01-01T00:00:00+00:00"
"""The time of a feed to which nothing was ever new."""
# Chars that no XML 1.0 document may hold, however they are escaped; what turns or hides text too
_ILLEGAL = re.compile(f"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{UNSEEN}]")


def feed(entries: Sequence[Entry], index: Place, names: Sequence[str] = ()) -> bytes:
    """The feed of several searches, the latest first; `names` are those asked for, none for all.

    Its id is that of the index and the names, its time that of the last news.
    """
    asked = "\0".join((str(index.resolve() if isinstance(index, Path) else index), *sorted(names)))
    root = xml.Element("feed", {"xmlns": ATOM, "xml:lang": "zh"})
    identity = uuid.uuid5(uuid.NAMESPACE_URL, asked.encode("utf-8", "replace").decode("utf-8"))
    news = gathered(entries)
    title = "、".join(names) if names else "chabao"
    _add(root, "id", identity.urn)
    _add(root, "title", f"查报：{title}" if names else "查报")
    times = [said.at for said, _ in news] or [each.since for each in entries] or [NEVER]
    _add(root, "updated", max(times))
    _add(_add(root, "author"), "name", "chabao")
    _add(root, "generator", "chabao")
    known: dict[str, int] = {}
    for said, found_by in news:
        known[said.address] = known.get(said.address, 0) + 1
        root.append(_entry(said, found_by, known[said.address]))
    xml.indent(root, " ")
    data: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def gathered(entries: Iterable[Entry]) -> list[tuple[News, list[str]]]:
    """Each mention once, as it was said last, with the names of the searches that found it."""
    found: dict[tuple[str | None, ...], tuple[News, list[str]]] = {}
    for entry in entries:
        for said in entry.news:
            key = (said.address, said.publisher, said.title, said.number)
            known, names = found.get(key, (said, []))
            name = [] if entry.saved.name in names else [entry.saved.name]
            found[key] = (max(known, said, key=lambda each: each.at), names + name)
    return sorted(found.values(), key=lambda pair: pair[0].at, reverse=True)


def _entry(said: News, found_by: Iterable[str], occurrence: int) -> xml.Element:
    entry = xml.Element("entry")
    # two bulletins of one publisher may have an item of the same id
    _add(entry, "id", TAG + said.address + (f"/{occurrence}" if occurrence > 1 else ""))
    issue = " ".join(filter(None, (said.title, said.number or said.date))) or said.source
    _add(entry, "title", f"{issue}：{said.text[:40]}")
    _add(entry, "updated", said.at)
    if said.publisher:
        _add(_add(entry, "author"), "name", said.publisher)
    for name in found_by:
        _add(entry, "category").set("term", _legal(name))
    start, text = len(said.left), said.left + said.text + said.right
    if len(said.text) < len(text):
        text = bracketed(text, [Span(start, start + len(said.text))])
    under = place({"section": said.section, "item": said.item})
    where = f"{said.date or ''} {said.source}:{said.line} {said.address}".strip()
    _add(entry, "content", "\n".join(filter(None, (text, under, where)))).set("type", "text")
    return entry


def _add(parent: xml.Element, name: str, text: str | None = None) -> xml.Element:
    element = xml.SubElement(parent, name)
    element.text = None if text is None else _legal(text)
    return element


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
