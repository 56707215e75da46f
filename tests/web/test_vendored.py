"""Software of others that is kept here is what its registry gave, with its licence beside it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROW = re.compile(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", re.MULTILINE)
LISTS = ("web/static/VENDORED.md", "tests/web/browser/VENDORED.md")


@pytest.mark.parametrize("listed", LISTS)
def test_files_have_the_hashes_that_are_recorded(root: Path, listed: str) -> None:
    rows = ROW.findall((root / listed).read_text(encoding="utf-8"))
    assert rows
    for name, wanted in rows:
        data = (root / listed).with_name(name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == wanted, name


def test_every_minified_file_is_listed(root: Path, tracked: tuple[Path, ...]) -> None:
    listed = {
        (Path(each).parent / name).as_posix()
        for each in LISTS
        for name, _ in ROW.findall((root / each).read_text(encoding="utf-8"))
    }
    assert {path.as_posix() for path in tracked if path.name.endswith(".min.js")} <= listed
