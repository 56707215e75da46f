"""What the page exports is what the commands export."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from chabao import cli

COMMANDS = {"hits": "search", "lines": "mentions", "trend": "trend"}


@pytest.mark.parametrize("form", ["csv", "md", "jsonl"])
@pytest.mark.parametrize("view", COMMANDS)
def test_a_file_is_that_of_the_command(
    view: str, form: str, client: TestClient, bundled_path: Path, tmp_path: Path
) -> None:
    file = tmp_path / f"answer.{form}"
    ran = CliRunner().invoke(
        cli.main, [COMMANDS[view], "窗口", "-o", str(file), "--index", str(bundled_path)]
    )
    assert ran.exit_code == 0, ran.output
    sent = client.get("/export", params={"q": "窗口", "view": view, "format": form})
    assert sent.status_code == 200
    assert sent.content == file.read_bytes()


def test_a_workbook_holds_every_hit(client: TestClient) -> None:
    sent = client.get("/export", params={"q": "窗口", "format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(sent.content)).active.values)  # type: ignore[union-attr]
    lines = client.get("/export", params={"q": "窗口", "format": "jsonl"}).text.splitlines()
    assert len(rows) == len(lines) + 1 > 21
    assert [row[rows[0].index("id")] for row in rows[1:]] == [json.loads(x)["id"] for x in lines]


@pytest.mark.parametrize(
    "query",
    [
        "川渝通办",
        '"../../etc/passwd"',
        'a"; filename=x.exe',
        "窗口\r\nX-Evil: 1",
        "窗口/..\\",
        "\u202e窗口",
        "办" * 500,
    ],
)
def test_the_name_of_a_file_is_safe(query: str, client: TestClient) -> None:
    sent = client.get("/export", params={"q": query, "format": "csv"})
    assert sent.status_code == 200
    assert "x-evil" not in sent.headers
    said = sent.headers["content-disposition"]
    kind, _, name = said.partition("; ")
    assert kind == "attachment"
    written = unquote(name.partition("=")[2].removeprefix("utf-8''").strip('"'))
    stem, dot, form = written.rpartition(".")
    assert (dot, form) == (".", "csv")
    assert len(stem) < 60
    assert all(char.isalnum() or char in "-_" for char in stem)


@pytest.mark.parametrize("asked", ["format=exe&q=窗口", "q=窗口", "format=csv", "format=csv&q=+"])
def test_what_is_no_table_is_not_there(asked: str, client: TestClient) -> None:
    assert client.get(f"/export?{asked}").status_code == 404
