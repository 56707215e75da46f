"""Feeds hold to RFC 4287, whatever stands in texts and names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as xml

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.output.feed import TAG, feed
from chabao.search.saved import Entry, News, Saved

ATOM = "{http://www.w3.org/2005/Atom}"
AT = "2026-11-21T09:00:00+00:00"
LATER = "2026-11-28T09:00:00+00:00"
SAID = News(
    at=AT, address="qphyuavhhfye@12+4~k3mq7yta", title="窗口工作周报", number="2023年第3期",
    date="2023-02-08", publisher="某中心", section=("一、动态",), item="（1）", source="1.txt",
    line=7, left="推进", text="川渝通办", right="事项",
)  # fmt: skip
FEED = {"id": 1, "title": 1, "updated": 1, "author": 1, "generator": 1}
ENTRY = {"id": 1, "title": 1, "updated": 1, "content": 1}
# RFC 4151: tag:authority,date:specific, the specific of the characters of RFC 3986
IRI = re.compile(r"tag:[a-z0-9.-]+,\d{4}:[A-Za-z0-9._~!$&'()*+,;=:@/-]+")


def entry(*news: News, name: str = "名") -> Entry:
    return Entry(Saved(name, "川渝通办"), AT, AT, {}, news)


def read(*entries: Entry) -> xml.Element:
    """The feed, having looked that it is one."""
    root = xml.fromstring(feed(entries, Path("index")))
    assert root.tag == f"{ATOM}feed"
    counts = Counter(child.tag.removeprefix(ATOM) for child in root)
    entries_ = counts.pop("entry", 0)
    assert counts == FEED and len(root.findall(f"{ATOM}entry")) == entries_
    ids = [each.text or "" for each in root.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == len(set(ids)) and all(IRI.fullmatch(each) for each in ids)
    for each in root.findall(f"{ATOM}entry"):
        said = Counter(child.tag.removeprefix(ATOM) for child in each)
        assert said.pop("category") >= 1 and said.pop("author", 1) == 1
        assert said == ENTRY
        assert all("term" in category.attrib for category in each.findall(f"{ATOM}category"))
    for author in root.iter(f"{ATOM}author"):
        assert [child.tag for child in author] == [f"{ATOM}name"] and author[0].text
    for time in root.iter(f"{ATOM}updated"):
        assert datetime.fromisoformat(time.text or "").tzinfo is not None
    return root


def texts(root: xml.Element, path: str) -> list[str]:
    return [
        each.text or "" for each in root.findall("/".join(ATOM + part for part in path.split("/")))
    ]


def test_an_entry_is_known_by_the_address_of_its_mention() -> None:
    root = read(entry(SAID))
    assert texts(root, "entry/id") == [TAG + SAID.address]
    assert texts(root, "entry/title") == ["窗口工作周报 2023年第3期：川渝通办"]
    assert texts(root, "entry/content")[0].startswith("推进【川渝通办】事项\n一、动态")


def test_the_latest_come_first_and_the_feed_is_as_new_as_they_are() -> None:
    other = replace(SAID, at=LATER, address="qphyuavhhfye@99+4~k3mq7yta")
    root = read(entry(SAID, other))
    assert texts(root, "entry/updated") == [LATER, AT] and texts(root, "updated") == [LATER]
    assert texts(read(entry()), "updated") == [AT]
    assert read().findall(f"{ATOM}entry") == []


def test_a_mention_of_two_searches_is_one_entry_as_it_was_said_last() -> None:
    again = replace(SAID, at=LATER, right="改了")
    root = read(entry(SAID, name="甲"), entry(again, name="乙"))
    assert texts(root, "entry/updated") == [LATER]
    assert "改了" in texts(root, "entry/content")[0]
    terms = [each.get("term") for each in root.iter(f"{ATOM}category")]
    assert terms == ["甲", "乙"]


def test_the_same_address_in_two_bulletins_is_two_entries() -> None:
    root = read(entry(SAID, replace(SAID, title="政务窗口月报")))
    assert len(texts(root, "entry/id")) == 2


def test_what_is_unknown_is_left_out() -> None:
    unknown = replace(SAID, title=None, number=None, date=None, publisher=None, section=(), item="")
    root = read(entry(unknown))
    assert texts(root, "entry/title") == ["1.txt：川渝通办"]
    assert not root.findall(f"{ATOM}entry/{ATOM}author")


anything = st.text(st.characters(), max_size=30)


@given(anything, anything, anything)
def test_texts_and_names_come_back_but_for_what_xml_forbids(
    text: str, name: str, publisher: str
) -> None:
    hostile = f"{text}</content>&lt;<![CDATA[]]>\x00\x0b\ufffe\ud800\u202e"
    said = replace(SAID, left=hostile, source=text, title=text, publisher=publisher)
    root = read(entry(said, name=name + hostile))
    content = texts(root, "entry/content")[0]
    assert "</content>&lt;<![CDATA[]]>\ufffd\ufffd\ufffd\ufffd\ufffd" in content
    plain = "".join(char for char in text if char.isalnum())
    assert plain in "".join(char for char in content if char.isalnum())


def test_its_own_id_stays_and_differs_between_what_was_asked() -> None:
    def identity(*names: str) -> str:
        return texts(xml.fromstring(feed([entry()], Path("index"), names)), "id")[0]

    assert identity() == identity() != identity("甲") == identity("甲")
    assert identity("甲", "乙") == identity("乙", "甲")
    assert identity("\udce4").startswith("urn:uuid:")
