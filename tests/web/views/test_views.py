"""Every view says what the engine says, and what the command line prints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from chabao import cli
from chabao.search import engine
from chabao.search.addresses import parse as address_of
from chabao.search.arrangement import Sort
from chabao.search.concordance import concordance
from chabao.search.trends import By, trend
from chabao.web.asked import PER_PAGE, Asked

QUERIES = (
    "川渝通办", "窗口", "川渝通办 OR 省内通办", "窗口 -文旅厅", "省?通办", "部门:文旅厅 窗口",
    "期间:2023-01 窗口", "办", '"窗口工作"', "川渝通办 NEAR/20 省内通办", "审批流程简化",
)  # fmt: skip


def query_of(link: str) -> Asked:
    return Asked.of(QueryParams(parse_qsl(urlsplit(link).query)))


def json_of(path: Path, *arguments: str) -> Any:
    ran = CliRunner().invoke(cli.main, ["search", "--json", "--index", str(path), *arguments])
    return json.loads(ran.stdout)


def ids(page: Any) -> list[str]:
    return [
        re.match(r"/item/([a-z2-7]{12})", link.attributes["href"])[1]  # type: ignore[index]
        for link in page.all("a", class_="item")
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_those_of_the_command_line(query: str, get: Any, bundled_path: Path) -> None:
    page = get("/", q=query)
    said = json_of(bundled_path, "-n", str(PER_PAGE), "--", query)
    assert ids(page) == [hit["id"] for hit in said["hits"]]
    numbers = [int(n) for n in re.findall(r"\d+", page.one("p", class_="summary").text)]
    assert numbers == [n for n in (said["total"], said["mentions"]) if n]


@pytest.mark.parametrize("query", QUERIES)
def test_marks_are_the_mentions(query: str, get: Any, bundled: engine.Index) -> None:
    page = get("/", q=query)
    found = engine.search(bundled, query, limit=PER_PAGE)
    (hits,) = page.all("ol", class_="hits")
    rows = [child for child in hits.children if not isinstance(child, str)]
    for row, hit in zip(rows, found.hits, strict=True):
        pieces = row.all("p", class_="snippet")
        assert [piece.text.strip("…") for piece in pieces] == [
            piece.text.strip("…") for piece in hit.snippets
        ]
        assert [mark.text for mark in row.all("mark")] == [
            piece.text[span.start : span.end] for piece in hit.snippets for span in piece.spans
        ]


@pytest.mark.parametrize("query", QUERIES)
def test_a_hit_leads_to_its_first_mention(query: str, get: Any, bundled: engine.Index) -> None:
    page = get("/", q=query)
    for link, hit in zip(
        page.all("a", class_="item"),
        engine.search(bundled, query, limit=PER_PAGE).hits,
        strict=True,
    ):
        address, _, back = link.attributes["href"].removeprefix("/item/").partition("?")
        if not hit.mentions:
            assert address == hit.item["id"]
            continue
        wanted = address_of(address)
        assert wanted is not None
        text = str(hit.item["text"])[wanted.offset : wanted.offset + (wanted.length or 0)]
        assert text == page.one("li", id=f"hit-{hit.rank}").all("mark")[0].text
        assert query_of("?" + back) == Asked(q=query)
        there = get(link.attributes["href"])
        assert there.one("mark", id="m").text == text


def test_more_shows_the_first_ones_again_and_then_others(get: Any, bundled: engine.Index) -> None:
    address = "/?q=办"
    shown: list[str] = []
    while True:
        page = get(address)
        assert ids(page)[: len(shown)] == shown
        shown = ids(page)
        more = page.all("a", rel="next")
        if not more:
            break
        address = "/" + more[0].attributes["href"]
    found = engine.search(bundled, "办", limit=None)
    assert shown == [hit.item["id"] for hit in found.hits]
    assert len(shown) > PER_PAGE


@pytest.mark.parametrize("query", ["窗口", "川渝通办", "部门:文旅厅", "办 -窗口"])
def test_facets_count_what_their_links_leave(
    query: str, get: Any, bundled: engine.Index, bundled_path: Path
) -> None:
    counts = {}
    for section in get("/", q=query).one("aside", id="facets").all("section"):
        for link in section.all("a"):
            name, count = (each.text for each in link.all("span"))
            narrowed = query_of(link.attributes["href"])
            found = engine.search(bundled, narrowed.q, **narrowed.options)
            assert found.total == int(count), name
            counts[section.one("h2").text, name] = int(count)
    said = json_of(bundled_path, "--facets", "--", query)
    departments: dict[str, int] = {}
    for cell in said["facets"]:
        departments[cell["department"]] = departments.get(cell["department"], 0) + cell["items"]
    assert departments == {
        name: count for (group, name), count in counts.items() if group == "Department"
    }
    assert sum(c for (group, _), c in counts.items() if group == "Year") == said["total"]


def test_a_facet_that_is_set_is_said_and_can_be_taken_away(get: Any) -> None:
    page = get("/", q="窗口", department="商务厅")
    chip = page.one("ul", class_="chosen").one("a")
    assert "商务厅" in chip.text
    assert query_of(chip.attributes["href"]) == Asked(q="窗口")
    on = page.one("aside", id="facets").all("a", **{"aria-current": "true"})
    assert [link.all("span")[0].text for link in on] == ["商务厅"]


@pytest.mark.parametrize("order", ["date", "left", "right", "department"])
def test_lines_are_those_of_the_concordance(order: str, get: Any, bundled: engine.Index) -> None:
    page = get("/", q="窗口", view="lines", order=order)
    found = concordance(bundled, ["窗口"], sort=Sort(order), limit=50)
    shown = [link.attributes["href"] for link in page.all("a", class_="item")]
    assert [link.removeprefix("/item/").partition("?")[0] for link in shown] == [
        line.address for line in found.lines
    ]
    for row, line in zip(page.all("p", class_="context"), found.lines, strict=True):
        assert row.text == line.left + line.text + line.right
    assert page.one("p", class_="summary").text.startswith(f"{found.counts.mentions} mentions")


@pytest.mark.parametrize("by", ["month", "quarter", "year", "issue"])
def test_bars_are_those_of_the_trend_and_lead_to_its_hits(
    by: str, get: Any, bundled: engine.Index
) -> None:
    page = get("/", q="窗口", view="trend", by=by)
    found = trend(bundled, ["窗口"], by=By(by))
    bars = [bar for bar in page.one("ol", class_="bars").all("li") if "gap" not in bar.classes]
    counted = [
        (slot, count) for slot, count in zip(found.slots, found.series[0].counts, strict=True)
        if count is not None
    ]  # fmt: skip
    assert len(bars) == len(counted) > 2
    for bar, (slot, count) in zip(bars, counted, strict=True):
        assert int(bar.one("span", class_="count").text.split()[0]) == count
        narrowed = query_of(bar.one("a").attributes["href"])
        inside = engine.search(bundled, narrowed.q, limit=None, **narrowed.options)
        held = {issue.source for issue in slot.issues}
        assert held <= {hit.item["source"] for hit in inside.hits} or not count
        assert inside.mentions >= (count or 0)


def test_gaps_are_no_noughts(get: Any) -> None:
    page = get("/", q="川渝通办", view="trend", by="month")
    gaps = page.all("li", class_="gap")
    assert gaps
    assert all("no issue" in gap.text and not gap.all("a") for gap in gaps)


def test_no_bar_is_wider_than_its_room(get: Any) -> None:
    for relative in ("", "1"):
        page = get("/", q="窗口", view="trend", relative=relative)
        widths = [float(bar.attributes["width"]) for bar in page.all("rect")]
        assert max(widths) == 100
        assert min(widths) >= 0


@pytest.mark.parametrize(
    ("query", "wrong"), [("川渝 日期:8日", "8日"), ("(川渝通办", "("), ("川渝通办 OR", "OR")]
)
def test_a_mistake_is_pointed_at(query: str, wrong: str, get: Any) -> None:
    page = get("/", q=query)
    shown = page.one("p", class_="query")
    assert shown.text == query
    assert shown.one("span", class_="wrong").text == wrong


def test_what_was_understood_is_said_where_it_is_not_what_was_typed(get: Any) -> None:
    assert get("/", q="川渝通办｜省内通办").one("p", class_="understood").one("code").text == (
        "川渝通办 OR 省内通办"
    )
    assert not get("/", q="川渝通办").all("p", class_="understood")


@pytest.mark.parametrize("view", ["hits", "lines", "trend"])
@pytest.mark.parametrize("query", ["鼋鼍蛟龙", "日期:8日", "-", '"', "(" * 70, "*", " "])
def test_an_answer_without_hits_is_a_sentence(view: str, query: str, get: Any) -> None:
    page = get("/", q=query, view=view)
    assert not page.all("a", class_="item")
    if query.strip():
        assert page.one("p", class_="summary").text.startswith("Nothing was")


def test_filters_alone_are_a_question(get: Any, bundled: engine.Index) -> None:
    page = get("/", department="商务厅")
    filters = engine.Filters(department=("商务厅",))
    assert ids(page) == [hit.item["id"] for hit in engine.search(bundled, "", filters=filters).hits]


def test_a_script_gets_the_answer_alone(client: TestClient, parse: Callable[[str], Any]) -> None:
    part = client.get("/?q=川渝通办", headers={"hx-request": "true"})
    assert part.headers["vary"].lower().count("hx-request")
    page = parse(part.text)
    assert not page.all("body")
    assert page.one("title").text.startswith("川渝通办")
    whole = parse(client.get("/?q=川渝通办").text)
    assert ids(page) == ids(whole)


@pytest.mark.parametrize(
    "address", ["/", "/?q=窗口", "/?q=窗口&view=lines", "/?q=窗口&view=trend", "/help", "/?q=(",
                "/?q=窗口&department=商务厅&since=2022&until=2023&literal=1"],
)  # fmt: skip
def test_every_control_works_without_a_script(address: str, get: Any, client: TestClient) -> None:
    page = get(address)
    for link in page.one("body").all("a"):
        target = link.attributes["href"]
        assert target.startswith(("/", "?", "#"))
        if not target.startswith("#"):
            where = "/" + target if target.startswith("?") else target
            assert client.get(where).status_code == 200, target
    for form in page.all("form", method="get"):
        assert form.attributes["action"] == "/"
        assert form.all("button")
    for button in page.one("main").all("button"):
        assert "copy" in button.classes or button.attributes.get("type", "submit") == "submit"
    names = [each.attributes.get("id") for each in page.walk() if each.attributes.get("id")]
    assert len(names) == len(set(names))


def test_a_new_query_keeps_view_and_filters(get: Any) -> None:
    page = get("/", q="窗口", view="lines", department="商务厅", page="2")
    kept = [(i.attributes["name"], i.attributes["value"]) for i in page.all("input", form="ask")]
    assert sorted(kept) == [("department", "商务厅"), ("view", "lines")]


def test_home_lists_every_issue_and_leads_to_it(get: Any, bundled: engine.Index) -> None:
    links = [a.attributes["href"] for d in get("/").all("details") for a in d.all("a")]
    shown = {get(link).one("article").all("span", class_="source")[0].text for link in links}
    assert shown == {record["source"] for record in engine.export(bundled)}


def test_what_is_nowhere_is_said_so(get: Any) -> None:
    for address in ("/nothing", "/item/aaaaaaaaaaaa", "/item/x@1", "/export?q=窗口&format=exe"):
        page = get(address, status=404)
        assert page.one("p", class_="notice").text
        assert page.one("main").all("a", href="/")


def unknown(at: int) -> dict[str, Any]:
    """An item of which its file says nothing but the text."""
    return {
        "schema": 1, "id": "aaaaaaaaaa" + "abcdefgh"[at] + "a", "title": None, "number": None,
        "serial": None, "date": None, "period": {"first": None, "last": None}, "publisher": None,
        "section": [], "item": "", "department": [], "dates": [], "text": f"川渝通办{at}。",
        "source": f"{at}.txt", "line": 1, "page": None, "inferred": [], "lines": [[0, 1]],
    }  # fmt: skip


@pytest.mark.parametrize("view", ["hits", "lines", "trend"])
def test_what_is_unknown_is_no_error(
    view: str, serving: Callable[..., TestClient], parse: Callable[[str], Any]
) -> None:
    page = serving([unknown(at) for at in range(3)])
    answered = parse(page.get("/", params={"q": "川渝通办", "view": view}).text)
    assert "None" not in answered.one("body").text
    for link in answered.all("a", class_="item"):
        there = parse(page.get(link.attributes["href"]).text)
        assert "None" not in there.one("body").text
        assert "题名不详" in there.one("div", class_="cite").text
    for address in ("/", "/?q=川渝通办&view=trend&by=month", "/?q=川渝通办&view=trend&relative=1"):
        assert "None" not in parse(page.get(address).text).one("body").text


def test_an_index_that_holds_nothing_says_so(
    serving: Callable[..., TestClient], parse: Callable[[str], Any]
) -> None:
    page = serving([])
    assert "chabao index" in parse(page.get("/").text).one("main").text
    for view in ("hits", "lines", "trend"):
        answered = page.get("/", params={"q": "川渝通办", "view": view})
        assert "Nothing was found" in parse(answered.text).one("main").text
