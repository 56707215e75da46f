"""Web pages, as saved from government sites (.html, .htm; .mht with all that belongs to one).

Elements come from lxml one by one; no tree is built, so that depth is no matter (of selectolax's
trees one of 300,000 nested elements took nine minutes). The text is what a browser shows, less
navigation; where the site marks the text of the page and nearly all prose is in it, that is taken.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError

from chabao.indexer.errors import UnreadableFile
from chabao.indexer.reader import text as plain
from chabao.indexer.reader.blocks import HAN, Page
from chabao.indexer.reader.document import Document, Unreadable

HEAD = 4096
CHARSET = re.compile(
    rb"""(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w-]{2,20})"""
)
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
         "big5": "big5hkscs"}  # fmt: skip
"""What browsers take for a charset that was named."""
MAIL = re.compile(rb"(?:From|MIME-Version|Content-Type|Date|Subject|Snapshot-[\w-]+): ?\S")
MOST_BYTES = 64 << 20
MOST_PARTS = 2_000
LONGEST_COMMENT = 4 << 20
"""Characters; of one with more than ten million libxml2 begins again at each <!-- within."""
ENOUGH = 0.8
"""The share of a page's prose that what is marked as its text must hold to be taken for it."""
SITE = re.compile(r"\s*[_|–—]\s*|\s+-\s+|-(?=[^-]*(?:网|政府|中心|平台|厅|局)$)")
BYLINE = re.compile(r"(?:19|20)\d\d[-年./]\d{1,2}[-月./]\d{1,2}|来源[:：]|发布机构[:：]|文号[:：]")
LONGEST_BYLINE = 80


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a page is. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(reason="refused: too large")
    if MAIL.match(data.lstrip()):
        text = "".join(_text(_decoded(part, charset)) for part, charset in _parts(data))
    else:
        text = _text(_decoded(data))
    if not text.strip():
        raise Unreadable(reason="there is no text in it")
    yield Document(text)


def _text(markup: str) -> str:
    page = _read(markup)
    lines = page.lines
    start, end, prose = max(page.contents, key=lambda each: each[2], default=(0, 0, 0))
    if prose and end <= len(lines) and prose >= ENOUGH * page.prose:
        above = [line for line in lines[:start] if _is_byline(line)]
        lines = above + lines[start:end]
    title = page.meta.get("articletitle") or SITE.split(page.title.strip())[0]
    if HAN.search(title) and not any(_bare(title) in _bare(line) for line in lines[:8]):
        lines = [title, *lines]
    return "".join(f"{line}\n" for line in lines)


def _is_byline(line: str) -> bool:
    return len(line) <= LONGEST_BYLINE and (line.startswith("# ") or bool(BYLINE.search(line)))


def _bare(text: str) -> str:
    return "".join(text.split())


def _read(markup: str) -> Page:
    from lxml import etree

    if _longest_comment(markup) > LONGEST_COMMENT:
        raise Unreadable(reason="refused: too large")
    page = Page()
    # Told as bytes, lest a charset that the page names is believed a second time.
    parser = etree.HTMLParser(target=page, encoding="utf-8")
    data = markup.replace("\0", "").encode("utf-8", "replace")
    try:
        # All at once: of an open comment each piece makes it read the whole again.
        parser.feed(data)
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError) as error:
        if isinstance(error, Unreadable):
            raise
        # Nothing but white space, or markup that ends before it begins.
        page.close()
    return page


def _longest_comment(markup: str) -> int:
    """Characters of the longest comment; one that nothing ends goes on to the end."""
    longest, at = 0, markup.find("<!--")
    while at >= 0:
        end = markup.find("-->", at)
        end = len(markup) if end < 0 else end
        longest = max(longest, end - at)
        at = markup.find("<!--", end)
    return longest


def _decoded(data: bytes, charset: str = "") -> str:
    """Byte order mark, strict UTF-8, the charset that is named, then the likeliest."""
    marked = any(data.startswith(mark) for mark, _ in plain.MARKS)
    named = charset or _named(data)
    for encoding in [] if marked else ["utf-8", WIDER.get(named, named)]:
        try:
            codecs.lookup(encoding)
            return data.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            continue
    try:
        return plain.decode(data)
    except UnreadableFile as error:
        text = _patched(data, WIDER.get(named, named))
        if text is None:
            raise Unreadable(reason=str(error.values["reason"])) from error
        return text


def _patched(data: bytes, encoding: str) -> str | None:
    """A page with a few broken characters, in the encoding that it names."""
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    return text if text.count("\ufffd") < max(2, len(text) // 100) else None


def _named(data: bytes) -> str:
    match = CHARSET.search(data[:HEAD])
    return match[1].decode("ascii", "replace").lower() if match else ""


def _parts(data: bytes) -> Iterator[tuple[bytes, str]]:
    """The pages in a web archive (RFC 2557), and the charsets that their heads name."""
    found = 0
    try:
        for count, part in enumerate(message_from_bytes(data, policy=policy.compat32).walk()):
            if count > MOST_PARTS:
                raise Unreadable(reason="refused: too many files in it")
            if part.get_content_type() != "text/html":
                continue
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                found += 1
                yield body, str(part.get_content_charset() or "")
    except (
        MessageError,
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(reason="damaged: not the web archive that it begins as") from error
    except MemoryError as error:
        raise Unreadable(reason="refused: too large") from error
    if not found:
        raise Unreadable(reason="there is no text in it")
