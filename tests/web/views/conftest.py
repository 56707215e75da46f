"""The page over the bundled bulletins, as a browser without scripts sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chabao.indexer.build import build
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import engine
from chabao.search.output.shelf import Shelf
from chabao.web.app import application

HOST = "testserver"


class Element:
    """An element of a page: its name, attributes, children, and the text in it."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, name: str = "", **attributes: str) -> list[Element]:
        """Elements below by name, and by attributes; `class_` is one of the classes."""
        wanted = attributes.pop("class_", None)
        return [
            each
            for each in self.walk()
            if (not name or each.name == name)
            and (wanted is None or wanted in each.classes)
            and all(each.attributes.get(key) == value for key, value in attributes.items())
        ]

    def one(self, name: str = "", **attributes: str) -> Element:
        (found,) = self.all(name, **attributes)
        return found


VOID = frozenset({"input", "meta", "link", "br", "hr", "img", "rect"})


class Parser(HTMLParser):
    """A page as elements; one that is closed in the wrong place is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes {self.open[-1].name}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


Get = Callable[..., Element]
Parse = Callable[[str], Element]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """HTML to its elements."""
    return parsed


@pytest.fixture(scope="session")
def bundled_path(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web")
    build([root / "corpus"], path)
    return path


@pytest.fixture(scope="session")
def bundled(bundled_path: Path) -> Iterator[engine.Index]:
    with engine.open_index(bundled_path) as index:
        yield index


@pytest.fixture(scope="session")
def client(bundled_path: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    shelf = Shelf(tmp_path_factory.mktemp("shelf") / "saved.json", bundled_path)
    return TestClient(application(bundled_path, frozenset({HOST}), shelf))


@pytest.fixture
def get(client: TestClient) -> Get:
    """The page of an address, with parameters beside it if there are any."""

    def page(address: str, status: int = 200, **parameters: Any) -> Element:
        answered = client.get(address, params=parameters or None)
        assert answered.status_code == status, answered.text
        return parsed(answered.text)

    return page


@pytest.fixture
def serving(tmp_path: Path) -> Callable[[list[dict[str, Any]]], TestClient]:
    """The page over items that a test writes down."""

    def make(records: list[dict[str, Any]]) -> TestClient:
        with WhooshSink(tmp_path) as sink:
            sink.add(records)
            sink.commit()
        return TestClient(application(tmp_path, frozenset({HOST})))

    return make
