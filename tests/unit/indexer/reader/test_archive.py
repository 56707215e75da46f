"""Archives: every document by its path, and nothing that leads out or swells."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

import pytest

from chabao.indexer import reader
from chabao.indexer.reader import archive, packages
from chabao.indexer.reader.document import Unreadable
from chabao.tests.unit.indexer.reader import made

BULLETIN = "窗口工作周报\n2023年第3期\n一、动态\n1.文旅厅受理30880件。\n"


def read(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Texts and refusals by path."""
    found = list(reader.documents(data, "a.zip"))
    return (
        {each.name: each.text for each in found if each.text},
        {each.name: each.remarks[0] for each in found if not each.text},
    )


def packed(files: Mapping[str | zipfile.ZipInfo, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive_:
        for name, content in files.items():
            archive_.writestr(name, content)
    return data.getvalue()


def named(raw: bytes) -> bytes:
    """An archive of which an entry's name is these bytes, and no flag says in what encoding."""
    stand_in = b"x" * len(raw)
    return packed({stand_in.decode(): BULLETIN.encode()}).replace(stand_in, raw)


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.reason


def test_documents_of_every_format_are_known_by_their_paths() -> None:
    page = f"<html><body><p>{BULLETIN}</p></body></html>"
    texts, refusals = read(
        made.zipped({
            "2023年/第3期（总第423期）.txt": BULLETIN.encode("gb18030"),
            "2023年/第4期.docx": made.docx(made.paragraph("受理。")),
            "页.html": page,
            "图.jpg.exe": b"MZ",
            "__MACOSX/._a.txt": b"x",
            "坏.docx": b"PK\x03\x04",
        })
    )  # fmt: skip
    assert set(texts) == {"2023年/第3期（总第423期）.txt", "2023年/第4期.docx", "页.html"}
    assert texts["2023年/第3期（总第423期）.txt"] == BULLETIN
    assert set(refusals) == {"坏.docx"}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_are_read_in_the_encoding_of_the_machine_that_packed_them(encoding: str) -> None:
    name = "政务/窗口工作周报 第3期.txt"
    assert set(read(named(name.encode(encoding)))[0]) == {name}


def test_a_windows_path_is_a_path() -> None:
    assert set(read(named(b"2023\\03.txt"))[0]) == {"2023/03.txt"}


def test_archives_in_archives_to_a_depth() -> None:
    inner = made.zipped({"甲.txt": BULLETIN})
    for deep in range(2, archive.MOST_DEEP + 2):
        inner = made.zipped({"内.zip": inner, f"{deep}.txt": BULLETIN})
    texts, refusals = read(inner)
    assert set(texts) == {"4.txt", "内.zip/3.txt", "内.zip/内.zip/2.txt"}
    assert "within archives" in refusals["内.zip/内.zip/内.zip"]


@pytest.mark.parametrize(
    "name", ["../a.txt", "a/../../b.txt", "/etc/a.txt", "C:/a.txt", "..\\a.txt", "C:\\a.txt"]
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    assert "leads out" in refused(named(name.encode()))


def test_links_and_devices_are_refused() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = (kind | 0o777) << 16
        assert "link or a device" in refused(packed({info: b"/etc/passwd"}))


def test_an_encrypted_entry_is_told() -> None:
    data = bytearray(made.zipped({"a.txt": BULLETIN}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert "password" in refused(bytes(data))


def test_what_swells_is_refused_and_the_rest_is_read() -> None:
    texts, refusals = read(made.zipped({"a.txt": BULLETIN, "b.txt": "受" * (1 << 20)}))
    assert set(texts) == {"a.txt"}
    assert "bomb" in refusals["b.txt"]


def test_limits_hold_over_archives_within_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_DOCUMENTS", 3)
    inner = made.zipped({f"{at}.txt": BULLETIN for at in range(9)})
    texts, refusals = read(made.zipped({"内.zip": inner, "后.txt": BULLETIN}))
    assert len(texts) == 2 and any("too many" in reason for reason in refusals.values())
    monkeypatch.setattr(packages, "MOST_ENTRIES", 5)
    assert "too many" in refused(inner)


def test_entries_that_share_bytes_are_refused() -> None:
    data = bytearray(made.zipped({f"{at}.txt": BULLETIN for at in range(3)}))
    at = -1
    for _ in range(3):
        at = data.index(b"PK\x01\x02", at + 1)
        data[at + 42 : at + 46] = bytes(4)
    assert "overlap" in refused(bytes(data))


def test_an_empty_archive_has_no_text() -> None:
    assert "no text" in refused(made.zipped({}))
    assert "no text" in refused(made.zipped({"a.exe": b"MZ"}))
