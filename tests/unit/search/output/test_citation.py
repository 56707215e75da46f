"""Citations: what the standard prints, what a CSL processor prints, and hostile text."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chabao.search.citation import Reference, reference
from chabao.search.engine import Index
from chabao.search.output.citation import NO_PLACE, Form, bibtex, csl, gbt, markdown, ris, tex
from chabao.search.quotes import quotations

GOLD = Path(__file__).parents[3] / "gold"
CENTRE = "四川省政府政务服务和公共资源交易服务中心"

# Written by hand from the standards. A serial: 责任者. 题名[J]. 年（期）. 出版地：出版者，年.
# A report: 责任者. 题名：编号[R]. 日期. (2015: 出版地: 出版者, 年.)
# No file says where it was published.
SERIALS = {
    "2022年第21期": f"{CENTRE}. 窗口工作周报[J]. 2022（21）. [出版地不详]：{CENTRE}，2022.",
    "2023年第2期": f"{CENTRE}. [题名不详][J]. 2023（2）. [出版地不详]：{CENTRE}，2023.",
    "2023年第3期": f"{CENTRE}. 窗口工作周报[J]. 2023（3）. [出版地不详]：{CENTRE}，2023.",
    "2023年第39期": f"{CENTRE}. 窗口工作周报[J]. 2023（39）. [出版地不详]：{CENTRE}，2023.",
    "2025年第2期": f"{CENTRE}. 政务窗口月报[J]. 2025（2）. [出版地不详]：{CENTRE}，2025.",
}
SERIALS_2015 = {
    "2022年第21期": f"{CENTRE}. 窗口工作周报[J]. 2022(21). [出版地不详]: {CENTRE}, 2022.",
    "2023年第2期": f"{CENTRE}. [题名不详][J]. 2023(2). [出版地不详]: {CENTRE}, 2023.",
    "2023年第3期": f"{CENTRE}. 窗口工作周报[J]. 2023(3). [出版地不详]: {CENTRE}, 2023.",
    "2023年第39期": f"{CENTRE}. 窗口工作周报[J]. 2023(39). [出版地不详]: {CENTRE}, 2023.",
    "2025年第2期": f"{CENTRE}. 政务窗口月报[J]. 2025(2). [出版地不详]: {CENTRE}, 2025.",
}
REPORTS = {
    "2022年第21期": f"{CENTRE}. 窗口工作周报：2022年第21期（总第396期）[R]. 2022-07-15.",
    "2023年第2期": f"{CENTRE}. [题名不详]：2023年第2期（总第422期）[R]. 2023-01-31.",
    "2023年第3期": f"{CENTRE}. 窗口工作周报：2023年第3期（总第423期）[R]. 2023-02-08.",
    "2023年第39期": f"{CENTRE}. 窗口工作周报：2023年第39期（总第459期）[R]. 2023-10-20.",
    "2025年第2期": f"{CENTRE}. 政务窗口月报：2025年第2期[R]. 2025-03-26.",
}
REPORT_2015 = f"{CENTRE}. 窗口工作周报: 2023年第3期（总第423期）[R]. [出版地不详]: {CENTRE}, 2023."

PLAIN = Reference(
    key="chabao-2023-3-abc234", title="周报", title_inferred=False, publisher="某中心", number=3,
    year=2023, written="2023年第3期", serial=423, date="2023-02-08", guessed=None,
)  # fmt: skip
UNKNOWN = replace(
    PLAIN, title=None, publisher=None, number=None, year=None, written=None, serial=None, date=None
)


@pytest.fixture(scope="module")
def issues(bundled: Index) -> dict[str, Reference]:
    found = (reference(record) for record in bundled.records())
    return {str(cited.written): cited for cited in found}


def test_each_bulletin_is_cited_as_the_standard_has_it(issues: dict[str, Reference]) -> None:
    assert {name: gbt(cited, Form.SERIAL) for name, cited in issues.items()} == SERIALS
    assert {name: gbt(cited, Form.SERIAL, 2015) for name, cited in issues.items()} == SERIALS_2015
    assert {name: gbt(cited, Form.REPORT) for name, cited in issues.items()} == REPORTS
    assert gbt(issues["2023年第3期"], Form.REPORT, 2015) == REPORT_2015


@pytest.mark.parametrize(
    ("cited", "serial", "report"),
    [
        (
            UNKNOWN,
            "[题名不详][J]. [出版地不详]：[出版者不详]，[出版日期不详].",
            "[题名不详][R]. [出版日期不详].",
        ),
        (
            replace(PLAIN, publisher=None),
            "周报[J]. 2023（3）. [出版地不详]：[出版者不详]，2023.",
            "周报：2023年第3期（总第423期）[R]. 2023-02-08.",
        ),
        (
            replace(PLAIN, date=None, guessed=2023),
            "某中心. 周报[J]. 2023（3）. [出版地不详]：某中心，[2023].",
            "某中心. 周报：2023年第3期（总第423期）[R]. [2023].",
        ),
        (
            replace(PLAIN, number=None, year=None, written=None),
            "某中心. 周报[J]. 2023（总423）. [出版地不详]：某中心，2023.",
            "某中心. 周报：总第423期[R]. 2023-02-08.",
        ),
        (
            replace(PLAIN, number=None, year=None, written=None, serial=None),
            "某中心. 周报[J]. 2023-02-08. [出版地不详]：某中心，2023.",
            "某中心. 周报[R]. 2023-02-08.",
        ),
        (
            replace(PLAIN, title_inferred=True),
            "某中心. [周报][J]. 2023（3）. [出版地不详]：某中心，2023.",
            "某中心. [周报]：2023年第3期（总第423期）[R]. 2023-02-08.",
        ),
        (
            replace(PLAIN, year=None, written="第3期", date=None, serial=None),
            "某中心. 周报[J]. （3）. [出版地不详]：某中心，[出版日期不详].",
            "某中心. 周报：第3期[R]. [出版日期不详].",
        ),
    ],
)
def test_the_unknown_is_said_in_brackets(cited: Reference, serial: str, report: str) -> None:
    assert gbt(cited, Form.SERIAL) == serial
    assert gbt(cited, Form.REPORT) == report


# -- A CSL processor ------------------------------------------------------------------------------


def asked(cited: Reference, form: Form, edition: int) -> dict[str, Any]:
    """What the processor is given: our CSL-JSON, with what no style adds of its own."""
    item = csl(cited, form)
    item.pop("custom")
    item.setdefault("title", "[题名不详]")
    if form is Form.SERIAL or edition == 2015:
        item |= {"publisher-place": NO_PLACE, "publisher": cited.publisher or "[出版者不详]"}
    if form is Form.SERIAL and edition == 2015:
        # the style for 2015 puts together from year and issue what that for 2025 takes ready-made
        del item["volume"]
        item["issue"] = str(cited.number)
    return item | {"id": f"{item['id']}-{form}"}


def compared(issues: dict[str, Reference]) -> list[tuple[int, Form, Reference]]:
    cited = [*issues.values(), PLAIN, replace(PLAIN, key="chabao-2023-3-no2345", publisher=None)]
    return [(year, form, one) for year in (2025, 2015) for form in Form for one in cited]


def all_asked(issues: dict[str, Reference]) -> dict[str, list[dict[str, Any]]]:
    rows = compared(issues)
    return {
        str(edition): [asked(cited, form, edition) for year, form, cited in rows if year == edition]
        for edition in (2025, 2015)
    }


def all_printed(issues: dict[str, Reference]) -> dict[str, list[str]]:
    rows = compared(issues)
    return {
        str(edition): [gbt(cited, form, edition) for year, form, cited in rows if year == edition]
        for edition in (2025, 2015)
    }


def test_a_csl_processor_prints_the_same(issues: dict[str, Reference]) -> None:
    """What citeproc-js 2.4.63 printed; `citations.cjs` says with which styles."""
    kept = json.loads((GOLD / "citations.json").read_text(encoding="utf-8"))
    assert kept["asked"] == json.loads(json.dumps(all_asked(issues))), "run citations.cjs again"
    assert all_printed(issues) == kept["printed"]


@pytest.mark.skipif("CHABAO_CSL" not in os.environ, reason="CHABAO_CSL names no styles")
def test_a_csl_processor_still_prints_the_same(issues: dict[str, Reference]) -> None:
    done = subprocess.run(
        ["node", GOLD / "citations.cjs", os.environ["CHABAO_CSL"]],
        input=json.dumps(all_asked(issues)).encode(), capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == all_printed(issues)


# -- CSL-JSON, BibTeX, RIS, Markdown --------------------------------------------------------------

VARIABLES = {
    "id", "type", "title", "volume", "number", "publisher", "language", "author", "issued",
    "custom",
}  # fmt: skip
"""Those of ours that the schema of CSL-JSON 1.0.2 has; it allows no others than its own."""


@pytest.mark.parametrize("form", Form)
def test_csl_json_is_what_its_schema_allows(bundled: Index, form: Form) -> None:
    rows = quotations(bundled, "川渝通办").rows
    cited = [*map(reference, bundled.records()), PLAIN, UNKNOWN, replace(UNKNOWN, guessed=2023)]
    for one in cited:
        item = csl(one, form, rows)
        assert set(item) <= VARIABLES
        assert item["type"] in ("periodical", "report")
        assert None not in item.values()
        assert item["id"] == one.key
        for name in ("title", "volume", "number", "publisher"):
            assert isinstance(item.get(name, ""), str)
        if "issued" in item:
            assert set(item["issued"]) <= {"date-parts", "circa"}
            ((year, *rest),) = item["issued"]["date-parts"]
            assert year > 2000 and len(rest) in (0, 2)
        texts = [said["text"] for said in item["custom"]["quotations"]]
        assert texts == [row.quoted for row in rows]


def test_a_key_is_one_for_an_issue_and_ascii(bundled: Index) -> None:
    by_source: dict[str, set[str]] = {}
    for record in bundled.records():
        by_source.setdefault(record["source"], set()).add(reference(record).key)
    assert all(len(keys) == 1 for keys in by_source.values())
    assert len(set.union(*by_source.values())) == 5
    assert all(re.fullmatch("chabao-[0-9a-z-]+", *keys) for keys in by_source.values())


HOSTILE = st.text(
    alphabet=st.sampled_from("甲乙“”（）\\{}[]|`*_#~&%$^@<>!\"'\n\r\t -+=.1)\x1b\u2028"),
    max_size=40,
)


def entry(text: str) -> dict[str, str]:
    """The fields of one BibTeX entry, read as BibTeX does: by counting braces."""
    opening = text.index("{")
    fields, depth, value, name = {}, 0, "", ""
    for char in text[text.index("\n", opening) :]:
        depth += (char == "{") - (char == "}")
        if char == "{" and depth == 1:
            continue
        if depth == 0 and char == "}":
            fields[name.strip(" =,\n")], name, value = value, "", ""
        elif depth < 0:
            break
        elif depth == 0:
            name += char
        else:
            value += char
    return fields


def untex(text: str) -> str:
    for escaped, char in (
        (r"\textbraceleft{}", "{"), (r"\textbraceright{}", "}"), (r"\textasciicircum{}", "^"),
        (r"\textasciitilde{}", "~"),
    ):  # fmt: skip
        text = text.replace(escaped, char)
    return re.sub(r"\\textbackslash\{\}|\\([$&#%_])", lambda m: m[1] or "\\", text)


def flat(text: str) -> str:
    """White space as one space, what could steer a terminal replaced: all that escaping may do."""
    return " ".join(" ".join(text.split()).replace("\x1b", "\ufffd").split())


@given(HOSTILE.filter(str.strip))
def test_bibtex_holds_any_text(text: str) -> None:
    made = bibtex(replace(PLAIN, title=text, publisher=text), Form.SERIAL)
    assert made.count("{") == made.count("}")
    fields = entry(made)
    assert list(fields) == [
        "editor", "title", "volume", "publisher", "year", "date", "serial", "langid",
    ]  # fmt: skip
    assert fields["title"] == tex(text)
    assert fields["editor"] == f"{{{tex(text)}}}"
    assert "\n" not in fields["title"]
    assert not re.search(r"(?<!\\)[$&#%_^~]", fields["title"])


@given(HOSTILE)
def test_tex_can_be_read_back(text: str) -> None:
    if "\\text" not in text:
        assert untex(tex(text)) == flat(text)


@given(HOSTILE.filter(str.strip))
def test_ris_is_a_tag_and_a_value_a_line(text: str) -> None:
    made = ris(replace(PLAIN, title=text, publisher=text), Form.REPORT)
    rows = made.removesuffix("\n").split("\n")
    assert all(re.match("[A-Z][A-Z0-9]  - ", row) for row in rows)
    assert [row[:2] for row in rows] == ["TY", "ID", "AU", "TI", "SN", "PB", "PY", "DA", "LA", "ER"]
    assert rows[3] == f"TI  - {flat(text)}"
    assert not set(made) & set("\r\x1b\u2028")


def shown(text: str) -> Iterator[str]:
    """What a reader sees of Markdown, block by block."""
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        if token.type == "inline":
            for child in token.children or ():
                assert child.type in ("text", "text_special"), child.type
                yield child.content
        else:
            assert token.type in ("paragraph_open", "paragraph_close"), token.type


@given(HOSTILE.filter(str.strip))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    assert "".join(shown(markdown(text))) == flat(text)
    assert "|" not in re.sub(r"\\.", "", markdown(text))


@given(HOSTILE.filter(str.strip))
def test_a_citation_is_one_line(text: str) -> None:
    for form in Form:
        made = gbt(replace(PLAIN, title=text), form)
        assert made.splitlines() == [made]
        assert "\x1b" not in made
