"""The JSON over HTTP: that of the command line, and what its OpenAPI document says of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks.web import attack
from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.search.output import json_
from chabao.web import openapi


def answer(client: TestClient, path: str, **asked: Any) -> Any:
    said = client.get(path, params=asked)
    assert said.status_code == 200, said.text
    assert said.headers["content-type"] == "application/json"
    return said.json()


@pytest.mark.parametrize(
    "query", ["川渝通办", "政务服务", "如何优化营商环境", "川渝通办 (", "", "一" * 2000]
)
def test_a_search_is_that_of_the_command_line(client: TestClient, query: str) -> None:
    found = answer(client, "/api/search", q=query, limit=5, facets="true")
    right = engine.search(engine.open_index(bundled_index()), query, limit=5, facets=True)
    expected = json.loads(json_.results(right))
    assert {**found, "seconds": 0} == {**expected, "seconds": 0}


def test_what_can_be_asked_beside_the_query(client: TestClient) -> None:
    asked = {"department": ["省林草局"], "since": "2023", "sort": "date", "mode": "exact"}
    found = answer(client, "/api/search", q="通办", **asked)
    assert found["total"]
    assert all("省林草局" in " ".join(hit["department"]) for hit in found["hits"])
    assert answer(client, "/api/search", q="川渝通办", limit=0)["hits"] == []
    assert answer(client, "/api/search", q="川渝 通办", literal="true")["exact"]


def test_an_item(client: TestClient) -> None:
    hit = answer(client, "/api/search", q="川渝通办")["hits"][0]
    item = answer(client, f"/api/item/{hit['id']}")
    assert list(item) == list(json_.FIELDS)
    assert "川渝通办" in item["text"]
    for address in ("none", "x@1+2~3", "%00", "a" * 500):
        gone = client.get(f"/api/item/{address}")
        assert gone.status_code in (400, 404)


def test_browsing_trends_and_mentions(client: TestClient) -> None:
    fields = answer(client, "/api/fields")
    assert fields["items"] == sum(issue["items"] for issue in fields["issues"])
    trend = answer(client, "/api/trend", term=["川渝通办", "一网通办"], by="year")
    lines = answer(client, "/api/mentions", term="川渝通办", limit=3, context=10)
    counted = sum(row["mentions"] or 0 for row in trend["rows"] if row["term"] == "川渝通办")
    assert counted == lines["mentions"] == 5
    assert [row["text"] for row in lines["rows"]] == ["川渝通办"] * 3
    assert answer(client, "/api/mentions", term="川渝通办", limit=0)["rows"] == []


@pytest.mark.parametrize(
    ("path", "query"),
    [("search", ""), ("search", "q=a&q=b"), ("search", "q=a&limit=-1"),
     ("search", "q=a&limit=1001"), ("search", "q=a&limit=x"), ("search", "q=a&limit=٣"),
     ("search", "q=a&sort=worst"),
     ("search", "q=a&since=gestern"), ("search", "q=a&literal=1"), ("search", "q=a&limi=1"),
     ("search", "q=" + "a" * 2001), ("search", "q=a" + "&number=1" * 17), ("fields", "q=a"),
     ("trend", ""), ("trend", "term=a&term=b&split=section"), ("trend", "term=a&by=week"),
     ("mentions", ""), ("mentions", "term=a&context=201"), ("item/none", "x=1")],
)  # fmt: skip
def test_what_makes_no_sense(client: TestClient, path: str, query: str) -> None:
    said = client.get(f"/api/{path}?{query}")
    assert said.status_code == 400
    assert list(said.json()) == ["error"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/search/", "/api/item/"])
def test_addresses_that_are_none(client: TestClient, path: str) -> None:
    said = client.get(path)
    assert said.status_code == 404
    assert list(said.json()) == ["error"]


def test_the_document_and_its_page(client: TestClient) -> None:
    document = answer(client, "/api/openapi.json")
    assert document["openapi"] == "3.1.0"
    page = client.get("/api").text
    for path, described in document["paths"].items():
        assert path in page
        assert all(f"<code>{one['name']}</code>" in page for one in described["get"]["parameters"])


REQUESTS = 120
"""To each operation; `python -m benchmarks.web` makes a hundred thousand."""


def test_that_every_answer_is_what_the_document_says(app: Starlette) -> None:
    answered = attack(app, openapi.document(), REQUESTS)
    assert answered.total() > 6 * REQUESTS / 2
    assert min(answered[200], answered[400]) > REQUESTS / 2
    assert set(answered) <= {200, 400, 404, 414}
