"""Pictures of pages to text; without OCR a reason that says what to install."""

from __future__ import annotations

import io
import socket
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from chabao.indexer.folding import fold
from chabao.indexer.reader import scans
from chabao.indexer.reader.document import Unreadable

SAID = "四川省商务厅持续推进川渝通办事项"
FONTS = sorted(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))


def picture(size: tuple[int, int] = (600, 200), form: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, form, **more)
    return out.getvalue()


def box(x: float, y: float, width: float, height: float = 20) -> list[list[float]]:
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the stand-in for OCR is given; it sees two lines, the lower one first."""
    given: list[Any] = []

    def engine(image: Any) -> SimpleNamespace:
        given.append(image)
        return SimpleNamespace(
            boxes=[box(50, 90, 300), box(50, 40, 300)], txts=("下一行", "上一行")
        )

    monkeypatch.setattr(scans, "is_installed", lambda: True)
    monkeypatch.setattr(scans, "_engine", lambda: engine)
    return given


def read(data: bytes) -> Any:
    (found,) = scans.documents(data, "a.png")
    return found


def test_without_ocr_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    with pytest.raises(Unreadable, match=r"needs OCR: pip install chabao\[ocr\]"):
        read(picture())


def test_it_is_installed_where_all_its_libraries_are(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: set[str] = set()

    def find(name: str) -> object:
        return None if name in missing else object()

    monkeypatch.setattr(scans, "find_spec", find)
    assert scans.is_installed()
    for name in scans.LIBRARIES:
        missing.add(name)
        assert not scans.is_installed()
        missing.clear()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_lines_are_in_reading_order(seen: Sequence[Any], form: str) -> None:
    found = read(picture(form=form))
    assert (found.text, found.pages) == ("上一行\n下一行", ())
    assert found.remarks == (scans.READ.message,)


def test_the_frames_of_a_tiff_are_pages(seen: Sequence[Any]) -> None:
    more = [Image.new("L", (600, 200), 255) for _ in range(2)]
    found = read(picture(form="TIFF", save_all=True, append_images=more))
    assert found.text == "\n\f".join(["上一行\n下一行"] * 3)
    assert [found.text[at : at + 3] for at in found.pages] == ["上一行"] * 3


def test_large_pictures_are_made_smaller_and_huge_ones_refused(seen: Sequence[Any]) -> None:
    read(picture((8_000, 2_000)))
    assert max(seen[-1].size) == scans.LONGEST
    with pytest.raises(Unreadable, match="too large"):
        read(picture((10_001, 10_000)))


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", picture()[:60], b"\xff\xd8\xff" + bytes(100), b"II*\0" * 9]
)
def test_damaged_pictures_are_refused(seen: Sequence[Any], data: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read(data)


def test_pictures_without_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(boxes=None, txts=None)
    monkeypatch.setattr(scans, "is_installed", lambda: True)
    monkeypatch.setattr(scans, "_engine", lambda: lambda image: nothing)
    with pytest.raises(Unreadable, match="there is no text in it"):
        read(picture())


def test_what_ocr_stumbles_on_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def engine(image: Any) -> None:
        raise RuntimeError("out of threads")

    monkeypatch.setattr(scans, "is_installed", lambda: True)
    monkeypatch.setattr(scans, "_engine", lambda: engine)
    with pytest.raises(Unreadable, match="OCR failed"):
        read(picture())


@pytest.mark.skipif(not scans.is_installed() or not FONTS, reason="needs OCR and a font")
def test_printed_chinese_is_read_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("OCR reaches for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.truetype(FONTS[0], 40)
    ImageDraw.Draw(image).text((40, 60), SAID, "black", font)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert Levenshtein.distance(fold(read(out.getvalue()).text), fold(SAID)) <= 1
