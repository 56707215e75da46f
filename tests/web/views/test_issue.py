"""An item in its issue: nothing is missing, the mention is in view, and it can be cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chabao import cli
from chabao.search import engine
from chabao.search.addresses import address


def test_the_whole_issue_is_there_in_its_order(get: Any, bundled: engine.Index) -> None:
    records = list(engine.export(bundled))
    for source in {record["source"] for record in records}:
        issue = [record for record in records if record["source"] == source]
        page = get(f"/item/{issue[3]['id']}")
        texts = [p.text for p in page.one("article").all("p", class_="text")]
        assert len(texts) == len(issue)
        for shown, record in zip(texts, issue, strict=True):
            assert (
                shown
                == (record["item"] or ("·" if record is not issue[3] else "")) + record["text"]
            )
        headings = [h.text for n in (2, 3, 4, 5) for h in page.one("article").all(f"h{n}")]
        wanted = {heading for record in issue for heading in record["section"]}
        assert wanted <= set(headings)
        current = page.one("section", id="here")
        assert issue[3]["text"] in current.text


@pytest.mark.parametrize("at", [0, 5])
def test_a_passage_is_marked_where_it_stands(at: int, get: Any, bundled: engine.Index) -> None:
    record = next(iter(engine.export(bundled)))
    named = address(record["id"], record["text"], at, at + 7)
    page = get(f"/item/{named}")
    assert page.one("mark", id="m").text == record["text"][at : at + 7]


def test_all_mentions_in_the_issue_are_marked(get: Any, bundled: engine.Index) -> None:
    found = engine.search(bundled, "窗口", limit=1)
    item = found.hits[0].item
    page = get(f"/item/{item['id']}", q="窗口")
    held = [r for r in engine.export(bundled) if r["source"] == item["source"]]
    marks = [mark.text for mark in page.one("article").all("mark")]
    assert marks == ["窗口"] * sum(record["text"].count("窗口") for record in held)


def test_a_passage_that_has_changed_is_said_to_have(get: Any, bundled: engine.Index) -> None:
    record = next(iter(engine.export(bundled)))
    page = get(f"/item/{record['id']}@3+4~aaaaaaaa")
    assert "changed" in page.one("p", class_="notice").text
    assert not page.all("mark")


def test_the_citation_is_that_of_the_command(
    get: Any, bundled: engine.Index, bundled_path: Path
) -> None:
    hit = engine.search(bundled, "川渝通办").hits[0]
    piece = hit.snippets[0]
    start = piece.offset + piece.spans[0].start
    named = str(address(hit.item["id"], hit.item["text"], start, start + 4))  # type: ignore[arg-type]
    ran = CliRunner().invoke(cli.main, ["quote", named, "--index", str(bundled_path)])
    said = "".join(ran.stdout.split())
    parts = get(f"/item/{named}").one("div", class_="cite").all("p")
    quoted, citation, place = ("".join(part.text.split()) for part in parts)
    assert f"1.{quoted}[1]" in said
    assert f"[1]{citation}" in said
    assert place in said
    hits = get("/", q="川渝通办").all("div", class_="cite")
    assert [p.text for p in hits[0].all("p")] == [p.text for p in parts]


def test_one_can_go_through_the_items_and_the_issues(get: Any, bundled: engine.Index) -> None:
    records = list(engine.export(bundled))
    first = records[0]
    page = get(f"/item/{first['id']}", q="窗口")
    seen = [first["id"]]
    while True:
        ways = page.one("section", id="here").one("nav").all("a", rel="next")
        if not ways:
            break
        href = ways[0].attributes["href"]
        seen.append(href.removeprefix("/item/").partition("?")[0])
        page = get(href)
    assert seen == [r["id"] for r in records if r["source"] == first["source"]]
    back = page.one("main").one("nav", **{"aria-label": "Ways on"}).all("a")[0]
    assert back.attributes["href"] == "/?q=%E7%AA%97%E5%8F%A3"
