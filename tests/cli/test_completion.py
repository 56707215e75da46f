"""What shells complete: a name of the index is one word on the line, and is never run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chabao.indexer.build import build

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
BASH = pytest.mark.skipif(shutil.which("bash") is None, reason="bash")
HEADING = "一、重点$(touch${IFS}mark)`touch${IFS}mark`&*'情'\"况\""
BULLETIN = f"""窗口工作周报
2023年第3期（总第423期）
2023年2月8日

{HEADING}
（一）推进工作。2月1日，商务厅推进川渝通办，取得成效。
"""


def completed(folder: Path, script: bytes, word: str, *answers: str) -> list[str]:
    """What bash puts on the line for `word`, which chabao completes with `answers`."""
    (folder / "answers").write_text("".join(f"plain,{each}\n" for each in answers), "utf-8")
    program = folder / "chabao"
    program.write_text(f"#!/bin/sh\ncat {folder}/answers\n")
    program.chmod(0o700)
    asked = 'COMP_WORDS=(chabao "$1"); COMP_CWORD=1; _chabao_completion ./chabao; ' + (
        'printf "%s\\0" "${COMPREPLY[@]}"'
    )
    ran = subprocess.run(
        ["bash", "-c", script.decode() + asked, "bash", word],
        capture_output=True, cwd=folder, env=os.environ | {"LC_ALL": "C.UTF-8"}, check=True,
    )  # fmt: skip
    return ran.stdout.decode().split("\0")[:-1]


def words(folder: Path, line: str) -> list[str]:
    """The words of a line as a shell reads it, which runs what is to be run in it."""
    ran = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, cwd=folder, check=True
    )
    return ran.stdout.decode().split("\0")[:-1]


@BASH
@pytest.mark.parametrize("name", [HEADING, "二、*（a） b", "$(touch mark)", "a;touch mark", r"a\b"])
def test_a_name_is_one_word_in_bash(chabao: Run, tmp_path: Path, name: str) -> None:
    script = chabao("completion", "bash").stdout
    (line,) = completed(tmp_path, script, name[0], name)
    assert words(tmp_path, line) == [name]
    assert not (tmp_path / "mark").exists()


@BASH
@pytest.mark.parametrize("quote", "'\"")
def test_what_ends_a_quote_that_is_open_is_left_out(
    chabao: Run, tmp_path: Path, quote: str
) -> None:
    script = chabao("completion", "bash").stdout
    names = [HEADING, "$(touch mark)", "`touch mark`", "a'b", 'a"b', "a; b"]
    found = completed(tmp_path, script, f"{quote}一", *names)
    assert found == ["a; b"]
    assert words(tmp_path, f"{quote}{found[0]}{quote}") == ["a; b"]


def test_a_name_is_quoted_in_powershell(chabao: Run) -> None:
    script = chabao("completion", "powershell").stdout
    assert b"EscapeSingleQuotedStringContent" in script
    assert script.count(b"OutputEncoding") == 3


def test_names_that_steer_a_terminal_are_not_offered(chabao: Run, tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a.txt").write_text(BULLETIN, "utf-8")
    odd = BULLETIN.replace(HEADING, "一、重点\x1b]0;x\x07情况").replace("第3期", "第4期")
    (tmp_path / "t" / "b.txt").write_text(odd, "utf-8")
    build([tmp_path / "t"], tmp_path / "i")
    line = f"chabao search x --index {tmp_path}/i --section 一"
    ran = chabao(_CHABAO_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="6")
    assert f"plain,{HEADING}" in ran.stdout.decode()
    assert b"\x1b" not in ran.stdout
