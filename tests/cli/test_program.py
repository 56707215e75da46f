"""The frame: pages, languages, errors in one line, exit codes. No index is needed here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from chabao.cli import main
from chabao.program import run
from chabao.search.errors import UnknownItem

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.mark.parametrize("command", ["", *main.list_commands(main.context_class(main))])
def test_every_page_is_there_in_both_languages(chabao: Run, command: str) -> None:
    words = [command] if command else []
    english, chinese = (chabao(*words, "--help", CHABAO_LANG=lang) for lang in ("en", "zh"))
    assert english.returncode == chinese.returncode == 0
    assert english.stdout.startswith(f"Usage: {' '.join(['chabao', *words])}".encode())
    page = chinese.stdout.decode()
    assert page.startswith("用法: chabao")
    # names of options, commands, values and kinds of file stay as they are typed
    sentences = re.findall(
        r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", re.sub(r"\$\(.*?\)|chabao \w+ \w+", "", page)
    )
    assert not sentences
    assert english.stderr == chinese.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serch"], "No such command 'serch'"),
        (["search", "--limt"], "No such option"),
        (["search", "--since", "昨日之日", "x"], "is no date"),
        (["search", "-n", "0", "x"], "0 is not in the range"),
        (["show"], "Missing argument 'ID|ADDRESS'"),
        (["index", "nowhere"], "'nowhere' does not exist"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(chabao: Run, arguments: list[str], said: str) -> None:
    ran = chabao(*arguments)
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert said in ran.stderr.decode()
    assert ran.stderr.startswith(b"chabao: ")
    assert ran.stderr.count(b"\n") == 1


def test_mistakes_are_said_in_chinese(chabao: Run) -> None:
    assert "这个选项" in chabao("search", "--limt", "--lang", "zh").stderr.decode()
    assert "缺少参数" in chabao("show", LC_ALL="zh_CN.UTF-8", LANGUAGE="").stderr.decode()


def test_the_version(chabao: Run) -> None:
    assert re.fullmatch(rb"chabao \d+\.\d+\.\d+\n", chabao("--version").stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_completion_script_is_printed(chabao: Run, shell: str) -> None:
    ran = chabao("completion", shell)
    assert ran.returncode == 0
    assert b"_CHABAO_COMPLETE" in ran.stdout


def test_options_are_completed(chabao: Run) -> None:
    ran = chabao(
        _CHABAO_COMPLETE="bash_complete", COMP_WORDS="chabao search --dep", COMP_CWORD="2"
    )  # fmt: skip
    assert b"plain,--department" in ran.stdout


def raising(error: BaseException) -> Callable[[], Any]:
    def command() -> Any:
        raise error

    return command


def test_our_errors_say_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(UnknownItem(id="x\x1b[2J")), ["--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("chabao: no item has the id x\ufffd[2J — chabao search prints")


def test_what_is_our_own_fault_shows_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(ZeroDivisionError("a\nb")), []) == 2
    said = capsys.readouterr().err
    assert "ZeroDivisionError: a b" in said
    assert said.count("\n") == 1
    assert run(raising(ZeroDivisionError("a")), ["--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_130_and_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(KeyboardInterrupt()), []) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_an_interrupt_is_silent_where_the_reader_is_gone_too() -> None:
    code = (
        "import os, signal\nfrom chabao.program import run\nread, write = os.pipe()\n"
        "os.dup2(write, 1), os.close(write), os.close(read)\n"
        "def command(): print('an answer'); signal.raise_signal(signal.SIGINT)\n"
        "raise SystemExit(run(command, []))"
    )
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ)
    assert (ran.returncode, ran.stderr) == (130, b"")


def test_a_full_disk_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(OSError(28, "No space left on device")), []) == 2
    assert "cannot read or write the output: No space left on device" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_closed_pipe_ends_quietly(chabao: Run) -> None:
    command = f"{sys.executable} -m chabao search --help; echo $? >&2"
    ran = subprocess.run(["sh", "-c", f"({command}) | true"], capture_output=True)
    assert ran.stderr.split() == [b"0"]
