"""Old Word files and RTF through LibreOffice, which may be missing or misbehave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest

from chabao.indexer.reader import formats, office
from chabao.indexer.reader.document import Unreadable

needs = pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="its programs are scripts")
LINES = ["窗口工作周报", "2023年第3期", "1.文旅厅推进“川渝通办”，受理30880件。"]
RTF = "{\\rtf1\\ansi\\uc0 " + "".join(
    "".join(f"\\u{ord(char)} " if ord(char) > 127 else char for char in line) + "\\par "
    for line in LINES
) + "}"  # fmt: skip


def program(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def lines(data: bytes, name: str) -> list[str]:
    (document,) = formats.documents(data, name)
    return [line.strip() for line in document.text.splitlines() if line.strip()]


def test_without_libreoffice_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "installed", lambda: None)
    with pytest.raises(Unreadable, match="needs LibreOffice"):
        lines(RTF.encode(), "a.rtf")


@posix
def test_one_that_hangs_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    script = f"sleep 600 & echo $! > {started}; wait"
    monkeypatch.setattr(office, "installed", lambda: program(tmp_path, script))
    monkeypatch.setattr(office, "SECONDS", 2)
    with pytest.raises(Unreadable, match="takes too long"):
        lines(RTF.encode(), "a.rtf")
    child = int(started.read_text(encoding="utf-8"))
    for _ in range(400):
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True
        )
        if not state.stdout.strip() or state.stdout.startswith("Z"):
            return
        time.sleep(0.05)
    os.kill(child, 9)
    pytest.fail("what it started is still running")


@posix
def test_one_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office, "installed", lambda: program(tmp_path, "exit 1"))
    with pytest.raises(Unreadable, match="LibreOffice cannot read it"):
        lines(RTF.encode(), "a.rtf")
    monkeypatch.setattr(office, "installed", lambda: str(tmp_path / "missing"))
    with pytest.raises(Unreadable, match="cannot be started"):
        lines(RTF.encode(), "a.rtf")


def test_a_password_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + office.ENCRYPTED
    with pytest.raises(Unreadable, match="password"):
        lines(data, "a.docx")


@needs
@pytest.mark.parametrize("name", ["a.rtf", "a.doc", "a.wps"])
def test_rtf_whatever_it_is_called(name: str) -> None:
    assert lines(RTF.encode(), name) == LINES


@needs
def test_old_word_files_whatever_they_are_called(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(str(source))
    program_ = office.installed()
    assert program_
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [program_, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "doc",
         "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    data = (tmp_path / "a.doc").read_bytes()
    for name in ("a.doc", "旧 文件（1）.wps", "a.docx"):
        assert lines(data, name) == LINES


@pytest.mark.skipif(sys.platform == "win32", reason="has no groups of processes")
def test_it_is_ended_with_the_worker_that_started_it(tmp_path: Path) -> None:
    program, noted = tmp_path / "soffice", tmp_path / "noted"
    program.write_text(
        f"#!/bin/sh\necho $$ > '{noted}.new'; mv '{noted}.new' '{noted}'; sleep 60\n"
    )
    program.chmod(0o755)
    code = (
        "import sys, pathlib; from chabao.indexer.reader import office; "
        "office._convert(sys.argv[1], pathlib.Path(sys.argv[2]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(program), str(tmp_path / "a.doc")],
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 60
        while not noted.exists() and time.monotonic() < end:
            time.sleep(0.02)
        started = int(noted.read_text())
        group = os.getpgid(started)
        if group != process.pid:
            os.killpg(group, signal.SIGKILL)
        assert group == process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
