"""What is written about the code is true: paths, commands, options, versions."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import chabao
from chabao.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "corpus" / "README.md"])
page_names = [str(page.relative_to(ROOT)) for page in PAGES]

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SOURCE = re.compile(r'\bsrc="([^"]+)"')
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
A_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|txt|po|mo|svg|png)")
# Named in documents, but made by running the program, not kept in the repository.
MADE = {".venv/", "build/", "dist/"}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def paths_in(text: str) -> Iterator[str]:
    """Every path a page names: in links, pictures, and where backticks hold nothing but a path."""
    for link in (*LINK.findall(text), *SOURCE.findall(text)):
        if "://" not in link and not link.startswith("mailto:"):
            yield link
    for code in CODE.findall(FENCE.sub("", text)):
        if A_PATH.fullmatch(code):
            yield code


def stands(name: str, page: Path, tracked: tuple[Path, ...]) -> bool:
    """A path is read from its page or from the root; a bare name may stand in any folder."""
    if any((base / name).exists() for base in (page.parent, ROOT)):
        return True
    return "/" not in name and any(path.name == name for path in tracked)


def command_lines(text: str) -> Iterator[list[str]]:
    """The shell lines in a page's code blocks, split into words, as far as the first pipe."""
    for language, block in FENCE.findall(text):
        if language not in ("sh", "console", "bash", "shell"):
            continue
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            stop = next((n for n, word in enumerate(words) if word in "|><&&;2>"), len(words))
            if words[:stop]:
                yield words[:stop]


def options(command: click.Command) -> set[str]:
    context = click.Context(command)
    return {
        name
        for parameter in command.get_params(context)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if isinstance(parameter, click.Option)
    }


@pytest.mark.parametrize("page", PAGES, ids=page_names)
def test_every_path_named_exists(page: Path, tracked: tuple[Path, ...]) -> None:
    missing = {
        name
        for name in paths_in(text_of(page))
        if name not in MADE and not stands(name, page, tracked)
    }
    assert not missing


def test_the_pages_name_paths_at_all() -> None:
    assert len(set(paths_in(text_of(ROOT / "ARCHITECTURE.md")))) > 10


@pytest.mark.parametrize("page", PAGES, ids=page_names)
def test_every_chabao_line_is_a_real_command(page: Path) -> None:
    for words in command_lines(text_of(page)):
        if words[0] != "chabao":
            continue
        name = next((word for word in words[1:] if not word.startswith("-")), "")
        command = main.get_command(click.Context(main), name) or main
        assert command is not main or not name, f"no command {name!r}: {words}"
        given = {
            word.partition("=")[0]
            for word in words[1 : words.index("--") if "--" in words else None]
            if re.fullmatch(r"--[a-z][a-z-]*(?:=.*)?|-[A-Za-z]", word)
        }
        assert given <= options(command) | options(main), words


@pytest.mark.parametrize("page", PAGES, ids=page_names)
def test_every_make_line_has_a_target(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.M))
    for words in command_lines(text_of(page)):
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets, words


def test_the_readme_shows_commands() -> None:
    said = [words for words in command_lines(text_of(ROOT / "README.md")) if words[0] == "chabao"]
    assert len(said) >= 10


def test_every_command_is_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    readme = text_of(ROOT / "README.md")
    assert not {name for name in main.commands if f"chabao {name}" not in readme}


def test_versions_agree() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    newest = re.search(r"^## \[([^\]]+)\]", text_of(ROOT / "CHANGELOG.md"), re.M)
    assert newest
    assert project["version"] == chabao.__version__ == newest[1]
