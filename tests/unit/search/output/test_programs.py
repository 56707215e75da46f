"""Which words a program is given; nothing is run but harmless ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.reader import SUFFIXES
from chabao.search.errors import InsideArchive, NoProgram
from chabao.search.opening import Spot
from chabao.search.output.programs import DOCUMENTS, EDITORS, VIEWERS, Call, Desk, call, run

TEXT = Spot(Path("/一 二/-三;$(x).txt"), 12, None)
PDF = Spot(Path("/一 二/三.pdf"), None, 7)
SCREEN = {"DISPLAY": ":0"}


def installed(*names: str) -> Callable[[str], str | None]:
    return lambda name: f"/bin/{name}" if name in names else None


def everything(name: str) -> str:
    return name if "/" in name else f"/bin/{name}"


def words(spot: Spot, *, platform: str = "linux", **environ: str) -> tuple[str, ...]:
    return call(spot, Desk(platform, environ, everything)).words


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("vim", ("/bin/vim", "+12", "{path}")),
        ("nano", ("/bin/nano", "+12", "{path}")),
        ("code -g", ("/bin/code", "-g", "-g", "{path}:12")),
        ("code --wait", ("/bin/code", "--wait", "-g", "{path}:12")),
        ("subl", ("/bin/subl", "{path}:12")),
        ("gedit", ("/bin/gedit", "+12", "{path}")),
        ("kate", ("/bin/kate", "-l", "12", "{path}")),
        ("notepad++", ("/bin/notepad++", "-n12", "{path}")),
        ("/opt/my/vim -R", ("/opt/my/vim", "-R", "+12", "{path}")),
        ("mine", ("/bin/mine", "{path}")),
        ("mine --at={line} {path} end", ("/bin/mine", "--at=12", "{path}", "end")),
        ("'a b' -x", ("/bin/a b", "-x", "{path}")),
    ],
)
def test_editors_are_told_the_line(editor: str, expected: tuple[str, ...]) -> None:
    path = str(TEXT.path)

    def which(name: str) -> str | None:
        return everything(name) if name != editor or " " not in name else None

    found = call(TEXT, Desk("linux", {"EDITOR": editor}, which))
    assert found == Call(tuple(word.replace("{path}", path) for word in expected), waits=True)


def test_which_variable_counts() -> None:
    assert words(TEXT, EDITOR="vi", VISUAL="kate", CHABAO_EDITOR="subl")[0] == "/bin/subl"
    assert words(TEXT, EDITOR="vi", VISUAL="kate", CHABAO_EDITOR=" ")[0] == "/bin/kate"
    assert words(TEXT, EDITOR="vi")[0] == "/bin/vi"
    assert words(PDF, EDITOR="vi", CHABAO_VIEWER="mupdf")[0] == "/bin/mupdf"


def test_viewers_are_told_the_page() -> None:
    path = str(PDF.path)
    for name, expected in [
        ("evince", ("-i", "7", path)),
        ("okular", ("-p", "7", path)),
        ("SumatraPDF", ("-page", "7", path)),
        ("qpdfview", (f"{path}#7",)),
    ]:
        desk = Desk("linux", SCREEN, installed(name, "xdg-open"))
        assert call(PDF, desk) == Call((f"/bin/{name}", *expected), waits=False)
        desk = Desk("linux", {"CHABAO_VIEWER": name}, everything)
        assert call(PDF, desk).words == (f"/bin/{name}", *expected)


def test_what_the_desktop_has_is_the_last_resort() -> None:
    for spot in (TEXT, PDF, Spot(Path("/一.docx"), None, None)):
        desk = Desk("linux", SCREEN, installed("xdg-open"))
        assert call(spot, desk).words == ("/bin/xdg-open", str(spot.path))
        assert call(spot, Desk("darwin", {}, installed("open"))).words[0] == "/bin/open"
        assert call(spot, Desk("win32", {}, installed())) == Call((str(spot.path),), waits=False)


def test_without_a_desktop_texts_open_in_the_terminal_and_others_not() -> None:
    assert call(TEXT, Desk("linux", {}, installed("less", "xdg-open"))).words == (
        "/bin/less", "+12", str(TEXT.path),
    )  # fmt: skip
    for spot, has in ((PDF, ["evince", "xdg-open"]), (TEXT, [])):
        with pytest.raises(NoProgram):
            call(spot, Desk("linux", {}, installed(*has)))


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(NoProgram, match="nosuch"):
        call(TEXT, Desk("linux", {"EDITOR": "nosuch -x"}, installed()))
    with pytest.raises(NoProgram):
        call(TEXT, Desk("linux", {"EDITOR": "'open quote"}, installed()))


def test_what_lies_in_an_archive_is_not_opened() -> None:
    with pytest.raises(InsideArchive, match=r"往期\.zip"):
        words(Spot(Path("/往期.zip"), 3, None, "一.txt"), EDITOR="vi")


@given(
    st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=30),
    st.sampled_from([*EDITORS, "mine", "mine -x {path}", "{path}"]),
)
def test_a_name_is_one_word_and_no_option(name: str, editor: str) -> None:
    """Whatever a file is called, the path is whole in one word, which begins no option."""
    spot = Spot(Path("/", name), 3, None)
    desk = Desk("linux", {"EDITOR": editor}, lambda word: word if " " not in word else None)
    if editor == "{path}":
        return
    found = call(spot, desk).words
    (holding,) = [word for word in found if str(spot.path) in word]
    assert holding.startswith("/")
    assert holding.removeprefix(str(spot.path)) in ("", ":3")


def test_batch_files_get_no_words_that_their_shell_would_read() -> None:
    desk = Desk("win32", {"EDITOR": "code"}, lambda name: f"C:\\{name}.CMD")
    with pytest.raises(NoProgram):
        call(Spot(Path("/a&calc.txt"), 1, None), desk)
    assert call(Spot(Path("/一.txt"), 1, None), desk).words[1] == "-g"


def test_every_form_says_the_path() -> None:
    for form in (*EDITORS.values(), *VIEWERS.values()):
        assert sum("{path}" in word for word in form) == 1


def test_programs_are_run_without_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "a b;touch x.txt"
    script = "import sys; open('seen', 'w').write(repr(sys.argv[1:])); sys.exit(3)"
    desk = Desk(sys.platform, {}, everything)
    seen = Call((sys.executable, "-c", script.replace("'seen'", repr(str(tmp_path / "seen"))),
                 str(file)), waits=True)  # fmt: skip
    assert run(seen, desk) == 3
    assert (tmp_path / "seen").read_text() == repr([str(file)])
    with pytest.raises(NoProgram):
        run(Call((str(tmp_path / "nothing"), "x"), waits=True), desk)


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
@pytest.mark.parametrize("name", ["x.exe", "x.bat", "x.desktop", "x.lnk", "x.app", "x.sh", "x"])
def test_a_desktop_is_given_documents_only(platform: str, name: str) -> None:
    """An index says where a file is, and an index may come from someone else."""
    for line in (None, 3):
        with pytest.raises(NoProgram):
            words(Spot(Path("/a") / name, line, None), platform=platform, **SCREEN)


def test_every_file_that_is_indexed_is_a_document() -> None:
    assert set(SUFFIXES) == DOCUMENTS
