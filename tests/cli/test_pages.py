"""docs/cli.md says what the program says."""

from __future__ import annotations

import gettext
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from chabao.cli import main
from chabao.program import Commands

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _domain_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    yield
    gettext.textdomain("messages")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_current(language: str) -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "commands.py"))["pages"](language)
    names = main.list_commands(main.context_class(main))
    assert re.findall("### `(.*)`", pages) == ["chabao", *(f"chabao {name}" for name in names)]
    assert pages.count("\n  -h, --help ") == 1 + len(names)
    assert pages.strip() in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), "make docs"


def test_commands_stand_in_their_order_whichever_was_called_first() -> None:
    group = Commands("chabao")
    group.more = main.more
    context = group.context_class(group)
    for name in reversed(main.more):
        assert group.get_command(context, name)
    assert group.list_commands(context) == list(main.more)
