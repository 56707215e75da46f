"""Nothing in the project speaks of the machine that it was written on."""

from __future__ import annotations

import re
from pathlib import Path

# Written in pieces, so that this file does not name what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:ho" + r"me|Us" + r"ers)/\w+",
            r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot)/\w+",
            r"pyp" + r"i\.org|python" + r"hosted|art" + r"ifactory|dev" + r"pi\b",
            r"\b(?:index|extra-index)-url\b",
        ]
    )
)


def forbidden(text: str) -> list[str]:
    return FORBIDDEN.findall(text)


def test_the_check_sees_what_it_forbids() -> None:
    assert forbidden("see /ho" + "me/someone/notes")
    assert forbidden("from https://pyp" + "i.org/simple")
    assert not forbidden("tests/home/page, networking, ./work/x")


def test_no_file_names_a_machine_or_a_registry(root: Path, tracked: tuple[Path, ...]) -> None:
    assert len(tracked) > 20
    found = {}
    for name in tracked:
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if words := forbidden(text):
            found[str(name)] = words
    assert not found
