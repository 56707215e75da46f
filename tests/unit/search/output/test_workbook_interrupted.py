"""A workbook whose writing is interrupted leaves nothing behind, and nothing to be said."""

from __future__ import annotations

import gc
import zipfile

import pytest

from chabao.search.output.sheets import Sheet
from chabao.search.output.workbook import workbook


def test_an_interrupt_while_the_zip_file_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", said.append)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "write", interrupted)
    monkeypatch.setattr(zipfile.ZipFile, "writestr", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(workbook(Sheet("a", ("b",), [("c",)])))
    gc.collect()
    assert said == []
