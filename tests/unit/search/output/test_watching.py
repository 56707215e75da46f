"""What a watch says."""

from __future__ import annotations

import pytest

from chabao.indexer.build import Note, Report
from chabao.indexer.errors import CannotWrite
from chabao.search.output.watching import Narrator


def test_a_line_each_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator()
    narrator.updated(Report(files=5, items=78, unchanged=3, removed=1), 1.26)
    narrator.failed(CannotWrite(path="/a", reason="No space left on device"))
    narrator.failed(FileNotFoundError(2, "No such file or directory", "/b"))
    narrator.failed(RecursionError("too deep"))
    narrator.noticed(Note("/c\x1b[2J\n", message="{path} is there again"))
    narrator.waiting()
    said = capsys.readouterr()
    lines = [line[len("chabao: 09:31:56 ") :] for line in said.err.splitlines()]
    assert not said.out
    assert lines == [
        "2 read, 1 removed, 0 refused: 78 items; 1.3 s",
        "cannot write the index at /a: No space left on device; trying again",
        "/b: No such file or directory; trying again",
        "RecursionError: too deep; trying again",
        "/c\ufffd[2J\ufffd is there again",
        "another program is writing the index; waiting for it",
    ]
