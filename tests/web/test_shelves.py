"""Saved searches on the page: saved, told what is new, marked as seen, removed; and the feed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from chabao.indexer.build import build
from chabao.search.engine import open_index
from chabao.search.output.shelf import Shelf
from chabao.search.saved import look
from chabao.web.app import application

HOST = "localhost:8765"
ROOT = Path(__file__).resolve().parents[2]
OWN = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
ATOM = "{http://www.w3.org/2005/Atom}"


class Reader:
    """Somebody with the page of an index that grows."""

    def __init__(self, folder: Path) -> None:
        self.sources = sorted((ROOT / "corpus").glob("*.txt"))
        self.folder, self.index = folder / "issues", folder / "index"
        self.folder.mkdir()
        self.add(0)
        self.shelf = Shelf(folder / "saved.json", self.index)
        app = application(self.index, frozenset({HOST}), self.shelf)
        self.client = TestClient(app, f"http://{HOST}", follow_redirects=False)

    def add(self, number: int) -> None:
        shutil.copy(self.sources[number], self.folder)
        build([self.folder], self.index)

    def send(self, **fields: str) -> int:
        page = self.client.get("/saved").text + self.client.get("/?q=x").text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        return self.client.post(
            "/saved", data={"token": token[1]} | fields, headers=OWN
        ).status_code

    def news(self) -> int:
        return self.client.get("/saved").text.count("<mark>")

    def feed(self, name: str = "川渝") -> bytes:
        return self.client.get(f"/saved/{quote(name, safe='')}.atom").content


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_what_is_new_stays_new_until_it_was_seen(reader: Reader) -> None:
    assert reader.send(action="save", name="川渝", q="通办") == 303
    assert reader.news() == 0
    for number in range(1, len(reader.sources)):
        reader.add(number)
    [entry] = reader.shelf.read().values()
    new = len(look(open_index(reader.index), entry).rows)
    assert new
    assert min(new, 30) == reader.news() == reader.news()
    entries = ElementTree.fromstring(reader.feed()).findall(f"{ATOM}entry")
    assert len(entries) == new
    assert reader.feed() == reader.feed()
    assert reader.send(action="see", name="川渝") == 303
    assert reader.news() == 0
    assert len(ElementTree.fromstring(reader.feed()).findall(f"{ATOM}entry")) == new
    assert reader.send(action="remove", name="川渝") == 303
    assert reader.client.get("/saved/川渝.atom").status_code == 404
    assert not reader.shelf.read()


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"action": "save", "name": ""}, 400), ({"action": "save", "name": " "}, 400),
     ({"action": "save", "name": "a" * 101}, 400), ({"action": "other", "name": "a"}, 400),
     ({"name": "a"}, 400), ({"action": "see", "name": "a"}, 404),
     ({"action": "remove", "name": "a"}, 404), ({"action": "save", "name": "a"}, 422),
     ({"action": "save", "name": "a", "q": "-通办 -川渝 ("}, None)],
)  # fmt: skip
def test_forms_that_make_no_sense(
    reader: Reader, fields: dict[str, str], status: int | None
) -> None:
    found = reader.send(**fields)
    assert found == status or (status is None and found in (303, 422))


def test_a_name_is_saved_once(reader: Reader) -> None:
    assert reader.send(action="save", name="a", q="通办") == 303
    assert reader.send(action="save", name="a", q="政务") == 409
    assert reader.shelf.read()["a"].saved.query == "通办"


@pytest.mark.parametrize(
    "name", ["<b>&\"'", "a/b", "../x", "a.atom", "100%", "?q=1#x", "\u202ea", "川 渝", "{{7*7}}"]
)
def test_any_name_will_do(reader: Reader, name: str) -> None:
    assert reader.send(action="save", name=name, q="通办") == 303
    page = reader.client.get("/saved").text
    assert "<b>" not in page
    assert "49" not in re.sub(r"token\" value=\"[^\"]+", "", page) or name != "{{7*7}}"
    assert ElementTree.fromstring(reader.feed(name)).tag == f"{ATOM}feed"
    assert reader.send(action="remove", name=name) == 303


def test_filters_are_saved_too(reader: Reader) -> None:
    fields = {"department": "省林草局", "since": "2023", "literal": "1"}
    assert reader.send(action="save", name="a", q="通办", **fields) == 303
    saved = reader.shelf.read()["a"].saved
    assert saved.literal
    assert saved.conditions.department == ("省林草局",)
    assert saved.conditions.since == "2023"
