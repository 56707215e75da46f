"""The page, asked without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chabao.indexer.bundled import bundled_index
from chabao.search.output.shelf import Shelf
from chabao.web.app import application

HOST = "localhost:8765"


@pytest.fixture(scope="session")
def page() -> Starlette:
    """The page of the bundled bulletins."""
    return application(bundled_index(), frozenset({HOST}))


@pytest.fixture
def app(page: Starlette, tmp_path: Path) -> Starlette:
    """The page, with a shelf of its own."""
    page.state.shelf = Shelf(tmp_path / "saved.json", bundled_index())
    return page


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    """A browser's view of the page: redirects are not followed."""
    with TestClient(app, f"http://{HOST}", follow_redirects=False) as opened:
        yield opened
