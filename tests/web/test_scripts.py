"""What the page's scripts ask for: choices in JSON, and answers without the page around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chabao.indexer.bundled import bundled_index
from chabao.web.app import application

HOST = "localhost:8765"


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = application(Path(bundled_index()), frozenset({HOST}))
    return TestClient(app, base_url=f"http://{HOST}")


def test_choices_with_the_place_they_go_to(client: TestClient) -> None:
    answer = client.get("/complete", params={"q": "川渝 部门:自然", "at": "8"})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {
        "start": 3,
        "end": 8,
        "choices": [{"text": "部门:自然资源厅", "name": "自然资源厅", "items": 4}],
    }


@pytest.mark.parametrize("at", ["", "-1", "x", "99999999999", "²", "٣"])
def test_a_place_that_is_none_is_the_end(client: TestClient, at: str) -> None:
    answer = client.get("/complete", params={"q": "部门:自然", "at": at})
    assert answer.json()["end"] == 5


@pytest.mark.parametrize("query", ["", "q=", "q=%ED%A0%80", "q=%00&at=0", "q=" + "%28" * 3000])
def test_any_query_has_an_answer(client: TestClient, query: str) -> None:
    answer = client.get("/complete?" + query)
    assert answer.status_code == 200
    assert isinstance(answer.json()["choices"], list)


def test_caches_know_an_answer_from_its_page(client: TestClient) -> None:
    part = client.get("/", params={"q": "川渝通办"}, headers={"HX-Request": "true"})
    whole = client.get("/", params={"q": "川渝通办"})
    assert "<html" in whole.text and "<html" not in part.text
    assert "hx-request" in whole.headers["vary"].lower()
    assert "hx-request" in part.headers["vary"].lower()
